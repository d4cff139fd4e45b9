use pyo3::prelude::*;

use super::array::{Floats, Integers};
use super::distribution::Distribution;
use super::interrupt::interruptible;
use super::pause::Pauses;
use crate::Error;
use crate::lease::{self, Cause, CountedFrom, Fencing, Judge, Kind, Reason, State, Steps};
use crate::random::Seed;
use crate::time::{Nanos, seconds};

/// By what time is told.
#[pyclass(frozen, module = "suspicion._core")]
#[derive(Debug)]
pub struct LeaseClock(lease::Clock);

#[pymethods]
impl LeaseClock {
    /// With the mean time between steps and their size in seconds, if it is set at all.
    #[new]
    #[pyo3(signature = (drift, stops_in_suspend, steps))]
    fn new(drift: f64, stops_in_suspend: bool, steps: Option<(f64, f64)>) -> Result<Self, Error> {
        let clock = lease::Clock {
            drift,
            stops_in_suspend,
            steps: steps.map(|(every, by)| Steps { every, by }),
        };
        clock.checked().map(Self)
    }
}

/// On what terms a service gives a lease.
#[pyclass(frozen, module = "suspicion._core")]
#[derive(Debug)]
pub struct LeaseTerms(lease::Terms);

#[pymethods]
impl LeaseTerms {
    /// Without a clock of the service those who wait judge.
    #[new]
    #[pyo3(signature = (*, length, renew_every, believed_for, from_reply, renews_on_waking, poll_every, poll_jitter, grace, lock_delay, service))]
    #[allow(clippy::too_many_arguments, reason = "each is named by the caller")]
    fn new(
        length: f64,
        renew_every: f64,
        believed_for: f64,
        from_reply: bool,
        renews_on_waking: bool,
        poll_every: f64,
        poll_jitter: f64,
        grace: f64,
        lock_delay: f64,
        service: Option<&LeaseClock>,
    ) -> Result<Self, Error> {
        let terms = lease::Terms {
            length,
            renew_every,
            believed_for,
            counted_from: if from_reply {
                CountedFrom::Reply
            } else {
                CountedFrom::Request
            },
            renews_on_waking,
            poll_every,
            poll_jitter,
            grace,
            lock_delay,
            judge: service.map_or(Judge::Observers, |clock| Judge::Service(clock.0)),
        };
        terms.checked().map(Self)
    }

    /// Probability that a pause of its holder makes two.
    fn two_holders(&self, pause: &Distribution, rate: f64) -> Result<f64, Error> {
        lease::two_holders(&self.0, &pause.0, rate)
    }

    /// Probability that a write takes effect when the lease has run out.
    fn unsafe_write(&self, window: f64, pause: &Distribution, rate: f64) -> Result<f64, Error> {
        lease::unsafe_write(&self.0, window, &pause.0, rate)
    }
}

/// One who holds a lease or waits for it.
#[pyclass(frozen, module = "suspicion._core")]
#[derive(Debug)]
pub struct LeaseClient(lease::Client);

#[pymethods]
impl LeaseClient {
    /// Each reason to pause comes with whether it suspends the machine.
    #[new]
    fn new(
        reasons: Vec<(PyRef<'_, Pauses>, bool)>,
        clock: &LeaseClock,
        looks: bool,
        delay: &Distribution,
        outages: &Pauses,
    ) -> Self {
        let reason = |(pauses, suspends): &(PyRef<'_, Pauses>, bool)| Reason {
            pauses: pauses.0.clone(),
            suspends: *suspends,
        };
        Self(lease::Client {
            reasons: reasons.iter().map(reason).collect(),
            clock: clock.0,
            looks,
            delay: delay.0.clone(),
            outages: outages.0.clone(),
        })
    }
}

/// What a holder writes.
#[pyclass(frozen, module = "suspicion._core")]
#[derive(Debug)]
pub struct LeaseWrites(lease::Writes);

#[pymethods]
impl LeaseWrites {
    /// `fencing` is `"tokens"`, `"sealed"` or anything else for none.
    #[new]
    fn new(
        every: f64,
        window: f64,
        first_after: f64,
        delay: &Distribution,
        fencing: &str,
    ) -> Result<Self, Error> {
        let writes = lease::Writes {
            every,
            window,
            first_after,
            delay: delay.0.clone(),
            fencing: match fencing {
                "tokens" => Fencing::Tokens,
                "sealed" => Fencing::Sealed,
                _ => Fencing::None,
            },
        };
        writes.checked().map(Self)
    }
}

/// A lease with all who have to do with it.
#[pyclass(frozen, module = "suspicion._core")]
#[derive(Debug)]
pub struct Lease(lease::Lease);

#[pymethods]
impl Lease {
    #[new]
    #[pyo3(signature = (terms, clients, writes))]
    fn new(
        terms: &LeaseTerms,
        clients: Vec<PyRef<'_, LeaseClient>>,
        writes: Option<&LeaseWrites>,
    ) -> Result<Self, Error> {
        let clients = clients.iter().map(|client| client.0.clone()).collect();
        let writes = writes.map(|writes| writes.0.clone());
        lease::Lease::new(terms.0, clients, writes).map(Self)
    }

    #[pyo3(signature = (duration, runs, seed, progress=None))]
    fn simulate(
        &self,
        py: Python<'_>,
        duration: f64,
        runs: u64,
        seed: [u8; 32],
        progress: Option<Py<PyAny>>,
    ) -> PyResult<LeaseOutcome> {
        let (lease, seed) = (&self.0, Seed::new(seed));
        interruptible(py, progress, |cancel| {
            lease.simulate(duration, runs, &seed, cancel)
        })
        .map(LeaseOutcome)
    }

    /// The outcome with every message and every span.
    fn history(
        &self,
        py: Python<'_>,
        duration: f64,
        seed: [u8; 32],
    ) -> PyResult<(LeaseOutcome, LeaseHistory)> {
        let (lease, seed) = (&self.0, Seed::new(seed));
        interruptible(py, None, |cancel| lease.history(duration, &seed, cancel))
            .map(|(outcome, history)| (LeaseOutcome(outcome), LeaseHistory(history)))
    }

    /// Seconds from a crash of the holder until another has taken over.
    #[pyo3(signature = (runs, seed, progress=None))]
    fn takeovers(
        &self,
        py: Python<'_>,
        runs: u64,
        seed: [u8; 32],
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Floats> {
        let (lease, seed) = (&self.0, Seed::new(seed));
        interruptible(py, progress, |cancel| lease.takeovers(runs, &seed, cancel)).map(Floats)
    }
}

/// What became of a lease.
#[pyclass(frozen, module = "suspicion._core")]
#[derive(Debug)]
pub struct LeaseOutcome(lease::Outcome);

#[pymethods]
impl LeaseOutcome {
    /// Counts by name.
    fn counts(&self) -> Vec<(&'static str, u64)> {
        let found = &self.0;
        vec![
            ("pauses", found.pauses),
            ("expired", found.expired),
            ("handovers", found.handovers),
            ("two_holders", found.two_holders),
            ("writes", found.writes),
            ("unsafe_writes", found.unsafe_writes),
            ("stale_writes", found.stale_writes),
            ("accepted", found.accepted),
        ]
    }

    /// Seconds by name.
    fn times(&self) -> Vec<(&'static str, f64)> {
        let found = &self.0;
        vec![
            ("time", found.time),
            ("two_holders_time", found.two_holders_time),
            ("acting_time", found.acting_time),
            ("unheld_time", found.unheld_time),
        ]
    }

    /// Begin, end and seconds of running of each episode.
    fn episode_times(&self) -> (Floats, Floats, Floats) {
        let episodes = &self.0.episodes;
        (
            times(episodes.iter().map(|episode| episode.begin)),
            times(episodes.iter().map(|episode| episode.end)),
            times(episodes.iter().map(|episode| episode.acting)),
        )
    }

    /// Run, former holder, new holder, stale writes and cause of each episode: the place of a reason to pause, -1
    /// for lost messages, -2 for nothing of that.
    fn episode_facts(&self) -> [Integers; 5] {
        let episodes = &self.0.episodes;
        let of = |fact: fn(&lease::Episode) -> i64| Integers(episodes.iter().map(fact).collect());
        [
            of(|episode| episode.run as i64),
            of(|episode| episode.from as i64),
            of(|episode| episode.to as i64),
            of(|episode| episode.stale_writes as i64),
            of(|episode| match episode.cause {
                Cause::Pause(place) => i64::from(place),
                Cause::Outage => -1,
                Cause::Other => -2,
            }),
        ]
    }
}

/// All that happened in a run.
#[pyclass(frozen, module = "suspicion._core")]
#[derive(Debug)]
pub struct LeaseHistory(lease::History);

#[pymethods]
impl LeaseHistory {
    /// What each message asks for, when it was sent and when it arrived.
    fn messages(&self) -> (Vec<&'static str>, Floats, Floats) {
        let messages = &self.0.messages;
        let kind = |message: &lease::Message| match message.kind {
            Kind::Acquire => "acquire",
            Kind::Renew => "renew",
            Kind::Write => "write",
            Kind::Seal => "seal",
        };
        (
            messages.iter().map(kind).collect(),
            times(messages.iter().map(|message| message.sent)),
            times(messages.iter().map(|message| message.arrived)),
        )
    }

    /// Client and token of each message, and 1 if it was granted or taken.
    fn message_facts(&self) -> [Integers; 3] {
        let messages = &self.0.messages;
        let of = |fact: fn(&lease::Message) -> i64| Integers(messages.iter().map(fact).collect());
        [
            of(|message| message.client as i64),
            of(|message| message.token as i64),
            of(|message| i64::from(message.taken)),
        ]
    }

    /// What each span says, when it begins and when it ends.
    fn spans(&self) -> (Vec<&'static str>, Floats, Floats) {
        let spans = &self.0.spans;
        let state = |span: &lease::Span| match span.state {
            State::Believes => "believes",
            State::Holds => "holds",
            State::Stands => "stands still",
        };
        (
            spans.iter().map(state).collect(),
            times(spans.iter().map(|span| span.begin)),
            times(spans.iter().map(|span| span.end)),
        )
    }

    /// How many messages and spans there was no room for.
    fn dropped(&self) -> u64 {
        self.0.dropped
    }

    /// Client and token of each span; of one in which a client stands still the place of the reason.
    fn span_facts(&self) -> [Integers; 2] {
        let spans = &self.0.spans;
        let of = |fact: fn(&lease::Span) -> i64| Integers(spans.iter().map(fact).collect());
        [of(|span| span.client as i64), of(|span| span.token as i64)]
    }
}

fn times(moments: impl Iterator<Item = Nanos>) -> Floats {
    Floats(moments.map(seconds).collect())
}
