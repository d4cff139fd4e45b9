//! Inputs that fuzzing found worth keeping, read once more: no panic, and none takes a second.

#[path = "../../fuzz/targets/payload.rs"]
mod payload;

use std::fs;
use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;
use suspicion::trace::{Format, Input, Options, Wanted, What, read, read_columns};
use suspicion::{Cancel, Error};

fn inputs(name: &str) -> Vec<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fuzz/corpus/{name}.gz"));
    let packed = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut data = Vec::new();
    GzDecoder::new(&packed[..]).read_to_end(&mut data).unwrap();
    let mut rest = &data[..];
    let mut found = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk() {
        let (input, after) = after.split_at(u32::from_le_bytes(*length) as usize);
        found.push(input.to_vec());
        rest = after;
    }
    found
}

/// Reads all inputs of a corpus; how many of them were read and not refused.
///
/// A corpus that only ever meets the door would prove nothing.
fn replay<T>(name: &str, read: impl Fn(&[u8]) -> Result<T, Error>) -> usize {
    let mut well = 0;
    for input in inputs(name) {
        let begun = Instant::now();
        well += usize::from(read(&input).is_ok());
        assert!(begun.elapsed() < Duration::from_secs(1), "{name}");
    }
    assert!(well > 0, "{name} never read anything");
    well
}

fn reading(data: &[u8], format: Option<Format>) -> Result<(), Error> {
    let cancel = Cancel::default();
    read(Input::bytes(data)?, format, &Options::default(), &cancel).map(|_| ())
}

#[test]
fn no_kept_input_is_slow_or_panics_and_each_format_reads_some() {
    for format in Format::ALL {
        replay(format.name(), |input| reading(input, Some(*format)));
    }
}

#[test]
fn kept_payloads_of_histograms_reach_their_counts() {
    let whole = |input: &[u8]| reading(&payload::log_of(input), Some(Format::HdrLog));
    assert!(replay("hdr_payload", whole) > 10);
}

#[test]
fn kept_inputs_of_any_format_are_unpacked_and_recognised() {
    assert!(replay("any", |input| reading(input, None)) > 10);
    let packed = inputs("any");
    let begins = |mark: &[u8]| {
        packed
            .iter()
            .filter(|input| input.starts_with(mark))
            .count()
    };
    assert!(begins(&[0x1f, 0x8b]) > 5 && begins(&[0x28, 0xb5, 0x2f, 0xfd]) > 5);
}

#[test]
fn kept_tables_are_read_or_refused() {
    let stamps = What::Stamps {
        digits: Some(6),
        may_be_missing: true,
    };
    let wanted = [("a", What::Numbers), ("t", stamps)].map(|(name, what)| Wanted {
        role: name.into(),
        name: name.into(),
        what,
    });
    replay("columns", |input| {
        read_columns(Input::bytes(input)?, &wanted, true, &Cancel::default())
    });
}
