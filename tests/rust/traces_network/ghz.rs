use suspicion::trace::{MISSING, Options};

use super::{delays, note, outcomes, read_sample, read_text, summary};
use crate::trace_files::faults;

#[test]
fn given_load_tests_have_their_calls() {
    let read = |name: &str| {
        let reading = read_sample(&format!("given/network/{name}.json"), Options::default());
        delays(reading.unwrap(), "ghz")
    };
    let (delays, report) = read("ghz_pretty");
    assert_eq!(summary(&delays), (191, 6_360_517_960, 62_984_994));
    // The tool counts 200 and wrote 191.
    assert_eq!(
        (report.records, note(&report, "calls, as ghz says")),
        (191, 200)
    );
    assert_eq!(
        (outcomes(&delays, "OK"), outcomes(&delays, "Internal")),
        (182, 5)
    );
    let mut sorted = delays.delay.clone();
    sorted.sort_unstable();
    assert_eq!(sorted[95], 31_924_490);
    // 2018-12-17T16:52:55.73693-04:00 by `date`, less the latency.
    assert_eq!(delays.sent[0], 1_545_079_975_736_930_000 - 31_371_720);
    assert_eq!(delays.target.names(), ["helloworld.Greeter.SayHello"]);

    let (delays, report) = read("ghz_SayHellos_report4");
    assert_eq!(summary(&delays), (200, 29_758_070_541, 206_128_549));
    assert_eq!(note(&report, "calls, as ghz says"), 200);
    // A stamp is that of the end: the 50 workers all began within 3 ms, and the first calls ended
    // over 61 ms.
    let mut sent = delays.sent.clone();
    sent.sort_unstable();
    assert!(sent[49] - sent[0] < 3_000_000, "{}", sent[49] - sent[0]);
}

#[test]
fn a_call_without_an_answer_has_no_delay_and_a_bad_one_is_counted() {
    let text = br#"{"count": 5, "endReason": "normal", "rps": 1, "fastest": 1,
        "options": {"call": "a.B.C", "data": [[{"x": 1e400}]]},
        "details": [
        {"timestamp": "2026-11-23T10:24:10Z", "latency": 5, "error": "", "status": "OK", "new": {}},
        {"timestamp": "2026-11-23T10:24:10Z", "latency": 7, "status": "DeadlineExceeded"},
        {"timestamp": "2026-11-23T10:24:10Z", "latency": "x"},
        {"timestamp": "2026-11-23", "latency": 5}, {}]}"#;
    let text = String::from_utf8_lossy(text).replace("1e400", "1e40");
    let reading = read_text(text.as_bytes(), None).unwrap();
    assert_eq!(
        faults(&reading.report),
        [
            ("a call without its latency", 2, 3),
            ("a call without its time", 1, 4)
        ]
    );
    let suspicion::trace::Trace::Delays(delays) = reading.trace else {
        panic!();
    };
    assert_eq!(delays.delay, [5, MISSING]);
    assert_eq!(
        delays.sent,
        [1_795_429_450_000_000_000 - 5, 1_795_429_450_000_000_000 - 7]
    );
}

#[test]
fn a_summary_alone_is_refused() {
    let text = br#"{"count": 5, "endReason": "normal", "rps": 1, "fastest": 1, "details": null}"#;
    let error = read_text(text, None).unwrap_err();
    assert!(error.to_string().contains("averages"), "{error}");
}

#[test]
fn a_table_of_delays_between_regions_is_nobodys() {
    let error = read_sample("given/network/commonware_aws_p50.json", Options::default());
    assert!(
        error
            .unwrap_err()
            .to_string()
            .contains("none of the formats")
    );
}
