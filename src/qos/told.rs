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

    const FORM: Form = Form::Alone;

    fn start(&self, _every: Nanos) -> Telling {
        Telling {
            sheet: Sheet::default(),
            missing: self.needs,
        }
    }
}

/// What a detector is told before it watches heartbeats, in seconds; used up when it has watched them.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    /// How long to wait after each heartbeat that counts.
    timeouts: Vec<f64>,
    used: usize,
    /// The same, had those been sent that others have overtaken and nothing after them.
    foreseen: Vec<f64>,
    used_foreseen: usize,
}

impl Sheet {
    /// Writes it anew.
    pub fn write(&mut self, timeouts: &[f64], foreseen: &[f64]) {
        self.blank(timeouts.len()).copy_from_slice(timeouts);
        self.foreseen.extend_from_slice(foreseen);
    }

    /// Clears it, with room for so many timeouts.
    pub fn blank(&mut self, many: usize) -> &mut [f64] {
        self.foreseen.clear();
        (self.used, self.used_foreseen) = (0, 0);
        self.timeouts.resize(many, 0.0);
        &mut self.timeouts
    }
}

/// A [`Told`] detector at work.
#[derive(Debug, Clone)]
pub(super) struct Telling {
    sheet: Sheet,
    /// Heartbeats until it knows enough.
    missing: usize,
}

impl Telling {
    /// Exchanges the sheet, one of which is enough for those that work one after the other.
    pub fn exchange_sheet(&mut self, sheet: &mut Sheet) {
        std::mem::swap(&mut self.sheet, sheet);
    }
}

impl State for Telling {
    fn observe(&mut self, _beat: Beat) -> Deadline {
        let timeout = self.sheet.timeouts.get(self.sheet.used).copied();
        self.sheet.used += 1;
        self.missing = self.missing.saturating_sub(1);
        Deadline {
            offset: timeout.unwrap_or(f64::INFINITY),
            scale: 1.0,
        }
    }

    fn foresee(&mut self, _beat: Beat) -> Deadline {
        let timeout = self.sheet.foreseen.get(self.sheet.used_foreseen).copied();
        self.sheet.used_foreseen += 1;
        Deadline {
            offset: timeout.unwrap_or(f64::INFINITY),
            scale: 1.0,
        }
    }

    fn pass_over(&mut self, _beat: Beat) {
        self.sheet.used_foreseen += 1;
    }

    fn is_ready(&self, _deadline: Deadline) -> bool {
        // The same at all thresholds, so that they are watched for the same time.
        self.missing == 0
    }

    fn observe_all(&mut self, beats: Beats<'_>, offsets: &mut [f64], _scales: &mut [f64]) {
        // The scales are one from the beginning on.
        let n = beats.len();
        offsets[..n].copy_from_slice(&self.sheet.timeouts[self.sheet.used..][..n]);
        self.sheet.used += n;
        self.missing = self.missing.saturating_sub(n);
    }
}
