use super::table::{Clock, Column, MISSING, Table};
use super::words::Words;

/// Probes or requests and how long each took: a ping log, a load test, the spans of a trace.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Delays {
    /// What `sent` counts from.
    pub clock: Clock,
    /// The unit the file has its delays in.
    pub unit: &'static str,
    /// Number of each, counted up without wrapping; [`MISSING`] where the format has none.
    pub number: Vec<i64>,
    /// When each was sent, in nanoseconds; [`MISSING`] where it is not known.
    pub sent: Vec<i64>,
    /// From sending to the answer, in nanoseconds; [`MISSING`] for one that never came.
    pub delay: Vec<i64>,
    /// Whom it was sent to, or what was asked for.
    pub target: Words,
    /// What became of it, in the words of the format: `ok`, `timeout`, a status.
    pub outcome: Words,
    /// How many were never answered, where the rows of a target do not tell: where numbers count on from one
    /// target to the next, or the tool says how many it sent.
    pub lost: Option<u64>,
}

impl Delays {
    /// No probe yet.
    pub fn new(clock: Clock, unit: &'static str) -> Self {
        Self {
            clock,
            unit,
            ..Self::default()
        }
    }

    /// Appends a probe.
    pub fn push(&mut self, probe: Probe<'_>) {
        self.number.push(probe.number.unwrap_or(MISSING));
        self.sent.push(probe.sent.unwrap_or(MISSING));
        self.delay.push(probe.delay.unwrap_or(MISSING));
        self.target.push(probe.target);
        self.outcome.push(probe.outcome);
    }

    /// How many of all numbers from the first to the last have no answer, whomever they were sent to.
    pub(super) fn unanswered(&self) -> u64 {
        let mut answered: Vec<i64> = self
            .number
            .iter()
            .zip(&self.delay)
            .filter(|(_, delay)| **delay != MISSING)
            .map(|(number, _)| *number)
            .collect();
        answered.sort_unstable();
        answered.dedup();
        let numbers = self.number.iter();
        let (Some(first), Some(last)) = (numbers.clone().min(), numbers.max()) else {
            return 0;
        };
        last.abs_diff(*first)
            .saturating_add(1)
            .saturating_sub(answered.len() as u64)
    }

    pub(super) fn into_table(self) -> Table {
        vec![
            ("number", Column::Numbers(self.number)),
            ("sent", Column::Nanos(self.sent)),
            ("delay", Column::Nanos(self.delay)),
            ("target", Column::Words(self.target)),
            ("outcome", Column::Words(self.outcome)),
        ]
    }
}

/// A row of [`Delays`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Probe<'a> {
    /// Its number.
    pub number: Option<i64>,
    /// When it was sent.
    pub sent: Option<i64>,
    /// How long its answer took.
    pub delay: Option<i64>,
    /// Whom it was sent to.
    pub target: &'a [u8],
    /// What became of it.
    pub outcome: &'a [u8],
}
