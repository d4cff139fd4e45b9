//! Logs of `HistogramLogWriter`: jHiccup, YCSB, and whatever else records with HdrHistogram; formats 1.0 to 1.3,
//! payloads of versions 0, 1 and 2.
//!
//! ```text
//! #[StartTime: 1441812279.474 (seconds since epoch), Wed Sep 09 08:24:39 PDT 2015]
//! "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"
//! Tag=A,0.127,1.007,2.769,HISTFAAAAEV42pNpmSzM...
//! ```
//!
//! A line is an interval: its tag if it has one, its start and length in seconds, its longest value divided by what the
//! writer was told (a million unless told otherwise), and all its counts. Starts count from 1970 if
//! they look like it, otherwise from the `BaseTime` or the `StartTime` of the heading, as `HistogramLogReader` has it.
//! Each tag becomes one histogram; `greatest` and `least` are the ends of its outermost buckets,
//! as HdrHistogram gives its own.
//!
//! The log does not say the unit of its values. jHiccup records nanoseconds and names itself in the heading; YCSB
//! records microseconds, and heads its logs `Logging for:`. Of others nanoseconds are assumed, with a note, unless a unit is given.
//!
//! Left out: the longest value of the line, which the counts give better; logs of `DoubleHistogram`.

use std::collections::BTreeMap;

use super::hdr_payload::Unpacker;
use super::hdr_tally::Tally;
use crate::Error;
use crate::trace::histogram::Histograms;
use crate::trace::input::Taken as Bytes;
use crate::trace::line_format::{LineFormat, Taken};
use crate::trace::read::{Options, Trace};
use crate::trace::report::{Fault, Report};
use crate::trace::scan::{Scan, has};
use crate::trace::table::Clock;
use crate::trace::unit::Unit;

/// So many pages of buckets may a log fill whatever its length.
const ALWAYS: usize = 1 << 15;

/// For so many bytes of the log one more.
const EACH: usize = 32;

/// Stamps below this, a year after 1970, do not count from there.
const YEAR: i64 = 365 * 24 * 3600 * 1_000_000_000;

/// Interval histograms, added up for each tag.
#[derive(Debug, Default)]
pub struct HdrLog {
    asked: Option<Unit>,
    told: Option<Unit>,
    start: Option<i64>,
    base: Option<i64>,
    absolute: bool,
    room: usize,
    unpacker: Unpacker,
    intervals: Histograms,
    places: BTreeMap<Vec<u8>, usize>,
    tallies: Vec<(Vec<u8>, Tally)>,
}

/// How sure the beginning of a file makes it that this is such a log.
pub fn sure(head: &[u8]) -> u8 {
    if has(head, b"#[Histogram log format version") || has(head, b"\"StartTimestamp\",\"") {
        return 95;
    }
    // The first three bytes of every payload, in base64.
    if has(head, b",HIST") {
        return 80;
    }
    0
}

impl HdrLog {
    /// No interval yet.
    pub fn new(options: &Options, taken: Bytes) -> Self {
        Self {
            asked: options.unit,
            room: ALWAYS,
            unpacker: Unpacker::new(taken),
            ..Self::default()
        }
    }

    fn heading(&mut self, mut scan: Scan<'_>) -> Result<(), Fault> {
        let text = scan.rest();
        if has(text, b"jHiccup") {
            self.told = Some(Unit::Nanoseconds);
        } else if text.starts_with(b"#[Logging for: ") {
            self.told = Some(Unit::Microseconds);
        }
        let kept = if scan.tag(b"#[StartTime: ") {
            &mut self.start
        } else if scan.tag(b"#[BaseTime: ") {
            &mut self.base
        } else {
            return Ok(());
        };
        *kept = Some(scan.decimal(9).ok_or_else(|| scan.fault("no time"))?);
        Ok(())
    }

    /// The stamp as a time since 1970, or since the start where that is not known.
    fn absolute(&mut self, stamp: i64) -> Option<i64> {
        let start = *self.start.get_or_insert(stamp);
        let base = *self.base.get_or_insert_with(|| {
            if stamp < start.saturating_sub(YEAR) {
                start
            } else {
                0
            }
        });
        stamp.checked_add(base)
    }

    fn interval(&mut self, mut scan: Scan<'_>) -> Result<Taken, Fault> {
        let tag = if scan.tag(b"Tag=") {
            scan.until(b',')
                .ok_or_else(|| scan.fault("a tag without its end"))?
        } else {
            b""
        };
        let mut number = |reason| {
            let here = scan.fault(reason);
            // By itself, because a comma could be a decimal one.
            let mut field = Scan::new(scan.until(b',').ok_or(here)?);
            let value = field.decimal(9).ok_or(here)?;
            if field.is_done() {
                Ok(value)
            } else {
                Err(here)
            }
        };
        let stamp = number("no start of an interval")?;
        let length = number("no length of an interval")?;
        number("no longest value of an interval")?;
        let damaged = |reason| scan.fault(reason);
        let start = self
            .absolute(stamp)
            .ok_or(damaged("a start that is no time"))?;
        if length < 0 {
            return Err(damaged("an interval shorter than nothing"));
        }
        let text = scan.rest().trim_ascii_end();
        self.room = self.room.saturating_add(text.len() / EACH);
        let (layout, counts) = self.unpacker.unpack(text).map_err(damaged)?;
        let place = match self.places.get(tag) {
            Some(place) => *place,
            None => {
                self.tallies.push((tag.to_vec(), Tally::default()));
                self.places.insert(tag.to_vec(), self.tallies.len() - 1);
                self.tallies.len() - 1
            }
        };
        if !self.tallies[place].1.add(layout, counts, &mut self.room) {
            return Err(damaged("more counts than a log of its length has"));
        }
        let total = counts
            .iter()
            .fold(0_u64, |sum, (_, count)| sum.saturating_add(*count));
        let greatest = counts
            .last()
            .map_or(f64::NAN, |(index, _)| layout.bucket(*index).1 as f64);
        self.absolute |= start >= YEAR;
        self.intervals
            .interval(tag, Some(start), length, total as f64, greatest);
        Ok(Taken::Record)
    }
}

impl LineFormat for HdrLog {
    fn line(&mut self, line: &[u8]) -> Result<Taken, Fault> {
        let scan = Scan::new(line);
        match scan.peek() {
            None => Ok(Taken::PassedOver),
            Some(b'#') => self.heading(scan).map(|()| Taken::PassedOver),
            Some(b'"') if line.starts_with(b"\"StartTimestamp\"") => Ok(Taken::PassedOver),
            Some(b'0'..=b'9' | b'-' | b'.' | b'T') => self.interval(scan),
            Some(_) => Err(scan.fault("not a line of a histogram log")),
        }
    }

    fn finish(mut self, report: &mut Report) -> Result<Trace, Error> {
        let unit = self.asked.or(self.told).unwrap_or_else(|| {
            report.note("unit not written, nanoseconds assumed", 1);
            Unit::Nanoseconds
        });
        let trace = &mut self.intervals;
        trace.unit = unit.name();
        trace.clock = if self.absolute {
            Clock::Unix
        } else {
            Clock::Start
        };
        for greatest in &mut trace.greatest {
            *greatest /= unit.per_second();
        }
        for (name, tally) in self.tallies {
            if tally.layouts() > 1 {
                report.note(
                    "histograms of several precisions, joined at the coarsest",
                    1,
                );
            }
            trace.histograms.push(tally.histogram(name, unit));
        }
        Ok(Trace::Histograms(self.intervals))
    }
}
