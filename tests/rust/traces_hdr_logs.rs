//! HdrHistogram logs that were not made here, read with exactly the counts and ends of buckets that the library
//! which wrote them gives.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::write::ZlibEncoder;
use std::io::Write;

use suspicion::trace::{Clock, Options, Reading, Unit};

use crate::trace_files::{
    histograms, noted, percentile, reading, survives_damage, text, total, try_bytes,
};

const JHICCUP_V0: &str = "given/pauses/hdr_jHiccup-2.0.1.logV0.hlog";
const YCSB_V1: &str = "given/pauses/hdr_ycsb.logV1.hlog.gz";
const JHICCUP_V2: &str = "given/pauses/hdr_jHiccup-2.0.7S.logV2.hlog";
const TAGGED_V2: &str = "given/pauses/hdr_tagged-Log.logV2.hlog";
const STALLS: &str = "hdrhistogram/stalls_v2.hlog";

/// What HdrHistogram 2.1.11 for Java says of a log: in the unit of the log, `checksum` is the sum over all buckets of
/// greatest value times count.
struct Java {
    name: &'static str,
    unit: f64,
    tag: &'static str,
    intervals: usize,
    count: f64,
    buckets: usize,
    checksum: u64,
    percentiles: [(f64, u64); 5],
    greatest: u64,
}

const LOGS: [Java; 6] = [
    Java {
        name: JHICCUP_V0,
        unit: 1e9,
        tag: "",
        intervals: 81,
        count: 61256.0,
        buckets: 671,
        checksum: 2_036_211_552_440,
        percentiles: [
            (50.0, 393_215),
            (90.0, 409_599),
            (99.0, 1_107_296_255),
            (99.9, 1_518_338_047),
            (99.99, 1_577_058_303),
        ],
        greatest: 1_577_058_303,
    },
    Java {
        name: YCSB_V1,
        unit: 1e6,
        tag: "",
        intervals: 602,
        count: 300_056.0,
        buckets: 6841,
        checksum: 2_173_208_173,
        percentiles: [
            (50.0, 373),
            (90.0, 443),
            (99.0, 130_559),
            (99.9, 1_214_463),
            (99.99, 1_449_983),
        ],
        greatest: 1_546_239,
    },
    Java {
        name: JHICCUP_V2,
        unit: 1e9,
        tag: "",
        intervals: 62,
        count: 48761.0,
        buckets: 764,
        checksum: 3_316_034_240_903,
        percentiles: [
            (50.0, 344_063),
            (90.0, 425_983),
            (99.0, 1_434_451_967),
            (99.9, 1_753_219_071),
            (99.99, 1_803_550_719),
        ],
        greatest: 1_803_550_719,
    },
    Java {
        name: TAGGED_V2,
        unit: 1e9,
        tag: "",
        intervals: 21,
        count: 16145.0,
        buckets: 607,
        checksum: 1_212_723_822_831,
        percentiles: [
            (50.0, 360_447),
            (90.0, 425_983),
            (99.0, 1_392_508_927),
            (99.9, 1_543_503_871),
            (99.99, 1_551_892_479),
        ],
        greatest: 1_551_892_479,
    },
    Java {
        name: STALLS,
        unit: 1e9,
        tag: "",
        intervals: 56,
        count: 12467.0,
        buckets: 1154,
        checksum: 13_764_468_232,
        percentiles: [
            (50.0, 78335),
            (90.0, 3_211_263),
            (99.0, 16_646_143),
            (99.9, 27_787_263),
            (99.99, 35_127_295),
        ],
        greatest: 35_913_727,
    },
    Java {
        name: "hdrhistogram/tagged_v2.hlog",
        unit: 1e9,
        tag: "corrected",
        intervals: 17,
        count: 4508.0,
        buckets: 963,
        checksum: 12_835_475_911,
        percentiles: [
            (50.0, 79871),
            (90.0, 9_371_647),
            (99.0, 25_427_967),
            (99.9, 39_583_743),
            (99.99, 43_515_903),
        ],
        greatest: 43_515_903,
    },
];

#[test]
fn logs_hold_what_the_library_that_wrote_them_reads() {
    for log in LOGS {
        let name = log.name;
        let trace = histograms(reading(name));
        let found = trace
            .histograms
            .iter()
            .find(|found| found.name == log.tag.as_bytes())
            .unwrap();
        let place = trace.of.names().iter().position(|name| name == log.tag);
        let intervals = trace
            .of
            .codes()
            .iter()
            .filter(|code| Some(**code as usize) == place);
        assert_eq!(intervals.count(), log.intervals, "{name}");
        assert_eq!(total(found), log.count, "{name}");
        // What was recorded as zero counts here as one unit at most.
        let zeros =
            if found.least == 0.0 && found.lower[0] == 0.0 && found.upper[0] == 1.0 / log.unit {
                found.count[0]
            } else {
                0.0
            };
        let buckets = found.count.len();
        assert!(
            buckets == log.buckets || zeros > 0.0 && buckets + 1 == log.buckets,
            "{name}: {buckets}"
        );
        let checksum: u64 = std::iter::zip(&found.upper, &found.count)
            .map(|(upper, count)| (upper * log.unit).round() as u64 * *count as u64)
            .sum();
        assert!(
            checksum >= log.checksum && checksum - log.checksum <= zeros as u64,
            "{name}: {checksum}"
        );
        for (percent, value) in log.percentiles {
            assert_eq!(
                percentile(found, percent),
                value as f64 / log.unit,
                "{name} {percent}"
            );
        }
        assert_eq!(found.greatest, log.greatest as f64 / log.unit, "{name}");
        let longest = trace.greatest.iter().copied().fold(0.0, f64::max);
        assert!(longest >= found.greatest, "{name}");
        assert!(
            found.lower.is_sorted()
                && std::iter::zip(&found.lower, &found.upper).all(|(a, b)| a < b)
        );
    }
}

/// The library's own tests add intervals of two digits up in a histogram of three. That puts
/// each bucket at its lower end, and the figures known of these logs are those.
#[test]
fn the_figures_known_of_the_logs_are_the_lower_ends_at_three_digits() {
    let at_three_digits = |least: u64| {
        let shift = (u64::BITS - least.leading_zeros()).saturating_sub(11);
        (((least >> shift) + 1) << shift) - 1
    };
    let known = [
        (JHICCUP_V0, 99.9, 1_510_998_015),
        (JHICCUP_V0, 100.0, 1_569_718_271),
        (JHICCUP_V2, 99.9, 1_745_879_039),
        (JHICCUP_V2, 100.0, 1_796_210_687),
    ];
    for (name, percent, value) in known {
        let trace = histograms(reading(name));
        let found = &trace.histograms[0];
        let upper = percentile(found, percent);
        let place = found.upper.iter().position(|end| *end == upper).unwrap();
        let least = (found.lower[place] * 1e9).round() as u64 + 1;
        assert_eq!(at_three_digits(least), value, "{name} {percent}");
    }
}

#[test]
fn intervals_are_when_the_library_says() {
    // Start and end in milliseconds, count and longest value of the first interval and the 41st.
    type Interval = (i64, i64, f64, f64);
    let cases: [(&str, usize, Interval); 5] = [
        (
            JHICCUP_V0,
            0,
            (1_438_869_961_340, 1_438_869_962_346, 738.0, 3_047_423e-9),
        ),
        (
            JHICCUP_V2,
            40,
            (1_441_812_319_605, 1_441_812_320_605, 784.0, 442_367e-9),
        ),
        (
            YCSB_V1,
            0,
            (1_438_613_579_290, 1_438_613_579_950, 337.0, 488_447e-6),
        ),
        (
            YCSB_V1,
            40,
            (1_438_613_618_950, 1_438_613_619_950, 515.0, 34783e-6),
        ),
        (
            STALLS,
            40,
            (1_795_429_625_501, 1_795_429_625_752, 220.0, 8_454_143e-9),
        ),
    ];
    for (name, index, (start, end, count, greatest)) in cases {
        let trace = histograms(reading(name));
        assert_eq!(trace.clock, Clock::Unix);
        // The library has doubles of seconds and cuts them to milliseconds.
        let milli = |nanos: i64| nanos as f64 / 1e6;
        assert!(
            (milli(trace.start[index]) - start as f64).abs() <= 1.0,
            "{name}"
        );
        assert!((milli(trace.start[index] + trace.length[index]) - end as f64).abs() <= 1.0);
        assert_eq!(trace.count[index], count);
        assert!((trace.greatest[index] - greatest).abs() < 1e-12);
    }
}

#[test]
fn the_unit_of_a_log_is_known_given_or_noted() {
    const NOTE: &str = "unit not written, nanoseconds assumed";
    let unit = |reading: Reading| (noted(&reading, NOTE), histograms(reading).unit);
    assert_eq!(unit(reading(JHICCUP_V2)), (None, "ns"));
    assert_eq!(unit(reading(YCSB_V1)), (None, "us"));
    assert_eq!(unit(reading(STALLS)), (Some(1), "ns"));
    let bytes = std::fs::read(crate::trace_files::data(STALLS)).unwrap();
    let options = Options {
        unit: Some(Unit::Milliseconds),
        ..Options::default()
    };
    let found = try_bytes("hdr_log", &bytes, options).unwrap();
    assert_eq!(noted(&found, NOTE), None);
    assert_eq!(histograms(found).histograms[0].greatest, 35_913.727);
}

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

#[test]
fn damaged_histogram_logs_are_survived() {
    for name in [JHICCUP_V0, JHICCUP_V2, YCSB_V1, TAGGED_V2] {
        survives_damage(name);
    }
}
