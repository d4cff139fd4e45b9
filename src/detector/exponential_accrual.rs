use std::f64::consts::LN_10;

use super::window::{self, Window};
use super::{Deadline, Detector, OnePass, State};
use crate::heartbeat::Beat;
use crate::time::{self, Nanos};
use crate::{Error, domain};

/// Accrual with an exponential law of the gaps: suspicion is the silence over the mean gap.
///
/// Two scales for the same thing. Cassandra: phi(t) = (t/mean)/ln 10, suspected when phi > threshold,
/// so 8 means 18.4 mean gaps. ED-FD: e(t) = 1 - exp(-t/mean), suspected when e > threshold in (0, 1);
/// e = 1 - 10^-phi. A gap above `max_interval` does not enter the mean; `initial` stands in the
/// window from the first heartbeat on, as if it had been a gap.
///
/// O(1) a heartbeat; the sum runs over whole nanoseconds. Needs neither numbers nor send times.
///
/// Sources: apache/cassandra `gms/FailureDetector.java`; Xiong, Defago, "ED FD: Improving the Phi
/// Accrual Failure Detector", 2007.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExponentialAccrual {
    window: usize,
    initial: Option<Nanos>,
    max_interval: Option<Nanos>,
    scale: Scale,
    newest_only: bool,
}

/// How the suspicion of an [`ExponentialAccrual`] is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Cassandra's phi: -log10 of the probability that the silence goes on.
    Phi,
    /// ED-FD's: the probability that the silence would have ended by now.
    Probability,
}

impl ExponentialAccrual {
    /// The detector over the last `window` gaps; `initial` and `max_interval` are in seconds.
    pub fn new(
        window: usize,
        initial: Option<f64>,
        max_interval: Option<f64>,
        scale: Scale,
        newest_only: bool,
    ) -> Result<Self, Error> {
        Ok(Self {
            window: window::width("window", window)?,
            initial: initial
                .map(|span| time::span("initial", span))
                .transpose()?,
            max_interval: max_interval
                .map(|span| time::span("max_interval", span))
                .transpose()?,
            scale,
            newest_only,
        })
    }
}

impl Detector for ExponentialAccrual {
    fn newest_only(&self) -> bool {
        self.newest_only
    }

    fn needs(&self) -> usize {
        if self.initial.is_some() { 1 } else { 2 }
    }

    fn memory(&self) -> usize {
        self.window + 1
    }

    fn admit(&self, threshold: f64) -> Result<f64, Error> {
        match self.scale {
            Scale::Phi => domain::positive("phi", threshold),
            Scale::Probability => domain::open_probability("suspicion", threshold),
        }
    }

    fn inner(&self, threshold: f64) -> f64 {
        match self.scale {
            Scale::Phi => threshold * LN_10,
            Scale::Probability => -libm::log1p(-threshold),
        }
    }

    fn outer(&self, inner: f64) -> f64 {
        match self.scale {
            Scale::Phi => inner / LN_10,
            Scale::Probability => -libm::expm1(-inner),
        }
    }
}

impl OnePass for ExponentialAccrual {
    type State = Accruing;

    fn start(&self, _every: Nanos) -> Accruing {
        Accruing {
            initial: self.initial,
            longest: self.max_interval.unwrap_or(Nanos::MAX),
            gaps: Window::new(self.window),
            last: None,
        }
    }
}

/// Exponential accrual at work.
#[derive(Debug, Clone)]
pub struct Accruing {
    initial: Option<Nanos>,
    longest: Nanos,
    gaps: Window,
    last: Option<Nanos>,
}

impl State for Accruing {
    #[inline(always)]
    fn observe(&mut self, beat: Beat) -> Deadline {
        let gap = match self.last.replace(beat.received) {
            Some(last) => Some(beat.received - last).filter(|gap| *gap <= self.longest),
            None => self.initial,
        };
        if let Some(gap) = gap {
            self.gaps.push(gap);
        }
        if self.gaps.len() == 0 {
            return Deadline::NEVER;
        }
        Deadline {
            offset: 0.0,
            scale: self.gaps.mean_from(0) * 1e-9,
        }
    }
}
