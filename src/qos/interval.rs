//! Confidence intervals for the rate of something that comes in bursts.

use super::student::two_sided_quantile;
use crate::distribution::{Gamma, Law};

/// A rate per second with its confidence interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateInterval {
    /// Events per second: the count over the time watched.
    pub rate: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval; of no events it is the upper bound.
    pub high: f64,
    /// Variance over mean of the counts that the interval allows for: 1 when events come singly.
    pub dispersion: f64,
}

/// Lag-one correlations above this many standard errors mean that a burst spans two blocks.
const CORRELATED: f64 = 2.0;

/// How much of the degrees of freedom that the jackknife finds is believed: with a handful of bursts
/// it is itself a matter of luck. With a quarter, bursts of very different sizes lose coverage; with
/// none, five to twelve bursts of one size have more than 98 % (docs/intervals.md).
const SHARE_BY_JACKKNIFE: f64 = 1.0 / 16.0;

/// Blocks are not joined to fewer than this.
const FEWEST_BLOCKS: usize = 16;

impl RateInterval {
    /// The interval for the rate behind `counts` in as many equal blocks that make up `exposure`
    /// seconds, at `confidence_level` in (0, 1).
    ///
    /// Garwood's exact interval for a Poisson count, on counts divided by their dispersion: N events
    /// that come c at a time say as much as N/c that come singly. The dispersion is variance over
    /// mean across the blocks, at least one, its excess widened by Student's quantile over the normal
    /// one with as many degrees of freedom as bursts were effectively seen, (sum n)^2 / sum n^2. Where
    /// neighbouring blocks correlate they are joined first, as long as `ordered` says that they are
    /// neighbours in time. Where leaving out any one block hardly moves the dispersion, as when all
    /// bursts are of one size, it is known better than their number says, and widened less. The unit that Garwood adds to the count for the upper end stands for one
    /// event or one burst; it is taken half way between the two.
    ///
    /// What to expect: coverage of at least 94 % at 95 % for single events at any expected count, and
    /// within three points of it for bursts from some five expected bursts on. Fewer bursts than that
    /// do not show how large bursts are.
    pub fn new(counts: &[f64], ordered: bool, exposure: f64, confidence_level: f64) -> Self {
        let total = counts.iter().sum();
        let dispersion = dispersion(counts, ordered, 1.0 - confidence_level);
        Self::of_total(total, dispersion, exposure, confidence_level)
    }

    /// The interval for a count of known dispersion.
    pub(super) fn of_total(
        total: f64,
        dispersion: f64,
        exposure: f64,
        confidence_level: f64,
    ) -> Self {
        let tails = 1.0 - confidence_level;
        let bursts = total / dispersion;
        let single = 0.5 / dispersion;
        let (low, high) = if total > 0.0 {
            (
                dispersion * unit_gamma(bursts + 0.5 - single, tails / 2.0, Tail::Lower),
                dispersion * unit_gamma(bursts + 0.5 + single, tails / 2.0, Tail::Upper),
            )
        } else {
            (0.0, -libm::log(tails / 2.0))
        };
        Self {
            rate: total / exposure,
            low: low / exposure,
            high: high / exposure,
            dispersion,
        }
    }
}

/// How much more the counts vary than single events would make them.
fn dispersion(counts: &[f64], ordered: bool, tails: f64) -> f64 {
    let counts = if ordered {
        joined(counts)
    } else {
        counts.to_vec()
    };
    let blocks = counts.len() as f64;
    let total: f64 = counts.iter().sum();
    if total <= 0.0 || counts.len() < 2 {
        return 1.0;
    }
    let squares: f64 = counts.iter().map(|count| count * count).sum();
    let ratio = variance_over_mean(blocks, total, squares);
    let excess = ratio - 1.0;
    if excess <= 0.0 {
        return 1.0;
    }
    let without = counts
        .iter()
        .map(|count| variance_over_mean(blocks - 1.0, total - count, squares - count * count));
    let shift: f64 = without.map(|other| (other - ratio) * (other - ratio)).sum();
    let by_jackknife = 2.0 * ratio * ratio / shift;
    let seen = (total * total / squares).max(SHARE_BY_JACKKNIFE * by_jackknife);
    let normal = two_sided_quantile(tails, 1e9);
    let widening = two_sided_quantile(tails, seen.clamp(1.0, 1e9)) / normal;
    1.0 + excess * widening * widening
}

fn variance_over_mean(blocks: f64, total: f64, squares: f64) -> f64 {
    if blocks > 1.0 && total > 0.0 {
        (squares - total * total / blocks) / (blocks - 1.0) * blocks / total
    } else {
        0.0
    }
}

/// Joins blocks in pairs until neighbours no longer correlate.
fn joined(counts: &[f64]) -> Vec<f64> {
    let mut counts = counts.to_vec();
    while counts.len() >= 2 * FEWEST_BLOCKS
        && correlation(&counts) > CORRELATED / (counts.len() as f64).sqrt()
    {
        counts = counts.chunks(2).map(|pair| pair.iter().sum()).collect();
    }
    counts
}

/// Lag-one correlation.
fn correlation(counts: &[f64]) -> f64 {
    let mean = counts.iter().sum::<f64>() / counts.len() as f64;
    let square: f64 = counts
        .iter()
        .map(|count| (count - mean) * (count - mean))
        .sum();
    let product: f64 = counts
        .windows(2)
        .map(|pair| (pair[0] - mean) * (pair[1] - mean))
        .sum();
    if square > 0.0 { product / square } else { 0.0 }
}

enum Tail {
    Lower,
    Upper,
}

/// The quantile of a gamma law of scale one at `tail`.
fn unit_gamma(shape: f64, tail: f64, side: Tail) -> f64 {
    let log_tail = libm::log(tail);
    match (Gamma::new(shape, 1.0), side) {
        (Ok(law), Tail::Lower) => law.inverse_log_cdf(log_tail),
        (Ok(law), Tail::Upper) => law.inverse_log_ccdf(log_tail),
        // Shapes past the law's: a millionth of an event, or so many that the law is normal.
        (Err(_), side) if shape > 1.0 => {
            let z = two_sided_quantile(2.0 * tail, 1e9);
            shape + if matches!(side, Tail::Lower) { -z } else { z } * shape.sqrt()
        }
        (Err(_), _) => 0.0,
    }
}
