use super::{Deadline, Detector, Form, OnePass, State};
use crate::heartbeat::Beat;
use crate::time::{self, Nanos, seconds};
use crate::{Error, domain};

/// Suspects when the next heartbeat, due an interval after the last, is overdue by a fixed time.
///
/// deadline = last arrival + interval + pause, with the pause as threshold, in seconds. Akka's
/// `DeadlineFailureDetector` counts so, and a monitor that sends a ping an interval after the last
/// answer and allows so much time for the next. O(1) and no memory.
///
/// Source: akka/akka `DeadlineFailureDetector.scala`; redis/redis `sentinel.c`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overdue {
    interval: Nanos,
    newest_only: bool,
}

impl Overdue {
    /// The detector for heartbeats that are due every `interval` seconds.
    pub fn new(interval: f64, newest_only: bool) -> Result<Self, Error> {
        Ok(Self {
            interval: time::span("interval", interval)?,
            newest_only,
        })
    }
}

impl Detector for Overdue {
    fn newest_only(&self) -> bool {
        self.newest_only
    }

    fn admit(&self, threshold: f64) -> Result<f64, Error> {
        domain::non_negative("pause", threshold)
    }
}

impl OnePass for Overdue {
    type State = Waiting;

    const FORM: Form = Form::Shifted;

    fn start(&self, _every: Nanos) -> Waiting {
        Waiting {
            interval: seconds(self.interval),
        }
    }
}

/// An overdue detector at work; it has nothing to remember.
#[derive(Debug, Clone, Copy)]
pub struct Waiting {
    interval: f64,
}

impl State for Waiting {
    #[inline(always)]
    fn observe(&mut self, _beat: Beat) -> Deadline {
        Deadline {
            offset: self.interval,
            scale: 1.0,
        }
    }
}
