use super::{Run, Tenure};
use crate::lease::actor::next_step;
use crate::lease::history::Watch;
use crate::lease::terms::CountedFrom;
use crate::lease::work::Work;
use crate::time::{Nanos, nanos, seconds};

impl<W: Watch> Run<'_, W> {
    /// How often a holder renews, if nothing but its own pauses, lost messages and clocks that are set can come between.
    pub(super) fn calm(&self, place: usize) -> Option<Nanos> {
        let actor = &self.actors[place];
        let client = actor.client;
        let travel = actor.constant_delay()?;
        let longest = self.work.as_ref().map_or(Some(0), Work::longest)?;
        let rate = client.clock.rate();
        let period = nanos(seconds(self.ticks.renew_every) / rate);
        let held = self.held();
        let believed = nanos(seconds(self.ticks.believed_for) / rate);
        let both = travel.saturating_mul(2);
        let slack = period.saturating_add(both);
        let calm = !W::ACTIVE
            && both < period
            && slack.saturating_add(longest) < held
            && (!client.looks || slack < believed);
        calm.then_some(period)
    }

    /// Passes over renewals between which nothing can happen.
    #[inline]
    pub(super) fn skip(&mut self) {
        let holder = self.tenure.holder;
        let Some((period, travel)) = self.steady() else {
            return;
        };
        let mut asked = self.tenure.asked;
        let actor = &mut self.actors[holder];
        let stand = actor.stands.after(asked).start;
        let outage = actor.outages.after(asked).start;
        let trouble = stand.min(outage).min(actor.next_step(asked));
        let trouble = trouble.min(self.unset_until());
        let quiet = trouble.saturating_sub(2 * travel).min(self.reach.horizon) - 1;
        // The first write, and those that a pause may meet, look at the renewal before them, so that each of these counts.
        let far = match &self.work {
            Some(work) if work.fresh => 0,
            Some(work) => (quiet - asked).saturating_sub(work.window + travel),
            None => quiet - asked,
        } / period
            * period;
        if far > 0 {
            asked += far;
            self.skip_to(asked, travel);
        }
        while period <= quiet - asked && !self.reach.cancelled() {
            asked += period;
            self.skip_to(asked, travel);
        }
    }

    /// How long the service takes a lease for its holder's, if its clock is not set.
    fn held(&self) -> Nanos {
        nanos(seconds(self.ticks.length) / self.clock.rate())
    }

    /// Until when a renewal holds for its whole length, as the service's clock is not set before it ends.
    #[inline]
    fn unset_until(&mut self) -> Nanos {
        let step = next_step(&mut self.steps, self.tenure.received);
        if step == Nanos::MAX {
            return step;
        }
        step.saturating_sub(self.held().saturating_mul(2))
    }

    /// How often a holder renews whose last request was granted, and how long its messages take, if nothing but
    /// its own pauses, lost messages and clocks that are set can come between.
    #[inline]
    pub(super) fn steady(&mut self) -> Option<(Nanos, Nanos)> {
        let Tenure {
            holder,
            asked,
            counted,
            received,
            ..
        } = self.tenure;
        let period = self.calm[holder]?;
        let travel = self.actors[holder].constant_delay()?;
        let granted = received == asked + travel && counted >= asked;
        (granted && self.unset_until() > received).then_some((period, travel))
    }

    fn skip_to(&mut self, asked: Nanos, travel: Nanos) {
        let arrival = asked + travel;
        self.write_until(arrival, true);
        self.renewed(asked, arrival);
        self.tenure.counted = match self.terms.counted_from {
            CountedFrom::Request => asked,
            CountedFrom::Reply => arrival + travel,
        };
    }
}
