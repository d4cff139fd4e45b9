use super::chen::lateness;
use super::window::{self, Window};
use super::{Deadline, Detector, OnePass, State};
use crate::heartbeat::Beat;
use crate::time::{Nanos, seconds};
use crate::{Error, domain};

/// Bertier, Marin and Sens: Chen's expected arrival with a margin that adapts as TCP's timeout does.
///
/// error = A_k - EA_k - delay; delay += gamma error; var += gamma (|error| - var);
/// deadline = EA + beta delay + gain var, with delay = var = 0 at the start. EA_k is the arrival that
/// was expected next, so that the wait for a lost heartbeat counts as an error and widens the margin.
///
/// The threshold is the gain (4 in the paper, as in TCP), without unit. O(1) a heartbeat. Stale
/// heartbeats are ignored.
///
/// Source: Bertier, Marin, Sens, "Implementation and performance evaluation of an adaptable failure
/// detector", DSN 2002.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bertier {
    window: usize,
    beta: f64,
    gamma: f64,
}

impl Bertier {
    /// The detector; `gamma` is the weight of the newest error, `beta` that of the mean error.
    pub fn new(window: usize, beta: f64, gamma: f64) -> Result<Self, Error> {
        Ok(Self {
            window: window::width("window", window)?,
            beta: domain::non_negative("beta", beta)?,
            gamma: domain::open_probability("gamma", gamma)?,
        })
    }
}

impl Detector for Bertier {
    fn newest_only(&self) -> bool {
        true
    }

    fn memory(&self) -> usize {
        // Heartbeats until what the first one said weighs less than a thousandth.
        let faded = libm::ceil(libm::log(1e-3) / libm::log1p(-self.gamma));
        self.window.max(faded.clamp(0.0, 1e9) as usize)
    }

    fn admit(&self, threshold: f64) -> Result<f64, Error> {
        domain::non_negative("gain", threshold)
    }
}

impl OnePass for Bertier {
    type State = Adapting;

    fn start(&self, every: Nanos) -> Adapting {
        Adapting {
            settings: *self,
            every,
            lateness: Window::new(self.window),
            expected: None,
            delay: 0.0,
            var: 0.0,
        }
    }
}

/// Bertier's detector at work; `delay` and `var` are in seconds.
#[derive(Debug, Clone)]
pub struct Adapting {
    settings: Bertier,
    every: Nanos,
    lateness: Window,
    /// The last arrival, and how long after it the next was expected.
    expected: Option<(Nanos, f64)>,
    delay: f64,
    var: f64,
}

impl State for Adapting {
    #[inline(always)]
    fn observe(&mut self, beat: Beat) -> Deadline {
        let Bertier { beta, gamma, .. } = self.settings;
        if let Some((last, expected)) = self.expected {
            let error = seconds(beat.received - last) - expected - self.delay;
            self.delay += gamma * error;
            self.var += gamma * (error.abs() - self.var);
        }
        let lateness = lateness(beat, self.every);
        self.lateness.push(lateness);
        let expected = (self.every as f64 + self.lateness.mean_from(lateness)) * 1e-9;
        self.expected = Some((beat.received, expected));
        Deadline {
            offset: expected + beta * self.delay,
            scale: self.var,
        }
    }
}
