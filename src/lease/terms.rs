use crate::{Error, domain};

/// On what terms a service gives a lease, and what its holder does with it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// How long the service holds it after a renewal, in seconds.
    pub length: f64,
    /// How often a running holder renews it, and at once when it wakes up, in seconds.
    pub renew_every: f64,
    /// How often the next one asks for it, in seconds; zero if it is told at once.
    pub poll_every: f64,
    /// How long the service gives it to nobody after it has run out, in seconds.
    pub lock_delay: f64,
    /// What the holder writes, if anything.
    pub writes: Option<Writes>,
}

/// Writes under a lease: each begins with a look at the clock and reaches the storage a while later.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Writes {
    /// From the beginning of a write to that of the next, in seconds of running.
    pub every: f64,
    /// From the look at the clock to the effect, in seconds of running.
    pub window: f64,
    /// What the storage asks for.
    pub fencing: Fencing,
}

/// How a storage tells whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fencing {
    /// Not at all.
    None,
    /// It refuses a token that is lower than one it has seen. A late write is taken that arrives before the
    /// first of the new holder, so many seconds of its running after it got the lease.
    Tokens {
        /// When the first write of a new holder reaches the storage.
        first_write: f64,
    },
    /// Tokens, and a new holder shows its own before anything else.
    Sealed,
}

impl Terms {
    /// Checks every part.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for the first that is out of its range.
    pub fn checked(self) -> Result<Self, Error> {
        domain::positive("length", self.length)?;
        domain::positive("renew_every", self.renew_every)?;
        if self.renew_every > self.length {
            return Err(Error::argument(
                "renew_every",
                self.renew_every,
                format!("no more than length = {}", self.length),
            ));
        }
        domain::non_negative("poll_every", self.poll_every)?;
        domain::non_negative("lock_delay", self.lock_delay)?;
        if let Some(writes) = self.writes {
            domain::positive("write_every", writes.every)?;
            if !(0.0..=writes.every).contains(&writes.window) {
                return Err(Error::argument(
                    "window",
                    writes.window,
                    format!("a time from 0 to write_every = {}", writes.every),
                ));
            }
            if let Fencing::Tokens { first_write } = writes.fencing {
                domain::non_negative("first_write", first_write)?;
            }
        }
        Ok(self)
    }
}
