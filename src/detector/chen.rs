use super::window::{self, Window};
use super::{Deadline, Detector, Form, OnePass, State};
use crate::heartbeat::Beat;
use crate::time::{Nanos, seconds};
use crate::{Error, domain};

/// Chen, Toueg and Aguilera's detector: suspects a safety margin after the next heartbeat is expected.
///
/// NFD-E estimates the expected arrival of heartbeat l+1 from the last n received, each moved to a
/// common origin by its place in the schedule:
/// EA = mean(A_i - eta s_i) + (l+1) eta, and the deadline is EA + margin. NFD-S, for a clock that
/// sender and receiver share, needs no estimate: the deadline is the send time of l+1 plus the
/// margin. Stale heartbeats are ignored by both.
///
/// The threshold is the margin (alpha, or delta for NFD-S), in seconds. O(1) a heartbeat; the sum
/// runs over whole nanoseconds relative to the schedule, so it neither cancels nor drifts.
///
/// Source: Chen, Toueg, Aguilera, "On the Quality of Service of Failure Detectors", IEEE Trans.
/// Computers 51(5), 2002.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chen {
    window: usize,
    synchronized: bool,
}

impl Chen {
    /// NFD-E over the last `window` heartbeats, or NFD-S where the clocks are `synchronized`.
    pub fn new(window: usize, synchronized: bool) -> Result<Self, Error> {
        Ok(Self {
            window: window::width("window", window)?,
            synchronized,
        })
    }
}

impl Detector for Chen {
    fn newest_only(&self) -> bool {
        true
    }

    fn memory(&self) -> usize {
        if self.synchronized { 1 } else { self.window }
    }

    fn admit(&self, threshold: f64) -> Result<f64, Error> {
        domain::finite("margin", threshold)
    }

    fn needs_shared_clock(&self) -> bool {
        self.synchronized
    }
}

impl OnePass for Chen {
    type State = Expecting;

    const FORM: Form = Form::Shifted;

    fn start(&self, every: Nanos) -> Expecting {
        Expecting {
            every,
            lateness: (!self.synchronized).then(|| Window::new(self.window)),
        }
    }
}

/// Chen's detector at work.
#[derive(Debug, Clone)]
pub struct Expecting {
    every: Nanos,
    lateness: Option<Window>,
}

impl State for Expecting {
    #[inline(always)]
    fn observe(&mut self, beat: Beat) -> Deadline {
        let offset = match &mut self.lateness {
            Some(window) => {
                let lateness = lateness(beat, self.every);
                window.push(lateness);
                (self.every as f64 + window.mean_from(lateness)) * 1e-9
            }
            None => seconds(beat.sent + self.every - beat.received),
        };
        Deadline { offset, scale: 1.0 }
    }
}

/// Arrival less scheduled send time, up to a constant of the run.
#[inline]
pub(super) fn lateness(beat: Beat, every: Nanos) -> Nanos {
    beat.received - every * beat.number
}
