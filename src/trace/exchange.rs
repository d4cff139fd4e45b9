use std::collections::BTreeMap;

use super::answers::Answers;
use super::capture::Capture;
use super::packet::{Endpoint, Packet, Transport};
use super::read::Trace;
use super::report::Report;
use super::table::Clock;

/// If one in so many requests was answered, requests are answered.
const ANSWERED: u64 = 10;

/// Packets of a capture by conversation, and what is made of them at its end.
#[derive(Debug, Default)]
pub struct Exchange {
    conversations: Vec<Conversation>,
    places: BTreeMap<(u32, bool, Endpoint, Endpoint), u32>,
    latest: Option<(u32, bool, Endpoint, Endpoint, u32)>,
    packets: Vec<Seen>,
}

/// Two endpoints that exchange packets.
#[derive(Debug)]
pub struct Conversation {
    /// Whether it is over TCP.
    pub tcp: bool,
    /// Who began.
    pub first: Endpoint,
    /// With whom.
    pub second: Endpoint,
    packets: u64,
}

/// A packet of a conversation.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    /// When, in nanoseconds since 1970.
    pub at: i64,
    /// Place of its conversation.
    pub conversation: u32,
    /// Whether it goes to the endpoint that did not begin.
    pub forth: bool,
    /// Bytes of payload.
    pub size: u32,
    /// What its transport says.
    pub transport: Transport,
}

impl Exchange {
    /// Takes a packet in; whether it may be of use.
    pub fn push(&mut self, at: i64, packet: &Packet) -> bool {
        let (tcp, opens, accepts) = match packet.transport {
            Transport::Udp { .. } => (false, false, false),
            Transport::Tcp { opens, accepts, .. } => (true, opens, accepts),
        };
        if tcp && packet.size == 0 && !opens && !accepts {
            return false;
        }
        let (from, to) = (packet.from, packet.to);
        let forth = from <= to;
        let (low, high) = if forth { (from, to) } else { (to, from) };
        let key = (packet.link, tcp, low, high);
        let place = match self.latest {
            Some(known) if (known.0, known.1, known.2, known.3) == key => known.4,
            _ => {
                let next = self.conversations.len() as u32;
                let place = *self.places.entry(key).or_insert(next);
                if place == next {
                    // Who accepts a connection did not begin it.
                    let (first, second) = if accepts { (to, from) } else { (from, to) };
                    self.conversations.push(Conversation {
                        tcp,
                        first,
                        second,
                        packets: 0,
                    });
                }
                self.latest = Some((key.0, key.1, key.2, key.3, place));
                place
            }
        };
        let conversation = &mut self.conversations[place as usize];
        conversation.packets += 1;
        self.packets.push(Seen {
            at,
            conversation: place,
            forth: to == conversation.second,
            size: packet.size,
            transport: packet.transport,
        });
        true
    }

    /// The port that most packets were sent to by those who began; the smallest of equals.
    fn busiest(&self) -> Option<u16> {
        let mut counts: BTreeMap<u16, u64> = BTreeMap::new();
        for seen in self
            .packets
            .iter()
            .filter(|seen| seen.forth && seen.size > 0)
        {
            let port = self.conversations[seen.conversation as usize].second.port;
            *counts.entry(port).or_default() += 1;
        }
        let most = counts.values().max()?;
        counts
            .iter()
            .find(|(_, count)| *count == most)
            .map(|(port, _)| *port)
    }

    /// Delays if requests to the port were answered, else a capture of those requests.
    ///
    /// Notes and the counts of records go into the report.
    pub fn finish(mut self, port: Option<u16>, unit: &'static str, report: &mut Report) -> Trace {
        let Some(service) = port.or_else(|| self.busiest()) else {
            return Trace::Capture(Capture::new(Clock::Unix, unit));
        };
        if port.is_none() {
            report.note("port", u64::from(service));
        }
        let elsewhere = self.seen_elsewhere(service);
        let kept = self.packets.len();
        let conversations = &self.conversations;
        self.packets.retain(|seen| {
            let talk = &conversations[seen.conversation as usize];
            talk.first.port == service || talk.second.port == service
        });
        report.passed_over += (kept - self.packets.len()) as u64;
        let kept = self.packets.len();
        self.packets
            .retain(|seen| !elsewhere[seen.conversation as usize]);
        let doubled = (kept - self.packets.len()) as u64;
        report.passed_over += doubled;
        report.note("packets seen on another link before", doubled);
        // A capture on several interfaces may be out of order.
        self.packets.sort_by_key(|seen| seen.at);

        let answers = Answers::new(&self.conversations, &self.packets, service);
        let (requests, answered) = (answers.requests(), answers.answered());
        report.records = requests;
        report.passed_over += (kept as u64).saturating_sub(doubled + requests);
        report.note("requests", requests);
        report.note("requests answered", answered);
        answers.note(report);
        if answered.saturating_mul(ANSWERED) >= requests && answered > 0 {
            Trace::Delays(answers.delays(unit))
        } else {
            Trace::Capture(answers.capture(unit))
        }
    }

    /// For each conversation with the service whether most of it was seen on another link.
    fn seen_elsewhere(&self, service: u16) -> Vec<bool> {
        let mut best: BTreeMap<(bool, Endpoint, Endpoint), usize> = BTreeMap::new();
        let key = |talk: &Conversation| {
            let low = talk.first.min(talk.second);
            (talk.tcp, low, talk.first.max(talk.second))
        };
        let concerned =
            |talk: &Conversation| talk.first.port == service || talk.second.port == service;
        for (place, talk) in self.conversations.iter().enumerate() {
            if concerned(talk) {
                let known = best.entry(key(talk)).or_insert(place);
                if self.conversations[*known].packets < talk.packets {
                    *known = place;
                }
            }
        }
        self.conversations
            .iter()
            .enumerate()
            .map(|(place, talk)| best.get(&key(talk)).is_some_and(|best| *best != place))
            .collect()
    }
}
