use crate::Error;

/// The thresholds of a sweep on a detector's inner scale, and how to find one's place among them.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// The thresholds, and two infinities that nothing is above.
    thresholds: Vec<f64>,
    /// `below[cell]` thresholds have a key in an earlier cell.
    below: Vec<u16>,
    ends: (f64, f64),
    /// Somewhat less than the lowest threshold.
    base: f64,
    shift: u32,
    first: u64,
    /// Most thresholds that share a cell.
    crowd: usize,
}

const CELLS: u64 = 4096;

/// Thresholds that one sweep may have.
pub const MOST_THRESHOLDS: usize = 10_000;

const SENTINELS: usize = 2;

impl Grid {
    /// Builds the grid from finite numbers that rise strictly.
    pub fn new(mut thresholds: Vec<f64>) -> Result<Self, Error> {
        let rising = thresholds.windows(2).all(|pair| pair[0] < pair[1]);
        if thresholds.is_empty() || thresholds.len() > MOST_THRESHOLDS || !rising {
            return Err(Error::argument(
                "thresholds",
                format!("{} numbers", thresholds.len()),
                format!("1 to {MOST_THRESHOLDS} numbers in strictly ascending order"),
            ));
        }
        let ends = (thresholds[0], thresholds[thresholds.len() - 1]);
        let range = ends.1 - ends.0;
        if !range.is_finite() {
            return Err(Error::argument(
                "thresholds",
                format!("{} to {}", ends.0, ends.1),
                "finite numbers",
            ));
        }
        let closest = thresholds
            .windows(2)
            .map(|pair| pair[1] - pair[0])
            .fold(f64::INFINITY, f64::min);
        let base = (ends.0 - closest.clamp(range * 1e-12, range)).min(ends.0.next_down());
        let key = |x: f64| (x - base).to_bits();
        let first = key(ends.0);
        let width = key(ends.1) - first;
        let shift = (0..64).find(|shift| width >> shift < CELLS).unwrap_or(63);
        let cell = |threshold: f64| (key(threshold) - first) >> shift;
        let below: Vec<u16> = (0..=(width >> shift) + 1)
            .map(|edge| thresholds.partition_point(|threshold| cell(*threshold) < edge) as u16)
            .collect();
        let crowd = below
            .windows(2)
            .map(|pair| usize::from(pair[1] - pair[0]))
            .max()
            .unwrap_or(0);
        thresholds.extend([f64::INFINITY; SENTINELS]);
        Ok(Self {
            thresholds,
            below,
            ends,
            base,
            shift,
            first,
            crowd,
        })
    }

    /// The thresholds in ascending order.
    #[inline]
    pub fn thresholds(&self) -> &[f64] {
        &self.thresholds[..self.len()]
    }

    /// How many thresholds there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.thresholds.len() - SENTINELS
    }

    /// Never: a grid has a threshold.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// How many thresholds are less than `level`, which is not NaN.
    ///
    /// The bits of a positive float, read as a whole number, grow with its logarithm: a table over
    /// their leading part, taken of the distance from the lowest threshold, leads to the few
    /// thresholds next to the level. Levels come in no order that a processor could guess, hence no
    /// branch depends on them here.
    #[inline(always)]
    pub fn rank(&self, level: f64) -> usize {
        // Not `clamp`, `max` and `min`, which cost more for the sake of NaN.
        let level_or_lowest = if level > self.ends.0 {
            level
        } else {
            self.ends.0
        };
        let inside = if level_or_lowest < self.ends.1 {
            level_or_lowest
        } else {
            self.ends.1
        };
        let cell = ((inside - self.base).to_bits() - self.first) >> self.shift;
        let cell = cell as usize;
        let rank = usize::from(self.below[cell]);
        if self.crowd <= SENTINELS {
            let next = &self.thresholds[rank..rank + SENTINELS];
            rank + usize::from(next[0] < level) + usize::from(next[1] < level)
        } else {
            let crowd = &self.thresholds[rank..usize::from(self.below[cell + 1])];
            rank + crowd.partition_point(|threshold| *threshold < level)
        }
    }

    /// How many thresholds are at most `level`.
    #[inline]
    pub fn rank_through(&self, level: f64) -> usize {
        let rank = self.rank(level);
        rank + usize::from(rank < self.len() && self.thresholds[rank] == level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn thresholds() -> impl Strategy<Value = Vec<f64>> {
        let number = prop_oneof![
            -1e3..1e3f64,
            1e-9..1e-6f64,
            Just(0.0),
            Just(-0.0),
            -1e300..1e300f64
        ];
        prop::collection::vec(number, 1..300).prop_map(|mut numbers| {
            numbers.sort_by(f64::total_cmp);
            numbers.dedup_by(|a, b| a == b);
            numbers
        })
    }

    proptest! {
        #[test]
        fn rank_counts_what_lies_below(thresholds in thresholds(), levels in prop::collection::vec(-1e3..1e3f64, 20)) {
            let grid = Grid::new(thresholds.clone()).unwrap();
            let all = levels.into_iter().chain(thresholds.iter().copied()).chain([f64::INFINITY, f64::NEG_INFINITY]);
            for level in all {
                prop_assert_eq!(grid.rank(level), thresholds.iter().filter(|h| **h < level).count());
                prop_assert_eq!(grid.rank_through(level), thresholds.iter().filter(|h| **h <= level).count());
            }
        }
    }

    #[test]
    fn what_does_not_rise_is_refused() {
        for bad in [
            vec![],
            vec![1.0, 1.0],
            vec![2.0, 1.0],
            vec![f64::NAN],
            vec![0.0, f64::INFINITY],
        ] {
            assert!(Grid::new(bad).is_err());
        }
    }
}
