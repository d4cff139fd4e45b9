use rand_distr::{Distribution as _, Exp1};

use crate::distribution::Law;
use crate::distribution::law::Hazard;
use crate::random::Stream;
use crate::{Error, domain};

/// Pareto law: Pr(X > x) = (minimum/x)^tail_index on x >= minimum.
///
/// A power law: ten times as long is always the same factor rarer. The mean is infinite for a tail
/// index of 1 or less, the variance for 2 or less.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pareto {
    minimum: f64,
    tail_index: f64,
}

impl Pareto {
    /// Builds the law; `minimum` is in seconds, `tail_index` has no unit.
    pub fn new(minimum: f64, tail_index: f64) -> Result<Self, Error> {
        Ok(Self {
            minimum: domain::positive("minimum", minimum)?,
            tail_index: domain::positive("tail_index", tail_index)?,
        })
    }

    /// The law with this mean and standard deviation, both in seconds; its tail index is above 2.
    pub fn from_mean_std(mean: f64, std: f64) -> Result<Self, Error> {
        let ratio = domain::positive("mean", mean)? / domain::positive("std", std)?;
        let tail_index = 1.0 + libm::sqrt(1.0 + ratio * ratio);
        Self::new(mean * (tail_index - 1.0) / tail_index, tail_index)
    }

    /// Smallest value, in seconds.
    pub fn minimum(&self) -> f64 {
        self.minimum
    }

    /// Tail index.
    pub fn tail_index(&self) -> f64 {
        self.tail_index
    }
}

impl Hazard for Pareto {
    fn hazard(&self, x: f64) -> f64 {
        if x <= self.minimum {
            0.0
        } else {
            self.tail_index * log_ratio(x, self.minimum)
        }
    }

    fn inverse_hazard(&self, hazard: f64) -> f64 {
        self.minimum * libm::exp(hazard / self.tail_index)
    }
}

/// ln(x/m), with all its digits where `x` is close to `m`.
fn log_ratio(x: f64, m: f64) -> f64 {
    if x < 2.0 * m {
        libm::log1p((x - m) / m)
    } else {
        libm::log(x / m)
    }
}

impl Law for Pareto {
    fn support(&self) -> (f64, f64) {
        (self.minimum, f64::INFINITY)
    }

    fn mean(&self) -> f64 {
        if self.tail_index > 1.0 {
            self.tail_index * self.minimum / (self.tail_index - 1.0)
        } else {
            f64::INFINITY
        }
    }

    fn variance(&self) -> f64 {
        let a = self.tail_index;
        if a > 2.0 {
            let spread = self.minimum / (a - 1.0);
            spread * spread * a / (a - 2.0)
        } else {
            f64::INFINITY
        }
    }

    fn log_pdf(&self, x: f64) -> f64 {
        if x < self.minimum {
            f64::NEG_INFINITY
        } else {
            libm::log(self.tail_index / x) - self.hazard(x)
        }
    }

    fn log_cdf(&self, x: f64) -> f64 {
        self.log_cdf_by_hazard(x)
    }

    fn log_ccdf(&self, x: f64) -> f64 {
        -self.hazard(x)
    }

    fn inverse_log_cdf(&self, log_p: f64) -> f64 {
        self.inverse_log_cdf_by_hazard(log_p)
    }

    fn inverse_log_ccdf(&self, log_q: f64) -> f64 {
        self.inverse_hazard(-log_q)
    }

    fn sample(&self, stream: &mut Stream) -> f64 {
        let unit: f64 = Exp1.sample(stream);
        self.inverse_hazard(unit)
    }
}
