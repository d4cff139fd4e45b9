use rand::RngExt;
use rayon::prelude::*;

use super::history::{History, Span, State, Unwatched};
use super::outcome::Outcome;
use super::reach::Reach;
use super::run::Run;
use super::stands::Stands;
use super::terms::Lease;
use crate::random::{MOST_REPLICATIONS, Purpose, Seed};
use crate::time::{LONGEST, Nanos, nanos, seconds, span};
use crate::{Cancel, Error, memory};

/// A run's outcome takes so many bytes while it waits for the others.
const OUTCOME: u64 = 256;

/// A crash happens after so many renewals, when no trace of the beginning is left.
const SETTLED: f64 = 8.0;

/// Nobody waits for longer than so many times what a takeover should take.
const PATIENCE: f64 = 1e4;

impl Lease {
    /// What becomes of the lease in `duration` seconds of each of `runs` that know nothing of each other.
    ///
    /// The first client holds the lease at time zero; pauses are in equilibrium. A holder asks for more time every `renew_every` of its
    /// clock, or as soon as it runs again; it looks at its clock before each write and each request, and gives up when that shows
    /// `believed_for` since what it counts from, or when it is told. The outcome is the same for any number of threads.
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
        admit("runs", runs, OUTCOME)?;
        let outcomes: Result<Vec<Outcome>, Error> = (0..runs)
            .into_par_iter()
            .map(|replication| {
                let run = Run::new(self, seed, replication, reach, Unwatched);
                run.to_the_end().map(|(outcome, _)| outcome)
            })
            .collect();
        Ok(outcomes?.into_iter().fold(Outcome::default(), Outcome::and))
    }

    /// All that happens in the first run of [`simulate`](Self::simulate), up to a million messages.
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
        let mut history = History::default();
        let run = Run::new(self, seed, 0, reach, &mut history);
        let (outcome, _) = run.to_the_end()?;
        history.messages.retain(|message| message.sent < horizon);
        history.spans.retain(|span| span.begin < span.end);
        for (client, parts) in self.clients.iter().enumerate() {
            let seed = seed.part(client, self.clients.len() + 1);
            let mut stands = Stands::new(&parts.reasons, &seed, 0, reach);
            let mut stand = stands.after(0);
            while stand.start < horizon {
                cancel.checkpoint()?;
                stands.forget(stand.start);
                history.spans.push(Span {
                    state: State::Stands,
                    client,
                    token: u64::from(stand.reason),
                    begin: stand.start.max(0),
                    end: stand.end,
                });
                stand = stands.after(stand.end);
            }
        }
        Ok((outcome, history))
    }

    /// How long nobody works after the holder has crashed at a random moment and never comes back: until another sees that it got the lease, in
    /// seconds, once for each run; infinite where nobody ever does.
    ///
    /// # Errors
    ///
    /// Those of `simulate`.
    pub fn takeovers(&self, runs: u64, seed: &Seed, cancel: &Cancel) -> Result<Vec<f64>, Error> {
        admit("runs", runs, 16)?;
        let terms = &self.terms;
        let should_take = terms.length + terms.grace + terms.lock_delay + terms.poll_every;
        let takeover = |replication: u64| {
            let moment = seed.stream(Purpose::Crash, replication).random::<f64>();
            let crash = nanos((SETTLED + moment) * terms.renew_every);
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
}

fn admit(name: &'static str, runs: u64, bytes: u64) -> Result<(), Error> {
    if !(1..MOST_REPLICATIONS).contains(&runs) {
        return Err(Error::argument(name, runs, "a number of runs, one or more"));
    }
    memory::admit(name, runs, runs.saturating_mul(bytes))
}
