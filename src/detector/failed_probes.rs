use super::per_threshold::{Each, Lone};
use super::{Beginning, Detector, PerThreshold};
use crate::heartbeat::Beat;
use crate::time::{self, Nanos, nanos, seconds};
use crate::{Error, domain};

/// Suspects when so many probes in a row have failed; one fails that is not answered in time.
///
/// A heartbeat is the answer to a probe: sent when the probe was, received when the answer came. An
/// answer that took longer than the timeout counts as none. Where a probe is only sent once the one
/// before it has ended and an `interval` has passed, suspicion comes
/// failures * (interval + timeout) after the last answer in time; without an interval probes go out by
/// the schedule, and it comes failures * every + timeout after that answer's probe was sent.
///
/// The threshold is the timeout of a probe, in seconds. A recorded answer is as late as it was, whatever
/// probes another timeout would have sent. O(1) a heartbeat and threshold. Needs send times on the
/// monitor's clock.
///
/// Source: elastic/elasticsearch `FollowersChecker.java`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FailedProbes {
    failures: usize,
    interval: Option<Nanos>,
}

impl FailedProbes {
    /// The detector that suspects after so many `failures`; `interval` is in seconds.
    pub fn new(failures: usize, interval: Option<f64>) -> Result<Self, Error> {
        Ok(Self {
            failures: domain::count("failures", failures, 1, 1000)?,
            interval: interval
                .map(|span| time::span("interval", span))
                .transpose()?,
        })
    }
}

impl Detector for FailedProbes {
    fn newest_only(&self) -> bool {
        false
    }

    fn admit(&self, threshold: f64) -> Result<f64, Error> {
        domain::positive("timeout", threshold)
    }

    fn needs_shared_clock(&self) -> bool {
        true
    }
}

impl PerThreshold for FailedProbes {
    type States = Each<FailedProbesAt>;

    fn start(&self, beginning: &Beginning, thresholds: &[f64]) -> Self::States {
        let failures = self.failures as f64;
        let at = |timeout: &f64| FailedProbesAt {
            timeout: *timeout,
            wait: match self.interval {
                Some(interval) => nanos(failures * (seconds(interval) + timeout)),
                None => nanos(failures * seconds(beginning.every) + timeout),
            },
            from_answer: self.interval.is_some(),
            suspected_at: None,
        };
        Each(thresholds.iter().map(at).collect())
    }
}

/// [`FailedProbes`] at work at one threshold.
#[derive(Debug, Clone)]
pub struct FailedProbesAt {
    timeout: f64,
    wait: Nanos,
    /// Whether the wait begins with the answer, not with the probe.
    from_answer: bool,
    suspected_at: Option<Nanos>,
}

impl Lone for FailedProbesAt {
    #[inline(always)]
    fn observe(&mut self, beat: Beat) -> f64 {
        let in_time = seconds(beat.received - beat.sent) <= self.timeout;
        let from = if self.from_answer {
            beat.received
        } else {
            beat.sent
        };
        let suspected_at = match self.suspected_at {
            Some(before) if !in_time => before,
            // The first answer counts however late it was: there is nothing to go by before it.
            Some(before) => before.max(from.saturating_add(self.wait)),
            None => from.saturating_add(self.wait),
        };
        self.suspected_at = Some(suspected_at);
        seconds(suspected_at.saturating_sub(beat.received))
    }
}
