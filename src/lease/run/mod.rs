//! A lease in one run: who holds it, from one renewal or grant to the next.

mod calm;
mod handover;
mod renewal;

use super::actor::{Actor, StepTimes};
use super::clock::Clock;
use super::grant::{Grant, Waiting};
use super::history::{Kind, Message, Span, State, Watch};
use super::outcome::{MOST_EPISODES, Outcome};
use super::reach::Reach;
use super::terms::{Judge, Lease, Terms};
use super::work::{Work, Writer};
use crate::Error;
use crate::random::Seed;
use crate::time::{Nanos, nanos, seconds};

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
    /// So many episodes are kept.
    room: usize,
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
    /// Since when the service takes it for the holder's.
    held_since: Nanos,
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
            room: MOST_EPISODES,
            watch,
        };
        run.calm = (0..lease.clients.len())
            .map(|place| run.calm(place))
            .collect();
        run
    }

    /// What becomes of the lease until the run ends.
    pub fn finish(mut self) -> Result<(Outcome, W), Error> {
        let Reach { horizon, cancel } = self.reach;
        let (mut looked, mut told) = (0_u64, 0);
        self.first();
        while self.tenure.asked < horizon {
            looked += 1;
            if looked.is_multiple_of(BETWEEN_LOOKS) || self.reach.cancelled() {
                let passed = (self.tenure.asked / SECOND).max(told);
                cancel.advance((passed - told) as u64)?;
                told = passed;
            }
            self.skip();
            self.renew();
        }
        if self.tenure.asked < Nanos::MAX {
            self.spans_until(horizon, horizon);
        }
        let actor = &mut self.actors[self.tenure.holder];
        if let Some(work) = &mut self.work {
            work.end(actor, &mut self.outcome, &mut self.watch);
        }
        cancel.advance((horizon / SECOND - told).max(0) as u64)?;
        self.outcome.time = seconds(horizon);
        Ok((self.outcome, self.watch))
    }

    /// Keeps no more than so many episodes.
    pub fn with_room(self, room: usize) -> Self {
        Self { room, ..self }
    }

    /// The first client stands still from a moment on, and never before.
    pub fn crash(&mut self, moment: Nanos) {
        self.actors[0].stands.stop_at(moment);
    }

    /// The first time that another gets it, with when it sees that it did.
    pub fn first_handover(mut self) -> Option<Tenure> {
        self.first();
        while !self.reach.is_past(self.tenure.asked) {
            self.skip();
            self.renew();
            if self.tenure.holder != 0 {
                return Some(self.tenure);
            }
        }
        None
    }

    /// The first client gets the lease when it runs for the first time.
    fn first(&mut self) {
        let asked = self.actors[0].stands.out_of(0);
        self.outcome.unheld_time += seconds(asked.min(self.reach.horizon));
        self.begin(Grant {
            client: 0,
            asked,
            at: asked,
        });
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
        self.span(State::Holds, self.tenure.held_since, held);
    }

    fn span(&mut self, state: State, begin: Nanos, end: Nanos) {
        if begin < end {
            self.watch.span(Span {
                state,
                client: self.tenure.holder,
                token: self.tenure.token,
                begin,
                end,
            });
        }
    }
}
