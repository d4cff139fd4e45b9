use pyo3::prelude::*;

use crate::Error;
use crate::detector::{
    AnyDetector, Bertier, Chen, ExponentialAccrual, FixedTimeout, PhiAccrual, Scale, TwoWindow,
};

/// A failure detector with its settings, all but the threshold.
#[pyclass(frozen, eq, module = "suspicion._core")]
#[derive(Debug, PartialEq)]
pub struct Detector(pub AnyDetector);

#[pymethods]
impl Detector {
    #[staticmethod]
    fn fixed_timeout(newest_only: bool) -> Self {
        Self(FixedTimeout { newest_only }.into())
    }

    #[staticmethod]
    fn chen(window: usize, synchronized: bool) -> Result<Self, Error> {
        Chen::new(window, synchronized).map(|detector| Self(detector.into()))
    }

    #[staticmethod]
    fn two_window(short: usize, long: usize) -> Result<Self, Error> {
        TwoWindow::new(short, long).map(|detector| Self(detector.into()))
    }

    #[staticmethod]
    fn bertier(window: usize, beta: f64, gamma: f64) -> Result<Self, Error> {
        Bertier::new(window, beta, gamma).map(|detector| Self(detector.into()))
    }

    #[staticmethod]
    fn phi_accrual(window: usize, min_std: f64, newest_only: bool) -> Result<Self, Error> {
        PhiAccrual::new(window, min_std, newest_only).map(|detector| Self(detector.into()))
    }

    #[staticmethod]
    fn exponential_accrual(
        window: usize,
        initial: Option<f64>,
        max_interval: Option<f64>,
        probability: bool,
        newest_only: bool,
    ) -> Result<Self, Error> {
        let scale = if probability {
            Scale::Probability
        } else {
            Scale::Phi
        };
        ExponentialAccrual::new(window, initial, max_interval, scale, newest_only)
            .map(|detector| Self(detector.into()))
    }

    /// Heartbeats it must have seen before it can suspect at all.
    fn needs(&self) -> usize {
        self.0.needs()
    }

    /// Heartbeats after which it has forgotten how it started.
    fn memory(&self) -> usize {
        self.0.memory()
    }

    /// Admits a threshold or says what it expected.
    fn admit(&self, threshold: f64) -> Result<f64, Error> {
        self.0.admit(threshold)
    }
}
