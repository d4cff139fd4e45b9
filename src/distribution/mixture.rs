use rand::RngExt;

use super::bisection::smallest;
use super::law::log_sum;
use crate::distribution::{Distribution, Law};
use crate::random::Stream;
use crate::{Error, domain};

/// One of several laws, chosen anew for every draw: Pr(X > x) = sum of weight_i Pr(X_i > x).
#[derive(Debug, Clone, PartialEq)]
pub struct Mixture {
    parts: Vec<Distribution>,
    weights: Vec<f64>,
    cumulative: Vec<f64>,
}

impl Mixture {
    /// Builds the law from its parts and as many positive weights, which are scaled to sum to one.
    pub fn new(parts: Vec<Distribution>, weights: Vec<f64>) -> Result<Self, Error> {
        domain::count("parts", parts.len(), 1, super::MOST_PARTS)?;
        if weights.len() != parts.len() {
            return Err(Error::argument(
                "weights",
                format!("{weights:?}"),
                format!("{} weights, one for each part", parts.len()),
            ));
        }
        for &weight in &weights {
            domain::positive("weights", weight)?;
        }
        let total: f64 = weights.iter().sum();
        let weights: Vec<f64> = weights.into_iter().map(|weight| weight / total).collect();
        let cumulative = weights
            .iter()
            .scan(0.0, |sum, weight| {
                *sum += weight;
                Some(*sum)
            })
            .collect();
        Ok(Self {
            parts,
            weights,
            cumulative,
        })
    }

    /// The laws it chooses from.
    pub fn parts(&self) -> &[Distribution] {
        &self.parts
    }

    fn log_mixed(&self, log_part: impl Fn(&Distribution) -> f64) -> f64 {
        self.parts
            .iter()
            .zip(&self.weights)
            .map(|(part, weight)| libm::log(*weight) + log_part(part))
            .fold(f64::NEG_INFINITY, log_sum)
            .min(0.0)
    }

    fn averaged(&self, part: impl Fn(&Distribution) -> f64) -> f64 {
        self.parts
            .iter()
            .zip(&self.weights)
            .map(|(law, weight)| weight * part(law))
            .sum()
    }
}

impl Law for Mixture {
    fn support(&self) -> (f64, f64) {
        super::span_of(&self.parts, Distribution::support)
    }

    fn mean(&self) -> f64 {
        self.averaged(Distribution::mean)
    }

    fn variance(&self) -> f64 {
        let mean = self.mean();
        if mean.is_infinite() {
            return f64::INFINITY;
        }
        self.averaged(|part| part.variance() + (part.mean() - mean) * (part.mean() - mean))
    }

    fn has_density(&self) -> bool {
        self.parts.iter().all(Distribution::has_density)
    }

    fn log_pdf(&self, x: f64) -> f64 {
        self.parts
            .iter()
            .zip(&self.weights)
            .map(|(part, weight)| libm::log(*weight) + part.log_pdf(x))
            .fold(f64::NEG_INFINITY, log_sum)
    }

    fn log_cdf(&self, x: f64) -> f64 {
        self.log_mixed(|part| part.log_cdf(x))
    }

    fn log_ccdf(&self, x: f64) -> f64 {
        self.log_mixed(|part| part.log_ccdf(x))
    }

    fn inverse_log_cdf(&self, log_p: f64) -> f64 {
        let at = |part: &Distribution| (part.inverse_log_cdf(log_p), part.inverse_log_cdf(log_p));
        let (low, high) = super::span_of(&self.parts, at);
        smallest(low, high, |x| self.log_cdf(x) >= log_p)
    }

    fn inverse_log_ccdf(&self, log_q: f64) -> f64 {
        let at = |part: &Distribution| (part.inverse_log_ccdf(log_q), part.inverse_log_ccdf(log_q));
        let (low, high) = super::span_of(&self.parts, at);
        smallest(low, high, |x| self.log_ccdf(x) <= log_q)
    }

    fn sample(&self, stream: &mut Stream) -> f64 {
        let choice: f64 = stream.random();
        let last = self.parts.len() - 1;
        let part = self
            .cumulative
            .partition_point(|sum| *sum <= choice)
            .min(last);
        self.parts[part].sample(stream)
    }
}
