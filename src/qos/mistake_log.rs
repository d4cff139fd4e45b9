use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::confirmation::Confirmation;
use super::grid::Grid;
use super::mistake::{Endings, Sink, Start};
use crate::time::{Nanos, nanos, seconds};

/// A mistake at one threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mistake {
    /// When the node was wrongly suspected.
    pub start: Nanos,
    /// When it was trusted again.
    pub end: Nanos,
}

/// The first mistakes at every threshold of a grid, up to so many.
#[derive(Debug)]
pub(crate) struct MistakeLog<'g> {
    grid: &'g Grid,
    room: usize,
    /// All thresholds below this rank have as many as there is room for.
    open: usize,
    mistakes: Vec<Vec<Mistake>>,
}

impl<'g> MistakeLog<'g> {
    pub fn new(grid: &'g Grid, room: usize) -> Self {
        Self {
            grid,
            room,
            open: if room == 0 { grid.len() } else { 0 },
            mistakes: vec![Vec::new(); grid.len()],
        }
    }

    pub fn into_mistakes(self) -> Vec<Vec<Mistake>> {
        self.mistakes
    }
}

impl Sink for MistakeLog<'_> {
    fn mistake(&mut self, ranks: Range<usize>, start: Start, end: Nanos) {
        self.keep(ranks, start, end);
    }

    fn endings(&mut self, endings: &Endings<'_>) {
        if self.open < self.grid.len() {
            for (rank, start, end) in endings.iter() {
                if rank > self.open {
                    self.keep(0..rank, start, end);
                }
            }
        }
    }
}

impl MistakeLog<'_> {
    #[cold]
    fn keep(&mut self, ranks: Range<usize>, start: Start, end: Nanos) {
        for rank in ranks.start.max(self.open)..ranks.end {
            let mistakes = &mut self.mistakes[rank];
            if mistakes.len() < self.room {
                mistakes.push(Mistake {
                    start: start.moment(self.grid.thresholds()[rank]),
                    end,
                });
            }
        }
        while self.open < self.mistakes.len() && self.mistakes[self.open].len() == self.room {
            self.open += 1;
        }
    }
}

/// How mistakes last and recur at one threshold, in seconds; NaN where there are too few to tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MistakeTimes {
    /// Median of the durations T_M.
    pub duration_p50: f64,
    /// Their 99th percentile.
    pub duration_p99: f64,
    /// Median of the recurrence times T_MR, from one mistake to the next.
    pub recurrence_p50: f64,
    /// Their 99th percentile.
    pub recurrence_p99: f64,
    /// Mean forward good period T_FG: from a random moment of trust to the next mistake.
    pub forward_good_period: f64,
}

/// The mistakes of a run and the time in which all of them are known.
#[derive(Debug, Clone)]
pub(crate) struct KnownMistakes<'m> {
    pub begin: Nanos,
    pub end: Nanos,
    pub mistakes: &'m [Mistake],
}

impl MistakeTimes {
    /// What the mistakes of one or more runs say once `confirmation` has looked at them.
    ///
    /// The runs count as one circle of time: what follows the last mistake of a run goes on in the
    /// stretch before the first of the next. So no time is left out, and the mean of the recurrence
    /// times is the time watched over the mistakes. The moments at which the deadline is looked at
    /// are spread evenly over the mistakes.
    pub(crate) fn new<'m>(
        runs: impl Iterator<Item = KnownMistakes<'m>>,
        confirmation: Confirmation,
    ) -> Self {
        let mut durations = Vec::new();
        // Where mistakes begin on the circle, and the good periods before them.
        let (mut starts, mut periods) = (Vec::new(), Vec::new());
        let (mut passed, mut trusted_since) = (0.0, 0.0);
        let mut looks = 0.0;
        for run in runs {
            for mistake in run.mistakes {
                looks += 0.618_033_988_749_894_9;
                let wait = confirmation.dwell() + confirmation.wait(f64::fract(looks));
                let start = mistake.start.saturating_add(nanos(wait));
                if start >= mistake.end && !confirmation.is_immediate() {
                    continue;
                }
                durations.push(seconds(mistake.end - start));
                let at = |moment: Nanos| passed + seconds(moment - run.begin);
                starts.push(at(start));
                periods.push(at(start) - trusted_since);
                trusted_since = at(mistake.end);
            }
            passed += seconds(run.end - run.begin);
        }
        let mut recurrences: Vec<f64> = starts.windows(2).map(|pair| pair[1] - pair[0]).collect();
        if let (Some(first), Some(last), Some(period)) =
            (starts.first(), starts.last(), periods.first_mut())
        {
            recurrences.push(passed - last + first);
            *period += (passed - trusted_since).max(0.0);
        }
        let (good, squared) = periods
            .iter()
            .map(|period| period.max(0.0))
            .fold((0.0, 0.0), |(good, squared), period| {
                (good + period, squared + period * period)
            });
        Self {
            duration_p50: quantile(&mut durations, 0.5),
            duration_p99: quantile(&mut durations, 0.99),
            recurrence_p50: quantile(&mut recurrences, 0.5),
            recurrence_p99: quantile(&mut recurrences, 0.99),
            forward_good_period: squared / (2.0 * good),
        }
    }
}

/// The quantile between the two nearest ranks (type 7 of Hyndman and Fan); NaN of nothing.
fn quantile(values: &mut [f64], p: f64) -> f64 {
    if values.is_empty() {
        return f64::NAN;
    }
    let place = p * (values.len() - 1) as f64;
    let rank = place as usize;
    let (_, low, above) = values.select_nth_unstable_by(rank, f64::total_cmp);
    let low = *low;
    let high = above.iter().copied().fold(f64::INFINITY, f64::min);
    if high.is_finite() {
        low + (place - rank as f64) * (high - low)
    } else {
        low
    }
}
