use pyo3::prelude::*;

use super::distribution::Distribution;
use crate::{Error, network};

/// Which messages a link loses.
#[pyclass(frozen, eq, module = "suspicion._core")]
#[derive(Debug, PartialEq)]
pub struct Loss(pub network::Loss);

#[pymethods]
impl Loss {
    #[staticmethod]
    fn bernoulli(probability: f64) -> Result<Self, Error> {
        network::Loss::bernoulli(probability).map(Self)
    }

    #[staticmethod]
    fn gilbert_elliott(
        to_bad: f64,
        to_good: f64,
        good_loss: f64,
        bad_loss: f64,
        bad_delay: Option<&Distribution>,
    ) -> Result<Self, Error> {
        let bad_delay = bad_delay.map(|delay| delay.0.clone());
        network::GilbertElliott::new(to_bad, to_good, good_loss, bad_loss, bad_delay)
            .map(network::Loss::GilbertElliott)
            .map(Self)
    }
}

/// One direction of a network between two nodes.
#[pyclass(frozen, eq, module = "suspicion._core")]
#[derive(Debug, PartialEq)]
pub struct Link(pub network::Link);

#[pymethods]
impl Link {
    #[new]
    fn new(delay: &Distribution, loss: &Loss, duplication: f64, fifo: bool) -> Result<Self, Error> {
        network::Link::new(delay.0.clone(), loss.0.clone(), duplication, fifo).map(Self)
    }

    /// Mean delay in the long run, in seconds.
    fn mean_delay(&self) -> f64 {
        self.0.mean_delay()
    }
}
