use std::borrow::Cow;

use rayon::prelude::*;

use super::condensed::{BLOCK, Point, condense};
use super::{Bucket, Observations};
use crate::distribution::{Distribution, Law};
use crate::{Cancel, Error, domain};

/// The likelihood of laws under observations, ready to be asked many times.
///
/// For samples x, limits c, buckets (a, b] with counts k and a window [L, H] it is the sum of ln f(x),
/// of ln Pr(c < X <= H) and of k ln Pr(a < X <= b), less ln Pr(L <= X <= H) for each of them, where
/// X is the duration less a known offset. Samples and limits count to a relative 2e-10
/// (`condensed.rs`).
#[derive(Debug, Clone, PartialEq)]
pub struct Likelihood {
    pub(super) samples: Vec<Point>,
    pub(super) limits: Vec<Point>,
    pub(super) buckets: Vec<Bucket>,
    pub(super) window: (f64, f64),
    pub(super) counts: Counts,
    /// Smallest and largest sample; (infinity, -infinity) of none.
    pub(super) ends: (f64, f64),
    pub(super) longest_limit: f64,
    pub(super) shortest_limit: f64,
}

/// How many durations were seen in which way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counts {
    /// To their ends.
    pub samples: f64,
    /// Cut off.
    pub limits: f64,
    /// In buckets.
    pub bucketed: f64,
}

impl Counts {
    /// All of them.
    pub fn total(&self) -> f64 {
        self.samples + self.limits + self.bucketed
    }
}

impl Likelihood {
    /// Prepares the likelihood of laws of the durations less `offset` seconds.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for an offset that is negative or longer than a duration.
    pub fn new(observations: &Observations, offset: f64, cancel: &Cancel) -> Result<Self, Error> {
        let offset = domain::non_negative("offset", offset)?;
        let samples = observations.samples();
        let limits = observations.limits();
        let span = |values: &[f64]| {
            let nothing = (f64::INFINITY, f64::NEG_INFINITY);
            let wider = |a: (f64, f64), b: (f64, f64)| (a.0.min(b.0), a.1.max(b.1));
            values
                .par_chunks(BLOCK)
                .map(|block| {
                    let ends = block.iter().map(|x| (x - offset, x - offset));
                    ends.fold(nothing, wider)
                })
                .collect::<Vec<_>>()
                .into_iter()
                .fold(nothing, wider)
        };
        let ends = span(samples);
        if ends.0 < 0.0 {
            return Err(refuse_offset(offset, ends.0 + offset));
        }
        let shift = |edge: f64| (edge - offset).max(0.0);
        let buckets: Vec<_> = observations
            .buckets()
            .iter()
            .filter(|bucket| bucket.count > 0)
            .map(|bucket| Bucket {
                low: shift(bucket.low),
                high: shift(bucket.high),
                count: bucket.count,
            })
            .collect();
        if let Some(short) = buckets.iter().find(|bucket| bucket.high <= bucket.low) {
            return Err(refuse_offset(offset, short.high));
        }
        let window = observations.window();
        let (shortest_limit, longest_limit) = span(limits);
        // A limit before the offset says nothing: every duration is longer.
        let after: Cow<'_, [f64]> = if shortest_limit < 0.0 {
            limits.iter().map(|limit| limit.max(offset)).collect()
        } else {
            limits.into()
        };
        Ok(Self {
            samples: condense(samples, offset, cancel)?,
            limits: condense(&after, offset, cancel)?,
            buckets,
            window: (shift(window.0), shift(window.1)),
            counts: Counts {
                samples: samples.len() as f64,
                limits: limits.len() as f64,
                bucketed: observations.bucketed() as f64,
            },
            ends,
            longest_limit,
            shortest_limit,
        })
    }

    /// The logarithm of the likelihood of a law; minus infinity where it rules out what was seen.
    pub fn log(&self, law: &Distribution) -> f64 {
        let (from, to) = law.support();
        if self.ends.0 < from || self.ends.1 > to {
            return f64::NEG_INFINITY;
        }
        let seen: f64 = self
            .samples
            .iter()
            .map(|point| point.weight * law.log_pdf(point.x))
            .sum();
        let cut: f64 = self
            .limits
            .iter()
            .map(|point| point.weight * log_mass(law, point.x, self.window.1))
            .sum();
        let counted: f64 = self
            .buckets
            .iter()
            .map(|bucket| bucket.count as f64 * log_mass(law, bucket.low, bucket.high))
            .sum();
        let sum = seen + cut + counted
            - self.counts.total() * log_mass(law, self.window.0, self.window.1);
        if sum.is_nan() { f64::NEG_INFINITY } else { sum }
    }

    /// How many points are looked at for one law.
    pub(super) fn size(&self) -> usize {
        self.samples.len() + self.limits.len() + self.buckets.len()
    }

    /// Durations with weights that stand for what was seen, crudely: where a fit may begin.
    pub(super) fn rough(&self) -> Vec<Point> {
        let middle = |low: f64, high: f64| {
            if high.is_infinite() {
                1.5 * low
            } else if low > 0.0 {
                (low * high).sqrt()
            } else {
                0.5 * high
            }
        };
        let limits = self.limits.iter().map(|point| Point {
            x: 1.5 * point.x,
            ..*point
        });
        let buckets = self.buckets.iter().map(|bucket| Point {
            x: middle(bucket.low, bucket.high),
            weight: bucket.count as f64,
        });
        self.samples
            .iter()
            .copied()
            .chain(limits)
            .chain(buckets)
            .collect()
    }
}

/// ln Pr(low < X <= high), from the tails in which it keeps its digits.
pub(super) fn log_mass(law: &Distribution, low: f64, high: f64) -> f64 {
    let log_below = law.log_cdf(low);
    if high == f64::INFINITY {
        return law.log_ccdf(low);
    }
    if log_below == f64::NEG_INFINITY {
        return law.log_cdf(high);
    }
    let (more, less) = if log_below < -std::f64::consts::LN_2 {
        (law.log_cdf(high), log_below)
    } else {
        (law.log_ccdf(low), law.log_ccdf(high))
    };
    if more <= less {
        f64::NEG_INFINITY
    } else {
        more + libm::log(-libm::expm1(less - more))
    }
}

fn refuse_offset(offset: f64, shortest: f64) -> Error {
    Error::argument(
        "offset",
        offset,
        format!("the shortest duration, {shortest}, or less"),
    )
}
