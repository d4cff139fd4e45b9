use super::per_threshold::{Each, Lone, geometric};
use super::window::{self, Window};
use super::{Beginning, Detector, PerThreshold};
use crate::heartbeat::Beat;
use crate::time::{self, Nanos, seconds};
use crate::{Error, domain};

/// Quickwit's chitchat: silence over a smoothed mean gap, which is forgotten when the node is suspected.
///
/// mean = (sum of gaps + weight * prior) / (gaps + weight), phi(t) = t / mean, and it suspects when phi
/// is above the threshold: unlike Cassandra's phi this one has no 1/ln 10, so that 8 means eight mean
/// gaps. A gap above `max_interval` does not enter the mean. Suspicion empties the window, though not
/// the prior; the gap that ends it enters unless it is too long, and with an empty window the node
/// stays suspected until a gap has been seen.
///
/// The threshold is phi, without unit. O(1) a heartbeat and threshold; the sum is exact.
///
/// Source: quickwit-oss/chitchat `chitchat/src/failure_detector.rs` (0.13.0).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chitchat {
    window: usize,
    max_interval: Nanos,
    prior: Nanos,
    prior_weight: f64,
    newest_only: bool,
}

impl Chitchat {
    /// The detector over the last `window` gaps; `max_interval` and `prior` are in seconds.
    pub fn new(
        window: usize,
        max_interval: f64,
        prior: f64,
        prior_weight: f64,
        newest_only: bool,
    ) -> Result<Self, Error> {
        Ok(Self {
            window: window::width("window", window)?,
            max_interval: time::span("max_interval", max_interval)?,
            prior: time::span("initial_interval", prior)?,
            prior_weight: domain::non_negative("prior_weight", prior_weight)?,
            newest_only,
        })
    }
}

impl Detector for Chitchat {
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
        domain::positive("phi", threshold)
    }
}

impl PerThreshold for Chitchat {
    type States = Each<ChitchatAt>;

    fn bytes(&self) -> u64 {
        8 * self.window as u64 + 256
    }

    fn start(&self, _beginning: &Beginning, thresholds: &[f64]) -> Self::States {
        let at = |threshold: &f64| ChitchatAt {
            settings: *self,
            threshold: *threshold,
            gaps: Window::new(self.window),
            last: None,
            timeout: f64::INFINITY,
        };
        Each(thresholds.iter().map(at).collect())
    }

    fn candidates(&self, _shortest: f64, _longest: f64) -> Vec<f64> {
        geometric(0.05, 1e4)
    }
}

/// [`Chitchat`] at work at one threshold.
#[derive(Debug, Clone)]
pub struct ChitchatAt {
    settings: Chitchat,
    threshold: f64,
    gaps: Window,
    last: Option<Nanos>,
    timeout: f64,
}

impl Lone for ChitchatAt {
    #[inline(always)]
    fn observe(&mut self, beat: Beat) -> f64 {
        let Some(last) = self.last.replace(beat.received) else {
            return f64::INFINITY;
        };
        let gap = beat.received - last;
        if seconds(gap) > self.timeout {
            self.gaps.clear();
        }
        if gap <= self.settings.max_interval {
            self.gaps.push(gap);
        }
        let n = self.gaps.len() as f64;
        self.timeout = if n > 0.0 {
            let weight = self.settings.prior_weight;
            let sum = self.gaps.sum_as_float() + weight * self.settings.prior as f64;
            self.threshold * (sum / (n + weight)) * 1e-9
        } else {
            // Nothing is known of it: suspected, whatever the threshold.
            0.0
        };
        self.timeout
    }
}
