use crate::{Error, domain};

/// Garbage collection of a heap that fills.
///
/// The program allocates `allocation_rate` bytes a second while it runs. With a young generation, each time `eden`
/// bytes were allocated a *minor* collection stops it for `base + per_byte * survival * eden` seconds and moves the
/// share `survival` of them to the old generation; without one all that is allocated stays until it is collected.
/// From `live` bytes the old generation fills up to `limit`, where it is collected and falls back to `live`:
///
/// * stopped: a *major* collection of `per_byte * limit` seconds;
/// * concurrently: two *phase* stops, one at the beginning and one after `takes` seconds of running. If the program fills
///   `headroom` bytes meanwhile, it waits until the cycle ends (*allocation stall*), or everything stops for a *full* collection
///   of `per_byte * (limit + headroom)` seconds.
///
/// Without variation there is a minor collection every `eden / allocation_rate` seconds of running, and of these
/// `(limit - live) / (survival * eden)`, rounded up, to each major one. The allocation rate changes from interval to interval by a
/// lognormal factor of mean 1 and sigma `variation`, and each stop by one of median 1 and sigma `spread`. Both are 3 at most, and a
/// collection follows the one before after a microsecond of running or more, without variation: so that time goes on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Collection {
    /// Bytes allocated for a second of running.
    pub allocation_rate: f64,
    /// The young generation, if there is one.
    pub young: Option<Young>,
    /// Bytes that stay in the old generation after it was collected.
    pub live: f64,
    /// Bytes in it at which it is collected.
    pub limit: f64,
    /// How.
    pub old: Old,
    /// Sigma of the lognormal factor of the allocation rate.
    pub variation: f64,
    /// Sigma of the lognormal factor of each stop.
    pub spread: f64,
}

/// A young generation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Young {
    /// Bytes allocated from one minor collection to the next.
    pub eden: f64,
    /// Share of them that is moved to the old generation.
    pub survival: f64,
    /// Length of a minor collection in which nothing survives, in seconds.
    pub base: f64,
    /// Seconds more for each byte that does.
    pub per_byte: f64,
}

/// How the old generation is collected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Old {
    /// While the program stands still, so many seconds for a byte.
    Stopped {
        /// Seconds for each byte of the limit.
        per_byte: f64,
    },
    /// While the program runs.
    Concurrent {
        /// Seconds of running from the first stop to the second.
        takes: f64,
        /// Length of each of the two stops, in seconds.
        stop: f64,
        /// Bytes that may be filled meanwhile.
        headroom: f64,
        /// Seconds for each byte of a full collection where that does not do; an allocation stall without.
        full: Option<f64>,
    },
}

/// What a stop is due to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// A minor collection.
    Minor,
    /// A major collection of the stopped program.
    Major,
    /// The first or last phase of a concurrent one.
    Phase,
    /// The program waits for memory.
    Stall,
    /// A full collection, as the concurrent one came too late.
    Full,
}

impl Stop {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 5] = [
        Self::Minor,
        Self::Major,
        Self::Phase,
        Self::Stall,
        Self::Full,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Minor => "minor collection",
            Self::Major => "major collection",
            Self::Phase => "collection phase",
            Self::Stall => "allocation stall",
            Self::Full => "full collection",
        }
    }
}

/// So many minor collections may there be to each major one, so that a run can be in equilibrium at its start.
const MOST_MINORS: f64 = 1e5;

/// Without variation the program runs for so many seconds from one collection to the next, at least.
const LEAST_INTERVAL: f64 = 1e-6;

/// So large may sigma of a lognormal factor be.
const MOST_SIGMA: f64 = 3.0;

impl Collection {
    /// Checks every part of it.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for the first that is out of its range.
    pub fn checked(self) -> Result<Self, Error> {
        domain::positive("allocation_rate", self.allocation_rate)?;
        domain::non_negative("live", self.live)?;
        for (name, sigma) in [("variation", self.variation), ("spread", self.spread)] {
            if !(0.0..=MOST_SIGMA).contains(&sigma) {
                return Err(Error::argument(
                    name,
                    sigma,
                    format!("a number from 0 to {MOST_SIGMA}"),
                ));
            }
        }
        if !(self.limit.is_finite() && self.limit > self.live) {
            return Err(Error::argument(
                "limit",
                self.limit,
                format!("more bytes than live = {}", self.live),
            ));
        }
        if let Some(young) = self.young {
            domain::positive("eden", young.eden)?;
            domain::probability("survival", young.survival)?;
            domain::non_negative("minor_base", young.base)?;
            domain::non_negative("minor_per_byte", young.per_byte)?;
            if self.minors_per_major() > MOST_MINORS {
                return Err(Error::argument(
                    "limit",
                    self.limit,
                    format!(
                        "bytes that up to {MOST_MINORS:e} minor collections fill, each by survival * eden"
                    ),
                ));
            }
        }
        match self.old {
            Old::Stopped { per_byte } => domain::non_negative("major_per_byte", per_byte)?,
            Old::Concurrent {
                takes,
                stop,
                headroom,
                full,
            } => {
                domain::positive("concurrent", takes)?;
                domain::non_negative("phase", stop)?;
                domain::non_negative("headroom", headroom)?;
                domain::non_negative("full_per_byte", full.unwrap_or_default())?
            }
        };
        if self.bytes_between() / self.allocation_rate < LEAST_INTERVAL {
            return Err(Error::argument(
                "allocation_rate",
                self.allocation_rate,
                format!(
                    "a rate that fills {} bytes in {LEAST_INTERVAL:e} s or more",
                    self.bytes_between()
                ),
            ));
        }
        Ok(self)
    }

    /// How many minor collections there are to each major one; one without a young generation.
    pub fn minors_per_major(&self) -> f64 {
        self.young.map_or(1.0, |young| {
            ((self.limit - self.live) / (young.survival * young.eden)).ceil()
        })
    }

    /// Bytes allocated from one collection of any kind to the next.
    fn bytes_between(&self) -> f64 {
        self.young
            .map_or(self.limit - self.live, |young| young.eden)
    }

    /// The share of what is allocated that reaches the old generation.
    pub(super) fn survival(&self) -> f64 {
        self.young.map_or(1.0, |young| young.survival)
    }

    /// Mean time from one collection of the old generation to the next, in seconds, without its stops: bytes to
    /// fill over the rate, which for a rate that varies is on average longer by `exp(variation^2)`.
    pub fn mean_cycle(&self) -> f64 {
        self.minors_per_major() * self.bytes_between() / self.allocation_rate
            * libm::exp(self.variation * self.variation)
    }

    /// Length of a minor collection, in seconds, without its spread.
    pub(super) fn minor(&self, young: Young) -> f64 {
        young.base + young.per_byte * young.survival * young.eden
    }

    /// The first stop of a collection of the old generation, in seconds without its spread.
    pub(super) fn first_stop(&self) -> (f64, Stop) {
        match self.old {
            Old::Stopped { per_byte } => (per_byte * self.limit, Stop::Major),
            Old::Concurrent { stop, .. } => (stop, Stop::Phase),
        }
    }

    /// The last stop of a concurrent one, without its spread, while the old generation fills at so many bytes a second:
    /// seconds of running before it, its length, and what it is due to. None of a stopped one, which has but the first.
    pub(super) fn last_stop(&self, filling: f64) -> Option<(f64, f64, Stop)> {
        let Old::Concurrent {
            takes,
            stop,
            headroom,
            full,
        } = self.old
        else {
            return None;
        };
        let lasts = headroom / filling;
        Some(if lasts >= takes {
            (takes, stop, Stop::Phase)
        } else if let Some(per_byte) = full {
            (lasts, per_byte * (self.limit + headroom), Stop::Full)
        } else {
            (lasts, takes - lasts, Stop::Stall)
        })
    }

    /// The longest that the last stop of a collection may be, without its spread.
    fn longest_last_stop(&self) -> f64 {
        let late = self.last_stop(f64::INFINITY);
        late.map_or(0.0, |(_, length, _)| length.max(self.first_stop().0))
    }

    /// About how many seconds of stops there are to a collection of the old generation, each of which ends with the longest
    /// stop that it may.
    pub(super) fn mean_stops(&self) -> f64 {
        let minors = self
            .young
            .map_or(0.0, |young| self.minors_per_major() * self.minor(young));
        (minors + self.first_stop().0 + self.longest_last_stop())
            * libm::exp(self.spread * self.spread / 2.0)
    }

    /// About the longest stop.
    pub(super) fn longest(&self) -> f64 {
        let minor = self.young.map_or(0.0, |young| self.minor(young));
        let old = self.first_stop().0.max(self.longest_last_stop());
        minor.max(old) * libm::exp(4.0 * self.spread)
    }
}
