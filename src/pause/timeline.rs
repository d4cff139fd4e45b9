use serde::{Deserialize, Serialize};

use crate::time::{LONGEST, Nanos, nanos};
use crate::{Error, domain};

/// An interval in which a process stands still: from `start` until, but not at, `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// When it stops.
    pub start: Nanos,
    /// When it goes on.
    pub end: Nanos,
}

/// The pauses of one process, in order and apart from each other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    pauses: Vec<Pause>,
}

impl Timeline {
    /// Builds the timeline from starts and durations in seconds, in any order.
    ///
    /// Pauses that overlap or touch become one.
    pub fn new(starts: &[f64], durations: &[f64]) -> Result<Self, Error> {
        if starts.len() != durations.len() {
            return Err(Error::argument(
                "lasting",
                format!("{} values", durations.len()),
                format!("{}, one for each start", starts.len()),
            ));
        }
        let mut pauses = Vec::with_capacity(starts.len());
        for (&start, &duration) in starts.iter().zip(durations) {
            let start = domain::non_negative("starts", start)?;
            let duration = domain::non_negative("lasting", duration)?;
            if start + duration > LONGEST {
                return Err(Error::argument(
                    "starts",
                    start,
                    "pauses that end within a century",
                ));
            }
            let start = nanos(start);
            pauses.push(Pause {
                start,
                end: start + nanos(duration),
            });
        }
        pauses.sort_unstable_by_key(|pause| (pause.start, pause.end));
        let mut timeline = Self::default();
        for pause in pauses {
            timeline.push(pause);
        }
        Ok(timeline)
    }

    /// Adds a pause that starts no earlier than the last one.
    fn push(&mut self, pause: Pause) {
        match self.pauses.last_mut() {
            Some(last) if pause.start <= last.end => last.end = last.end.max(pause.end),
            _ => self.pauses.push(pause),
        }
    }

    /// The pauses in order.
    pub fn pauses(&self) -> &[Pause] {
        &self.pauses
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::seconds;

    #[test]
    fn overlapping_and_touching_pauses_become_one() {
        let timeline = Timeline::new(&[5.0, 1.0, 2.0, 6.0], &[1.0, 2.0, 0.5, 1.0]).unwrap();
        let ends: Vec<(f64, f64)> = timeline
            .pauses()
            .iter()
            .map(|p| (seconds(p.start), seconds(p.end)))
            .collect();
        assert_eq!(ends, [(1.0, 3.0), (5.0, 7.0)]);
    }
}
