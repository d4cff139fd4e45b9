use serde::{Deserialize, Serialize};

use crate::pause::Pause;
use crate::time::Nanos;

/// The monitor's own pauses in a run, the first of them: they put off what it would have noticed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Naps {
    pauses: Vec<Pause>,
    more: bool,
}

/// Pauses that are kept.
const MOST: usize = 1 << 12;

impl Naps {
    /// Takes in a pause that follows all before.
    pub fn push(&mut self, pause: Pause) {
        if self.pauses.len() < MOST {
            self.pauses.push(pause);
        } else {
            self.more = true;
        }
    }

    /// The pauses that are kept.
    pub fn pauses(&self) -> &[Pause] {
        &self.pauses
    }

    /// Until when it is known whether the monitor is awake.
    pub fn known_until(&self) -> Nanos {
        match self.pauses.last() {
            Some(last) if self.more => last.start,
            _ => Nanos::MAX,
        }
    }
}
