//! Logs of pauses and of cluster members, read with exactly the counts, sums and maxima that are known
//! otherwise: from the table beside the given files, or counted with grep and awk.

use std::io::Read;
use std::path::PathBuf;

use suspicion::Cancel;
use suspicion::trace::{
    Clock, Events, Format, Histograms, Input, MISSING, Options, PauseLog, Reading, Report, Trace,
    read,
};

/// The place of a file with real data.
fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/traces")
        .join(name)
}

/// Reads a file in the format it turns out to have.
fn reading(name: &str) -> Reading {
    let input = Input::open(&data(name)).unwrap();
    let reading = read(input, None, &Options::default(), &Cancel::default()).unwrap();
    let Report {
        lines,
        records,
        passed_over,
        ..
    } = reading.report;
    assert_eq!(records + passed_over + reading.report.faulty(), lines, "{name}");
    reading
}

/// Reads text in a format.
fn text(format: &str, text: &str) -> Reading {
    let input = Input::bytes(text.as_bytes()).unwrap();
    let format = Format::named(format).unwrap();
    read(input, Some(format), &Options::default(), &Cancel::default()).unwrap()
}

fn pauses(reading: Reading) -> PauseLog {
    match reading.trace {
        Trace::PauseLog(log) => log,
        other => panic!("{}", other.kind()),
    }
}

fn words(words: &suspicion::trace::Words) -> Vec<&str> {
    words
        .codes()
        .iter()
        .map(|code| words.names()[*code as usize].as_str())
        .collect()
}

/// How many pauses of a kind there are, their sum and the longest, in nanoseconds.
fn facts(log: &PauseLog, kind: &str) -> (usize, i64, i64) {
    let lengths: Vec<i64> = words(&log.kind)
        .into_iter()
        .zip(&log.length)
        .filter(|(found, _)| *found == kind)
        .map(|(_, length)| *length)
        .collect();
    (
        lengths.len(),
        lengths.iter().sum(),
        lengths.iter().copied().max().unwrap_or(0),
    )
}

/// How many pauses of a kind are longer than so many nanoseconds.
fn longer(log: &PauseLog, kind: &str, than: i64) -> usize {
    words(&log.kind)
        .into_iter()
        .zip(&log.length)
        .filter(|(found, length)| *found == kind && **length > than)
        .count()
}

const SECOND: i64 = 1_000_000_000;
const MILLI: i64 = 1_000_000;

#[test]
fn given_unified_logs_have_the_known_pauses() {
    // Counts, sums and maxima by the table beside the files.
    let log = pauses(reading("given/pauses/gct_unified_g1_minimal.log.gz"));
    assert_eq!(facts(&log, "collection"), (3435, 6_106_053_000, 134_764_000));
    assert_eq!(longer(&log, "collection", 10 * MILLI), 2);
    assert_eq!(longer(&log, "collection", 50 * MILLI), 1);
    assert_eq!((log.clock, log.unit), (Clock::Start, "ms"));
    assert_eq!(log.start[0], 31_249 * MILLI - 7_965_000);

    let log = pauses(reading("given/pauses/gct_unified_g1_jvm-gc-10Nov2022.log"));
    assert_eq!(facts(&log, "collection"), (10, 801_121_000, 428_033_000));
    assert_eq!(log.clock, Clock::Unix);
    // `date -u -d 2022-11-10T03:37:32.146-0800 +%s.%N`, give or take the last digit of two stamps.
    let expected = 1_668_080_252_146 * MILLI - 21_861_000;
    assert!((log.start[0] - expected).abs() <= 2 * MILLI);

    let log = pauses(reading("given/pauses/gct_unified_parallel.log.gz"));
    assert_eq!(facts(&log, "collection"), (2307, 2_983_248_000, 30_954_000));

    let log = pauses(reading("given/pauses/gct_unified_shenandoah_2.log.gz"));
    assert_eq!(
        facts(&log, "collection"),
        (137, 192_438_906_000, 54_623_314_000)
    );
    assert_eq!(longer(&log, "collection", 5 * SECOND), 6);
}

#[test]
fn jvm_by_the_tool_itself() {
    // Counted, summed and maximised by a regular expression over the messages.
    #[rustfmt::skip]
    let known = [
        ("g1_full_time_uptime_level_tags.log.gz", Clock::Unix, "ms", (122, 405_847_218, 15_878_585), (122, 390_068_000, 15_788_000)),
        ("g1_gc_only_default.log", Clock::Start, "ms", (0, 0, 0), (193, 524_670_000, 14_501_000)),
        ("g1_gc_safepoint_none.log", Clock::Start, "ms", (229, 551_930_523, 13_230_682), (229, 536_264_000, 13_159_000)),
        ("g1_gc_safepoint_uptime.log.gz", Clock::Start, "ms", (329, 918_914_706, 15_526_247), (329, 892_769_000, 15_346_000)),
        ("g1_gc_safepoint_uptimemillis_pid_tid.log", Clock::Start, "ms", (229, 534_644_650, 10_395_714), (229, 517_308_000, 10_322_000)),
        ("g1_gc_safepoint_utctime_level_tags.log.gz", Clock::Unix, "ms", (230, 568_010_581, 11_824_817), (230, 547_619_000, 11_707_000)),
        ("g1_safepoint_only_timenanos_uptimenanos.log", Clock::Start, "ns", (228, 539_769_963, 11_480_874), (0, 0, 0)),
        ("parallel_full_default.log.gz", Clock::Start, "ms", (54, 284_424_331, 13_860_527), (54, 275_360_000, 13_695_000)),
        ("parallel_gc_safepoint_time_uptime_level_tags.log", Clock::Unix, "ms", (149, 690_602_637, 17_076_266), (157, 670_349_000, 16_783_000)),
        ("serial_full_timemillis_hostname_level_tags.log", Clock::Unix, "ms", (25, 307_657_012, 23_844_597), (32, 304_286_000, 23_629_000)),
        ("serial_gc_safepoint_default.log", Clock::Start, "ms", (68, 777_496_120, 23_349_203), (85, 771_216_000, 23_181_000)),
        ("shenandoah_full_uptime_level_tags.log.gz", Clock::Start, "ms", (88, 10_176_038, 1_354_730), (88, 3_645_000, 186_000)),
        ("shenandoah_gc_safepoint_default.log.gz", Clock::Start, "ms", (272, 21_167_545, 3_131_211), (272, 11_885_000, 2_774_000)),
        ("zgc_allocation_stall.log", Clock::Start, "ns", (120, 3_782_702, 282_448), (0, 0, 0)),
        ("zgc_full_time_uptime_level_tags.log.gz", Clock::Unix, "ms", (30, 1_882_166, 274_643), (30, 337_000, 21_000)),
        ("zgc_gc_safepoint_default.log", Clock::Start, "ns", (54, 2_222_308, 164_607), (0, 0, 0)),
    ];
    for (name, clock, unit, stops, collections) in known {
        let reading = reading(&format!("jvm/{name}"));
        assert_eq!(reading.format.name(), "jvm", "{name}");
        assert_eq!(reading.report.faults, [], "{name}");
        let log = pauses(reading);
        assert_eq!((log.clock, log.unit), (clock, unit), "{name}");
        assert_eq!(facts(&log, "stop"), stops, "{name}");
        assert_eq!(facts(&log, "collection"), collections, "{name}");
    }
}
