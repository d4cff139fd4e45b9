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

/// Events in a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Count {
    /// How many; not whole where each is only seen with some probability.
    pub events: f64,
    /// Seconds watched.
    pub exposure: f64,
}

impl Count {
    fn sum(blocks: &[Self]) -> Self {
        Self {
            events: blocks.iter().map(|block| block.events).sum(),
            exposure: blocks.iter().map(|block| block.exposure).sum(),
        }
    }

    fn square(&self) -> f64 {
        self.events * self.events / self.exposure
    }
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
    /// The interval for the rate behind counts in blocks, at `confidence_level` in (0, 1).
    ///
    /// Garwood's exact interval for a Poisson count, on counts divided by their dispersion: N events
    /// that come c at a time say as much as N/c that come singly. The dispersion is variance over
    /// mean across the blocks, at least one, its excess widened by Student's quantile over the normal
    /// one with as many degrees of freedom as bursts were effectively seen, (sum n)^2 / sum n^2. Where
    /// neighbouring blocks correlate they are joined first, as long as `ordered` says that they are
    /// neighbours in time, and blocks that are much shorter than the longest are joined to their
    /// neighbours. Where leaving out any one block hardly moves the dispersion, as when all
    /// bursts are of one size, it is known better than their number says, and widened less. The unit that Garwood adds to the count for the upper end stands for one
    /// event or one burst; it is taken half way between the two.
    ///
    /// What to expect: coverage of at least 94 % at 95 % for single events at any expected count, and
    /// within three points of it for bursts from some five expected bursts on. Fewer bursts than that
    /// do not show how large bursts are.
    pub fn new(blocks: &[Count], ordered: bool, confidence_level: f64) -> Self {
        let whole = Count::sum(blocks);
        let dispersion = dispersion(blocks, ordered, 1.0 - confidence_level);
        Self::of_total(whole.events, dispersion, whole.exposure, confidence_level)
    }

    /// The interval for a count of known dispersion.
    pub fn of_total(total: f64, dispersion: f64, exposure: f64, confidence_level: f64) -> Self {
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
fn dispersion(blocks: &[Count], ordered: bool, tails: f64) -> f64 {
    let blocks = if ordered {
        joined(evened(blocks))
    } else {
        blocks.to_vec()
    };
    let whole = Count::sum(&blocks);
    if whole.events <= 0.0 || blocks.len() < 2 {
        return 1.0;
    }
    let squares: f64 = blocks.iter().map(Count::square).sum();
    let ratio = variance_over_mean(blocks.len() - 1, whole, squares);
    let excess = ratio - 1.0;
    if excess <= 0.0 {
        return 1.0;
    }
    let without = blocks.iter().map(|block| {
        let rest = Count {
            events: whole.events - block.events,
            exposure: whole.exposure - block.exposure,
        };
        variance_over_mean(blocks.len() - 2, rest, squares - block.square())
    });
    let shift: f64 = without.map(|other| (other - ratio) * (other - ratio)).sum();
    let by_jackknife = 2.0 * ratio * ratio / shift;
    let bursts = whole.events * whole.events / (squares * whole.exposure / blocks.len() as f64);
    let seen = bursts.max(SHARE_BY_JACKKNIFE * by_jackknife);
    let normal = two_sided_quantile(tails, 1e9);
    let widening = two_sided_quantile(tails, seen.clamp(1.0, 1e9)) / normal;
    1.0 + excess * widening * widening
}

/// Pearson's statistic over its degrees of freedom, from the sum of squares over exposures: for equal
/// blocks variance over mean.
fn variance_over_mean(freedom: usize, whole: Count, squares: f64) -> f64 {
    if freedom > 0 && whole.events > 0.0 {
        (squares * whole.exposure / whole.events - whole.events) / freedom as f64
    } else {
        0.0
    }
}

/// Joins neighbours until none is shorter than half the longest.
fn evened(blocks: &[Count]) -> Vec<Count> {
    let longest = blocks
        .iter()
        .map(|block| block.exposure)
        .fold(0.0, f64::max);
    let mut even: Vec<Count> = Vec::with_capacity(blocks.len());
    let mut open = Count::default();
    for block in blocks {
        open = Count::sum(&[open, *block]);
        if open.exposure >= 0.5 * longest {
            even.push(std::mem::take(&mut open));
        }
    }
    match even.last_mut() {
        Some(last) => *last = Count::sum(&[*last, open]),
        None => even.push(open),
    }
    even
}

/// Joins blocks in pairs until neighbours no longer correlate.
fn joined(mut blocks: Vec<Count>) -> Vec<Count> {
    while blocks.len() >= 2 * FEWEST_BLOCKS
        && correlation(&blocks) > CORRELATED / (blocks.len() as f64).sqrt()
    {
        blocks = blocks.chunks(2).map(Count::sum).collect();
    }
    blocks
}

/// Lag-one correlation.
fn correlation(blocks: &[Count]) -> f64 {
    let whole = Count::sum(blocks);
    let rate = whole.events / whole.exposure;
    let excess = |block: &Count| block.events - rate * block.exposure;
    let square: f64 = blocks
        .iter()
        .map(|block| excess(block) * excess(block))
        .sum();
    let product: f64 = blocks
        .windows(2)
        .map(|pair| excess(&pair[0]) * excess(&pair[1]))
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
