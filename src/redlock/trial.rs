use rand::RngExt;
use rand::seq::SliceRandom;

use super::node::{Fate, Freed, Node, Spans};
use super::outcome::Outcome;
use super::terms::{Placed, Redlock};
use crate::distribution::{Distribution, Law};
use crate::random::Stream;
use crate::time::{Nanos, nanos};
use crate::{Cancel, Error};

/// So many attempts are made between two looks at whether to stop.
const BETWEEN_LOOKS: u64 = 1 << 10;

/// Trials one after the other, with everything that each of them needs.
///
/// When the first client asks, reads its clock, works, and what trouble comes meanwhile depends on draws alone, so that it is known
/// before the other is looked at, which then goes from attempt to attempt. Its messages to a server stay in order: what
/// happens to each server is followed by itself.
pub struct Trials<'r> {
    redlock: &'r Redlock,
    spans: Spans,
    drift: Nanos,
    patience: Nanos,
    draws: Stream,
    fates: Vec<Fate>,
    nodes: Vec<Node>,
    /// Whether the answer of each server reached the first client in time.
    heard: Vec<bool>,
    /// Servers in a random order, of which the first are those that have trouble.
    order: Vec<usize>,
    /// When the last message of the other client reaches each server.
    last: Vec<Nanos>,
    /// Attempts of the other client so far.
    attempts: u64,
}

/// A lock that a client has found to be its own at `checked`, and its work under it.
#[derive(Debug, Clone, Copy)]
struct Hold {
    checked: Nanos,
    begin: Nanos,
    end: Nanos,
}

/// The lock of the other client.
#[derive(Debug, Clone, Copy)]
struct Won {
    hold: Hold,
    votes: Votes,
}

/// Servers that granted it, by why they could.
#[derive(Debug, Clone, Copy, Default)]
struct Votes {
    in_time: usize,
    by_jump: usize,
    by_crash: usize,
}

impl<'r> Trials<'r> {
    pub fn new(redlock: &'r Redlock, draws: Stream) -> Self {
        let n = redlock.nodes;
        Self {
            redlock,
            spans: Spans {
                ttl: nanos(redlock.ttl),
                jump: nanos(redlock.jump),
                restart_delay: nanos(redlock.restart_delay),
            },
            drift: nanos(redlock.drift()),
            patience: nanos(redlock.node_timeout),
            draws,
            fates: vec![Fate::NOTHING; n],
            nodes: vec![Node::new(Fate::NOTHING); n],
            heard: vec![false; n],
            order: (0..n).collect(),
            last: vec![0; n],
            attempts: 0,
        }
    }

    pub fn run(mut self, trials: u64, cancel: &Cancel) -> Result<Outcome, Error> {
        let mut outcome = Outcome::default();
        for _ in 0..trials {
            outcome.trials += 1;
            self.trial(&mut outcome, cancel)?;
        }
        Ok(outcome)
    }

    fn trial(&mut self, outcome: &mut Outcome, cancel: &Cancel) -> Result<(), Error> {
        self.fates.fill(Fate::NOTHING);
        let (answered, check) = self.first_asks();
        let first = self.first_works(check);
        for (node, fate) in self.nodes.iter_mut().zip(&self.fates) {
            *node = Node::new(*fate);
        }
        self.last.fill(0);
        let mut next = self.draw(&self.redlock.asks_after);
        let mut won = self.asks_until(answered, &mut next, cancel)?;
        if !self.first_has_majority(answered) {
            outcome.outvoted += 1;
            return Ok(());
        }
        let Some(first) = first else {
            outcome.too_late += 1;
            return Ok(());
        };
        outcome.acquired += 1;
        if won.is_none() {
            won = self.asks_until(first.end, &mut next, cancel)?;
        }
        if let Some(won) = won {
            self.judge(first, won, outcome);
        }
        Ok(())
    }

    /// When the first client has all answers, or has given up waiting for them, and when it reads its clock.
    fn first_asks(&mut self) -> (Nanos, Nanos) {
        let (mut sent, mut answered): (Nanos, Nanos) = (0, 0);
        for node in 0..self.redlock.nodes {
            if self.redlock.in_turn {
                sent = answered;
            }
            let given_up = sent.saturating_add(self.patience);
            let mut reply = Nanos::MAX;
            if node < self.redlock.reachable {
                let asked = sent.saturating_add(self.draw(&self.redlock.delay));
                self.fates[node].asked = asked;
                if asked <= given_up {
                    reply = asked.saturating_add(self.draw(&self.redlock.delay));
                }
            }
            self.heard[node] = reply <= given_up;
            answered = answered.max(reply.min(given_up));
        }
        let check = match &self.redlock.pause {
            Some((law, Placed::Before)) => answered.max(sent.saturating_add(self.draw(law))),
            _ => answered,
        };
        (answered, check)
    }

    /// What the first client does that has found a majority when it reads its clock; nothing if it finds that no time is left.
    fn first_works(&mut self, check: Nanos) -> Option<Hold> {
        let left = self.left(check);
        if left <= 0 {
            return None;
        }
        let begin = match &self.redlock.pause {
            Some((law, Placed::After)) => check.saturating_add(self.draw(law)),
            _ => check,
        };
        let end = begin.saturating_add(self.work(left));
        self.strike(
            self.redlock.jumps,
            |fate, moment| fate.jumps = moment,
            check,
            end,
        );
        self.strike(
            self.redlock.crashes,
            |fate, moment| fate.crashes = moment,
            check,
            end,
        );
        Some(Hold {
            checked: check,
            begin,
            end,
        })
    }

    /// Lets something happen to some of the servers, each at a moment of its own.
    fn strike(&mut self, many: usize, with: impl Fn(&mut Fate, Nanos), from: Nanos, until: Nanos) {
        if many == 0 {
            return;
        }
        self.order.shuffle(&mut self.draws);
        for &node in &self.order[..many] {
            let later = self.draws.random::<f64>() * (until - from) as f64;
            with(&mut self.fates[node], from.saturating_add(later as Nanos));
        }
    }

    fn first_has_majority(&mut self, answered: Nanos) -> bool {
        let mut votes = 0;
        for (node, heard) in self.nodes.iter_mut().zip(&self.heard) {
            node.pass(answered, &self.spans);
            votes += usize::from(*heard && node.granted_first());
        }
        votes >= self.redlock.majority()
    }

    /// The other client asks at `next` and again until a moment, or until it holds the lock.
    fn asks_until(
        &mut self,
        until: Nanos,
        next: &mut Nanos,
        cancel: &Cancel,
    ) -> Result<Option<Won>, Error> {
        while *next < until {
            self.attempts += 1;
            if self.attempts.is_multiple_of(BETWEEN_LOOKS) {
                cancel.checkpoint()?;
            }
            let (answered, won) = self.attempt(*next);
            self.unlock(won.map_or(answered, |won| won.hold.end));
            if won.is_some() {
                return Ok(won);
            }
            *next = answered.saturating_add(self.draw(&self.redlock.retry));
        }
        Ok(None)
    }

    /// When the other client has all answers, and what it has won by them.
    fn attempt(&mut self, begun: Nanos) -> (Nanos, Option<Won>) {
        let (mut sent, mut answered, mut votes) = (begun, begun, Votes::default());
        for place in 0..self.redlock.nodes {
            if self.redlock.in_turn {
                sent = answered;
            }
            let given_up = sent.saturating_add(self.patience);
            let asked = self.arrival(sent, place);
            let granted = self.nodes[place].lock(asked, self.attempts, &self.spans);
            let mut reply = Nanos::MAX;
            if self.nodes[place].up(asked) && asked <= given_up {
                reply = asked.saturating_add(self.draw(&self.redlock.delay));
            }
            if granted && reply <= given_up {
                match self.nodes[place].freed(asked) {
                    Freed::InTime => votes.in_time += 1,
                    Freed::ByJump => votes.by_jump += 1,
                    Freed::ByCrash => votes.by_crash += 1,
                }
            }
            answered = answered.max(reply.min(given_up));
        }
        let left = self.left(answered - begun);
        let majority = self.redlock.majority();
        let won = votes.in_time + votes.by_jump + votes.by_crash >= majority && left > 0;
        let won = won.then(|| Won {
            hold: Hold {
                checked: answered,
                begin: answered,
                end: answered.saturating_add(self.work(left)),
            },
            votes,
        });
        (answered, won)
    }

    /// The other client unlocks all servers.
    fn unlock(&mut self, now: Nanos) {
        for place in 0..self.redlock.nodes {
            let arrival = self.arrival(now, place);
            self.nodes[place].unlock(arrival, self.attempts);
        }
    }

    /// Counts what it means that the other client has won.
    fn judge(&self, first: Hold, Won { hold, votes }: Won, outcome: &mut Outcome) {
        if hold.end <= first.checked || hold.checked >= first.end {
            return;
        }
        outcome.stale += 1;
        if hold.end <= first.begin {
            return;
        }
        outcome.violations += 1;
        let majority = self.redlock.majority();
        let cause = if votes.in_time >= majority {
            &mut outcome.by_pause
        } else if votes.in_time + votes.by_jump >= majority {
            &mut outcome.by_jumps
        } else if votes.in_time + votes.by_crash >= majority {
            &mut outcome.by_crashes
        } else {
            &mut outcome.by_both
        };
        *cause += 1;
    }

    /// What is left of a lock by the clock of its client.
    fn left(&self, elapsed: Nanos) -> Nanos {
        self.spans.ttl - self.drift - elapsed
    }

    /// How long a client works that finds so much time left.
    fn work(&mut self, left: Nanos) -> Nanos {
        self.draw(&self.redlock.work).min(left)
    }

    /// When a message of the other client reaches a server, not before those that it sent there earlier; what happens to the server
    /// until then has happened.
    fn arrival(&mut self, now: Nanos, place: usize) -> Nanos {
        let arrival = now.saturating_add(self.draw(&self.redlock.delay));
        let arrival = arrival.max(self.last[place]);
        self.last[place] = arrival;
        self.nodes[place].pass(arrival, &self.spans);
        arrival
    }

    #[inline]
    fn draw(&mut self, law: &'r Distribution) -> Nanos {
        nanos(law.sample(&mut self.draws))
    }
}
