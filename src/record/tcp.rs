use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use super::clock::Clock;
use super::rtt::{Journal, Outcome, Probes};
use crate::Error;
use crate::time::Nanos;

/// Attempts to open a TCP connection, each closed as soon as it is open.
#[derive(Debug)]
pub struct Connects {
    address: SocketAddr,
    timeout: Nanos,
    poll: Poll,
    events: Events,
    attempts: BTreeMap<u64, (TcpStream, Nanos)>,
}

impl Connects {
    pub fn new(address: SocketAddr, timeout: Nanos) -> io::Result<Self> {
        Ok(Self {
            address,
            timeout,
            poll: Poll::new()?,
            events: Events::with_capacity(256),
            attempts: BTreeMap::new(),
        })
    }

    fn attempt(&mut self, number: u64) -> io::Result<TcpStream> {
        let mut stream = TcpStream::connect(self.address)?;
        let token = Token(number as usize);
        self.poll
            .registry()
            .register(&mut stream, token, Interest::WRITABLE)?;
        Ok(stream)
    }

    fn conclude(
        &self,
        number: u64,
        sent: Nanos,
        now: Nanos,
        state: io::Result<()>,
        journal: &mut Journal,
    ) -> Result<(), Error> {
        let rtt = now - sent;
        let (rtt, outcome) = match state {
            Ok(()) if rtt > self.timeout => (Some(rtt), Outcome::Late),
            Ok(()) => (Some(rtt), Outcome::Ok),
            // A refusal is an answer and took as long as one.
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => {
                (Some(rtt), Outcome::Refused)
            }
            Err(error) if error.kind() == ErrorKind::TimedOut => (None, Outcome::Timeout),
            Err(error) => {
                journal.failed(&error);
                (None, Outcome::Error)
            }
        };
        journal.note(number, Some(sent), rtt, outcome)
    }
}

/// Whether an attempt has come to an end, and to which.
fn state(stream: &TcpStream) -> Option<io::Result<()>> {
    match stream.take_error() {
        Ok(None) => {}
        Ok(Some(error)) | Err(error) => return Some(Err(error)),
    }
    match stream.peer_addr() {
        Ok(_) => Some(Ok(())),
        Err(error) if error.kind() == ErrorKind::NotConnected => None,
        Err(error) => Some(Err(error)),
    }
}

impl Probes for Connects {
    fn send(&mut self, number: u64, clock: &Clock, journal: &mut Journal) -> Result<(), Error> {
        let sent = clock.now();
        match self.attempt(number) {
            Ok(stream) => {
                self.attempts.insert(number, (stream, sent));
                Ok(())
            }
            // On the same machine a refusal is there at once.
            Err(error) => self.conclude(number, sent, clock.now(), Err(error), journal),
        }
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
        let now = clock.now();
        let numbers: Vec<_> = self.events.iter().map(|event| event.token().0).collect();
        for number in numbers {
            let number = number as u64;
            let Some((stream, sent)) = self.attempts.get(&number) else {
                continue;
            };
            if let Some(end) = state(stream) {
                self.conclude(number, *sent, now, end, journal)?;
                self.attempts.remove(&number);
            }
        }
        Ok(())
    }

    fn expire(&mut self, sent_until: Nanos, journal: &mut Journal) -> Result<(), Error> {
        while let Some(oldest) = self.attempts.first_entry()
            && oldest.get().1 <= sent_until
        {
            let number = *oldest.key();
            let (_, sent) = oldest.remove();
            journal.note(number, Some(sent), None, Outcome::Timeout)?;
        }
        Ok(())
    }

    fn oldest(&mut self) -> Option<Nanos> {
        self.attempts.first_key_value().map(|(_, (_, sent))| *sent)
    }

    fn waiting(&self) -> usize {
        self.attempts.len()
    }
}
