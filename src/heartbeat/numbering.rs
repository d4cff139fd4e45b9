//! Which heartbeat of the schedule each row of a log is, where the log does not say, and how long it
//! is from one to the next.

use super::arrivals::Arrivals;
use super::log::Row;
use super::sorting::order_by;
use crate::time::{Nanos, nanos, seconds};
use crate::{Cancel, Error};

/// Numbers heartbeats by their send times: each gap is as many heartbeats as the interval fits into
/// it, less those that were sent at once at its end.
pub(super) fn number_by_sent(rows: &mut [Row], every: Nanos, cancel: &Cancel) -> Result<(), Error> {
    let order = order_by(rows.len(), |row| rows[row].sent, cancel)?;
    // How much higher each number is than the one before.
    let mut steps: Vec<i64> = Vec::with_capacity(order.len());
    let mut last_gap: Option<usize> = None;
    for pair in order.windows(2) {
        let gap = rows[pair[1]].sent - rows[pair[0]].sent;
        let passed = (gap + every / 2) / every;
        if passed > 0 {
            last_gap = Some(steps.len());
            steps.push(passed);
        } else if gap > 0 {
            steps.push(1);
            // It is one of those that the gap before was counted for.
            if let Some(before) = last_gap.filter(|before| steps[*before] > 1) {
                steps[before] -= 1;
            }
        } else {
            steps.push(0);
        }
    }
    let mut number = 0;
    let mut steps = steps.into_iter();
    for row in order {
        rows[row].number = number;
        number += steps.next().unwrap_or(0);
    }
    Ok(())
}

/// Numbers heartbeats in the order in which they came.
pub(super) fn number_by_arrival(rows: &mut [Row], cancel: &Cancel) -> Result<(), Error> {
    let order = order_by(rows.len(), |row| rows[row].received, cancel)?;
    for (number, row) in order.into_iter().enumerate() {
        rows[row].number = number as i64;
    }
    Ok(())
}

/// Spans over which the interval is measured, in parts of the log: a stall spoils only one of them.
const SPANS: usize = 64;

/// Measurements of the interval, of which the median counts.
const MEASUREMENTS: usize = 1 << 16;

/// The time from one heartbeat to the next: the median, over spans of the log, of their length by the
/// heartbeats in them. The length of the whole log would take every stall for a slower schedule.
pub(super) fn measured_interval(arrivals: &Arrivals) -> Option<Nanos> {
    let mut measured = Vec::new();
    for session in arrivals.sessions() {
        let (sent, number) = (session.beats.sent(), session.beats.number());
        let lag = sent.len() / SPANS + 1;
        let stride = sent.len() / MEASUREMENTS + 1;
        for begin in (0..sent.len().saturating_sub(lag)).step_by(stride) {
            let heartbeats = number[begin + lag] - number[begin];
            if heartbeats > 0 {
                measured.push(seconds(sent[begin + lag] - sent[begin]) / heartbeats as f64);
            }
        }
    }
    if measured.is_empty() {
        return None;
    }
    let middle = measured.len() / 2;
    let interval = *measured.select_nth_unstable_by(middle, f64::total_cmp).1;
    (interval > 0.0).then(|| nanos(interval).max(1))
}
