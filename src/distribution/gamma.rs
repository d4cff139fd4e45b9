use std::f64::consts::LN_2;

use rand_distr::{Distribution as _, Gamma as Sampler};

use super::incomplete_gamma::log_tails;
use super::law::log1mexp;
use super::normal_tail::inverse_log_upper;
use crate::distribution::Law;
use crate::random::Stream;
use crate::{Error, domain};

/// Gamma law with density proportional to x^(shape-1) exp(-x/scale) on x > 0.
///
/// For a whole `shape` (Erlang's law) the time until that many exponential stages have passed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gamma {
    shape: f64,
    scale: f64,
    sampler: Sampler<f64>,
}

const SMALLEST_SHAPE: f64 = 1e-3;
const LARGEST_SHAPE: f64 = 1e6;

impl Gamma {
    /// Builds the law; `shape` is between 1e-3 and 1e6, `scale` in seconds.
    pub fn new(shape: f64, scale: f64) -> Result<Self, Error> {
        let refuse = || Error::argument("shape", shape, "a number from 1e-3 to 1e6");
        if !(SMALLEST_SHAPE..=LARGEST_SHAPE).contains(&shape) {
            return Err(refuse());
        }
        let scale = domain::positive("scale", scale)?;
        let sampler = Sampler::new(shape, scale).map_err(|_| refuse())?;
        Ok(Self {
            shape,
            scale,
            sampler,
        })
    }

    /// The law with this mean and standard deviation, both in seconds.
    pub fn from_mean_std(mean: f64, std: f64) -> Result<Self, Error> {
        let ratio = domain::positive("mean", mean)? / domain::positive("std", std)?;
        if !(1e-3..=1e6).contains(&(ratio * ratio)) {
            return Err(Error::argument(
                "std",
                std,
                format!("between 1e-3 and 31 times mean = {mean}"),
            ));
        }
        Self::new(ratio * ratio, mean / (ratio * ratio))
    }

    /// Shape.
    pub fn shape(&self) -> f64 {
        self.shape
    }

    /// Scale, in seconds.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// Newton's method on ln x for the `x` where the chosen log tail is `target` <= -ln 2, kept
    /// inside a bracket.
    fn invert(&self, target: f64, upper: bool) -> f64 {
        if target == f64::NEG_INFINITY {
            return if upper { f64::INFINITY } else { 0.0 };
        }
        let a = self.shape;
        let z = inverse_log_upper(target) * if upper { 1.0 } else { -1.0 };
        // Wilson & Hilferty where it is positive, else the first term of the series.
        let cube = 1.0 - 1.0 / (9.0 * a) + z / (3.0 * libm::sqrt(a));
        let mut u = if cube > 0.1 {
            libm::log(a) + 3.0 * libm::log(cube)
        } else {
            (if upper { log1mexp(-target) } else { target } + libm::lgamma(a + 1.0)) / a
        };
        let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
        for _ in 0..200 {
            let x = libm::exp(u);
            let (log_p, log_q) = log_tails(a, x);
            let tail = if upper { log_q } else { log_p };
            if (tail > target) == upper {
                low = u;
            } else {
                high = u;
            }
            let log_slope = a * u - x - libm::lgamma(a) - tail;
            let slope = libm::exp(log_slope) * if upper { -1.0 } else { 1.0 };
            let mut next = u - (tail - target) / slope;
            // Written so that a NaN, from a slope of zero, also falls back to the bracket.
            if !(next > low && next < high) {
                next = match (low.is_finite(), high.is_finite()) {
                    (true, true) => 0.5 * (low + high),
                    (true, false) => low + 1.0 + low.abs(),
                    _ => high - 1.0 - high.abs(),
                };
            }
            let moved = (next - u).abs();
            u = next;
            if moved <= 1e-15 * u.abs().max(1.0) {
                break;
            }
        }
        self.scale * libm::exp(u)
    }
}

impl Law for Gamma {
    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }

    fn mean(&self) -> f64 {
        self.shape * self.scale
    }

    fn variance(&self) -> f64 {
        self.shape * self.scale * self.scale
    }

    fn log_pdf(&self, x: f64) -> f64 {
        if x < 0.0 {
            return f64::NEG_INFINITY;
        }
        let ratio = x / self.scale;
        let power = if self.shape == 1.0 {
            0.0
        } else {
            (self.shape - 1.0) * libm::log(ratio)
        };
        power - ratio - libm::lgamma(self.shape) - libm::log(self.scale)
    }

    fn log_cdf(&self, x: f64) -> f64 {
        log_tails(self.shape, x / self.scale).0
    }

    fn log_ccdf(&self, x: f64) -> f64 {
        log_tails(self.shape, x / self.scale).1
    }

    fn inverse_log_cdf(&self, log_p: f64) -> f64 {
        if log_p > -LN_2 {
            self.invert(log1mexp(-log_p), true)
        } else {
            self.invert(log_p, false)
        }
    }

    fn inverse_log_ccdf(&self, log_q: f64) -> f64 {
        if log_q > -LN_2 {
            self.invert(log1mexp(-log_q), false)
        } else {
            self.invert(log_q, true)
        }
    }

    fn sample(&self, stream: &mut Stream) -> f64 {
        self.sampler.sample(stream)
    }
}
