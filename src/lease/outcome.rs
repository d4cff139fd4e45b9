/// What became of a lease in a run, or in several together.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Outcome {
    /// Seconds that were looked at.
    pub time: f64,
    /// Pauses of whoever held the lease.
    pub pauses: u64,
    /// How often the lease ran out under its holder.
    pub expired: u64,
    /// How often another got it while the holder that stood still took it for its own.
    pub two_holders: u64,
    /// Seconds for which two did.
    pub two_holders_time: f64,
    /// Seconds for which nobody held the lease.
    pub unheld_time: f64,
    /// Writes that were begun.
    pub writes: f64,
    /// Writes that took effect after the lease that they had looked at would have run out.
    pub unsafe_writes: u64,
    /// Those that did after another had got it.
    pub stale_writes: u64,
    /// Those that the storage took.
    pub accepted: u64,
}

impl Outcome {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            time: self.time + other.time,
            pauses: self.pauses + other.pauses,
            expired: self.expired + other.expired,
            two_holders: self.two_holders + other.two_holders,
            two_holders_time: self.two_holders_time + other.two_holders_time,
            unheld_time: self.unheld_time + other.unheld_time,
            writes: self.writes + other.writes,
            unsafe_writes: self.unsafe_writes + other.unsafe_writes,
            stale_writes: self.stale_writes + other.stale_writes,
            accepted: self.accepted + other.accepted,
        }
    }
}
