use super::exponential_accrual::Scale;
use super::per_threshold::{Timeouts, from_then_on};
use super::ranks::Ranks;
use super::{Beginning, Detector, PerThreshold, States};
use crate::heartbeat::{Beat, Beats};
use crate::time::{Nanos, nanos};
use crate::{Error, domain};

/// Accrual with the gaps themselves as their law: suspicion is the share of gaps that the silence has
/// outlasted.
///
/// P(t) = (number of the last gaps s with s <= stretch * t) / (number of them), t after the last
/// arrival. Satzger's detector suspects when P reaches the threshold in (0, 1]; written as
/// phi = -log10(1 - P) it suspects when phi is above the threshold. No law is assumed, and nothing
/// rarer than one gap in the window can be expressed: from phi = log10(window) on all thresholds are
/// the longest gap in it.
///
/// O(window) a heartbeat to keep the gaps in order, with a small constant, and O(1) a threshold.
///
/// Source: Satzger, Pietzowski, Trumler, Ungerer, "A new adaptive accrual failure detector for
/// dependable distributed systems", SAC 2007; with stretch 0.9 in the npm package
/// adaptive-accrual-failure-detector.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EmpiricalAccrual {
    window: usize,
    stretch: f64,
    scale: Scale,
    newest_only: bool,
}

/// Most gaps that are kept in order.
const WIDEST: usize = 100_000;

impl EmpiricalAccrual {
    /// The detector over the last `window` gaps.
    pub fn new(
        window: usize,
        stretch: f64,
        scale: Scale,
        newest_only: bool,
    ) -> Result<Self, Error> {
        Ok(Self {
            window: domain::count("window", window, 1, WIDEST)?,
            stretch: domain::positive("stretch", stretch)?,
            scale,
            newest_only,
        })
    }

    /// How many of `n` gaps the silence must outlast to be suspected.
    fn outlasted(&self, threshold: f64, n: usize) -> usize {
        match self.scale {
            Scale::Probability => {
                let reached = |k: usize| k as f64 / n as f64 >= threshold;
                let about = libm::ceil(threshold * n as f64) as usize;
                // The product is rounded: the exact share decides.
                let first = about.saturating_sub(1).max(1);
                (first..n).find(|k| reached(*k)).unwrap_or(n)
            }
            Scale::Phi => {
                let few = libm::exp10(-threshold);
                let remaining = libm::ceil(few * n as f64) as usize;
                let rare = |longer: usize| (longer as f64 / n as f64) < few;
                n - (0..=remaining.min(n - 1))
                    .rev()
                    .find(|k| rare(*k))
                    .unwrap_or(0)
            }
        }
    }
}

impl Detector for EmpiricalAccrual {
    fn newest_only(&self) -> bool {
        self.newest_only
    }

    fn needs(&self) -> usize {
        2
    }

    fn memory(&self) -> usize {
        self.window + 1
    }

    fn admit(&self, threshold: f64) -> Result<f64, Error> {
        match self.scale {
            Scale::Phi => domain::positive("phi", threshold),
            Scale::Probability if threshold > 0.0 && threshold <= 1.0 => Ok(threshold),
            Scale::Probability => Err(Error::argument(
                "suspicion",
                threshold,
                "a number above 0 and up to 1",
            )),
        }
    }
}

impl PerThreshold for EmpiricalAccrual {
    type States = Outlasting;

    fn start(&self, _beginning: &Beginning, thresholds: &[f64]) -> Outlasting {
        Outlasting {
            settings: *self,
            thresholds: thresholds.into(),
            gaps: Ranks::default(),
            needed: Vec::new(),
            last: None,
        }
    }

    fn candidates(&self, _shortest: f64, _longest: f64) -> Vec<f64> {
        // One for every gap that can be outlasted, or as many as are of use.
        let steps = self.window.min(1024);
        let share = |step: usize| step as f64 / steps as f64;
        match self.scale {
            Scale::Probability => (1..=steps).map(share).collect(),
            Scale::Phi => {
                let phi = |step| -libm::log10(1.0 - share(step));
                let last = libm::log10(steps as f64) + 1.0;
                (1..steps).map(phi).chain([last]).collect()
            }
        }
    }
}

/// An [`EmpiricalAccrual`] at work: the gaps are the same at all thresholds.
#[derive(Debug, Clone)]
pub struct Outlasting {
    settings: EmpiricalAccrual,
    thresholds: Box<[f64]>,
    gaps: Ranks,
    /// How many gaps must be outlasted at each threshold.
    needed: Vec<usize>,
    last: Option<Nanos>,
}

impl Outlasting {
    /// Takes a heartbeat in.
    pub fn observe(&mut self, beat: Beat) {
        let Some(last) = self.last.replace(beat.received) else {
            return;
        };
        let before = self.gaps.len();
        if before == self.settings.window {
            self.gaps.pop();
        }
        self.gaps.push(beat.received - last);
        let n = self.gaps.len();
        if n != before {
            let outlasted = |threshold: &f64| self.settings.outlasted(*threshold, n);
            self.needed = self.thresholds.iter().map(outlasted).collect();
        }
    }

    /// The share of gaps that a silence of `elapsed` seconds has outlasted; zero before there is one.
    pub fn share_outlasted(&self, elapsed: f64) -> f64 {
        let reach = nanos(libm::floor(elapsed * 1e9 * self.settings.stretch) * 1e-9);
        self.gaps.through(reach) as f64 / self.gaps.len().max(1) as f64
    }
}

impl States for Outlasting {
    fn observe_all(&mut self, beats: Beats<'_>, timeouts: &mut Timeouts) {
        let stretch = 1e-9 / self.settings.stretch;
        for (column, beat) in beats.iter().enumerate() {
            self.observe(beat);
            if self.gaps.len() == 0 {
                for rank in 0..self.thresholds.len() {
                    timeouts.set(rank, column, f64::INFINITY);
                }
                continue;
            }
            for (rank, &needed) in self.needed.iter().enumerate() {
                let gap = self.gaps.get(needed - 1) as f64;
                timeouts.set(rank, column, from_then_on(gap * stretch));
            }
        }
    }
}
