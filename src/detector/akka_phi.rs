use std::f64::consts::{LN_10, LOG10_E};

use super::moments::Moments;
use super::per_threshold::{Each, Lone, geometric};
use super::window;
use super::{Beginning, Detector, PerThreshold};
use crate::distribution::normal_tail::{inverse_log_upper, log_upper};
use crate::heartbeat::Beat;
use crate::time::{self, Nanos, seconds};
use crate::{Error, domain};

/// Phi accrual as Akka and Pekko ship it, and as Hazelcast does.
///
/// With mean and population deviation of the last gaps,
/// y = (t - (mean + pause)) / max(deviation, min_std) and
/// phi = -log10(e/(1 + e)), e = exp(-y (1.5976 + 0.070566 y^2)): a logistic curve in place of the
/// normal law, whose tail is heavier than the normal one (phi 8 is y 5.226, not 5.612). It suspects when
/// phi reaches the threshold. Before the first gap stand two samples, `first_estimate` less and plus a
/// quarter of it.
///
/// With the `filter` a gap is learned from only if the node was not suspected when it ended. So what
/// is learned depends on the threshold, and a node whose gaps grow is suspected ever more easily.
/// Hazelcast's copy of the filter asks after it has noted the arrival, and so never rejects a gap.
///
/// In whole `milliseconds`, as on the JVM, moments are cut to the millisecond before anything else.
///
/// The threshold is phi, without unit. O(1) a heartbeat and threshold; sums are exact. e underflows at
/// y = 21.6: phi is infinite from there on.
///
/// Sources: apache/pekko `PhiAccrualFailureDetector.scala`; hazelcast/hazelcast
/// `PhiAccrualFailureDetector.java`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AkkaPhi {
    window: usize,
    min_std: f64,
    pause: f64,
    first_estimate: Option<Nanos>,
    filter: bool,
    logistic: bool,
    milliseconds: bool,
    newest_only: bool,
}

/// The settings of an [`AkkaPhi`]; times are in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AkkaSettings {
    /// Gaps behind mean and deviation.
    pub window: usize,
    /// Smallest deviation that is believed.
    pub min_std: f64,
    /// Added to the mean.
    pub acceptable_pause: f64,
    /// The gap expected before the first one is seen; none for the sender's interval.
    pub first_estimate: Option<f64>,
    /// Whether gaps that ended in suspicion are left out.
    pub filter: bool,
    /// Whether the logistic curve stands in for the normal law.
    pub logistic: bool,
    /// Whether moments are cut to whole milliseconds.
    pub milliseconds: bool,
    /// Whether a heartbeat counts only when its number is above all before.
    pub newest_only: bool,
}

impl AkkaPhi {
    /// The detector with these settings.
    pub fn new(settings: AkkaSettings) -> Result<Self, Error> {
        let first_estimate = settings
            .first_estimate
            .map(|span| time::span("first_estimate", span))
            .transpose()?;
        let window = window::width("window", settings.window)?;
        Ok(Self {
            window: domain::count("window", window, 2, window::WIDEST)?,
            min_std: domain::non_negative("min_std", settings.min_std)?,
            pause: domain::non_negative("acceptable_pause", settings.acceptable_pause)?,
            first_estimate,
            filter: settings.filter,
            logistic: settings.logistic,
            milliseconds: settings.milliseconds,
            newest_only: settings.newest_only,
        })
    }

    /// Deviations above mean and pause at which phi is `threshold`.
    fn deviations(&self, threshold: f64) -> f64 {
        if self.logistic {
            logistic_deviations(threshold)
        } else {
            inverse_log_upper(-threshold * LN_10)
        }
    }

    /// The detector at one threshold.
    pub fn at(&self, threshold: f64, every: Nanos) -> AkkaPhiAt {
        let unit = if self.milliseconds { 1_000_000 } else { 1 };
        let mut gaps = Moments::new(self.window);
        let estimate = self.first_estimate.unwrap_or(every) / unit;
        gaps.push(estimate - estimate / 4);
        gaps.push(estimate + estimate / 4);
        AkkaPhiAt {
            settings: *self,
            deviations: self.deviations(threshold),
            unit,
            min_variance: (self.min_std / seconds(unit)) * (self.min_std / seconds(unit)),
            gaps,
            last: None,
            timeout: f64::INFINITY,
        }
    }
}

/// Phi, `deviations` above the mean, by Akka's logistic curve.
pub fn logistic_phi(deviations: f64) -> f64 {
    let y = deviations;
    let e = libm::exp(-y * (1.5976 + 0.070566 * y * y));
    if y > 0.0 {
        -libm::log10(e / (1.0 + e))
    } else {
        -libm::log10(1.0 - 1.0 / (1.0 + e))
    }
}

/// Deviations above the mean at which Akka's logistic curve is `phi`.
fn logistic_deviations(phi: f64) -> f64 {
    const CUBIC: f64 = 0.070566;
    const LINEAR: f64 = 1.5976;
    // Where the exponential underflows.
    const STEEPEST: f64 = 745.133_219_101_941_1;
    let exponent = if phi > 16.0 {
        phi * LN_10
    } else {
        libm::log(libm::expm1(phi * LN_10))
    };
    let target = exponent.min(STEEPEST);
    // y^3 + p y = q has one real root, for p is positive; Cardano's with the sign of q kept apart.
    let (p, q) = (LINEAR / CUBIC, target.abs() / CUBIC);
    let inner = libm::sqrt(q * q / 4.0 + p * p * p / 27.0);
    let u = libm::cbrt(q / 2.0 + inner);
    let mut y = u - p / (3.0 * u);
    // The difference cancels for small q: one step of Newton's mends that.
    y -= (y * (LINEAR + CUBIC * y * y) - target.abs()) / (LINEAR + 3.0 * CUBIC * y * y);
    y.copysign(target)
}

impl Detector for AkkaPhi {
    fn newest_only(&self) -> bool {
        self.newest_only
    }

    fn memory(&self) -> usize {
        self.window + 1
    }

    fn admit(&self, threshold: f64) -> Result<f64, Error> {
        domain::positive("phi", threshold)
    }
}

impl PerThreshold for AkkaPhi {
    type States = Each<AkkaPhiAt>;

    fn bytes(&self) -> u64 {
        8 * self.window as u64 + 256
    }

    fn start(&self, beginning: &Beginning, thresholds: &[f64]) -> Self::States {
        let at = |threshold: &f64| self.at(*threshold, beginning.every);
        Each(thresholds.iter().map(at).collect())
    }

    fn candidates(&self, _shortest: f64, _longest: f64) -> Vec<f64> {
        geometric(0.05, 300.0)
    }
}

/// An [`AkkaPhi`] at work at one threshold.
#[derive(Debug, Clone)]
pub struct AkkaPhiAt {
    settings: AkkaPhi,
    deviations: f64,
    /// Nanoseconds in the unit in which gaps are counted.
    unit: Nanos,
    /// The smallest variance that is believed, in square units.
    min_variance: f64,
    gaps: Moments,
    last: Option<Nanos>,
    /// Seconds after the last heartbeat at which suspicion begins.
    timeout: f64,
}

impl AkkaPhiAt {
    /// Takes a heartbeat in and says how long to wait for the next one, in seconds.
    #[inline(always)]
    pub fn observe(&mut self, beat: Beat) -> f64 {
        let now = beat.received;
        if let Some(last) = self.last.replace(now) {
            let suspected = seconds(now - last) > self.timeout;
            if !(suspected && self.settings.filter) {
                self.gaps.push(self.in_units(now) - self.in_units(last));
            }
        }
        let (mean, deviation) = self.mean_and_deviation();
        let wait = mean + self.settings.pause + self.deviations * deviation;
        self.timeout = if self.settings.milliseconds {
            // Phi is only ever asked for at whole milliseconds.
            let reached = libm::ceil(wait * 1e3) * 1e-3;
            let cut = seconds(now - self.in_units(now) * self.unit);
            super::per_threshold::from_then_on(reached - cut)
        } else {
            wait
        };
        self.timeout
    }

    /// Phi after a silence of `elapsed` seconds.
    pub fn phi(&self, elapsed: f64) -> f64 {
        let (mean, deviation) = self.mean_and_deviation();
        let y = (elapsed - mean - self.settings.pause) / deviation;
        if self.settings.logistic {
            logistic_phi(y)
        } else {
            -log_upper(y) * LOG10_E
        }
    }

    #[inline(always)]
    fn in_units(&self, moment: Nanos) -> i64 {
        if self.settings.milliseconds {
            moment.div_euclid(1_000_000)
        } else {
            moment
        }
    }

    #[inline(always)]
    fn mean_and_deviation(&self) -> (f64, f64) {
        let unit = if self.settings.milliseconds {
            1e-3
        } else {
            1e-9
        };
        let (mean, variance) = self.gaps.mean_and_variance();
        // Mostly the deviation is less than is believed, and its root need not be taken.
        let deviation = if variance > self.min_variance {
            root(variance) * unit
        } else {
            self.settings.min_std
        };
        (mean * unit, deviation)
    }
}

/// The square root, apart so that it is only taken where it is wanted.
#[cold]
#[inline(never)]
fn root(variance: f64) -> f64 {
    variance.sqrt()
}

impl Lone for AkkaPhiAt {
    #[inline(always)]
    fn observe(&mut self, beat: Beat) -> f64 {
        self.observe(beat)
    }
}
