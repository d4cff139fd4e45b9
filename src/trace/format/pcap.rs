//! Captures of packets: pcap and pcapng, as `tcpdump`, `dumpcap` and Wireshark write them.
//!
//! pcap in both orders of bytes, with microseconds or nanoseconds; pcapng with any number of sections,
//! interfaces and resolutions (draft-ietf-opsawg-pcap and -pcapng).
//!
//! What is looked for is a service at a port: packets to it are requests, or heartbeats, and packets
//! from it answers. Without `options.port` it is the port that most packets with data were sent to by
//! those who began a conversation, which goes into the notes. Two endpoints, a transport and an interface make a flow.
//!
//! * TCP: data that is sent for the first time is a request, each segment for itself; what is sent
//!   again counts in the notes. Where as many bytes come back as went, the service is taken for an echo, and a
//!   request is answered when its last byte comes back. Otherwise the first data from the service that
//!   acknowledges a request is its answer; if it acknowledges several, all but the first may have been
//!   answered later, which is counted in the notes.
//! * UDP: an echo answers the request of equal payload (length and first 64 bytes). Other answers of a
//!   flow are taken in order, the first to the first request, if there are as many as requests. If some
//!   are missing, an answer is to the newest request; where others were open too, it may have been to one of
//!   those, which is counted in the notes.
//!
//! If fewer than a tenth of the requests was answered, it is heartbeats that nobody answers: the
//! result is [`Capture`](crate::trace::Capture) instead of delays. An answer that was still under way
//! when the capture ended is missing as a lost one is.
//!
//! Fragments, packets cut before their ports, and unknown link layers are faults; packets of other
//! services and protocols, answers and bare acknowledgements are passed over. The same flow seen on
//! several interfaces is taken from the one with most packets.

use std::cell::RefCell;
use std::io::{self, Read};
use std::rc::Rc;

use pcap_parser::traits::{PcapNGPacketBlock, PcapReaderIterator};
use pcap_parser::{
    Block, LegacyPcapReader, OptionCode, PcapBlockOwned, PcapError, PcapHeader, PcapNGReader,
};

use crate::trace::exchange::Exchange;
use crate::trace::input::Input;
use crate::trace::line_format::first_fault;
use crate::trace::packet::dissect;
use crate::trace::read::{Options, Trace};
use crate::trace::report::{Fault, Report};
use crate::{Cancel, Error, memory};

/// How much is held at first, and at most: a block must fit into it.
const HELD: usize = if cfg!(fuzzing) { 1 << 12 } else { 1 << 18 };
const MOST_HELD: usize = 1 << 24;

/// So many packets are read between two looks at whether to stop.
const BETWEEN_LOOKS: u64 = 4096;

/// A packet takes no more memory than this, in bytes, until all is matched.
const PACKET: u64 = 256;

/// So many interfaces of a section are told apart.
const INTERFACES: usize = 1 << 12;

/// How sure the beginning of a file makes it that this is a capture.
pub fn sure(head: &[u8]) -> u8 {
    let legacy: [&[u8]; 4] = [
        b"\xd4\xc3\xb2\xa1",
        b"\xa1\xb2\xc3\xd4",
        b"\x4d\x3c\xb2\xa1",
        b"\xa1\xb2\x3c\x4d",
    ];
    let section = head.starts_with(b"\x0a\x0d\x0d\x0a")
        && matches!(
            head.get(8..12),
            Some(b"\x4d\x3c\x2b\x1a" | b"\x1a\x2b\x3c\x4d")
        );
    if section || legacy.iter().any(|magic| head.starts_with(magic)) {
        100
    } else {
        0
    }
}

/// Reads the requests to a service and when they were answered.
///
/// # Errors
///
/// [`Error::Trace`] if it is no capture, and at the first fault if `options` are strict;
/// [`Error::System`] if the input cannot be read; [`Error::Memory`]; [`Error::Cancelled`].
pub fn read(
    input: Input<'_>,
    options: &Options,
    cancel: &Cancel,
) -> Result<(Trace, Report), Error> {
    let name = input.name().to_owned();
    let failed = Rc::new(RefCell::new(None));
    let mut source = Whole {
        source: input,
        failed: Rc::clone(&failed),
    };
    let mut magic = Vec::new();
    let opened = source.by_ref().take(4).read_to_end(&mut magic);
    opened.map_err(|error| Error::file(&name, &error))?;
    let sections = magic == [0x0a, 0x0d, 0x0d, 0x0a];
    let source = Whole {
        source: io::Cursor::new(magic).chain(source),
        failed: Rc::clone(&failed),
    };
    let reader: Result<Box<dyn PcapReaderIterator>, _> = if sections {
        PcapNGReader::new(HELD, source).map(|reader| Box::new(reader) as _)
    } else {
        LegacyPcapReader::new(HELD, source).map(|reader| Box::new(reader) as _)
    };
    let no_capture = || Error::trace(&name, "is no capture of packets");
    let mut reader = reader.map_err(|_| no_capture())?;
    let mut capture = Capture {
        port: options.port,
        sections,
        ..Capture::default()
    };
    loop {
        match next(reader.as_mut(), &mut capture) {
            Ok(true) => {}
            Ok(false) => break,
            Err(fault) => {
                if let Some(error) = failed.take() {
                    return Err(Error::file(&name, &error));
                }
                capture.report.lines += 1;
                capture.fault(fault);
                break;
            }
        }
        if options.strict && !capture.report.faults.is_empty() {
            break;
        }
        let number = capture.report.lines;
        if number.is_multiple_of(BETWEEN_LOOKS) {
            cancel.advance(BETWEEN_LOOKS)?;
            if number.is_power_of_two() {
                memory::admit("source", &name, number * PACKET)?;
            }
        }
    }
    if options.strict && !capture.report.faults.is_empty() {
        return Err(first_fault(&name, &capture.report));
    }
    let unit = if capture.nanoseconds { "ns" } else { "us" };
    let mut report = capture.report;
    let trace = capture.exchange.finish(options.port, unit, &mut report);
    Ok((trace, report))
}

/// A block of pcapng has its kind and, twice, its length.
const SHORTEST_BLOCK: u32 = 12;

/// Takes the next block in; whether there was one.
fn next(reader: &mut dyn PcapReaderIterator, capture: &mut Capture) -> Result<bool, Fault> {
    loop {
        let held = reader.data().len();
        if capture.is_too_short(reader.data()) {
            return Err(Fault::new(
                "a block that cannot be read; the rest is left",
                0,
            ));
        }
        let wanted = match reader.next() {
            Ok((length, block)) => {
                capture.block(block);
                reader.consume(length);
                return Ok(true);
            }
            Err(PcapError::Eof) => return Ok(false),
            Err(PcapError::UnexpectedEof) if held == 0 => return Ok(false),
            Err(PcapError::UnexpectedEof) => {
                return Err(Fault::new(
                    "a capture that ends in the middle of a block",
                    0,
                ));
            }
            Err(PcapError::Incomplete(_)) => false,
            Err(PcapError::BufferTooSmall) => true,
            Err(_) => {
                return Err(Fault::new(
                    "a block that cannot be read; the rest is left",
                    0,
                ));
            }
        };
        if wanted && !grow(reader, capture) {
            return Err(Fault::new(
                "a block of more than 16 MiB; the rest is left",
                0,
            ));
        }
        let refilled = reader.refill().is_ok();
        let stuck = reader.data().len() == held && !reader.reader_exhausted();
        if !refilled || (stuck && !wanted) {
            return Err(Fault::new(
                "a block that cannot be read; the rest is left",
                0,
            ));
        }
    }
}

fn grow(reader: &mut dyn PcapReaderIterator, capture: &mut Capture) -> bool {
    capture.held = capture.held.saturating_mul(2);
    capture.held <= MOST_HELD && reader.grow(capture.held)
}

/// What is known of a capture while it is read.
#[derive(Debug)]
struct Capture {
    exchange: Exchange,
    report: Report,
    port: Option<u16>,
    header: PcapHeader,
    /// Whether it is pcapng, which has sections of blocks.
    sections: bool,
    big_endian: bool,
    interfaces: Vec<Interface>,
    nanoseconds: bool,
    held: usize,
}

/// An interface of a section of pcapng.
#[derive(Debug, Clone, Copy)]
struct Interface {
    link_type: u32,
    /// Units of time in a second; none if that is no number that fits.
    units: Option<u64>,
    /// Seconds to be added.
    offset: i64,
}

impl Default for Capture {
    fn default() -> Self {
        Self {
            exchange: Exchange::default(),
            report: Report::default(),
            port: None,
            header: PcapHeader::new(),
            sections: false,
            big_endian: false,
            interfaces: Vec::new(),
            nanoseconds: false,
            held: HELD,
        }
    }
}

impl Capture {
    fn fault(&mut self, fault: Fault) {
        let number = self.report.lines;
        self.report.fault(fault, number, b"");
    }

    /// Whether a block says that it is shorter than the least of all, of which the parser would take more away.
    fn is_too_short(&self, data: &[u8]) -> bool {
        let Some(length) = data.get(4..8).and_then(|length| length.try_into().ok()) else {
            return false;
        };
        let length = match self.big_endian {
            true => u32::from_be_bytes(length),
            false => u32::from_le_bytes(length),
        };
        let begins_section = data.starts_with(&[0x0a, 0x0d, 0x0d, 0x0a]);
        self.sections && !begins_section && length < SHORTEST_BLOCK
    }

    fn block(&mut self, block: PcapBlockOwned<'_>) {
        match block {
            PcapBlockOwned::LegacyHeader(header) => {
                self.nanoseconds = header.is_nanosecond_precision();
                self.header = header;
            }
            PcapBlockOwned::Legacy(packet) => {
                let units = if self.nanoseconds { 1 } else { 1000 };
                let at =
                    i64::from(packet.ts_sec) * 1_000_000_000 + i64::from(packet.ts_usec) * units;
                // The upper bits tell of checksums behind the frame.
                let link_type = self.header.network.0 as u32 & 0xffff;
                self.packet(Some(at), 0, link_type, packet.data);
            }
            PcapBlockOwned::NG(Block::SectionHeader(section)) => {
                self.big_endian = section.big_endian();
                self.interfaces.clear();
            }
            PcapBlockOwned::NG(Block::InterfaceDescription(described)) => {
                if self.interfaces.len() < INTERFACES {
                    let offset = described
                        .options
                        .iter()
                        .find(|option| option.code == OptionCode::IfTsoffset)
                        .and_then(|option| option.value.get(..8)?.try_into().ok())
                        .map_or(0, |bytes| {
                            if self.big_endian {
                                i64::from_be_bytes(bytes)
                            } else {
                                i64::from_le_bytes(bytes)
                            }
                        });
                    let units = units(described.if_tsresol);
                    self.nanoseconds |= units.is_some_and(|units| units > 1_000_000);
                    self.interfaces.push(Interface {
                        link_type: described.linktype.0 as u32,
                        units,
                        offset,
                    });
                }
            }
            PcapBlockOwned::NG(Block::EnhancedPacket(packet)) => {
                let Some(interface) = self.interfaces.get(packet.if_id as usize).copied() else {
                    self.report.lines += 1;
                    self.fault(Fault::new("a packet of an unknown interface", 0));
                    return;
                };
                let stamp = u64::from(packet.ts_high) << 32 | u64::from(packet.ts_low);
                let at = interface.at(stamp);
                self.packet(at, packet.if_id, interface.link_type, packet.packet_data());
            }
            PcapBlockOwned::NG(Block::SimplePacket(_)) => self.packet(None, 0, 0, &[]),
            PcapBlockOwned::NG(_) => {}
        }
    }

    fn packet(&mut self, at: Option<i64>, interface: u32, link_type: u32, frame: &[u8]) {
        self.report.lines += 1;
        let Some(at) = at else {
            self.fault(Fault::new("a packet without a time", 0));
            return;
        };
        match dissect(link_type, frame) {
            Ok(Some(mut packet)) => {
                packet.link = packet.link.wrapping_add(interface << 16);
                let concerns = self
                    .port
                    .is_none_or(|port| packet.from.port == port || packet.to.port == port);
                if !concerns || !self.exchange.push(at, &packet) {
                    self.report.passed_over += 1;
                }
            }
            Ok(None) => self.report.passed_over += 1,
            Err(fault) => self.fault(fault),
        }
    }
}

impl Interface {
    /// A stamp in nanoseconds since 1970.
    fn at(&self, stamp: u64) -> Option<i64> {
        let nanos = i128::from(stamp) * 1_000_000_000 / i128::from(self.units?);
        i64::try_from(nanos + i128::from(self.offset) * 1_000_000_000).ok()
    }
}

/// Units of time in a second: a power of ten, or of two with the highest bit set.
fn units(resolution: u8) -> Option<u64> {
    let power = u32::from(resolution & 0x7f);
    if resolution & 0x80 == 0 {
        10_u64.checked_pow(power)
    } else {
        1_u64.checked_shl(power)
    }
}

/// Reads as much as there is room for, and keeps the error that ends it.
struct Whole<R> {
    source: R,
    failed: Rc<RefCell<Option<io::Error>>>,
}

impl<R: Read> Read for Whole<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut length = 0;
        while let Some(rest) = buffer.get_mut(length..)
            && !rest.is_empty()
        {
            match self.source.read(rest) {
                Ok(0) => break,
                Ok(read) => length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let kind = error.kind();
                    *self.failed.borrow_mut() = Some(error);
                    return Err(kind.into());
                }
            }
        }
        Ok(length)
    }
}
