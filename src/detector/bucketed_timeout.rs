use super::per_threshold::{Each, Lone};
use super::{Beginning, Detector, PerThreshold};
use crate::heartbeat::Beat;
use crate::time::{self, Nanos, nanos, seconds};
use crate::{Error, domain};

/// A session that expires at the tick of a clock: the timeout is rounded up to the next whole tick.
///
/// A heartbeat at time t moves the end of the session to
/// (floor((t + timeout - phase)/tick) + 1) tick + phase, so that suspicion comes more than the timeout
/// and at most a tick more than it after the heartbeat.
///
/// The threshold is the timeout, in seconds. O(1) and no memory.
///
/// Source: apache/zookeeper `ExpiryQueue.java`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BucketedTimeout {
    tick: Nanos,
    phase: Nanos,
    newest_only: bool,
}

impl BucketedTimeout {
    /// The detector for ticks every `tick` seconds, the first of them `phase` seconds after the start
    /// of the run.
    pub fn new(tick: f64, phase: f64, newest_only: bool) -> Result<Self, Error> {
        Ok(Self {
            tick: time::span("tick", tick)?,
            phase: nanos(domain::non_negative("phase", phase)?.min(time::LONGEST)),
            newest_only,
        })
    }
}

impl Detector for BucketedTimeout {
    fn newest_only(&self) -> bool {
        self.newest_only
    }

    fn admit(&self, threshold: f64) -> Result<f64, Error> {
        domain::non_negative("timeout", threshold)
    }
}

impl PerThreshold for BucketedTimeout {
    type States = Each<BucketedTimeoutAt>;

    fn start(&self, _beginning: &Beginning, thresholds: &[f64]) -> Self::States {
        let at = |timeout: &f64| BucketedTimeoutAt {
            settings: *self,
            timeout: nanos(timeout.min(time::LONGEST)),
        };
        Each(thresholds.iter().map(at).collect())
    }
}

/// A [`BucketedTimeout`] at work at one threshold; it has nothing to remember.
#[derive(Debug, Clone)]
pub struct BucketedTimeoutAt {
    settings: BucketedTimeout,
    timeout: Nanos,
}

impl Lone for BucketedTimeoutAt {
    #[inline(always)]
    fn observe(&mut self, beat: Beat) -> f64 {
        let BucketedTimeout { tick, phase, .. } = self.settings;
        let beyond = (beat.received - phase + self.timeout).rem_euclid(tick);
        seconds(self.timeout + tick - beyond)
    }
}
