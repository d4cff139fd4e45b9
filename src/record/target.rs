use std::net::{SocketAddr, ToSocketAddrs};
use std::str::FromStr;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use crate::{Cancel, Error};

const EXPECTED: &str = "HOST:PORT, such as 'localhost:7', '10.0.0.1:443' or '[::1]:7'";

/// Most characters of a text that a message shows.
const SHOWN: usize = 80;

/// A text as a message shows it: in quotes, not too long, and without control characters.
pub fn quoted(text: &str) -> String {
    let plain = |c: char| if c.is_control() { '?' } else { c };
    let mut shown: String = text.chars().take(SHOWN).map(plain).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push_str("...");
    }
    format!("'{shown}'")
}

/// Which version of IP to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Whichever the name is first found with.
    Any,
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

/// A host, by name or address, and a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    host: String,
    port: u16,
}

impl FromStr for Target {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let refused = || Error::argument("target", quoted(text), EXPECTED);
        let (host, port) = text.rsplit_once(':').ok_or_else(refused)?;
        let bare = match host.strip_prefix('[') {
            Some(inner) => inner.strip_suffix(']').ok_or_else(refused)?,
            // Without brackets nobody knows where the address ends.
            None if host.contains(':') => return Err(refused()),
            None => host,
        };
        let strange = |c: char| c.is_control() || c.is_whitespace() || "[]/@#,".contains(c);
        let digits = port.bytes().all(|byte| byte.is_ascii_digit());
        match port.parse() {
            Ok(port)
                if port > 0
                    && digits
                    && (1..=253).contains(&bare.len())
                    && !bare.contains(strange) =>
            {
                Ok(Self {
                    host: bare.into(),
                    port,
                })
            }
            _ => Err(refused()),
        }
    }
}

impl Target {
    /// Its address, looked up once. The system's look-up cannot be stopped, so one that nobody waits
    /// for any more is left to end on a thread of its own.
    pub(super) fn resolve(&self, family: Family, cancel: &Cancel) -> Result<SocketAddr, Error> {
        let wanted = (self.host.clone(), self.port);
        let (done, found) = sync_channel(1);
        thread::spawn(move || _ = done.send(wanted.to_socket_addrs()));
        let addresses = loop {
            match found.recv_timeout(Duration::from_millis(10)) {
                Ok(found) => {
                    break found.map_err(|error| Error::system(quoted(&self.host), &error))?;
                }
                Err(RecvTimeoutError::Timeout) => cancel.checkpoint()?,
                Err(RecvTimeoutError::Disconnected) => return Err(Error::Cancelled),
            }
        };
        let fits = |address: &SocketAddr| match family {
            Family::Any => true,
            Family::V4 => address.is_ipv4(),
            Family::V6 => address.is_ipv6(),
        };
        addresses.into_iter().find(fits).ok_or_else(|| {
            let version = if family == Family::V6 { "6" } else { "4" };
            let expected = format!("a host with an address of IPv{version}");
            Error::argument("target", quoted(&self.host), expected)
        })
    }
}
