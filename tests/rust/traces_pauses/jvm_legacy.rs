//! Logs of virtual machines up to version 8.

use suspicion::trace::{Clock, MISSING};

use super::{MILLI, SECOND, facts, longer, pauses, words};
use crate::trace_files::{faults, reading, text};

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
    assert_eq!(report.passed_over, 3);
    assert_eq!(faults(report), [("a stop without its beginning", 1, 4)]);
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
    assert_eq!(
        faults(&reading.report),
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
