use std::sync::Arc;

use rand::RngExt;

use crate::Error;
use crate::distribution::Law;
use crate::random::Stream;

/// A sample taken as a law: each of its values equally likely.
///
/// It never draws a value that was not in the sample, and knows nothing beyond the largest.
#[derive(Debug, Clone, PartialEq)]
pub struct Empirical {
    sorted: Arc<[f64]>,
    mean: f64,
    variance: f64,
}

impl Empirical {
    /// Builds the law from one or more values in seconds, each zero or more, in any order.
    pub fn new(mut sample: Vec<f64>) -> Result<Self, Error> {
        if sample.is_empty() {
            return Err(Error::argument("sample", "[]", "one value or more"));
        }
        if let Some(index) = sample.iter().position(|x| !(x.is_finite() && *x >= 0.0)) {
            return Err(Error::argument(
                format!("sample[{index}]"),
                sample[index],
                "a finite number of zero or more",
            ));
        }
        sample.sort_unstable_by(f64::total_cmp);
        let n = sample.len() as f64;
        let mean = sample.iter().sum::<f64>() / n;
        let variance = sample.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
        Ok(Self {
            sorted: sample.into(),
            mean,
            variance,
        })
    }

    /// The values in ascending order, in seconds.
    pub fn sorted(&self) -> &[f64] {
        &self.sorted
    }

    fn at_most(&self, x: f64) -> usize {
        self.sorted.partition_point(|value| *value <= x)
    }

    fn ranked(&self, rank: f64) -> f64 {
        let last = self.sorted.len() - 1;
        self.sorted[(rank as usize).clamp(1, last + 1) - 1]
    }
}

/// A rank computed from a probability: the nearest whole number where rounding alone keeps it from
/// being one, else what `round` makes of it.
fn whole(rank: f64, round: fn(f64) -> f64) -> f64 {
    let nearest = rank.round();
    if (rank - nearest).abs() <= 1e-12 * nearest.max(1.0) {
        nearest
    } else {
        round(rank)
    }
}

impl Law for Empirical {
    fn support(&self) -> (f64, f64) {
        (self.sorted[0], self.sorted[self.sorted.len() - 1])
    }

    fn mean(&self) -> f64 {
        self.mean
    }

    fn variance(&self) -> f64 {
        self.variance
    }

    fn has_density(&self) -> bool {
        false
    }

    fn log_pdf(&self, _x: f64) -> f64 {
        f64::NAN
    }

    fn log_cdf(&self, x: f64) -> f64 {
        libm::log(self.at_most(x) as f64 / self.sorted.len() as f64)
    }

    fn log_ccdf(&self, x: f64) -> f64 {
        let above = self.sorted.len() - self.at_most(x);
        libm::log(above as f64 / self.sorted.len() as f64)
    }

    fn inverse_log_cdf(&self, log_p: f64) -> f64 {
        self.ranked(whole(
            libm::exp(log_p) * self.sorted.len() as f64,
            f64::ceil,
        ))
    }

    fn inverse_log_ccdf(&self, log_q: f64) -> f64 {
        let n = self.sorted.len() as f64;
        self.ranked(n - whole(libm::exp(log_q) * n, f64::floor))
    }

    fn sample(&self, stream: &mut Stream) -> f64 {
        self.sorted[stream.random_range(0..self.sorted.len())]
    }
}
