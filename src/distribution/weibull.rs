use rand_distr::{Distribution as _, Exp1};

use crate::distribution::Law;
use crate::distribution::law::Hazard;
use crate::random::Stream;
use crate::{Error, domain};

/// Weibull law: Pr(X > x) = exp(-(x/scale)^shape) on x >= 0.
///
/// With shape below 1 the tail is heavier than exponential (the longer a stall has lasted, the
/// longer it will still last), with shape above 1 lighter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weibull {
    scale: f64,
    shape: f64,
}

impl Weibull {
    /// Builds the law; `scale` is in seconds, `shape` has no unit.
    pub fn new(scale: f64, shape: f64) -> Result<Self, Error> {
        Ok(Self {
            scale: domain::positive("scale", scale)?,
            shape: domain::positive("shape", shape)?,
        })
    }

    /// The law with this mean and standard deviation, both in seconds.
    pub fn from_mean_std(mean: f64, std: f64) -> Result<Self, Error> {
        let mean = domain::positive("mean", mean)?;
        let std = domain::positive("std", std)?;
        let target = libm::log1p((std / mean) * (std / mean));
        // ln(1 + cv^2) = lnΓ(1 + 2/k) - 2 lnΓ(1 + 1/k) falls as k grows.
        let excess = |shape: f64| {
            libm::lgamma(1.0 + 2.0 / shape) - 2.0 * libm::lgamma(1.0 + 1.0 / shape) - target
        };
        let (mut low, mut high) = (0.02, 1e4);
        if excess(low) < 0.0 || excess(high) > 0.0 {
            return Err(Error::argument(
                "std",
                std,
                format!("between 1.3e-4 and 1e28 times mean = {mean}"),
            ));
        }
        for _ in 0..200 {
            let middle = libm::sqrt(low * high);
            if excess(middle) > 0.0 {
                low = middle;
            } else {
                high = middle;
            }
        }
        let shape = libm::sqrt(low * high);
        Self::new(mean / libm::tgamma(1.0 + 1.0 / shape), shape)
    }

    /// Scale, in seconds: the duration that one in e outlasts.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// Shape.
    pub fn shape(&self) -> f64 {
        self.shape
    }
}

impl Hazard for Weibull {
    fn hazard(&self, x: f64) -> f64 {
        let x = x.max(0.0);
        let ratio = x / self.scale;
        let hazard = libm::pow(ratio, self.shape);
        // A power takes the rounding of the quotient times the shape with it.
        let rounding = libm::fma(-ratio, self.scale, x) / x;
        if rounding.is_finite() && hazard.is_finite() {
            hazard + hazard * self.shape * rounding
        } else {
            hazard
        }
    }

    fn inverse_hazard(&self, hazard: f64) -> f64 {
        self.scale * libm::pow(hazard, 1.0 / self.shape)
    }
}

impl Law for Weibull {
    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }

    fn mean(&self) -> f64 {
        self.scale * libm::tgamma(1.0 + 1.0 / self.shape)
    }

    fn variance(&self) -> f64 {
        let mean = libm::lgamma(1.0 + 1.0 / self.shape);
        let square = libm::lgamma(1.0 + 2.0 / self.shape);
        // Γ(1+2/k) - Γ(1+1/k)^2 without its cancellation at large k.
        self.scale * self.scale * libm::exp(2.0 * mean) * libm::expm1(square - 2.0 * mean)
    }

    fn log_pdf(&self, x: f64) -> f64 {
        if x < 0.0 {
            return f64::NEG_INFINITY;
        }
        let log_ratio = libm::log(x / self.scale);
        let power = if self.shape == 1.0 {
            0.0
        } else {
            (self.shape - 1.0) * log_ratio
        };
        libm::log(self.shape / self.scale) + power - self.hazard(x)
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
        // The same as `inverse_hazard`, at a third of the cost of `pow`.
        self.scale * libm::exp(libm::log(unit) / self.shape)
    }
}
