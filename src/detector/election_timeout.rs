use rand::RngExt;

use super::election_wait::{MOST_TICKS, Rule, Wait, ticks};
use super::per_threshold::{Each, Lone, geometric};
use super::{Beginning, Detector, PerThreshold};
use crate::heartbeat::Beat;
use crate::random::{Purpose, Seed, Stream};
use crate::time::{self, Nanos, nanos, seconds};
use crate::{Error, domain};

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
        Wait::new(self.rule, base, self.followers)
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
