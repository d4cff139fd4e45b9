use std::sync::Arc;

use pyo3::prelude::*;

use super::array::Floats;
use super::distribution::Distribution;
use crate::Error;
use crate::pause::{self, Timeline};
use crate::time::seconds;

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
    fn timeline(starts: Floats, durations: Floats) -> Result<Self, Error> {
        Timeline::new(&starts.0, &durations.0)
            .map(|timeline| Self(pause::Pauses::Timeline(Arc::new(timeline))))
    }

    /// Starts and durations of a timeline, joined and in order, in seconds.
    fn intervals(&self) -> (Floats, Floats) {
        let pauses = match &self.0 {
            pause::Pauses::Timeline(timeline) => timeline.pauses(),
            _ => &[],
        };
        let starts = pauses.iter().map(|pause| seconds(pause.start)).collect();
        let durations = pauses
            .iter()
            .map(|pause| seconds(pause.end - pause.start))
            .collect();
        (Floats(starts), Floats(durations))
    }
}
