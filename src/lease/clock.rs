use crate::{Error, domain};

/// By what time is told: how fast a clock runs, what it leaves out, and how it is set.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Clock {
    /// Seconds that it gains in a second; below zero it is slow.
    pub drift: f64,
    /// Whether it stands still while the machine is suspended, as Linux's CLOCK_MONOTONIC does.
    pub stops_in_suspend: bool,
    /// How it is set while it runs, if it is.
    pub steps: Option<Steps>,
}

/// A clock that is set at random moments, an exponential time apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Steps {
    /// Mean time from one to the next, in seconds.
    pub every: f64,
    /// By how much it is set forward, in seconds; below zero it is set back.
    pub by: f64,
}

/// A clock gains or loses at most so many seconds in a second.
const MOST_DRIFT: f64 = 0.5;

/// A clock is set by at most such a share of the time between.
const MOST_SET: f64 = 0.5;

impl Clock {
    /// Checks every part.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for the first that is out of its range.
    pub fn checked(self) -> Result<Self, Error> {
        if !(-MOST_DRIFT..=MOST_DRIFT).contains(&self.drift) {
            return Err(Error::argument(
                "drift",
                self.drift,
                "seconds gained in a second, from -0.5 to 0.5",
            ));
        }
        if let Some(steps) = self.steps {
            domain::positive("step_every", steps.every)?;
            if !(1.0..).contains(&steps.every) {
                return Err(Error::argument(
                    "step_every",
                    steps.every,
                    "a second or more",
                ));
            }
            domain::finite("step_by", steps.by)?;
            if steps.by.abs() > MOST_SET * steps.every {
                return Err(Error::argument(
                    "step_by",
                    steps.by,
                    format!("at most half of step_every = {} either way", steps.every),
                ));
            }
        }
        Ok(self)
    }

    /// How fast it runs.
    pub(super) fn rate(&self) -> f64 {
        1.0 + self.drift
    }
}
