use pyo3::prelude::*;

use super::array::Floats;
use super::foreign::Rule;
use crate::Error;
use crate::detector::{
    self, AkkaPhi, AkkaSettings, AnyDetector, Bertier, BucketedTimeout, Chen, Chitchat,
    ElectionTimeout, EmpiricalAccrual, ExponentialAccrual, FailedProbes, FixedTimeout,
    ForeignDeadline, ForeignLevel, Overdue, PercentileTimeout, PhiAccrual, RetransmissionTimeout,
    Scale, SelfTuning, TwoWindow,
};
use crate::random::Seed;
use crate::{domain, memory};

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
        let scale = scale(probability);
        ExponentialAccrual::new(window, initial, max_interval, scale, newest_only)
            .map(|detector| Self(detector.into()))
    }

    #[staticmethod]
    fn overdue(interval: f64, newest_only: bool) -> Result<Self, Error> {
        Overdue::new(interval, newest_only).map(|detector| Self(detector.into()))
    }

    #[staticmethod]
    #[allow(clippy::too_many_arguments, reason = "as the caller has them")]
    fn akka_phi(
        window: usize,
        min_std: f64,
        acceptable_pause: f64,
        first_estimate: Option<f64>,
        filter: bool,
        logistic: bool,
        milliseconds: bool,
        newest_only: bool,
    ) -> Result<Self, Error> {
        AkkaPhi::new(AkkaSettings {
            window,
            min_std,
            acceptable_pause,
            first_estimate,
            filter,
            logistic,
            milliseconds,
            newest_only,
        })
        .map(|detector| Self(detector.into()))
    }

    #[staticmethod]
    fn chitchat(
        window: usize,
        max_interval: f64,
        initial_interval: f64,
        prior_weight: f64,
        newest_only: bool,
    ) -> Result<Self, Error> {
        Chitchat::new(
            window,
            max_interval,
            initial_interval,
            prior_weight,
            newest_only,
        )
        .map(|detector| Self(detector.into()))
    }

    #[staticmethod]
    fn self_tuning(
        window: usize,
        slot: usize,
        step: f64,
        max_rate: f64,
        max_detection: f64,
    ) -> Result<Self, Error> {
        SelfTuning::new(window, slot, step, max_rate, max_detection)
            .map(|detector| Self(detector.into()))
    }

    #[staticmethod]
    fn empirical_accrual(
        window: usize,
        stretch: f64,
        probability: bool,
        newest_only: bool,
    ) -> Result<Self, Error> {
        EmpiricalAccrual::new(window, stretch, scale(probability), newest_only)
            .map(|detector| Self(detector.into()))
    }

    #[staticmethod]
    fn failed_probes(failures: usize, interval: Option<f64>) -> Result<Self, Error> {
        FailedProbes::new(failures, interval).map(|detector| Self(detector.into()))
    }

    #[staticmethod]
    fn percentile_timeout(
        quantile: f64,
        window: f64,
        minimum: f64,
        maximum: f64,
    ) -> Result<Self, Error> {
        PercentileTimeout::new(quantile, window, minimum, maximum)
            .map(|detector| Self(detector.into()))
    }

    #[staticmethod]
    fn retransmission_timeout(
        granularity: f64,
        minimum: f64,
        maximum: f64,
        backoff: bool,
    ) -> Result<Self, Error> {
        RetransmissionTimeout::new(granularity, minimum, maximum, backoff)
            .map(|detector| Self(detector.into()))
    }

    #[staticmethod]
    fn bucketed_timeout(tick: f64, phase: f64, newest_only: bool) -> Result<Self, Error> {
        BucketedTimeout::new(tick, phase, newest_only).map(|detector| Self(detector.into()))
    }

    #[staticmethod]
    #[pyo3(signature = (rule, tick, followers, seed))]
    fn election_timeout(
        rule: &str,
        tick: Option<f64>,
        followers: usize,
        seed: Option<[u8; 32]>,
    ) -> Result<Self, Error> {
        election(rule, tick, followers, seed).map(|detector| Self(detector.into()))
    }

    /// A rule written in Python: its deadlines, or how suspicious it is.
    #[staticmethod]
    fn foreign(
        rule: Py<PyAny>,
        by_level: bool,
        newest_only: bool,
        needs: usize,
        memory: usize,
    ) -> Self {
        let rule = Rule::new(rule, newest_only, needs, memory);
        Self(if by_level {
            ForeignLevel(rule).into()
        } else {
            ForeignDeadline(rule).into()
        })
    }

    /// Whether one pass over the heartbeats tells its deadlines at all thresholds.
    fn is_one_pass(&self) -> bool {
        self.0.is_one_pass()
    }

    /// Whether it needs send times on the monitor's clock.
    fn needs_shared_clock(&self) -> bool {
        self.0.needs_shared_clock()
    }

    /// Thresholds, rising, whose timeouts are from `shortest` to `longest` seconds as far as is known
    /// before anything is seen.
    fn candidates(&self, shortest: f64, longest: f64) -> Floats {
        Floats(self.0.candidates(shortest, longest))
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

fn scale(probability: bool) -> Scale {
    if probability {
        Scale::Probability
    } else {
        Scale::Phi
    }
}

fn election(
    rule: &str,
    tick: Option<f64>,
    followers: usize,
    seed: Option<[u8; 32]>,
) -> Result<ElectionTimeout, Error> {
    let rule = match rule {
        "reset" => detector::Rule::Reset,
        "free" => detector::Rule::Free,
        _ => detector::Rule::Term { tick },
    };
    ElectionTimeout::new(rule, followers, seed.map(Seed::new))
}

/// Draws of the time from a leader's last heartbeat to the first election, in seconds.
#[pyfunction]
#[pyo3(signature = (rule, tick, followers, timeout, size, seed))]
pub fn draw_elections(
    rule: &str,
    tick: Option<f64>,
    followers: usize,
    timeout: f64,
    size: usize,
    seed: [u8; 32],
) -> Result<Floats, Error> {
    domain::positive("timeout", timeout)?;
    memory::admit("size", size as f64, 8 * size as u64)?;
    let detector = election(rule, tick, followers, None)?;
    Ok(Floats(detector.draw(timeout, size, &Seed::new(seed))))
}

/// Mean of that time, in seconds, and the times that the given shares of elections do not exceed.
#[pyfunction]
#[pyo3(signature = (rule, tick, followers, timeout, shares))]
pub fn election_law(
    rule: &str,
    tick: Option<f64>,
    followers: usize,
    timeout: f64,
    shares: Floats,
) -> Result<(f64, Floats), Error> {
    domain::positive("timeout", timeout)?;
    let law = election(rule, tick, followers, None)?.law(timeout);
    let quantiles = shares.0.iter().map(|p| law.base() + law.quantile(*p));
    Ok((law.base() + law.mean(), Floats(quantiles.collect())))
}
