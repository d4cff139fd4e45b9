#![allow(
    clippy::disallowed_methods,
    reason = "a recording is of the machine it is made on, not of a seed"
)]

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::time::Nanos;

/// Shortest time a machine is said to have been suspended for; below it two clocks that are read one
/// after the other may differ by chance.
const SHORTEST_SUSPENSION: Nanos = 10_000_000;

/// The monotonic clock of a recording, and how long the machine was suspended, which it leaves out.
#[derive(Debug)]
pub struct Clock {
    origin: Instant,
    /// The time of day at the origin, in nanoseconds since 1970.
    pub started: i64,
    /// What the clock of the system's boot is ahead of the monotonic one, where there is such a clock.
    ahead: Option<Nanos>,
}

impl Clock {
    pub fn start() -> Self {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            origin: Instant::now(),
            started: since_1970.map_or(0, |span| span.as_nanos() as i64),
            ahead: ahead(),
        }
    }

    /// Nanoseconds since the recording began.
    pub fn now(&self) -> Nanos {
        self.origin.elapsed().as_nanos() as Nanos
    }

    /// The span from an earlier moment until now.
    pub fn since(&self, moment: Nanos) -> Duration {
        Duration::from_nanos((self.now() - moment).max(0) as u64)
    }

    /// Whether suspensions would be seen here.
    pub fn sees_suspensions(&self) -> bool {
        self.ahead.is_some()
    }

    /// How long the machine was suspended since this was last asked, if it was.
    pub fn suspended(&mut self) -> Option<Nanos> {
        let before = self.ahead?;
        // A pause between the two readings makes the difference look longer, once but not thrice.
        let mut now = Nanos::MAX;
        for _ in 0..3 {
            now = now.min(ahead()?);
            if now - before < SHORTEST_SUSPENSION {
                return None;
            }
        }
        self.ahead = Some(now);
        Some(now - before)
    }
}

#[cfg(target_os = "linux")]
fn ahead() -> Option<Nanos> {
    use rustix::time::{ClockId, Timespec, clock_gettime};
    let nanos = |time: Timespec| {
        (time.tv_sec as Nanos)
            .saturating_mul(1_000_000_000)
            .saturating_add(time.tv_nsec as Nanos)
    };
    let monotonic = nanos(clock_gettime(ClockId::Monotonic));
    Some(nanos(clock_gettime(ClockId::Boottime)).saturating_sub(monotonic))
}

#[cfg(not(target_os = "linux"))]
fn ahead() -> Option<Nanos> {
    None
}
