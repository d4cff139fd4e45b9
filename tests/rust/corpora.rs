//! Inputs that fuzzing found worth keeping, read once more: no panic, and none takes a second.

#[path = "../../fuzz/targets/payload.rs"]
mod payload;

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::{GzEncoder, ZlibEncoder};
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

#[test]
fn compression_within_compression_does_not_multiply() {
    let zeros = vec![0; 8 << 20];
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    let heading = [0x1c84_9381, zeros.len() as u32, 0, 5]
        .into_iter()
        .flat_map(u32::to_be_bytes);
    let range = [1, 1 << 62, 1_f64.to_bits()]
        .into_iter()
        .flat_map(u64::to_be_bytes);
    packed
        .write_all(&heading.chain(range).collect::<Vec<u8>>())
        .unwrap();
    packed.write_all(&zeros).unwrap();
    let packed = packed.finish().unwrap();
    let mut whole = 0x1c84_9382_u32.to_be_bytes().to_vec();
    whole.extend((packed.len() as u32).to_be_bytes());
    whole.extend(packed);
    let line = format!("0,1,1,{}\n", STANDARD.encode(whole));
    let mut file = GzEncoder::new(Vec::new(), Compression::best());
    file.write_all(line.repeat(100).as_bytes()).unwrap();
    let file = file.finish().unwrap();
    assert!(file.len() < 64 << 10, "{}", file.len());

    let (options, cancel) = (Options::default(), Cancel::default());
    let report = read(Input::bytes(&file).unwrap(), None, &options, &cancel)
        .unwrap()
        .report;
    assert_eq!(
        report.faults[0].reason,
        "payloads that grow out of proportion"
    );
    // 128 MiB, and what zlib can make of the file.
    assert!((16..25).contains(&report.records), "{}", report.records);
    assert_eq!(report.records + report.faulty(), 100);
}
