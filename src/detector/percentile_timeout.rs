use std::collections::VecDeque;

use super::per_threshold::{Timeouts, geometric};
use super::ranks::Ranks;
use super::{Beginning, Detector, PerThreshold, States};
use crate::heartbeat::{Beat, Beats};
use crate::time::{self, Nanos, seconds};
use crate::{Error, domain};

/// A request is given up after a multiple of a high percentile of the latest response times.
///
/// timeout = safety * quantile of the response times of the last `window` seconds, kept between a
/// minimum and a maximum; the minimum while fewer than three answers are remembered. The next request goes out an
/// interval after the last, so suspicion comes at its send time plus the timeout.
///
/// The threshold is the safety factor, without unit. The quantile is the smallest response time that so
/// large a share of them do not exceed. Response times are kept in order, O(window) a heartbeat
/// with a small constant, and O(1) a threshold. Needs send times on the monitor's clock.
///
/// Source: the Rust crate adaptive-timeout, used by restatedev/restate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PercentileTimeout {
    quantile: f64,
    window: Nanos,
    minimum: f64,
    maximum: f64,
}

/// Response times that say something.
const FEWEST: usize = 3;

/// Response times kept at most, however many come within the window.
const MOST: usize = 100_000;

impl PercentileTimeout {
    /// The detector; `window`, `minimum` and `maximum` are in seconds.
    pub fn new(quantile: f64, window: f64, minimum: f64, maximum: f64) -> Result<Self, Error> {
        let (minimum, maximum) = domain::bounds(minimum, maximum)?;
        Ok(Self {
            quantile: domain::open_probability("quantile", quantile)?,
            window: time::span("window", window)?,
            minimum,
            maximum,
        })
    }
}

impl Detector for PercentileTimeout {
    fn newest_only(&self) -> bool {
        true
    }

    fn memory(&self) -> usize {
        1
    }

    fn admit(&self, threshold: f64) -> Result<f64, Error> {
        domain::positive("safety", threshold)
    }

    fn needs_shared_clock(&self) -> bool {
        true
    }
}

impl PerThreshold for PercentileTimeout {
    type States = Adjusting;

    fn start(&self, beginning: &Beginning, thresholds: &[f64]) -> Adjusting {
        Adjusting {
            settings: *self,
            every: beginning.every,
            factors: thresholds.into(),
            moments: VecDeque::new(),
            times: Ranks::default(),
        }
    }

    fn candidates(&self, _shortest: f64, _longest: f64) -> Vec<f64> {
        geometric(1e-3, 1e5)
    }
}

/// A [`PercentileTimeout`] at work: response times are the same at all thresholds.
#[derive(Debug, Clone)]
pub struct Adjusting {
    settings: PercentileTimeout,
    every: Nanos,
    factors: Box<[f64]>,
    /// When the answers came whose times are kept.
    moments: VecDeque<Nanos>,
    times: Ranks,
}

impl Adjusting {
    /// Takes an answer in; the quantile of response times, in seconds, or zero of too few.
    fn observe(&mut self, beat: Beat) -> f64 {
        let begin = beat.received - self.settings.window;
        while self
            .moments
            .front()
            .is_some_and(|moment| *moment < begin || self.times.len() >= MOST)
        {
            self.moments.pop_front();
            self.times.pop();
        }
        self.moments.push_back(beat.received);
        self.times.push(beat.received - beat.sent);
        let n = self.times.len();
        if n < FEWEST {
            return 0.0;
        }
        let rank = libm::ceil(self.settings.quantile * n as f64) as usize;
        seconds(self.times.get(rank.clamp(1, n) - 1))
    }
}

impl States for Adjusting {
    fn observe_all(&mut self, beats: Beats<'_>, timeouts: &mut Timeouts) {
        let PercentileTimeout {
            minimum, maximum, ..
        } = self.settings;
        for (column, beat) in beats.iter().enumerate() {
            let high = self.observe(beat);
            let next = seconds(beat.sent + self.every - beat.received);
            for (rank, factor) in self.factors.iter().enumerate() {
                let timeout = (factor * high).clamp(minimum, maximum);
                timeouts.set(rank, column, next + timeout);
            }
        }
    }
}
