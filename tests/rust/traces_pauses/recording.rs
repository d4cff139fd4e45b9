//! The package's own recordings.

use suspicion::trace::{Clock, MISSING, Trace};

use super::{SECOND, pauses, words};
use crate::trace_files::text;

pub const RECORDED_PAUSES: &str = "\
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
