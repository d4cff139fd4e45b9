//! Readers of what is measured on networks, held against files that the tools themselves wrote.
//!
//! Facts were counted in those files by scripts that know nothing of the readers, or are what
//! the tool says itself at the end of its output.

mod broken;
mod fping;
mod ghz;
mod mtr;
mod pcap;
mod ping;
mod spans;

use suspicion::trace::{Delays, Format, Input, MISSING, Options, Reading, Report, Trace, read};
use suspicion::{Cancel, Error};

use crate::trace_files::data as sample;

fn read_sample(name: &str, options: Options) -> Result<Reading, Error> {
    let input = Input::open(&sample(name)).unwrap();
    read(input, None, &options, &Cancel::default())
}

fn read_text(text: &[u8], format: Option<Format>) -> Result<Reading, Error> {
    let input = Input::bytes(text).unwrap();
    read(input, format, &Options::default(), &Cancel::default())
}

fn named(name: &str) -> Format {
    Format::named(name).unwrap()
}

/// Delays of a reading in a format, all of whose lines were understood.
fn delays(reading: Reading, format: &str) -> (Delays, Report) {
    assert_eq!(reading.format.name(), format);
    assert_eq!(reading.report.faults, []);
    let Trace::Delays(delays) = reading.trace else {
        panic!("{}", reading.trace.kind());
    };
    let rows = delays.delay.len();
    assert_eq!(rows, delays.number.len());
    assert_eq!(rows, delays.sent.len());
    assert_eq!(rows, delays.target.len());
    assert_eq!(rows, delays.outcome.len());
    (delays, reading.report)
}

fn note(report: &Report, what: &str) -> u64 {
    let found = report.notes.iter().find(|(name, _)| *name == what);
    found.map_or(0, |(_, count)| *count)
}

/// How many rows have an outcome.
fn outcomes(delays: &Delays, outcome: &str) -> usize {
    let names = delays.outcome.names();
    let codes = delays.outcome.codes().iter();
    codes
        .filter(|code| names[**code as usize] == outcome)
        .count()
}

/// Number, sum and maximum of the delays that there are.
fn summary(delays: &Delays) -> (usize, i64, i64) {
    let known = delays.delay.iter().filter(|delay| **delay != MISSING);
    (
        known.clone().count(),
        known.clone().sum(),
        known.max().copied().unwrap_or_default(),
    )
}
