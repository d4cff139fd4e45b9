use suspicion::trace::Options;

use super::{captured, exchanges};
use crate::traces_network::{note, outcomes, read_sample, summary};

fn at_port(port: u16) -> Options {
    Options {
        port: Some(port),
        ..Options::default()
    }
}

/// Name; heartbeats; first and last, longest gap, in nanoseconds; unit. By tshark 4.0.
#[rustfmt::skip]
const HEARTBEATS: [(&str, usize, i64, i64, i64, &str); 10] = [
    ("udp_heartbeats.pcapng", 297, 1_795_429_450_755_487_239, 1_795_429_456_740_007_346, 60_891_434, "ns"),
    ("udp_heartbeats_ns.pcap", 297, 1_795_429_450_755_487_239, 1_795_429_456_740_007_346, 60_891_434, "ns"),
    ("udp_heartbeats_us.pcap", 297, 1_795_429_450_755_487_000, 1_795_429_456_740_007_000, 60_892_000, "us"),
    ("udp_heartbeats_sll1.pcap", 297, 1_795_429_450_755_487_000, 1_795_429_456_740_007_000, 60_892_000, "us"),
    ("udp_heartbeats_sll2.pcap", 297, 1_795_429_450_755_487_000, 1_795_429_456_740_007_000, 60_892_000, "us"),
    ("udp_heartbeats_snaplen40.pcap", 297, 1_795_429_450_755_487_000, 1_795_429_456_740_007_000, 60_892_000, "us"),
    ("udp_heartbeats_at_sender.pcap", 300, 1_795_429_450_744_603_000, 1_795_429_456_724_842_000, 23_231_000, "us"),
    ("udp_heartbeats_6.pcap", 290, 1_795_429_450_455_817_000, 1_795_429_456_433_803_000, 44_573_000, "us"),
    ("udp_heartbeats_vlan10.pcap", 200, 1_795_429_592_980_184_000, 1_795_429_596_960_300_000, 29_583_000, "us"),
    ("udp_heartbeats_qinq.pcap", 200, 1_795_429_600_599_884_000, 1_795_429_604_575_646_000, 25_577_000, "us"),
];

#[test]
fn heartbeats_that_nobody_answers_arrive_when_tshark_says() {
    for (name, count, first, last, gap, unit) in HEARTBEATS {
        // The port is found, since most packets went to it.
        for port in [None, Some(7001), Some(7005)] {
            if port == Some(7001) && name.contains("_6.")
                || port == Some(7005) && !name.contains("_6.")
            {
                continue;
            }
            let options = Options {
                port,
                ..Options::default()
            };
            let arrivals = captured(read_sample(&format!("pcap/{name}"), options).unwrap());
            let received = &arrivals.received;
            assert_eq!(received.len(), count, "{name}");
            assert_eq!((received[0], received[count - 1]), (first, last), "{name}");
            let longest = received.windows(2).map(|pair| pair[1] - pair[0]).max();
            assert_eq!(longest, Some(gap), "{name}");
            assert_eq!(arrivals.number, Vec::from_iter(0..count as i64), "{name}");
            assert!(arrivals.size.iter().all(|size| *size == 16), "{name}");
            assert_eq!(
                (arrivals.unit, arrivals.flow.names().len()),
                (unit, 1),
                "{name}"
            );
        }
    }
}

#[test]
fn flows_are_named_by_both_ends() {
    let six = captured(read_sample("pcap/udp_heartbeats_6.pcap", at_port(7005)).unwrap());
    assert_eq!(
        six.flow.names(),
        ["[2001:db8::1]:52465 > [2001:db8::2]:7005 udp"]
    );
    let reading = read_sample(
        "pcap/udp_heartbeats_two_interfaces.pcapng",
        Options::default(),
    )
    .unwrap();
    assert_eq!(note(&reading.report, "port"), 7007);
    let two = captured(reading);
    let count = |code| two.flow.codes().iter().filter(|own| **own == code).count();
    assert_eq!(
        two.flow.names(),
        [
            "192.0.2.2:54544 > 192.0.2.2:7007 udp",
            "192.0.2.1:41824 > 192.0.2.2:7007 udp"
        ]
    );
    assert_eq!([count(0), count(1)], [100, 198]);
}

#[test]
fn tcp_heartbeats_count_once_however_often_they_are_sent() {
    // Segments with a byte that was not seen before, by a set of all numbers of bytes.
    for (name, port, new, again) in [
        ("tcp_heartbeats.pcap", 7002, 298, 2),
        ("mixed_all_streams.pcapng.gz", 7002, 298, 5),
    ] {
        let reading = read_sample(&format!("pcap/{name}"), at_port(port)).unwrap();
        assert_eq!(note(&reading.report, "retransmissions"), again, "{name}");
        assert_eq!(captured(reading).received.len(), new, "{name}");
    }
}

#[test]
fn an_echo_over_udp_is_matched_by_what_is_in_it() {
    for (name, sum, most) in [
        ("udp_echo.pcap", 6_512_443_000, 36_029_000),
        ("mixed_all_streams.pcapng.gz", 6_512_451_476, 36_028_980),
    ] {
        let reading = read_sample(&format!("pcap/{name}"), at_port(7003)).unwrap();
        // 290 answers to 282 of 300 requests: eight came twice.
        assert_eq!(note(&reading.report, "answers to no request"), 8);
        assert_eq!(note(&reading.report, "requests answered"), 282);
        let delays = exchanges(reading);
        assert_eq!(summary(&delays), (282, sum, most), "{name}");
        assert_eq!(
            (delays.delay.len(), outcomes(&delays, "timeout")),
            (300, 18)
        );
        assert_eq!(
            delays.target.names(),
            ["192.0.2.1:48754 > 192.0.2.2:7003 udp"]
        );
    }
}

#[test]
fn every_request_over_tcp_is_answered_in_the_end() {
    // By the numbers in the payloads: 300 requests, all answered, the echoes up to 13 in a segment.
    for (name, port, sum, most, again) in [
        ("tcp_echo.pcap", 7004, 18_884_970_000, 329_407_000, 8),
        ("tcp_echo_6.pcapng.gz", 7006, 23_368_433_761, 531_110_545, 8),
        (
            "mixed_all_streams.pcapng.gz",
            7006,
            23_368_433_761,
            531_110_545,
            8,
        ),
    ] {
        let reading = read_sample(&format!("pcap/{name}"), at_port(port)).unwrap();
        assert_eq!(note(&reading.report, "retransmissions"), again, "{name}");
        assert_eq!(summary(&exchanges(reading)), (300, sum, most), "{name}");
    }
}
