use crate::time::Nanos;

/// Who set a key: zero is the first client, other numbers are attempts of the other.
pub type Owner = u64;

/// The first client.
pub const FIRST: Owner = 0;

/// What will happen to a server whatever the other client does.
#[derive(Debug, Clone, Copy)]
pub struct Fate {
    /// When the request of the first client arrives.
    pub asked: Nanos,
    /// When the wall clock jumps.
    pub jumps: Nanos,
    /// When it crashes.
    pub crashes: Nanos,
}

impl Fate {
    /// Nothing happens.
    pub const NOTHING: Self = Self {
        asked: Nanos::MAX,
        jumps: Nanos::MAX,
        crashes: Nanos::MAX,
    };
}

/// How long things last that are the same for all servers.
#[derive(Debug, Clone, Copy)]
pub struct Spans {
    pub ttl: Nanos,
    pub jump: Nanos,
    pub restart_delay: Nanos,
}

/// Why a server has no key of the first client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freed {
    /// It never had one, or it ran out when it was due.
    InTime,
    /// It ran out early, since the clock jumped.
    ByJump,
    /// It was forgotten.
    ByCrash,
}

/// A server that keeps one key by its own wall clock. Moments that it is asked about never fall.
#[derive(Debug, Clone, Copy)]
pub struct Node {
    /// What is still to happen.
    fate: Fate,
    key: Option<Key>,
    /// How far its wall clock is ahead.
    ahead: Nanos,
    /// Until when it answers nobody.
    down_until: Nanos,
    /// When the key of the first client runs out if nothing happens to it; the earliest moment without one.
    due: Nanos,
    /// Whether it was forgotten.
    forgotten: bool,
}

#[derive(Debug, Clone, Copy)]
struct Key {
    owner: Owner,
    /// By the wall clock.
    expiry: Nanos,
}

impl Node {
    pub fn new(fate: Fate) -> Self {
        Self {
            fate,
            key: None,
            ahead: 0,
            down_until: Nanos::MIN,
            due: Nanos::MIN,
            forgotten: false,
        }
    }

    /// Lets happen what happens until `now`.
    #[inline]
    pub fn pass(&mut self, now: Nanos, spans: &Spans) {
        loop {
            let Fate {
                asked,
                jumps,
                crashes,
            } = self.fate;
            let first = asked.min(jumps).min(crashes);
            if first > now || first == Nanos::MAX {
                return;
            }
            if asked == first {
                self.fate.asked = Nanos::MAX;
                if self.lock(asked, FIRST, spans) {
                    self.due = asked.saturating_add(spans.ttl);
                }
            } else if jumps == first {
                self.fate.jumps = Nanos::MAX;
                self.ahead = spans.jump;
            } else {
                self.fate.crashes = Nanos::MAX;
                self.forgotten = self.held(crashes).is_some_and(|key| key.owner == FIRST);
                self.key = None;
                self.down_until = crashes.saturating_add(spans.restart_delay);
            }
        }
    }

    pub fn up(&self, now: Nanos) -> bool {
        now >= self.down_until
    }

    /// Sets the key unless there is one; whether it did.
    #[inline]
    pub fn lock(&mut self, now: Nanos, owner: Owner, spans: &Spans) -> bool {
        let free = self.up(now) && self.held(now).is_none();
        if free {
            let expiry = self.wall(now).saturating_add(spans.ttl);
            self.key = Some(Key { owner, expiry });
        }
        free
    }

    /// Removes the key if it is this owner's.
    #[inline]
    pub fn unlock(&mut self, now: Nanos, owner: Owner) {
        if self.up(now) && self.key.is_some_and(|key| key.owner == owner) {
            self.key = None;
        }
    }

    /// Whether the first client got its key here.
    pub fn granted_first(&self) -> bool {
        self.due > Nanos::MIN
    }

    /// Why there is none, or no longer.
    pub fn freed(&self, now: Nanos) -> Freed {
        match (now < self.due, self.forgotten) {
            (false, _) => Freed::InTime,
            (true, true) => Freed::ByCrash,
            (true, false) => Freed::ByJump,
        }
    }

    fn wall(&self, now: Nanos) -> Nanos {
        now.saturating_add(self.ahead)
    }

    fn held(&self, now: Nanos) -> Option<Key> {
        self.key.filter(|key| self.wall(now) < key.expiry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPANS: Spans = Spans {
        ttl: 10,
        jump: 1,
        restart_delay: 3,
    };

    fn at(asked: Nanos, jumps: Nanos, crashes: Nanos) -> Node {
        Node::new(Fate {
            asked,
            jumps,
            crashes,
        })
    }

    fn locks(node: &mut Node, now: Nanos, owner: Owner) -> bool {
        node.pass(now, &SPANS);
        node.lock(now, owner, &SPANS)
    }

    #[test]
    fn a_key_is_kept_until_its_expiry_by_the_clock_of_the_server() {
        let mut node = at(5, 14, Nanos::MAX);
        assert!(!locks(&mut node, 13, 1));
        assert!(node.granted_first());
        assert!(locks(&mut node, 14, 1));
        assert_eq!(node.freed(14), Freed::ByJump);
        // By a clock that is ahead a key is kept for as long as by any other.
        assert!(!locks(&mut node, 23, 2));
        assert!(locks(&mut node, 24, 2));
        assert_eq!(node.freed(24), Freed::InTime);
    }

    #[test]
    fn only_whoever_locked_it_unlocks_it() {
        let mut node = at(1, Nanos::MAX, Nanos::MAX);
        assert!(locks(&mut node, 0, 3));
        node.unlock(0, FIRST);
        node.unlock(0, 2);
        node.pass(1, &SPANS);
        assert!(!node.granted_first());
        node.unlock(2, 3);
        assert!(locks(&mut node, 2, 4));
    }

    #[test]
    fn a_crash_forgets_the_key_and_remembers_whose_it_was() {
        let mut node = at(0, Nanos::MAX, 2);
        assert!(!locks(&mut node, 4, 1));
        assert!(locks(&mut node, 5, 1));
        assert_eq!(node.freed(5), Freed::ByCrash);
    }
}
