use crate::distribution::Distribution;
use crate::time;
use crate::{Error, domain};

/// A client that takes the lock, another that wants it, and what goes wrong meanwhile; times are in seconds.
///
/// The first asks at time zero, once. It holds the lock if more than half of all servers granted it in time and
/// `ttl - elapsed - drift_factor * ttl - drift_margin` is left by a clock that neither jumps nor drifts; then it works, for no
/// longer than what was left, without another look at the clock. A client that does not hold it unlocks all servers. The other asks
/// again and again, by the same rules and without pauses, until it holds the lock or the first has done its work.
#[derive(Debug, Clone, PartialEq)]
pub struct Redlock {
    /// Independent servers, from 1 to 64.
    pub nodes: usize,
    /// How many of them the first client reaches; the others never answer it.
    pub reachable: usize,
    /// How long a server keeps a key by its own wall clock.
    pub ttl: f64,
    /// Law of the time that each request and each reply takes; requests of a client to a server stay in order.
    pub delay: Distribution,
    /// For how long a client waits for a server.
    pub node_timeout: f64,
    /// Whether a client asks one server after the other, rather than all at once.
    pub in_turn: bool,
    /// Share of `ttl` that a client sets aside for clocks that drift.
    pub drift_factor: f64,
    /// What it sets aside besides.
    pub drift_margin: f64,
    /// Law of the time that the work of either client takes.
    pub work: Distribution,
    /// Law of the moment from which the other wants the lock.
    pub asks_after: Distribution,
    /// Law of the time from an attempt of the other that failed to its next.
    pub retry: Distribution,
    /// A pause of the first client: its law, and where it begins.
    pub pause: Option<(Distribution, Placed)>,
    /// How many servers' clocks jump while the first holds the lock, each at a moment of its own.
    pub jumps: usize,
    /// How far forward they do.
    pub jump: f64,
    /// How many servers crash while the first holds the lock, each at a moment of its own, and forget their keys.
    pub crashes: usize,
    /// For how long a server that crashed answers nobody.
    pub restart_delay: f64,
}

/// Where the pause of a client begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placed {
    /// When the last request is sent: replies wait until it ends, and then the client reads its clock.
    Before,
    /// When it has read its clock, and found that it holds the lock.
    After,
}

const MOST_NODES: usize = 64;

/// The other client may ask about so often until the last key has run out.
const MOST_ATTEMPTS: f64 = 1e5;

impl Redlock {
    /// Checks every part.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for the first that is out of its range.
    pub fn checked(self) -> Result<Self, Error> {
        domain::count("nodes", self.nodes, 1, MOST_NODES)?;
        for (name, count) in [
            ("reachable", self.reachable),
            ("jumps", self.jumps),
            ("crashes", self.crashes),
        ] {
            domain::count(name, count, 0, self.nodes)?;
        }
        time::span("ttl", self.ttl)?;
        time::span("node_timeout", self.node_timeout)?;
        if self.node_timeout > self.ttl {
            return Err(Error::argument(
                "node_timeout",
                self.node_timeout,
                format!("no more than ttl = {}", self.ttl),
            ));
        }
        domain::probability("drift_factor", self.drift_factor)?;
        domain::non_negative("drift_margin", self.drift_margin)?;
        if self.drift() >= self.ttl {
            return Err(Error::argument(
                "drift_margin",
                self.drift_margin,
                format!(
                    "less than (1 - drift_factor) * ttl = {}",
                    (1.0 - self.drift_factor) * self.ttl
                ),
            ));
        }
        for (name, span) in [("jump", self.jump), ("restart_delay", self.restart_delay)] {
            if !(0.0..=time::LONGEST).contains(&span) {
                return Err(Error::argument(name, span, "a time from 0 to 100 years"));
            }
        }
        let retry = self.retry.median();
        let shortest = (self.ttl + self.restart_delay) / MOST_ATTEMPTS;
        if retry < shortest {
            return Err(Error::argument(
                "retry",
                format!("a law with median {retry} s"),
                format!(
                    "a median of (ttl + restart_delay) / {MOST_ATTEMPTS:e} = {shortest} s or more"
                ),
            ));
        }
        Ok(self)
    }

    /// More than half of the servers.
    pub fn majority(&self) -> usize {
        self.nodes / 2 + 1
    }

    /// What a client sets aside of the time to live, in seconds.
    pub fn drift(&self) -> f64 {
        self.drift_factor * self.ttl + self.drift_margin
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Constant;

    fn good() -> Redlock {
        let law = |value| Distribution::from(Constant::new(value).unwrap());
        Redlock {
            nodes: 5,
            reachable: 5,
            ttl: 10.0,
            delay: law(0.0),
            node_timeout: 0.05,
            in_turn: false,
            drift_factor: 0.01,
            drift_margin: 0.002,
            work: law(1.0),
            asks_after: law(0.0),
            retry: law(0.2),
            pause: None,
            jumps: 0,
            jump: 0.0,
            crashes: 0,
            restart_delay: 0.0,
        }
    }

    #[test]
    fn settings_out_of_range_are_refused_by_name() {
        assert_eq!(good().checked().unwrap().majority(), 3);
        // Ten seconds less a hundredth and two milliseconds: 102 ms.
        assert!((good().drift() - 0.102).abs() < 1e-12);
        let refused = |change: fn(&mut Redlock), by: &str| {
            let mut lock = good();
            change(&mut lock);
            let error = lock.checked().unwrap_err();
            assert!(
                matches!(&error, Error::Argument { name, .. } if name == by),
                "{error}"
            );
        };
        refused(|lock| lock.nodes = 65, "nodes");
        refused(|lock| lock.reachable = 6, "reachable");
        refused(|lock| lock.jumps = 6, "jumps");
        refused(|lock| lock.crashes = 6, "crashes");
        refused(|lock| lock.node_timeout = 10.1, "node_timeout");
        refused(|lock| lock.drift_margin = 9.9, "drift_margin");
        refused(|lock| lock.jump = f64::NAN, "jump");
        refused(|lock| lock.restart_delay = -1.0, "restart_delay");
        refused(|lock| lock.retry = lock.delay.clone(), "retry");
    }
}
