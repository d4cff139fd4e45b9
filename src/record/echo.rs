use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use mio::net::{TcpListener, TcpStream, UdpSocket};
use mio::{Events, Interest, Poll, Token, Waker};

use super::clock::Clock;
use super::udp::{ANSWER, LENGTH, QUESTION};
use crate::Error;
use crate::time::Nanos;

const STOP: Token = Token(0);
const DATAGRAMS: Token = Token(1);
const CONNECTIONS: Token = Token(2);
/// Tokens from here on are connections.
const FIRST: usize = 3;
const MOST_CONNECTIONS: usize = 512;
/// Connections that say nothing for so long are closed.
const IDLE: Nanos = 10_000_000_000;
/// What is done for one caller before the others have their turn.
const AT_ONCE: usize = 1024;
/// Ports that are tried before it is said that none is free for both TCP and UDP.
const ATTEMPTS: usize = 16;

/// What an echo server has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EchoCounts {
    /// Probes that were sent back.
    pub answered: u64,
    /// Datagrams that were no probe and were left alone.
    pub ignored: u64,
    /// TCP connections.
    pub connections: u64,
}

#[derive(Debug, Default)]
struct Shared {
    answered: AtomicU64,
    ignored: AtomicU64,
    connections: AtomicU64,
}

/// A server that sends probes back over UDP, and over TCP whatever it is sent, from a thread of its own.
///
/// Over UDP it answers probes of this package alone, with as many bytes as it got and another first word, so
/// that nobody can use it to flood a third party or make it talk to its like for ever.
#[derive(Debug)]
pub struct Echo {
    address: SocketAddr,
    shared: Arc<Shared>,
    waker: Waker,
    thread: Mutex<Option<(u32, JoinHandle<()>)>>,
}

impl Echo {
    /// Listens on an address; port 0 takes any that is free.
    pub fn start(address: IpAddr, port: u16) -> Result<Self, Error> {
        let wanted = SocketAddr::new(address, port);
        let failed = |error: io::Error| Error::system(wanted, &error);
        let (listener, socket) = bound(wanted).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let poll = Poll::new().map_err(failed)?;
        let waker = Waker::new(poll.registry(), STOP).map_err(failed)?;
        let shared = Arc::new(Shared::default());
        let mut server = Server {
            poll,
            listener,
            socket,
            clock: Clock::start(),
            open: BTreeMap::new(),
            next: FIRST,
            shared: shared.clone(),
        };
        server.register().map_err(failed)?;
        let thread = thread::spawn(move || _ = server.serve());
        Ok(Self {
            address,
            shared,
            waker,
            thread: Mutex::new(Some((std::process::id(), thread))),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it has done so far.
    pub fn counts(&self) -> EchoCounts {
        EchoCounts {
            answered: self.shared.answered.load(Ordering::Relaxed),
            ignored: self.shared.ignored.load(Ordering::Relaxed),
            connections: self.shared.connections.load(Ordering::Relaxed),
        }
    }

    /// Ends it and returns once its port is free again.
    pub fn stop(&self) {
        let mut slot = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        // A child made by `fork` has no such thread, and would wake and wait for its parent's.
        if let Some((owner, thread)) = slot.take()
            && owner == std::process::id()
            && self.waker.wake().is_ok()
        {
            _ = thread.join();
        }
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A TCP and a UDP socket on one port.
fn bound(wanted: SocketAddr) -> io::Result<(TcpListener, UdpSocket)> {
    let mut attempts = 0;
    loop {
        let listener = TcpListener::bind(wanted)?;
        match UdpSocket::bind(listener.local_addr()?) {
            Ok(socket) => return Ok((listener, socket)),
            Err(error) if wanted.port() != 0 || attempts == ATTEMPTS => return Err(error),
            Err(_) => attempts += 1,
        }
    }
}

struct Server {
    poll: Poll,
    listener: TcpListener,
    socket: UdpSocket,
    clock: Clock,
    /// Connections and when each last said something.
    open: BTreeMap<usize, (TcpStream, Nanos)>,
    next: usize,
    shared: Arc<Shared>,
}

impl Server {
    fn register(&mut self) -> io::Result<()> {
        let registry = self.poll.registry();
        registry.register(&mut self.socket, DATAGRAMS, Interest::READABLE)?;
        registry.register(&mut self.listener, CONNECTIONS, Interest::READABLE)
    }

    fn serve(&mut self) -> io::Result<()> {
        let mut events = Events::with_capacity(256);
        let mut more = false;
        loop {
            let longest = if more {
                Duration::ZERO
            } else {
                Duration::from_nanos(IDLE as u64 / 4)
            };
            match self.poll.poll(&mut events, Some(longest)) {
                Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error),
                _ => {}
            }
            let tokens: Vec<Token> = events.iter().map(mio::event::Event::token).collect();
            if tokens.contains(&STOP) {
                return Ok(());
            }
            for token in tokens.iter().filter(|token| token.0 >= FIRST) {
                self.talk(token.0);
            }
            // Both are asked each time, since what is left over is not announced again.
            let datagrams_left = self.answer();
            more = self.accept() | datagrams_left;
            let now = self.clock.now();
            self.open.retain(|_, (_, last)| now - *last < IDLE);
        }
    }

    /// Sends probes back; whether there may be more.
    fn answer(&mut self) -> bool {
        let mut datagram = [0; LENGTH + 1];
        for _ in 0..AT_ONCE {
            match self.socket.recv_from(&mut datagram) {
                Ok((LENGTH, from)) if datagram.starts_with(&QUESTION) => {
                    datagram[..ANSWER.len()].copy_from_slice(&ANSWER);
                    // Counted before whoever hears it can ask for the count.
                    self.shared.answered.fetch_add(1, Ordering::Relaxed);
                    if self.socket.send_to(&datagram[..LENGTH], from).is_err() {
                        // Lost, like any on the way.
                        self.shared.answered.fetch_sub(1, Ordering::Relaxed);
                    }
                }
                Ok(_) => _ = self.shared.ignored.fetch_add(1, Ordering::Relaxed),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return false,
                // That an earlier answer could not be delivered, for instance.
                Err(_) => {}
            }
        }
        true
    }

    /// Takes connections; whether there may be more.
    fn accept(&mut self) -> bool {
        for _ in 0..AT_ONCE {
            match self.listener.accept() {
                Ok((mut stream, _)) => {
                    self.shared.connections.fetch_add(1, Ordering::Relaxed);
                    let token = Token(self.next);
                    self.next += 1;
                    let taken = self.open.len() < MOST_CONNECTIONS
                        && self
                            .poll
                            .registry()
                            .register(&mut stream, token, Interest::READABLE)
                            .is_ok();
                    if taken {
                        self.open.insert(token.0, (stream, self.clock.now()));
                    }
                }
                // Nobody waits, or there are too many files open: the next look may find another state.
                Err(_) => return false,
            }
        }
        true
    }

    /// Sends back what a connection says, and closes it once it has no more to say.
    fn talk(&mut self, number: usize) {
        let Some((stream, last)) = self.open.get_mut(&number) else {
            return;
        };
        *last = self.clock.now();
        let mut heard = [0; 4096];
        for _ in 0..AT_ONCE {
            match stream.read(&mut heard) {
                Ok(length @ 1..) => {
                    // Who sends without reading, or without end, is not waited for.
                    if !matches!(stream.write(&heard[..length]), Ok(sent) if sent == length) {
                        break;
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                _ => break,
            }
        }
        self.open.remove(&number);
    }
}
