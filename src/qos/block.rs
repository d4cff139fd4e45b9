use serde::{Deserialize, Serialize};

use super::tally::Totals;
use crate::time::Nanos;

/// What one detector did over a part of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Block {
    pub exposure: Nanos,
    pub totals: Totals,
}

/// Blocks of equal length into which the time of a log is cut, to see how much counts vary.
pub(crate) const TIME_BLOCKS: i64 = 64;

/// When block `part` ends, counted from 1, of so many of equal length into which a time is cut.
pub(crate) fn edge(begin: Nanos, end: Nanos, part: i64, parts: i64) -> Nanos {
    begin + (i128::from(end - begin) * i128::from(part) / i128::from(parts)) as Nanos
}
