use serde::{Deserialize, Serialize};

/// What became of the heartbeats of a log or a simulation: everything that was not simply received
/// once and in order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Census {
    /// Heartbeats in the log, or sent by the model.
    pub rows: u64,
    /// Arrivals that detectors see, duplicates included.
    pub arrivals: u64,
    /// Heartbeats never received, by the gaps in their numbers.
    pub lost: u64,
    /// Heartbeats that a paused sender left out, where the model knows; a log counts them as lost.
    pub skipped: u64,
    /// Heartbeats still on their way when the observation ended, where the model knows.
    pub in_flight: u64,
    /// Arrivals of a heartbeat that had already come.
    pub duplicates: u64,
    /// Arrivals after a heartbeat with a higher number (RFC 4737).
    pub reordered: u64,
    /// Times at which a clock went back or the numbers began anew; each begins a new session.
    pub resets: u64,
    /// Rows left out because a value they need is missing.
    pub unreadable: u64,
}

impl Census {
    /// Both together.
    pub fn plus(&self, other: &Self) -> Self {
        Self {
            rows: self.rows + other.rows,
            arrivals: self.arrivals + other.arrivals,
            lost: self.lost + other.lost,
            skipped: self.skipped + other.skipped,
            in_flight: self.in_flight + other.in_flight,
            duplicates: self.duplicates + other.duplicates,
            reordered: self.reordered + other.reordered,
            resets: self.resets + other.resets,
            unreadable: self.unreadable + other.unreadable,
        }
    }
}
