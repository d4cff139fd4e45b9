use super::table::{Clock, Column, MISSING, Table};
use super::words::Words;

/// What a process, its runtime or its machine wrote about standing still.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PauseLog {
    /// What `start` counts from.
    pub clock: Clock,
    /// The unit the file has its durations in.
    pub unit: &'static str,
    /// When each pause began, in nanoseconds; [`MISSING`] where the log does not say.
    pub start: Vec<i64>,
    /// How long it lasted, in nanoseconds.
    pub length: Vec<i64>,
    /// Why.
    pub cause: Words,
    /// What the figure measures: `stop` for all that kept the process from running, `collection` for the
    /// part of a garbage collection that did. A stop may have a collection in it.
    pub kind: Words,
    /// First and last moment that the log covers, in nanoseconds, where it says.
    pub covered: Option<(i64, i64)>,
}

impl PauseLog {
    /// No pause yet.
    pub fn new(clock: Clock, unit: &'static str) -> Self {
        Self {
            clock,
            unit,
            ..Self::default()
        }
    }

    /// Appends a pause.
    pub fn push(&mut self, start: Option<i64>, length: i64, cause: &[u8], kind: &'static str) {
        self.start.push(start.unwrap_or(MISSING));
        self.length.push(length);
        self.cause.push(cause);
        self.kind.push(kind.as_bytes());
    }

    /// Notes that the log was being written at a moment.
    pub fn cover(&mut self, at: i64) {
        self.covered = Some(match self.covered {
            Some((first, last)) => (first.min(at), last.max(at)),
            None => (at, at),
        });
    }

    pub(super) fn into_table(self) -> Table {
        vec![
            ("start", Column::Nanos(self.start)),
            ("length", Column::Nanos(self.length)),
            ("cause", Column::Words(self.cause)),
            ("kind", Column::Words(self.kind)),
        ]
    }
}
