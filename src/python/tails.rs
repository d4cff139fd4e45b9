use pyo3::prelude::*;
use rayon::prelude::*;

use super::array::{Floats, Integers};
use super::interrupt::interruptible;
use crate::estimate::{
    self, Autocorrelation, Band, Exceedances, ExtremalIndex, RankInterval, Series, Stability,
    State, Survival,
};
use crate::qos::RateInterval;
use crate::random::Seed;
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

/// A tail beyond a threshold.
#[pyclass(frozen, eq, module = "suspicion._core")]
#[derive(Debug, PartialEq)]
pub struct Tail(Exceedances);

#[pymethods]
impl Tail {
    #[new]
    fn new(py: Python<'_>, samples: Floats, threshold: f64) -> PyResult<Self> {
        interruptible(py, None, |_| {
            Exceedances::new(&samples.0, threshold).map(Self)
        })
    }

    /// Threshold, how many exceed it, their share, shape, scale, mean excess and the logarithm of the likelihood.
    fn fit(&self) -> (f64, usize, f64, f64, f64, f64, f64) {
        let tail = &self.0;
        (
            tail.threshold(),
            tail.exceeding(),
            tail.share(),
            tail.shape(),
            tail.scale(),
            tail.mean(),
            tail.log_likelihood(),
        )
    }

    fn by_l_moments(&self) -> (f64, f64) {
        self.0.by_l_moments()
    }

    fn quantile(&self, q: f64) -> f64 {
        self.0.quantile(q)
    }

    fn exceedance(&self, x: f64) -> f64 {
        self.0.exceedance(x)
    }

    fn shape_interval(&self, py: Python<'_>, confidence_level: f64) -> PyResult<(f64, f64)> {
        interruptible(py, None, |_| self.0.shape_interval(confidence_level))
    }

    fn quantile_interval(
        &self,
        py: Python<'_>,
        q: f64,
        confidence_level: f64,
    ) -> PyResult<(f64, f64)> {
        interruptible(py, None, |_| self.0.quantile_interval(q, confidence_level))
    }

    fn exceedance_interval(
        &self,
        py: Python<'_>,
        x: f64,
        confidence_level: f64,
    ) -> PyResult<(f64, f64)> {
        interruptible(py, None, |_| {
            self.0.exceedance_interval(x, confidence_level)
        })
    }

    /// Logarithm of the likelihood of a lognormal and of a Weibull tail, and the values exceeded with these
    /// probabilities.
    fn other_forms(&self, py: Python<'_>, q: Floats) -> PyResult<Vec<(&'static str, f64, Floats)>> {
        interruptible(py, None, |_| {
            let tail = &self.0;
            let forms = [("lognormal", tail.lognormal()), ("Weibull", tail.weibull())];
            Ok(forms
                .into_iter()
                .filter_map(|(name, form)| {
                    let form = form?;
                    let value = |q: &f64| tail.threshold() * form.growth(q / tail.share());
                    Some((
                        name,
                        form.log_likelihood,
                        Floats(q.0.iter().map(value).collect()),
                    ))
                })
                .collect())
        })
    }
}

/// Fits above the values that these shares exceed: thresholds, how many exceed them, shapes, scales, mean
/// excesses, p values, and the place of the chosen one.
#[pyfunction]
pub fn stability(
    py: Python<'_>,
    samples: Floats,
    shares: Floats,
    level: f64,
) -> PyResult<(Floats, Integers, Floats, Floats, Floats, Floats, usize)> {
    let (found, place) = interruptible(py, None, |_| {
        let found = Stability::new(samples.0, &shares.0)?;
        let chosen = found.choose(level).map(Exceedances::threshold);
        let place = found
            .fits
            .iter()
            .position(|fit| Some(fit.threshold()) == chosen);
        Ok((found, place.unwrap_or(0)))
    })?;
    let column = |value: fn(&Exceedances) -> f64| Floats(found.fits.iter().map(value).collect());
    Ok((
        column(Exceedances::threshold),
        Integers(
            found
                .fits
                .iter()
                .map(|fit| fit.exceeding() as i64)
                .collect(),
        ),
        column(Exceedances::shape),
        column(Exceedances::scale),
        column(Exceedances::mean),
        Floats(found.p_values),
        place,
    ))
}

/// The extremal index of exceedances at these places, its interval, the gap above which clusters part, and the
/// sizes of clusters.
#[pyfunction]
pub fn extremal_index(
    py: Python<'_>,
    places: Integers,
    resamples: usize,
    confidence_level: f64,
    seed: [u8; 32],
    run: Option<u64>,
) -> PyResult<(f64, f64, f64, u64, Integers)> {
    interruptible(py, None, |_| {
        let places: Vec<u64> = places.0.iter().map(|&place| place.max(0) as u64).collect();
        let found = ExtremalIndex::new(&places)?;
        let (low, high) = found.interval(resamples, confidence_level, &Seed::new(seed))?;
        let (apart, sizes) = match run {
            Some(run) => (run, found.runs(run)),
            None => (found.between(), found.clusters()),
        };
        let sizes = Integers(sizes.into_iter().map(|size| size as i64).collect());
        Ok((found.index(), low, high, apart, sizes))
    })
}

/// Correlations at lags from 1 on, pairs, standard errors, values, and the effective size.
#[pyfunction]
pub fn autocorrelation(
    py: Python<'_>,
    series: Floats,
    lags: usize,
) -> PyResult<(Floats, Integers, Floats, u64, Option<f64>)> {
    interruptible(py, None, |cancel| {
        let found = Autocorrelation::new(&series.0, lags, cancel)?;
        let (errors, size) = (found.errors(), found.effective_size());
        let pairs = found.pairs.iter().map(|&pairs| pairs as i64).collect();
        Ok((
            Floats(found.correlation),
            Integers(pairs),
            Floats(errors),
            found.n,
            size,
        ))
    })
}

/// The two regimes of a link.
#[pyclass(frozen, eq, module = "suspicion._core")]
#[derive(Debug, PartialEq)]
pub struct Regimes(estimate::RegimeFit);

#[pymethods]
impl Regimes {
    #[new]
    fn new(py: Python<'_>, steps: Floats, delays: Floats) -> PyResult<Self> {
        interruptible(py, None, |cancel| {
            Series::new(steps.0, &delays.0)?.fit(cancel).map(Self)
        })
    }

    /// Rates of leaving good and bad.
    fn leave(&self) -> (f64, f64) {
        (self.0.states.leave[0], self.0.states.leave[1])
    }

    /// Loss, mean and standard deviation of the logarithm of the delay: good, bad, and of one state.
    fn states(&self) -> Vec<(f64, f64, f64)> {
        let [good, bad] = self.0.states.state;
        [good, bad, self.0.one.0]
            .map(|State { loss, mean, sigma }| (loss, mean, sigma))
            .to_vec()
    }

    /// Logarithms of the likelihood: two states that last, two without memory, one.
    fn log_likelihoods(&self) -> (f64, f64, f64) {
        (self.0.log_likelihood, self.0.independent, self.0.one.1)
    }

    /// Probability of the bad state at each message.
    fn bad(&self) -> Floats {
        Floats(self.0.bad.clone())
    }

    fn rounds(&self) -> (usize, bool) {
        (self.0.rounds, self.0.converged)
    }

    /// Eight rows of eight, or nothing.
    fn covariance(&self) -> Floats {
        Floats(self.0.covariance.clone())
    }
}
