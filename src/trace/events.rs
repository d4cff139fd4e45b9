use super::table::{Clock, Column, MISSING, Table};
use super::words::Words;

/// What members of a cluster wrote about each other and themselves: suspicions, failures, elections.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Events {
    /// What `at` counts from.
    pub clock: Clock,
    /// The unit the file has its durations in.
    pub unit: &'static str,
    /// When, in nanoseconds; [`MISSING`] where the line does not say.
    pub at: Vec<i64>,
    /// What happened: `suspect`, `down`, `up`, `election`, `late heartbeat`, `pause`, ...
    pub event: Words,
    /// Whom it happened to.
    pub node: Words,
    /// Who wrote it.
    pub by: Words,
    /// How long it took, in nanoseconds, where the line says; [`MISSING`] otherwise.
    pub length: Vec<i64>,
}

/// A row of [`Events`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Event<'a> {
    /// When.
    pub at: Option<i64>,
    /// What happened.
    pub event: &'static str,
    /// Whom it happened to.
    pub node: &'a [u8],
    /// Who wrote it.
    pub by: &'a [u8],
    /// How long it took.
    pub length: Option<i64>,
}

impl Events {
    /// Nothing yet.
    pub fn new(clock: Clock, unit: &'static str) -> Self {
        Self {
            clock,
            unit,
            ..Self::default()
        }
    }

    /// Appends an event.
    pub fn push(&mut self, event: Event<'_>) {
        self.at.push(event.at.unwrap_or(MISSING));
        self.event.push(event.event.as_bytes());
        self.node.push(event.node);
        self.by.push(event.by);
        self.length.push(event.length.unwrap_or(MISSING));
    }

    pub(super) fn into_table(self) -> Table {
        vec![
            ("at", Column::Nanos(self.at)),
            ("event", Column::Words(self.event)),
            ("node", Column::Words(self.node)),
            ("by", Column::Words(self.by)),
            ("length", Column::Nanos(self.length)),
        ]
    }
}
