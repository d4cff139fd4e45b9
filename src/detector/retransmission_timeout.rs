use super::per_threshold::{Each, Lone, geometric};
use super::{Beginning, Detector, PerThreshold};
use crate::heartbeat::Beat;
use crate::time::{Nanos, seconds};
use crate::{Error, domain};

/// TCP's retransmission timeout over the response times of requests.
///
/// With R a response time: first SRTT = R, RTTVAR = R/2; then
/// RTTVAR = 3/4 RTTVAR + 1/4 |SRTT - R| and SRTT = 7/8 SRTT + 1/8 R. The timeout is
/// SRTT + max(granularity, K RTTVAR), kept between a minimum and a maximum. The next request goes out an
/// interval after the last, and suspicion comes at its send time plus the timeout.
///
/// With `backoff` the timeout doubles each time it runs out, and once for each request that was lost;
/// a response that came after it ran out is not learned from (Karn's rule), and the next that comes
/// in time resets it. Without it every response is learned from.
///
/// The threshold is K, without unit; the standard's is 4. O(1) a heartbeat and threshold. Needs send
/// times on the monitor's clock.
///
/// Source: RFC 6298.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetransmissionTimeout {
    granularity: f64,
    minimum: f64,
    maximum: f64,
    backoff: bool,
}

impl RetransmissionTimeout {
    /// The detector; times are in seconds.
    pub fn new(granularity: f64, minimum: f64, maximum: f64, backoff: bool) -> Result<Self, Error> {
        let (minimum, maximum) = domain::bounds(minimum, maximum)?;
        Ok(Self {
            granularity: domain::non_negative("granularity", granularity)?,
            minimum,
            maximum,
            backoff,
        })
    }

    /// The detector at one threshold, for requests that go out every `every`.
    pub fn at(&self, gain: f64, every: Nanos) -> RetransmissionTimeoutAt {
        RetransmissionTimeoutAt {
            settings: *self,
            gain,
            every,
            smoothed: None,
            timeout: self.maximum.min(1.0).max(self.minimum),
            number: None,
        }
    }
}

impl Detector for RetransmissionTimeout {
    fn newest_only(&self) -> bool {
        true
    }

    fn memory(&self) -> usize {
        // What is left of the first response time after so many more: less than 10^-5 of it.
        100
    }

    fn admit(&self, threshold: f64) -> Result<f64, Error> {
        domain::non_negative("gain", threshold)
    }

    fn needs_shared_clock(&self) -> bool {
        true
    }
}

impl PerThreshold for RetransmissionTimeout {
    type States = Each<RetransmissionTimeoutAt>;

    fn start(&self, beginning: &Beginning, thresholds: &[f64]) -> Self::States {
        let at = |gain: &f64| self.at(*gain, beginning.every);
        Each(thresholds.iter().map(at).collect())
    }

    fn candidates(&self, _shortest: f64, _longest: f64) -> Vec<f64> {
        geometric(1e-2, 1e6)
    }
}

/// A [`RetransmissionTimeout`] at work at one threshold; times are in seconds.
#[derive(Debug, Clone)]
pub struct RetransmissionTimeoutAt {
    settings: RetransmissionTimeout,
    gain: f64,
    every: Nanos,
    /// SRTT and RTTVAR.
    smoothed: Option<(f64, f64)>,
    /// RTO, doubled as often as it ran out.
    timeout: f64,
    number: Option<i64>,
}

impl RetransmissionTimeoutAt {
    /// SRTT, RTTVAR and RTO once a response time is known.
    pub fn smoothed(&self) -> Option<(f64, f64, f64)> {
        self.smoothed
            .map(|(srtt, rttvar)| (srtt, rttvar, self.timeout))
    }

    /// Takes a response in and says how long to wait for the next one, in seconds.
    #[inline(always)]
    pub fn observe(&mut self, beat: Beat) -> f64 {
        let response = seconds(beat.received - beat.sent);
        let lost = self.number.map_or(0, |last| beat.number - last - 1);
        self.number = Some(beat.number);
        if self.settings.backoff {
            self.back_off(lost);
        }
        if response <= self.timeout || self.smoothed.is_none() || !self.settings.backoff {
            self.learn(response);
        } else {
            self.run_out(response);
        }
        seconds(beat.sent + self.every - beat.received) + self.timeout
    }

    #[inline(always)]
    fn learn(&mut self, response: f64) {
        let (srtt, rttvar) = match self.smoothed {
            Some((srtt, rttvar)) => (
                0.875 * srtt + 0.125 * response,
                0.75 * rttvar + 0.25 * (srtt - response).abs(),
            ),
            None => (response, response / 2.0),
        };
        self.smoothed = Some((srtt, rttvar));
        let margin = self.settings.granularity.max(self.gain * rttvar);
        self.timeout = (srtt + margin).clamp(self.settings.minimum, self.settings.maximum);
    }

    /// Doubles the timeout so many times.
    #[inline(always)]
    fn back_off(&mut self, times: i64) {
        for _ in 0..times.clamp(0, 64) {
            self.timeout = (2.0 * self.timeout).min(self.settings.maximum);
        }
    }

    /// Doubles the timeout for each time that it runs out before `response` seconds have passed.
    #[cold]
    fn run_out(&mut self, response: f64) {
        self.timeout = self.timeout.max(1e-9);
        let mut waited = self.timeout;
        while waited < response && self.timeout < self.settings.maximum {
            self.back_off(1);
            waited += self.timeout;
        }
    }
}

impl Lone for RetransmissionTimeoutAt {
    #[inline(always)]
    fn observe(&mut self, beat: Beat) -> f64 {
        self.observe(beat)
    }
}
