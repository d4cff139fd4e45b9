use suspicion::trace::{Clock, MISSING, Options};

use super::{delays, named, note, outcomes, read_sample, read_text, summary};
use crate::trace_files::faults;

type Fact = (
    &'static str,
    usize,
    usize,
    usize,
    u64,
    u64,
    i64,
    i64,
    u64,
    u64,
);

/// Name; answers; given up; refused; duplicates; late answers; sum and maximum in nanoseconds; what
/// ping says that it sent and received.
#[rustfmt::skip]
const FACTS: [Fact; 15] = [
    ("busybox_ping.txt", 30, 0, 0, 1, 0, 588_804_000, 25_655_000, 30, 30),
    ("ping_6_D.txt", 97, 0, 0, 0, 0, 1_979_300_000, 29_000_000, 100, 97),
    ("ping_DO_net_unreachable_from_router.txt", 0, 7, 4, 0, 0, 0, 0, 12, 0),
    ("ping_DO_no_answer_yet.txt", 147, 3, 0, 6, 0, 3_088_300_000, 30_100_000, 150, 147),
    ("ping_DO_stall.txt", 188, 12, 0, 1, 32, 23_755_300_000, 1_229_000_000, 200, 188),
    ("ping_DU.txt", 35, 0, 0, 0, 0, 710_300_000, 26_400_000, 40, 35),
    ("ping_D_host_unreachable.txt", 0, 0, 6, 0, 0, 0, 0, 6, 0),
    ("ping_D_killed.txt", 89, 0, 0, 2, 0, 1_867_600_000, 29_200_000, 0, 0),
    ("ping_D_loss_duplicates.txt", 191, 0, 0, 5, 0, 3_986_400_000, 31_500_000, 200, 191),
    ("ping_D_packet_filtered.txt", 0, 0, 3, 0, 0, 0, 0, 6, 0),
    ("ping_D_ttl_exceeded.txt", 0, 0, 6, 0, 0, 0, 0, 6, 0),
    ("ping_Dv.txt", 57, 2, 0, 1, 0, 1_144_800_000, 28_100_000, 60, 57),
    ("ping_O_all_lost.txt", 0, 5, 0, 0, 0, 0, 0, 6, 0),
    ("ping_n.txt", 94, 0, 0, 3, 0, 1_856_100_000, 29_100_000, 100, 94),
    ("ping_names_loss_duplicates.txt", 189, 0, 0, 6, 0, 3_855_500_000, 28_300_000, 200, 189),
];

#[test]
fn real_logs_have_their_answers_losses_and_duplicates() {
    for (name, ok, timeout, unreachable, duplicates, late, sum, most, sent, received) in FACTS {
        let reading = read_sample(&format!("ping/{name}"), Options::default()).unwrap();
        let (delays, report) = delays(reading, "ping");
        assert_eq!(summary(&delays), (ok, sum, most), "{name}");
        assert_eq!(outcomes(&delays, "ok"), ok, "{name}");
        assert_eq!(outcomes(&delays, "timeout"), timeout, "{name}");
        assert_eq!(outcomes(&delays, "unreachable"), unreachable, "{name}");
        assert_eq!(report.records as usize, delays.delay.len(), "{name}");
        assert_eq!(note(&report, "duplicates"), duplicates, "{name}");
        assert_eq!(note(&report, "late answers"), late, "{name}");
        assert_eq!(note(&report, "sent, as ping says"), sent, "{name}");
        assert_eq!(note(&report, "received, as ping says"), received, "{name}");
        assert_eq!(delays.target.names().len(), 1, "{name}");
        let stamped = name.contains("_D") || name.contains("_6_D");
        let clock = if stamped { Clock::Unix } else { Clock::None };
        assert_eq!(delays.clock, clock, "{name}");
    }
}

#[test]
fn a_probe_was_sent_its_delay_before_the_stamp() {
    let reading = read_sample("ping/ping_6_D.txt", Options::default()).unwrap();
    let (delays, _) = delays(reading, "ping");
    // [1795428673.833547] ... time=23.5 ms
    assert_eq!(delays.sent[0], 1_795_428_673_833_547_000 - 23_500_000);
    assert_eq!(delays.number[0], 1);
    assert_eq!(delays.target.names(), ["node-b6"]);
}

#[test]
fn a_log_without_times_says_so() {
    let error = read_sample("ping/ping_D_s8_no_time.txt", Options::default()).unwrap_err();
    assert!(
        error.to_string().contains("an answer without its time"),
        "{error}"
    );
    let error = read_sample("ping/ping_q_summary_only.txt", Options::default()).unwrap_err();
    assert!(error.to_string().contains("averages only"), "{error}");
    assert!(
        error.to_string().contains("ping_q_summary_only.txt"),
        "{error}"
    );
}

#[test]
fn numbers_are_counted_on_where_sixteen_bits_end() {
    let mut text = String::from("PING a (10.0.0.1) 56(84) bytes of data.\n");
    let mut expected = Vec::new();
    for number in (65_530..65_545).chain(131_070..131_075) {
        let written = number % 65_536;
        expected.push(number);
        text += &format!("64 bytes from 10.0.0.1: icmp_seq={written} ttl=64 time=1.25 ms\n");
        if number == 65_544 {
            // Six hundred and more without an answer, one of them late.
            for gap in (65_545..131_070).step_by(600) {
                text += &format!("no answer yet for icmp_seq={}\n", gap % 65_536);
                expected.push(gap);
            }
        }
    }
    let (delays, _) = delays(read_text(text.as_bytes(), None).unwrap(), "ping");
    assert_eq!(delays.number, expected);
}

#[test]
fn runs_in_one_log_never_share_a_number() {
    let run = |numbers: &[u32], sent: u32| {
        let mut text = String::from("PING a (10.0.0.1): 56 data bytes\n");
        for number in numbers {
            text += &format!("64 bytes from 10.0.0.1: seq={number} ttl=64 time=1.5 ms\n");
        }
        text + &format!(
            "\n--- a ping statistics ---\n{sent} packets transmitted, 0 packets received\n"
        )
    };
    let text = run(&[0, 1, 3], 6) + &run(&[1, 2], 4) + &run(&[0], 1);
    let (delays, report) = delays(read_text(text.as_bytes(), None).unwrap(), "ping");
    assert_eq!(delays.number, [0, 1, 3, 7, 8, 10]);
    assert_eq!(note(&report, "sent, as ping says"), 11);
}

#[test]
fn every_shape_of_line_is_known() {
    let text = b"PING 10.0.0.1 (10.0.0.1): 56 data bytes\n\
        64 bytes from 10.0.0.1: icmp_seq=0 ttl=64 time=0.025 ms\n\
        Request timeout for icmp_seq 1\n\
        92 bytes from 10.0.0.254: Destination Host Unreachable\n\
        Vr HL TOS  Len   ID Flg  off TTL Pro  cks      Src      Dst\n\
        \x20 4  5  00 5400 2b5d   0 0000  3f  01 0000 10.0.0.2  10.0.0.1\n\
        From 10.0.0.254 icmp_seq=2 Redirect Host(New nexthop: 10.0.0.9)\n\
        From 10.0.0.254 icmp_seq=2 Destination Host Unreachable\n\
        no answer yet for icmp_seq=2\n\
        64 bytes from 10.0.0.1: icmp_seq=3 ttl=64 time=1,5 ms\n\
        64 bytes from 10.0.0.1: icmp_seq=4 ttl=64 time=1.5 s\n\
        64 bytes from 10.0.0.1: icmp_seq=x ttl=64 time=1.5 ms\n\
        [x] 64 bytes from 10.0.0.1: icmp_seq=5 ttl=64 time=1.5 ms\n\
        64 bytes from 10.0.0.1: icmp_seq=6 tt\n\
        something else\n\
        --- 10.0.0.1 ping statistics ---\n\
        7 packets transmitted, 2 packets received, 71.4% packet loss\n";
    let reading = read_text(text, None).unwrap();
    assert_eq!(
        faults(&reading.report),
        [
            ("a time that is not in milliseconds", 1, 11),
            ("no number of a probe", 1, 12),
            ("a stamp that is no number", 1, 13),
            ("an answer without its time", 1, 14),
            ("not a line of ping", 1, 15),
        ]
    );
    assert_eq!(note(&reading.report, "refusals without a number"), 1);
    let suspicion::trace::Trace::Delays(delays) = reading.trace else {
        panic!();
    };
    assert_eq!(delays.number, [0, 1, 2, 3]);
    assert_eq!(delays.delay, [25_000, MISSING, MISSING, 1_500_000]);
    assert_eq!(outcomes(&delays, "unreachable"), 1);
}

#[test]
fn windows_numbers_nothing_and_is_counted() {
    let text = b"\r\nPinging node-b [10.0.0.1] with 32 bytes of data:\r\n\
        Reply from 10.0.0.1: bytes=32 time=12ms TTL=54\r\n\
        Reply from 10.0.0.1: bytes=32 time<1ms TTL=54\r\n\
        Request timed out.\r\n\
        Reply from 10.0.0.254: Destination host unreachable.\r\n\r\n\
        Ping statistics for 10.0.0.1:\r\n\
        \x20   Packets: Sent = 4, Received = 3, Lost = 1 (25% loss),\r\n\
        Approximate round trip times in milli-seconds:\r\n\
        \x20   Minimum = 0ms, Maximum = 12ms, Average = 6ms\r\n";
    for format in [None, Some(named("ping"))] {
        let (delays, report) = delays(read_text(text, format).unwrap(), "ping");
        assert_eq!(delays.number, [0, 1, 2, 3]);
        assert_eq!(delays.delay, [12_000_000, 1_000_000, MISSING, MISSING]);
        assert_eq!(delays.target.names(), ["node-b"]);
        assert_eq!(outcomes(&delays, "unreachable"), 1);
        assert_eq!(note(&report, "received, as ping says"), 3);
    }
}
