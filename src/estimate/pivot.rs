//! Exact intervals where the likelihood is largest on an edge and its curvature says nothing.

use super::Likelihood;
use crate::distribution::{Gamma, Law};

/// The end of the interval for the upper end of a uniform law, or, mirrored, for its lower end.
///
/// Of n durations with range R, the distance from the outermost to the end of the law exceeds t R with
/// probability (1 + t)^(1 - n). The interval is one-sided: the other end is the outermost duration.
pub(super) fn beyond_range(likelihood: &Likelihood, tails: f64) -> f64 {
    let n = likelihood.counts.samples;
    let range = likelihood.ends.1 - likelihood.ends.0;
    range * libm::expm1(-libm::log(tails) / (n - 1.0))
}

/// What the smallest of Pareto's durations is above the minimum, as a logarithm.
///
/// N ln(smallest/minimum) is exponential with the tail index as its rate; the sum of ln(x/smallest)
/// over d durations is Gamma(d - 1) at the same rate, and independent of it. So N ln(smallest/minimum)
/// over that sum exceeds t with probability (1 + t)^(1 - d).
pub(super) fn above_minimum(likelihood: &Likelihood, tails: f64) -> f64 {
    let (sum, ended) = log_excess(likelihood);
    sum * libm::expm1(-libm::log(tails) / (ended - 1.0)) / likelihood.counts.total()
}

/// The tail index of Pareto that the sum of logarithms exceeds with probability `p`: exact without
/// limits, and as good as a count of ended durations can be with them.
pub(super) fn tail_index(likelihood: &Likelihood, p: f64) -> f64 {
    let (sum, ended) = log_excess(likelihood);
    let unit = Gamma::new((ended - 1.0).max(1e-3), 1.0);
    unit.map_or(f64::NAN, |law| law.inverse_log_cdf(libm::log(p)) / sum)
}

/// The sum of ln(x/smallest) over samples and limits, and the number of samples.
fn log_excess(likelihood: &Likelihood) -> (f64, f64) {
    let smallest = likelihood.ends.0;
    let sum = likelihood
        .samples
        .iter()
        .chain(&likelihood.limits)
        .map(|point| point.weight * libm::log((point.x / smallest).max(1.0)))
        .sum();
    (sum, likelihood.counts.samples)
}
