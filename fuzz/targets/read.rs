//! Readers under hostile input: the variable FUZZ_FORMAT names a format, or `columns` for tables,
//! `hdr_payload` for what is packed into the lines of an HdrHistogram log, `any` for whatever an input
//! is recognised as, compressed or not.
//!
//! Beyond not panicking, what is read must not depend on how the source cuts it, columns must be of
//! one length, and what is repaired or refused must be the same twice.
#![no_main]

mod payload;

use std::fmt::Write;
use std::hash::{DefaultHasher, Hasher};
use std::io::Read;
use std::sync::OnceLock;

use libfuzzer_sys::{Corpus, fuzz_target};
use suspicion::trace::{
    Column, Compression, Format, Input, Options, Reading, Trace, Unit, Wanted, What, read,
    read_columns,
};
use suspicion::{Cancel, Error};

static TARGET: OnceLock<Target> = OnceLock::new();

#[derive(Clone, Copy)]
enum Target {
    Format(Format),
    Any,
    Columns,
    Payload,
}

impl Target {
    fn named() -> Self {
        let name = std::env::var("FUZZ_FORMAT").expect("FUZZ_FORMAT names a format");
        match name.as_str() {
            "any" => Self::Any,
            "columns" => Self::Columns,
            "hdr_payload" => Self::Payload,
            _ => Self::Format(Format::named(&name).expect("FUZZ_FORMAT names a format")),
        }
    }
}

/// Gives its bytes a few at a time.
struct Dripping<'a>(&'a [u8], usize);

impl Read for Dripping<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = self.1.min(buffer.len());
        self.0.read(&mut buffer[..most])
    }
}

/// Stands for a text that may be too long to be kept.
#[derive(Default)]
struct Digest(DefaultHasher);

impl Write for Digest {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
    }
}

fn digest(found: &Result<Reading, Error>) -> u64 {
    let mut digest = Digest::default();
    write!(digest, "{found:?}").expect("it takes everything");
    digest.0.finish()
}

fn all(data: &[u8], format: Option<Format>, options: &Options) -> Result<Reading, Error> {
    read(Input::bytes(data)?, format, options, &Cancel::default())
}

fn dripping(
    data: &[u8],
    step: usize,
    format: Option<Format>,
    options: &Options,
) -> Result<Reading, Error> {
    let input = Input::new(Dripping(data, step), "bytes".into())?;
    read(input, format, options, &Cancel::default())
}

/// How many rows the largest table has, all columns of each being of one length.
fn rows(trace: Trace) -> usize {
    let mut most = 0;
    for (_, table) in trace.into_tables() {
        let lengths: Vec<_> = table
            .iter()
            .map(|(_, column)| match column {
                Column::Nanos(values) | Column::Numbers(values) => values.len(),
                Column::Floats(values) => values.len(),
                Column::Words(words) => words.len(),
            })
            .collect();
        assert!(
            lengths.windows(2).all(|pair| pair[0] == pair[1]),
            "{lengths:?}"
        );
        most = most.max(lengths[0]);
    }
    most
}

fn trace(data: &[u8], format: Option<Format>) {
    // Most inputs are read as they are by default; the length chooses, so that a finding is found again.
    let options = match data.len() % 16 {
        15 => Options {
            strict: true,
            port: Some(53),
            unit: Some(Unit::Milliseconds),
        },
        _ => Options::default(),
    };
    let found = all(data, format, &options);
    if data.len() % 32 == 0 {
        let slowly = dripping(data, 1 + data.len() / 8 % 7, format, &options);
        assert_eq!(digest(&found), digest(&slowly), "{found:?}\n{slowly:?}");
    }
    if let Ok(reading) = found {
        let count = rows(reading.trace);
        // What is compressed may have more of them.
        assert!(
            format.is_none() || count <= 64 * data.len().max(1 << 16),
            "{count} rows"
        );
    }
}

fn packed(data: &[u8]) -> bool {
    Input::bytes(data).map_or(true, |input| input.compression() != Compression::Plain)
}

fn columns(data: &[u8]) {
    let wanted = [
        ("a", What::Numbers),
        ("t", stamps(Some(6))),
        ("u", stamps(None)),
    ]
    .map(|(name, what)| Wanted {
        role: name.to_owned(),
        name: name.to_owned(),
        what,
    });
    let wanted = &wanted[..1 + data.len() % 3];
    let read = |input| read_columns(input, wanted, data.len() % 16 < 12, &Cancel::default());
    let found = Input::bytes(data).and_then(read);
    if data.len() % 8 == 0 {
        let slowly =
            Input::new(Dripping(data, 1 + data.len() / 8 % 7), "bytes".into()).and_then(read);
        assert_eq!(format!("{found:?}"), format!("{slowly:?}"));
    }
    if let Ok(found) = found {
        assert!(
            found
                .values
                .windows(2)
                .all(|pair| pair[0].len() == pair[1].len())
        );
    }
}

fn stamps(digits: Option<u32>) -> What {
    What::Stamps {
        digits,
        may_be_missing: true,
    }
}

fuzz_target!(|data: &[u8]| -> Corpus {
    match *TARGET.get_or_init(Target::named) {
        // What a few bytes unpack to takes the time of thousands of others; `any` does that once for all formats.
        Target::Format(_) | Target::Columns if packed(data) => return Corpus::Reject,
        Target::Format(format) => trace(data, Some(format)),
        Target::Any => trace(data, None),
        Target::Columns => columns(data),
        Target::Payload => trace(&payload::log_of(data), Some(Format::HdrLog)),
    }
    Corpus::Keep
});
