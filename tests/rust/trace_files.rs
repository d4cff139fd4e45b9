//! Files that traces are read from in the tests, whole and broken.

use std::io::Read;
use std::path::PathBuf;

use suspicion::trace::{
    ClockOffsets, Format, Histogram, Histograms, Input, Options, Reading, Report, Trace, read,
};
use suspicion::{Cancel, Error};

/// The place of a file with real data.
pub fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/traces")
        .join(name)
}

/// Reads a file in the format it turns out to have; every line of it is accounted for.
pub fn reading(name: &str) -> Reading {
    let reading = read(
        Input::open(&data(name)).unwrap(),
        None,
        &Options::default(),
        &Cancel::default(),
    )
    .unwrap();
    let report = &reading.report;
    assert_eq!(
        report.records + report.passed_over + report.faulty(),
        report.lines,
        "{name}"
    );
    reading
}

/// Reads bytes in a format.
pub fn try_bytes(format: &str, bytes: &[u8], options: Options) -> Result<Reading, Error> {
    let format = Format::named(format).unwrap();
    read(
        Input::bytes(bytes)?,
        Some(format),
        &options,
        &Cancel::default(),
    )
}

/// Reads text in a format.
pub fn text(format: &str, text: &str) -> Reading {
    try_bytes(format, text.as_bytes(), Options::default()).unwrap()
}

/// What was wrong, how often, and in which line first.
pub fn faults(report: &Report) -> Vec<(&'static str, u64, u64)> {
    let faults = report.faults.iter();
    faults
        .map(|fault| (fault.reason, fault.count, fault.line))
        .collect()
}

/// Number of what the report notes.
pub fn noted(reading: &Reading, what: &str) -> Option<u64> {
    let mut notes = reading.report.notes.iter();
    notes.find(|note| note.0 == what).map(|note| note.1)
}

pub fn histograms(reading: Reading) -> Histograms {
    match reading.trace {
        Trace::Histograms(trace) => trace,
        other => panic!("{}", other.kind()),
    }
}

pub fn offsets(reading: Reading) -> ClockOffsets {
    match reading.trace {
        Trace::ClockOffsets(trace) => trace,
        other => panic!("{}", other.kind()),
    }
}

pub fn total(histogram: &Histogram) -> f64 {
    histogram.count.iter().sum()
}

/// The upper end of the bucket that reaches a percentile.
pub fn percentile(histogram: &Histogram, percent: f64) -> f64 {
    let wanted = (percent / 100.0 * total(histogram) - 1e-6).ceil().max(1.0);
    let mut below = 0.0;
    let found = histogram.count.iter().position(|count| {
        below += count;
        below >= wanted
    });
    histogram.upper[found.unwrap()]
}

/// Reads the first 64 KiB of a file cut at many places and with many bits changed. Whatever comes of it, no panic may.
pub fn survives_damage(name: &str) {
    let mut bytes = Vec::new();
    Input::open(&data(name))
        .unwrap()
        .take(1 << 16)
        .read_to_end(&mut bytes)
        .unwrap();
    let whole = Input::bytes(&bytes).unwrap();
    let format = read(whole, None, &Options::default(), &Cancel::default())
        .unwrap()
        .format
        .name();
    let step = (bytes.len() / 150).max(1);
    for cut in (0..bytes.len()).step_by(step) {
        let _ = try_bytes(format, &bytes[..cut], Options::default());
    }
    for place in (0..bytes.len()).step_by(step) {
        for change in [1, 0x10, 0x80, 0xff] {
            bytes[place] ^= change;
            let _ = try_bytes(format, &bytes, Options::default());
            bytes[place] ^= change;
        }
    }
}
