//! Failure detectors: what they expect next, and when they begin to suspect.
//!
//! All of them are affine in their threshold (see [`Deadline`]). To add one: a file that implements
//! [`Detector`] and [`State`], and a line in `detectors!` below.

mod bertier;
mod chen;
mod deadline;
mod exponential_accrual;
mod fixed_timeout;
mod phi_accrual;
mod two_window;
mod window;

pub use deadline::Deadline;
pub use exponential_accrual::Scale;

use crate::Error;
use crate::heartbeat::{Beat, Beats};
use crate::time::Nanos;

/// A failure detector with its settings, all but the threshold.
pub trait Detector {
    /// What it remembers while it watches.
    type State: State + Clone + Send + std::fmt::Debug;

    /// What its deadlines have in common.
    const FORM: Form = Form::Affine;

    /// Begins to watch a node that sends a heartbeat every `every`.
    fn start(&self, every: Nanos) -> Result<Self::State, Error>;

    /// Whether a heartbeat counts only when its number is above all before.
    fn newest_only(&self) -> bool;

    /// Heartbeats it must have seen before it can suspect at all.
    fn needs(&self) -> usize {
        1
    }

    /// Heartbeats after which it has forgotten how it started.
    fn memory(&self) -> usize {
        1
    }

    /// Admits a threshold or says what it expected.
    fn admit(&self, threshold: f64) -> Result<f64, Error>;

    /// The threshold on the inner scale, on which the deadline is affine; a rising function.
    fn inner(&self, threshold: f64) -> f64 {
        threshold
    }

    /// The threshold as its users write it: undoes [`inner`](Self::inner).
    fn outer(&self, inner: f64) -> f64 {
        inner
    }

    /// Whether the log must have send times on the receiver's clock.
    fn needs_shared_clock(&self) -> bool {
        false
    }
}

/// What the deadlines of a detector have in common; the sweep takes short cuts where it can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Offset zero and scale one.
    Fixed,
    /// Any offset, and scale one.
    Shifted,
    /// Any offset and scale.
    Affine,
}

/// A detector at work.
pub trait State {
    /// Takes an accepted heartbeat in and says by when the next one is due.
    fn observe(&mut self, beat: Beat) -> Deadline;

    /// Does so for many heartbeats, as many as `offsets` and `scales` have room for.
    #[inline]
    fn observe_all(&mut self, beats: Beats<'_>, offsets: &mut [f64], scales: &mut [f64]) {
        for ((beat, offset), scale) in beats.iter().zip(offsets).zip(scales) {
            let deadline = self.observe(beat);
            (*offset, *scale) = (deadline.offset, deadline.scale);
        }
    }
}

macro_rules! detectors {
    ($($file:ident :: $name:ident),+ $(,)?) => {
        $(pub use $file::$name;)+

        /// Any failure detector.
        #[derive(Debug, Clone, PartialEq)]
        #[allow(missing_docs, reason = "each variant is the detector of its name")]
        pub enum AnyDetector {
            $($name($name),)+
        }

        $(impl From<$name> for AnyDetector {
            fn from(detector: $name) -> Self {
                Self::$name(detector)
            }
        })+

        /// Calls generic code with the detector inside.
        macro_rules! with_detector {
            ($any:expr, $detector:ident => $result:expr) => {
                match $any {
                    $($crate::detector::AnyDetector::$name($detector) => $result,)+
                }
            };
        }
        pub(crate) use with_detector;
    };
}

detectors!(
    fixed_timeout::FixedTimeout,
    chen::Chen,
    two_window::TwoWindow,
    bertier::Bertier,
    phi_accrual::PhiAccrual,
    exponential_accrual::ExponentialAccrual,
);

impl AnyDetector {
    /// As [`Detector::needs`].
    pub fn needs(&self) -> usize {
        with_detector!(self, detector => detector.needs())
    }

    /// As [`Detector::memory`].
    pub fn memory(&self) -> usize {
        with_detector!(self, detector => detector.memory())
    }

    /// As [`Detector::admit`].
    pub fn admit(&self, threshold: f64) -> Result<f64, Error> {
        with_detector!(self, detector => detector.admit(threshold))
    }

    /// As [`Detector::inner`].
    pub fn inner(&self, threshold: f64) -> f64 {
        with_detector!(self, detector => detector.inner(threshold))
    }

    /// As [`Detector::outer`].
    pub fn outer(&self, inner: f64) -> f64 {
        with_detector!(self, detector => detector.outer(inner))
    }

    /// As [`Detector::needs_shared_clock`].
    pub fn needs_shared_clock(&self) -> bool {
        with_detector!(self, detector => detector.needs_shared_clock())
    }
}
