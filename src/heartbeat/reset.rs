//! Where a clock or the numbers of a log went back and stayed back.

use super::log::{MISSING, Row};
use crate::time::Nanos;
use crate::{Cancel, Error};

/// The clock that the rows are in the order of, or the numbers, were reset when they stay behind what
/// they had reached for this many rows; a heartbeat that was overtaken is a row, or a few.
const RESET_ROWS: usize = 20;

/// As [`RESET_ROWS`] for the other clock, which falls back for as long as one heartbeat is late.
const OTHER_RESET_ROWS: usize = 1000;

/// A clock or number that goes back no further than this many intervals was not reset.
const RESET_INTERVALS: i64 = 10;

/// A time has been reached once this many rows were there: a single wild stamp is not the time.
const REACHED_ROWS: usize = 10;

/// Rows between two looks at whether to stop.
const STEP: usize = 1 << 16;

/// Cuts the rows at every reset.
pub(super) fn sessions<'r>(
    rows: &'r [Row],
    has_sent: bool,
    has_number: bool,
    every: Nanos,
    cancel: &Cancel,
) -> Result<Vec<&'r [Row]>, Error> {
    // The rows are in the order of the clock that goes back less often.
    let falls = |time: fn(&Row) -> i64| {
        let times = rows.iter().filter(|row| row.received != MISSING).map(time);
        let mut before = i64::MIN;
        times
            .filter(|time| std::mem::replace(&mut before, *time) > *time)
            .count()
    };
    let by_sent = has_sent && falls(|row| row.sent) <= falls(|row| row.received);
    let far = RESET_INTERVALS.saturating_mul(every);
    let mut clock = Watched::new(far, RESET_ROWS);
    let mut other = Watched::new(far, OTHER_RESET_ROWS);
    let mut numbers = Watched::new(RESET_INTERVALS, RESET_ROWS);
    let mut sessions = Vec::new();
    let (mut begin, mut index) = (0, 0);
    while index < rows.len() {
        if index % STEP == 0 {
            cancel.checkpoint()?;
        }
        let row = &rows[index];
        let (first, second) = if by_sent {
            (row.sent, row.received)
        } else {
            (row.received, row.sent)
        };
        let mut cut = clock.take(index, first);
        if has_sent {
            cut = cut.or(other.take(index, second));
        }
        if has_number && row.received != MISSING {
            cut = cut.or(numbers.take(index, row.number));
        }
        index += 1;
        if let Some(cut) = cut {
            sessions.push(&rows[begin..cut]);
            (begin, index) = (cut, cut);
            for watched in [&mut clock, &mut other, &mut numbers] {
                watched.restart();
            }
        }
    }
    sessions.push(&rows[begin..]);
    Ok(sessions)
}

/// Something that rises from row to row unless it is reset.
#[derive(Debug)]
struct Watched {
    far: i64,
    rows_needed: usize,
    /// The highest values so far, in ascending order.
    highest: Vec<i64>,
    since: usize,
    behind: usize,
}

impl Watched {
    fn new(far: i64, rows_needed: usize) -> Self {
        Self {
            far,
            rows_needed,
            highest: Vec::with_capacity(REACHED_ROWS + 1),
            since: 0,
            behind: 0,
        }
    }

    fn restart(&mut self) {
        self.highest.clear();
        self.behind = 0;
    }

    /// Takes the value of the next row; says from which row on values have stayed behind, once as many
    /// have as it takes.
    fn take(&mut self, index: usize, value: i64) -> Option<usize> {
        if value == MISSING {
            return None;
        }
        let reached = self.highest.len() == REACHED_ROWS;
        if reached && value < self.highest[0].saturating_sub(self.far) {
            if self.behind == 0 {
                self.since = index;
            }
            self.behind += 1;
            return (self.behind == self.rows_needed).then_some(self.since);
        }
        self.behind = 0;
        if !reached || value > self.highest[0] {
            let place = self.highest.partition_point(|high| *high <= value);
            self.highest.insert(place, value);
            if self.highest.len() > REACHED_ROWS {
                self.highest.remove(0);
            }
        }
        None
    }
}
