use pyo3::prelude::*;

use super::array::{Floats, Integers};
use super::interrupt::interruptible;
use crate::Error;
use crate::estimate::{self as core, Bucket, Family, Goodness, Likelihood};

/// Durations seen whole, cut off, in buckets or through a window.
#[pyclass(frozen, module = "suspicion._core")]
#[derive(Debug)]
pub struct Observations(core::Observations);

#[pymethods]
impl Observations {
    /// Samples and limits in seconds.
    #[new]
    fn new(samples: Floats, limits: Floats, window: (f64, f64)) -> Result<Self, Error> {
        core::Observations::new(samples.0, limits.0, window).map(Self)
    }

    /// Counts between edges in seconds, one edge more than counts.
    #[staticmethod]
    fn from_buckets(edges: Floats, counts: Integers, window: (f64, f64)) -> Result<Self, Error> {
        if edges.0.len() != counts.0.len() + 1 {
            return Err(Error::argument(
                "counts",
                format!("{} of them", counts.0.len()),
                format!("one fewer than the {} edges", edges.0.len()),
            ));
        }
        let buckets = edges.0.windows(2).zip(&counts.0).enumerate();
        let buckets = buckets
            .map(|(i, (ends, &count))| {
                let refuse = |_| Error::argument(format!("counts[{i}]"), count, "zero or more");
                Ok(Bucket {
                    low: ends[0],
                    high: ends[1],
                    count: u64::try_from(count).map_err(refuse)?,
                })
            })
            .collect::<Result<_, Error>>()?;
        core::Observations::from_buckets(buckets, window).map(Self)
    }
}

/// A law fitted to observations.
#[pyclass(frozen, module = "suspicion._core")]
#[derive(Debug)]
pub struct Fit {
    fit: core::Fit,
    offset: f64,
}

#[pymethods]
impl Fit {
    /// Finds the likeliest law of the durations less `offset`; `low` and `high` are the bounds of a
    /// truncated normal.
    #[new]
    fn new(
        py: Python<'_>,
        observations: &Observations,
        family: &str,
        offset: f64,
        low: f64,
        high: f64,
    ) -> PyResult<Self> {
        let family = Family::new(family, low, high)?;
        interruptible(py, None, |cancel| {
            let likelihood = Likelihood::new(&observations.0, offset, cancel)?;
            cancel.checkpoint()?;
            let fit = core::Fit::new(family, likelihood)?;
            Ok(Self { fit, offset })
        })
    }

    /// Names of the parameters.
    fn names(&self) -> Vec<&'static str> {
        self.fit.family().names().to_vec()
    }

    /// The parameters.
    fn parameters(&self) -> Vec<f64> {
        self.fit.parameters()
    }

    /// Which parameters lie on an edge.
    fn pinned(&self) -> Vec<bool> {
        self.fit.pinned().to_vec()
    }

    /// Covariance of the parameters.
    fn covariance(&self) -> Vec<Vec<f64>> {
        self.fit.covariance()
    }

    /// Covariance of the logarithms of parameters above zero, and of other parameters.
    fn covariance_of_coordinates(&self) -> Vec<Vec<f64>> {
        self.fit.covariance_of_coordinates().to_vec()
    }

    /// Which coordinates are logarithms.
    fn logarithmic(&self) -> Vec<bool> {
        self.fit.logarithmic()
    }

    /// Largest logarithm of the likelihood.
    fn log_likelihood(&self) -> f64 {
        self.fit.log_likelihood()
    }

    /// Profile interval of a parameter.
    fn interval(
        &self,
        py: Python<'_>,
        which: usize,
        confidence_level: f64,
    ) -> PyResult<(f64, f64)> {
        interruptible(py, None, |_| self.fit.interval(which, confidence_level))
    }

    /// Profile interval of the duration exceeded with a probability.
    fn quantile_interval(
        &self,
        py: Python<'_>,
        log_q: f64,
        confidence_level: f64,
    ) -> PyResult<(f64, f64)> {
        let (low, high) = interruptible(py, None, |_| {
            self.fit.quantile_interval(log_q, confidence_level)
        })?;
        Ok((low + self.offset, high + self.offset))
    }

    /// Statistic, degrees of freedom and probability, and the tail counts: probability, time, expected,
    /// observed, probability of so many.
    #[allow(clippy::type_complexity, reason = "a table of five columns")]
    fn goodness(
        &self,
        py: Python<'_>,
        observations: &Observations,
    ) -> PyResult<(f64, f64, f64, Vec<(f64, f64, f64, f64, f64)>)> {
        let found = interruptible(py, None, |_| {
            Goodness::new(&observations.0, &self.fit, self.offset)
        })?;
        let tail = found.tail.iter();
        let tail = tail.map(|t| (t.probability, t.time, t.expected, t.observed, t.p_value));
        Ok((
            found.statistic,
            found.degrees,
            found.p_value,
            tail.collect(),
        ))
    }
}
