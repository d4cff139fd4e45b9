use rand_distr::{Distribution as _, Exp1};

use crate::distribution::Law;
use crate::distribution::law::Hazard;
use crate::random::Stream;
use crate::{Error, domain};

/// The time between events that do not know of each other: Pr(X > x) = exp(-x/mean) on x >= 0.
///
/// The only law without memory: having waited says nothing about the wait still to come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exponential {
    mean: f64,
}

impl Exponential {
    /// Builds the law; `mean` is in seconds.
    pub fn new(mean: f64) -> Result<Self, Error> {
        Ok(Self {
            mean: domain::positive("mean", mean)?,
        })
    }
}

impl Hazard for Exponential {
    fn hazard(&self, x: f64) -> f64 {
        x.max(0.0) / self.mean
    }

    fn inverse_hazard(&self, hazard: f64) -> f64 {
        hazard * self.mean
    }
}

impl Law for Exponential {
    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }

    fn mean(&self) -> f64 {
        self.mean
    }

    fn variance(&self) -> f64 {
        self.mean * self.mean
    }

    fn log_pdf(&self, x: f64) -> f64 {
        if x >= 0.0 {
            -x / self.mean - libm::log(self.mean)
        } else {
            f64::NEG_INFINITY
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
        unit * self.mean
    }
}
