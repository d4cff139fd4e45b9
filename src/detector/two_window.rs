use super::chen::lateness;
use super::window::{self, Window};
use super::{Deadline, Detector, Form, OnePass, State};
use crate::heartbeat::Beat;
use crate::time::Nanos;
use crate::{Error, domain};

/// Two of Chen's estimates, one quick and one steady; the later of the two is believed.
///
/// deadline = max(EA over `short`, EA over `long`) + margin. The short window follows a sudden
/// slowdown at once, the long one keeps a single early heartbeat from drawing the deadline in.
///
/// The threshold is the margin, in seconds. O(1) a heartbeat. Stale heartbeats are ignored.
///
/// Source: Tomsic, Sens, Garcia, Arantes, Sopena, "2W-FD: A Failure Detector Algorithm with QoS",
/// IPDPS 2015.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoWindow {
    short: usize,
    long: usize,
}

impl TwoWindow {
    /// The detector with windows of `short` and `long` heartbeats, short <= long.
    pub fn new(short: usize, long: usize) -> Result<Self, Error> {
        let long = window::width("long", long)?;
        let short = domain::count("short", short, 1, long)?;
        Ok(Self { short, long })
    }
}

impl Detector for TwoWindow {
    fn newest_only(&self) -> bool {
        true
    }

    fn memory(&self) -> usize {
        self.long
    }

    fn admit(&self, threshold: f64) -> Result<f64, Error> {
        domain::finite("margin", threshold)
    }
}

impl OnePass for TwoWindow {
    type State = Expecting;

    const FORM: Form = Form::Shifted;

    fn start(&self, every: Nanos) -> Expecting {
        Expecting {
            every,
            short: Window::new(self.short),
            long: Window::new(self.long),
        }
    }
}

/// The two-window detector at work.
#[derive(Debug, Clone)]
pub struct Expecting {
    every: Nanos,
    short: Window,
    long: Window,
}

impl State for Expecting {
    #[inline(always)]
    fn observe(&mut self, beat: Beat) -> Deadline {
        let lateness = lateness(beat, self.every);
        self.short.push(lateness);
        self.long.push(lateness);
        let expected = self
            .short
            .mean_from(lateness)
            .max(self.long.mean_from(lateness));
        Deadline {
            offset: (self.every as f64 + expected) * 1e-9,
            scale: 1.0,
        }
    }
}
