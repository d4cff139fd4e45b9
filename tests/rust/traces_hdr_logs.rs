//! HdrHistogram logs that were not made here, read with exactly the counts and ends of buckets that the library
//! which wrote them gives.

use suspicion::trace::{Clock, Options, Reading, Unit};

use crate::trace_files::{
    histograms, noted, percentile, reading, survives_damage, total, try_bytes,
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

#[test]
fn damaged_histogram_logs_are_survived() {
    for name in [JHICCUP_V0, JHICCUP_V2, YCSB_V1, TAGGED_V2] {
        survives_damage(name);
    }
}
