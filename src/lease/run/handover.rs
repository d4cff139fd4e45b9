use super::{Run, Tenure};
use crate::lease::actor::Actor;
use crate::lease::grant::{Grant, Left};
use crate::lease::history::{Kind, Watch};
use crate::lease::outcome::{Cause, Episode};
use crate::lease::stands::Stands;
use crate::lease::terms::CountedFrom;
use crate::time::{Nanos, seconds};

impl<W: Watch> Run<'_, W> {
    /// The holder takes the lease for its own no more, and waits for it like everybody.
    pub(super) fn give_up(&mut self, stop: Nanos) {
        let Tenure { holder, asked, .. } = self.tenure;
        let horizon = self.reach.horizon;
        self.count_pauses(asked, stop.min(horizon));
        self.actors[holder].waits_since = stop;
        match self.next_holder(horizon, true) {
            Some(grant) => self.hand_over(grant, stop),
            None => self.end(stop),
        }
    }

    /// The run ends before the service hears of the holder again.
    pub(super) fn hear_no_more(&mut self, stop: Nanos) {
        match self.next_holder(self.reach.horizon, false) {
            Some(grant) => self.hand_over(grant, stop),
            None => self.end(stop),
        }
    }

    /// Nobody gets the lease any more before the run ends.
    pub(super) fn end(&mut self, stop: Nanos) {
        let horizon = self.reach.horizon;
        self.write_until(stop.min(horizon), false);
        if let Some(work) = &mut self.work {
            work.stop();
        }
        let expiry = self.tenure.expiry.min(horizon);
        self.spans_until(stop.min(horizon), expiry);
        if expiry < horizon {
            self.ran_out_until(horizon);
        }
        self.tenure.asked = Nanos::MAX;
    }

    /// The lease has run out under its holder, and nobody holds it until a moment.
    pub(super) fn ran_out_until(&mut self, moment: Nanos) {
        let until = moment.min(self.reach.horizon);
        self.outcome.expired += 1;
        self.outcome.unheld_time += seconds((until - self.tenure.expiry).max(0));
    }

    pub(super) fn left(&self) -> Left {
        let renewable = self.tenure.expiry.saturating_add(self.ticks.grace);
        Left {
            received: self.tenure.received,
            renewable,
            free: renewable.saturating_add(self.ticks.lock_delay),
        }
    }

    /// Who gets it first if it is not renewed any more, no later than a moment.
    #[cold]
    pub(super) fn next_holder(&mut self, latest: Nanos, with_holder: bool) -> Option<Grant> {
        let left = self.left();
        let (mut first, mut latest) = (None, latest);
        for (client, actor) in self.actors.iter_mut().enumerate() {
            let own = client == self.tenure.holder;
            if own && !with_holder {
                continue;
            }
            if let Some(grant) = self.waiting.grant(actor, client, own, left, latest) {
                first = Some(grant);
                latest = grant.at - 1;
            }
        }
        first
    }

    /// Somebody gets the lease; the former holder took it for its own until `stop`.
    pub(super) fn hand_over(&mut self, grant: Grant, stop: Nanos) {
        let former = self.tenure;
        let same = grant.client == former.holder;
        let believed = stop.min(self.reach.horizon);
        self.write_until(believed, false);
        self.spans_until(believed, grant.at.min(former.expiry));
        if grant.at >= former.expiry {
            self.ran_out_until(grant.at);
        }
        let episode = if same {
            None
        } else {
            self.actors[former.holder].waits_since = stop;
            self.outcome.handovers += 1;
            self.two_holders(former, grant, believed)
        };
        let stale = self.begin(grant);
        if let Some(episode) = episode
            && self.outcome.episodes.len() < self.room
        {
            self.outcome.episodes.push(Episode {
                stale_writes: stale,
                ..episode
            });
        }
    }

    /// Whether two took the lease for their own.
    fn two_holders(&mut self, former: Tenure, grant: Grant, stop: Nanos) -> Option<Episode> {
        if stop <= grant.at {
            return None;
        }
        let actor = &mut self.actors[former.holder];
        let acting = actor.ran(grant.at, stop);
        let outcome = &mut self.outcome;
        outcome.two_holders += 1;
        outcome.two_holders_time += seconds(stop - grant.at);
        outcome.acting_time += seconds(acting);
        Some(Episode {
            run: self.replication,
            begin: grant.at,
            end: stop,
            acting,
            from: former.holder,
            to: grant.client,
            cause: cause(actor, former.received, grant.at),
            stale_writes: 0,
        })
    }

    /// A client holds the lease from now on. Returns the number of writes of the former one that are stale.
    pub(super) fn begin(&mut self, grant: Grant) -> u64 {
        let same = grant.client == self.tenure.holder && self.tenure.token > 0;
        let actor = &mut self.actors[grant.client];
        let answer = actor.answer(grant.at);
        // An answer that is lost is seen with the next.
        let seen = answer.map_or_else(
            || {
                let passes = actor.outages.out_of(grant.at);
                actor.stands.out_of(passes)
            },
            |(_, seen)| seen,
        );
        let token = self.tenure.token + 1;
        // Its request may have overtaken a former one of its own.
        self.tenure = Tenure {
            holder: grant.client,
            token,
            held_since: grant.at.max(self.tenure.held_since),
            seen,
            asked: grant.asked,
            counted: match self.terms.counted_from {
                CountedFrom::Reply if answer.is_some() => seen,
                _ => grant.asked,
            },
            received: grant.at.max(self.tenure.received),
            expiry: self.expiry_of(grant.at).max(self.tenure.expiry),
        };
        self.message(Kind::Acquire, grant.asked, grant.at, true);
        let writer = self.writer();
        let Self {
            work,
            actors,
            outcome,
            watch,
            ..
        } = self;
        work.as_mut().map_or(0, |work| {
            let actor = &mut actors[writer.client];
            work.handed_over((grant.at, seen), same, actor, writer, outcome, watch)
        })
    }
}

/// What a holder met that lasted longest between its last renewal and the loss of its lease.
fn cause(actor: &mut Actor<'_>, from: Nanos, to: Nanos) -> Cause {
    let longest = |stands: &mut Stands<'_>| {
        let mut stand = stands.after(from);
        let mut longest = (0, 0);
        while stand.start < to {
            longest = longest.max((stand.end.min(to) - stand.start.max(from), stand.reason));
            stand = stands.after(stand.end);
        }
        longest
    };
    let pause = longest(&mut actor.stands);
    let outage = longest(&mut actor.outages);
    if pause.0.max(outage.0) == 0 {
        Cause::Other
    } else if pause.0 >= outage.0 {
        Cause::Pause(pause.1)
    } else {
        Cause::Outage
    }
}
