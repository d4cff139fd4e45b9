/// How many trials ended how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcome {
    /// All of them.
    pub trials: u64,
    /// In which the first client held the lock: a majority, and time left at the check.
    pub acquired: u64,
    /// In which it had a majority, but the check found that no time was left.
    pub too_late: u64,
    /// In which no majority granted it in time.
    pub outvoted: u64,
    /// In which it still worked when, or began to work after, the other had got the lock since its check.
    pub stale: u64,
    /// In which both held the lock at once, the first one working: some of the stale.
    pub violations: u64,
    /// Violations in which the keys had run out when they were due, before a client that had paused had done its work.
    pub by_pause: u64,
    /// Violations for which keys had to run out early, since clocks jumped.
    pub by_jumps: u64,
    /// Violations for which keys had to be forgotten in crashes.
    pub by_crashes: u64,
    /// Violations for which it took both.
    pub by_both: u64,
}

impl Outcome {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            trials: self.trials + other.trials,
            acquired: self.acquired + other.acquired,
            too_late: self.too_late + other.too_late,
            outvoted: self.outvoted + other.outvoted,
            stale: self.stale + other.stale,
            violations: self.violations + other.violations,
            by_pause: self.by_pause + other.by_pause,
            by_jumps: self.by_jumps + other.by_jumps,
            by_crashes: self.by_crashes + other.by_crashes,
            by_both: self.by_both + other.by_both,
        }
    }
}
