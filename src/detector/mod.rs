//! Failure detectors: what they expect next, and when they begin to suspect.
//!
//! Of most the deadline is affine in the threshold (see [`Deadline`]), and one pass tells it for all
//! thresholds: they are [`OnePass`]. Others learn from what they suspected themselves, or have
//! deadlines of another form; they are followed [`PerThreshold`], as a vector of states. To add one: a
//! file that implements [`Detector`] and one of the two, and a line in `detectors!` below.

mod akka_phi;
mod bertier;
mod bucketed_timeout;
mod chen;
mod chitchat;
mod deadline;
mod election_timeout;
mod election_wait;
mod empirical_accrual;
mod exponential_accrual;
mod failed_probes;
mod fixed_timeout;
mod foreign;
mod moments;
mod overdue;
mod per_threshold;
mod percentile_timeout;
mod phi_accrual;
mod ranks;
mod retransmission_timeout;
mod self_tuning;
mod two_window;
mod window;

pub use akka_phi::{AkkaPhiAt, AkkaSettings, logistic_phi};
pub use deadline::Deadline;
pub use election_wait::{Rule, Wait};
pub use exponential_accrual::Scale;
pub use foreign::{Foreign, ForeignState};
pub use per_threshold::{Beginning, PerThreshold, States, Timeouts};

use per_threshold::geometric;

use crate::Error;
use crate::heartbeat::{Beat, Beats};
use crate::time::Nanos;

/// A failure detector with its settings, all but the threshold.
pub trait Detector {
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

    /// Whether all it said can be believed; what is not of this crate may fail.
    fn check(&self) -> Result<(), Error> {
        Ok(())
    }
}

/// A detector that knows its deadlines at all thresholds at once.
pub trait OnePass: Detector {
    /// What it remembers while it watches.
    type State: State + Clone + Send + std::fmt::Debug;

    /// What its deadlines have in common.
    const FORM: Form = Form::Affine;

    /// Begins to watch a node that sends a heartbeat every `every`.
    fn start(&self, every: Nanos) -> Self::State;
}

/// What the deadlines of a detector have in common; the sweep takes short cuts where it can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Offset zero and scale one.
    Fixed,
    /// Any offset, and scale one.
    Shifted,
    /// The same at one threshold only, which is zero.
    Alone,
    /// Any offset and scale.
    Affine,
}

/// A detector at work.
pub trait State {
    /// Takes an accepted heartbeat in and says by when the next one is due.
    fn observe(&mut self, beat: Beat) -> Deadline;

    /// Says the same of a heartbeat that others have overtaken, without taking it in.
    fn foresee(&mut self, beat: Beat) -> Deadline
    where
        Self: Clone,
    {
        self.clone().observe(beat)
    }

    /// Passes over a heartbeat that others have overtaken.
    fn pass_over(&mut self, _beat: Beat) {}

    /// Whether it knows enough to be watched, having set its last deadline.
    fn is_ready(&self, deadline: Deadline) -> bool {
        deadline.offset.is_finite()
    }

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
    (
        one_pass: $($file:ident :: $name:ident),+;
        per_threshold: $($other_file:ident :: $other:ident),+ $(;)?
    ) => {
        $(pub use $file::$name;)+
        $(pub use $other_file::$other;)+

        /// Any failure detector.
        #[derive(Debug, Clone, PartialEq)]
        #[allow(missing_docs, reason = "each variant is the detector of its name")]
        pub enum AnyDetector {
            $($name($name),)+
            $($other($other),)+
        }

        $(impl From<$name> for AnyDetector {
            fn from(detector: $name) -> Self {
                Self::$name(detector)
            }
        })+

        $(impl From<$other> for AnyDetector {
            fn from(detector: $other) -> Self {
                Self::$other(detector)
            }
        })+

        /// Calls generic code with the detector inside, the same or another for each way of following it.
        macro_rules! with_detector {
            ($any:expr, $detector:ident => $result:expr) => {
                with_detector!($any, one_pass $detector => $result, per_threshold $detector => $result)
            };
            ($any:expr, one_pass $one:ident => $once:expr, per_threshold $each:ident => $by_each:expr) => {
                match $any {
                    $($crate::detector::AnyDetector::$name($one) => $once,)+
                    $($crate::detector::AnyDetector::$other($each) => $by_each,)+
                }
            };
        }
        pub(crate) use with_detector;
    };
}

detectors!(
    one_pass: fixed_timeout::FixedTimeout,
        overdue::Overdue,
        chen::Chen,
        two_window::TwoWindow,
        bertier::Bertier,
        phi_accrual::PhiAccrual,
        exponential_accrual::ExponentialAccrual,
        foreign::ForeignDeadline;
    per_threshold: akka_phi::AkkaPhi,
        chitchat::Chitchat,
        self_tuning::SelfTuning,
        empirical_accrual::EmpiricalAccrual,
        failed_probes::FailedProbes,
        percentile_timeout::PercentileTimeout,
        retransmission_timeout::RetransmissionTimeout,
        bucketed_timeout::BucketedTimeout,
        election_timeout::ElectionTimeout,
        foreign::ForeignLevel;
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

    /// As [`Detector::newest_only`].
    pub fn newest_only(&self) -> bool {
        with_detector!(self, detector => detector.newest_only())
    }

    /// As [`Detector::check`].
    pub fn check(&self) -> Result<(), Error> {
        with_detector!(self, detector => detector.check())
    }

    /// Whether one pass tells the deadlines at all thresholds.
    pub fn is_one_pass(&self) -> bool {
        with_detector!(self, one_pass _detector => true, per_threshold _detector => false)
    }

    /// As [`PerThreshold::candidates`]; any threshold of one that knows its deadlines at all of them.
    pub fn candidates(&self, shortest: f64, longest: f64) -> Vec<f64> {
        with_detector!(
            self,
            one_pass detector => vec![detector.outer(1.0)],
            per_threshold detector => detector.candidates(shortest, longest)
        )
    }

    /// As [`PerThreshold::wait`].
    pub fn wait(&self, threshold: f64) -> Option<Wait> {
        with_detector!(self, one_pass _detector => None, per_threshold detector => detector.wait(threshold))
    }

    /// The rule from outside of this crate, if it is one.
    pub fn foreign(&self) -> Option<&dyn Foreign> {
        match self {
            Self::ForeignDeadline(ForeignDeadline(rule))
            | Self::ForeignLevel(ForeignLevel(rule)) => Some(&**rule),
            _ => None,
        }
    }
}
