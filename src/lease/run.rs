use super::actor::{Actor, StepTimes, shows};
use super::clock::Clock;
use super::grant::{Grant, Left, Waiting};
use super::history::{Kind, Message, Span, State, Watch};
use super::outcome::{Cause, Episode, MOST_EPISODES, Outcome};
use super::reach::Reach;
use super::terms::{CountedFrom, Judge, Lease, Terms};
use super::work::{Work, Writer};
use crate::random::Seed;
use crate::time::{Nanos, nanos, seconds};
use crate::Error;

/// So many renewals are followed between two looks at whether to stop.
const BETWEEN_LOOKS: u64 = 1 << 14;

/// What is done is told in seconds.
const SECOND: Nanos = 1_000_000_000;

/// A lease in one run.
pub(super) struct Run<'l, W> {
    terms: &'l Terms,
    ticks: Ticks,
    actors: Vec<Actor<'l>>,
    /// How often each renews as long as nothing happens that could matter.
    calm: Vec<Option<Nanos>>,
    waiting: Waiting,
    clock: Clock,
    steps: Option<StepTimes<'l>>,
    work: Option<Work<'l>>,
    tenure: Tenure,
    replication: u64,
    reach: Reach<'l>,
    outcome: Outcome,
    watch: W,
}

/// The terms in nanoseconds.
struct Ticks {
    length: Nanos,
    renew_every: Nanos,
    believed_for: Nanos,
    grace: Nanos,
    lock_delay: Nanos,
}

/// Who holds the lease, and since when.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tenure {
    holder: usize,
    token: u64,
    /// When the service gave it.
    granted: Nanos,
    /// When the holder saw that it did.
    pub seen: Nanos,
    /// When the holder last asked for more time.
    asked: Nanos,
    /// From when it counts how long it believes in it.
    counted: Nanos,
    /// When the service last got a renewal.
    received: Nanos,
    /// When it runs out at the service.
    expiry: Nanos,
}

impl<'l, W: Watch> Run<'l, W> {
    pub fn new(
        lease: &'l Lease,
        seed: &Seed,
        replication: u64,
        reach: Reach<'l>,
        watch: W,
    ) -> Self {
        let terms = &lease.terms;
        let seeds = |place: usize| seed.part(place, lease.clients.len() + 1);
        let actor = |(place, client)| Actor::new(client, &seeds(place), replication, reach);
        let clock = match terms.judge {
            Judge::Service(clock) => clock,
            Judge::Observers => Clock::default(),
        };
        let work = lease.writes.as_ref();
        let mut run = Self {
            terms,
            ticks: Ticks {
                length: nanos(terms.length),
                renew_every: nanos(terms.renew_every).max(1),
                believed_for: nanos(terms.believed_for),
                grace: nanos(terms.grace),
                lock_delay: nanos(terms.lock_delay),
            },
            actors: lease.clients.iter().enumerate().map(actor).collect(),
            calm: Vec::new(),
            waiting: Waiting::new(terms),
            clock,
            steps: StepTimes::of(&clock, &seeds(lease.clients.len()), replication, reach),
            work: work.map(|writes| Work::new(writes, seed, replication)),
            tenure: Tenure::default(),
            replication,
            reach,
            outcome: Outcome::default(),
            watch,
        };
        run.calm = (0..lease.clients.len())
            .map(|place| run.calm(place))
            .collect();
        let asked = run.actors[0].stands.out_of(0);
        run.begin(Grant {
            client: 0,
            asked,
            at: asked,
        });
        run
    }

    /// How often a holder renews, if nothing but its own pauses and lost messages can come between.
    fn calm(&self, place: usize) -> Option<Nanos> {
        let actor = &self.actors[place];
        let client = actor.client;
        let travel = actor.constant_delay()?;
        let longest = self.work.as_ref().map_or(Some(0), Work::longest)?;
        let rate = client.clock.rate();
        let period = nanos(seconds(self.ticks.renew_every) / rate);
        let held = nanos(seconds(self.ticks.length) / self.clock.rate());
        let believed = nanos(seconds(self.ticks.believed_for) / rate);
        let both = travel.saturating_mul(2);
        let slack = period.saturating_add(both);
        let calm = !W::ACTIVE
            && client.clock.steps.is_none()
            && self.clock.steps.is_none()
            && both < period
            && slack.saturating_add(longest) < held
            && (!client.looks || slack < believed);
        calm.then_some(period)
    }

    pub fn to_the_end(mut self) -> Result<(Outcome, W), Error> {
        let Reach { horizon, cancel } = self.reach;
        let (mut looked, mut told) = (0_u64, 0);
        while self.tenure.asked < horizon {
            looked += 1;
            if looked.is_multiple_of(BETWEEN_LOOKS) {
                let passed = (self.tenure.asked / SECOND).max(told);
                cancel.advance((passed - told) as u64)?;
                told = passed;
            }
            self.skip(horizon);
            self.renew(horizon);
        }
        if self.tenure.asked < Nanos::MAX {
            self.spans_until(horizon, horizon);
        }
        if let Some(work) = &mut self.work {
            work.end(&mut self.outcome, &mut self.watch);
        }
        cancel.advance((horizon / SECOND - told).max(0) as u64)?;
        self.outcome.time = seconds(horizon);
        Ok((self.outcome, self.watch))
    }

    /// The first client stands still from a moment on.
    pub fn crash(&mut self, moment: Nanos) {
        self.actors[0].stands.stop_at(moment);
    }

    /// The first time that another gets it, with when it sees that it did.
    pub fn first_handover(mut self) -> Option<Tenure> {
        let horizon = self.reach.horizon;
        while !self.reach.is_past(self.tenure.asked) {
            self.skip(horizon);
            self.renew(horizon);
            if self.tenure.holder != 0 {
                return Some(self.tenure);
            }
        }
        None
    }

    /// Passes over renewals between which nothing can happen.
    #[inline]
    fn skip(&mut self, horizon: Nanos) {
        let holder = self.tenure.holder;
        let Some((period, travel)) = self.steady() else {
            return;
        };
        let mut asked = self.tenure.asked;
        let actor = &mut self.actors[holder];
        let stand = actor.stands.after(asked).start;
        let trouble = stand.min(actor.outages.after(asked).start);
        let quiet = trouble.saturating_sub(2 * travel).min(horizon) - 1;
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

    /// How often a holder renews whose last request was granted, and how long its messages take, if nothing but
    /// its own pauses and lost messages can come between.
    #[inline]
    fn steady(&self) -> Option<(Nanos, Nanos)> {
        let Tenure {
            holder,
            asked,
            counted,
            received,
            ..
        } = self.tenure;
        let period = self.calm[holder]?;
        let travel = self.actors[holder].constant_delay()?;
        (received == asked + travel && counted >= asked).then_some((period, travel))
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

    /// The holder asks for more time once, or gives up.
    fn renew(&mut self, horizon: Nanos) {
        let Tenure {
            holder,
            asked: before,
            counted,
            received,
            ..
        } = self.tenure;
        let actor = &mut self.actors[holder];
        actor.forget(counted.min(received));
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
            self.give_up(stop, horizon);
            return;
        }
        let arrival = actor.arrival(asked);
        self.count_pauses(before, asked.min(horizon));
        let Some(arrival) = arrival else {
            self.tenure.asked = asked;
            return;
        };
        if arrival <= self.tenure.expiry.saturating_add(self.ticks.grace) {
            self.accept(asked, arrival, stop, horizon);
        } else {
            self.come_late(asked, arrival, stop, horizon);
        }
    }

    /// The service gives more time.
    fn accept(&mut self, asked: Nanos, arrival: Nanos, stop: Nanos, horizon: Nanos) {
        self.message(Kind::Renew, asked, arrival, true);
        let answer = self.actors[self.tenure.holder].answer(arrival);
        // Who got no answer within an interval asks anew and looks no more for the old one.
        let answer =
            answer.filter(|(came, seen)| *came - asked <= self.ticks.renew_every && *seen <= stop);
        let calm = self.steady().is_some();
        let until = arrival.min(stop).min(horizon);
        let stands = &mut self.actors[self.tenure.holder].stands;
        let stand = stands.after(self.tenure.asked).start;
        self.write_until(until.min(stand), calm);
        // Who slept through its timer writes on under the old renewal.
        self.write_until(until, false);
        self.renewed(asked, arrival);
        if let Some((_, seen)) = answer {
            self.tenure.counted = match self.terms.counted_from {
                CountedFrom::Request => asked,
                CountedFrom::Reply => seen,
            };
        }
    }

    fn renewed(&mut self, asked: Nanos, arrival: Nanos) {
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

    fn expiry_of(&mut self, received: Nanos) -> Nanos {
        if let Some(steps) = &mut self.steps {
            steps.forget(received);
        }
        let length = self.ticks.length;
        shows(self.clock.rate(), None, self.steps.as_mut(), received, length)
    }

    /// A request for more time arrives when the lease has run out.
    fn come_late(&mut self, asked: Nanos, arrival: Nanos, stop: Nanos, horizon: Nanos) {
        let holder = self.tenure.holder;
        let left = self.left();
        if let Some(grant) = self.next_holder(arrival.min(horizon), false) {
            self.message(Kind::Renew, asked, arrival, false);
            let told = self.told(asked, arrival, stop.min(horizon));
            self.hand_over(grant, stop.min(told), horizon);
        } else if arrival > horizon {
            self.end(stop, horizon);
        } else if arrival >= left.free || self.terms.judge == Judge::Observers {
            let grant = Grant {
                client: holder,
                asked,
                at: arrival,
            };
            self.hand_over(grant, asked, horizon);
        } else {
            self.message(Kind::Renew, asked, arrival, false);
            let told = self.told(asked, arrival, stop.min(horizon));
            self.give_up(stop.min(told), horizon);
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

    /// The holder takes the lease for its own no more, and waits for it like everybody.
    fn give_up(&mut self, stop: Nanos, horizon: Nanos) {
        let Tenure { holder, asked, .. } = self.tenure;
        self.count_pauses(asked, stop.min(horizon));
        self.actors[holder].waits_since = stop;
        match self.next_holder(horizon, true) {
            Some(grant) => self.hand_over(grant, stop, horizon),
            None => self.end(stop, horizon),
        }
    }

    /// Nobody gets the lease any more before the run ends.
    fn end(&mut self, stop: Nanos, horizon: Nanos) {
        self.write_until(stop.min(horizon), false);
        let expiry = self.tenure.expiry.min(horizon);
        self.spans_until(stop.min(horizon), expiry);
        self.outcome.unheld_time += seconds(horizon - expiry);
        self.outcome.expired += u64::from(expiry < horizon);
        self.tenure.asked = Nanos::MAX;
    }

    fn left(&self) -> Left {
        let renewable = self.tenure.expiry.saturating_add(self.ticks.grace);
        Left {
            received: self.tenure.received,
            renewable,
            free: renewable.saturating_add(self.ticks.lock_delay),
        }
    }

    /// Who gets it first if it is not renewed any more, no later than a moment.
    #[cold]
    fn next_holder(&mut self, latest: Nanos, with_holder: bool) -> Option<Grant> {
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
    fn hand_over(&mut self, grant: Grant, stop: Nanos, horizon: Nanos) {
        let former = self.tenure;
        let same = grant.client == former.holder;
        self.write_until(stop.min(horizon), false);
        self.spans_until(stop.min(horizon), grant.at.min(former.expiry));
        self.outcome.expired += u64::from(grant.at >= former.expiry);
        self.outcome.unheld_time += seconds((grant.at - former.expiry).max(0));
        let episode = if same {
            None
        } else {
            self.actors[former.holder].waits_since = stop;
            self.outcome.handovers += 1;
            self.two_holders(former, grant, stop.min(horizon))
        };
        let stale = self.begin(grant);
        if let Some(episode) = episode
            && self.outcome.episodes.len() < MOST_EPISODES
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
    fn begin(&mut self, grant: Grant) -> u64 {
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
        self.tenure = Tenure {
            holder: grant.client,
            token,
            granted: grant.at,
            seen,
            asked: grant.asked,
            counted: match self.terms.counted_from {
                CountedFrom::Reply if answer.is_some() => seen,
                _ => grant.asked,
            },
            received: grant.at,
            expiry: self.expiry_of(grant.at),
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

    fn writer(&self) -> Writer {
        Writer {
            client: self.tenure.holder,
            token: self.tenure.token,
            expiry: self.tenure.expiry,
        }
    }

    #[inline]
    fn write_until(&mut self, moment: Nanos, calm: bool) {
        let writer = self.writer();
        if let Some(work) = &mut self.work {
            let actor = &mut self.actors[writer.client];
            work.until(
                moment,
                calm,
                actor,
                writer,
                &mut self.outcome,
                &mut self.watch,
            );
        }
    }

    /// Counts the pauses of the holder that begin between two moments.
    #[inline]
    fn count_pauses(&mut self, from: Nanos, to: Nanos) {
        let stands = &mut self.actors[self.tenure.holder].stands;
        let mut stand = stands.after(from);
        while stand.start < to {
            self.outcome.pauses += u64::from(stand.start >= from);
            stand = stands.after(stand.end);
        }
    }

    fn message(&mut self, kind: Kind, sent: Nanos, arrived: Nanos, taken: bool) {
        self.watch.message(Message {
            kind,
            client: self.tenure.holder,
            token: self.tenure.token,
            sent,
            arrived,
            taken,
        });
    }

    /// The holder has taken the lease for its own, and the service for the holder's, until two moments.
    fn spans_until(&mut self, believed: Nanos, held: Nanos) {
        self.span(State::Believes, self.tenure.seen, believed);
        self.span(State::Holds, self.tenure.granted, held);
    }

    fn span(&mut self, state: State, begin: Nanos, end: Nanos) {
        self.watch.span(Span {
            state,
            client: self.tenure.holder,
            token: self.tenure.token,
            begin,
            end,
        });
    }
}

/// What a holder met that lasted longest between its last renewal and the loss of its lease.
fn cause(actor: &mut Actor<'_>, from: Nanos, to: Nanos) -> Cause {
    let longest = |stands: &mut super::stands::Stands<'_>| {
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
