//! Chen's procedures: the longest heartbeat interval, and the margin that goes with it, that meet what is
//! required of the detector.

use crate::distribution::{Distribution, Law};
use crate::{Cancel, Error, domain};

/// What is required of a detector; times are in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Requirement {
    max_detection: f64,
    min_recurrence: f64,
    max_duration: f64,
}

impl Requirement {
    /// Crashes are noticed within `max_detection`, mistakes are `min_recurrence` apart on average and last
    /// at most `max_duration` on average.
    pub fn new(max_detection: f64, min_recurrence: f64, max_duration: f64) -> Result<Self, Error> {
        Ok(Self {
            max_detection: domain::positive("max_detection", max_detection)?,
            min_recurrence: domain::positive("min_recurrence", min_recurrence)?,
            max_duration: domain::positive("max_duration", max_duration)?,
        })
    }
}

/// What is known of the delays; times are in seconds.
#[derive(Debug, Clone, PartialEq)]
pub enum Delay {
    /// Their law: section 5.1 of the source, NFD-S.
    Law(Distribution),
    /// Their mean and variance: section 5.2, NFD-S, whatever the law.
    Moments {
        /// Mean.
        mean: f64,
        /// Variance, in square seconds.
        variance: f64,
    },
    /// Their variance only, and detection is required within a time after the mean delay: section 6,
    /// NFD-U and NFD-E, for clocks that are not synchronized.
    Variance(f64),
}

/// How often to send and how long to wait; times are in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Configuration {
    /// Heartbeat interval.
    pub interval: f64,
    /// Margin: delta of NFD-S, alpha of NFD-U and NFD-E.
    pub margin: f64,
    /// Mistakes are on average so far apart, or farther.
    pub recurrence: f64,
}

/// Points at which each stretch of intervals with the same number of heartbeats at stake is looked at.
const POINTS: usize = 512;

/// Heartbeats at stake that are counted.
const MOST: usize = 100_000;

/// The longest interval that meets the requirement when each heartbeat is lost with probability `loss` and
/// delays are independent; none where no interval does.
///
/// With T the time in which a crash must be noticed and q the probability that a heartbeat arrives
/// within it, the interval is at most q * max_duration and as long as
/// interval / (q prod_j Pr(heartbeat j is not there in T - j interval)) is at least min_recurrence.
/// Where the law is not known, Cantelli's inequality bounds the probabilities.
///
/// # Errors
///
/// [`Error::Argument`] for values outside their domain.
///
/// Source: Chen, Toueg, Aguilera, "On the Quality of Service of Failure Detectors", IEEE Trans.
/// Computers 51(5), 2002, sections 5 and 6.
pub fn configure(
    requirement: &Requirement,
    loss: f64,
    delay: &Delay,
    cancel: &Cancel,
) -> Result<Option<Configuration>, Error> {
    domain::probability("loss", loss)?;
    let time = match delay {
        Delay::Law(_) => requirement.max_detection,
        Delay::Moments { mean, variance } => {
            domain::positive("mean_delay", *mean)?;
            domain::positive("delay_variance", *variance)?;
            requirement.max_detection - mean
        }
        Delay::Variance(variance) => {
            domain::positive("delay_variance", *variance)?;
            requirement.max_detection
        }
    };
    if time <= 0.0 {
        return Ok(None);
    }
    let search = Search { time, loss, delay };
    let longest = match delay {
        Delay::Law(_) => search.arrives(time) * requirement.max_duration,
        _ => (search.arrives(time) * requirement.max_duration).min(time),
    };
    if longest <= 0.0 {
        return Ok(None);
    }
    let target = libm::log(requirement.min_recurrence);
    let Some(interval) = search.longest(longest, target, cancel)? else {
        return Ok(None);
    };
    Ok(Some(Configuration {
        interval,
        margin: requirement.max_detection - interval,
        recurrence: libm::exp(search.log_recurrence(interval, f64::INFINITY)),
    }))
}

struct Search<'d> {
    /// Seconds from sending a heartbeat until a crash after it must be noticed, less the mean delay
    /// where the law is not known.
    time: f64,
    loss: f64,
    delay: &'d Delay,
}

impl Search<'_> {
    /// The probability that a heartbeat is not there after `span` seconds, or a bound of it.
    fn missing(&self, span: f64) -> f64 {
        let late = match self.delay {
            Delay::Law(law) => libm::exp(law.log_ccdf(span)),
            Delay::Moments { variance, .. } | Delay::Variance(variance) => {
                variance / (variance + span * span)
            }
        };
        self.loss + (1.0 - self.loss) * late
    }

    /// The probability that it is there.
    fn arrives(&self, span: f64) -> f64 {
        1.0 - self.missing(span)
    }

    /// Heartbeats that all must be missing, after the first, for a mistake.
    fn at_stake(&self, interval: f64) -> usize {
        // Less a rounding error, for the ratio may be whole. More than can be counted make mistakes only
        // rarer than is found.
        let all = libm::ceil(self.time / interval * (1.0 - 1e-14)) as usize;
        all.saturating_sub(1).min(MOST)
    }

    /// The logarithm of the probability that the first heartbeat is there, where that is known.
    fn first(&self) -> f64 {
        match self.delay {
            Delay::Law(_) => libm::log(self.arrives(self.time)),
            _ => 0.0,
        }
    }

    /// The logarithm of the mean time between mistakes, or of a lower bound of it; of what is more than
    /// enough only a part is counted.
    fn log_recurrence(&self, interval: f64, enough: f64) -> f64 {
        let mut found = libm::log(interval) - self.first();
        for j in 1..=self.at_stake(interval) {
            if found >= enough {
                break;
            }
            found -= libm::log(self.missing(self.time - j as f64 * interval));
        }
        found
    }

    /// The longest interval up to `longest` at which the recurrence is long enough.
    ///
    /// It is not a monotone function of the interval, so all stretches are looked at from the longest
    /// interval down, and the first crossing is refined.
    fn longest(&self, longest: f64, target: f64, cancel: &Cancel) -> Result<Option<f64>, Error> {
        let enough = |interval: f64| self.log_recurrence(interval, target) >= target;
        if enough(longest) {
            return Ok(Some(longest));
        }
        let mut above = longest;
        for at_stake in self.at_stake(longest)..=MOST {
            cancel.checkpoint()?;
            let top = above;
            let bottom = (self.time / (at_stake + 1) as f64).min(top);
            // Each heartbeat at stake makes mistakes rarer by at most the probability that it is lost.
            let most = libm::log(top) - self.first() - at_stake as f64 * libm::log(self.loss);
            if most < target {
                above = bottom;
                continue;
            }
            for point in 1..=POINTS {
                let below = top + (bottom - top) * point as f64 / POINTS as f64;
                if enough(below) {
                    return Ok(Some(bisect(below, above, enough)));
                }
                above = below;
            }
        }
        Ok(None)
    }
}

/// The end of the intervals from `low` up, towards `high`, that are good enough.
fn bisect(mut low: f64, mut high: f64, enough: impl Fn(f64) -> bool) -> f64 {
    while high - low > 1e-13 * high {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if enough(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}
