use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::Error;

/// What a long computation shares with whoever waits for it: a request to stop, and how far it is.
#[derive(Debug, Default)]
pub struct Cancel {
    requested: AtomicBool,
    done: AtomicU64,
}

impl Cancel {
    /// Asks every worker to stop at its next checkpoint.
    pub fn request(&self) {
        self.requested.store(true, Ordering::Relaxed);
    }

    /// Whether a stop was requested.
    pub fn requested(&self) -> bool {
        self.requested.load(Ordering::Relaxed)
    }

    /// Returns [`Error::Cancelled`] once a stop was requested.
    pub fn checkpoint(&self) -> Result<(), Error> {
        if self.requested() {
            Err(Error::Cancelled)
        } else {
            Ok(())
        }
    }

    /// Records `units` of finished work, then does what [`checkpoint`](Self::checkpoint) does.
    pub fn advance(&self, units: u64) -> Result<(), Error> {
        self.done.fetch_add(units, Ordering::Relaxed);
        self.checkpoint()
    }

    /// Units of work finished so far.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }
}
