//! Logs of pauses and of cluster members, read with exactly the counts, sums and maxima that are known
//! otherwise: from the table beside the given files, or counted with grep and awk.

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
    assert_eq!(
        records + passed_over + reading.report.faulty(),
        lines,
        "{name}"
    );
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
    assert_eq!(
        facts(&log, "collection"),
        (3435, 6_106_053_000, 134_764_000)
    );
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
        ("zgc_allocation_stall.log", Clock::Start, "ns", (123, 94_269_860, 39_983_038), (0, 0, 0)),
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

#[test]
fn given_old_logs_have_the_known_pauses() {
    let reading_of = |name: &str| {
        let reading = reading(&format!("given/pauses/{name}"));
        assert_eq!(reading.format.name(), "jvm_legacy", "{name}");
        reading
    };
    // The exact figure, not `real=`, whose maximum would be 1.88 s.
    let jdk7 = reading_of("gct_jdk7_cms_www1_2013_10_19.log.gz");
    assert_eq!(jdk7.report.faults, []);
    let log = pauses(jdk7);
    assert_eq!(facts(&log, "stop").0, 0);
    assert_eq!(
        facts(&log, "collection"),
        (11_689, 669_056_263_000, 1_877_068_000)
    );
    assert_eq!(longer(&log, "collection", SECOND), 5);
    assert_eq!((log.clock, log.unit), (Clock::Start, "s"));
    // By grep: 29 lines with CMS-initial-mark, 29 with CMS-remark.
    let causes = words(&log.cause);
    let count = |cause: &str| causes.iter().filter(|found| **found == cause).count();
    assert_eq!(count("GC (CMS Initial Mark)"), 29);
    assert_eq!(count("GC (CMS Remark)"), 29);
    assert_eq!((count("GC"), count("Full GC (System)")), (11_630, 1));
    assert_eq!(log.start[1], 7_037 * MILLI);

    let neo4j = reading_of("gct_jdk8_g1_neo4j-gc.log.20140625.gz");
    assert_eq!(neo4j.report.faults, []);
    let log = pauses(neo4j);
    assert_eq!(facts(&log, "stop"), (3589, 72_768_995_100, 3_612_499_400));
    assert_eq!(longer(&log, "stop", SECOND), 4);
    // 828 lines with `[Times:`, of which 817 are pauses of G1, the longest of 656.7991 ms.
    assert_eq!(facts(&log, "collection").0, 828);
    let g1: Vec<i64> = words(&log.cause)
        .into_iter()
        .zip(words(&log.kind))
        .zip(&log.length)
        .filter(|((cause, kind), _)| cause.starts_with("GC pause") && *kind == "collection")
        .map(|(_, length)| *length)
        .collect();
    assert_eq!(g1.len(), 817);
    assert_eq!(g1.iter().max(), Some(&656_799_100));
    assert_eq!(g1.iter().sum::<i64>(), 57_799_811_800);
    assert_eq!(log.clock, Clock::Unix);

    let reading = reading_of("gct_ps_gc_ccpcc01_late.log.gz");
    assert_eq!(reading.report.faults, []);
    let log = pauses(reading);
    assert_eq!(facts(&log, "stop"), (579, 104_602_705_000, 6_973_499_000));
    assert_eq!(longer(&log, "stop", SECOND), 14);
    // By grep: 473 lines with `[GC `, 14 with `[Full GC `.
    assert_eq!(facts(&log, "collection").0, 487);
    // No stop has a stamp, yet each has its place.
    assert_eq!(log.clock, Clock::Start);
    assert!(log.start.iter().all(|start| *start != MISSING));
    assert!(log.start.is_sorted());

    let log = pauses(reading_of("gct_ps_long_pause.log"));
    assert_eq!(facts(&log, "stop"), (614, 25_404_951_000, 22_830_654_000));
    assert_eq!(longer(&log, "stop", SECOND), 1);
    let (collections, _, longest) = facts(&log, "collection");
    assert_eq!(collections, 22);
    assert_eq!(longest / MILLI, 22_785);
    assert_eq!(log.clock, Clock::Unix);
}

#[test]
fn a_corrupted_log_is_read_around_its_faults() {
    let reading = reading("given/pauses/gct_corrupted_rollsbackclock.log");
    let report = &reading.report;
    assert_eq!((report.lines, report.records), (6, 2));
    assert_eq!((report.passed_over, report.faulty()), (3, 1));
    assert_eq!(report.faults[0].reason, "a stop without its beginning");
    assert_eq!(report.faults[0].line, 4);
    assert_eq!(report.notes, [("clock steps back", 1)]);
    let log = pauses(reading);
    assert_eq!(log.length, [1_021_000, 1_133_000]);
    // Uptimes 30284.933 and 30365.060 are 80.127 s apart; the dates would be -59.537 s.
    let between = log.start[1] - log.start[0];
    assert_eq!(between, 80_127 * MILLI - (1_133_000 - 1_021_000));
    // `date -u -d 2014-06-16T07:57:14.623+0200 +%s`
    assert!((log.start[0] + 1_021_000 - 1_402_898_234_623 * MILLI).abs() <= MILLI);
    assert_eq!(log.clock, Clock::Unix);
}

#[test]
fn go_by_the_tool_itself() {
    // Lines, and of the first and third figures: how many, their sum and the largest, by a regular expression.
    let known = [
        ("gctrace", 58, 58, (116, 7_869_000, 2_800_000), 0),
        ("gctrace_forced", 111, 111, (222, 9_181_000, 2_700_000), 7),
        (
            "gctrace_schedtrace_scavtrace",
            96,
            45,
            (90, 3_199_000, 130_000),
            0,
        ),
    ];
    for (name, lines, records, stops, forced) in known {
        let reading = reading(&format!("go/{name}.txt"));
        assert_eq!(reading.format.name(), "gctrace");
        let report = &reading.report;
        assert_eq!((report.lines, report.records), (lines, records), "{name}");
        assert_eq!(report.faults, [], "{name}");
        let log = pauses(reading);
        assert_eq!(facts(&log, "stop"), stops, "{name}");
        assert_eq!((log.clock, log.unit), (Clock::Start, "ms"));
        let causes = words(&log.cause);
        let count = |cause: &str| causes.iter().filter(|found| **found == cause).count();
        assert_eq!(count("mark termination (forced)"), forced, "{name}");
    }
    // gc 1 @0.018s 0%: 0.057+0.57+0.003 ms clock
    let log = pauses(reading("go/gctrace.txt"));
    assert_eq!(log.start[..2], [18_000_000, 18_627_000]);
    assert_eq!(log.length[..2], [57_000, 3_000]);
}

fn histograms(reading: Reading) -> Histograms {
    match reading.trace {
        Trace::Histograms(histograms) => histograms,
        other => panic!("{}", other.kind()),
    }
}

/// For each histogram its name, how many values it has, and the least and greatest in microseconds.
fn contents(histograms: &Histograms) -> Vec<(String, f64, f64, f64)> {
    histograms
        .histograms
        .iter()
        .map(|histogram| {
            assert!(histogram.lower.is_sorted());
            let bounds = histogram.lower.iter().zip(&histogram.upper);
            assert!(bounds.into_iter().all(|(lower, upper)| lower < upper));
            (
                String::from_utf8(histogram.name.clone()).unwrap(),
                histogram.count.iter().sum(),
                (histogram.least * 1e6).round(),
                (histogram.greatest * 1e6).round(),
            )
        })
        .collect()
}

#[test]
fn cyclictest_has_the_known_counts_and_maxima() {
    let row = |name: &str, count, least, greatest| (name.to_owned(), count, least, greatest);
    // Totals, overflows, minima and maxima as cyclictest itself says below each histogram.
    let guest = reading("given/pauses/cyclictest_kvm_guest_untuned_vs_tuned.txt");
    assert_eq!(guest.format.name(), "cyclictest");
    assert_eq!(guest.report.faults, []);
    assert_eq!(
        guest.report.notes,
        [
            ("in the histogram, as cyclictest says", 5_998_821),
            ("beyond the histogram", 604)
        ]
    );
    let guest = histograms(guest);
    assert_eq!(
        contents(&guest),
        [
            row("run 1, thread 0", 2_998_821.0 + 604.0, 5.0, 1475.0),
            row("run 2, thread 0", 3_000_000.0, 6.0, 12.0),
        ]
    );
    // What is beyond the last row, 59 us, ends a microsecond above the longest.
    let untuned = &guest.histograms[0];
    assert_eq!(untuned.count.last(), Some(&604.0));
    assert_eq!(untuned.lower.last(), Some(&60e-6));
    assert_eq!(untuned.upper.last(), Some(&1476e-6));

    let known = [
        (
            "given/pauses/cyclictest_rpi2_rt_kernel_10M.txt",
            vec![row("thread 0", 10_000_000.0, 14.0, 76.0)],
        ),
        (
            "cyclictest/hist_q_two_threads.txt",
            vec![
                row("thread 0", 3000.0, 18.0, 9026.0),
                row("thread 1", 3000.0, 16.0, 3068.0),
            ],
        ),
        (
            "cyclictest/histfile.txt",
            vec![row("thread 0", 5000.0, 66.0, 3986.0)],
        ),
        // The third column, of all threads, is left out.
        (
            "cyclictest/histofall.txt",
            vec![
                row("thread 0", 1000.0, 18.0, 504.0),
                row("thread 1", 1000.0, 18.0, 220.0),
            ],
        ),
    ];
    for (name, expected) in known {
        let reading = reading(name);
        assert_eq!(reading.report.faults, [], "{name}");
        assert_eq!(contents(&histograms(reading)), expected, "{name}");
    }
    // By awk: 1200 cycles of thread 0, 795 of thread 1, the longest 146 and 9044 us.
    let verbose = contents(&histograms(text(
        "cyclictest",
        &std::fs::read_to_string(data("cyclictest/verbose_two_threads.txt")).unwrap(),
    )));
    let counts: Vec<_> = verbose.iter().map(|row| (row.1, row.3)).collect();
    assert_eq!(counts, [(1200.0, 146.0), (795.0, 9044.0)]);
}

#[test]
fn averages_of_cyclictest_are_refused() {
    for name in ["quiet_summary.txt", "live_terminal.txt"] {
        let input = Input::open(&data(&format!("cyclictest/{name}"))).unwrap();
        let error = read(input, None, &Options::default(), &Cancel::default()).unwrap_err();
        assert!(error.to_string().contains("averages only"), "{error}");
    }
}

fn events(reading: Reading) -> Events {
    match reading.trace {
        Trace::Events(events) => events,
        other => panic!("{}", other.kind()),
    }
}

/// How often each event happened, by name.
fn census(events: &Events) -> Vec<(&str, usize)> {
    let all = words(&events.event);
    let mut names = all.clone();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .map(|name| (name, all.iter().filter(|found| **found == name).count()))
        .collect()
}

#[test]
fn given_clusters_have_the_events_that_grep_counts() {
    let whole = |name: &str, clock: Clock| {
        let reading = reading(&format!("given/cluster/{name}"));
        assert_eq!(reading.format.name(), "cluster", "{name}");
        assert_eq!(reading.report.faults, [], "{name}");
        assert_eq!(reading.report.notes, [], "{name}");
        let lines = reading.report.lines;
        let events = events(reading);
        assert_eq!(events.clock, clock, "{name}");
        assert!(events.at.iter().all(|at| *at != MISSING), "{name}");
        (lines, events)
    };
    let (lines, scylla) = whole("scylla_5677_flaps.txt", Clock::WallWithoutYear);
    assert_eq!((lines, census(&scylla)), (20, vec![("down", 19)]));
    assert_eq!(
        scylla.node.names(),
        ["10.6.18.12", "10.6.18.13", "10.6.18.11"]
    );
    assert_eq!(scylla.by.names(), ["scy-st-1-p1", "scy-st-1-p3"]);
    // The 28th of January, 15:42:20.
    assert_eq!(
        scylla.at[0],
        ((27 * 24 + 15) * 3600 + 42 * 60 + 20) * SECOND
    );

    let (lines, consul) = whole("consul_598_3141_flaps.txt", Clock::WallWithoutZone);
    let expected = vec![("down", 4), ("leave", 1), ("suspect", 6), ("up", 1)];
    assert_eq!((lines, census(&consul)), (22, expected));
    // `date -u -d '2015-01-21 21:54:36' +%s`; with syslog's stamp before it the one with a year counts.
    assert_eq!(consul.at[0], 1_421_877_276 * SECOND);
    assert_eq!(consul.at.last(), Some(&(1_497_264_909 * SECOND)));
    assert_eq!(words(&consul.by).last(), Some(&"docker-linux-1-dh"));

    let (lines, etcd) = whole(
        "etcd_7312_3466_12610_heartbeat_elections.txt",
        Clock::WallWithoutZone,
    );
    let expected = vec![
        ("candidate", 2),
        ("election", 2),
        ("follower", 1),
        ("late heartbeat", 5),
        ("no leader", 1),
        ("slow apply", 1),
    ];
    assert_eq!((lines, census(&etcd)), (29, expected));
    assert_eq!(etcd.length[0], 288_915_798);
    let slow = words(&etcd.event)
        .iter()
        .position(|event| *event == "slow apply")
        .unwrap();
    assert_eq!(etcd.length[slow], 9_999_583_896);
    // 5007 and 2194 ms instead of 2000 and 1000.
    let akka = &etcd.length[etcd.length.len() - 2..];
    assert_eq!(akka, [3_007 * MILLI, 1_194 * MILLI]);

    let (lines, phi) = whole("scylla_2833_phi_debug.txt", Clock::WallWithoutZone);
    assert_eq!((lines, census(&phi)), (21, vec![("phi", 9)]));
    assert_eq!(phi.length[0], 614_083_441);
}

#[test]
fn etcd_and_serf_have_the_events_that_grep_counts() {
    // Late heartbeats, slow disks, elections, candidates, leaders (became, elected, changed), followers, leaders lost.
    let known = [
        ("etcd/zap_m0.log", [2, 0, 1, 1, 4, 4, 1]),
        ("etcd/zap_m1.log", [6, 1, 4, 5, 8, 5, 4]),
        ("etcd/zap_m2.log", [0, 0, 0, 1, 6, 6, 4]),
        ("etcd/capnslog_m0.log", [0, 0, 1, 1, 4, 4, 1]),
        ("etcd/capnslog_m1.log", [2, 0, 1, 1, 4, 4, 1]),
        ("etcd/capnslog_m2.log", [6, 0, 1, 1, 4, 4, 2]),
    ];
    const NAMES: [&str; 7] = [
        "late heartbeat",
        "slow disk",
        "election",
        "candidate",
        "leader",
        "follower",
        "no leader",
    ];
    for (name, counts) in known {
        let reading = reading(name);
        assert_eq!(reading.report.faults, [], "{name}");
        let events = events(reading);
        let mut expected: Vec<_> = NAMES
            .into_iter()
            .zip(counts)
            .filter(|(_, count)| *count > 0)
            .collect();
        expected.sort_unstable();
        assert_eq!(census(&events), expected, "{name}");
        assert!(events.at.iter().all(|at| *at != MISSING), "{name}");
    }
    let zap = events(reading("etcd/zap_m0.log"));
    assert_eq!(zap.clock, Clock::Unix);
    assert_eq!(zap.length.iter().max(), Some(&1_931_804_968));
    let capnslog = events(reading("etcd/capnslog_m1.log"));
    assert_eq!(capnslog.clock, Clock::WallWithoutZone);
    assert_eq!(capnslog.length.iter().max(), Some(&1_836_099_394));

    for (name, expected) in [
        (
            "serf/serf_node_1.log",
            vec![("down", 3), ("leave", 1), ("suspect", 3), ("up", 4)],
        ),
        (
            "serf/serf_node_2.log",
            vec![("down", 3), ("leave", 2), ("suspect", 4), ("up", 4)],
        ),
        (
            "serf/serf_node_3.log",
            vec![("leave", 2), ("refute", 3), ("up", 3)],
        ),
    ] {
        assert_eq!(census(&events(reading(name))), expected, "{name}");
    }
}

#[test]
fn an_upptime_history_has_its_checks_and_transitions() {
    let reading = reading("given/cluster/upptime_nextcloud_gitlog.txt");
    assert_eq!(reading.format.name(), "upptime");
    assert_eq!((reading.report.lines, reading.report.records), (815, 215));
    assert_eq!(reading.report.faults, []);
    let events = events(reading);
    let own: Vec<&str> = words(&events.node)
        .into_iter()
        .zip(words(&events.event))
        .filter(|(node, _)| *node == "My Nextcloud")
        .map(|(_, event)| event)
        .collect();
    assert_eq!(own.len(), 201);
    assert_eq!(own.windows(2).filter(|pair| pair[0] != pair[1]).count(), 13);
    let lengths = events.length.iter().filter(|length| **length != MISSING);
    assert_eq!(lengths.clone().max(), Some(&(1449 * MILLI)));
    assert_eq!(lengths.sum::<i64>(), 11_726 * MILLI);
    assert_eq!(events.clock, Clock::Unix);
}

const RECORDED_PAUSES: &str = "\
# suspicion recording 1
# kind: pauses
# started: 1000000000000
# from_a_later_version: 1
event,at_ns,length_ns,samples,lateness
pause,46827869,3004417,,
tick,1000261870,8951329,853,55296:4 57344:849
suspended,1500000000,60000000000,,
pause,1600000000,2000000,,
dropped,2000000000,,3,
news,2000000000,,,
tick,2000000000,2000000,900,55296:900
pause,2100000000,19";

#[test]
fn a_recording_of_pauses_is_covered_to_its_last_tick() {
    let reading = text("recording", RECORDED_PAUSES);
    assert_eq!(reading.report.faults, []);
    let notes = [
        ("torn lines", 1),
        ("suspensions", 1),
        ("pauses that could not be written", 3),
        ("rows of an unknown kind", 1),
    ];
    assert_eq!(reading.report.notes, notes);
    let log = pauses(reading);
    let start = 1000 * SECOND;
    assert_eq!(log.clock, Clock::Unix);
    assert_eq!(log.length, [3_004_417, 60 * SECOND, 2_000_000]);
    // The monotonic clock stands still for the minute of suspension, the time of day does not.
    assert_eq!(log.start[2], start + 60 * SECOND + 1_600_000_000);
    assert_eq!(log.covered, Some((start, start + 62 * SECOND)));

    // A second one that was appended after a kill, five seconds later.
    let appended = format!(
        "{RECORDED_PAUSES}#torn\n{}",
        RECORDED_PAUSES.replace("started: 1000000000000", "started: 1067000000000")
    );
    let reading = text("recording", &appended);
    assert_eq!(reading.report.faults, []);
    assert_eq!(reading.report.notes[0], ("recordings", 2));
    assert_eq!(
        reading.report.notes[1],
        ("milliseconds between recordings, not watched", 5000)
    );
    let quiet = "# suspicion recording 1\n# kind: pauses\n# started: 5\nevent,at_ns,length_ns,samples,lateness\nend,7,0,1,0:1\n";
    let log = pauses(text("recording", quiet));
    assert_eq!((log.start.len(), log.covered), (0, Some((5, 12))));
}

#[test]
fn a_recording_of_round_trips_has_a_row_a_probe() {
    let reading = text(
        "recording",
        "# suspicion recording 1\n# kind: rtt\n# started: 1000\n# address: [::1]:7\n\
         number,sent_ns,rtt_ns,outcome\n\
         0,5,100,ok\n2,25,300,ok\n1,15,,timeout\n2,25,900,duplicate\n1,15,5000,late\n\
         3,35,40,refused\n4,,,unsent\n5,55,,error\n8,95,,end\n",
    );
    assert_eq!(reading.report.faults, []);
    let notes = [
        ("duplicates", 1),
        ("late answers", 1),
        ("probes of unknown outcome", 2),
    ];
    assert_eq!(reading.report.notes, notes);
    let Trace::Delays(delays) = reading.trace else {
        panic!("no delays");
    };
    assert_eq!(delays.number, [0, 2, 1, 3, 4, 5]);
    assert_eq!(delays.sent, [1005, 1025, 1015, 1035, MISSING, 1055]);
    assert_eq!(delays.delay, [100, 300, 5000, 40, MISSING, MISSING]);
    let outcomes = ["ok", "ok", "timeout", "refused", "unsent", "error"];
    assert_eq!(words(&delays.outcome), outcomes);
    assert_eq!(delays.target.names(), ["[::1]:7"]);
}

#[test]
fn every_shape_of_a_unified_log_is_known() {
    let reading = text(
        "jvm",
        "[1.000s][info][safepoint   ] Entering safepoint region: G1CollectFull\n\
         [1.010s][info][gc,start    ] GC(1) Pause Full (System.gc())\n\
         [1.020s][info][gc          ] GC(1) Pause Full (System.gc()) 9M->1M(64M) 10.000ms\n\
         [1.021s][info][safepoint   ] Total time for which application threads were stopped: 0.0210000 seconds, Stopping threads took: 0.0010000 seconds\n\
         [2.000s][info][gc,phases   ] GC(2) Y: Pause Mark Start (Major) 0.010ms\n\
         [2.000s][info][gc,phases   ] GC(2) y: Concurrent Mark 4.000ms\n\
         [2.500s][info][gc          ] Allocation Stall (main) 12.000ms\n\
         [3.000s][info][safepoint   ] Safepoint \"ZMarkEnd\", Time since last: 5 ns, Reaching safepoint: 3 ns, At safepoint: 4 ns, Leaving safepoint: 1 ns, Total: 8 ns, Threads: 1 runnable, 9 total\n\
         [4.000s][info][gc          ] GC(3) Pause Remark 5M->5M(64M) 1.2\n\
         [4.000s][info][gc          ] GC(3) Pause Rem\n\
         info][gc          ] GC(3) Pause Remark 5M->5M(64M) 1.234ms\n\
         [0.100s][info][gc          ] GC(0) Pause Cleanup 5M->5M(64M) 0.100ms\n",
    );
    let faults: Vec<_> = reading
        .report
        .faults
        .iter()
        .map(|faults| (faults.reason, faults.count, faults.line))
        .collect();
    assert_eq!(
        faults,
        [
            ("a pause without its duration", 2, 9),
            ("a pause without its beginning", 1, 11)
        ]
    );
    let notes = [("stalls of single threads", 1), ("restarts", 1)];
    assert_eq!(reading.report.notes, notes);
    let log = pauses(reading);
    assert_eq!(
        words(&log.cause),
        [
            "Pause Full (System.gc())",
            "G1CollectFull",
            "Y: Pause Mark Start (Major)",
            "ZMarkEnd",
            "Pause Cleanup"
        ]
    );
    assert_eq!(log.length, [10_000_000, 21_000_000, 10_000, 8, 100_000]);
    assert_eq!(log.start[1], SECOND);
    assert_eq!(log.start[3], 3 * SECOND - 8);
}

#[test]
fn every_shape_of_an_old_log_is_known() {
    let reading = text(
        "jvm_legacy",
        "1.0: [GC (Allocation Failure) 1.0: [ParNew (promotion failed): 9K->9K(9K), 0.5 secs]1.5: [CMS1.6: [CMS-concurrent-mark: 0.1/0.2 secs] [Times: user=0.1 sys=0.0, real=0.1 secs] \n \
         (concurrent mode failure): 9K->1K(9K), 0.2 secs] 9K->1K(9K), 0.7500000 secs] [Times: user=0.1 sys=0.0, real=0.8 secs] \n\
         2.0: [CMS-concurrent-abortable-preclean2.1: [GC 2.1: [ParNew: 9K->1K(9K), 0.1 secs] 9K->1K(9K), 0.1500000 secs] [Times: real=0.15 secs]\n\
         : 0.2/0.4 secs] [Times: user=0.1 sys=0.0, real=0.1 secs]\n\
         3.0: [GC remark 3.0: [GC ref-proc, 0.01 secs], 0.02 secs]\n\
         3.1: [GC concurrent-mark-end, 8.5 secs]\n\
         4.0: [GC pause (young)4.0: [GC concurrent-root-region-scan-end, 0.1 secs]\n, 0.03 secs]\n\
         5.0: [GC 5.0: [ParNew: 9K->1K(9K), 0.1 s\n\
         6.0: [Full GC[Unloading class A]\n 9K->1K(9K), 1,5000000 secs]\n\
         7.0: Total time for which application threads were stopped: 0.1 sec\n",
    );
    let faults: Vec<_> = reading
        .report
        .faults
        .iter()
        .map(|faults| (faults.reason, faults.count, faults.line))
        .collect();
    assert_eq!(
        faults,
        [
            ("a duration that is not in seconds", 1, 12),
            ("a collection without its end", 1, 9)
        ]
    );
    let log = pauses(reading);
    assert_eq!(
        words(&log.cause),
        [
            "GC (Allocation Failure)",
            "GC",
            "GC remark",
            "GC pause (young)",
            "Full GC"
        ]
    );
    let seconds = [0.75, 0.15, 0.02, 0.03, 1.5].map(|length| (length * 1e9) as i64);
    assert_eq!(log.length, seconds);
    let starts = [1.0, 2.1, 3.0, 4.0, 6.0].map(|start| (start * 1e9) as i64);
    assert_eq!(log.start, starts);
}

#[test]
fn stops_without_stamps_follow_each_other() {
    let reading = text(
        "jvm_legacy",
        "Application time: 2.0000000 seconds\n\
         Total time for which application threads were stopped: 0.5000000 seconds\n\
         Total time for which application threads were stopped: 0.2500000 seconds\n\
         Application time: 1.0000000 seconds\n\
         10.000: [GC 9K->1K(9K), 0.1000000 secs]\n\
         Total time for which application threads were stopped: 0.5000000 seconds\n",
    );
    let log = pauses(reading);
    // The collection at 10 s says where the log began: 3.5 s were told, less what the second stop hides.
    assert_eq!(log.start[3] - log.start[2], 0);
    assert_eq!(log.start[2], 10 * SECOND);
    assert_eq!(log.start[1], MISSING);
    assert_eq!(words(&log.cause)[3], "GC");
}

#[test]
fn other_clusters_say_it_in_their_words() {
    let reading = text(
        "cluster",
        "WARN  [GossipTasks:1] 2017-03-21 17:11:05,462 FailureDetector.java:249 - Not marking nodes down due to local pause of 9594745097 > 5000000000\n\
         INFO  [GossipTasks:1] 2017-03-21 17:11:05,462 Gossiper.java:968 - InetAddress /10.161.26.248 is now DOWN\n\
         INFO  [Service Thread] 2017-03-21 17:11:05,463 GCInspector.java:252 - ConcurrentMarkSweep GC in 9487ms.  CMS Old Gen: 1 -> 2\n\
         INFO  [main] 2017-03-21 17:11:06,000 Gossiper.java:968 - Node /10.161.26.248:7000 has restarted, now UP\n\
         WARN  2017-03-21 17:11:07,000 [shard 0] failure_detector - Not marking nodes down due to local pause of 7085 > 5000 (milliseconds)\n\
         INFO  2017-03-21 17:11:08,254 [shard 0] gossip - failure_detector_loop: Mark node 127.0.99.2 as DOWN\n    \
         2017/03/21 17:11:09 [WARN] raft: Failed to contact 10.185.80.227:8300 in 500.172734ms\n    \
         2017/03/21 17:11:09 [WARN] raft: Failed to contact quorum of nodes, stepping down\n    \
         2017/03/21 17:11:09 [INFO] raft: Node at 10.185.3.3:8300 [Follower] entering Follower state\n    \
         2017/03/21 17:11:10 [WARN] raft: Heartbeat timeout reached, starting election\n    \
         2017/03/21 17:11:10 [INFO] raft: Node at 10.185.3.3:8300 [Candidate] entering Candidate state\n    \
         2017/03/21 17:11:10 [INFO] raft: Election won. Tally: 2\n    \
         2017/03/21 17:11:10 [INFO] raft: Node at 10.185.3.3:8300 [Leader] entering Leader state\n\
         2017-03-21 17:11:11,000 [myid:1] - WARN  [SyncThread:1:FileTxnLog@334] - fsync-ing the write ahead log in SyncThread:1 took 1234ms which will adversely effect operation latency.\n\
         2017-03-21 17:11:12,000 WARN akka.cluster.Cluster - Cluster Node [akka://s@h1:1] - Marking node(s) as UNREACHABLE [Member(address = akka://s@h2:1, status = Up)].\n\
         2017-03-21 17:11:13,000 [1] etcdserver: failed to send out heartbeat on time (exceeded the 100ms timeout\n\
         2017-03-21T17:11:14Z [WARN] memberlist: Suspect a has failed, no acks received\n",
    );
    let faults = &reading.report.faults;
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].reason, "a late heartbeat without its duration");
    assert_eq!(
        reading.report.notes,
        [("times of another clock than the first", 1)]
    );
    let events = events(reading);
    assert_eq!(
        words(&events.event),
        [
            "pause",
            "down",
            "collection",
            "up",
            "pause",
            "suspect",
            "suspect",
            "no leader",
            "follower",
            "election",
            "candidate",
            "leader",
            "slow disk",
            "down",
            "suspect"
        ]
    );
    let known = events.length.iter().filter(|length| **length != MISSING);
    assert_eq!(
        known.copied().collect::<Vec<_>>(),
        [
            9_594_745_097,
            9487 * MILLI,
            7085 * MILLI,
            500_172_734,
            1234 * MILLI
        ]
    );
    assert_eq!(words(&events.node)[1], "10.161.26.248");
    assert_eq!(words(&events.node)[13], "akka://s@h2:1");
}

/// Gives its bytes to a reader whatever they are; what matters is that it comes back.
fn survive(format: Format, bytes: &[u8]) {
    if let Ok(input) = Input::bytes(bytes) {
        let _ = read(input, Some(format), &Options::default(), &Cancel::default());
    }
    let _ = Format::recognise(bytes);
}

#[test]
fn no_cut_and_no_flipped_byte_stops_a_reader() {
    let samples = [
        ("jvm", "given/pauses/gct_unified_g1_jvm-gc-10Nov2022.log"),
        ("jvm", "jvm/g1_gc_safepoint_none.log"),
        ("jvm", "jvm/serial_full_timemillis_hostname_level_tags.log"),
        ("jvm_legacy", "given/pauses/gct_ps_long_pause.log"),
        (
            "jvm_legacy",
            "given/pauses/gct_corrupted_rollsbackclock.log",
        ),
        ("gctrace", "go/gctrace_schedtrace_scavtrace.txt"),
        (
            "cyclictest",
            "given/pauses/cyclictest_kvm_guest_untuned_vs_tuned.txt",
        ),
        ("cyclictest", "cyclictest/histofall.txt"),
        ("cluster", "given/cluster/consul_598_3141_flaps.txt"),
        (
            "cluster",
            "given/cluster/etcd_7312_3466_12610_heartbeat_elections.txt",
        ),
        ("cluster", "etcd/zap_m1.log"),
        ("upptime", "given/cluster/upptime_nextcloud_gitlog.txt"),
        ("recording", ""),
    ];
    for (format, name) in samples {
        let bytes = match name {
            "" => RECORDED_PAUSES.as_bytes().to_vec(),
            name => std::fs::read(data(name)).unwrap(),
        };
        let bytes = &bytes[..bytes.len().min(8000)];
        let format = Format::named(format).unwrap();
        for cut in (0..bytes.len()).step_by(37) {
            survive(format, &bytes[..cut]);
            survive(format, &bytes[cut..]);
        }
        // A linear congruential generator is random enough to spread what is put in.
        let mut random: u64 = 1;
        for _ in 0..300 {
            let mut broken = bytes.to_vec();
            for _ in 0..20 {
                random = random
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let place = (random >> 33) as usize % broken.len();
                broken[place] = b"[](){}:.,-9\0\xff GsT\n"[(random >> 20) as usize % 18];
            }
            survive(format, &broken);
        }
    }
}
