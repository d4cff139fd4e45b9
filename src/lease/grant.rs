use super::actor::Actor;
use super::terms::{Judge, Terms};
use crate::time::{Nanos, nanos};

/// When somebody gets the lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Grant {
    pub client: usize,
    /// When it asked.
    pub asked: Nanos,
    /// When the service gave it.
    pub at: Nanos,
}

/// A lease that its holder does not renew any more.
#[derive(Debug, Clone, Copy)]
pub(super) struct Left {
    /// When the service got the last renewal.
    pub received: Nanos,
    /// Until when the holder may still renew.
    pub renewable: Nanos,
    /// From when on anybody may have it.
    pub free: Nanos,
}

impl Left {
    /// Whether the service gives it to one who asks at a moment; `own` says that it held it before.
    fn gives(&self, own: bool, at: Nanos) -> bool {
        at >= self.free || own && at <= self.renewable
    }
}

/// What those who wait do, in nanoseconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waiting {
    every: Nanos,
    jitter: f64,
    length: Nanos,
    observers: bool,
}

/// Requests that were sent so many intervals before a lease is free come too early.
const EARLY: i64 = 8;

impl Waiting {
    pub fn new(terms: &Terms) -> Self {
        Self {
            every: nanos(terms.poll_every),
            jitter: terms.poll_jitter,
            length: nanos(terms.length + terms.grace + terms.lock_delay),
            observers: terms.judge == Judge::Observers,
        }
    }

    /// When a client gets it, if that is no later than `latest`; `own` says that it held it before.
    pub fn grant(
        &self,
        actor: &mut Actor<'_>,
        client: usize,
        own: bool,
        left: Left,
        latest: Nanos,
    ) -> Option<Grant> {
        actor.forget(left.received);
        // As long as nobody else has it, the record is its own.
        let left = Left {
            renewable: if self.observers {
                Nanos::MAX
            } else {
                left.renewable
            },
            ..left
        };
        let (asked, at) = match (self.observers && !own, self.every) {
            (true, _) => self.observes(actor, left, latest),
            (false, 0) => told(actor, own, left, latest),
            (false, _) => self.polls(actor, own, left, latest),
        }?;
        (at <= latest).then_some(Grant { client, asked, at })
    }

    /// It asks again and again.
    fn polls(
        &self,
        actor: &mut Actor<'_>,
        own: bool,
        left: Left,
        latest: Nanos,
    ) -> Option<(Nanos, Nanos)> {
        let longest = nanos((1.0 + self.jitter) * crate::time::seconds(self.every));
        let early = left.free.saturating_sub(EARLY.saturating_mul(longest));
        let begin = if own {
            left.received
        } else {
            early.max(left.received)
        };
        let begin = begin.max(actor.waits_since);
        let mut next = begin.saturating_add(actor.first_poll(self.every, self.jitter));
        loop {
            let asked = actor.stands.out_of(next);
            if asked > latest || actor.reach.cancelled() {
                return None;
            }
            if let Some(at) = actor.arrival(asked)
                && left.gives(own, at)
            {
                return Some((asked, at));
            }
            next = asked.saturating_add(actor.next_poll(self.every, self.jitter));
        }
    }

    /// It looks again and again whether the holder renewed, and takes the lease when it has seen no renewal for long enough.
    fn observes(&self, actor: &mut Actor<'_>, left: Left, latest: Nanos) -> Option<(Nanos, Nanos)> {
        let begin = left.received.max(actor.waits_since);
        let mut next = begin.saturating_add(actor.first_poll(self.every, self.jitter));
        let mut ripe = Nanos::MAX;
        loop {
            let asked = actor.stands.out_of(next);
            if asked > latest || actor.reach.cancelled() {
                return None;
            }
            let read = actor.arrival(asked);
            let seen = read.and_then(|read| actor.answer(read));
            if let (Some(read), Some((_, seen))) = (read, seen) {
                if seen >= ripe {
                    if let Some(at) = actor.arrival(seen) {
                        return Some((seen, at));
                    }
                } else if ripe == Nanos::MAX && read >= left.received {
                    ripe = actor.when(seen, self.length);
                }
            }
            next = asked.saturating_add(actor.next_poll(self.every, self.jitter));
        }
    }
}

/// It is told as soon as the lease is free; the former holder asks for it also by itself, as long as it may renew.
fn told(actor: &mut Actor<'_>, own: bool, left: Left, latest: Nanos) -> Option<(Nanos, Nanos)> {
    let mut from = if own && actor.waits_since <= left.renewable {
        actor.waits_since
    } else {
        left.free
    };
    loop {
        let renews = own && from <= left.renewable;
        if !renews {
            from = from.max(left.free);
        }
        if from > latest || actor.reach.cancelled() {
            return None;
        }
        let notice = if renews {
            Some(from)
        } else {
            actor.arrival(from)
        };
        if let Some(notice) = notice {
            let asked = actor.stands.out_of(notice.max(actor.waits_since));
            match actor.arrival(asked) {
                Some(at) if left.gives(own, at) => return Some((asked, at)),
                Some(_) => from = left.free,
                None => from = asked,
            }
        }
        // What was lost is said again when messages pass.
        from = actor.outages.out_of(from);
    }
}
