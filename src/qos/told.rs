use crate::Error;
use crate::detector::{Deadline, Detector, Form, OnePass, State};
use crate::heartbeat::{Beat, Beats};
use crate::time::Nanos;

/// A detector at one threshold that is told its deadlines by somebody who knows them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    pub newest_only: bool,
    pub needs: usize,
}

impl Detector for Told {
    fn newest_only(&self) -> bool {
        self.newest_only
    }

    fn admit(&self, threshold: f64) -> Result<f64, Error> {
        Ok(threshold)
    }
}

impl OnePass for Told {
    type State = Telling;

    const FORM: Form = Form::Shifted;

    fn start(&self, _every: Nanos) -> Telling {
        Telling {
            timeouts: Vec::new(),
            used: 0,
            foreseen: Vec::new(),
            missing: self.needs,
        }
    }
}

/// What a [`Told`] detector has been told and not used yet.
#[derive(Debug, Clone)]
pub(super) struct Telling {
    timeouts: Vec<f64>,
    used: usize,
    /// For heartbeats that others have overtaken, the last of them first.
    foreseen: Vec<f64>,
    /// Heartbeats until it knows enough.
    missing: usize,
}

impl Telling {
    /// Tells the timeouts after the heartbeats that come next, in seconds.
    pub fn tell(&mut self, timeouts: &[f64]) {
        self.timeouts.drain(..self.used);
        self.used = 0;
        self.timeouts.extend_from_slice(timeouts);
    }

    /// Tells the timeout that an overtaken heartbeat would have set.
    pub fn tell_foreseen(&mut self, timeout: f64) {
        self.foreseen.insert(0, timeout);
    }
}

impl State for Telling {
    fn observe(&mut self, _beat: Beat) -> Deadline {
        let timeout = self.timeouts.get(self.used).copied();
        self.used += 1;
        self.missing = self.missing.saturating_sub(1);
        Deadline {
            offset: timeout.unwrap_or(f64::INFINITY),
            scale: 1.0,
        }
    }

    fn foresee(&mut self, _beat: Beat) -> Deadline {
        Deadline {
            offset: self.foreseen.pop().unwrap_or(f64::INFINITY),
            scale: 1.0,
        }
    }

    fn is_settled(&self) -> bool {
        self.missing == 0
    }

    fn observe_all(&mut self, beats: Beats<'_>, offsets: &mut [f64], scales: &mut [f64]) {
        let n = beats.len();
        offsets[..n].copy_from_slice(&self.timeouts[self.used..][..n]);
        scales[..n].fill(1.0);
        self.used += n;
        self.missing = self.missing.saturating_sub(n);
    }
}
