use std::io::Read;

use super::capture::Capture;
use super::clock_offsets::ClockOffsets;
use super::delays::Delays;
use super::events::Events;
use super::format::Format;
use super::histogram::Histograms;
use super::input::{Compression, Input};
use super::pause_log::PauseLog;
use super::report::Report;
use super::table::{Clock, Table};
use super::unit::Unit;
use crate::{Cancel, Error};

/// So many bytes are looked at to find out which format an input has.
const HEAD: u64 = 1 << 16;

/// How to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Whether to stop at the first line that is not understood.
    pub strict: bool,
    /// Port of the service whose packets are looked for in a capture.
    pub port: Option<u16>,
    /// What the figures of a file are counted in that does not say so itself.
    pub unit: Option<Unit>,
}

/// What a file turned out to hold.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "each variant is the noun of its name")]
pub enum Trace {
    Delays(Delays),
    Capture(Capture),
    PauseLog(PauseLog),
    Histograms(Histograms),
    ClockOffsets(ClockOffsets),
    Events(Events),
}

impl Trace {
    /// The noun that it is.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Delays(_) => "delays",
            Self::Capture(_) => "capture",
            Self::PauseLog(_) => "pauses",
            Self::Histograms(_) => "histograms",
            Self::ClockOffsets(_) => "clock offsets",
            Self::Events(_) => "events",
        }
    }

    /// What its times count from.
    pub fn clock(&self) -> Clock {
        match self {
            Self::Delays(trace) => trace.clock,
            Self::Capture(trace) => trace.clock,
            Self::PauseLog(trace) => trace.clock,
            Self::Histograms(trace) => trace.clock,
            Self::ClockOffsets(trace) => trace.clock,
            Self::Events(trace) => trace.clock,
        }
    }

    /// The unit that the file has its durations in.
    pub fn unit(&self) -> &'static str {
        match self {
            Self::Delays(trace) => trace.unit,
            Self::Capture(trace) => trace.unit,
            Self::PauseLog(trace) => trace.unit,
            Self::Histograms(trace) => trace.unit,
            Self::ClockOffsets(trace) => trace.unit,
            Self::Events(trace) => trace.unit,
        }
    }

    /// First and last moment that a log of pauses covers, in nanoseconds, where it says.
    pub fn covered(&self) -> Option<(i64, i64)> {
        match self {
            Self::PauseLog(trace) => trace.covered,
            _ => None,
        }
    }

    /// How many probes were never answered, where the reader counts them.
    pub fn lost(&self) -> Option<u64> {
        match self {
            Self::Delays(trace) => trace.lost,
            _ => None,
        }
    }

    /// Its tables, each with a name.
    pub fn into_tables(self) -> Vec<(&'static str, Table)> {
        match self {
            Self::Delays(trace) => vec![("rows", trace.into_table())],
            Self::Capture(trace) => vec![("rows", trace.into_table())],
            Self::PauseLog(trace) => vec![("rows", trace.into_table())],
            Self::ClockOffsets(trace) => vec![("rows", trace.into_table())],
            Self::Events(trace) => vec![("rows", trace.into_table())],
            Self::Histograms(trace) => {
                let (series, buckets, intervals) = trace.into_tables();
                vec![
                    ("series", series),
                    ("buckets", buckets),
                    ("intervals", intervals),
                ]
            }
        }
    }
}

/// A trace and where it is from.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// What was read.
    pub trace: Trace,
    /// In which format.
    pub format: Format,
    /// How it was packed.
    pub compression: Compression,
    /// What became of every line.
    pub report: Report,
}

/// Reads an input in a format, or in the one it turns out to have.
///
/// # Errors
///
/// [`Error::Trace`] if no format is recognised, if there is no record in the input, and as the
/// `options` say; [`Error::System`], [`Error::Memory`], [`Error::Cancelled`].
pub fn read(
    mut input: Input<'_>,
    format: Option<Format>,
    options: &Options,
    cancel: &Cancel,
) -> Result<Reading, Error> {
    let (name, compression) = (input.name().to_owned(), input.compression());
    let format = match format {
        Some(format) => format,
        None => {
            let mut head = Vec::new();
            input
                .by_ref()
                .take(HEAD)
                .read_to_end(&mut head)
                .map_err(|error| Error::file(&name, &error))?;
            let found = Format::recognise(&head).ok_or_else(|| {
                Error::trace(&name, "looks like none of the formats that are known")
            })?;
            input = input.put_back(head);
            found
        }
    };
    let (trace, report) = format.read(input, options, cancel)?;
    if report.records == 0 {
        let first = report.faults.first().map_or(String::new(), |first| {
            format!(
                "; line {}, column {}: {}: {:?}",
                first.line, first.column, first.reason, first.text
            )
        });
        return Err(Error::trace(
            &name,
            &format!(
                "nothing of what {} has was found in {} lines{first}",
                format.name(),
                report.lines
            ),
        ));
    }
    Ok(Reading {
        trace,
        format,
        compression,
        report,
    })
}
