//! How long the first of several followers waits, by chance.

/// How a Raft follower randomises the time for which it waits for its leader.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule {
    /// A timeout from T to 2T that is drawn anew with each heartbeat.
    Reset,
    /// etcd's: a timeout from T to 2T that runs anew with each heartbeat and is drawn anew for each term.
    /// With a tick it is a whole number of ticks, from those in T to one less than twice as many.
    Term {
        /// Seconds in a tick.
        tick: Option<f64>,
    },
    /// hashicorp/raft's: timers from T to 2T follow one another and heartbeats do not reset them; when
    /// one goes off and the last contact is T or more ago, the election begins.
    Free,
}

/// The random part of an election timeout: how long after T the first of the followers stands up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wait {
    rule: Rule,
    /// T, in seconds.
    base: f64,
    followers: f64,
}

/// Ticks that a timeout may have.
pub(super) const MOST_TICKS: f64 = 1e6;

/// Whole ticks in a timeout.
pub(super) fn ticks(base: f64, tick: f64) -> f64 {
    // A little more, for the ratio may be whole.
    libm::floor(base / tick * (1.0 + 1e-12)).clamp(1.0, MOST_TICKS)
}

impl Wait {
    /// That of so many followers beyond a timeout of `base` seconds, or of the whole ticks in it.
    pub(super) fn new(rule: Rule, base: f64, followers: usize) -> Self {
        let base = match rule {
            Rule::Term { tick: Some(tick) } => tick * ticks(base, tick),
            _ => base,
        };
        Self {
            rule,
            base,
            followers: followers as f64,
        }
    }

    /// The probability that the wait is longer than `span` seconds.
    fn longer(&self, span: f64) -> f64 {
        let r = (span / self.base).max(0.0);
        let one = match self.rule {
            Rule::Term { tick: Some(tick) } => {
                let n = ticks(self.base, tick);
                (1.0 - (libm::floor(span / tick) + 1.0) / n).clamp(0.0, 1.0)
            }
            Rule::Reset | Rule::Term { tick: None } => (1.0 - r).max(0.0),
            // The time left of a timer that is uniform on [T, 2T), at a random moment.
            Rule::Free if r < 1.0 => 1.0 - r / 1.5,
            Rule::Free if r < 2.0 => (2.0 - r) * (2.0 - r) / 3.0,
            Rule::Free => 0.0,
        };
        libm::pow(one, self.followers)
    }

    /// The probability that the wait is over before `span` seconds.
    pub fn probability(&self, span: f64) -> f64 {
        if span > 0.0 {
            1.0 - self.longer(span.next_down())
        } else {
            0.0
        }
    }

    /// The mean of what is left of `span` seconds after the wait, counting none as zero.
    pub fn remaining(&self, span: f64) -> f64 {
        span.max(0.0) - self.waited(span.max(0.0))
    }

    /// The mean of the wait, or of `span` seconds where that is less.
    fn waited(&self, span: f64) -> f64 {
        let f = self.followers;
        let r = span / self.base;
        match self.rule {
            Rule::Term { tick: Some(tick) } => {
                let n = ticks(self.base, tick);
                let whole = libm::floor((span / tick).min(n));
                let steps = (0..whole as u64).map(|k| tick * self.longer(tick * k as f64));
                let part = (span - whole * tick).min(tick) * self.longer(whole * tick);
                steps.sum::<f64>() + part
            }
            Rule::Reset | Rule::Term { tick: None } => {
                let left = (1.0 - r).max(0.0);
                self.base * (1.0 - libm::pow(left, f + 1.0)) / (f + 1.0)
            }
            Rule::Free => {
                let first = 1.0 - r.min(1.0) / 1.5;
                let second = (2.0 - r).clamp(0.0, 1.0);
                let early = 1.5 * (1.0 - libm::pow(first, f + 1.0)) / (f + 1.0);
                let late = (1.0 - libm::pow(second, 2.0 * f + 1.0))
                    / (libm::pow(3.0, f) * (2.0 * f + 1.0));
                self.base * (early + late)
            }
        }
    }

    /// The time from which on it is waited by chance, in seconds.
    pub fn base(&self) -> f64 {
        self.base
    }

    /// The mean wait, in seconds.
    pub fn mean(&self) -> f64 {
        self.waited(self.longest())
    }

    /// The longest wait, in seconds.
    pub fn longest(&self) -> f64 {
        match self.rule {
            Rule::Term { tick: Some(tick) } => tick * (ticks(self.base, tick) - 1.0),
            Rule::Reset | Rule::Term { tick: None } => self.base,
            Rule::Free => 2.0 * self.base,
        }
    }

    /// The wait that a share `p` of them do not exceed, in seconds.
    pub fn quantile(&self, p: f64) -> f64 {
        // What one follower's timer exceeds with probability s, all do with s^followers.
        let s = libm::pow(1.0 - p, 1.0 / self.followers);
        match self.rule {
            Rule::Term { tick: Some(tick) } => {
                let n = ticks(self.base, tick);
                // Less a rounding error, for n(1 - s) may be whole.
                tick * (libm::ceil(n * (1.0 - s) - 1e-9) - 1.0).clamp(0.0, n - 1.0)
            }
            Rule::Reset | Rule::Term { tick: None } => self.base * (1.0 - s),
            Rule::Free if s > 1.0 / 3.0 => self.base * 1.5 * (1.0 - s),
            Rule::Free => self.base * (2.0 - libm::sqrt(3.0 * s)),
        }
    }
}
