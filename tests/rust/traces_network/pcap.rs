use suspicion::trace::{Capture, Delays, MISSING, Options, Reading, Trace};

use super::{named, note, outcomes, read_sample, read_text, sample, summary};

fn at_port(port: u16) -> Options {
    Options {
        port: Some(port),
        ..Options::default()
    }
}

fn captured(reading: Reading) -> Capture {
    assert_eq!(reading.format.name(), "pcap");
    assert_eq!(reading.report.faults, []);
    let report = &reading.report;
    assert_eq!(report.lines, report.records + report.passed_over);
    match reading.trace {
        Trace::Capture(capture) => capture,
        other => panic!("{}", other.kind()),
    }
}

fn exchanges(reading: Reading) -> Delays {
    assert_eq!(reading.report.faults, []);
    let report = &reading.report;
    assert_eq!(report.lines, report.records + report.passed_over);
    match reading.trace {
        Trace::Delays(delays) => delays,
        other => panic!("{}", other.kind()),
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

/// A capture made by hand: packets of `(microseconds, frame)`.
fn capture(link_type: u32, packets: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let mut text = Vec::new();
    for word in [0xa1b2_c3d4, 0x0002_0004, 0, 0, 65_535, link_type] {
        text.extend(u32::to_be_bytes(word));
    }
    for (at, frame) in packets {
        let length = frame.len() as u32;
        for word in [at / 1_000_000, at % 1_000_000, length, length] {
            text.extend(word.to_be_bytes());
        }
        text.extend(frame);
    }
    text
}

/// An IPv4 packet from one host and port to another.
fn ip(protocol: u8, offset: u16, from: (u8, u16), to: (u8, u16), rest: &[u8]) -> Vec<u8> {
    let length = 24 + rest.len() as u16;
    let mut text = vec![0x45, 0];
    text.extend(length.to_be_bytes());
    text.extend([0, 1]);
    text.extend(offset.to_be_bytes());
    text.extend([64, protocol, 0, 0, 10, 0, 0, from.0, 10, 0, 0, to.0]);
    text.extend(from.1.to_be_bytes());
    text.extend(to.1.to_be_bytes());
    text.extend(rest);
    text
}

fn udp(from: (u8, u16), to: (u8, u16), payload: &[u8]) -> Vec<u8> {
    let mut rest = (8 + payload.len() as u16).to_be_bytes().to_vec();
    rest.extend([0, 0]);
    rest.extend(payload);
    ip(17, 0, from, to, &rest)
}

fn tcp(
    from: (u8, u16),
    to: (u8, u16),
    sequence: u32,
    acknowledged: u32,
    flags: u8,
    size: usize,
) -> Vec<u8> {
    let mut rest = sequence.to_be_bytes().to_vec();
    rest.extend(acknowledged.to_be_bytes());
    rest.extend([0x50, flags, 0, 0, 0, 0, 0, 0]);
    rest.extend(vec![b'x'; size]);
    ip(6, 0, from, to, &rest)
}

const CLIENT: (u8, u16) = (1, 40_000);
const SERVER: (u8, u16) = (2, 53);

#[test]
fn answers_of_another_payload_are_taken_in_order_while_none_is_missing() {
    let ask = |at, number: u8| (at, udp(CLIENT, SERVER, &[b'?', number]));
    let tell = |at, number: u8| (at, udp(SERVER, CLIENT, &[b'!', number, number]));
    let text = capture(
        101,
        &[
            ask(0, 0),
            ask(100, 1),
            tell(150, 0),
            tell(170, 1),
            ask(200, 2),
            tell(230, 2),
        ],
    );
    let delays = exchanges(read_text(&text, None).unwrap());
    assert_eq!(delays.delay, [150_000, 70_000, 30_000]);
    // The second is lost: the answer to the third is not shifted to it.
    let text = capture(
        101,
        &[
            ask(0, 0),
            tell(50, 0),
            ask(100, 1),
            ask(200, 2),
            tell(230, 2),
            ask(300, 3),
            tell(360, 3),
        ],
    );
    let reading = read_text(&text, None).unwrap();
    assert_eq!(
        note(&reading.report, "answers that may be to another request"),
        1
    );
    assert_eq!(exchanges(reading).delay, [50_000, MISSING, 30_000, 60_000]);
}

#[test]
fn members_that_use_one_port_beat_at_each_other() {
    let beat = |at, from: u8, to: u8| (at, udp((from, 7946), (to, 7946), b"beat"));
    let text = capture(
        228,
        &[
            beat(0, 1, 2),
            beat(5, 2, 1),
            beat(100, 1, 2),
            beat(105, 2, 1),
        ],
    );
    let arrivals = captured(read_text(&text, None).unwrap());
    assert_eq!(arrivals.received, [0, 5000, 100_000, 105_000]);
    assert_eq!(arrivals.number, [0, 0, 1, 1]);
    assert_eq!(arrivals.flow.names().len(), 2);
}

#[test]
fn one_stray_answer_does_not_make_a_service_of_a_stream() {
    let mut packets: Vec<_> = (0..30)
        .map(|n| (n * 100, udp(CLIENT, SERVER, &[n as u8])))
        .collect();
    packets.insert(3, (250, udp(SERVER, CLIENT, b"who are you")));
    let reading = read_text(&capture(101, &packets), Some(super::named("pcap"))).unwrap();
    assert_eq!(note(&reading.report, "requests answered"), 1);
    assert_eq!(captured(reading).received.len(), 30);
}

#[test]
fn numbers_of_a_connection_wrap() {
    const SYN: u8 = 0x02;
    const ACK: u8 = 0x10;
    let begin = u32::MAX - 7;
    let ask = |offset: u32, acknowledged| {
        tcp(
            CLIENT,
            SERVER,
            begin.wrapping_add(offset),
            acknowledged,
            ACK,
            10,
        )
    };
    let tell = |sequence, offset: u32, size| {
        tcp(
            SERVER,
            CLIENT,
            sequence,
            begin.wrapping_add(offset),
            ACK,
            size,
        )
    };
    let packets = [
        (0, tcp(CLIENT, SERVER, begin, 0, SYN, 0)),
        (
            5,
            tcp(SERVER, CLIENT, 99, begin.wrapping_add(1), SYN | ACK, 0),
        ),
        (10, ask(1, 100)),
        (20, tell(100, 11, 0)),
        (30, tell(100, 11, 5)),
        // Two at once, the first of them again, and one answer to both.
        (100, ask(11, 105)),
        (110, ask(21, 105)),
        (120, ask(11, 105)),
        (150, tell(105, 31, 5)),
        (151, tell(110, 31, 5)),
        (200, ask(31, 115)),
    ];
    let reading = read_text(&capture(101, &packets), None).unwrap();
    assert_eq!(note(&reading.report, "port"), 53);
    assert_eq!(note(&reading.report, "retransmissions"), 1);
    assert_eq!(note(&reading.report, "answers to no request"), 1);
    let delays = exchanges(reading);
    assert_eq!(delays.sent, [10_000, 100_000, 110_000, 200_000]);
    assert_eq!(delays.delay, [20_000, 50_000, 40_000, MISSING]);
}

#[test]
fn what_is_no_message_is_passed_over_or_counted() {
    let mut short = udp(CLIENT, SERVER, b"cut");
    short.truncate(22);
    let packets = [
        (0, udp(CLIENT, SERVER, b"a")),
        (1, ip(17, 0x2000, CLIENT, SERVER, &[0; 20])),
        (2, ip(17, 0x0010, CLIENT, SERVER, &[0; 20])),
        (3, ip(1, 0, CLIENT, SERVER, &[0; 20])),
        (4, short),
        (5, ip(6, 0, CLIENT, SERVER, &[0; 6])),
        (6, ip(6, 0, CLIENT, SERVER, &[0; 20])),
        (7, vec![0x45]),
        (8, vec![]),
    ];
    let reading = read_text(&capture(101, &packets), None).unwrap();
    let faults: Vec<_> = reading
        .report
        .faults
        .iter()
        .map(|fault| (fault.reason, fault.count, fault.line))
        .collect();
    assert_eq!(
        faults,
        [
            ("a fragment of a packet", 2, 2),
            ("a packet that is cut before its ports", 3, 5),
            ("a segment that is cut before its flags", 1, 6),
            ("a segment with an impossible header", 1, 7),
        ]
    );
    assert_eq!((reading.report.records, reading.report.passed_over), (1, 1));
    let reading = read_text(&capture(147, &packets), Some(super::named("pcap")));
    assert!(
        reading
            .unwrap_err()
            .to_string()
            .contains("a link layer that is not known")
    );
}

#[test]
fn a_capture_that_breaks_off_keeps_what_it_has() {
    let text = capture(
        101,
        &[
            (0, udp(CLIENT, SERVER, b"a")),
            (9, udp(CLIENT, SERVER, b"b")),
        ],
    );
    let reading = read_text(&text[..text.len() - 1], None).unwrap();
    assert_eq!(reading.report.records, 1);
    assert_eq!(
        reading.report.faults[0].reason,
        "a capture that ends in the middle of a block"
    );
    let mut huge = text.clone();
    huge[24 + 8] = 0x7f;
    let error = read_text(&huge, None).unwrap_err();
    assert!(error.to_string().contains("in the middle"), "{error}");
}

#[test]
fn a_block_that_is_shorter_than_its_own_heading_ends_the_reading() {
    let bytes = std::fs::read(sample("pcap/udp_heartbeats.pcapng")).unwrap();
    let whole = read_text(&bytes, Some(named("pcap"))).unwrap().report;
    for length in 0..12_u32 {
        // A block that names the process: of a kind that asks for no more than its length.
        let mut short = bytes.clone();
        short.extend(0x8000_0001_u32.to_le_bytes());
        short.extend(length.to_le_bytes());
        short.extend([0; 16]);
        let found = read_text(&short, Some(named("pcap"))).unwrap().report;
        assert_eq!(
            (found.records, found.faulty()),
            (whole.records, 1),
            "{length}"
        );
    }
}
