use std::ops::Range;
use std::sync::Arc;

use super::observers::Observers;
use crate::heartbeat::{Arrivals, BLOCK, Heartbeats, SendTimes, Simulation};
use crate::random::{MOST_REPLICATIONS, Seed};
use crate::time::{LONGEST, Nanos, nanos, seconds};
use crate::{Error, domain};

/// Where the heartbeats of a sweep come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// A log, or a simulation that was kept.
    Recorded(Arc<Arrivals>),
    /// A model, simulated as it is watched and never held whole.
    Modelled(Campaign),
    /// Logs of several monitors that must agree.
    Observed(Observers),
}

/// Independent replications of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Campaign {
    model: Arc<Heartbeats>,
    seed: Seed,
    duration: Nanos,
    replications: u64,
    part: Range<u64>,
    block: usize,
}

/// Replications unless asked otherwise: enough to tell how much the counts vary.
pub const REPLICATIONS: u64 = 64;

/// A campaign this short, in heartbeats a replication, is cut into fewer replications.
const SHORTEST: u64 = 400;

/// Heartbeats of a pilot run.
const PILOT: i64 = 20_000;

impl Campaign {
    /// `duration` seconds of `model` in all, in `replications` equal parts, or, where that is not
    /// given, in 64, or fewer so that each has four hundred heartbeats.
    ///
    /// A given timeline of pauses runs through the parts from the first to the last.
    pub fn new(
        model: Arc<Heartbeats>,
        duration: f64,
        seed: Seed,
        replications: Option<u64>,
    ) -> Result<Self, Error> {
        let interval = model.interval();
        let shortest = seconds(interval);
        if !(shortest..=LONGEST).contains(&duration) {
            return Err(Error::argument(
                "duration",
                duration,
                format!(
                    "a time from one heartbeat interval, {shortest} s, to a century, in seconds"
                ),
            ));
        }
        let duration = nanos(duration);
        let heartbeats = duration.unsigned_abs() / interval.unsigned_abs();
        let replications = match replications {
            Some(replications)
                if replications == 0 || replications > heartbeats.min(MOST_REPLICATIONS - 1) =>
            {
                return Err(Error::argument(
                    "replications",
                    replications,
                    format!("a whole number from 1 to the {heartbeats} heartbeats"),
                ));
            }
            Some(replications) => replications,
            None => (heartbeats / SHORTEST).clamp(1, REPLICATIONS),
        };
        Ok(Self {
            model,
            seed,
            duration,
            replications,
            part: 0..replications,
            block: BLOCK,
        })
    }

    /// The same campaign, of which only the replications in `part` are computed here.
    pub fn only(mut self, part: Range<u64>) -> Result<Self, Error> {
        if part.start >= part.end || part.end > self.replications {
            return Err(Error::argument(
                "part",
                format!("{part:?}"),
                format!("replications within 0..{}", self.replications),
            ));
        }
        self.part = part;
        Ok(self)
    }

    /// The same campaign computed in blocks of so many heartbeats; the results are the same.
    pub fn in_blocks(mut self, block: usize) -> Result<Self, Error> {
        self.block = domain::count("block", block, 1, 1 << 20)?;
        Ok(self)
    }

    /// The model.
    pub fn model(&self) -> &Arc<Heartbeats> {
        &self.model
    }

    /// Time observed in all replications together, in seconds.
    pub fn duration(&self) -> f64 {
        seconds(self.duration)
    }

    /// The replications that are computed here.
    pub fn part(&self) -> Range<u64> {
        self.part.clone()
    }

    /// All replications of the campaign.
    pub fn replications(&self) -> u64 {
        self.replications
    }

    /// Heartbeats watched in all replications computed here, after the warm-up.
    pub fn heartbeats(&self) -> u64 {
        let share = (self.part.end - self.part.start) as f64 / self.replications as f64;
        (seconds(self.duration) * share / seconds(self.model.interval())) as u64
    }

    /// A short run of the same model, to see what a detector makes of it.
    pub(crate) fn pilot(&self) -> Self {
        let duration = self
            .duration
            .min(self.model.interval().saturating_mul(PILOT));
        Self {
            duration,
            replications: 1,
            part: 0..1,
            ..self.clone()
        }
    }

    /// Whether both are parts of one campaign.
    pub(crate) fn same_campaign(&self, other: &Self) -> bool {
        let whole = |campaign: &Self| Self {
            part: 0..0,
            block: 0,
            ..campaign.clone()
        };
        whole(self) == whole(other)
    }

    /// The campaign from the first to the last replication of either.
    pub(crate) fn joined(&self, other: &Self) -> Self {
        let part = self.part.start.min(other.part.start)..self.part.end.max(other.part.end);
        Self {
            part,
            ..self.clone()
        }
    }

    /// How long before it is watched a replication starts for so many heartbeats to arrive.
    pub(crate) fn early(&self, warm_up: usize) -> Nanos {
        let heartbeats = warm_up as f64 / self.model.link().delivered().max(0.01);
        self.model
            .interval()
            .saturating_mul(heartbeats.ceil() as i64)
    }

    /// One replication, which starts so early before it is watched.
    pub(crate) fn replication(&self, index: u64, early: Nanos) -> Simulation<'_> {
        let length = self.duration / self.replications as i64;
        let shift = length * index as i64 - early;
        Simulation::new(
            &self.model,
            &self.seed,
            index,
            shift,
            length.saturating_add(early),
            self.block,
        )
    }
}

impl Source {
    /// The time between two heartbeats of the schedule.
    pub fn every(&self) -> Nanos {
        match self {
            Self::Recorded(arrivals) => arrivals.every(),
            Self::Modelled(campaign) => campaign.model.interval(),
            Self::Observed(observers) => observers.logs()[0].every(),
        }
    }

    /// What is known of the send times.
    pub fn send_times(&self) -> SendTimes {
        match self {
            Self::Recorded(arrivals) => arrivals.send_times(),
            Self::Modelled(_) | Self::Observed(_) => SendTimes::SharedClock,
        }
    }

    /// The timeouts, in seconds, between which something can be learned from the source: from half an
    /// interval to somewhat beyond the longest silence.
    pub fn timeouts(&self) -> (f64, f64) {
        let interval = seconds(self.every());
        let longest = match self {
            Self::Recorded(arrivals) => longest_gap(arrivals).unwrap_or(interval),
            Self::Observed(observers) => {
                let gaps = observers.logs().iter().filter_map(|log| longest_gap(log));
                gaps.reduce(f64::max).unwrap_or(interval)
            }
            Self::Modelled(campaign) => campaign.model.longest_silence(seconds(campaign.duration)),
        };
        (
            interval / 2.0,
            (1.25 * longest).max(4.0 * interval).min(LONGEST),
        )
    }
}

/// The longest time between two arrivals, in seconds.
fn longest_gap(arrivals: &Arrivals) -> Option<f64> {
    arrivals
        .sessions()
        .flat_map(|session| {
            let received = session.beats.received();
            received.windows(2).map(|pair| pair[1] - pair[0])
        })
        .max()
        .map(seconds)
}
