use crate::detector::Wait;
use crate::{Error, domain};

/// What stands between a passed deadline and a failover.
///
/// The deadline is only looked at every `check_every` seconds, at an unknown phase: a mistake of
/// duration d is then seen with probability min(1, d/check_every). And a suspicion is acted on only
/// once it has lasted `dwell` seconds more. A detector whose timeout is left to chance waits for a while
/// of its own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confirmation {
    check_every: f64,
    dwell: f64,
    wait: Option<Wait>,
}

impl Confirmation {
    /// Both in seconds; zero for a deadline that is acted on at once.
    pub fn new(check_every: f64, dwell: f64) -> Result<Self, Error> {
        Ok(Self {
            check_every: domain::non_negative("check_every", check_every)?,
            dwell: domain::non_negative("dwell", dwell)?,
            wait: None,
        })
    }

    /// The same with a random wait of the detector's own.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where deadlines are only looked at now and then, too.
    pub fn with_wait(self, wait: Option<Wait>) -> Result<Self, Error> {
        if wait.is_some() && self.check_every > 0.0 {
            return Err(Error::argument(
                "check_every",
                self.check_every,
                "0 for a timeout that is random by itself",
            ));
        }
        Ok(Self { wait, ..self })
    }

    /// Every passed deadline is acted on at once.
    pub const IMMEDIATE: Self = Self {
        check_every: 0.0,
        dwell: 0.0,
        wait: None,
    };

    /// Whether every passed deadline is acted on at once.
    pub fn is_immediate(&self) -> bool {
        self.dwell == 0.0 && !self.is_random()
    }

    /// Whether chance has a part in when a passed deadline is acted on.
    pub fn is_random(&self) -> bool {
        self.check_every > 0.0 || self.wait.is_some()
    }

    /// Seconds between two looks at the deadline.
    pub fn check_every(&self) -> f64 {
        self.check_every
    }

    /// Seconds a suspicion must last.
    pub fn dwell(&self) -> f64 {
        self.dwell
    }

    /// The probability that a mistake of `duration` seconds leads to a failover.
    pub fn probability(&self, duration: f64) -> f64 {
        let beyond = duration - self.dwell;
        if let Some(wait) = self.wait {
            wait.probability(beyond)
        } else if self.is_immediate() {
            1.0
        } else if beyond <= 0.0 {
            0.0
        } else if beyond >= self.check_every {
            1.0
        } else {
            beyond / self.check_every
        }
    }

    /// The expected seconds from that failover until trust returns, counting none as zero.
    pub fn remaining(&self, duration: f64) -> f64 {
        let beyond = (duration - self.dwell).max(0.0);
        if let Some(wait) = self.wait {
            wait.remaining(beyond)
        } else if beyond >= self.check_every {
            beyond - self.check_every / 2.0
        } else {
            beyond * beyond / (2.0 * self.check_every)
        }
    }

    /// The mean delay it adds to the detection of a crash, in seconds.
    pub fn mean_delay(&self) -> f64 {
        self.dwell + self.wait.map_or(self.check_every / 2.0, |wait| wait.mean())
    }

    /// The longest delay it adds to the detection of a crash, in seconds.
    pub fn longest_delay(&self) -> f64 {
        self.dwell + self.longest_wait()
    }

    /// The longest time from a passed deadline to its being looked at, in seconds.
    pub fn longest_wait(&self) -> f64 {
        self.wait.map_or(self.check_every, |wait| wait.longest())
    }

    /// The time from a passed deadline to its being looked at that a share `p` do not exceed.
    pub fn wait(&self, p: f64) -> f64 {
        self.wait
            .map_or(self.check_every * p, |wait| wait.quantile(p))
    }
}
