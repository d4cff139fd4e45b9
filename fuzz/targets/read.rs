//! Readers under hostile input: one format, named by the variable FUZZ_FORMAT, or `columns` for tables.
//!
//! Beyond not panicking, what is read must not depend on how the source cuts it, columns must be of
//! one length, and there are no more rows than bytes.
#![no_main]

use std::io::Read;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use suspicion::trace::{
    Column, Format, Input, Options, Reading, Trace, Wanted, What, read, read_columns,
};
use suspicion::{Cancel, Error};

static FORMAT: OnceLock<Option<Format>> = OnceLock::new();

/// Gives its bytes a few at a time.
struct Dripping<'a>(&'a [u8], usize);

impl Read for Dripping<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = self.1.min(buffer.len());
        self.0.read(&mut buffer[..most])
    }
}

fn whole(data: &[u8], format: Format) -> Result<Reading, Error> {
    read(Input::bytes(data)?, Some(format), &Options::default(), &Cancel::default())
}

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
        assert!(lengths.windows(2).all(|pair| pair[0] == pair[1]), "{lengths:?}");
        most = most.max(lengths[0]);
    }
    most
}

fn columns(data: &[u8]) {
    let wanted = [("a", What::Numbers), ("t", stamps(Some(6))), ("u", stamps(None))].map(
        |(name, what)| Wanted {
            role: name.to_owned(),
            name: name.to_owned(),
            what,
        },
    );
    for count in 1..=wanted.len() {
        if let Ok(input) = Input::bytes(data) {
            let _ = read_columns(input, &wanted[..count], true, &Cancel::default());
        }
    }
}

fn stamps(digits: Option<u32>) -> What {
    What::Stamps {
        digits,
        may_be_missing: true,
    }
}

fuzz_target!(|data: &[u8]| {
    let format = FORMAT.get_or_init(|| {
        let name = std::env::var("FUZZ_FORMAT").expect("FUZZ_FORMAT names a format");
        let found = Format::named(&name);
        assert!(found.is_some() || name == "columns", "no format {name}");
        found
    });
    let Some(format) = *format else {
        return columns(data);
    };
    let found = whole(data, format);
    if data.len() % 8 == 0 {
        let step = 1 + data.len() % 7;
        let slowly = Input::new(Dripping(data, step), "bytes".into())
            .and_then(|input| read(input, Some(format), &Options::default(), &Cancel::default()));
        assert_eq!(format!("{found:?}"), format!("{slowly:?}"));
    }
    if let Ok(reading) = found {
        let count = rows(reading.trace);
        assert!(count <= 64 * data.len().max(1 << 16), "{count} rows");
    }
    let _ = Format::recognise(data);
});
