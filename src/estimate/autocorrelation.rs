use rayon::prelude::*;

use crate::{Cancel, Error, domain};

/// Correlations of a series with itself, at lags from 1 on.
///
/// At each lag over the pairs of which neither value is missing:
/// r_k = sum (x_i - m)(x_(i+k) - m)/sqrt(sum (x_i - m)^2 sum (x_(i+k) - m)^2), m the mean of all, so that none
/// is above 1 however the series drifts.
#[derive(Debug, Clone, PartialEq)]
pub struct Autocorrelation {
    /// r_k; NaN where there is no pair.
    pub correlation: Vec<f64>,
    /// Pairs at each lag.
    pub pairs: Vec<u64>,
    /// Values that are not missing.
    pub n: u64,
}

impl Autocorrelation {
    /// Takes a series in which NaN stands for what is missing.
    pub fn new(series: &[f64], lags: usize, cancel: &Cancel) -> Result<Self, Error> {
        domain::count("lags", lags, 1, series.len().saturating_sub(1).max(1))?;
        let seen = || series.iter().filter(|x| !x.is_nan());
        let n = seen().count();
        let mean = seen().sum::<f64>() / n as f64;
        let variance = seen().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n as f64;
        // Values that are all alike differ from their mean by rounding alone.
        let none = 1e-24 * mean * mean;
        if n < 2 || !(variance > none && variance.is_finite()) {
            return Err(Error::argument(
                "samples",
                variance,
                "values with a variance above zero",
            ));
        }
        let found: Vec<(f64, u64)> = (1..=lags)
            .into_par_iter()
            .map(|lag| {
                cancel.checkpoint()?;
                let (mut sum, mut pairs) = (0.0, 0);
                let mut squares = [0.0; 2];
                for (x, y) in series.iter().zip(&series[lag..]) {
                    let product = (x - mean) * (y - mean);
                    if !product.is_nan() {
                        sum += product;
                        squares[0] += (x - mean) * (x - mean);
                        squares[1] += (y - mean) * (y - mean);
                        pairs += 1;
                    }
                }
                Ok((sum / (squares[0] * squares[1]).sqrt(), pairs))
            })
            .collect::<Result<_, Error>>()?;
        let (correlation, pairs) = found.into_iter().unzip();
        Ok(Self {
            correlation,
            pairs,
            n: n as u64,
        })
    }

    /// As how many independent values the series says about its mean: n/(1 + 2 sum r_k), the sum up to where
    /// two neighbouring correlations first add to less than zero; none if that is past the lags.
    ///
    /// Geyer, Statistical Science 7(4), 1992.
    pub fn effective_size(&self) -> Option<f64> {
        let correlation = &self.correlation;
        let mut sum: f64 = 0.0;
        let mut lag = 0;
        while lag + 1 < correlation.len() {
            // Pairs of lags (2m, 2m + 1), of which the first has the lag 0.
            let pair = if lag == 0 {
                1.0 + correlation[0]
            } else {
                correlation[lag - 1] + correlation[lag]
            };
            if pair.is_nan() || pair <= 0.0 {
                let times = (2.0 * sum - 1.0).max(1.0 / self.n as f64);
                return Some(self.n as f64 / times);
            }
            sum += pair;
            lag += 2;
        }
        None
    }

    /// Standard errors of the correlations if all from their lag on are zero, by Bartlett's formula.
    ///
    /// Bartlett, Supplement to the JRSS 8(1), 1946.
    pub fn errors(&self) -> Vec<f64> {
        let mut sum = 1.0;
        self.correlation
            .iter()
            .zip(&self.pairs)
            .map(|(r, pairs)| {
                let error = (sum / *pairs as f64).sqrt();
                if !r.is_nan() {
                    sum += 2.0 * r * r;
                }
                error
            })
            .collect()
    }
}
