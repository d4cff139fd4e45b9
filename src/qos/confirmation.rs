use crate::{Error, domain};

/// What stands between a passed deadline and a failover.
///
/// The deadline is only looked at every `check_every` seconds, at an unknown phase: a mistake of
/// duration d is then seen with probability min(1, d/check_every). And a suspicion is acted on only
/// once it has lasted `dwell` seconds more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confirmation {
    check_every: f64,
    dwell: f64,
}

impl Confirmation {
    /// Both in seconds; zero for a deadline that is acted on at once.
    pub fn new(check_every: f64, dwell: f64) -> Result<Self, Error> {
        Ok(Self {
            check_every: domain::non_negative("check_every", check_every)?,
            dwell: domain::non_negative("dwell", dwell)?,
        })
    }

    /// Every passed deadline is acted on at once.
    pub const IMMEDIATE: Self = Self {
        check_every: 0.0,
        dwell: 0.0,
    };

    /// Whether every passed deadline is acted on at once.
    pub fn is_immediate(&self) -> bool {
        self.check_every == 0.0 && self.dwell == 0.0
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
        if self.is_immediate() {
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
        if beyond >= self.check_every {
            beyond - self.check_every / 2.0
        } else {
            beyond * beyond / (2.0 * self.check_every)
        }
    }

    /// The mean delay it adds to the detection of a crash, in seconds.
    pub fn mean_delay(&self) -> f64 {
        self.dwell + self.check_every / 2.0
    }

    /// The longest delay it adds to the detection of a crash, in seconds.
    pub fn longest_delay(&self) -> f64 {
        self.dwell + self.check_every
    }
}
