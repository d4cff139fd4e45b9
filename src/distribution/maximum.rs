use super::bisection::smallest;
use super::law::log1mexp;
use super::moments::moments;
use crate::distribution::{Distribution, Law};
use crate::random::Stream;
use crate::{Error, domain};

/// The slowest of several independent durations: Pr(X <= x) = product of Pr(X_i <= x).
///
/// Mean and variance are integrated numerically, to some 1e-8.
#[derive(Debug, Clone, PartialEq)]
pub struct Maximum {
    parts: Vec<Distribution>,
}

impl Maximum {
    /// Builds the law from the laws that race.
    pub fn new(parts: Vec<Distribution>) -> Result<Self, Error> {
        domain::count("parts", parts.len(), 1, super::MOST_PARTS)?;
        Ok(Self { parts })
    }

    /// The laws that race.
    pub fn parts(&self) -> &[Distribution] {
        &self.parts
    }
}

impl Law for Maximum {
    fn support(&self) -> (f64, f64) {
        let fold = |end: fn((f64, f64)) -> f64| {
            self.parts
                .iter()
                .map(|part| end(part.support()))
                .fold(0.0, f64::max)
        };
        (fold(|ends| ends.0), fold(|ends| ends.1))
    }

    fn mean(&self) -> f64 {
        moments(self).0
    }

    fn variance(&self) -> f64 {
        moments(self).1
    }

    fn has_density(&self) -> bool {
        self.parts.iter().all(Distribution::has_density)
    }

    fn log_pdf(&self, x: f64) -> f64 {
        // d/dx of the product: the whole times the sum of density over cdf.
        let log_cdf = self.log_cdf(x);
        if log_cdf == f64::NEG_INFINITY {
            return f64::NEG_INFINITY;
        }
        let ratios: f64 = self
            .parts
            .iter()
            .map(|part| libm::exp(part.log_pdf(x) - part.log_cdf(x)))
            .sum();
        log_cdf + libm::log(ratios)
    }

    fn log_cdf(&self, x: f64) -> f64 {
        self.parts.iter().map(|part| part.log_cdf(x)).sum()
    }

    fn log_ccdf(&self, x: f64) -> f64 {
        log1mexp(-self.log_cdf(x))
    }

    fn inverse_log_cdf(&self, log_p: f64) -> f64 {
        // No part alone is above the sought probability, and all at once at its n-th root reach it.
        let low = self
            .parts
            .iter()
            .map(|part| part.inverse_log_cdf(log_p))
            .fold(0.0, f64::max);
        let each = log_p / self.parts.len() as f64;
        let high = self
            .parts
            .iter()
            .map(|part| part.inverse_log_cdf(each))
            .fold(low, f64::max);
        smallest(low, high, |x| self.log_cdf(x) >= log_p)
    }

    fn inverse_log_ccdf(&self, log_q: f64) -> f64 {
        let low = self
            .parts
            .iter()
            .map(|part| part.inverse_log_ccdf(log_q))
            .fold(0.0, f64::max);
        let each = log_q - libm::log(self.parts.len() as f64);
        let high = self
            .parts
            .iter()
            .map(|part| part.inverse_log_ccdf(each))
            .fold(low, f64::max);
        smallest(low, high, |x| self.log_ccdf(x) <= log_q)
    }

    fn sample(&self, stream: &mut Stream) -> f64 {
        self.parts
            .iter()
            .map(|part| part.sample(stream))
            .fold(0.0, f64::max)
    }
}
