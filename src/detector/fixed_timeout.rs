use super::{Deadline, Detector, Form, OnePass, State};
use crate::heartbeat::Beat;
use crate::time::Nanos;
use crate::{Error, domain};

/// Suspects when nothing has come for a fixed time: deadline = last arrival + timeout.
///
/// The threshold is that timeout, in seconds. O(1) and no memory. With `newest_only` a heartbeat
/// counts only when its number is above all before; otherwise every arrival restarts the clock,
/// duplicates and latecomers too.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FixedTimeout {
    /// Whether stale and duplicate heartbeats are ignored.
    pub newest_only: bool,
}

impl Detector for FixedTimeout {
    fn newest_only(&self) -> bool {
        self.newest_only
    }

    fn admit(&self, threshold: f64) -> Result<f64, Error> {
        domain::non_negative("timeout", threshold)
    }
}

impl OnePass for FixedTimeout {
    type State = Watching;

    const FORM: Form = Form::Fixed;

    fn start(&self, _every: Nanos) -> Watching {
        Watching
    }
}

/// A fixed timeout at work; it has nothing to remember.
#[derive(Debug, Clone, Copy)]
pub struct Watching;

impl State for Watching {
    #[inline(always)]
    fn observe(&mut self, _beat: Beat) -> Deadline {
        Deadline {
            offset: 0.0,
            scale: 1.0,
        }
    }
}
