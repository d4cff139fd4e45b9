/// When a detector will begin to suspect, for every threshold at once.
///
/// With `h` the threshold on the detector's inner scale, suspicion begins once
/// `offset + scale * h` seconds have passed since the heartbeat that set the deadline, unless
/// another one is accepted by then. One that comes at the very deadline is in time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deadline {
    /// Seconds at threshold zero; infinite while the detector does not know enough to suspect.
    pub offset: f64,
    /// Seconds per unit of threshold, zero or more.
    pub scale: f64,
}

impl Deadline {
    /// A deadline that never comes.
    pub const NEVER: Self = Self {
        offset: f64::INFINITY,
        scale: 1.0,
    };

    /// The threshold at which the deadline comes exactly `elapsed` seconds after the heartbeat that
    /// set it: thresholds below are past their deadline by then.
    #[inline]
    pub fn level(&self, elapsed: f64) -> f64 {
        self.level_of(elapsed - self.offset)
    }

    /// The threshold at which the deadline comes `late` seconds after the offset.
    #[inline]
    pub(crate) fn level_of(&self, late: f64) -> f64 {
        if self.scale > 0.0 {
            late / self.scale
        } else if late > 0.0 {
            f64::INFINITY
        } else {
            f64::NEG_INFINITY
        }
    }
}
