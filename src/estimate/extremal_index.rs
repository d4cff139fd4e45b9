use rand::RngExt;
use rayon::prelude::*;

use crate::random::{Purpose, Seed};
use crate::{Error, domain, memory};

/// How exceedances of a threshold cluster.
///
/// The extremal index is the reciprocal of the mean size of a cluster far out: 1 for independent
/// values. The intervals estimator takes it from the times T_i between exceedances, which far out are zero
/// with probability 1 - index and exponential otherwise: 2 (sum T)^2/(N - 1)/sum T^2, or with T - 1 and
/// (T - 1)(T - 2) where some T exceeds 2; at most 1. It also says where clusters part: at the longest times.
///
/// Ferro & Segers, JRSS B 65(2), 2003.
#[derive(Debug, Clone, PartialEq)]
pub struct ExtremalIndex {
    gaps: Vec<u64>,
    index: f64,
}

impl ExtremalIndex {
    /// Takes the places of exceedances in the series, strictly ascending, three or more.
    pub fn new(places: &[u64]) -> Result<Self, Error> {
        if places.len() < 3 {
            let expected = "a threshold that three values or more exceed";
            return Err(Error::argument(
                "threshold",
                format!("one that {} values exceed", places.len()),
                expected,
            ));
        }
        if let Some(pair) = places.windows(2).find(|pair| pair[0] >= pair[1]) {
            return Err(Error::argument("number", pair[1], "numbers that ascend"));
        }
        let gaps: Vec<u64> = places.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let index = of_gaps(&gaps);
        Ok(Self { gaps, index })
    }

    /// The estimate, in (0, 1].
    pub fn index(&self) -> f64 {
        self.index
    }

    /// Clusters by their number of exceedances, in order: a new one begins after each of the
    /// index * N - 1 longest times.
    pub fn clusters(&self) -> Vec<usize> {
        sizes(&self.gaps, self.between())
    }

    /// Gaps longer than this part clusters.
    pub fn between(&self) -> u64 {
        let n = self.gaps.len();
        let parted = ((self.index * (n + 1) as f64) as usize).min(n);
        let mut sorted = self.gaps.clone();
        sorted.sort_unstable_by(|a, b| b.cmp(a));
        // Times equal to the first that does not part do not part either.
        sorted.get(parted).copied().unwrap_or(0)
    }

    /// Clusters by their number of exceedances, which part where `run` values or more stay below.
    pub fn runs(&self, run: u64) -> Vec<usize> {
        sizes(&self.gaps, run)
    }

    /// The interval by resampling times between clusters and clusters whole, alternately.
    pub fn interval(
        &self,
        resamples: usize,
        confidence_level: f64,
        seed: &Seed,
    ) -> Result<(f64, f64), Error> {
        let tail = (1.0 - domain::open_probability("confidence_level", confidence_level)?) / 2.0;
        domain::count("resamples", resamples, 100, 1_000_000)?;
        memory::admit("resamples", resamples, resamples as u64 * 8)?;
        let apart = self.between();
        let outer: Vec<u64> = self
            .gaps
            .iter()
            .copied()
            .filter(|gap| *gap > apart)
            .collect();
        let inner: Vec<&[u64]> = self.gaps.split(|gap| *gap > apart).collect();
        if outer.is_empty() {
            return Ok((0.0, 1.0));
        }
        let mut found: Vec<f64> = (0..resamples)
            .into_par_iter()
            .map(|number| {
                let mut stream = seed.stream(Purpose::Sample, number as u64);
                let mut gaps = Vec::with_capacity(self.gaps.len());
                for place in 0..inner.len() {
                    gaps.extend_from_slice(inner[stream.random_range(0..inner.len())]);
                    if place < outer.len() {
                        gaps.push(outer[stream.random_range(0..outer.len())]);
                    }
                }
                of_gaps(&gaps)
            })
            .collect();
        found.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| found[((share * resamples as f64) as usize).min(resamples - 1)];
        Ok((at(tail), at(1.0 - tail)))
    }
}

fn of_gaps(gaps: &[u64]) -> f64 {
    let n = gaps.len() as f64;
    let less = if gaps.iter().any(|gap| *gap > 2) {
        1.0
    } else {
        0.0
    };
    let (mut sum, mut square) = (0.0, 0.0);
    for gap in gaps {
        let gap = *gap as f64;
        sum += gap - less;
        square += (gap - less) * (gap - 2.0 * less);
    }
    if square > 0.0 {
        (2.0 * sum * sum / (n * square)).min(1.0)
    } else {
        1.0
    }
}

fn sizes(gaps: &[u64], apart: u64) -> Vec<usize> {
    gaps.split(|gap| *gap > apart)
        .map(|within| within.len() + 1)
        .collect()
}
