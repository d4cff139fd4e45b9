use std::f64::consts::LN_10;

use super::moments::Moments;
use super::window;
use super::{Deadline, Detector, OnePass, State};
use crate::distribution::normal_tail::{inverse_log_upper, log_upper};
use crate::heartbeat::{Beat, Beats};
use crate::time::Nanos;
use crate::{Error, domain};

/// Phi accrual: suspicion grows with how unlikely the silence is for a normal law of the gaps.
///
/// With mean mu and deviation sigma of the last gaps between arrivals,
/// phi(t) = -log10 Pr(N(mu, sigma) > t), and it suspects when phi > threshold: at
/// mu + z sigma after the last arrival, where z is the normal quantile of 1 - 10^-threshold. The tail
/// is never formed as 1 - cdf, which would be zero beyond phi = 16.
///
/// The threshold is phi, without unit. sigma is the population deviation, at least `min_std`. O(1) a
/// heartbeat; sums run over whole nanoseconds, so their difference loses nothing. Needs neither
/// numbers nor send times.
///
/// Source: Hayashibara, Defago, Yared, Katayama, "The phi accrual failure detector", SRDS 2004.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PhiAccrual {
    window: usize,
    min_std: f64,
    newest_only: bool,
}

impl PhiAccrual {
    /// The detector over the last `window` gaps; `min_std` is in seconds.
    pub fn new(window: usize, min_std: f64, newest_only: bool) -> Result<Self, Error> {
        Ok(Self {
            window: window::width("window", window)?,
            min_std: domain::non_negative("min_std", min_std)?,
            newest_only,
        })
    }
}

impl Detector for PhiAccrual {
    fn newest_only(&self) -> bool {
        self.newest_only
    }

    fn needs(&self) -> usize {
        3
    }

    fn memory(&self) -> usize {
        self.window + 1
    }

    fn admit(&self, threshold: f64) -> Result<f64, Error> {
        domain::positive("phi", threshold)
    }

    fn inner(&self, threshold: f64) -> f64 {
        inverse_log_upper(-threshold * LN_10)
    }

    fn outer(&self, inner: f64) -> f64 {
        -log_upper(inner) / LN_10
    }
}

impl OnePass for PhiAccrual {
    type State = Accruing;

    fn start(&self, _every: Nanos) -> Accruing {
        Accruing {
            min_std: self.min_std,
            gaps: Moments::new(self.window),
            last: None,
        }
    }
}

/// Phi accrual at work.
#[derive(Debug, Clone)]
pub struct Accruing {
    min_std: f64,
    gaps: Moments,
    last: Option<Nanos>,
}

impl Accruing {
    /// Takes an arrival in; the mean of the gaps in seconds and their variance in square nanoseconds.
    #[inline(always)]
    fn moments(&mut self, received: Nanos) -> (f64, f64) {
        let Some(last) = self.last.replace(received) else {
            return (f64::INFINITY, 0.0);
        };
        self.gaps.push(received - last);
        if self.gaps.len() < 2 {
            return (f64::INFINITY, 0.0);
        }
        let (mean, variance) = self.gaps.mean_and_variance();
        (mean * 1e-9, variance)
    }

    /// The deviation in seconds that belongs to a variance.
    #[inline(always)]
    fn deviation(&self, variance: f64) -> f64 {
        // Not `max`, which costs more for the sake of NaN.
        let std = if variance > 0.0 {
            variance.sqrt() * 1e-9
        } else {
            0.0
        };
        if std > self.min_std {
            std
        } else {
            self.min_std
        }
    }
}

impl State for Accruing {
    fn observe(&mut self, beat: Beat) -> Deadline {
        let (mean, variance) = self.moments(beat.received);
        Deadline {
            offset: mean,
            scale: self.deviation(variance),
        }
    }

    fn observe_all(&mut self, beats: Beats<'_>, offsets: &mut [f64], scales: &mut [f64]) {
        for ((&received, offset), scale) in beats.received().iter().zip(offsets).zip(&mut *scales) {
            (*offset, *scale) = self.moments(received);
        }
        // Apart from the sums, so that the processor need not wait for one root after the other.
        for scale in scales {
            *scale = self.deviation(*scale);
        }
    }
}
