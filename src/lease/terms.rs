use super::clock::Clock;
use crate::distribution::Distribution;
use crate::pause::Pauses;
use crate::{Error, domain};

/// On what terms a service gives a lease, and how its clients go about it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// How long a lease holds after a renewal, in seconds of whoever judges it.
    pub length: f64,
    /// How often a holder renews it, in seconds of its clock.
    pub renew_every: f64,
    /// How long a holder takes it for its own after a renewal, in seconds of its clock.
    pub believed_for: f64,
    /// From when a holder counts that.
    pub counted_from: CountedFrom,
    /// Whether a holder that wakes up renews at once, due or not.
    pub renews_on_waking: bool,
    /// How often those who wait ask for it, in seconds; zero if they are told when it is free, which observers are not.
    pub poll_every: f64,
    /// By what share of `poll_every` they may wait longer.
    pub poll_jitter: f64,
    /// For how long after it has run out a holder may still renew, in seconds.
    pub grace: f64,
    /// For how long after that nobody gets it, in seconds.
    pub lock_delay: f64,
    /// Who judges whether it has run out.
    pub judge: Judge,
}

/// From when on a holder counts how long its lease holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CountedFrom {
    /// From when it sent the request, which is never too late.
    #[default]
    Request,
    /// From when it saw the reply, which is as much too late as that took.
    Reply,
}

/// Who judges whether a lease has run out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Judge {
    /// The service, by its clock, from the arrival of a renewal.
    Service(Clock),
    /// Each of those who wait, by its own clock, from when it saw the renewal.
    Observers,
}

/// One who holds the lease or waits for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Client {
    /// Why it stands still now and then.
    pub reasons: Vec<Reason>,
    /// The clock by which it looks at its lease.
    pub clock: Clock,
    /// Whether it looks at a clock at all, or believes in its lease until it is told otherwise.
    pub looks: bool,
    /// How long a message takes to the lock service, and one back.
    pub delay: Distribution,
    /// When its messages to and from the lock service are lost.
    pub outages: Pauses,
}

/// Pauses with what they are due to.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// When.
    pub pauses: Pauses,
    /// Whether a clock that stops in suspend does so.
    pub suspends: bool,
}

/// Writes to a storage under a lease: each begins with a look at the clock and leaves the client a while later.
#[derive(Debug, Clone, PartialEq)]
pub struct Writes {
    /// From the beginning of a write to that of the next, in seconds of running.
    pub every: f64,
    /// From the look at the clock until it is sent, in seconds of running.
    pub window: f64,
    /// From getting the lease to the beginning of the first write, in seconds of running.
    pub first_after: f64,
    /// How long it is on its way to the storage.
    pub delay: Distribution,
    /// How the storage tells whose turn it is.
    pub fencing: Fencing,
}

/// How a storage tells whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fencing {
    /// Not at all.
    None,
    /// It refuses a token that is lower than one it has seen. A late write is taken that arrives before the first of the new holder.
    Tokens,
    /// Tokens, and a new holder has the storage see its own before it takes the lease for its own.
    Sealed,
}

/// Clients of a lease may be up to so many.
const MOST_CLIENTS: usize = 16;

/// Clients who would ask more often than this would do nothing else.
const LEAST_INTERVAL: f64 = 1e-6;

impl Terms {
    /// Checks every part.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for the first that is out of its range.
    pub fn checked(self) -> Result<Self, Error> {
        domain::positive("length", self.length)?;
        interval("renew_every", self.renew_every)?;
        interval("believed_for", self.believed_for)?;
        if self.renew_every > self.length {
            return Err(Error::argument(
                "renew_every",
                self.renew_every,
                format!("no more than length = {}", self.length),
            ));
        }
        domain::non_negative("poll_every", self.poll_every)?;
        // Nobody tells those who judge themselves.
        if self.poll_every > 0.0 || self.judge == Judge::Observers {
            interval("poll_every", self.poll_every)?;
        }
        domain::non_negative("poll_jitter", self.poll_jitter)?;
        domain::non_negative("grace", self.grace)?;
        domain::non_negative("lock_delay", self.lock_delay)?;
        if let Judge::Service(clock) = self.judge {
            clock.checked()?;
        }
        Ok(self)
    }
}

impl Writes {
    /// Checks every part.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for the first that is out of its range.
    pub fn checked(self) -> Result<Self, Error> {
        interval("every", self.every)?;
        if !(0.0..=self.every).contains(&self.window) {
            return Err(Error::argument(
                "window",
                self.window,
                format!("a time from 0 to every = {}", self.every),
            ));
        }
        domain::non_negative("first_after", self.first_after)?;
        Ok(self)
    }
}

/// A lease with all who have to do with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Lease {
    pub(super) terms: Terms,
    pub(super) clients: Vec<Client>,
    pub(super) writes: Option<Writes>,
}

impl Lease {
    /// Checks every part.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for the first that is out of its range, for fewer than two clients or more than 16, and those of
    /// [`Pauses::union`] for the reasons of each.
    pub fn new(terms: Terms, clients: Vec<Client>, writes: Option<Writes>) -> Result<Self, Error> {
        domain::count("clients", clients.len(), 2, MOST_CLIENTS)?;
        for client in &clients {
            client.clock.checked()?;
            let reasons = client.reasons.iter();
            Pauses::union(reasons.map(|reason| reason.pauses.clone()).collect())?;
        }
        Ok(Self {
            terms: terms.checked()?,
            clients,
            writes: writes.map(Writes::checked).transpose()?,
        })
    }
}

fn interval(name: &'static str, value: f64) -> Result<(), Error> {
    if (LEAST_INTERVAL..f64::INFINITY).contains(&value) {
        Ok(())
    } else {
        Err(Error::argument(name, value, "a microsecond or more"))
    }
}
