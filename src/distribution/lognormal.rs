use rand_distr::{Distribution as _, StandardNormal};

use super::normal_tail::{inverse_log_upper, log_density, log_upper};
use crate::distribution::Law;
use crate::random::Stream;
use crate::{Error, domain};

/// Lognormal law: ln X is normal with mean ln(median) and standard deviation sigma.
///
/// The usual shape of the body of a delay. Its tail is lighter than that of real networks, which
/// stall; add the stalls as pauses or as a bad state of the link rather than in sigma.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogNormal {
    median: f64,
    sigma: f64,
}

impl LogNormal {
    /// Builds the law; `median` is in seconds, `sigma` has no unit.
    pub fn new(median: f64, sigma: f64) -> Result<Self, Error> {
        Ok(Self {
            median: domain::positive("median", median)?,
            sigma: domain::positive("sigma", sigma)?,
        })
    }

    /// The law with this mean and standard deviation, both in seconds.
    pub fn from_mean_std(mean: f64, std: f64) -> Result<Self, Error> {
        let ratio = domain::positive("std", std)? / domain::positive("mean", mean)?;
        let log_spread = libm::log1p(ratio * ratio);
        Self::new(mean * libm::exp(-log_spread / 2.0), libm::sqrt(log_spread))
    }

    /// Median, in seconds.
    pub fn median(&self) -> f64 {
        self.median
    }

    /// Standard deviation of the logarithm.
    pub fn sigma(&self) -> f64 {
        self.sigma
    }

    fn z(&self, x: f64) -> f64 {
        let ratio = x / self.median;
        let log_ratio = if ratio.is_normal() {
            libm::log(ratio)
        } else {
            libm::log(x) - libm::log(self.median)
        };
        log_ratio / self.sigma
    }
}

impl Law for LogNormal {
    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }

    fn mean(&self) -> f64 {
        self.median * libm::exp(self.sigma * self.sigma / 2.0)
    }

    fn variance(&self) -> f64 {
        let spread = self.sigma * self.sigma;
        self.median * self.median * libm::exp(spread) * libm::expm1(spread)
    }

    fn log_pdf(&self, x: f64) -> f64 {
        if x <= 0.0 {
            f64::NEG_INFINITY
        } else {
            log_density(self.z(x)) - libm::log(x) - libm::log(self.sigma)
        }
    }

    fn log_cdf(&self, x: f64) -> f64 {
        if x <= 0.0 {
            f64::NEG_INFINITY
        } else {
            log_upper(-self.z(x))
        }
    }

    fn log_ccdf(&self, x: f64) -> f64 {
        if x <= 0.0 { 0.0 } else { log_upper(self.z(x)) }
    }

    fn inverse_log_cdf(&self, log_p: f64) -> f64 {
        self.median * libm::exp(-self.sigma * inverse_log_upper(log_p))
    }

    fn inverse_log_ccdf(&self, log_q: f64) -> f64 {
        self.median * libm::exp(self.sigma * inverse_log_upper(log_q))
    }

    fn sample(&self, stream: &mut Stream) -> f64 {
        let z: f64 = StandardNormal.sample(stream);
        self.median * libm::exp(self.sigma * z)
    }

    fn fill(&self, stream: &mut Stream, draws: &mut [f64]) {
        // Two loops: the processor overlaps the exponentials of neighbours, but not across the
        // rejections of the normal sampler.
        for draw in &mut *draws {
            *draw = StandardNormal.sample(stream);
        }
        for draw in draws {
            *draw = self.median * libm::exp(self.sigma * *draw);
        }
    }
}
