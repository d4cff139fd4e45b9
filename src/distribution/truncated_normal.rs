use std::f64::consts::FRAC_1_SQRT_2;

use rand::RngExt;
use rand_distr::{Distribution as _, StandardNormal};

use super::law::{log_difference, log_sum};
use super::normal_tail::{inverse_log_upper, log_density, log_upper};
use crate::distribution::Law;
use crate::quadrature::mean_around_zero;
use crate::random::Stream;
use crate::{Error, domain};

/// A normal law cut to low <= x <= high; `mean` and `std` are those of the normal before the cut.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TruncatedNormal {
    mean: f64,
    std: f64,
    low: f64,
    high: f64,
    log_mass: f64,
}

/// Where less than a fifth of the normal falls between the bounds, drawing by inversion beats
/// rejection; this is the logarithm of that fifth.
const REJECTION_FLOOR: f64 = -1.6;

impl TruncatedNormal {
    /// Builds the law; all four in seconds, 0 <= low < high, `high` may be infinite.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] also when the bounds are more than 35 standard deviations from the mean:
    /// what is left of the normal there is not a normal in any useful sense.
    pub fn new(mean: f64, std: f64, low: f64, high: f64) -> Result<Self, Error> {
        let mean = domain::finite("mean", mean)?;
        let std = domain::positive("std", std)?;
        let low = domain::non_negative("low", low)?;
        if high.is_nan() || high <= low {
            return Err(Error::argument(
                "high",
                high,
                format!("a number above low = {low}"),
            ));
        }
        if (low - mean) / std > 35.0 || (mean - high) / std > 35.0 {
            return Err(Error::argument(
                "mean",
                mean,
                format!("within 35 std of [{low}, {high}]"),
            ));
        }
        let mut law = Self {
            mean,
            std,
            low,
            high,
            log_mass: 0.0,
        };
        law.log_mass = law.log_mass_between(low, high);
        Ok(law)
    }

    fn z(&self, x: f64) -> f64 {
        (x - self.mean) / self.std
    }

    /// ln Pr(from < N <= to) under the whole normal.
    fn log_mass_between(&self, from: f64, to: f64) -> f64 {
        let (a, b, width) = (self.z(from), self.z(to), (to - from) / self.std);
        if width * (1.0 + a.abs().min(b.abs())) < 0.5 {
            log_narrow_mass(a, width)
        } else if a >= 0.0 {
            log_difference(log_upper(a), log_upper(b))
        } else if b <= 0.0 {
            log_difference(log_upper(-b), log_upper(-a))
        } else {
            libm::log(0.5 * (libm::erf(b * FRAC_1_SQRT_2) + libm::erf(-a * FRAC_1_SQRT_2)))
        }
    }
}

/// ln of the integral of the standard normal density over [a, a + width], for widths so small that
/// the difference of two tails would lose its digits.
fn log_narrow_mass(a: f64, width: f64) -> f64 {
    let middle = a + 0.5 * width;
    let mean_ratio = mean_around_zero(0.5 * width, |t| libm::exp(-t * (middle + 0.5 * t)));
    log_density(middle) + libm::log(width * mean_ratio)
}

/// The width at which the mass of [a, a + width] has this logarithm; none where it is not narrow.
///
/// Next to a bound the distance from it carries the digits, not the value itself.
fn narrow_width(a: f64, log_mass: f64) -> Option<f64> {
    let mut log_width = log_mass - log_density(a);
    if log_width.is_nan() || log_width >= libm::log(0.1 / (1.0 + a.abs())) {
        return None;
    }
    for _ in 0..4 {
        let width = libm::exp(log_width);
        let log_slope = log_density(a + width) + log_width - log_narrow_mass(a, width);
        log_width -= (log_narrow_mass(a, width) - log_mass) / libm::exp(log_slope);
    }
    Some(libm::exp(log_width))
}

impl Law for TruncatedNormal {
    fn support(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    fn mean(&self) -> f64 {
        let at = |x: f64| {
            if x.is_finite() {
                libm::exp(log_density(self.z(x)) - self.log_mass)
            } else {
                0.0
            }
        };
        self.mean + self.std * (at(self.low) - at(self.high))
    }

    fn variance(&self) -> f64 {
        let at = |x: f64| {
            if x.is_finite() {
                libm::exp(log_density(self.z(x)) - self.log_mass)
            } else {
                0.0
            }
        };
        let edge = |x: f64| {
            if x.is_finite() {
                self.z(x) * at(x)
            } else {
                0.0
            }
        };
        let shift = at(self.low) - at(self.high);
        self.std * self.std * (1.0 + edge(self.low) - edge(self.high) - shift * shift)
    }

    fn log_pdf(&self, x: f64) -> f64 {
        if (self.low..=self.high).contains(&x) {
            log_density(self.z(x)) - libm::log(self.std) - self.log_mass
        } else {
            f64::NEG_INFINITY
        }
    }

    fn log_cdf(&self, x: f64) -> f64 {
        if x <= self.low {
            f64::NEG_INFINITY
        } else if x >= self.high {
            0.0
        } else {
            self.log_mass_between(self.low, x) - self.log_mass
        }
    }

    fn log_ccdf(&self, x: f64) -> f64 {
        if x <= self.low {
            0.0
        } else if x >= self.high {
            f64::NEG_INFINITY
        } else {
            self.log_mass_between(x, self.high) - self.log_mass
        }
    }

    fn inverse_log_cdf(&self, log_p: f64) -> f64 {
        let (edge, log_mass) = (self.z(self.low), log_p + self.log_mass);
        let x = if let Some(width) = narrow_width(edge, log_mass) {
            self.low + self.std * width
        } else if edge > 0.0 {
            self.mean + self.std * inverse_log_upper(log_difference(log_upper(edge), log_mass))
        } else {
            self.mean - self.std * inverse_log_upper(log_sum(log_upper(-edge), log_mass).min(0.0))
        };
        x.clamp(self.low, self.high)
    }

    fn inverse_log_ccdf(&self, log_q: f64) -> f64 {
        let (edge, log_mass) = (self.z(self.high), log_q + self.log_mass);
        let x = if let Some(width) = narrow_width(-edge, log_mass) {
            self.high - self.std * width
        } else if edge < 0.0 {
            self.mean - self.std * inverse_log_upper(log_difference(log_upper(-edge), log_mass))
        } else {
            self.mean + self.std * inverse_log_upper(log_sum(log_upper(edge), log_mass).min(0.0))
        };
        x.clamp(self.low, self.high)
    }

    fn sample(&self, stream: &mut Stream) -> f64 {
        if self.log_mass < REJECTION_FLOOR {
            // 1 - u lies in (0, 1], where the logarithm is finite.
            let log_q = libm::log(1.0 - stream.random::<f64>());
            return self.inverse_log_ccdf(log_q);
        }
        loop {
            let z: f64 = StandardNormal.sample(stream);
            let x = self.mean + self.std * z;
            if (self.low..=self.high).contains(&x) {
                return x;
            }
        }
    }
}
