use rand::RngExt;

use crate::distribution::Law;
use crate::random::Stream;
use crate::{Error, domain};

/// Every duration between two bounds equally likely: density 1/(high - low) on low <= x <= high.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uniform {
    low: f64,
    high: f64,
}

impl Uniform {
    /// Builds the law on [low, high], both in seconds, 0 <= low < high.
    pub fn new(low: f64, high: f64) -> Result<Self, Error> {
        let low = domain::non_negative("low", low)?;
        let high = domain::finite("high", high)?;
        if high > low {
            Ok(Self { low, high })
        } else {
            Err(Error::argument(
                "high",
                high,
                format!("a number above low = {low}"),
            ))
        }
    }

    fn width(&self) -> f64 {
        self.high - self.low
    }
}

impl Law for Uniform {
    fn support(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    fn mean(&self) -> f64 {
        self.low + self.width() / 2.0
    }

    fn variance(&self) -> f64 {
        self.width() * self.width() / 12.0
    }

    fn log_pdf(&self, x: f64) -> f64 {
        if (self.low..=self.high).contains(&x) {
            -libm::log(self.width())
        } else {
            f64::NEG_INFINITY
        }
    }

    fn log_cdf(&self, x: f64) -> f64 {
        libm::log(((x - self.low) / self.width()).clamp(0.0, 1.0))
    }

    fn log_ccdf(&self, x: f64) -> f64 {
        libm::log(((self.high - x) / self.width()).clamp(0.0, 1.0))
    }

    fn inverse_log_cdf(&self, log_p: f64) -> f64 {
        self.low + self.width() * libm::exp(log_p)
    }

    fn inverse_log_ccdf(&self, log_q: f64) -> f64 {
        self.high - self.width() * libm::exp(log_q)
    }

    fn sample(&self, stream: &mut Stream) -> f64 {
        self.low + self.width() * stream.random::<f64>()
    }
}
