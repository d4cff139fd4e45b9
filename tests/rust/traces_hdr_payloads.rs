//! Payloads of HdrHistogram logs, packed here: every size, every precision, and claims that do not hold.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::write::ZlibEncoder;
use suspicion::trace::{Clock, Options};

use crate::trace_files::{histograms, noted, text, try_bytes};

/// A payload as HdrHistogram packs it: `inside` is compressed.
fn packed(cookie: u32, inside: &[u8]) -> String {
    let mut zlib = ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    zlib.write_all(inside).unwrap();
    let zlib = zlib.finish().unwrap();
    let mut payload = cookie.to_be_bytes().to_vec();
    payload.extend((zlib.len() as u32).to_be_bytes());
    payload.extend(zlib);
    STANDARD.encode(payload)
}

/// What is inside of a payload of version 1 or 2.
fn inside(cookie: u32, digits: u32, lowest: u64, highest: u64, counts: &[u8]) -> Vec<u8> {
    let mut inside = cookie.to_be_bytes().to_vec();
    inside.extend((counts.len() as u32).to_be_bytes());
    inside.extend(0_u32.to_be_bytes());
    inside.extend(digits.to_be_bytes());
    inside.extend(lowest.to_be_bytes());
    inside.extend(highest.to_be_bytes());
    inside.extend(1.0_f64.to_be_bytes());
    inside.extend(counts);
    inside
}

fn line(payload: &str) -> String {
    format!("0.5,1.0,0.0,{payload}\n")
}

#[test]
fn every_size_of_counts_is_read() {
    // With one digit buckets are single up to 31, of two up to 63, of four up to 127.
    let expected = [(2, 3, 7.0), (29, 30, 1.0), (31, 33, 2.0), (63, 67, 300.0)];
    for word in [2, 4, 8] {
        let mut counts = vec![0; 49 * word];
        let mut put = |index: usize, count: u64| {
            counts[index * word..(index + 1) * word]
                .copy_from_slice(&count.to_be_bytes()[8 - word..]);
        };
        put(3, 7);
        put(30, 1);
        put(32, 2);
        put(48, 300);
        let cookie = 0x1c84_9301 | (word as u32) << 4;
        let inside = inside(cookie, 1, 1, 100, &counts);
        let found = histograms(text("hdr_log", &line(&packed(0x1c84_9302, &inside))));
        let found = &found.histograms[0];
        let buckets: Vec<_> = (0..4)
            .map(|at| {
                let whole = |value: f64| (value * 1e9).round() as u64;
                (
                    whole(found.lower[at]),
                    whole(found.upper[at]),
                    found.count[at],
                )
            })
            .collect();
        assert_eq!(buckets, expected, "{word}");
    }
}

#[test]
fn intervals_of_several_precisions_are_joined_at_the_coarsest() {
    // Bucket 40 holds 48 and 49 with one digit, and 40 alone with two.
    let counts = [&[79_u8][..], &[2 << 1]].concat();
    let lines: String = [1, 2]
        .map(|digits| {
            line(&packed(
                0x1c84_9304,
                &inside(0x1c84_9313, digits, 1, 1000, &counts),
            ))
        })
        .concat();
    let found = text("hdr_log", &lines);
    assert_eq!(
        noted(
            &found,
            "histograms of several precisions, joined at the coarsest"
        ),
        Some(1)
    );
    let found = &histograms(found).histograms[0];
    assert_eq!(found.upper, [41e-9, 49e-9]);
    assert_eq!(found.count, [2.0, 2.0]);
}

#[test]
fn what_a_payload_claims_is_held_against_what_it_has() {
    let zeros = inside(0x1c84_9301 | 0x80, 5, 1, i64::MAX as u64, &[]);
    let with = |at: usize, bytes: &[u8]| {
        let mut changed = zeros.clone();
        changed[at..at + bytes.len()].copy_from_slice(bytes);
        packed(0x1c84_9302, &changed)
    };
    let version_2 = |counts: &[u8]| packed(0x1c84_9304, &inside(0x1c84_9313, 1, 1, 100, counts));
    let cases = [
        ("%%%", "a payload that is no base64"),
        ("AAAA", "a payload that is no compressed histogram"),
        ("DHISTwAA", "a histogram of floating-point values"),
        (
            &STANDARD.encode([0x1c, 0x84, 0x93, 4, 0xff, 0xff, 0xff, 0xff, 0]),
            "a payload that is not as long as it says",
        ),
        (
            &packed(0x1c84_9304, &[1, 2, 3, 4]),
            "a payload that is no histogram",
        ),
        (&packed(0x1c84_9304, &[1]), "a payload that ends too early"),
        (&with(4, &[0xff; 4]), "a payload that ends too early"),
        (&with(3, &[0x31]), "counts of an unknown size"),
        (&with(3, &[0x85]), "a payload of an unknown version"),
        (&with(8, &[0, 0, 0, 1]), "a histogram with shifted counts"),
        (
            &with(12, &[0, 0, 0, 6]),
            "a precision that no histogram has",
        ),
        (&with(16, &[0; 8]), "a precision that no histogram has"),
        (&with(24, &[0xff; 8]), "a range that no histogram has"),
        (&with(32, &[0; 8]), "a histogram of scaled values"),
        (
            &version_2(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
            "counts beyond the range of the histogram",
        ),
        (&version_2(&[0x80]), "a payload that ends too early"),
    ];
    let good = line(&version_2(&[2]));
    for (payload, reason) in cases {
        let found = text("hdr_log", &(line(payload) + &good));
        assert_eq!(found.report.faults.len(), 1);
        assert_eq!(found.report.faults[0].reason, reason);
        assert_eq!(histograms(found).histograms[0].count, [1.0]);
    }
    let mut negative = zeros.clone();
    negative[4..8].copy_from_slice(&8_u32.to_be_bytes());
    negative.extend([0xff; 8]);
    let found = text("hdr_log", &(line(&packed(0x1c84_9302, &negative)) + &good));
    assert_eq!(found.report.faults[0].reason, "a count below zero");
    // A stream that goes on after what it says it has.
    negative.truncate(40);
    negative[4..8].copy_from_slice(&0_u32.to_be_bytes());
    negative.push(0);
    let found = text("hdr_log", &(line(&packed(0x1c84_9302, &negative)) + &good));
    assert_eq!(
        found.report.faults[0].reason,
        "a payload that is longer than it says"
    );
}

#[test]
fn a_short_log_cannot_fill_the_memory() {
    // A count in each bucket of the widest range there is, under ever new names.
    let counts = vec![2; 1 << 23];
    let payload = packed(
        0x1c84_9304,
        &inside(0x1c84_9313, 5, 1, i64::MAX as u64, &counts),
    );
    let lines: String = (0..4)
        .map(|tag| format!("Tag={tag},{}", line(&payload)))
        .collect();
    let error = try_bytes("hdr_log", lines.as_bytes(), Options::default()).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("more counts than payloads of their length have"),
        "{error}"
    );
    let few = vec![2; 1 << 20];
    let payload = packed(
        0x1c84_9304,
        &inside(0x1c84_9313, 5, 1, i64::MAX as u64, &few),
    );
    let lines: String = (0..40)
        .map(|tag| format!("Tag={tag},{}", line(&payload)))
        .collect();
    assert!(lines.len() < 1 << 17);
    let found = text("hdr_log", &lines);
    assert_eq!(
        found.report.faults[0].reason,
        "more counts than a log of its length has"
    );
    let kept = histograms(found).histograms;
    assert!(kept.iter().map(|one| one.count.len()).sum::<usize>() < 4 << 20);
}

#[test]
fn every_line_shape_of_a_log_is_known() {
    let payload = packed(0x1c84_9304, &inside(0x1c84_9313, 1, 1, 100, &[2]));
    let lines = format!(
        "#[Logged by a test]\n#[Histogram log format version 1.3]\n#[BaseTime: 1000000000.5 (seconds since epoch)]\n\
         \"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n\n\
         0.25,1.5,0.0,{payload}\nTag=a\u{1b},0.25,1.5,0.0,{payload}\r\n\
         0.25,1.5\n0.25,-1,0,{payload}\nTag=b\nno\n#[StartTime: x]\n"
    );
    let found = text("hdr_log", &lines);
    let report = &found.report;
    assert_eq!(
        (report.records, report.passed_over, report.faulty()),
        (2, 5, 5)
    );
    let trace = histograms(found);
    assert_eq!(trace.start, [1_000_000_000_750_000_000; 2]);
    assert_eq!(trace.length, [1_500_000_000; 2]);
    assert_eq!(trace.of.names(), ["", "a\\u{1b}"]);
    // A comma ends a figure, also one without a point.
    let trace = histograms(text("hdr_log", &format!("1,2,3,{payload}\n")));
    assert_eq!(
        (trace.start[0], trace.length[0]),
        (1_000_000_000, 2_000_000_000)
    );
    let found = text("hdr_log", &line(&payload));
    let trace = histograms(found);
    assert_eq!(
        (trace.clock, &trace.start[..]),
        (Clock::Start, &[500_000_000][..])
    );
}
