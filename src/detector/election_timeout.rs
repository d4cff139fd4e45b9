use rand::RngExt;

use super::per_threshold::{Each, Lone, geometric};
use super::{Beginning, Detector, PerThreshold};
use crate::heartbeat::Beat;
use crate::random::{Purpose, Seed, Stream};
use crate::time::{self, Nanos, nanos, seconds};
use crate::{Error, domain};

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

/// The randomised election timeout of Raft followers, of which the first to run out counts.
///
/// Without a seed in expectation: a gap of g is a mistake with the probability that a timeout is less
/// than g, and so much of a mistake is counted. That is so where each gap meets a timeout of its own;
/// one that is kept for a term meets many, and long ones last longer, so that rule needs a seed. With a
/// seed the timeouts are drawn, the same for every threshold but for their scale.
///
/// The threshold is T, in seconds. O(1) a heartbeat, follower and threshold.
///
/// Sources: etcd-io/raft `raft.go`; hashicorp/raft `raft.go`, `runFollower`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ElectionTimeout {
    rule: Rule,
    followers: usize,
    seed: Option<Seed>,
}

/// The shortest timeout, in seconds.
const SHORTEST: f64 = 1e-6;

/// Timers that are drawn to catch up after a long silence; more are as good as a fresh start.
const CATCH_UP: f64 = 64.0;

/// Ticks that a timeout may have.
const MOST_TICKS: f64 = 1e6;

impl ElectionTimeout {
    /// The detector of so many followers with the same leader.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a tick or a number of followers outside their domain.
    pub fn new(rule: Rule, followers: usize, seed: Option<Seed>) -> Result<Self, Error> {
        if let Rule::Term { tick: Some(tick) } = rule {
            time::span("tick", tick)?;
        }
        Ok(Self {
            rule,
            followers: domain::count("followers", followers, 1, 1000)?,
            seed,
        })
    }

    /// The law of what is waited beyond a timeout of `base` seconds, or of the whole ticks in it.
    pub fn law(&self, base: f64) -> Wait {
        let base = match self.rule {
            Rule::Term { tick: Some(tick) } => tick * ticks(base, tick),
            _ => base,
        };
        Wait {
            rule: self.rule,
            base,
            followers: self.followers as f64,
        }
    }

    /// Draws `count` times, in seconds, from the last heartbeat of a leader to the first election, as
    /// the followers would live through them; heartbeats come at random moments of their timers.
    pub fn draw(&self, base: f64, count: usize, seed: &Seed) -> Vec<f64> {
        let mut stream = seed.stream(Purpose::Election, 0);
        (0..count)
            .map(|_| {
                let each = (0..self.followers).map(|_| match self.rule {
                    Rule::Reset => reset_timeout(base, None, &mut stream),
                    Rule::Term { tick } => reset_timeout(base, tick, &mut stream),
                    // The phase of the timer is forgotten after some dozen of them.
                    Rule::Free => {
                        let contact = base * (32.0 + stream.random::<f64>());
                        let mut fires = 0.0;
                        while fires < contact + base {
                            fires += base * (1.0 + stream.random::<f64>());
                        }
                        fires - contact
                    }
                });
                each.fold(f64::INFINITY, f64::min)
            })
            .collect()
    }
}

/// A timeout of etcd's.
fn reset_timeout(base: f64, tick: Option<f64>, stream: &mut Stream) -> f64 {
    let share = stream.random::<f64>();
    match tick {
        Some(tick) => tick * (ticks(base, tick) + libm::floor(share * ticks(base, tick))),
        None => base * (1.0 + share),
    }
}

/// Whole ticks in a timeout.
fn ticks(base: f64, tick: f64) -> f64 {
    // A little more, for the ratio may be whole.
    libm::floor(base / tick * (1.0 + 1e-12)).clamp(1.0, MOST_TICKS)
}

impl Wait {
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

impl Detector for ElectionTimeout {
    fn newest_only(&self) -> bool {
        false
    }

    fn admit(&self, threshold: f64) -> Result<f64, Error> {
        match self.rule {
            Rule::Term { tick: Some(tick) } if threshold / tick > MOST_TICKS => Err(
                Error::argument("timeout", threshold, "a timeout of up to a million ticks"),
            ),
            _ if threshold < SHORTEST => Err(Error::argument(
                "timeout",
                threshold,
                "a timeout of a microsecond or more",
            )),
            _ => domain::positive("timeout", threshold),
        }
    }
}

impl PerThreshold for ElectionTimeout {
    type States = Each<ElectionTimeoutAt>;

    fn start(&self, beginning: &Beginning, thresholds: &[f64]) -> Self::States {
        // The first stream is that of `draw`.
        let seed = match self.rule {
            Rule::Term { .. } => Some(self.seed.unwrap_or(Seed::from(0))),
            Rule::Reset | Rule::Free => self.seed,
        };
        let draws = seed.map(|seed| Draws::new(seed, beginning.replication + 1));
        let at = |base: &f64| ElectionTimeoutAt {
            rule: self.rule,
            base: *base,
            timers: vec![0.0; if draws.is_some() { self.followers } else { 0 }].into(),
            draws: draws.clone(),
            begun: None,
            last: 0,
            timeout: f64::INFINITY,
        };
        Each(thresholds.iter().map(at).collect())
    }

    fn candidates(&self, shortest: f64, longest: f64) -> Vec<f64> {
        let shortest = shortest.max(SHORTEST);
        geometric(shortest, longest.max(2.0 * shortest))
    }

    fn wait(&self, threshold: f64) -> Option<Wait> {
        let by_chance = self.seed.is_none() && !matches!(self.rule, Rule::Term { .. });
        by_chance.then(|| self.law(threshold))
    }
}

/// An [`ElectionTimeout`] at work at one threshold.
#[derive(Debug, Clone)]
pub struct ElectionTimeoutAt {
    rule: Rule,
    base: f64,
    /// Each follower's timeout, or, where timers run free, when it goes off, in seconds since the first
    /// heartbeat.
    timers: Box<[f64]>,
    draws: Option<Draws>,
    begun: Option<Nanos>,
    last: Nanos,
    timeout: f64,
}

/// A stream that can be copied at the place it has come to.
#[derive(Debug)]
struct Draws {
    seed: Seed,
    replication: u64,
    stream: Stream,
}

impl Draws {
    fn new(seed: Seed, replication: u64) -> Self {
        Self {
            seed,
            replication,
            stream: seed.stream(Purpose::Election, replication),
        }
    }
}

impl Clone for Draws {
    fn clone(&self) -> Self {
        let mut copy = Self::new(self.seed, self.replication);
        copy.stream.set_word_pos(self.stream.get_word_pos());
        copy
    }
}

impl Lone for ElectionTimeoutAt {
    #[inline(always)]
    fn observe(&mut self, beat: Beat) -> f64 {
        let Some(Draws { stream, .. }) = &mut self.draws else {
            return self.base;
        };
        let now = beat.received;
        let first = self.begun.is_none();
        let begun = *self.begun.get_or_insert(now);
        match self.rule {
            Rule::Reset | Rule::Term { .. } => {
                let tick = match self.rule {
                    Rule::Term { tick } => tick,
                    _ => None,
                };
                let each = self.rule == Rule::Reset;
                let new_term = each || first || seconds(now - self.last) > self.timeout;
                if new_term {
                    for timer in &mut self.timers {
                        *timer = reset_timeout(self.base, tick, stream);
                    }
                }
                self.timeout = self.timers.iter().copied().fold(f64::INFINITY, f64::min);
            }
            Rule::Free => {
                let contact = seconds(now - begun);
                if first {
                    for timer in &mut self.timers {
                        *timer = -self.base * 2.0 * stream.random::<f64>();
                    }
                }
                for timer in &mut self.timers {
                    if contact - *timer > CATCH_UP * self.base {
                        *timer = contact - self.base * (32.0 + stream.random::<f64>());
                    }
                    while *timer < contact + self.base {
                        *timer += self.base * (1.0 + stream.random::<f64>());
                    }
                }
                let next = self.timers.iter().copied().fold(f64::INFINITY, f64::min);
                self.timeout = seconds(nanos(next - contact));
            }
        }
        self.last = now;
        self.timeout
    }
}
