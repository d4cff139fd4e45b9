//! Which threshold to choose, and whether the data can tell.

use super::curve::Curve;
use super::interval::RateInterval;
use super::point::Point;
use crate::{Error, domain};

/// What is asked of a detector.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    max_rate: Option<f64>,
    max_detection: Option<f64>,
    costs: Option<Costs>,
}

/// What being slow and being wrong cost, in any one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Costs {
    /// Of a second in which a crash goes unnoticed.
    pub outage_second: f64,
    /// Of a spurious failover.
    pub failover: f64,
    /// Crashes per second.
    pub crash_rate: f64,
}

impl Target {
    /// At most `max_rate` spurious failovers a second, and 99 % of crashes noticed within
    /// `max_detection` seconds; at least one of the two, or `costs` alone.
    pub fn new(
        max_rate: Option<f64>,
        max_detection: Option<f64>,
        costs: Option<Costs>,
    ) -> Result<Self, Error> {
        if let Some(rate) = max_rate {
            domain::positive("max_rate", rate)?;
        }
        if let Some(time) = max_detection {
            domain::positive("max_detection", time)?;
        }
        if let Some(costs) = &costs {
            domain::non_negative("outage_cost", costs.outage_second)?;
            domain::non_negative("failover_cost", costs.failover)?;
            domain::positive("crash_rate", costs.crash_rate)?;
        }
        match (max_rate.or(max_detection), costs) {
            (None, None) => Err(Error::argument(
                "max_rate",
                "None",
                "max_rate, max_detection or costs",
            )),
            (Some(_), Some(_)) => Err(Error::argument(
                "outage_cost",
                "given",
                "costs or limits, not both",
            )),
            _ => Ok(Self {
                max_rate,
                max_detection,
                costs,
            }),
        }
    }
}

/// A threshold of one of several curves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    /// Place of the curve among those compared.
    pub curve: usize,
    /// Rank of the threshold in that curve.
    pub rank: usize,
}

/// The answer to a [`Target`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// This threshold meets the target, and the data show it.
    Choose(Choice),
    /// No threshold meets the target; this one comes closest within `max_detection`, or has the
    /// lowest rate.
    OutOfReach(Choice),
    /// The data do not tell whether this threshold, the best candidate, meets the target; about
    /// `seconds` of observation like this would, if they show the same rate; infinitely many where
    /// that rate is above the target.
    Undecided {
        /// The best candidate.
        candidate: Choice,
        /// How long an observation it takes.
        seconds: f64,
    },
}

/// Chooses among all thresholds of the curves the one that meets the target and notices crashes
/// soonest; a rate counts by the upper end of its interval.
///
/// With `max_detection` alone it chooses the lowest rate, the longest timeout, within it; with costs
/// the lowest expected cost.
///
/// # Errors
///
/// [`Error::Argument`] without a curve.
pub fn recommend(
    curves: &[&Curve],
    target: &Target,
    confidence_level: f64,
) -> Result<Verdict, Error> {
    domain::open_probability("confidence_level", confidence_level)?;
    let candidates: Vec<Candidate> = curves
        .iter()
        .enumerate()
        .flat_map(|(curve, of)| {
            let all: Vec<Candidate> = (0..of.thresholds().len())
                .map(|rank| Candidate::new(of, Choice { curve, rank }, confidence_level))
                .collect();
            let peak = first_peak(&all);
            all.into_iter().skip(peak)
        })
        .collect();
    let fast: Vec<&Candidate> = candidates
        .iter()
        .filter(|one| {
            target
                .max_detection
                .is_none_or(|most| one.detection <= most)
        })
        .collect();
    let least = |of: &[&Candidate], cost: &dyn Fn(&Candidate) -> f64| {
        of.iter()
            .copied()
            .min_by(|a, b| {
                cost(a)
                    .total_cmp(&cost(b))
                    .then(a.detection.total_cmp(&b.detection))
            })
            .copied()
    };
    let all: Vec<&Candidate> = candidates.iter().collect();
    if let Some(costs) = &target.costs {
        let cost = |one: &Candidate| {
            costs.failover * one.rate.high
                + costs.outage_second * costs.crash_rate * one.mean_detection
        };
        let best = least(&all, &cost).ok_or_else(nothing_to_choose)?;
        return Ok(Verdict::Choose(best.choice));
    }
    let Some(quietest) = least(&fast, &|one| one.rate.high) else {
        let fastest = least(&all, &|one| one.detection).ok_or_else(nothing_to_choose)?;
        return Ok(Verdict::OutOfReach(fastest.choice));
    };
    let Some(max_rate) = target.max_rate else {
        return Ok(Verdict::Choose(quietest.choice));
    };
    let proven: Vec<&Candidate> = fast
        .iter()
        .copied()
        .filter(|one| one.rate.high <= max_rate)
        .collect();
    if let Some(soonest) = least(&proven, &|one| one.detection) {
        return Ok(Verdict::Choose(soonest.choice));
    }
    let open: Vec<&Candidate> = fast
        .iter()
        .copied()
        .filter(|one| one.rate.low <= max_rate)
        .collect();
    let likely: Vec<&Candidate> = open
        .iter()
        .copied()
        .filter(|one| one.rate.rate < max_rate)
        .collect();
    let high = |one: &Candidate| one.rate.high;
    let (candidate, times) = match (least(&likely, &high), least(&open, &high)) {
        (Some(one), _) => {
            let exposure = curves[one.choice.curve].exposure();
            let times = one.observations_needed(exposure, max_rate, confidence_level);
            (one, times)
        }
        (None, Some(one)) => (one, f64::INFINITY),
        (None, None) => return Ok(Verdict::OutOfReach(quietest.choice)),
    };
    Ok(Verdict::Undecided {
        candidate: candidate.choice,
        seconds: curves[candidate.choice.curve].exposure() * times,
    })
}

/// Where mistakes are most frequent: below that threshold the node is suspected so long at a time that
/// there are fewer mistakes, which is no virtue.
fn first_peak(candidates: &[Candidate]) -> usize {
    let mut peak = 0;
    for (rank, one) in candidates.iter().enumerate() {
        if one.mistakes > candidates[peak].mistakes {
            peak = rank;
        }
    }
    peak
}

fn nothing_to_choose() -> Error {
    Error::argument("curves", "none", "one curve or more")
}

/// One threshold and what matters about it.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    choice: Choice,
    mistakes: f64,
    rate: RateInterval,
    detection: f64,
    mean_detection: f64,
}

impl Candidate {
    fn new(curve: &Curve, choice: Choice, confidence_level: f64) -> Self {
        let Point {
            mistakes,
            mistake_rate,
            ..
        } = curve.point(choice.rank, confidence_level);
        let detection = curve.detection_time(choice.rank);
        Self {
            choice,
            mistakes,
            rate: mistake_rate,
            detection: detection.p99,
            mean_detection: detection.mean,
        }
    }

    /// How many times as long an observation must be for the upper end to come down to `max_rate`,
    /// if mistakes go on at the rate seen.
    fn observations_needed(&self, exposure: f64, max_rate: f64, confidence_level: f64) -> f64 {
        let high = |times: f64| {
            RateInterval::of_total(
                self.mistakes * times,
                self.rate.dispersion,
                exposure * times,
                confidence_level,
            )
            .high
        };
        let (mut low, mut enough) = (1.0, 2.0);
        while high(enough) > max_rate && enough < 1e15 {
            low = enough;
            enough *= 2.0;
        }
        for _ in 0..50 {
            let middle = 0.5 * (low + enough);
            if high(middle) > max_rate {
                low = middle;
            } else {
                enough = middle;
            }
        }
        enough
    }
}
