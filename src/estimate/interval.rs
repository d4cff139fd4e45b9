//! Confidence intervals of what was fitted.

use std::cell::RefCell;

use super::fit::{SHARED, reach};
use super::maximum::{Failure, Objective};
use super::{Family, Fit, pivot, profile};
use crate::distribution::Law;
use crate::distribution::normal_tail::inverse_log_upper;
use crate::{Error, domain};

impl Fit {
    /// Ends of the confidence interval of a parameter by profile likelihood, or from an exact pivot
    /// where it is pinned; zero or infinite where the data set no end.
    pub fn interval(&self, which: usize, confidence_level: f64) -> Result<(f64, f64), Error> {
        let tails = 1.0 - domain::open_probability("confidence_level", confidence_level)?;
        if self.pinned[which] {
            return Ok(self.pinned_interval(which, tails));
        }
        if self.likelihood.window == (0.0, f64::INFINITY)
            && matches!(self.family, Family::Pareto)
            && self.pinned[0]
        {
            let at = |p: f64| pivot::tail_index(&self.likelihood, p);
            return Ok((at(tails / 2.0), at(1.0 - tails / 2.0)));
        }
        let error = self.covariance[which][which].sqrt();
        let guess = RefCell::new(self.at.clone());
        let embed = |value: f64, free: Option<f64>| {
            let mut at = self.at.clone();
            at[which] = value;
            if let Some(free) = free {
                at[1 - which] = free;
            }
            Some(at)
        };
        let other = (self.at.len() == 2 && !self.pinned[1 - which]).then_some(1 - which);
        let deficit = |value: f64| self.deficit(value, other, &embed, &guess);
        let quantile = inverse_log_upper(libm::log(tails / 2.0));
        let end = |side: f64| {
            *guess.borrow_mut() = self.at.clone();
            profile::end(self.at[which], side * error, quantile, deficit)
        };
        let open = |side: f64| {
            if side > 0.0 {
                f64::INFINITY
            } else if self.family.logarithmic(which) {
                0.0
            } else {
                f64::NEG_INFINITY
            }
        };
        let at = |side: f64| {
            end(side)
                .filter(|end| !self.family.astray(which, *end, self.at[which]))
                .map_or(open(side), |end| self.family.parameter(which, end))
        };
        Ok((at(-1.0), at(1.0)))
    }

    /// Ends of the confidence interval of the duration that is exceeded with probability exp(`log_q`):
    /// by profile likelihood, or by the delta method for a truncated normal law.
    ///
    /// Uniform laws and Pareto's take the edge where it was found and vary the rest.
    pub fn quantile_interval(
        &self,
        log_q: f64,
        confidence_level: f64,
    ) -> Result<(f64, f64), Error> {
        let tails = 1.0 - domain::open_probability("confidence_level", confidence_level)?;
        let quantile_at = |at: &[f64]| self.law_at(at).map(|law| law.inverse_log_ccdf(log_q));
        let Some(middle) = quantile_at(&self.at) else {
            return Ok((f64::NAN, f64::NAN));
        };
        if self.pinned.iter().any(|pinned| *pinned) || self.at.len() == 1 {
            return self.quantile_interval_by_ends(log_q, confidence_level);
        }
        let quantile = inverse_log_upper(libm::log(tails / 2.0));
        let gradient: Vec<f64> = (0..self.at.len())
            .map(|which| {
                let h = 1e-4 * self.covariance[which][which].sqrt();
                let moved = |side: f64| {
                    let mut at = self.at.clone();
                    at[which] += side * h;
                    quantile_at(&at).map_or(f64::NAN, libm::log)
                };
                (moved(1.0) - moved(-1.0)) / (2.0 * h)
            })
            .collect();
        let variance: f64 = (0..4)
            .map(|k| gradient[k / 2] * self.covariance[k / 2][k % 2] * gradient[k % 2])
            .sum();
        let (log_middle, error) = (libm::log(middle), variance.sqrt());
        let Some(scale) = self.family.scale() else {
            let reach = libm::exp(quantile * error);
            return Ok((middle / reach, middle * reach));
        };
        let other = 1 - scale;
        let embed = |log_value: f64, free: Option<f64>| {
            let mut at = self.at.clone();
            at[other] = free.unwrap_or(at[other]);
            at[scale] = 0.0;
            let unit = quantile_at(&at).filter(|unit| *unit > 0.0)?;
            at[scale] = log_value - libm::log(unit);
            Some(at)
        };
        let guess = RefCell::new(self.at.clone());
        let deficit = |value: f64| self.deficit(value, Some(other), &embed, &guess);
        let end = |side: f64| {
            *guess.borrow_mut() = self.at.clone();
            profile::end(log_middle, side * error, quantile, deficit)
                .filter(|end| !self.family.astray(scale, *end, log_middle))
        };
        Ok((
            end(-1.0).map_or(0.0, libm::exp),
            end(1.0).map_or(f64::INFINITY, libm::exp),
        ))
    }

    /// By how much the likelihood falls when a figure is held at `value`: `embed` tells the coordinates
    /// from the value and the coordinate that is free.
    fn deficit(
        &self,
        value: f64,
        free: Option<usize>,
        embed: &(dyn Fn(f64, Option<f64>) -> Option<Vec<f64>> + Sync),
        guess: &RefCell<Vec<f64>>,
    ) -> f64 {
        let log_at = |at: &[f64]| {
            self.law_at(at)
                .map_or(f64::NEG_INFINITY, |law| self.likelihood.log(&law))
        };
        let Some(free) = free else {
            return embed(value, None)
                .map_or(f64::INFINITY, |at| self.log_likelihood - log_at(&at));
        };
        let along = |place: &[f64]| {
            embed(value, Some(place[0])).map_or(f64::NEG_INFINITY, |at| log_at(&at))
        };
        let directions = |place: &[f64]| {
            let mut at = self.at.clone();
            at[free] = place[0];
            vec![vec![reach(self.family, &at, free)]]
        };
        let objective = Objective {
            value: &along,
            directions: &directions,
            count: self.likelihood.counts.total(),
            shared: self.likelihood.size() >= SHARED,
        };
        let from = guess.borrow()[free];
        let mut best = f64::NEG_INFINITY;
        for shift in [0.0, 0.3, -0.3, 1.0, -1.0, 3.0, -3.0] {
            match objective.maximise(&[from + shift]) {
                Ok(top) => {
                    guess.borrow_mut()[free] = top.at[0];
                    best = top.value;
                    break;
                }
                Err(Failure::Flat { at }) => {
                    best = along(&at);
                    break;
                }
                Err(Failure::Start) => {}
            }
        }
        self.log_likelihood - best
    }

    fn pinned_interval(&self, which: usize, tails: f64) -> (f64, f64) {
        let value = self.family.parameter(which, self.at[which]);
        let likelihood = &self.likelihood;
        if likelihood.counts.samples < 2.0 {
            return if which == 0 {
                (0.0, value)
            } else {
                (value, f64::INFINITY)
            };
        }
        match self.family {
            Family::Pareto => {
                let above = pivot::above_minimum(likelihood, tails);
                (value * libm::exp(-above), value)
            }
            _ => {
                let beyond = pivot::beyond_range(likelihood, tails);
                if which == 0 {
                    let end = value - beyond;
                    (if end < likelihood.window.0 { 0.0 } else { end }, value)
                } else {
                    let end = value + beyond;
                    let seen = end <= likelihood.window.1;
                    (value, if seen { end } else { f64::INFINITY })
                }
            }
        }
    }

    /// Where the quantile rises or falls with every parameter, the ends of their intervals give its own.
    fn quantile_interval_by_ends(&self, log_q: f64, level: f64) -> Result<(f64, f64), Error> {
        let mut ends = (f64::INFINITY, 0.0_f64);
        for which in 0..self.at.len() {
            let (low, high) = self.interval(which, level)?;
            for value in [low, high] {
                let mut at = self.at.clone();
                at[which] = self.family.coordinate(which, value);
                let quantile = match self.law_at(&at) {
                    Some(law) => law.inverse_log_ccdf(log_q),
                    None if value == f64::INFINITY => f64::INFINITY,
                    None => 0.0,
                };
                ends = (ends.0.min(quantile), ends.1.max(quantile));
            }
        }
        Ok(ends)
    }
}
