use super::{CLIENT, SERVER, capture, ip, udp};
use crate::trace_files::faults;
use crate::traces_network::{named, read_text, sample};

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
    assert_eq!(
        faults(&reading.report),
        [
            ("a fragment of a packet", 2, 2),
            ("a packet that is cut before its ports", 3, 5),
            ("a segment that is cut before its flags", 1, 6),
            ("a segment with an impossible header", 1, 7),
        ]
    );
    assert_eq!((reading.report.records, reading.report.passed_over), (1, 1));
    let reading = read_text(&capture(147, &packets), Some(named("pcap")));
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
