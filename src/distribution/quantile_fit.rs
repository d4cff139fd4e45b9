//! Laws from a few known quantiles.

use super::normal_tail::inverse_log_upper;
use super::{Exponential, Gamma, GeneralizedPareto, Law, LogNormal, Pareto, Weibull};
use crate::{Error, domain};

/// A law and how far it misses the quantiles it was made from.
#[derive(Debug, Clone, PartialEq)]
pub struct QuantileFit<L> {
    /// The law.
    pub law: L,
    /// Root mean square of ln Pr(X > x_i) - ln(1 - p_i) over the quantiles: 0 when all are met.
    pub residual: f64,
}

/// A law with two parameters that two quantiles determine.
pub trait FromQuantiles: Law + Sized {
    /// The law through two quantiles, each (ln(1 - p), x).
    fn through(first: (f64, f64), second: (f64, f64)) -> Result<Self, Error>;

    /// Two unbounded numbers that name the law, for the search.
    fn coordinates(&self) -> [f64; 2];

    /// The law that two numbers name.
    fn at(coordinates: [f64; 2]) -> Result<Self, Error>;

    /// The law with these (p, x) quantiles: exactly through two of them, nearest in the logarithm of
    /// Pr(X > x), by least squares, to more.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] unless there are two quantiles or more, with probabilities strictly
    /// between 0 and 1 and values that grow with them, or when no law of the family comes near.
    fn from_quantiles(quantiles: &[(f64, f64)]) -> Result<QuantileFit<Self>, Error> {
        let knots = checked(quantiles, 2)?;
        let law = Self::through(knots[0], knots[knots.len() - 1])?;
        if knots.len() == 2 {
            return Ok(QuantileFit { law, residual: 0.0 });
        }
        let law = nearest(law, &knots)?;
        let residual = residual(&law, &knots);
        Ok(QuantileFit { law, residual })
    }
}

impl Exponential {
    /// The law with this (p, x) quantile, or the nearest in the logarithm of Pr(X > x) to several.
    ///
    /// # Errors
    ///
    /// As [`FromQuantiles::from_quantiles`], from one quantile on.
    pub fn from_quantiles(quantiles: &[(f64, f64)]) -> Result<QuantileFit<Self>, Error> {
        let knots = checked(quantiles, 1)?;
        // Least squares of -x/mean against ln(1 - p) is linear in 1/mean.
        let squares: f64 = knots.iter().map(|(_, x)| x * x).sum();
        let products: f64 = knots.iter().map(|(log_q, x)| -log_q * x).sum();
        let law = Self::new(squares / products)?;
        let residual = if knots.len() == 1 {
            0.0
        } else {
            residual(&law, &knots)
        };
        Ok(QuantileFit { law, residual })
    }
}

/// The quantiles as (ln(1 - p), x) in ascending order.
fn checked(quantiles: &[(f64, f64)], least: usize) -> Result<Vec<(f64, f64)>, Error> {
    let refuse =
        |expected: String| Error::argument("quantiles", format!("{quantiles:?}"), expected);
    if quantiles.len() < least {
        return Err(refuse(format!("{least} quantiles or more")));
    }
    for &(p, x) in quantiles {
        domain::open_probability("quantiles", p)?;
        domain::positive("quantiles", x)?;
    }
    let mut sorted = quantiles.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    if sorted
        .windows(2)
        .any(|pair| pair[0].0 == pair[1].0 || pair[0].1 >= pair[1].1)
    {
        return Err(refuse("values that grow with their probability".into()));
    }
    Ok(sorted
        .into_iter()
        .map(|(p, x)| (libm::log1p(-p), x))
        .collect())
}

fn misses(law: &impl Law, knots: &[(f64, f64)]) -> Vec<f64> {
    knots
        .iter()
        .map(|(log_q, x)| law.log_ccdf(*x) - log_q)
        .collect()
}

fn residual(law: &impl Law, knots: &[(f64, f64)]) -> f64 {
    let squares: f64 = misses(law, knots).iter().map(|miss| miss * miss).sum();
    libm::sqrt(squares / knots.len() as f64)
}

/// Levenberg-Marquardt in the two coordinates of the family.
fn nearest<L: FromQuantiles>(start: L, knots: &[(f64, f64)]) -> Result<L, Error> {
    const NUDGE: f64 = 1e-6;
    let mut law = start;
    let mut error = residual(&law, knots);
    let mut damping = 1e-3;
    for _ in 0..500 {
        let here = law.coordinates();
        let base = misses(&law, knots);
        let slope = |axis: usize| -> Result<Vec<f64>, Error> {
            let mut there = here;
            there[axis] += NUDGE;
            let moved = misses(&L::at(there)?, knots);
            Ok(moved
                .iter()
                .zip(&base)
                .map(|(b, a)| (b - a) / NUDGE)
                .collect())
        };
        let (u, v) = (slope(0)?, slope(1)?);
        let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(x, y)| x * y).sum() };
        let (uu, uv, vv) = (
            dot(&u, &u) * (1.0 + damping),
            dot(&u, &v),
            dot(&v, &v) * (1.0 + damping),
        );
        let (ur, vr) = (dot(&u, &base), dot(&v, &base));
        let determinant = uu * vv - uv * uv;
        let step = [
            (uv * vr - vv * ur) / determinant,
            (uv * ur - uu * vr) / determinant,
        ];
        let there = [here[0] + step[0], here[1] + step[1]];
        let candidate = L::at(there).ok().map(|law| (residual(&law, knots), law));
        match candidate {
            Some((lower, better)) if lower < error => {
                let gain = error - lower;
                (law, error) = (better, lower);
                damping = (damping * 0.3).max(1e-12);
                if gain <= 1e-14 * error {
                    break;
                }
            }
            _ if damping > 1e12 => break,
            _ => damping *= 4.0,
        }
    }
    if error.is_finite() {
        Ok(law)
    } else {
        Err(Error::argument(
            "quantiles",
            format!("{knots:?}"),
            "quantiles near a law of this family",
        ))
    }
}

impl FromQuantiles for LogNormal {
    fn through(first: (f64, f64), second: (f64, f64)) -> Result<Self, Error> {
        let (z1, z2) = (inverse_log_upper(first.0), inverse_log_upper(second.0));
        let sigma = (libm::log(second.1) - libm::log(first.1)) / (z2 - z1);
        Self::new(first.1 * libm::exp(-sigma * z1), sigma)
    }

    fn coordinates(&self) -> [f64; 2] {
        [libm::log(self.median()), libm::log(self.sigma())]
    }

    fn at(c: [f64; 2]) -> Result<Self, Error> {
        Self::new(libm::exp(c[0]), libm::exp(c[1]))
    }
}

impl FromQuantiles for Weibull {
    fn through(first: (f64, f64), second: (f64, f64)) -> Result<Self, Error> {
        let shape = libm::log(second.0 / first.0) / libm::log(second.1 / first.1);
        Self::new(first.1 * libm::pow(-first.0, -1.0 / shape), shape)
    }

    fn coordinates(&self) -> [f64; 2] {
        [libm::log(self.scale()), libm::log(self.shape())]
    }

    fn at(c: [f64; 2]) -> Result<Self, Error> {
        Self::new(libm::exp(c[0]), libm::exp(c[1]))
    }
}

impl FromQuantiles for Pareto {
    fn through(first: (f64, f64), second: (f64, f64)) -> Result<Self, Error> {
        let tail_index = (first.0 - second.0) / libm::log(second.1 / first.1);
        Self::new(first.1 * libm::exp(first.0 / tail_index), tail_index)
    }

    fn coordinates(&self) -> [f64; 2] {
        [libm::log(self.minimum()), libm::log(self.tail_index())]
    }

    fn at(c: [f64; 2]) -> Result<Self, Error> {
        Self::new(libm::exp(c[0]), libm::exp(c[1]))
    }
}

impl FromQuantiles for Gamma {
    fn through(first: (f64, f64), second: (f64, f64)) -> Result<Self, Error> {
        let ratio = second.1 / first.1;
        // The ratio of two quantiles falls as the shape grows.
        let unit = |log_shape: f64| Self::new(libm::exp(log_shape), 1.0);
        let log_shape = bisect(libm::log(2e-3), libm::log(9e5), |log_shape| {
            unit(log_shape).is_ok_and(|law| {
                law.inverse_log_ccdf(second.0) / law.inverse_log_ccdf(first.0) <= ratio
            })
        });
        let law = unit(log_shape.ok_or_else(|| out_of_reach(ratio, "Gamma"))?)?;
        Self::new(law.shape(), second.1 / law.inverse_log_ccdf(second.0))
    }

    fn coordinates(&self) -> [f64; 2] {
        [libm::log(self.shape()), libm::log(self.scale())]
    }

    fn at(c: [f64; 2]) -> Result<Self, Error> {
        Self::new(libm::exp(c[0]), libm::exp(c[1]))
    }
}

impl FromQuantiles for GeneralizedPareto {
    fn through(first: (f64, f64), second: (f64, f64)) -> Result<Self, Error> {
        let ratio = second.1 / first.1;
        let shape = bisect(-50.0, 50.0, |shape| {
            Self::new(1.0, shape).is_ok_and(|law| {
                law.inverse_log_ccdf(second.0) / law.inverse_log_ccdf(first.0) >= ratio
            })
        });
        let law = Self::new(
            1.0,
            shape.ok_or_else(|| out_of_reach(ratio, "GeneralizedPareto"))?,
        )?;
        Self::new(second.1 / law.inverse_log_ccdf(second.0), law.shape())
    }

    fn coordinates(&self) -> [f64; 2] {
        [libm::log(self.scale()), self.shape()]
    }

    fn at(c: [f64; 2]) -> Result<Self, Error> {
        Self::new(libm::exp(c[0]), c[1])
    }
}

fn out_of_reach(ratio: f64, family: &str) -> Error {
    Error::argument(
        "quantiles",
        format!("{ratio} apart"),
        format!("quantiles whose ratio a {family} can have"),
    )
}

/// The point between `low` and `high` from which on `holds`; none unless it changes in between.
fn bisect(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> Option<f64> {
    if holds(low) || !holds(high) {
        return None;
    }
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if holds(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(high)
}
