//! Histograms that were not made here, read with exactly the counts and ends of buckets that the libraries
//! which wrote them give.

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
    let cases: [(&str, usize, (i64, i64, f64, f64)); 5] = [
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
            .contains("more counts than a payload of its length has"),
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

#[test]
fn percentile_tables_are_buckets() {
    // Number of rows, total, and the value of the first row at or above a percentile, all by awk.
    let cases = [
        (
            1,
            97,
            475_109.0,
            [11.167, 40.671, 206.207, 1260.543],
            Some(25.048),
        ),
        (
            2,
            27,
            1_104_769.0,
            [1418.239, 1510.399, 1511.423, 1511.423],
            None,
        ),
        (
            3,
            103,
            1_091_324.0,
            [30.447, 505.087, 5881.855, 8073.215],
            Some(297.175),
        ),
    ];
    for (number, rows, count, percentiles, mean) in cases {
        let name = format!("given/pauses/hdr_GoogleCharts_example{number}.hgrm");
        let found = reading(&name);
        assert_eq!(found.report.records, rows);
        assert_eq!(
            noted(&found, "values, as the file says"),
            mean.map(|_| count as u64)
        );
        assert_eq!(
            noted(&found, "unit not written, milliseconds assumed"),
            Some(1)
        );
        let trace = histograms(found);
        let found = &trace.histograms[0];
        assert_eq!(total(found), count);
        for (percent, value) in std::iter::zip([50.0, 90.0, 99.0, 99.9], percentiles) {
            assert_eq!(percentile(found, percent), value / 1e3, "{name} {percent}");
        }
        assert_eq!(found.greatest, percentile(found, 100.0));
        match mean {
            Some(mean) => assert!((found.sum / count - mean / 1e3).abs() < 1e-12),
            None => assert!(found.sum.is_nan()),
        }
    }
}

#[test]
fn columns_and_csv_of_the_same_histogram_are_the_same() {
    for name in ["stalls", "tagged"] {
        let columns = histograms(reading(&format!("hdrhistogram/{name}.hgrm")));
        let csv = histograms(reading(&format!("hdrhistogram/{name}.csv")));
        let (columns, csv) = (&columns.histograms[0], &csv.histograms[0]);
        assert_eq!(columns.upper, csv.upper);
        assert_eq!(columns.count, csv.count);
        // The log of the same run, whose values the table has to two digits of a millisecond.
        let log = histograms(reading(&format!("hdrhistogram/{name}_v2.hlog")));
        let log = &log.histograms[0];
        assert_eq!(total(columns), total(log));
        for percent in [50.0, 75.0, 90.0, 99.0, 99.9] {
            let difference = percentile(columns, percent) - percentile(log, percent);
            assert!(
                (-6e-6..2e-3).contains(&difference),
                "{name} {percent} {difference}"
            );
        }
    }
}

#[test]
fn a_table_that_was_cut_says_what_is_missing() {
    let table = "Running 30s test\n  Value   Percentile   TotalCount 1/(1-Percentile)\n\n\
         0.00 0.0 5 1.00\n 1.50 0.5 8 2.00\n 1.50 0.6 9 2.50\n 2.00 0.9\n 2.00 x 10 1\n 1.00 0.7 10 3.3\n\
         #[Mean = 2.0, StdDeviation = 1.0]\n#[Max = 9.0, Total count = 12]\n#[Buckets = 27, SubBuckets = 2048]\n\
         ----------\nValue Percentile TotalCount 1/(1-Percentile)\n3.00 1.000000 4 inf\n";
    let options = Options {
        unit: Some(Unit::Seconds),
        ..Options::default()
    };
    let found = try_bytes("hgrm", table.as_bytes(), options).unwrap();
    assert_eq!((found.report.records, found.report.faulty()), (4, 3));
    assert_eq!(noted(&found, "values beyond the last row"), Some(3));
    assert_eq!(noted(&found, "tables without their last row"), Some(1));
    let found = histograms(found).histograms;
    assert_eq!(found[0].lower, [0.0, 1.5]);
    assert_eq!(found[0].upper, [1.5, f64::INFINITY]);
    assert_eq!(found[0].count, [9.0, 3.0]);
    assert_eq!(found[0].sum, 24.0);
    assert!(found[0].greatest.is_nan());
    assert_eq!(found[1].name, b"2");
    assert_eq!((found[1].greatest, &found[1].count[..]), (3.0, &[4.0][..]));
}

#[test]
fn damaged_percentile_tables_are_survived() {
    survives_damage("given/pauses/hdr_GoogleCharts_example1.hgrm");
    survives_damage("hdrhistogram/stalls.csv");
}

#[test]
fn classic_buckets_are_differences_between_bounds() {
    let found = reading("prometheus/query_classic_buckets.json");
    assert_eq!(found.report.records, 36);
    let trace = histograms(found);
    assert_eq!(
        (trace.unit, trace.clock, trace.histograms.len()),
        ("s", Clock::None, 3)
    );
    // The counts up to each bound in the answer, one less the other.
    let counts: [&[f64]; 3] = [
        &[248.0, 1322.0, 1985.0, 1508.0, 681.0, 52.0, 4.0],
        &[1.0, 29.0, 231.0, 872.0, 2421.0, 1560.0, 561.0, 122.0, 3.0],
        &[8.0, 65.0, 444.0, 1920.0, 1841.0, 1137.0, 368.0, 17.0],
    ];
    let ends = [(0.0, 0.1), (0.0, 0.5), (0.01, f64::INFINITY)];
    for (found, (counts, ends)) in std::iter::zip(&trace.histograms, std::iter::zip(counts, ends)) {
        assert_eq!(found.count, counts);
        assert_eq!(total(found), 5800.0);
        assert_eq!((found.lower[0], *found.upper.last().unwrap()), ends);
        assert_eq!(found.lower[1..], found.upper[..found.upper.len() - 1]);
    }
    let name = String::from_utf8_lossy(&trace.histograms[0].name).into_owned();
    assert!(
        name.starts_with(
            "heartbeat_rtt_seconds{instance=\"127.0.0.1:9464\",job=\"python\",peer=\"node-a\"}"
        ),
        "{name}"
    );
}

#[test]
fn ranges_are_what_was_added() {
    let found = reading("prometheus/query_range_classic.json");
    assert_eq!(found.report.records, 15);
    let trace = histograms(found);
    // The +Inf series goes from 76 to 270, that of 1 ms from 17 to 68, in 20 seconds.
    assert_eq!((trace.count[0], trace.length[0]), (194.0, 20_000_000_000));
    assert_eq!(trace.start[0], 1_795_429_967_000_000_000);
    let found = &trace.histograms[0];
    assert_eq!(total(found), 194.0);
    assert_eq!(
        (found.lower[0], found.upper[0], found.count[0]),
        (0.0, 0.001, 51.0)
    );
    let trace = histograms(reading("prometheus/query_matrix_range_vector.json"));
    assert_eq!((trace.count[0], trace.length[0]), (1540.0, 8_000_000_000));
}

#[test]
fn native_histograms_keep_every_value() {
    let trace = histograms(reading("prometheus/query_native_one.json"));
    let found = &trace.histograms[0];
    assert_eq!(total(found), 14850.0);
    assert_eq!(found.sum, 246.224_055_522_129_53);
    // The zero bucket, which reaches as far below zero, is what took no longer than a microsecond.
    assert_eq!(
        (found.lower[0], found.upper[0], found.count[0]),
        (0.0, 1e-6, 378.0)
    );
    let found = reading("prometheus/query_range_native.json");
    assert_eq!(noted(&found, "values that were counted no longer"), None);
    let trace = histograms(found);
    let found = &trace.histograms[0];
    assert_eq!(total(found), trace.count[0]);
    assert_eq!(trace.start[0], 1_795_429_967_000_000_000);
    // From 4750 to 14850 in 25 seconds.
    assert_eq!(
        (trace.count[0], trace.length[0]),
        (10_100.0, 25_000_000_000)
    );
    let found = reading("prometheus/query_native.json");
    assert_eq!(noted(&found, "series of quantiles"), Some(3));
    for found in histograms(found).histograms {
        assert_eq!(total(&found), 14850.0);
    }
}

fn answer(kind: &str, series: &[String]) -> String {
    format!(
        "{{\"status\":\"success\",\"data\":{{\"resultType\":\"{kind}\",\"result\":[{}]}}}}",
        series.join(",")
    )
}

fn series(labels: &str, values: &str) -> String {
    format!("{{\"metric\":{{{labels}}},{values}}}")
}

#[test]
fn a_counter_that_falls_began_anew() {
    let of = |le: &str, values: [u32; 4]| {
        let samples: Vec<String> = (0..4)
            .map(|at| format!("[{},\"{}\"]", 100 + 10 * at, values[at]))
            .collect();
        let labels = format!("\"__name__\":\"x_milliseconds_bucket\",\"le\":\"{le}\"");
        series(&labels, &format!("\"values\":[{}]", samples.join(",")))
    };
    let found = text(
        "prometheus_api",
        &answer(
            "matrix",
            &[of("+Inf", [100, 110, 7, 9]), of("5", [50, 51, 3, 4])],
        ),
    );
    assert_eq!(noted(&found, "counters that began anew"), Some(2));
    let trace = histograms(found);
    // 10 + 7 + 2 in all, of which 1 + 3 + 1 up to 5 ms.
    assert_eq!(trace.histograms[0].upper, [5e-3, f64::INFINITY]);
    assert_eq!(trace.histograms[0].count, [5.0, 14.0]);
    assert_eq!((trace.unit, trace.length[0]), ("ms", 30_000_000_000));
}

#[test]
fn native_buckets_may_be_joined_between_samples() {
    let sample = |at: u32, count: u32, buckets: &str| {
        format!("[{at},{{\"count\":\"{count}\",\"sum\":\"{count}\",\"buckets\":[{buckets}]}}]")
    };
    let samples = [
        sample(0, 3, "[0,\"1\",\"2\",\"1\"],[0,\"2\",\"4\",\"2\"]"),
        sample(1, 5, "[0,\"1\",\"2\",\"2\"],[0,\"2\",\"4\",\"3\"]"),
        sample(2, 8, "[0,\"1\",\"4\",\"8\"]"),
        sample(3, 2, "[0,\"4\",\"16\",\"2\"]"),
    ];
    let values = format!("\"histograms\":[{}]", samples.join(","));
    let found = text(
        "prometheus_api",
        &answer("matrix", &[series("\"__name__\":\"x_seconds\"", &values)]),
    );
    assert_eq!(noted(&found, "counters that began anew"), Some(1));
    let found = &histograms(found).histograms[0];
    assert_eq!(
        (&found.lower[..], &found.upper[..]),
        (&[1.0, 4.0][..], &[4.0, 16.0][..])
    );
    assert_eq!((&found.count[..], found.sum), (&[5.0, 2.0][..], 7.0));
}

#[test]
fn answers_without_a_tail_are_refused() {
    let labels = "\"__name__\":\"x_seconds\",\"quantile\":\"0.99\"";
    let rate = "\"le\":\"1\"";
    let cases = [
        (
            answer("vector", &[series(labels, "\"value\":[1,\"0.5\"]")]),
            "quantiles only",
        ),
        (
            answer("matrix", &[series(rate, "\"values\":[[1,\"0.5\"]]")]),
            "results of an expression",
        ),
        (
            "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"no\\u001b[2J\"}"
                .to_owned(),
            "is an error of Prometheus: no\\u{1b}[2J",
        ),
        (
            "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"met"
                .to_owned(),
            "is no answer with series",
        ),
        (answer("vector", &[]), "nothing of what prometheus_api has"),
    ];
    for (text, reason) in cases {
        let error = try_bytes("prometheus_api", text.as_bytes(), Options::default()).unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    }
    let found = reading("prometheus/query_classic_rate.json");
    assert_eq!(
        noted(
            &found,
            "histograms of rates or estimates, whose counts are no whole numbers"
        ),
        Some(1)
    );
    assert_eq!(
        noted(&found, "histograms without a unit, seconds assumed"),
        Some(1)
    );
    for name in [
        "query_scalar",
        "query_error",
        "query_exemplars",
        "query_quantile",
    ] {
        let bytes =
            std::fs::read(crate::trace_files::data(&format!("prometheus/{name}.json"))).unwrap();
        try_bytes("prometheus_api", &bytes, Options::default()).unwrap_err();
    }
}

#[test]
fn odd_series_are_counted() {
    let value = "\"value\":[1,\"4\"]";
    let all = [
        series(
            "\"__name__\":\"x_seconds_bucket\",\"le\":\"0\"",
            "\"value\":[1,\"1\"]",
        ),
        series("\"__name__\":\"x_seconds_bucket\",\"le\":\"2\"", value),
        series("\"__name__\":\"x_seconds_bucket\",\"le\":\"many\"", value),
        series(
            "\"__name__\":\"x_seconds_bucket\",\"le\":\"3\"",
            "\"value\":[1,\"NaN\"]",
        ),
        series("\"__name__\":\"x_seconds_sum\"", "\"value\":[1,\"2.5\"]"),
        series("\"__name__\":\"x_seconds_count\"", value),
        series("\"__name__\":\"x_bytes_bucket\",\"le\":\"3\"", value),
    ];
    let found = text("prometheus_api", &answer("vector", &all));
    let report = &found.report;
    assert_eq!(
        (report.records, report.passed_over, report.faulty()),
        (2, 3, 2)
    );
    assert_eq!(noted(&found, "values at or below zero"), Some(1));
    assert_eq!(
        noted(&found, "histograms without their last bucket"),
        Some(1)
    );
    let found = &histograms(found).histograms[0];
    assert_eq!(
        (found.lower[0], found.upper[0], found.count[0], found.sum),
        (0.0, 2.0, 4.0, 2.5)
    );
}

#[test]
fn damaged_answers_are_survived() {
    survives_damage("prometheus/query_range_classic.json");
    survives_damage("prometheus/query_range_native.json");
}
