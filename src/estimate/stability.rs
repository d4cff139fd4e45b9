use super::exceedances::{Exceedances, FEWEST};
use crate::Error;
use crate::distribution::incomplete_gamma::log_tails;

/// Tails fitted above thresholds that rise, and whether they are one and the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Stability {
    /// The fits, by rising threshold.
    pub fits: Vec<Exceedances>,
    /// For each threshold the p value of one shape above it and above all the higher ones; 1 for the last.
    pub p_values: Vec<f64>,
}

impl Stability {
    /// Fits the tails above the values that these shares of all exceed; shares that leave fewer than
    /// [`FEWEST`] are left out.
    ///
    /// If the excesses over the lowest threshold follow a generalised Pareto law, so do those over the
    /// others with the same shape; the fit above a threshold is efficient, so that the error of a
    /// higher one is the error of this one and an independent rest (Hausman, Econometrica 46(6), 1978).
    /// Hence sum (difference of neighbours)^2/(difference of their variances) is chi-square with one
    /// degree less than there are thresholds, which asks what Northrop & Coleman (Extremes 17, 2014) ask with
    /// a score test. The variance is (1 + shape)^2/N at the shape of the lowest.
    pub fn new(mut values: Vec<f64>, shares: &[f64]) -> Result<Self, Error> {
        values.sort_unstable_by(f64::total_cmp);
        let n = values.len();
        let mut fits: Vec<Exceedances> = Vec::new();
        for share in shares {
            let threshold = threshold_of(&values, *share);
            let above = n - values.partition_point(|x| *x <= threshold);
            if above < FEWEST || fits.last().is_some_and(|fit| fit.exceeding() == above) {
                continue;
            }
            let fit = match fits.last() {
                Some(lower) => lower.above(threshold)?,
                None => Exceedances::new(&values, threshold)?,
            };
            fits.push(fit);
        }
        let p_values = (0..fits.len())
            .map(|lowest| p_value(&fits[lowest..]))
            .collect();
        Ok(Self { fits, p_values })
    }

    /// The lowest threshold above which the shape is one with a p value above `level`, and above none
    /// higher than it less.
    pub fn choose(&self, level: f64) -> Option<&Exceedances> {
        let stable = self
            .p_values
            .iter()
            .rev()
            .take_while(|p| **p > level)
            .count();
        self.fits.get(self.fits.len().checked_sub(stable.max(1))?)
    }
}

/// The value that about a share of ascending values exceeds.
pub fn threshold_of(sorted: &[f64], share: f64) -> f64 {
    let above = (share * sorted.len() as f64 + 0.5) as usize;
    let index = sorted.len().saturating_sub(above + 1);
    sorted.get(index).copied().unwrap_or(f64::NAN)
}

/// The p value of one shape.
fn p_value(fits: &[Exceedances]) -> f64 {
    let [lowest, ..] = fits else { return 1.0 };
    let freedom = fits.len() - 1;
    if freedom == 0 {
        return 1.0;
    }
    let factor = 1.0 + lowest.shape();
    let variance = |fit: &Exceedances| factor * factor / fit.exceeding() as f64;
    let statistic: f64 = fits
        .windows(2)
        .map(|pair| {
            let rise = pair[1].shape() - pair[0].shape();
            rise * rise / (variance(&pair[1]) - variance(&pair[0]))
        })
        .sum();
    libm::exp(log_tails(freedom as f64 / 2.0, statistic / 2.0).1)
}
