use std::fmt::{self, Display};
use std::net::IpAddr;

use etherparse::{EtherType, IpNumber, LaxNetSlice, LaxSlicedPacket};

use super::report::Fault;

/// One end of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Endpoint {
    /// Its address.
    pub address: IpAddr,
    /// Its port.
    pub port: u16,
}

impl Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.address {
            IpAddr::V4(address) => write!(formatter, "{address}:{}", self.port),
            IpAddr::V6(address) => write!(formatter, "[{address}]:{}", self.port),
        }
    }
}

/// What TCP and UDP say of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// A datagram, with a number that is the same for equal payloads.
    Udp {
        /// See above.
        likeness: u64,
    },
    /// A segment.
    Tcp {
        /// Number of its first byte.
        sequence: u32,
        /// Number of the byte that its sender expects next.
        acknowledged: u32,
        /// Whether it opens the connection.
        opens: bool,
        /// Whether it answers one that does.
        accepts: bool,
    },
}

/// What a packet of TCP or UDP says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packet {
    /// The link it was seen on, where the link layer says.
    pub link: u32,
    /// Who sent it.
    pub from: Endpoint,
    /// Whom to.
    pub to: Endpoint,
    /// Bytes of payload that it had on the wire.
    pub size: u32,
    /// What the transport says.
    pub transport: Transport,
}

/// Takes a frame apart; none if it is not of TCP or UDP.
///
/// `link_type` is a number of the registry at tcpdump.org: Ethernet with up to three tags of VLANs (1), BSD
/// loopback (0, 108), raw IP (12, 14, 101, 228, 229), Linux cooked in both versions (113, 276). A
/// frame may be cut anywhere behind the ports of UDP, or the flags of TCP.
///
/// # Errors
///
/// A [`Fault`] for another link layer, a fragment, and a packet that is cut too short or contradicts itself.
pub fn dissect(link_type: u32, frame: &[u8]) -> Result<Option<Packet>, Fault> {
    let short = Fault::new("a packet that is cut before its ports", 0);
    let rest = |from: usize| frame.get(from..).ok_or(short);
    let mut link = 0;
    let sliced = match link_type {
        1 => LaxSlicedPacket::from_ether_type(ether_type(frame, 12).ok_or(short)?, rest(14)?),
        113 => LaxSlicedPacket::from_ether_type(ether_type(frame, 14).ok_or(short)?, rest(16)?),
        276 => {
            link = long(frame, 4).ok_or(short)?;
            LaxSlicedPacket::from_ether_type(ether_type(frame, 0).ok_or(short)?, rest(20)?)
        }
        0 | 108 => from_ip(rest(4)?)?,
        12 | 14 | 101 | 228 | 229 => from_ip(frame)?,
        _ => return Err(Fault::new("a link layer that is not known", 0)),
    };
    let Some(net) = &sliced.net else {
        return match sliced.stop_err {
            Some(_) => Err(Fault::new("a packet that is cut before its ports", 0)),
            None => Ok(None),
        };
    };
    let (from, to, promised) = match net {
        LaxNetSlice::Ipv4(ip) => {
            let header = ip.header();
            let promised = usize::from(header.total_len()).saturating_sub(header.slice().len());
            (
                IpAddr::from(header.source_addr()),
                IpAddr::from(header.destination_addr()),
                promised,
            )
        }
        LaxNetSlice::Ipv6(ip) => {
            let header = ip.header();
            let extensions = ip.extensions().slice().len();
            let promised = usize::from(header.payload_length()).saturating_sub(extensions);
            (
                IpAddr::from(header.source_addr()),
                IpAddr::from(header.destination_addr()),
                promised,
            )
        }
        LaxNetSlice::Arp(_) => return Ok(None),
    };
    let Some(payload) = net.ip_payload_ref() else {
        return Ok(None);
    };
    let tcp = payload.ip_number == IpNumber::TCP;
    if !tcp && payload.ip_number != IpNumber::UDP {
        return Ok(None);
    }
    if payload.fragmented {
        return Err(Fault::new("a fragment of a packet", 0));
    }
    let text = payload.payload;
    let port = |at: usize| short_at(text, at).ok_or(short);
    let (source, destination) = (port(0)?, port(2)?);
    let length = if payload.incomplete {
        promised
    } else {
        text.len()
    };
    let (transport, header) = if tcp {
        segment(text)?
    } else {
        (
            Transport::Udp {
                likeness: likeness(text.get(8..).unwrap_or_default(), length),
            },
            8,
        )
    };
    Ok(Some(Packet {
        link,
        from: Endpoint {
            address: from,
            port: source,
        },
        to: Endpoint {
            address: to,
            port: destination,
        },
        size: length.saturating_sub(header) as u32,
        transport,
    }))
}

/// What a header of TCP says, and how long it is.
fn segment(text: &[u8]) -> Result<(Transport, usize), Fault> {
    const SYN: u8 = 0x02;
    const ACK: u8 = 0x10;
    let short = Fault::new("a segment that is cut before its flags", 0);
    let flags = text.get(13).copied().ok_or(short)?;
    let header = text.get(12).map_or(0, |byte| usize::from(byte >> 4) * 4);
    if header < 20 {
        return Err(Fault::new("a segment with an impossible header", 0));
    }
    let transport = Transport::Tcp {
        sequence: long(text, 4).ok_or(short)?,
        acknowledged: long(text, 8).ok_or(short)?,
        opens: flags & (SYN | ACK) == SYN,
        accepts: flags & (SYN | ACK) == SYN | ACK,
    };
    Ok((transport, header))
}

fn from_ip(text: &[u8]) -> Result<LaxSlicedPacket<'_>, Fault> {
    LaxSlicedPacket::from_ip(text)
        .map_err(|_| Fault::new("a packet that is cut before its ports", 0))
}

fn ether_type(frame: &[u8], at: usize) -> Option<EtherType> {
    short_at(frame, at).map(EtherType)
}

fn short_at(text: &[u8], at: usize) -> Option<u16> {
    let bytes = text.get(at..at + 2)?.try_into().ok()?;
    Some(u16::from_be_bytes(bytes))
}

fn long(text: &[u8], at: usize) -> Option<u32> {
    let bytes = text.get(at..at + 4)?.try_into().ok()?;
    Some(u32::from_be_bytes(bytes))
}

/// A number that is the same for payloads of the same length with the same beginning (FNV-1a).
fn likeness(payload: &[u8], length: usize) -> u64 {
    const LOOKED_AT: usize = 64;
    let mut hash = 0xcbf2_9ce4_8422_2325 ^ length as u64;
    for byte in payload.iter().take(LOOKED_AT) {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}
