//! Inputs that fuzzing found worth keeping, read once more: no panic, and none takes a second.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;
use suspicion::Cancel;
use suspicion::trace::{Format, Input, Options, Wanted, What, read, read_columns};

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

#[test]
fn no_kept_input_is_slow_or_panics_and_each_format_reads_some() {
    for format in Format::ALL {
        let mut read_well = 0;
        for input in inputs(format.name()) {
            let begun = Instant::now();
            let reading = Input::bytes(&input).and_then(|input| {
                read(
                    input,
                    Some(*format),
                    &Options::default(),
                    &Cancel::default(),
                )
            });
            assert!(
                begun.elapsed() < Duration::from_secs(1),
                "{}",
                format.name()
            );
            read_well += usize::from(reading.is_ok());
        }
        // A corpus that only ever meets the door would prove nothing.
        assert!(read_well > 0, "{} never read anything", format.name());
    }
}

#[test]
fn tables_are_read_or_refused() {
    let wanted = ["a", "t"].map(|name| Wanted {
        role: name.into(),
        name: name.into(),
        what: What::Stamps {
            digits: Some(6),
            may_be_missing: true,
        },
    });
    for input in inputs("columns") {
        let _ = Input::bytes(&input)
            .and_then(|input| read_columns(input, &wanted, true, &Cancel::default()));
    }
}
