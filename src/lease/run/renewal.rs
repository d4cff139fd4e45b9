use super::{Run, Tenure};
use crate::lease::actor::shows;
use crate::lease::grant::Grant;
use crate::lease::history::{Kind, State, Watch};
use crate::lease::terms::{CountedFrom, Judge};
use crate::time::Nanos;

impl<W: Watch> Run<'_, W> {
    /// The holder asks for more time once, or gives up.
    pub(super) fn renew(&mut self) {
        let Tenure {
            holder,
            asked: before,
            counted,
            received,
            ..
        } = self.tenure;
        let actor = &mut self.actors[holder];
        actor.forget(before.min(counted).min(received));
        let mut due = actor.due(before, self.ticks.renew_every);
        if self.terms.renews_on_waking {
            due = due.min(actor.stands.after(before).end);
        }
        let asked = actor.stands.out_of(due);
        let stop = if actor.client.looks {
            let stop = actor.when(counted, self.ticks.believed_for);
            actor.stands.out_of(stop)
        } else {
            Nanos::MAX
        };
        if stop <= asked {
            self.give_up(stop);
            return;
        }
        let arrival = actor.arrival(asked);
        let horizon = self.reach.horizon;
        self.count_pauses(before, asked.min(horizon));
        let Some(arrival) = arrival else {
            self.tenure.asked = asked;
            if asked >= horizon {
                self.hear_no_more(stop);
            }
            return;
        };
        if arrival <= self.tenure.expiry.saturating_add(self.ticks.grace) {
            self.accept(asked, arrival, stop);
        } else {
            self.come_late(asked, arrival, stop);
        }
    }

    /// The service gives more time.
    fn accept(&mut self, asked: Nanos, arrival: Nanos, stop: Nanos) {
        self.message(Kind::Renew, asked, arrival, true);
        let answer = self.actors[self.tenure.holder].answer(arrival);
        // Who got no answer within an interval asks anew and looks no more for the old one.
        let answer =
            answer.filter(|(came, seen)| *came - asked <= self.ticks.renew_every && *seen <= stop);
        let calm = self.steady().is_some();
        let until = arrival.min(stop).min(self.reach.horizon);
        let stands = &mut self.actors[self.tenure.holder].stands;
        let stand = stands.after(self.tenure.asked).start;
        self.write_until(until.min(stand), calm);
        // Who slept through its timer writes on under the old renewal.
        self.write_until(until, false);
        if arrival > self.tenure.expiry {
            self.ran_out_until(arrival);
            self.span(State::Holds, self.tenure.held_since, self.tenure.expiry);
            self.tenure.held_since = arrival;
        }
        self.renewed(asked, arrival);
        if let Some((_, seen)) = answer {
            self.tenure.counted = match self.terms.counted_from {
                CountedFrom::Request => asked,
                CountedFrom::Reply => seen,
            };
        }
    }

    pub(super) fn renewed(&mut self, asked: Nanos, arrival: Nanos) {
        self.tenure.asked = asked;
        if arrival > self.tenure.received {
            self.tenure.received = arrival;
            let expiry = self.expiry_of(arrival);
            self.tenure.expiry = self.tenure.expiry.max(expiry);
        }
        if let Some(work) = &mut self.work {
            work.renewed(asked, &mut self.watch);
        }
    }

    pub(super) fn expiry_of(&mut self, received: Nanos) -> Nanos {
        if let Some(steps) = &mut self.steps {
            steps.forget(received);
        }
        let length = self.ticks.length;
        shows(
            self.clock.rate(),
            None,
            self.steps.as_mut(),
            received,
            length,
        )
    }

    /// A request for more time arrives when the lease has run out.
    fn come_late(&mut self, asked: Nanos, arrival: Nanos, stop: Nanos) {
        let holder = self.tenure.holder;
        let horizon = self.reach.horizon;
        let left = self.left();
        if let Some(grant) = self.next_holder(arrival.min(horizon), false) {
            self.message(Kind::Renew, asked, arrival, false);
            let told = self.told(asked, arrival, stop.min(horizon));
            self.hand_over(grant, stop.min(told));
        } else if arrival > horizon {
            self.end(stop);
        } else if arrival >= left.free || self.terms.judge == Judge::Observers {
            let grant = Grant {
                client: holder,
                asked,
                at: arrival,
            };
            self.hand_over(grant, asked);
        } else {
            self.message(Kind::Renew, asked, arrival, false);
            let told = self.told(asked, arrival, stop.min(horizon));
            self.give_up(stop.min(told));
        }
    }

    /// When a holder is told that it holds the lease no more, whose request arrives too late; it asks again for as long as answers
    /// are lost.
    fn told(&mut self, asked: Nanos, arrival: Nanos, latest: Nanos) -> Nanos {
        let actor = &mut self.actors[self.tenure.holder];
        let (mut asked, mut arrival) = (asked, Some(arrival));
        loop {
            if let Some((_, seen)) = arrival.and_then(|arrival| actor.answer(arrival)) {
                return seen;
            }
            let due = actor.due(asked, self.ticks.renew_every);
            asked = actor.stands.out_of(due);
            if asked >= latest || actor.reach.cancelled() {
                return Nanos::MAX;
            }
            arrival = actor.arrival(asked);
        }
    }
}
