use super::confirmation::Confirmation;
use super::source::Source;
use crate::Error;
use crate::detector::AnyDetector;
use crate::pause::Guard;

/// How a source is watched.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// Arrivals that a detector sees before its mistakes count; none for as many as it needs to set a
    /// deadline, on a log, and [`MODEL_WARM_UP`] on a model.
    pub warm_up: Option<usize>,
    /// What stands between a passed deadline and a failover.
    pub confirmation: Confirmation,
    /// Whether a monitor that wakes up from a pause to a passed deadline and to a heartbeat that came
    /// meanwhile acts on the deadline first.
    pub timer_first: bool,
    /// For how long it suspects nobody after a pause of its own.
    pub guard: Option<Guard>,
}

/// Arrivals before the observation of a model begins, unless asked otherwise. The same for all
/// detectors, so that none of them moves what the others see.
pub const MODEL_WARM_UP: usize = 1024;

impl Terms {
    /// Arrivals that this detector sees on this source before its mistakes count.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where a detector needs more to set a deadline, or more than
    /// [`MODEL_WARM_UP`] to fill its window and nothing else is said.
    pub fn warm_up_of(&self, source: &Source, detector: &AnyDetector) -> Result<usize, Error> {
        let (warm_up, least, why) = match (self.warm_up, source) {
            (Some(warm_up), _) => (warm_up, detector.needs(), "that this detector needs"),
            (None, Source::Recorded(_) | Source::Observed(_)) => (detector.needs(), 0, ""),
            (None, Source::Modelled(_)) => (
                MODEL_WARM_UP,
                detector.memory(),
                "that fill the detector's window",
            ),
        };
        if warm_up < least {
            return Err(Error::argument(
                "warm_up",
                warm_up,
                format!("{least} heartbeats or more, {why}"),
            ));
        }
        Ok(warm_up)
    }
}
