//! Go's gctrace.

use suspicion::trace::Clock;

use super::{facts, pauses, words};
use crate::trace_files::reading;

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
