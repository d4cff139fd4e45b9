//! Unified logs of virtual machines.

use suspicion::trace::Clock;

use super::{MILLI, SECOND, facts, longer, pauses, words};
use crate::trace_files::{faults, reading, text};

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
    assert_eq!(
        faults(&reading.report),
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
