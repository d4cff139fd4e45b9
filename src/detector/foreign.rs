use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

use super::{
    Beginning, Deadline, Detector, OnePass, PerThreshold, State, States, Timeouts, geometric,
};
use crate::heartbeat::{Beat, Beats};
use crate::time::Nanos;
use crate::{Error, domain};

/// A rule of somebody else's, from outside of this crate.
pub trait Foreign: Send + Sync + Debug {
    /// Begins to watch a node.
    fn start(&self, beginning: &Beginning) -> Box<dyn ForeignState>;

    /// Whether a heartbeat counts only when its number is above all before.
    fn newest_only(&self) -> bool;

    /// Heartbeats it must have seen before it can suspect at all.
    fn needs(&self) -> usize;

    /// Heartbeats after which it has forgotten how it started.
    fn memory(&self) -> usize;

    /// Whether it has failed since it was made; nothing it says counts then.
    fn failed(&self) -> bool;

    /// Whether another rule does the same.
    fn is_same(&self, other: &dyn Foreign) -> bool;

    /// The rule as what it is.
    fn as_any(&self) -> &dyn Any;
}

/// A foreign rule at work. One that fails says so through [`Foreign::failed`], and what it leaves in the
/// columns does not matter.
pub trait ForeignState: Send + Debug {
    /// Takes heartbeats in and says by when the next is due: offsets and scales of deadlines.
    fn deadlines(&mut self, beats: Beats<'_>, offsets: &mut [f64], scales: &mut [f64]);

    /// Takes heartbeats in and says how long to wait after each at each of the thresholds.
    fn timeouts(&mut self, beats: Beats<'_>, thresholds: &[f64], timeouts: &mut Timeouts);

    /// One that knows the same.
    fn copied(&self) -> Box<dyn ForeignState>;
}

macro_rules! foreign_detector {
    ($name:ident, $doc:literal) => {
        #[doc = $doc]
        #[derive(Debug, Clone)]
        pub struct $name(pub Arc<dyn Foreign>);

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                Arc::ptr_eq(&self.0, &other.0) || self.0.is_same(&*other.0)
            }
        }

        impl Detector for $name {
            fn newest_only(&self) -> bool {
                self.0.newest_only()
            }

            fn needs(&self) -> usize {
                self.0.needs()
            }

            fn memory(&self) -> usize {
                self.0.memory()
            }

            fn admit(&self, threshold: f64) -> Result<f64, Error> {
                domain::finite("threshold", threshold)
            }

            fn check(&self) -> Result<(), Error> {
                if self.0.failed() {
                    Err(Error::Foreign)
                } else {
                    Ok(())
                }
            }
        }
    };
}

foreign_detector!(
    ForeignDeadline,
    "A foreign rule whose deadlines are affine in the threshold."
);
foreign_detector!(
    ForeignLevel,
    "A foreign rule that says how suspicious a silence is; the threshold is that level."
);

/// A foreign rule at work.
#[derive(Debug)]
pub struct AtWork {
    state: Box<dyn ForeignState>,
    thresholds: Box<[f64]>,
}

impl Clone for AtWork {
    fn clone(&self) -> Self {
        Self {
            state: self.state.copied(),
            thresholds: self.thresholds.clone(),
        }
    }
}

impl OnePass for ForeignDeadline {
    type State = AtWork;

    fn start(&self, every: Nanos) -> AtWork {
        let beginning = Beginning {
            every,
            replication: 0,
        };
        AtWork {
            state: self.0.start(&beginning),
            thresholds: [].into(),
        }
    }
}

impl State for AtWork {
    fn observe(&mut self, beat: Beat) -> Deadline {
        let (mut offset, mut scale) = ([f64::INFINITY], [1.0]);
        let (received, sent, number) = ([beat.received], [beat.sent], [beat.number]);
        let beats = Beats::new(&received, &sent, &number);
        self.state.deadlines(beats, &mut offset, &mut scale);
        let ([offset], [scale]) = (offset, scale);
        Deadline { offset, scale }
    }

    fn observe_all(&mut self, beats: Beats<'_>, offsets: &mut [f64], scales: &mut [f64]) {
        self.state.deadlines(beats, offsets, scales);
    }
}

impl PerThreshold for ForeignLevel {
    type States = AtWork;

    fn start(&self, beginning: &Beginning, thresholds: &[f64]) -> AtWork {
        AtWork {
            state: self.0.start(beginning),
            thresholds: thresholds.into(),
        }
    }

    fn candidates(&self, _shortest: f64, _longest: f64) -> Vec<f64> {
        geometric(1e-2, 1e3)
    }
}

impl States for AtWork {
    fn observe_all(&mut self, beats: Beats<'_>, timeouts: &mut Timeouts) {
        self.state.timeouts(beats, &self.thresholds, timeouts);
    }
}
