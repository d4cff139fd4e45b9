use std::collections::{BTreeMap, VecDeque};

use super::capture::Capture;
use super::delays::{Delays, Probe};
use super::exchange::{Conversation, Seen};
use super::packet::Transport;
use super::report::Report;
use super::stream::Stream;
use super::table::{Clock, MISSING};

/// So many requests of a conversation may wait for an answer; older ones are given up.
const OPEN: usize = 1 << 16;

/// What a packet is to the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Request,
    Answer,
}

/// What is known of a connection over TCP.
#[derive(Debug, Default)]
struct Connection {
    requests: Stream,
    answers: Stream,
    /// Whether as many bytes came back as went, by the end or by the last answer.
    echoes: bool,
    /// Requests that wait, by the place behind their last byte.
    open: BTreeMap<i64, usize>,
}

/// A segment with bytes that were not seen before, by their places.
#[derive(Debug, Clone, Copy)]
struct Segment {
    place: usize,
    conversation: u32,
    from: i64,
    to: i64,
    acknowledged: i64,
}

/// Packets of one service, in order of time, and when each was answered.
#[derive(Debug)]
pub struct Answers<'a> {
    conversations: &'a [Conversation],
    packets: &'a [Seen],
    role: Vec<Option<Role>>,
    delay: Vec<i64>,
    retransmitted: u64,
    stray: u64,
    doubtful: u64,
}

impl<'a> Answers<'a> {
    /// Finds the answers to what was sent to the port `service`.
    pub fn new(conversations: &'a [Conversation], packets: &'a [Seen], service: u16) -> Self {
        let role = packets.iter().map(|seen| {
            let talk = &conversations[seen.conversation as usize];
            let to = if seen.forth { talk.second } else { talk.first };
            // Where both use the port, as members of a cluster do, nobody answers.
            Some(if to.port == service {
                Role::Request
            } else {
                Role::Answer
            })
        });
        let mut answers = Self {
            conversations,
            packets,
            role: role.collect(),
            delay: vec![MISSING; packets.len()],
            retransmitted: 0,
            stray: 0,
            doubtful: 0,
        };
        answers.datagrams();
        answers.segments();
        answers
    }

    /// Notes what is not a request with its answer.
    pub fn note(&self, report: &mut Report) {
        report.note("retransmissions", self.retransmitted);
        report.note("answers to no request", self.stray);
        report.note("answers that may be to another request", self.doubtful);
    }

    fn is(&self, place: usize, role: Role) -> bool {
        self.role[place] == Some(role)
    }

    fn settle(&mut self, request: usize, answer: usize) {
        let begun = self.packets[request].at;
        self.delay[request] = self.packets[answer].at.saturating_sub(begun);
    }

    /// Datagrams: an echo answers the request that it equals; otherwise they are taken in order.
    fn datagrams(&mut self) {
        let mut answered = vec![false; self.conversations.len()];
        for (place, seen) in self.packets.iter().enumerate() {
            answered[seen.conversation as usize] |= self.is(place, Role::Answer);
        }
        let mut order: Vec<(u32, u64, usize)> = Vec::new();
        for (place, seen) in self.packets.iter().enumerate() {
            if let Transport::Udp { likeness } = seen.transport
                && answered[seen.conversation as usize]
            {
                order.push((seen.conversation, likeness, place));
            }
        }
        order.sort_unstable();
        let mut echoes = vec![false; self.conversations.len()];
        for alike in order.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let any = |role| alike.iter().any(|(_, _, place)| self.is(*place, role));
            if any(Role::Request) && any(Role::Answer) {
                echoes[alike[0].0 as usize] = true;
            }
        }
        let mut merged = false;
        for (conversation, likeness, _) in &mut order {
            if !echoes[*conversation as usize] {
                *likeness = 0;
                merged = true;
            }
        }
        if merged {
            order.sort_unstable();
        }
        for alike in order.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            self.in_order(alike);
        }
    }

    /// If there are as many answers as requests, the first answers the first. If any are missing,
    /// that would shift all behind it, and an answer is to the newest request.
    fn in_order(&mut self, alike: &[(u32, u64, usize)]) {
        let requests = alike
            .iter()
            .filter(|(_, _, place)| self.is(*place, Role::Request))
            .count();
        let complete = alike.len() - requests >= requests;
        let mut open: VecDeque<usize> = VecDeque::new();
        for (_, _, place) in alike {
            if self.is(*place, Role::Request) {
                if open.len() == OPEN {
                    open.pop_front();
                }
                open.push_back(*place);
                continue;
            }
            let several = open.len() > 1;
            let request = if complete {
                open.pop_front()
            } else {
                self.doubtful += u64::from(several);
                let newest = open.pop_back();
                open.clear();
                newest
            };
            match request {
                Some(request) => self.settle(request, *place),
                None => self.stray += 1,
            }
        }
    }

    /// Segments: which bytes are new, and of which connections the service sends back what it gets.
    fn segments(&mut self) {
        let mut connections: BTreeMap<u32, Connection> = BTreeMap::new();
        let mut new: Vec<Segment> = Vec::new();
        for (place, seen) in self.packets.iter().enumerate() {
            let Transport::Tcp {
                sequence,
                acknowledged,
                opens,
                accepts,
            } = seen.transport
            else {
                continue;
            };
            let request = self.is(place, Role::Request);
            let connection = connections.entry(seen.conversation).or_default();
            let (own, other) = if request {
                (&mut connection.requests, &mut connection.answers)
            } else {
                (&mut connection.answers, &mut connection.requests)
            };
            let begins = sequence.wrapping_add(u32::from(opens || accepts));
            if opens || accepts {
                own.open(sequence);
            }
            let taken = match seen.size {
                0 => None,
                size => own.take(begins, size),
            };
            let Some(from) = taken else {
                self.retransmitted += u64::from(seen.size > 0);
                self.role[place] = None;
                continue;
            };
            let acknowledged = other.place(acknowledged);
            let segment = Segment {
                place,
                conversation: seen.conversation,
                from,
                to: from + i64::from(seen.size),
                acknowledged,
            };
            if !request {
                connection.echoes = acknowledged == own.end();
            }
            new.push(segment);
        }
        for connection in connections.values_mut() {
            connection.echoes |= connection.requests.end() == connection.answers.end();
        }
        for segment in new {
            if let Some(connection) = connections.get_mut(&segment.conversation) {
                self.segment(segment, connection);
            }
        }
    }

    fn segment(&mut self, segment: Segment, connection: &mut Connection) {
        let open = &mut connection.open;
        if self.is(segment.place, Role::Request) {
            if open.len() == OPEN {
                open.pop_first();
            }
            open.insert(segment.to, segment.place);
            return;
        }
        let to = if connection.echoes {
            segment.from.saturating_add(1)..=segment.to
        } else {
            i64::MIN..=segment.acknowledged
        };
        let mut settled: u64 = 0;
        while let Some((end, request)) = open.range(to.clone()).next().map(|(end, at)| (*end, *at))
        {
            open.remove(&end);
            self.settle(request, segment.place);
            settled += 1;
        }
        self.stray += u64::from(settled == 0);
        self.doubtful += u64::from(settled > 1 && !connection.echoes);
    }

    /// How many requests there are.
    pub fn requests(&self) -> u64 {
        let requests = self
            .role
            .iter()
            .filter(|role| **role == Some(Role::Request));
        requests.count() as u64
    }

    /// How many of them were answered.
    pub fn answered(&self) -> u64 {
        self.delay.iter().filter(|delay| **delay != MISSING).count() as u64
    }

    /// Each request: its place among those of its flow, where it stands, its flow.
    fn rows(&self, mut take: impl FnMut(i64, usize, &[u8])) {
        let mut names: BTreeMap<(u32, bool), (Vec<u8>, i64)> = BTreeMap::new();
        for (place, seen) in self.packets.iter().enumerate() {
            if !self.is(place, Role::Request) {
                continue;
            }
            let key = (seen.conversation, seen.forth);
            let (name, number) = names.entry(key).or_insert_with(|| {
                let talk = &self.conversations[seen.conversation as usize];
                let (from, to) = if seen.forth {
                    (talk.first, talk.second)
                } else {
                    (talk.second, talk.first)
                };
                let transport = if talk.tcp { "tcp" } else { "udp" };
                (format!("{from} > {to} {transport}").into_bytes(), 0)
            });
            take(*number, place, name);
            *number += 1;
        }
    }

    /// Requests and their delays.
    pub fn delays(&self, unit: &'static str) -> Delays {
        let mut delays = Delays::new(Clock::Unix, unit);
        self.rows(|number, place, name| {
            let delay = Some(self.delay[place]).filter(|delay| *delay != MISSING);
            delays.push(Probe {
                number: Some(number),
                sent: Some(self.packets[place].at),
                delay,
                target: name,
                outcome: if delay.is_some() { b"ok" } else { b"timeout" },
            });
        });
        delays
    }

    /// Requests as they came.
    pub fn capture(&self, unit: &'static str) -> Capture {
        let mut capture = Capture::new(Clock::Unix, unit);
        self.rows(|number, place, name| {
            let seen = &self.packets[place];
            capture.push(number, seen.at, name, i64::from(seen.size));
        });
        capture
    }
}
