use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use mio::net::UdpSocket;
use mio::{Events, Interest, Poll, Token};

use super::clock::Clock;
use super::rtt::{Journal, Outcome, Probes};
use crate::Error;
use crate::time::Nanos;

/// Length of a probe and of its answer.
pub const LENGTH: usize = 24;
/// How a probe begins, and how our own echo server begins the answer: were they the same, two such
/// servers could be made to answer each other for ever. Any other echo server sends the probe itself back.
pub const QUESTION: [u8; 8] = *b"suspect?";
pub const ANSWER: [u8; 8] = *b"suspect!";

/// Probes whose fate is remembered, so that late and repeated answers are known for what they are.
const REMEMBERED: usize = 1 << 16;
/// Datagrams that are read before the schedule is looked at again.
const AT_ONCE: usize = 1024;

#[derive(Debug, Clone, Copy)]
struct Sent {
    at: Nanos,
    answered: bool,
}

/// Datagrams that an echo server sends back.
#[derive(Debug)]
pub struct Echoes {
    address: SocketAddr,
    timeout: Nanos,
    session: u64,
    socket: UdpSocket,
    poll: Poll,
    events: Events,
    remembered: BTreeMap<u64, Sent>,
    waiting: BTreeSet<u64>,
}

impl Echoes {
    /// Probes of one recording, told from those of others by when it was started.
    pub fn new(address: SocketAddr, timeout: Nanos, started: i64) -> io::Result<Self> {
        let own: SocketAddr = match address {
            SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
            SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
        };
        let mut socket = UdpSocket::bind(own)?;
        socket.connect(address)?;
        let poll = Poll::new()?;
        poll.registry()
            .register(&mut socket, Token(0), Interest::READABLE)?;
        Ok(Self {
            address,
            timeout,
            session: started as u64,
            socket,
            poll,
            events: Events::with_capacity(8),
            remembered: BTreeMap::new(),
            waiting: BTreeSet::new(),
        })
    }

    fn question(&self, number: u64) -> [u8; LENGTH] {
        let mut bytes = [0; LENGTH];
        bytes[..8].copy_from_slice(&QUESTION);
        bytes[8..16].copy_from_slice(&self.session.to_le_bytes());
        bytes[16..].copy_from_slice(&number.to_le_bytes());
        bytes
    }

    /// The number of the probe that a datagram answers.
    fn number_of(&self, datagram: &[u8]) -> Option<u64> {
        let (begin, rest) = datagram.split_first_chunk::<8>()?;
        let (session, rest) = rest.split_first_chunk::<8>()?;
        let (number, rest) = rest.split_first_chunk::<8>()?;
        let ours = (*begin == QUESTION || *begin == ANSWER)
            && u64::from_le_bytes(*session) == self.session
            && rest.is_empty();
        ours.then(|| u64::from_le_bytes(*number))
    }

    fn answered(
        &mut self,
        datagram: &[u8],
        now: Nanos,
        journal: &mut Journal,
    ) -> Result<(), Error> {
        let number = self.number_of(datagram);
        let known = number.and_then(|number| Some((number, self.remembered.get_mut(&number)?)));
        let Some((number, sent)) = known else {
            journal.summary.strange += 1;
            return Ok(());
        };
        let rtt = now - sent.at;
        let outcome = if std::mem::replace(&mut sent.answered, true) {
            Outcome::Duplicate
        } else if rtt > self.timeout {
            Outcome::Late
        } else {
            Outcome::Ok
        };
        self.waiting.remove(&number);
        journal.note(number, Some(sent.at), Some(rtt), outcome)
    }

    /// The system says that nobody listens, not to which probe; the newest is the likeliest.
    fn refused(&mut self, journal: &mut Journal) -> Result<(), Error> {
        let Some(number) = self.waiting.pop_last() else {
            return Ok(());
        };
        let sent = self.remembered.get(&number).map(|sent| sent.at);
        journal.note(number, sent, None, Outcome::Refused)
    }
}

impl Probes for Echoes {
    fn send(&mut self, number: u64, clock: &Clock, journal: &mut Journal) -> Result<(), Error> {
        let question = self.question(number);
        let mut at = clock.now();
        let mut done = self.socket.send(&question);
        if matches!(&done, Err(error) if error.kind() == ErrorKind::ConnectionRefused) {
            // That was said of an earlier probe, and this one has not been sent.
            self.refused(journal)?;
            at = clock.now();
            done = self.socket.send(&question);
        }
        if let Err(error) = done {
            journal.failed(&error);
            return journal.note(number, Some(at), None, Outcome::Error);
        }
        let answered = false;
        self.remembered.insert(number, Sent { at, answered });
        self.waiting.insert(number);
        if self.remembered.len() > REMEMBERED {
            self.remembered.pop_first();
        }
        Ok(())
    }

    fn wait(
        &mut self,
        longest: Duration,
        clock: &Clock,
        journal: &mut Journal,
    ) -> Result<(), Error> {
        match self.poll.poll(&mut self.events, Some(longest)) {
            Err(error) if error.kind() != ErrorKind::Interrupted => {
                return Err(Error::system(self.address, &error));
            }
            _ => {}
        }
        // One byte more, so that what is too long does not look as if it were not.
        let mut datagram = [0; LENGTH + 1];
        for _ in 0..AT_ONCE {
            match self.socket.recv(&mut datagram) {
                Ok(length) => self.answered(&datagram[..length], clock.now(), journal)?,
                Err(error) => match error.kind() {
                    ErrorKind::ConnectionRefused => self.refused(journal)?,
                    ErrorKind::WouldBlock => break,
                    ErrorKind::Interrupted => {}
                    _ => {
                        journal.failed(&error);
                        break;
                    }
                },
            }
        }
        Ok(())
    }

    fn expire(&mut self, sent_until: Nanos, journal: &mut Journal) -> Result<(), Error> {
        while let Some(at) = self.oldest()
            && at <= sent_until
            && let Some(number) = self.waiting.pop_first()
        {
            journal.note(number, Some(at), None, Outcome::Timeout)?;
        }
        Ok(())
    }

    fn oldest(&mut self) -> Option<Nanos> {
        let number = self.waiting.first()?;
        self.remembered.get(number).map(|sent| sent.at)
    }

    fn waiting(&self) -> usize {
        self.waiting.len()
    }
}
