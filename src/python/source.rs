use std::ops::Range;

use pyo3::prelude::*;

use super::heartbeat::{Arrivals, Heartbeats};
use crate::Error;
use crate::pause::Guard;
use crate::qos::{self, Campaign, Confirmation, Observers};
use crate::random::Seed;

/// Where the heartbeats of a sweep come from.
#[pyclass(frozen, module = "suspicion._core")]
#[derive(Debug)]
pub struct Source(pub qos::Source);

#[pymethods]
impl Source {
    #[staticmethod]
    fn recorded(arrivals: &Arrivals) -> Self {
        Self(qos::Source::Recorded(arrivals.0.clone()))
    }

    /// What several monitors saw, of which `quorum` must agree.
    #[staticmethod]
    fn observed(logs: Vec<Py<Arrivals>>, quorum: usize) -> Result<Self, Error> {
        let logs = logs.iter().map(|log| log.get().0.clone()).collect();
        Observers::new(logs, quorum)
            .map(qos::Source::Observed)
            .map(Self)
    }

    #[staticmethod]
    #[pyo3(signature = (model, duration, seed, replications, part, block))]
    fn modelled(
        model: &Heartbeats,
        duration: f64,
        seed: [u8; 32],
        replications: Option<u64>,
        part: Option<(u64, u64)>,
        block: Option<usize>,
    ) -> Result<Self, Error> {
        let mut campaign = Campaign::new(model.0.clone(), duration, Seed::new(seed), replications)?;
        if let Some((start, end)) = part {
            campaign = campaign.only(Range { start, end })?;
        }
        if let Some(block) = block {
            campaign = campaign.in_blocks(block)?;
        }
        Ok(Self(qos::Source::Modelled(campaign)))
    }

    /// Heartbeats that will be watched.
    fn heartbeats(&self) -> u64 {
        match &self.0 {
            qos::Source::Recorded(arrivals) => arrivals.beats().len() as u64,
            qos::Source::Modelled(campaign) => campaign.heartbeats(),
            qos::Source::Observed(observers) => (observers.logs().iter())
                .map(|log| log.beats().len() as u64)
                .sum(),
        }
    }

    /// Replications of the whole campaign; none for a log.
    fn replications(&self) -> Option<u64> {
        match &self.0 {
            qos::Source::Recorded(_) | qos::Source::Observed(_) => None,
            qos::Source::Modelled(campaign) => Some(campaign.replications()),
        }
    }
}

/// How a source is watched.
#[pyclass(frozen, eq, module = "suspicion._core")]
#[derive(Debug, PartialEq)]
pub struct Terms(pub qos::Terms);

#[pymethods]
impl Terms {
    #[new]
    #[pyo3(signature = (warm_up, check_every, dwell, timer_first, guard))]
    fn new(
        warm_up: Option<usize>,
        check_every: f64,
        dwell: f64,
        timer_first: bool,
        guard: Option<(f64, f64)>,
    ) -> Result<Self, Error> {
        let guard = guard
            .map(|(longer_than, hold)| Guard::new(longer_than, hold))
            .transpose()?;
        let confirmation = Confirmation::new(check_every, dwell)?;
        Ok(Self(qos::Terms {
            warm_up,
            confirmation,
            timer_first,
            guard,
        }))
    }
}
