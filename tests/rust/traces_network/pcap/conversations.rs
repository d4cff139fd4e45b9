use suspicion::trace::MISSING;

use super::{CLIENT, SERVER, capture, captured, exchanges, tcp, udp};
use crate::traces_network::{named, note, read_text};

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
    let reading = read_text(&capture(101, &packets), Some(named("pcap"))).unwrap();
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
