use std::sync::Arc;

use super::collection::{Collection, Stop};
use super::stream::PauseStream;
use super::timeline::{Spell, Timeline};
use crate::distribution::{Distribution, Law};
use crate::random::{MOST_REPLICATIONS, Purpose, Seed};
use crate::time::{Nanos, seconds, span};
use crate::{Cancel, Error, memory};

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
    /// When its heap has filled.
    Collection(Arc<Collection>),
    /// When it would for any of several reasons, which know nothing of each other.
    Union(Arc<[Pauses]>),
}

/// Several reasons may be up to so many.
const MOST_PARTS: usize = 64;

/// Pauses for different reasons leave at least such a share of the time to run.
const LEAST_RUNNING: f64 = 1e-3;

/// A process runs for a microsecond with this probability or more before it pauses again.
const LEAST_OFTEN: f64 = 1e-3;

/// A spell takes so many bytes while a timeline is built.
const SPELL: f64 = 80.0;

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
        let exceeds = libm::exp(every.log_ccdf(1e-6));
        // A law with a mean may still give next to nothing in nearly all of its draws.
        if every.mean() < 1e-6 || exceeds < LEAST_OFTEN {
            return Err(Error::argument(
                "every",
                format!(
                    "a law of mean {} that exceeds a microsecond with probability {:.1e}",
                    every.mean(),
                    exceeds
                ),
                "a microsecond or more on average, and in one of a thousand draws",
            ));
        }
        Ok(Self::Renewal {
            every: every.bounded()?,
            lasting: lasting.bounded()?,
        })
    }

    /// The pauses of a collected heap.
    ///
    /// # Errors
    ///
    /// Those of [`Collection::checked`].
    pub fn collection(collection: Collection) -> Result<Self, Error> {
        Ok(Self::Collection(Arc::new(collection.checked()?)))
    }

    /// The pauses of each, joined where they overlap.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for more than 64.
    pub fn union(parts: Vec<Self>) -> Result<Self, Error> {
        let parts: Vec<Self> = parts
            .into_iter()
            .flat_map(|part| match part {
                Self::Never => Vec::new(),
                Self::Union(parts) => parts.to_vec(),
                other => vec![other],
            })
            .collect();
        if parts.len() > MOST_PARTS {
            return Err(Error::argument(
                "pauses",
                format!("{} reasons", parts.len()),
                format!("up to {MOST_PARTS} reasons to pause"),
            ));
        }
        let running: f64 = parts.iter().map(Self::running_share).product();
        if running < LEAST_RUNNING {
            return Err(Error::argument(
                "pauses",
                format!("pauses that leave the process running for {running:.1e} of the time"),
                format!("a share of {LEAST_RUNNING} or more, lest they never end"),
            ));
        }
        Ok(match <[Self; 1]>::try_from(parts) {
            Ok([only]) => only,
            Err(parts) if parts.is_empty() => Self::Never,
            Err(parts) => Self::Union(parts.into()),
        })
    }

    /// Mean time after which the pauses begin anew, in seconds: from the start of one to the start of the next, or
    /// for a heap from one collection of the old generation to the next. Infinite without a law for it.
    pub fn mean_cycle(&self) -> f64 {
        match self {
            Self::Renewal { every, lasting } => every.mean() + lasting.mean(),
            Self::Collection(collection) => collection.mean_cycle(),
            Self::Never | Self::Timeline(_) | Self::Union(_) => f64::INFINITY,
        }
    }

    /// The reasons, each by itself.
    pub fn parts(&self) -> &[Self] {
        match self {
            Self::Union(parts) => parts,
            Self::Never => &[],
            other => std::slice::from_ref(other),
        }
    }

    /// The share of the time in which the process runs, about.
    fn running_share(&self) -> f64 {
        match self {
            Self::Never | Self::Timeline(_) => 1.0,
            Self::Renewal { every, .. } => every.mean() / self.mean_cycle(),
            Self::Collection(heap) => {
                let cycle = heap.mean_cycle();
                cycle / (cycle + heap.mean_stops())
            }
            Self::Union(parts) => parts.iter().map(Self::running_share).product(),
        }
    }

    /// Mean time from the start of a pause for any reason to the start of the next, in seconds, about; infinite
    /// without a law for it.
    pub fn mean_interval(&self) -> f64 {
        1.0 / self.rate()
    }

    /// How many stops begin in a second, about.
    fn rate(&self) -> f64 {
        match self {
            Self::Never | Self::Timeline(_) => 0.0,
            Self::Union(parts) => parts.iter().map(Self::rate).sum(),
            Self::Collection(heap) => (heap.minors_per_major() + 2.0) / heap.mean_cycle(),
            Self::Renewal { .. } => 1.0 / self.mean_cycle(),
        }
    }

    /// The pauses of the first `duration` seconds, with what each is due to; `causes` names each of the
    /// [`parts`](Self::parts), of which a heap has names of its own.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a duration that is none, or not as many names as parts; [`Error::Memory`];
    /// [`Error::Cancelled`].
    pub fn simulate(
        &self,
        duration: f64,
        causes: &[String],
        seed: &Seed,
        replication: u64,
        cancel: &Cancel,
    ) -> Result<Timeline, Error> {
        let horizon = span("duration", duration)?;
        if replication >= MOST_REPLICATIONS {
            return Err(Error::argument(
                "replication",
                replication,
                "a smaller number",
            ));
        }
        let parts = self.parts();
        if causes.len() != parts.len() {
            return Err(Error::argument(
                "causes",
                format!("{causes:?}"),
                format!("as many names as there are reasons, {}", parts.len()),
            ));
        }
        memory::admit(
            "duration",
            duration,
            (self.rate() * duration * SPELL) as u64,
        )?;
        let apart: Vec<_> = parts
            .iter()
            .zip(causes)
            .enumerate()
            .map(|(place, (part, cause))| {
                let seed = seed.part(place, parts.len());
                part.spells(horizon, cause, &seed, replication, cancel)
            })
            .collect::<Result<_, _>>()?;
        Ok(Timeline::join(apart))
    }

    /// The spells of a single reason that begin before `horizon`, and the names of their causes.
    fn spells(
        &self,
        horizon: Nanos,
        cause: &str,
        seed: &Seed,
        replication: u64,
        cancel: &Cancel,
    ) -> Result<(Vec<Spell>, Vec<String>), Error> {
        let names = match self {
            Self::Timeline(timeline) => return Ok(timeline.before(horizon)),
            Self::Collection(_) => Stop::ALL.map(|stop| stop.name().to_owned()).to_vec(),
            _ => vec![cause.to_owned()],
        };
        let mut stream = PauseStream::apart(self, seed, Purpose::SenderPause, replication);
        let mut spells = Vec::new();
        while stream.peek().start < horizon {
            let mut pause = stream.peek();
            pause.start = pause.start.max(0);
            spells.push(Spell {
                pause,
                cause: stream.cause(),
            });
            if spells.len().is_multiple_of(4096) {
                cancel.advance(4096)?;
            }
            stream.pass();
        }
        Ok((spells, names))
    }

    /// About the longest pause in `duration` seconds, in seconds.
    pub(crate) fn longest(&self, duration: f64) -> f64 {
        match self {
            Self::Never => 0.0,
            Self::Renewal { lasting, .. } => lasting.exceeded_once_in(duration / self.mean_cycle()),
            Self::Collection(collection) => collection.longest(),
            Self::Union(parts) => parts
                .iter()
                .map(|part| part.longest(duration))
                .fold(0.0, f64::max),
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
