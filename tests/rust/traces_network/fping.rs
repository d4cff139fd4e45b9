use suspicion::trace::{Clock, MISSING, Options};

use super::{delays, note, outcomes, read_sample, read_text, sample, summary};
use crate::trace_files::faults;

type Fact = (
    &'static str,
    usize,
    usize,
    i64,
    i64,
    &'static [&'static str],
);

/// Name; answers; losses; sum and maximum in nanoseconds; targets.
#[rustfmt::skip]
const FACTS: [Fact; 12] = [
    ("fping_6_D_C40.stdout.txt", 39, 1, 809_200_000, 25_500_000, &["2001:db8::2"]),
    ("fping_6_D_C40.stderr.txt", 39, 1, 809_200_000, 25_500_000, &["2001:db8::2"]),
    ("fping_DA_names.stdout.txt", 29, 1, 591_800_000, 25_800_000, &["node-b (192.0.2.2)"]),
    ("fping_DA_names.stderr.txt", 29, 1, 591_800_000, 25_800_000, &["node-b (192.0.2.2)"]),
    ("fping_D_C50.stdout.txt", 24, 26, 414_600_000, 19_800_000, &["192.0.2.2"]),
    ("fping_D_C50.stderr.txt", 24, 26, 414_600_000, 19_800_000, &["192.0.2.2"]),
    ("fping_D_C50_two_targets_one_unreachable.stdout.txt", 23, 77, 401_700_000, 19_600_000, &["192.0.2.2", "192.0.2.77"]),
    ("fping_D_C50_two_targets_one_unreachable.stderr.txt", 23, 77, 401_700_000, 19_600_000, &["192.0.2.2", "192.0.2.77"]),
    ("fping_D_icmp_errors.stdout.txt", 0, 30, 0, 0, &["198.51.100.9", "198.51.100.70", "198.51.100.150"]),
    ("fping_D_icmp_errors.stderr.txt", 0, 30, 0, 0, &["198.51.100.9", "198.51.100.70", "198.51.100.150"]),
    // fping itself counts 229: it takes the second answer to probe 61, after 26.4 ms, for another.
    ("fping_D_l_two_targets.stdout.txt", 228, 10, 4_742_100_000, 38_900_000, &["192.0.2.2", "203.0.113.3"]),
    ("fping_c40_t18_late.stdout.txt", 13, 47, 202_200_000, 17_700_000, &["192.0.2.2"]),
];

#[test]
fn real_logs_have_their_answers_and_losses_on_either_stream() {
    for (name, ok, timeout, sum, most, targets) in FACTS {
        let reading = read_sample(&format!("fping/{name}"), Options::default()).unwrap();
        let (delays, _) = delays(reading, "fping");
        assert_eq!(summary(&delays), (ok, sum, most), "{name}");
        assert_eq!(outcomes(&delays, "ok"), ok, "{name}");
        assert_eq!(outcomes(&delays, "timeout"), timeout, "{name}");
        assert_eq!(delays.target.names(), targets, "{name}");
        let stamped =
            name.contains("_D") && name.contains("stdout") || name.contains("_6_D_C40.stdout");
        let clock = if stamped { Clock::Unix } else { Clock::None };
        assert_eq!(delays.clock, clock, "{name}");
    }
}

#[test]
fn both_streams_in_one_file_count_each_probe_once() {
    for (name, answers, sent) in [("fping_D_C50", 24, 0), ("fping_D_l_two_targets", 228, 239)] {
        let stream = |end: &str| std::fs::read(sample(&format!("fping/{name}.{end}.txt"))).unwrap();
        let (out, err) = (stream("stdout"), stream("stderr"));
        for text in [[out.clone(), err.clone()].concat(), [err, out].concat()] {
            let (delays, report) = delays(read_text(&text, None).unwrap(), "fping");
            assert_eq!(summary(&delays).0, answers, "{name}");
            // Its own totals, 120 + 119 probes in the second.
            assert_eq!(note(&report, "sent, as fping says"), sent, "{name}");
        }
    }
}

#[test]
fn a_probe_was_sent_its_delay_before_the_stamp() {
    let reading = read_sample("fping/fping_6_D_C40.stdout.txt", Options::default()).unwrap();
    let (delays, _) = delays(reading, "fping");
    // [1795429354.88614] 2001:db8::2 : [0], 64 bytes, 16.8 ms
    assert_eq!(delays.sent[0], 1_795_429_354_886_140_000 - 16_800_000);
    let lost = delays
        .delay
        .iter()
        .position(|delay| *delay == MISSING)
        .unwrap();
    assert_eq!((delays.number[lost], delays.sent[lost]), (30, MISSING));
}

#[test]
fn totals_alone_are_refused() {
    let error = read_sample("fping/fping_l_Q2.stderr.txt", Options::default()).unwrap_err();
    assert!(error.to_string().contains("averages only"), "{error}");
}

#[test]
fn a_second_answer_in_a_loop_is_a_duplicate() {
    let answer = |number: i64, delay: i64| {
        format!("a : [{number}], 64 bytes, {delay}.0 ms (1.0 avg, 0% loss)\n")
    };
    let mut text = String::new();
    for number in 0..300 {
        // Each is answered again, much later.
        text += &answer(number, 1);
        text += &answer((number - 100).max(0), 101);
    }
    text += "a : [301], 64 bytes, 1.0 ms (1.0 avg, 120% return)\n";
    let (delays, report) = delays(read_text(text.as_bytes(), None).unwrap(), "fping");
    assert_eq!(note(&report, "duplicates"), 300);
    assert_eq!(summary(&delays), (301, 301_000_000, 1_000_000));
}

#[test]
fn every_shape_of_line_is_known() {
    let text = b"a : [0], 84 bytes, 0.03 ms (0.03 avg, 0% loss) [<- 10.0.0.9]\n\
        a : duplicate for [0], 84 bytes, 0.05 ms\n\
        b b : [0], timed out (NaN avg, 100% loss)\n\
        ICMP Host Unreachable from 10.0.0.254 for ICMP Echo sent to b\n\
        a : error while sending ping: No route to host\n\
        [10:22:36]\n\
        a : [1], 84 bytes, 0.0x ms (0.03 avg, 0% loss)\n\
        a : [2], 84 bytes, 0.04 ms (0.03\n\
        a : [], timed out (NaN avg, 100% loss)\n\
        [1795429354.8861 a : [3], 84 bytes, 0.04 ms (0.03 avg, 0% loss)\n\
        a : 1.5 - x\n\
        other\n\
        a : xmt/rcv/%loss = 2/1/50%, min/avg/max = 0.03/0.03/0.03\n";
    let reading = read_text(text, None).unwrap();
    assert_eq!(
        faults(&reading.report),
        [
            ("no time in milliseconds", 1, 7),
            ("a line without its end", 1, 8),
            ("no number of a probe", 1, 9),
            ("a stamp without its end", 1, 10),
            ("not a line of fping", 2, 11),
        ]
    );
    assert_eq!(note(&reading.report, "duplicates"), 1);
    assert_eq!(note(&reading.report, "errors from routers"), 2);
    assert_eq!(reading.report.records, 2);
}
