use rand::RngExt;
use rayon::prelude::*;

use super::history::{History, Span, State, Unwatched, Watch as _};
use super::outcome::Outcome;
use super::reach::Reach;
use super::run::Run;
use super::stands::Stands;
use super::terms::Lease;
use crate::distribution::Law as _;
use crate::random::{MOST_REPLICATIONS, Purpose, Seed};
use crate::time::{LONGEST, Nanos, nanos, seconds, span};
use crate::{Cancel, Error, memory};

/// So many runs are followed before their outcomes are put together.
const BLOCK: u64 = 256;

/// A takeover takes so many bytes.
const TAKEOVER: u64 = 16;

/// A write on its way takes so many bytes, and as many again while their number grows.
const WRITE: f64 = 80.0;

/// A crash happens after so many renewals, when no trace of the beginning is left.
const SETTLED: f64 = 8.0;

/// Nobody waits for longer than so many times what a takeover should take.
const PATIENCE: f64 = 1e4;

impl Lease {
    /// What becomes of the lease in `duration` seconds of each of `runs` that know nothing of each other.
    ///
    /// The first client gets the lease at time zero, or when it first runs; pauses are in equilibrium. A holder asks for more time every `renew_every` of its
    /// clock, or as soon as it runs again; it looks at its clock before each write and each request, and gives up when that shows
    /// `believed_for` since what it counts from, or when it is told. The outcome is the same for any number of threads.
    ///
    /// Requests are followed one by one in the order in which they are sent, also where one overtakes another. Who gets no answer
    /// within `renew_every` looks no more for it.
    ///
    /// As long as messages take a constant time and nothing can happen but a pause, renewals and writes are counted, not followed;
    /// what comes of it is the same.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for what is out of its range; [`Error::Memory`]; [`Error::Cancelled`].
    pub fn simulate(
        &self,
        duration: f64,
        runs: u64,
        seed: &Seed,
        cancel: &Cancel,
    ) -> Result<Outcome, Error> {
        let horizon = span("duration", duration)?;
        let reach = Reach { horizon, cancel };
        number("runs", runs)?;
        self.admit_writes(duration)?;
        let mut whole = Outcome::default();
        for begin in (0..runs).step_by(BLOCK as usize) {
            let room = whole.room();
            let outcomes: Result<Vec<Outcome>, Error> = (begin..runs.min(begin + BLOCK))
                .into_par_iter()
                .map(|replication| {
                    let run = Run::new(self, seed, replication, reach, Unwatched).with_room(room);
                    run.finish().map(|(outcome, _)| outcome)
                })
                .collect();
            whole = outcomes?.into_iter().fold(whole, Outcome::and);
        }
        Ok(whole)
    }

    /// All that happens in the first run of [`simulate`](Self::simulate), up to a million messages and as many intervals.
    ///
    /// # Errors
    ///
    /// Those of `simulate`.
    pub fn history(
        &self,
        duration: f64,
        seed: &Seed,
        cancel: &Cancel,
    ) -> Result<(Outcome, History), Error> {
        let horizon = span("duration", duration)?;
        let reach = Reach { horizon, cancel };
        self.admit_writes(duration)?;
        let mut history = History::default();
        let run = Run::new(self, seed, 0, reach, &mut history);
        let (outcome, _) = run.finish()?;
        history.messages.retain(|message| message.sent < horizon);
        for (client, parts) in self.clients.iter().enumerate() {
            let seed = seed.part(client, self.clients.len() + 1);
            let mut stands = Stands::new(&parts.reasons, &seed, 0, reach);
            let mut stand = stands.after(0);
            while stand.start < horizon {
                cancel.checkpoint()?;
                stands.forget(stand.start);
                (&mut history).span(Span {
                    state: State::Stands,
                    client,
                    token: u64::from(stand.reason),
                    begin: stand.start.max(0),
                    end: stand.end,
                });
                stand = stands.after(stand.end);
            }
        }
        cancel.checkpoint()?;
        Ok((outcome, history))
    }

    /// How long nobody works after the holder has crashed at a random moment and never comes back: until another sees that it got the lease, in
    /// seconds, once for each run; infinite where nobody ever does. The holder does not pause before it crashes.
    ///
    /// # Errors
    ///
    /// Those of `simulate`, and [`Error::Argument`] for a lease whose takeover would end after a century.
    pub fn takeovers(&self, runs: u64, seed: &Seed, cancel: &Cancel) -> Result<Vec<f64>, Error> {
        number("runs", runs)?;
        memory::admit("runs", runs, runs.saturating_mul(TAKEOVER))?;
        let terms = &self.terms;
        let should_take = terms.length + terms.grace + terms.lock_delay + terms.poll_every;
        let interval = terms.renew_every / self.clients[0].clock.rate();
        if (SETTLED + 1.0) * interval + should_take > LONGEST {
            return Err(Error::argument(
                "length",
                terms.length,
                "a lease whose takeover ends within 100 years",
            ));
        }
        let takeover = |replication: u64| {
            let moment = seed.stream(Purpose::Crash, replication).random::<f64>();
            let crash = nanos((SETTLED + moment) * interval);
            let horizon = (seconds(crash) + PATIENCE * should_take).min(LONGEST);
            let reach = Reach {
                horizon: nanos(horizon),
                cancel,
            };
            let mut run = Run::new(self, seed, replication, reach, Unwatched);
            run.crash(crash);
            let seen = run.first_handover().map(|tenure| tenure.seen);
            cancel.advance(1)?;
            Ok(match seen {
                Some(Nanos::MAX) | None => f64::INFINITY,
                Some(seen) => seconds(seen - crash),
            })
        };
        (0..runs).into_par_iter().map(takeover).collect()
    }

    /// Lets writes pass that fit into memory while they are on their way.
    fn admit_writes(&self, duration: f64) -> Result<(), Error> {
        let Some(writes) = &self.writes else {
            return Ok(());
        };
        let on_their_way = writes.delay.mean().min(duration) / writes.every;
        let bytes = on_their_way * WRITE * rayon::current_num_threads() as f64;
        memory::admit("every", writes.every, bytes as u64)
    }
}

fn number(name: &'static str, runs: u64) -> Result<(), Error> {
    if (1..MOST_REPLICATIONS).contains(&runs) {
        Ok(())
    } else {
        Err(Error::argument(name, runs, "a number of runs, one or more"))
    }
}
