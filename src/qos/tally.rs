use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::confirmation::Confirmation;
use super::grid::Grid;
use super::mistake::{Endings, Sink, Start};
use crate::time::Nanos;

/// Counts mistakes and adds up suspicion at every threshold of a grid.
///
/// A mistake at all thresholds below some rank is a step there, and its duration a ramp that falls to
/// it; both are added at the step only and summed from the highest threshold down at the end.
#[derive(Debug, Clone)]
pub(crate) struct Tally<'g> {
    grid: &'g Grid,
    confirmation: Confirmation,
    immediate: bool,
    /// `steps[r]` holds for all thresholds of rank below `r`.
    steps: Vec<Step>,
    /// The threshold just below each step; the lowest once more for the step below all.
    tops: Vec<f64>,
    /// Mistakes so short that it is a matter of chance whether they are acted on, weighted by how
    /// likely they are, and their expected durations.
    glimpses: Vec<(f64, f64)>,
}

/// Aligned so that none straddles two cache lines.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(32))]
struct Step {
    count: i64,
    slope: f64,
    /// Seconds of suspicion at the threshold just below the step.
    ramp: f64,
}

/// Mistakes and seconds of suspicion at each threshold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Totals {
    pub mistakes: Vec<f64>,
    pub suspicion: Vec<f64>,
}

impl Totals {
    /// Adds what another part of the same run has.
    pub fn add(&mut self, other: &Self) {
        let pairs = |a: &mut Vec<f64>, b: &[f64]| a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        pairs(&mut self.mistakes, &other.mistakes);
        pairs(&mut self.suspicion, &other.suspicion);
    }
}

impl<'g> Tally<'g> {
    pub fn new(grid: &'g Grid, confirmation: Confirmation) -> Self {
        let glimpses = if confirmation.is_random() {
            grid.len()
        } else {
            0
        };
        Self {
            grid,
            confirmation,
            immediate: confirmation.is_immediate(),
            steps: vec![Step::default(); grid.len() + 1],
            tops: std::iter::once(&grid.thresholds()[0])
                .chain(grid.thresholds())
                .copied()
                .collect(),
            glimpses: vec![(0.0, 0.0); glimpses],
        }
    }

    /// The sums so far; starts again from nothing.
    pub fn take(&mut self) -> Totals {
        let thresholds = self.grid.thresholds();
        let mut totals = Totals {
            mistakes: vec![0.0; thresholds.len()],
            suspicion: vec![0.0; thresholds.len()],
        };
        let (mut count, mut slope, mut suspicion) = (0, 0.0, 0.0);
        for rank in (0..thresholds.len()).rev() {
            let step = std::mem::take(&mut self.steps[rank + 1]);
            if rank + 1 < thresholds.len() {
                suspicion += slope * (thresholds[rank + 1] - thresholds[rank]);
            }
            count += step.count;
            slope += step.slope;
            suspicion += step.ramp;
            totals.mistakes[rank] = count as f64;
            totals.suspicion[rank] = suspicion;
        }
        self.steps[0] = Step::default();
        for (rank, glimpse) in self.glimpses.iter_mut().enumerate() {
            let (weight, duration) = std::mem::take(glimpse);
            totals.mistakes[rank] += weight;
            totals.suspicion[rank] += duration;
        }
        totals
    }

    /// Adds a mistake that counts `shorter` seconds less than it lasts.
    fn add(&mut self, ranks: Range<usize>, start: Start, end: Nanos, shorter: f64) {
        let thresholds = self.grid.thresholds();
        let top = &mut self.steps[ranks.end];
        top.count += 1;
        top.slope += start.slope;
        top.ramp += start.until(end, thresholds[ranks.end - 1]) - shorter;
        if ranks.start > 0 {
            let bottom = &mut self.steps[ranks.start];
            bottom.count -= 1;
            bottom.slope -= start.slope;
            bottom.ramp -= start.until(end, thresholds[ranks.start - 1]) - shorter;
        }
    }

    #[inline(always)]
    fn step(&mut self, rank: u16, late: f64, slope: f64) {
        let rank = usize::from(rank);
        let step = &mut self.steps[rank];
        step.count += 1;
        step.slope += slope;
        step.ramp += late - slope * self.tops[rank];
    }

    /// Adds a mistake as far as it is looked at and lasts.
    #[cold]
    fn confirm(&mut self, ranks: Range<usize>, start: Start, end: Nanos) {
        let thresholds = &self.grid.thresholds()[ranks.clone()];
        // Durations fall as thresholds rise.
        let longer =
            |than: f64| ranks.start + thresholds.partition_point(|h| start.until(end, *h) > than);
        let dwell = self.confirmation.dwell();
        let certain = longer(self.confirmation.longest_delay());
        if certain > ranks.start {
            self.add(
                ranks.start..certain,
                start,
                end,
                self.confirmation.mean_delay(),
            );
        }
        if !self.glimpses.is_empty() {
            for rank in certain..longer(dwell) {
                let duration = start.until(end, self.grid.thresholds()[rank]);
                self.glimpses[rank].0 += self.confirmation.probability(duration);
                self.glimpses[rank].1 += self.confirmation.remaining(duration);
            }
        }
    }
}

impl Sink for Tally<'_> {
    fn mistake(&mut self, ranks: Range<usize>, start: Start, end: Nanos) {
        if self.immediate {
            self.add(ranks, start, end, 0.0);
        } else {
            self.confirm(ranks, start, end);
        }
    }

    fn endings(&mut self, endings: &Endings<'_>) {
        if !self.immediate {
            for (rank, start, end) in endings.iter().filter(|(rank, ..)| *rank > 0) {
                self.confirm(0..rank, start, end);
            }
            return;
        }
        if let ([only], None) = (self.grid.thresholds(), endings.scales) {
            let step = &mut self.steps[1];
            let late: u64 = endings.ranks.iter().map(|rank| u64::from(*rank)).sum();
            step.count += late as i64;
            step.slope += late as f64;
            step.ramp = (endings.lates.iter()).fold(step.ramp, |ramp, late| {
                ramp + if late > only { late - only } else { 0.0 }
            });
            return;
        }
        // What is late nowhere goes to the step that no threshold is below: quicker than to ask.
        let mistakes = endings.ranks.iter().zip(endings.lates);
        match endings.scales {
            None => mistakes.for_each(|(&rank, &late)| self.step(rank, late, 1.0)),
            Some(scales) => mistakes
                .zip(scales)
                .for_each(|((&rank, &late), &scale)| self.step(rank, late, scale)),
        }
    }
}
