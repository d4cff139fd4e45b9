use crate::distribution::Law;
use crate::random::Stream;
use crate::{Error, domain};

/// Always the same duration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Constant {
    value: f64,
}

impl Constant {
    /// Builds the law; `value` is in seconds, zero or more.
    pub fn new(value: f64) -> Result<Self, Error> {
        Ok(Self {
            value: domain::non_negative("value", value)?,
        })
    }
}

impl Law for Constant {
    fn support(&self) -> (f64, f64) {
        (self.value, self.value)
    }

    fn mean(&self) -> f64 {
        self.value
    }

    fn variance(&self) -> f64 {
        0.0
    }

    fn has_density(&self) -> bool {
        false
    }

    fn log_pdf(&self, _x: f64) -> f64 {
        f64::NAN
    }

    fn log_cdf(&self, x: f64) -> f64 {
        if x >= self.value {
            0.0
        } else {
            f64::NEG_INFINITY
        }
    }

    fn log_ccdf(&self, x: f64) -> f64 {
        if x >= self.value {
            f64::NEG_INFINITY
        } else {
            0.0
        }
    }

    fn inverse_log_cdf(&self, _log_p: f64) -> f64 {
        self.value
    }

    fn inverse_log_ccdf(&self, _log_q: f64) -> f64 {
        self.value
    }

    fn sample(&self, _stream: &mut Stream) -> f64 {
        self.value
    }
}
