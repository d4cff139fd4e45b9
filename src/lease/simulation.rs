use rand::RngExt;
use rayon::prelude::*;

use super::outcome::Outcome;
use super::terms::{Fencing, Terms, Writes};
use crate::pause::{Pause, PauseStream, Pauses};
use crate::random::{MOST_REPLICATIONS, Purpose, Seed, Stream};
use crate::time::{Nanos, nanos, seconds, span};
use crate::{Cancel, Error, domain};

/// So many pauses are followed between two looks at whether to stop.
const BETWEEN_LOOKS: u64 = 1 << 14;

/// Two clients of a lock service, of which one holds the lease and the other waits for it: `duration` seconds in
/// each of `replications` runs that know nothing of each other.
///
/// A holder renews every `renew_every` of running, and as it wakes up if the lease has not gone to the other; it
/// looks at its clock then and before every write, so that it takes a lease for its own only as long as it stands still or a write is
/// under way. Requests take no time, so that what comes of it is due to pauses alone. The outcome is the same for any number of
/// threads.
///
/// # Errors
///
/// [`Error::Argument`] for what is out of its range; [`Error::Cancelled`].
pub fn simulate(
    terms: &Terms,
    clients: &[Pauses; 2],
    duration: f64,
    replications: u64,
    seed: &Seed,
    cancel: &Cancel,
) -> Result<Outcome, Error> {
    let terms = Ticks::new(&terms.checked()?);
    let horizon = span("duration", duration)?;
    if !(1..MOST_REPLICATIONS).contains(&replications) {
        return Err(Error::argument("replications", replications, "one or more"));
    }
    domain::positive("duration", duration)?;
    let outcomes: Result<Vec<Outcome>, Error> = (0..replications)
        .into_par_iter()
        .map(|replication| Run::new(&terms, clients, seed, replication).until(horizon, cancel))
        .collect();
    Ok(outcomes?.into_iter().fold(Outcome::default(), Outcome::and))
}

/// The terms in nanoseconds.
struct Ticks {
    length: Nanos,
    renew_every: Nanos,
    poll_every: f64,
    lock_delay: Nanos,
    writes: Option<Writes>,
    write_every: Nanos,
    window: Nanos,
}

impl Ticks {
    fn new(terms: &Terms) -> Self {
        Self {
            length: nanos(terms.length),
            renew_every: nanos(terms.renew_every).max(1),
            poll_every: terms.poll_every,
            lock_delay: nanos(terms.lock_delay),
            writes: terms.writes,
            write_every: terms.writes.map_or(1, |writes| nanos(writes.every).max(1)),
            window: terms.writes.map_or(0, |writes| nanos(writes.window)),
        }
    }
}

/// One run.
struct Run<'r> {
    terms: &'r Ticks,
    pauses: [PauseStream<'r>; 2],
    polls: Stream,
    holder: usize,
    /// Since when the holder runs with a lease that it has just renewed.
    since: Nanos,
    outcome: Outcome,
}

impl<'r> Run<'r> {
    fn new(terms: &'r Ticks, clients: &'r [Pauses; 2], seed: &Seed, replication: u64) -> Self {
        let stream = |client: usize| {
            let seed = seed.part(client, 2);
            PauseStream::new(
                &clients[client],
                0,
                &seed,
                Purpose::SenderPause,
                replication,
            )
        };
        let mut pauses = [stream(0), stream(1)];
        let since = pauses[0].at(0).within(0).unwrap_or(0);
        Self {
            terms,
            pauses,
            polls: seed.stream(Purpose::Poll, replication),
            holder: 0,
            since,
            outcome: Outcome::default(),
        }
    }

    fn until(mut self, horizon: Nanos, cancel: &Cancel) -> Result<Outcome, Error> {
        loop {
            let pause = self.pauses[self.holder].at(self.since);
            if pause.start >= horizon {
                break;
            }
            self.outcome.pauses += 1;
            if self.outcome.pauses.is_multiple_of(BETWEEN_LOOKS) {
                cancel.advance(BETWEEN_LOOKS)?;
            }
            self.pause(pause);
        }
        self.write_until(horizon);
        self.outcome.time = seconds(horizon);
        Ok(self.outcome)
    }

    /// The holder stands still for a while.
    #[inline]
    fn pause(&mut self, pause: Pause) {
        self.write_until(pause.start);
        let expiry = self.expiry(pause.start);
        let begun = (pause.start - self.since) % self.terms.write_every;
        let effect = (begun < self.terms.window).then(|| pause.end + (self.terms.window - begun));
        if let Some(effect) = effect {
            let looked_at = self.expiry(pause.start - begun);
            self.outcome.unsafe_writes += u64::from(effect > looked_at);
        }
        if pause.end <= expiry {
            self.since = pause.end;
        } else {
            self.lose(pause, expiry, effect);
        }
    }

    /// When the lease runs out that a running holder has at a moment.
    #[inline]
    fn expiry(&self, moment: Nanos) -> Nanos {
        moment - (moment - self.since) % self.terms.renew_every + self.terms.length
    }

    /// The lease runs out under its holder, who may have begun a write.
    #[cold]
    fn lose(&mut self, pause: Pause, expiry: Nanos, effect: Option<Nanos>) {
        self.outcome.expired += 1;
        let other = 1 - self.holder;
        let wait = nanos(self.polls.random::<f64>() * self.terms.poll_every);
        let asked = expiry + self.terms.lock_delay + wait;
        let granted = self.pauses[other].at(asked).within(asked).unwrap_or(asked);
        if pause.end <= granted {
            self.outcome.unheld_time += seconds(pause.end - expiry);
            self.since = pause.end;
            return;
        }
        self.outcome.unheld_time += seconds(granted - expiry);
        self.outcome.two_holders += 1;
        self.outcome.two_holders_time += seconds(effect.unwrap_or(pause.end) - granted);
        if let Some(effect) = effect {
            self.outcome.stale_writes += 1;
            self.outcome.accepted += u64::from(self.accepted(effect, granted, other));
        }
        (self.holder, self.since) = (other, granted);
    }

    /// Whether a storage takes a write of the former holder.
    fn accepted(&mut self, late: Nanos, granted: Nanos, other: usize) -> bool {
        match self.terms.writes.map(|writes| writes.fencing) {
            None | Some(Fencing::None) => true,
            Some(Fencing::Sealed) => false,
            Some(Fencing::Tokens { first_write }) => {
                let pause = self.pauses[other].at(granted);
                let first = granted + nanos(first_write);
                let first = if pause.start < first {
                    first + (pause.end - pause.start)
                } else {
                    first
                };
                late < first
            }
        }
    }

    /// Counts the writes that are begun before a moment.
    #[inline]
    fn write_until(&mut self, moment: Nanos) {
        if self.terms.writes.is_some() {
            let run = (moment - self.since).max(0);
            self.outcome.writes += run as f64 / self.terms.write_every as f64;
        }
    }
}
