use suspicion::trace::{Options, Trace};

use super::{delays, outcomes, read_sample, read_text, summary};
use crate::trace_files::faults;

#[test]
fn spans_of_a_collector_are_those_that_the_program_counted() {
    for name in ["otlp_spans.jsonl", "otlp_spans_protobuf_json.jsonl"] {
        let reading = read_sample(&format!("otlp/{name}"), Options::default()).unwrap();
        let (delays, report) = delays(reading, "otlp");
        assert_eq!(report.records, 120, "{name}");
        let names = delays.target.names();
        assert_eq!(
            names,
            ["heartbeats answer", "heartbeats heartbeat"],
            "{name}"
        );
        assert_eq!(outcomes(&delays, "error"), 7, "{name}");
        assert_eq!(outcomes(&delays, "unset"), 113, "{name}");
        for (code, sum, most) in [(0, 350_746_103, 25_701_174), (1, 951_281_695, 92_435_263)] {
            let mut own = delays.clone();
            let mut codes = delays.target.codes().iter();
            own.delay.retain(|_| *codes.next().unwrap() == code);
            assert_eq!(summary(&own), (60, sum, most), "{name}");
        }
        assert_eq!(delays.sent[0], 1_795_429_957_553_762_394, "{name}");
    }
}

#[test]
fn a_service_may_be_named_behind_its_spans_and_times_be_numbers() {
    let text = br#"{"resourceSpans": [
        {"scopeSpans": [{"spans": [
            {"name": "a", "startTimeUnixNano": 1000, "endTimeUnixNano": 1500, "status": {"code": "STATUS_CODE_OK"}},
            {"name": "b", "startTimeUnixNano": "2000", "endTimeUnixNano": "1999"},
            {"name": "c", "startTimeUnixNano": "2000"},
            {"name": "d", "endTimeUnixNano": "2000", "startTimeUnixNano": {}}]}],
         "resource": {"attributes": [{"value": {"stringValue": "cart"}, "key": "service.name"}]}},
        {"instrumentationLibrarySpans": [{"spans": [
            {"name": "e", "startTimeUnixNano": "5", "endTimeUnixNano": "6", "status": {"code": 2}}]}]}]}"#;
    let reading = read_text(text, None).unwrap();
    assert_eq!(
        faults(&reading.report),
        [
            ("a span that ends before it starts", 1, 2),
            ("a span without its end", 1, 3),
            ("a span without its start", 1, 4),
        ]
    );
    let Trace::Delays(delays) = reading.trace else {
        panic!();
    };
    assert_eq!(delays.target.names(), ["cart a", "e"]);
    assert_eq!((delays.sent, delays.delay), (vec![1000, 5], vec![500, 1]));
    assert_eq!(delays.outcome.names(), ["ok", "error"]);
}

#[test]
fn spans_of_jaeger_have_the_services_of_their_processes() {
    let text = br#"{"data": [
        {"traceID": "1", "spans": [
            {"traceID": "1", "spanID": "2", "operationName": "GET /", "references": [], "processID": "p1",
             "startTime": 1795429354000000, "duration": 1250, "logs": [{"fields": []}], "warnings": null,
             "tags": [{"key": "error", "type": "bool", "value": true}, {"key": "error", "value": false}]},
            {"operationName": "SET", "processID": "p2", "startTime": 1795429354000100, "duration": 0,
             "tags": [{"key": "otel.status_code", "value": "OK"}]},
            {"operationName": "SET", "processID": "p3", "startTime": 1795429354000100, "duration": 3, "tags": null},
            {"operationName": "SET", "processID": "p2", "startTime": 1795429354000100},
            {"operationName": "SET", "processID": "p2", "startTime": 9223372036854775807, "duration": 1}],
         "processes": {"p1": {"serviceName": "cart", "tags": []}, "p2": {"serviceName": "redis"}}},
        {"traceID": "2", "processes": {"p1": {"serviceName": "till"}},
         "spans": [{"operationName": "pay", "processID": "p1", "startTime": 1, "duration": 2}]}],
        "total": 0, "limit": 0, "errors": null}"#;
    let reading = read_text(text, None).unwrap();
    assert_eq!(reading.format.name(), "jaeger");
    assert_eq!(
        faults(&reading.report),
        [
            ("a span without its duration", 1, 4),
            ("a span without its start", 1, 5)
        ]
    );
    let Trace::Delays(delays) = reading.trace else {
        panic!();
    };
    assert_eq!(
        delays.target.names(),
        ["cart GET /", "redis SET", "SET", "till pay"]
    );
    assert_eq!(delays.delay, [1_250_000, 0, 3000, 2000]);
    assert_eq!(delays.sent[0], 1_795_429_354_000_000_000);
    assert_eq!(outcomes(&delays, "error"), 1);
}

#[test]
fn json_that_is_none_ends_the_reading_and_keeps_what_came_before() {
    let span = r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"startTimeUnixNano":"1","endTimeUnixNano":"2"}]}]}]}"#;
    for (rest, reason) in [
        (r#"{"resourceSpans":[{"#, "JSON that ends in the middle"),
        ("nonsense", "no JSON"),
        (r#"{"resourceSpans":7}"#, "JSON of another shape"),
        (r#"{"resourceSpans":[[]]}"#, "JSON of another shape"),
        (r#"{"resourceSpans":[{},]}"#, "no JSON"),
        (r#"{"resourceSpans" []}"#, "no JSON"),
        (r#"{"resourceSpans":[}"#, "no JSON"),
        (r#"{"other":[1,2"#, "JSON that ends in the middle"),
        (
            &format!(r#"{{"resourceSpans":{}"#, "[".repeat(200)),
            "JSON that ends in the middle",
        ),
    ] {
        let text = format!("{span}\n{span}\n{rest}");
        let reading = read_text(text.as_bytes(), None).unwrap();
        assert_eq!(reading.report.records, 2, "{rest}");
        assert_eq!(faults(&reading.report), [(reason, 1, 3)], "{rest}");
    }
}
