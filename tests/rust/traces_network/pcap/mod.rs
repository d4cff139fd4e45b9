//! Captures of packets: recorded ones, and some made by hand.

mod conversations;
mod damaged;
mod recorded;

use suspicion::trace::{Capture, Delays, Reading, Trace};

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
