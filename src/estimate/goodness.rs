//! Whether a law fits, in the body and in the tail.

use super::likelihood::log_mass;
use super::{Fit, Observations};
use crate::Error;
use crate::distribution::{Affine, Distribution, Gamma, Law, Truncated};

/// How well a fitted law agrees with what was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Goodness {
    /// Pearson's statistic over cells that grow finer into both tails.
    pub statistic: f64,
    /// Its degrees of freedom: cells less parameters, and less one where the total is given.
    pub degrees: f64,
    /// Probability of so large a statistic if the law were right; NaN where there are too few cells.
    pub p_value: f64,
    /// Counts in the upper tail.
    pub tail: Vec<TailCount>,
}

/// How many durations exceed a time, beside how many should.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TailCount {
    /// Probability of exceeding the time under the law.
    pub probability: f64,
    /// The time, in seconds.
    pub time: f64,
    /// Durations longer than that to expect.
    pub expected: f64,
    /// Durations longer than that.
    pub observed: f64,
    /// Exact two-sided probability of a count as far off.
    pub p_value: f64,
}

/// Cells are joined until so many durations are expected in each.
const LEAST_EXPECTED: f64 = 5.0;

/// The tail is looked at as far out as this fraction of a duration is expected.
const FARTHEST: f64 = 0.05;

impl Goodness {
    /// Holds the observations against the law of a fit, made with that offset.
    ///
    /// The parameters come from the same data, for which the degrees of freedom allow in the statistic
    /// and nothing in the tail counts: those find a misfit a little less often than they say.
    ///
    /// Where durations were cut off, the count of a cell is held against the law's hazard that all
    /// durations ran through in it, so that only what was seen counts.
    pub fn new(observations: &Observations, fit: &Fit, offset: f64) -> Result<Self, Error> {
        let at: Vec<f64> = fit.parameters();
        let coordinates: Vec<f64> = at
            .iter()
            .enumerate()
            .map(|(which, value)| fit.family().coordinate(which, *value))
            .collect();
        let base = fit.family().law(&coordinates);
        let base = base.ok_or_else(|| Error::argument("offset", offset, "that of the fit"))?;
        let law: Distribution = Affine::new(base, 1.0, offset)?.into();
        let (from, to) = observations.window();
        let law = if (from, to) == (0.0, f64::INFINITY) {
            law
        } else {
            Truncated::new(law, from, to)?.into()
        };
        let free = fit.pinned().iter().filter(|pinned| !**pinned).count() as f64;
        let cells = Cells::new(observations, &law);
        let (statistic, degrees) = cells.pearson(free);
        let p_value = match Gamma::new(degrees / 2.0, 2.0) {
            Ok(law) if degrees >= 1.0 => libm::exp(law.log_ccdf(statistic)),
            _ => f64::NAN,
        };
        Ok(Self {
            statistic,
            degrees,
            p_value,
            tail: cells.tail(observations, &law),
        })
    }
}

/// Edges from the law's quantiles, finer into the tails, with counts between them.
struct Cells {
    edges: Vec<f64>,
    expected: Vec<f64>,
    observed: Vec<f64>,
    /// Whether the counts add up to a number that was given.
    closed: bool,
}

impl Cells {
    fn new(observations: &Observations, law: &Distribution) -> Self {
        let samples = observations.samples();
        let limits = observations.limits();
        let total = (samples.len() + limits.len()) as f64 + observations.bucketed() as f64;
        if !observations.buckets().is_empty() {
            return Self::of_buckets(observations, law, total);
        }
        let mut edges: Vec<f64> = Vec::new();
        let outward = [0.3, 0.1];
        let mut levels: Vec<f64> = (1..10).map(|tenth| f64::from(tenth) / 10.0).collect();
        let mut decade = 0.1;
        while decade * total >= LEAST_EXPECTED {
            levels.extend(outward.map(|part| part * decade));
            decade /= 10.0;
        }
        edges.extend(levels.iter().map(|q| law.inverse_log_ccdf(libm::log(*q))));
        let low = levels.iter().filter(|level| **level < 0.1);
        edges.extend(low.map(|p| law.inverse_log_cdf(libm::log(*p))));
        edges.sort_by(f64::total_cmp);
        edges.dedup();
        let cell = |x: f64| edges.partition_point(|edge| *edge < x);
        let mut observed = vec![0.0; edges.len() + 1];
        for x in samples {
            observed[cell(*x)] += 1.0;
        }
        let mut expected = vec![0.0; edges.len() + 1];
        if limits.is_empty() {
            let ends: Vec<f64> = [f64::NEG_INFINITY]
                .into_iter()
                .chain(edges.iter().copied())
                .chain([f64::INFINITY])
                .collect();
            for (expected, ends) in expected.iter_mut().zip(ends.windows(2)) {
                *expected = total * libm::exp(log_mass(law, ends[0], ends[1]));
            }
        } else {
            // Whole cells by how many durations passed them, and the last by how far each came.
            let hazards: Vec<f64> = edges.iter().map(|edge| -law.log_ccdf(*edge)).collect();
            let mut passed = vec![0.0; edges.len() + 1];
            for x in samples.iter().chain(limits) {
                let last = cell(*x);
                let before = if last == 0 { 0.0 } else { hazards[last - 1] };
                expected[last] += (-law.log_ccdf(*x) - before).max(0.0);
                passed[last] += 1.0;
            }
            let mut further = 0.0;
            for i in (0..edges.len()).rev() {
                further += passed[i + 1];
                let before = if i == 0 { 0.0 } else { hazards[i - 1] };
                expected[i] += further * (hazards[i] - before);
            }
        }
        Self {
            edges,
            expected,
            observed,
            closed: limits.is_empty(),
        }
    }

    fn of_buckets(observations: &Observations, law: &Distribution, total: f64) -> Self {
        let buckets = observations.buckets();
        let mass = |low: f64, high: f64| total * libm::exp(log_mass(law, low, high));
        let mut expected: Vec<f64> = buckets.iter().map(|b| mass(b.low, b.high)).collect();
        let mut observed: Vec<f64> = buckets.iter().map(|b| b.count as f64).collect();
        // What the law puts where no bucket is.
        expected.push((total - expected.iter().sum::<f64>()).max(0.0));
        observed.push(0.0);
        Self {
            edges: buckets.iter().map(|bucket| bucket.high).collect(),
            expected,
            observed,
            closed: true,
        }
    }

    /// The statistic over cells that are joined until enough is expected in each, and its degrees.
    fn pearson(&self, parameters: f64) -> (f64, f64) {
        let mut joined: Vec<(f64, f64)> = Vec::new();
        let (mut expected, mut observed) = (0.0, 0.0);
        for (e, o) in self.expected.iter().zip(&self.observed) {
            expected += e;
            observed += o;
            if expected >= LEAST_EXPECTED {
                joined.push((expected, observed));
                (expected, observed) = (0.0, 0.0);
            }
        }
        if let Some(last) = joined.last_mut() {
            *last = (last.0 + expected, last.1 + observed);
        }
        let statistic = joined.iter().map(|(e, o)| (o - e) * (o - e) / e).sum();
        let given = if self.closed { 1.0 } else { 0.0 };
        (statistic, joined.len() as f64 - given - parameters)
    }

    fn tail(&self, observations: &Observations, law: &Distribution) -> Vec<TailCount> {
        let samples = observations.samples();
        let limits = observations.limits();
        let shortest = limits.iter().copied().fold(f64::INFINITY, f64::min);
        let bucketed = observations.bucketed() as f64;
        let total = (samples.len() + limits.len()) as f64 + bucketed;
        let mut found: Vec<TailCount> = Vec::new();
        let mut q = 0.1;
        while q * total >= FARTHEST {
            let mut time = law.inverse_log_ccdf(libm::log(q));
            if bucketed > 0.0 {
                let apart = |edge: f64| (law.log_ccdf(edge) - libm::log(q)).abs();
                let edges = self.edges.iter().copied().filter(|edge| edge.is_finite());
                let nearest = edges.min_by(|a, b| apart(*a).total_cmp(&apart(*b)));
                time = nearest.unwrap_or(f64::INFINITY);
            }
            q /= 10.0;
            let probability = libm::exp(law.log_ccdf(time));
            if found.last().is_some_and(|last| last.time == time) || probability <= 0.0 {
                continue;
            }
            let longer = samples.iter().filter(|x| **x > time).count() as f64;
            let buckets = observations.buckets().iter().filter(|b| b.low >= time);
            let in_buckets: u64 = buckets.map(|bucket| bucket.count).sum();
            if time > shortest {
                let hazard = -law.log_ccdf(time);
                let beyond = |x: &&f64| **x > time;
                let expected: f64 = samples
                    .iter()
                    .chain(limits)
                    .filter(beyond)
                    .map(|x| -law.log_ccdf(*x) - hazard)
                    .sum();
                found.push(TailCount {
                    probability,
                    time,
                    expected,
                    observed: longer,
                    p_value: two_sided(longer, |k| log_poisson(k, expected)),
                });
            } else {
                let observed = longer + limits.len() as f64 + in_buckets as f64;
                found.push(TailCount {
                    probability,
                    time,
                    expected: total * probability,
                    observed,
                    p_value: two_sided(observed, |k| log_binomial(k, total, probability)),
                });
            }
        }
        found
    }
}

/// Twice the smaller tail from `count` outward, of a law of counts with one mode.
fn two_sided(count: f64, log_probability: impl Fn(f64) -> f64) -> f64 {
    let tail = |step: f64| {
        let (mut k, mut sum) = (count, 0.0);
        let mut before = 0.0;
        for _ in 0..10_000_000 {
            if k < 0.0 {
                break;
            }
            let term = libm::exp(log_probability(k));
            sum += term;
            if term <= 1e-12 * sum && term <= before {
                break;
            }
            before = term;
            k += step;
        }
        sum
    };
    // One of the tails holds the mode, and is at least a half; the other falls from here on.
    let rises = log_probability(count + 1.0) > log_probability(count);
    let small = if rises { tail(-1.0) } else { tail(1.0) };
    let at = libm::exp(log_probability(count));
    (2.0 * small.min(1.0 - small + at)).min(1.0)
}

fn log_binomial(k: f64, n: f64, p: f64) -> f64 {
    if k > n {
        return f64::NEG_INFINITY;
    }
    let choices = libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
    let rest = if n > k {
        (n - k) * libm::log1p(-p)
    } else {
        0.0
    };
    choices + k * libm::log(p) + rest
}

fn log_poisson(k: f64, mean: f64) -> f64 {
    let power = if k == 0.0 { 0.0 } else { k * libm::log(mean) };
    power - mean - libm::lgamma(k + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_of_counts_equal_those_of_scipy() {
        // scipy.stats: 2 * binom.sf(11, 1000, 0.005), 2 * binom.cdf(1, ...), 2 * poisson.sf(3, 0.5)
        // and 2 * poisson.cdf(2, 9).
        let binomial = |k| two_sided(k, |k| log_binomial(k, 1000.0, 0.005));
        let poisson = |k, mean| two_sided(k, |k| log_poisson(k, mean));
        for (found, expected) in [
            (binomial(12.0), 0.010_660_022_412_512_73),
            (binomial(1.0), 0.080_181_993_226_316_9),
            (poisson(4.0, 0.5), 0.003_503_245_112_581_648),
            (poisson(2.0, 9.0), 0.012_464_390_212_754_634),
        ] {
            assert!((found / expected - 1.0).abs() < 1e-9, "{found} {expected}");
        }
        assert_eq!(binomial(5.0), 1.0);
    }
}
