use std::sync::Arc;

use super::timeline::Timeline;
use crate::Error;
use crate::distribution::{Distribution, Law};
use crate::time::seconds;

/// When a process stands still.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Pauses {
    /// Never.
    #[default]
    Never,
    /// Now and then: it runs for a draw of `every`, pauses for a draw of `lasting`, and so on. An
    /// alternating renewal process, in equilibrium at time zero.
    Renewal {
        /// Time from the end of a pause to the start of the next.
        every: Distribution,
        /// Length of a pause.
        lasting: Distribution,
    },
    /// At given times.
    Timeline(Arc<Timeline>),
}

impl Pauses {
    /// An alternating renewal process.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] when one of the means is not finite (such a process has no equilibrium) or
    /// when it hardly ever runs.
    pub fn renewal(every: Distribution, lasting: Distribution) -> Result<Self, Error> {
        for (name, law) in [("every", &every), ("lasting", &lasting)] {
            if !law.mean().is_finite() {
                return Err(Error::argument(
                    name,
                    format!("a law of mean {}", law.mean()),
                    "a law with a finite mean",
                ));
            }
        }
        if every.mean() < 1e-6 {
            return Err(Error::argument(
                "every",
                format!("a law of mean {}", every.mean()),
                "a mean of a microsecond or more",
            ));
        }
        Ok(Self::Renewal {
            every: every.bounded()?,
            lasting: lasting.bounded()?,
        })
    }

    /// Mean time from the start of one pause to the start of the next, in seconds; infinite without
    /// a law for it.
    pub fn mean_cycle(&self) -> f64 {
        match self {
            Self::Renewal { every, lasting } => every.mean() + lasting.mean(),
            _ => f64::INFINITY,
        }
    }

    /// About the longest pause in `duration` seconds, in seconds.
    pub(crate) fn longest(&self, duration: f64) -> f64 {
        match self {
            Self::Never => 0.0,
            Self::Renewal { lasting, .. } => lasting.exceeded_once_in(duration / self.mean_cycle()),
            Self::Timeline(timeline) => {
                let lengths = timeline
                    .pauses()
                    .iter()
                    .map(|pause| pause.end - pause.start);
                lengths.max().map_or(0.0, seconds)
            }
        }
    }
}
