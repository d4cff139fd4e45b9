use pyo3::prelude::*;
use rayon::prelude::*;

use super::array::{Floats, Integers};
use super::interrupt::interruptible;
use crate::estimate::{self, Band, RankInterval, Survival};
use crate::qos::RateInterval;
use crate::{Error, domain};

/// The survival function of durations some of which were cut off.
#[pyclass(frozen, eq, module = "suspicion._core")]
#[derive(Debug, PartialEq)]
pub struct KaplanMeier(estimate::KaplanMeier);

#[pymethods]
impl KaplanMeier {
    /// Flags are 0 for what was cut off.
    #[new]
    fn new(py: Python<'_>, durations: Floats, observed: Integers) -> PyResult<Self> {
        interruptible(py, None, |_| {
            let observed: Vec<bool> = observed.0.iter().map(|flag| *flag != 0).collect();
            estimate::KaplanMeier::new(&durations.0, &observed).map(Self)
        })
    }

    /// Event times, how many were at risk, how many events, and Greenwood's sum.
    fn steps(&self) -> (Floats, Integers, Integers, Floats) {
        let whole = |counts: &[u64]| Integers(counts.iter().map(|&count| count as i64).collect());
        (
            Floats(self.0.times().to_vec()),
            whole(self.0.at_risk()),
            whole(self.0.events()),
            Floats(self.0.greenwood().to_vec()),
        )
    }

    /// The sample in order, and 0 for what was cut off.
    fn sample(&self) -> (Floats, Integers) {
        let (durations, observed) = self.0.sample();
        (
            Floats(durations),
            Integers(observed.into_iter().map(i64::from).collect()),
        )
    }

    /// Durations, the longest, and the survival there.
    fn extent(&self) -> (u64, f64, f64) {
        (self.0.n(), self.0.longest(), self.0.left())
    }

    /// Survival at these times with its band.
    fn at(
        &self,
        py: Python<'_>,
        t: Floats,
        plain: bool,
        confidence_level: f64,
    ) -> PyResult<(Floats, Floats, Floats)> {
        let found = interruptible(py, None, |_| {
            let banded = self.0.banded(band(plain), confidence_level)?;
            Ok(t.0
                .par_iter()
                .map(|t| banded.at(*t))
                .collect::<Vec<Survival>>())
        })?;
        let column = |value: fn(&Survival) -> f64| Floats(found.iter().map(value).collect());
        Ok((column(|s| s.value), column(|s| s.low), column(|s| s.high)))
    }

    /// A quantile with its interval.
    fn quantile(
        &self,
        p: f64,
        plain: bool,
        confidence_level: f64,
    ) -> Result<(f64, f64, f64), Error> {
        let found = self.0.banded(band(plain), confidence_level)?.quantile(p)?;
        Ok((found.value, found.low, found.high))
    }
}

fn band(plain: bool) -> Band {
    if plain { Band::Plain } else { Band::LogLog }
}

/// Garwood's interval for the rate behind a Poisson count, and the one-sided upper bound.
#[pyfunction]
pub fn garwood(count: u64, time: f64, confidence_level: f64) -> Result<(f64, f64, f64), Error> {
    domain::positive("time", time)?;
    let level = domain::open_probability("confidence_level", confidence_level)?;
    let interval = |level| RateInterval::of_total(count as f64, 1.0, time, level);
    let (two_sided, bound) = (interval(level), interval(2.0 * level - 1.0).high);
    Ok((two_sided.low, two_sided.high, bound))
}

/// The interval of Clopper and Pearson, and the one-sided upper bound.
#[pyfunction]
pub fn clopper_pearson(
    count: u64,
    trials: u64,
    confidence_level: f64,
) -> Result<(f64, f64, f64), Error> {
    let (low, high) = estimate::clopper_pearson(count, trials, confidence_level)?;
    let bound = estimate::upper_bound(count, trials, confidence_level)?;
    Ok((low, high, bound))
}

/// Ranks, from 1, that bound a quantile; none where no value of the sample does.
#[pyfunction]
pub fn rank_interval(
    n: u64,
    p: f64,
    confidence_level: f64,
) -> Result<(Option<u64>, Option<u64>), Error> {
    RankInterval::new(n, p, confidence_level).map(|ranks| (ranks.low, ranks.high))
}
