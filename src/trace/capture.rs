use super::table::{Clock, Column, Table};
use super::words::Words;

/// Messages as they passed one place: a capture of heartbeats that nobody answers.
///
/// There is no delay in it, since when each was sent is not known, and a message that was lost on the
/// way has left no row. Where the capture was made at the receiver, the times are those of arrival and the gaps
/// between those of a flow are what a failure detector sees; at the sender they are those of sending.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Capture {
    /// What `received` counts from.
    pub clock: Clock,
    /// The unit the file has its times in.
    pub unit: &'static str,
    /// Place of each among those of its flow, from zero, in order of arrival.
    pub number: Vec<i64>,
    /// When it passed, in nanoseconds.
    pub received: Vec<i64>,
    /// From whom to whom.
    pub flow: Words,
    /// Bytes in it.
    pub size: Vec<i64>,
}

impl Capture {
    /// Nothing yet.
    pub fn new(clock: Clock, unit: &'static str) -> Self {
        Self {
            clock,
            unit,
            ..Self::default()
        }
    }

    /// Appends a message.
    pub fn push(&mut self, number: i64, received: i64, flow: &[u8], size: i64) {
        self.number.push(number);
        self.received.push(received);
        self.flow.push(flow);
        self.size.push(size);
    }

    pub(super) fn into_table(self) -> Table {
        vec![
            ("number", Column::Numbers(self.number)),
            ("received", Column::Nanos(self.received)),
            ("flow", Column::Words(self.flow)),
            ("size", Column::Numbers(self.size)),
        ]
    }
}
