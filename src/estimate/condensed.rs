//! Many durations as few points with weights that give the same sums.

use rayon::prelude::*;

use crate::{Cancel, Error};

/// A duration with the number of times that it counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Seconds.
    pub x: f64,
    /// How many durations it stands for.
    pub weight: f64,
}

/// Bins between the smallest and the largest logarithm.
const BINS: usize = 1024;

/// So many durations are left as they are.
const KEPT: usize = 2048;

/// Durations binned by one thread at a time, at least; at most so many parts.
pub(super) const BLOCK: usize = 1 << 16;
const MOST_BLOCKS: usize = 64;

/// Durations less `offset`, or at most 2049 points that stand for them.
///
/// The logarithms are put into 1024 bins of equal width, and those of each bin replaced by two points
/// that have the same number, mean, variance and third moment: Gauss's quadrature for just these
/// durations. Sums of a function f over all are then right up to its fourth derivative in ln x, to
/// w^4 f''''/4320 each, where the width w of a bin is some 0.015 times the spread of ln x for a million
/// samples. For logarithms of densities and tails that is a relative 2e-10 or better, far below what
/// the data themselves leave open, and quadratics of ln x come out exactly. Zeros stay zeros.
pub fn condense(values: &[f64], offset: f64, cancel: &Cancel) -> Result<Vec<Point>, Error> {
    let single = |value: &f64| Point {
        x: value - offset,
        weight: 1.0,
    };
    if values.len() <= KEPT {
        return Ok(values.iter().map(single).collect());
    }
    let (low, high, zeros) = ends(values, offset);
    let mut points = Vec::new();
    if zeros > 0 {
        points.push(Point {
            x: 0.0,
            weight: zeros as f64,
        });
    }
    if zeros == values.len() {
        return Ok(points);
    }
    let from = libm::log(low);
    let width = (libm::log(high) - from) / BINS as f64;
    if width <= 1e-15 * from.abs() {
        points.push(Point {
            x: low,
            weight: (values.len() - zeros) as f64,
        });
        return Ok(points);
    }
    let block = BLOCK.max(values.len().div_ceil(MOST_BLOCKS));
    let blocks: Vec<Vec<Moments>> = values
        .par_chunks(block)
        .map(|chunk| {
            cancel.advance(chunk.len() as u64)?;
            let mut bins = vec![Moments::default(); BINS];
            for value in chunk {
                let x = value - offset;
                if x > 0.0 {
                    let place = (libm::log(x) - from) / width;
                    let bin = (place as usize).min(BINS - 1);
                    bins[bin].add(place - bin as f64);
                }
            }
            Ok(bins)
        })
        .collect::<Result<_, Error>>()?;
    for bin in 0..BINS {
        let mut moments = Moments::default();
        for block in &blocks {
            moments.merge(&block[bin]);
        }
        for (place, weight) in moments.nodes() {
            let x = libm::exp(from + width * (bin as f64 + place));
            points.push(Point {
                x: x.clamp(low, high),
                weight,
            });
        }
    }
    Ok(points)
}

/// The smallest duration above the offset and the largest, both less the offset; and how many are not above.
fn ends(values: &[f64], offset: f64) -> (f64, f64, usize) {
    let none = (f64::INFINITY, 0.0_f64, 0);
    values
        .par_chunks(BLOCK)
        .map(|chunk| {
            chunk.iter().fold(none, |(low, high, zeros), value| {
                let x = value - offset;
                let above = x > 0.0;
                let low = if above { low.min(x) } else { low };
                (low, high.max(x), zeros + usize::from(!above))
            })
        })
        .collect::<Vec<_>>()
        .into_iter()
        .fold(none, |a, b| (a.0.min(b.0), a.1.max(b.1), a.2 + b.2))
}

/// Sums of powers of the places in one bin, in widths from its left end.
#[derive(Debug, Clone, Copy, Default)]
struct Moments {
    count: f64,
    first: f64,
    second: f64,
    third: f64,
}

impl Moments {
    fn add(&mut self, place: f64) {
        let t = place - 0.5;
        self.count += 1.0;
        self.first += t;
        self.second += t * t;
        self.third += t * t * t;
    }

    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.first += other.first;
        self.second += other.second;
        self.third += other.third;
    }

    /// Places and weights of the points that have these moments.
    fn nodes(&self) -> Vec<(f64, f64)> {
        if self.count == 0.0 {
            return Vec::new();
        }
        let mean = self.first / self.count;
        let square = self.second / self.count;
        let variance = square - mean * mean;
        // Below this the variance is rounding, and moves no sum by more than that.
        if variance <= 1e-13 {
            return vec![(0.5 + mean, self.count)];
        }
        let std = variance.sqrt();
        let third = self.third / self.count - 3.0 * mean * square + 2.0 * mean * mean * mean;
        let half_skew = 0.5 * third / (variance * std);
        let root = (1.0 + half_skew * half_skew).sqrt();
        [1.0, -1.0]
            .map(|side| {
                let place = 0.5 + mean + std * (half_skew + side * root);
                (place, 0.5 * self.count * (1.0 - side * half_skew / root))
            })
            .to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Seed};
    use rand::RngExt;

    #[test]
    fn sums_over_the_points_are_sums_over_the_durations() {
        let mut stream = Seed::from(7).stream(Purpose::Sample, 0);
        let offset = 0.25;
        let values: Vec<f64> = (0..300_000)
            .map(|_| offset + 0.01 * libm::pow(stream.random::<f64>(), -0.7))
            .collect();
        let points = condense(&values, offset, &Cancel::default()).unwrap();
        assert!(points.len() <= 2 * BINS);
        for f in [
            (|_| 1.0) as fn(f64) -> f64,
            |x| x,
            libm::log,
            |x| libm::log(x) * libm::log(x),
            |x| libm::log1p(3.0 * x),
            |x| libm::exp(-x),
            |x| libm::pow(x, 0.6),
            |x| libm::log(libm::erfc(libm::log(x))),
        ] {
            let all: f64 = values.iter().map(|x| f(x - offset)).sum();
            let few: f64 = points.iter().map(|point| point.weight * f(point.x)).sum();
            assert!((few / all - 1.0).abs() < 2e-10, "{few} {all}");
        }
    }

    #[test]
    fn ties_and_zeros_stay_what_they_are() {
        let mut values = vec![0.5; 3000];
        values.extend(vec![0.0; 100]);
        let points = condense(&values, 0.0, &Cancel::default()).unwrap();
        let found: Vec<_> = points.iter().map(|point| (point.x, point.weight)).collect();
        assert_eq!(found, [(0.0, 100.0), (0.5, 3000.0)]);
        values.extend(vec![2.0; 50]);
        let points = condense(&values, 0.0, &Cancel::default()).unwrap();
        let found: Vec<_> = points.iter().map(|point| (point.x, point.weight)).collect();
        assert_eq!(found, [(0.0, 100.0), (0.5, 3000.0), (2.0, 50.0)]);
    }
}
