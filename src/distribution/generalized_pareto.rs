use rand_distr::{Distribution as _, Exp1};

use crate::distribution::Law;
use crate::distribution::law::Hazard;
use crate::random::Stream;
use crate::{Error, domain};

/// Generalised Pareto law: Pr(X > x) = (1 + shape x/scale)^(-1/shape) on x >= 0.
///
/// The law that excesses over a high threshold tend to. Shape 0 is the exponential, shape above 0
/// has a power tail of index 1/shape, shape below 0 ends at -scale/shape.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GeneralizedPareto {
    scale: f64,
    shape: f64,
}

impl GeneralizedPareto {
    /// Builds the law; `scale` is in seconds, `shape` any finite number.
    pub fn new(scale: f64, shape: f64) -> Result<Self, Error> {
        Ok(Self {
            scale: domain::positive("scale", scale)?,
            shape: domain::finite("shape", shape)?,
        })
    }

    /// Scale, in seconds.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// Shape: the reciprocal of the tail index.
    pub fn shape(&self) -> f64 {
        self.shape
    }
}

impl Hazard for GeneralizedPareto {
    fn hazard(&self, x: f64) -> f64 {
        let ratio = x.max(0.0) / self.scale;
        if self.shape == 0.0 {
            ratio
        } else {
            let growth = self.shape * ratio;
            if growth < -0.5 {
                // Towards the end of the support 1 + growth must be rounded once only; past it, it is
                // negative.
                let left = libm::fma(self.shape, x, self.scale) / self.scale;
                libm::log(left.max(0.0)) / self.shape
            } else {
                libm::log1p(growth) / self.shape
            }
        }
    }

    fn inverse_hazard(&self, hazard: f64) -> f64 {
        if self.shape == 0.0 {
            self.scale * hazard
        } else {
            self.scale * libm::expm1(self.shape * hazard) / self.shape
        }
    }
}

impl Law for GeneralizedPareto {
    fn support(&self) -> (f64, f64) {
        let end = if self.shape < 0.0 {
            -self.scale / self.shape
        } else {
            f64::INFINITY
        };
        (0.0, end)
    }

    fn mean(&self) -> f64 {
        if self.shape < 1.0 {
            self.scale / (1.0 - self.shape)
        } else {
            f64::INFINITY
        }
    }

    fn variance(&self) -> f64 {
        if self.shape < 0.5 {
            let mean = self.mean();
            mean * mean / (1.0 - 2.0 * self.shape)
        } else {
            f64::INFINITY
        }
    }

    fn log_pdf(&self, x: f64) -> f64 {
        if x < 0.0 || x > self.support().1 {
            f64::NEG_INFINITY
        } else {
            // The density is exp(-H)/(scale + shape x), and ln(1 + shape x/scale) = shape H(x).
            let power = 1.0 + self.shape;
            let decay = if power == 0.0 {
                0.0
            } else {
                power * self.hazard(x)
            };
            -libm::log(self.scale) - decay
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
