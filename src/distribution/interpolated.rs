use rand::RngExt;

use crate::Error;
use crate::distribution::Law;
use crate::random::Stream;

/// A law known by some of its quantiles, with equal density between neighbours.
#[derive(Debug, Clone, PartialEq)]
pub struct Interpolated {
    probabilities: Vec<f64>,
    values: Vec<f64>,
}

impl Interpolated {
    /// Builds the law from (probability, value in seconds) knots in ascending order.
    ///
    /// The first probability must be 0 and the last 1: how far the law reaches beyond the quantiles
    /// one happens to know is nothing that could be guessed.
    pub fn new(knots: Vec<(f64, f64)>) -> Result<Self, Error> {
        let shown = || format!("{knots:?}");
        if knots.len() < 2 || knots[0].0 != 0.0 || knots[knots.len() - 1].0 != 1.0 {
            return Err(Error::argument(
                "quantiles",
                shown(),
                "probabilities from 0 (the smallest value) to 1 (the largest)",
            ));
        }
        let ascending = |pair: &[(f64, f64)]| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1;
        let finite = knots
            .iter()
            .all(|(_, value)| value.is_finite() && *value >= 0.0);
        if !finite || !knots.windows(2).all(ascending) {
            return Err(Error::argument(
                "quantiles",
                shown(),
                "values of zero or more that grow with their probability",
            ));
        }
        let (probabilities, values) = knots.into_iter().unzip();
        Ok(Self {
            probabilities,
            values,
        })
    }

    fn pieces(&self) -> impl Iterator<Item = (f64, f64, f64)> {
        let weights = self.probabilities.windows(2).map(|p| p[1] - p[0]);
        let bounds = self.values.windows(2);
        weights.zip(bounds).map(|(weight, x)| (weight, x[0], x[1]))
    }

    /// The piece that holds `x`, for `x` strictly inside the support.
    fn piece_of(&self, x: f64) -> usize {
        self.values
            .partition_point(|value| *value <= x)
            .clamp(1, self.values.len() - 1)
            - 1
    }

    fn share(&self, piece: usize) -> f64 {
        (self.probabilities[piece + 1] - self.probabilities[piece])
            / (self.values[piece + 1] - self.values[piece])
    }
}

impl Law for Interpolated {
    fn support(&self) -> (f64, f64) {
        (self.values[0], self.values[self.values.len() - 1])
    }

    fn mean(&self) -> f64 {
        self.pieces()
            .map(|(weight, a, b)| weight * (a + b) / 2.0)
            .sum()
    }

    fn variance(&self) -> f64 {
        let mean = self.mean();
        self.pieces()
            .map(|(weight, a, b)| {
                let (a, b) = (a - mean, b - mean);
                weight * (a * a + a * b + b * b) / 3.0
            })
            .sum()
    }

    fn log_pdf(&self, x: f64) -> f64 {
        let (low, high) = self.support();
        if (low..=high).contains(&x) {
            libm::log(self.share(self.piece_of(x)))
        } else {
            f64::NEG_INFINITY
        }
    }

    fn log_cdf(&self, x: f64) -> f64 {
        let (low, high) = self.support();
        if x <= low {
            f64::NEG_INFINITY
        } else if x >= high {
            0.0
        } else {
            let piece = self.piece_of(x);
            libm::log(self.probabilities[piece] + self.share(piece) * (x - self.values[piece]))
        }
    }

    fn log_ccdf(&self, x: f64) -> f64 {
        let (low, high) = self.support();
        if x <= low {
            0.0
        } else if x >= high {
            f64::NEG_INFINITY
        } else {
            let piece = self.piece_of(x);
            let above = 1.0 - self.probabilities[piece + 1];
            libm::log(above + self.share(piece) * (self.values[piece + 1] - x))
        }
    }

    fn inverse_log_cdf(&self, log_p: f64) -> f64 {
        let p = libm::exp(log_p);
        let last = self.probabilities.len() - 1;
        let piece = self
            .probabilities
            .partition_point(|q| *q < p)
            .clamp(1, last)
            - 1;
        self.values[piece] + (p - self.probabilities[piece]) / self.share(piece)
    }

    fn inverse_log_ccdf(&self, log_q: f64) -> f64 {
        let q = libm::exp(log_q);
        let last = self.probabilities.len() - 1;
        let piece = self
            .probabilities
            .partition_point(|p| 1.0 - *p > q)
            .clamp(1, last)
            - 1;
        self.values[piece + 1] - (q - (1.0 - self.probabilities[piece + 1])) / self.share(piece)
    }

    fn sample(&self, stream: &mut Stream) -> f64 {
        let p: f64 = stream.random();
        let last = self.probabilities.len() - 1;
        let piece = self
            .probabilities
            .partition_point(|q| *q <= p)
            .clamp(1, last)
            - 1;
        self.values[piece] + (p - self.probabilities[piece]) / self.share(piece)
    }
}
