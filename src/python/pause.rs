use std::sync::Arc;

use pyo3::prelude::*;

use super::array::{Floats, Integers};
use super::distribution::Distribution;
use super::interrupt::interruptible;
use crate::Error;
use crate::pause::{self, Collection, Hiccups, Migration, Old, Young};
use crate::random::Seed;
use crate::time::{Nanos, nanos, seconds};

/// When a process stands still.
#[pyclass(frozen, eq, module = "suspicion._core")]
#[derive(Debug, PartialEq)]
pub struct Pauses(pub pause::Pauses);

#[pymethods]
impl Pauses {
    #[staticmethod]
    fn never() -> Self {
        Self(pause::Pauses::Never)
    }

    #[staticmethod]
    fn renewal(every: &Distribution, lasting: &Distribution) -> Result<Self, Error> {
        pause::Pauses::renewal(every.0.clone(), lasting.0.clone()).map(Self)
    }

    #[staticmethod]
    fn timeline(timeline: &Timeline) -> Self {
        Self(pause::Pauses::Timeline(Arc::clone(&timeline.0)))
    }

    /// Pauses of a collected heap, minor collections for each major one, and mean seconds between those.
    #[staticmethod]
    fn collection(
        allocation_rate: f64,
        young: Option<YoungGeneration>,
        live: f64,
        limit: f64,
        old: OldGeneration,
        variation: f64,
        spread: f64,
    ) -> Result<(Self, f64, f64), Error> {
        let collection = Collection {
            allocation_rate,
            young: young.map(Young::from),
            live,
            limit,
            old: old.into(),
            variation,
            spread,
        };
        let (minors, interval) = (collection.minors_per_major(), collection.mean_cycle());
        Ok((
            Self(pause::Pauses::collection(collection)?),
            minors,
            interval,
        ))
    }

    #[staticmethod]
    fn union(parts: Vec<PyRef<'_, Self>>) -> Result<Self, Error> {
        pause::Pauses::union(parts.iter().map(|part| part.0.clone()).collect()).map(Self)
    }

    /// The pauses of one run, with the causes that the parts are called by.
    #[pyo3(signature = (duration, causes, seed, progress=None))]
    fn simulate(
        &self,
        py: Python<'_>,
        duration: f64,
        causes: Vec<String>,
        seed: [u8; 32],
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Timeline> {
        let (pauses, seed) = (&self.0, Seed::new(seed));
        interruptible(py, progress, |cancel| {
            pauses.simulate(duration, &causes, &seed, 0, cancel)
        })
        .map(|timeline| Timeline(Arc::new(timeline)))
    }
}

/// Bytes of eden, the share of them that survives, seconds of a minor collection, and for each byte that survives.
#[derive(FromPyObject)]
struct YoungGeneration(f64, f64, f64, f64);

impl From<YoungGeneration> for Young {
    fn from(YoungGeneration(eden, survival, base, per_byte): YoungGeneration) -> Self {
        Self {
            eden,
            survival,
            base,
            per_byte,
        }
    }
}

/// How the old generation is collected.
#[derive(FromPyObject)]
enum OldGeneration {
    /// Stopped: seconds for each byte.
    Stopped(f64),
    /// Concurrently: seconds of a cycle, of each of its two stops, bytes of headroom, and seconds for each byte of a full
    /// collection.
    Concurrent(f64, f64, f64, Option<f64>),
}

impl From<OldGeneration> for Old {
    fn from(old: OldGeneration) -> Self {
        match old {
            OldGeneration::Stopped(per_byte) => Self::Stopped { per_byte },
            OldGeneration::Concurrent(takes, stop, headroom, full) => Self::Concurrent {
                takes,
                stop,
                headroom,
                full,
            },
        }
    }
}

/// Pauses at given times.
#[pyclass(frozen, eq, module = "suspicion._core")]
#[derive(Debug, PartialEq)]
pub struct Timeline(Arc<pause::Timeline>);

#[pymethods]
impl Timeline {
    /// From starts and lengths in seconds, and for each the place of its cause among the causes.
    #[new]
    #[pyo3(signature = (starts, lasting, cause, causes))]
    fn new(
        starts: Floats,
        lasting: Floats,
        cause: Option<Integers>,
        causes: Vec<String>,
    ) -> Result<Self, Error> {
        let timeline = match cause {
            None => pause::Timeline::new(&starts.0, &lasting.0),
            Some(cause) => {
                let places: Vec<u32> = cause
                    .0
                    .iter()
                    .map(|place| u32::try_from(*place).unwrap_or(u32::MAX))
                    .collect();
                pause::Timeline::with_causes(&starts.0, &lasting.0, &places, causes)
            }
        };
        timeline.map(|timeline| Self(Arc::new(timeline)))
    }

    /// Starts and lengths of the pauses, joined and in order, in seconds.
    fn intervals(&self) -> (Floats, Floats) {
        columns(self.0.pauses().iter().copied())
    }

    /// Starts and lengths of what they are made of, and the places of their causes.
    fn spells(&self) -> (Floats, Floats, Integers) {
        let spells = self.0.spells();
        let (starts, lasting) = columns(spells.iter().map(|spell| spell.pause));
        let causes = spells.iter().map(|spell| i64::from(spell.cause)).collect();
        (starts, lasting, Integers(causes))
    }

    /// Names of the causes.
    fn causes(&self) -> Vec<String> {
        self.0.causes().to_vec()
    }

    /// For how much longer the process stands still at each moment.
    fn remaining(&self, moments: Floats) -> Floats {
        self.at(moments, |timeline, now| timeline.remaining(now))
    }

    /// How long it has stood still by each moment.
    fn stood(&self, moments: Floats) -> Floats {
        self.at(moments, |timeline, now| timeline.stood(now))
    }

    /// When it has run for so long.
    fn when_run(&self, running: Floats) -> Floats {
        self.at(running, |timeline, run| timeline.when_run(run))
    }

    fn union(&self, other: &Self) -> Self {
        Self(Arc::new(self.0.union(&other.0)))
    }

    /// Ends of the buckets and counts of what a napping thread measures.
    fn hiccups(
        &self,
        py: Python<'_>,
        every: f64,
        until: f64,
        digits: u32,
        corrected: bool,
    ) -> PyResult<(Floats, Floats, Floats)> {
        let timeline = &self.0;
        let found = interruptible(py, None, |cancel| {
            Hiccups::new(timeline, every, until, digits, corrected, cancel)
        })?;
        Ok((
            Floats(found.lower),
            Floats(found.upper),
            Floats(found.count),
        ))
    }
}

impl Timeline {
    fn at(&self, moments: Floats, look: impl Fn(&pause::Timeline, Nanos) -> Nanos) -> Floats {
        let found = moments
            .0
            .iter()
            .map(|now| seconds(look(&self.0, nanos(*now))));
        Floats(found.collect())
    }
}

fn columns(pauses: impl Iterator<Item = pause::Pause>) -> (Floats, Floats) {
    let (starts, lasting) = pauses
        .map(|pause| (seconds(pause.start), seconds(pause.end - pause.start)))
        .unzip();
    (Floats(starts), Floats(lasting))
}

/// Rounds, seconds of copying, seconds of standing still, and whether that is within the limit, of a machine
/// that moves.
#[pyfunction]
pub fn migration(
    memory: f64,
    bandwidth: f64,
    dirty_rate: f64,
    downtime_limit: f64,
    most_rounds: usize,
) -> Result<(u32, f64, f64, bool), Error> {
    let found = Migration::new(memory, bandwidth, dirty_rate, downtime_limit, most_rounds)?;
    Ok((found.rounds, found.copying, found.downtime, found.converged))
}
