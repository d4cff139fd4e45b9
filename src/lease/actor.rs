use std::collections::VecDeque;

use rand::RngExt;
use rand_distr::{Distribution as _, Exp1};

use super::clock::Clock;
use super::reach::Reach;
use super::stands::Stands;
use super::terms::Client;
use crate::distribution::{Distribution, Law};
use crate::random::{Purpose, Seed, Stream};
use crate::time::{Nanos, nanos, seconds};

/// A client in a run.
pub(super) struct Actor<'l> {
    pub client: &'l Client,
    pub stands: Stands<'l>,
    pub outages: Stands<'l>,
    /// Since when it knows that it does not hold the lease.
    pub waits_since: Nanos,
    pub reach: Reach<'l>,
    /// When its machine is suspended, if it ever is.
    suspends: Option<Stands<'l>>,
    steps: Option<StepTimes<'l>>,
    delays: Travel<'l>,
    polls: Stream,
}

impl<'l> Actor<'l> {
    pub fn new(client: &'l Client, seed: &Seed, replication: u64, reach: Reach<'l>) -> Self {
        Self {
            client,
            stands: Stands::new(&client.reasons, seed, replication, reach),
            outages: Stands::outages(&client.outages, seed, replication, reach),
            waits_since: 0,
            reach,
            suspends: Stands::suspends(&client.reasons, seed, replication, reach),
            steps: StepTimes::of(&client.clock, seed, replication, reach),
            delays: Travel::new(&client.delay, seed.stream(Purpose::Delay, replication)),
            polls: seed.stream(Purpose::Poll, replication),
        }
    }

    /// Nobody will ask about a moment before this.
    pub fn forget(&mut self, before: Nanos) {
        self.stands.forget(before);
        self.outages.forget(before);
        if let Some(suspends) = &mut self.suspends {
            suspends.forget(before);
        }
        if let Some(steps) = &mut self.steps {
            steps.forget(before);
        }
    }

    /// How long a message takes, if that is always as long.
    pub fn constant_delay(&self) -> Option<Nanos> {
        self.delays.constant()
    }

    /// When a message arrives that is sent at a moment; none if it is lost.
    #[inline]
    pub fn arrival(&mut self, sent: Nanos) -> Option<Nanos> {
        let takes = self.delays.draw();
        let lost = sent == Nanos::MAX || self.outages.after(sent).start <= sent;
        (!lost).then(|| sent.saturating_add(takes))
    }

    /// When the answer arrives that leaves the service at a moment, and when the client sees it; none if it is lost.
    #[inline]
    pub fn answer(&mut self, answered: Nanos) -> Option<(Nanos, Nanos)> {
        let arrival = self.arrival(answered)?;
        Some((arrival, self.stands.out_of(arrival)))
    }

    /// When its clock is set next after a moment.
    #[inline]
    pub fn next_step(&mut self, moment: Nanos) -> Nanos {
        next_step(&mut self.steps, moment)
    }

    /// When one of its timers is due, as timers stand still in suspend and know nothing of steps.
    #[inline]
    pub fn due(&mut self, from: Nanos, after: Nanos) -> Nanos {
        let rate = self.client.clock.rate();
        shows(rate, self.suspends.as_mut(), None, from, after)
    }

    /// When its clock shows a time `after` later than at a moment.
    #[inline]
    pub fn when(&mut self, from: Nanos, after: Nanos) -> Nanos {
        let clock = &self.client.clock;
        let suspends = self.suspends.as_mut();
        let stops = suspends.filter(|_| clock.stops_in_suspend);
        shows(clock.rate(), stops, self.steps.as_mut(), from, after)
    }

    /// When it has run for a while since a moment at which it runs.
    pub fn after_running(&mut self, from: Nanos, run: Nanos) -> Nanos {
        let (mut at, mut left) = (from, run);
        loop {
            let stand = self.stands.after(at);
            let until = stand.start.max(at);
            if until - at > left {
                return at + left;
            }
            left -= until - at;
            if stand.end == Nanos::MAX {
                return Nanos::MAX;
            }
            at = stand.end;
        }
    }

    /// For how long it runs between two moments.
    pub fn ran(&mut self, from: Nanos, to: Nanos) -> Nanos {
        let (mut at, mut ran) = (from, 0);
        while at < to {
            let stand = self.stands.after(at);
            ran += (stand.start.min(to) - at).max(0);
            at = stand.end;
        }
        ran
    }

    /// The time until it asks for the first time after a moment that knows nothing of it: what is left of an interval
    /// that was met at random.
    pub fn first_poll(&mut self, every: Nanos, jitter: f64) -> Nanos {
        // A long interval is met more often than a short one, in proportion to its length.
        loop {
            let stretch = 1.0 + jitter * self.polls.random::<f64>();
            if self.polls.random::<f64>() * (1.0 + jitter) <= stretch {
                return nanos(self.polls.random::<f64>() * stretch * seconds(every));
            }
        }
    }

    /// The time until it asks again.
    pub fn next_poll(&mut self, every: Nanos, jitter: f64) -> Nanos {
        nanos((1.0 + jitter * self.polls.random::<f64>()) * seconds(every)).max(1)
    }
}

/// When a clock is set next after a moment, if it ever is.
#[inline]
pub(super) fn next_step(steps: &mut Option<StepTimes<'_>>, moment: Nanos) -> Nanos {
    steps
        .as_mut()
        .map_or(Nanos::MAX, |steps| steps.after(moment))
}

/// When a clock shows a time `after` later than at a moment: it runs at a rate, may stand still and may be set.
pub(super) fn shows(
    rate: f64,
    mut stops: Option<&mut Stands<'_>>,
    mut steps: Option<&mut StepTimes<'_>>,
    from: Nanos,
    after: Nanos,
) -> Nanos {
    if stops.is_none() && steps.is_none() {
        return from.saturating_add(stretched(after, rate));
    }
    let (mut at, mut left) = (from, seconds(after));
    while left > 0.0 {
        let stop = stops.as_mut().map(|stands| stands.after(at));
        let stopped = stop.map_or(Nanos::MAX, |stop| stop.start.max(at));
        let step = steps.as_mut().map_or(Nanos::MAX, |steps| steps.after(at));
        let shown = at.saturating_add(nanos(left / rate));
        if shown <= stopped.min(step) {
            return shown;
        }
        let until = stopped.min(step);
        left -= seconds(until - at) * rate;
        if step <= stopped {
            left -= steps.as_ref().map_or(0.0, |steps| steps.by);
            at = step;
        } else {
            at = stop.map_or(Nanos::MAX, |stop| stop.end);
        }
    }
    at
}

fn stretched(span: Nanos, rate: f64) -> Nanos {
    if rate == 1.0 {
        span
    } else {
        nanos(seconds(span) / rate)
    }
}

/// When a clock is set.
pub(super) struct StepTimes<'l> {
    every: f64,
    /// By how much it is set forward.
    by: f64,
    known: VecDeque<Nanos>,
    last: Nanos,
    draws: Stream,
    forgotten: Nanos,
    reach: Reach<'l>,
}

impl<'l> StepTimes<'l> {
    /// Those of a clock, if it is ever set.
    pub fn of(clock: &Clock, seed: &Seed, replication: u64, reach: Reach<'l>) -> Option<Self> {
        clock.steps.map(|steps| Self {
            every: steps.every,
            by: steps.by,
            known: VecDeque::new(),
            last: 0,
            draws: seed.stream(Purpose::ClockStep, replication),
            forgotten: 0,
            reach,
        })
    }

    pub fn forget(&mut self, before: Nanos) {
        self.forgotten = self.forgotten.max(before);
        while self
            .known
            .front()
            .is_some_and(|step| *step <= self.forgotten)
        {
            self.known.pop_front();
        }
    }

    /// The first after a moment; none that comes when the run has ended but the first.
    fn after(&mut self, moment: Nanos) -> Nanos {
        let place = self.known.partition_point(|step| *step <= moment);
        if let Some(step) = self.known.get(place) {
            return *step;
        }
        while !self.reach.is_past(self.last) {
            let wait: f64 = Exp1.sample(&mut self.draws);
            self.last = self.last.saturating_add(nanos(wait * self.every).max(1));
            if self.last > self.forgotten {
                self.known.push_back(self.last);
            }
            if self.last > moment {
                return self.last;
            }
        }
        Nanos::MAX
    }
}

/// How long messages take.
pub(super) struct Travel<'l> {
    law: &'l Distribution,
    constant: Option<Nanos>,
    draws: Stream,
}

impl<'l> Travel<'l> {
    pub fn new(law: &'l Distribution, draws: Stream) -> Self {
        let constant = match law {
            Distribution::Constant(_) => Some(nanos(law.mean())),
            _ => None,
        };
        Self {
            law,
            constant,
            draws,
        }
    }

    /// How long one takes, if all take as long.
    pub fn constant(&self) -> Option<Nanos> {
        self.constant
    }

    #[inline]
    pub fn draw(&mut self) -> Nanos {
        match self.constant {
            Some(takes) => takes,
            None => nanos(self.law.sample(&mut self.draws)),
        }
    }
}
