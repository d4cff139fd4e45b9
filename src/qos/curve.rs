use rayon::prelude::*;

use super::detection_time::{DetectionTime, DetectionTimes, mean_timeout};
use super::entry::Entry;
use super::mistake_log::MistakeTimes;
use super::point::Point;
use super::setup::Setup;
use super::source::Source;
use super::sweep::all_mistakes;
use super::terms::Terms;
use super::watcher::Run;
use super::watching::mistakes_kept;
use crate::detector::AnyDetector;
use crate::heartbeat::Census;
use crate::time::{Nanos, seconds};
use crate::{Cancel, Error};

/// The quality of service of one detector on one source, at every threshold of a grid.
#[derive(Debug, Clone)]
pub struct Curve {
    setup: Setup,
    runs: Vec<(u64, Run)>,
    census: Census,
    /// Mean time from a heartbeat to suspicion at each threshold.
    timeouts: Vec<f64>,
    /// Detection times, where one set of them tells of all thresholds.
    detection: Option<DetectionTimes>,
}

impl Curve {
    pub(super) fn new(setup: Setup, runs: Vec<(u64, Run)>, census: Census) -> Self {
        let entry = &setup.entry;
        let ranks = 0..entry.thresholds.len();
        let timeouts = ranks.map(|rank| {
            let place = setup.place(rank);
            let (offset, scale) = mean_timeout(runs.iter().map(|(_, run)| &run.detections[place]));
            // What the detector waits by chance is part of its timeout.
            let wait = entry.detector.wait(entry.thresholds[rank]);
            offset + scale * entry.told_threshold(rank) + wait.map_or(0.0, |wait| wait.mean())
        });
        let timeouts = timeouts.collect();
        let mut curve = Self {
            setup,
            runs,
            census,
            timeouts,
            detection: None,
        };
        if curve.setup.is_in_line() {
            curve.detection = Some(curve.detection_at(0));
        }
        curve
    }

    /// What tells the detection times at the threshold of this rank.
    fn detection_at(&self, rank: usize) -> DetectionTimes {
        let place = self.setup.place(rank);
        let runs = self.runs.iter();
        DetectionTimes::new(
            runs.map(|(_, run)| (&run.detections[place], &run.naps)),
            self.setup.confirmation(rank),
        )
    }

    /// The detector.
    pub fn detector(&self) -> &AnyDetector {
        &self.setup.entry.detector
    }

    /// Where the heartbeats came from.
    pub fn source(&self) -> &Source {
        &self.setup.source
    }

    /// How they were watched.
    pub fn terms(&self) -> &Terms {
        &self.setup.terms
    }

    /// Arrivals that passed before mistakes counted.
    pub fn warm_up(&self) -> usize {
        self.setup.entry.warm_up
    }

    /// The thresholds as the detector's users write them, in ascending order.
    pub fn thresholds(&self) -> &[f64] {
        &self.setup.entry.thresholds
    }

    /// What became of the heartbeats.
    pub fn census(&self) -> &Census {
        &self.census
    }

    /// Heartbeats that counted while it was watched.
    pub fn heartbeats(&self) -> u64 {
        let runs = self.runs.iter();
        runs.map(|(_, run)| run.detections[0].beats).sum()
    }

    /// Seconds watched.
    pub fn exposure(&self) -> f64 {
        seconds(
            self.runs
                .iter()
                .map(|(_, run)| run.exposure())
                .sum::<Nanos>(),
        )
    }

    /// Mistakes in each part of the time watched, at the threshold of this rank.
    pub fn counts(&self, rank: usize) -> Vec<f64> {
        let blocks = self.runs.iter().flat_map(|(_, run)| &run.blocks);
        blocks.map(|block| block.totals.mistakes[rank]).collect()
    }

    /// Seconds of wrong suspicion in each part of the time watched, at the threshold of this rank.
    pub fn suspicion(&self, rank: usize) -> Vec<f64> {
        let blocks = self.runs.iter().flat_map(|(_, run)| &run.blocks);
        blocks.map(|block| block.totals.suspicion[rank]).collect()
    }

    /// The quality of service at the threshold of this rank.
    pub fn point(&self, rank: usize, confidence_level: f64) -> Point {
        let blocks = self.runs.iter().flat_map(|(_, run)| &run.blocks);
        Point::new(
            &self.setup,
            rank,
            self.timeouts[rank],
            blocks,
            confidence_level,
        )
    }

    /// How long a crash at a random time goes unnoticed at the threshold of this rank.
    pub fn detection_time(&self, rank: usize) -> DetectionTime {
        self.detection_times(rank, DetectionTimes::at_random)
    }

    /// How long a crash right after a heartbeat goes unnoticed at the threshold of this rank.
    pub fn detection_time_after_beat(&self, rank: usize) -> DetectionTime {
        self.detection_times(rank, DetectionTimes::after_beat)
    }

    /// Both of these.
    pub fn both_detection_times(&self, rank: usize) -> (DetectionTime, DetectionTime) {
        self.detection_times(rank, |times, h| (times.at_random(h), times.after_beat(h)))
    }

    fn detection_times<T>(&self, rank: usize, value: impl Fn(&DetectionTimes, f64) -> T) -> T {
        let h = self.setup.entry.told_threshold(rank);
        match &self.detection {
            Some(times) => value(times, h),
            None => value(&self.detection_at(rank), h),
        }
    }

    /// How mistakes last and recur at each threshold.
    ///
    /// For a log from all mistakes, for which it is watched again at each threshold; for a model from
    /// the first of each replication, some 4,000 per threshold.
    pub fn mistake_times(&self, cancel: &Cancel) -> Result<Vec<MistakeTimes>, Error> {
        let ranks = (0..self.setup.entry.thresholds.len()).into_par_iter();
        match &self.setup.source {
            source @ (Source::Recorded(_) | Source::Observed(_)) => ranks
                .map(|rank| {
                    let runs = all_mistakes(
                        source,
                        &self.setup.entry.detector,
                        self.setup.entry.thresholds[rank],
                        &self.setup.terms,
                        cancel,
                    )?;
                    let known = runs
                        .iter()
                        .filter_map(|run| run.known_mistakes(0, usize::MAX));
                    Ok(MistakeTimes::new(known, self.setup.confirmation(rank)))
                })
                .collect(),
            Source::Modelled(campaign) => ranks
                .map(|rank| {
                    cancel.checkpoint()?;
                    let room = mistakes_kept(campaign);
                    let known = self
                        .runs
                        .iter()
                        .filter_map(|(_, run)| run.known_mistakes(rank, room));
                    Ok(MistakeTimes::new(known, self.setup.confirmation(rank)))
                })
                .collect(),
        }
    }

    /// The threshold at which suspicion comes `timeout` seconds after a heartbeat on average.
    ///
    /// Between two thresholds of the curve where the detector is followed at each by itself.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where no threshold does that, as far as the curve tells.
    pub fn threshold_of(&self, timeout: f64) -> Result<f64, Error> {
        let Entry {
            detector,
            thresholds,
            ..
        } = &self.setup.entry;
        let found = if self.setup.is_in_line() {
            let (offset, scale) = self.line();
            let h = (scale > 0.0).then(|| (timeout - offset) / scale);
            h.map(|h| detector.outer(h))
        } else {
            self.timeouts
                .windows(2)
                .zip(thresholds.windows(2))
                .find(|(timeouts, _)| timeouts[0] <= timeout && timeout <= timeouts[1])
                .map(|(timeouts, thresholds)| {
                    let share = (timeout - timeouts[0]) / (timeouts[1] - timeouts[0]).max(1e-300);
                    thresholds[0] + share.min(1.0) * (thresholds[1] - thresholds[0])
                })
                .or((thresholds.len() == 1 && self.timeouts[0] == timeout).then(|| thresholds[0]))
        };
        found
            .filter(|threshold| detector.admit(*threshold).is_ok())
            .ok_or_else(|| {
                Error::argument(
                    "timeout",
                    timeout,
                    "a timeout that a threshold of this detector has",
                )
            })
    }

    /// The mean time from a heartbeat to suspicion at any threshold, in seconds; none where it would
    /// have to be watched for.
    pub fn timeout_of(&self, threshold: f64) -> Result<Option<f64>, Error> {
        let detector = &self.setup.entry.detector;
        let h = detector.inner(detector.admit(threshold)?);
        if self.setup.is_in_line() {
            let (offset, scale) = self.line();
            return Ok(Some(offset + scale * h));
        }
        let rank = self
            .setup
            .entry
            .thresholds
            .iter()
            .position(|own| *own == threshold);
        Ok(rank.map(|rank| self.timeouts[rank]))
    }

    /// The mean timeout as a function of the inner threshold, of a detector that has one.
    fn line(&self) -> (f64, f64) {
        mean_timeout(self.runs.iter().map(|(_, run)| &run.detections[0]))
    }

    /// What was counted, as bytes that [`restored`](Self::restored) understands in the same version.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_stdvec(&(&self.runs, &self.census)).unwrap_or_default()
    }

    /// The curve that gave these bytes, from what it was made of.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for other bytes, or bytes of a curve with other thresholds.
    pub fn restored(
        detector: AnyDetector,
        source: Source,
        terms: Terms,
        thresholds: Vec<f64>,
        bytes: &[u8],
    ) -> Result<Self, Error> {
        let refuse = || {
            Error::argument(
                "bytes",
                format!("{} bytes", bytes.len()),
                "those of a curve with these thresholds",
            )
        };
        let (runs, census): (Vec<(u64, Run)>, Census) =
            postcard::from_bytes(bytes).map_err(|_| refuse())?;
        let warm_up = terms.warm_up_of(&source, &detector)?;
        let setup = Setup {
            entry: Entry::new(&detector, warm_up, thresholds)?,
            source,
            terms,
        };
        let n = setup.entry.thresholds.len();
        let fits = |run: &Run| {
            let kept = run.mistakes.is_empty() || run.mistakes.len() == n;
            let kept = kept && run.detections.len() == setup.places();
            kept && run
                .blocks
                .iter()
                .all(|block| block.totals.mistakes.len() == n && block.totals.suspicion.len() == n)
        };
        if runs.is_empty() || !runs.iter().all(|(_, run)| fits(run)) {
            return Err(refuse());
        }
        Ok(Self::new(setup, runs, census))
    }

    /// This curve and another of the same sweep, over other replications.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] unless detector, model, seed, terms and thresholds are the same and no
    /// replication is in both.
    pub fn merged(&self, other: &Self) -> Result<Self, Error> {
        let (Source::Modelled(ours), Source::Modelled(theirs)) =
            (&self.setup.source, &other.setup.source)
        else {
            return Err(Error::argument(
                "other",
                "a curve of a log",
                "a curve of a model",
            ));
        };
        let same = ours.same_campaign(theirs)
            && self.setup.entry.detector == other.setup.entry.detector
            && self.setup.terms == other.setup.terms
            && self.setup.entry.thresholds == other.setup.entry.thresholds;
        if !same {
            return Err(Error::argument(
                "other",
                "a curve of another sweep",
                "a curve of the same model, seed, detector, thresholds and terms",
            ));
        }
        let mut runs = self.runs.clone();
        runs.extend(other.runs.iter().cloned());
        runs.sort_by_key(|(replication, _)| *replication);
        if let Some(pair) = runs.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(Error::argument(
                "other",
                format!("replication {} again", pair[0].0),
                "other replications",
            ));
        }
        if let Some(pair) = runs.windows(2).find(|pair| pair[0].0 + 1 != pair[1].0) {
            return Err(Error::argument(
                "other",
                format!("replications up to {} and from {} on", pair[0].0, pair[1].0),
                "replications next to these; merge what lies between first",
            ));
        }
        let census = self.census.plus(&other.census);
        let source = Source::Modelled(ours.joined(theirs));
        let setup = Setup {
            source,
            ..self.setup.clone()
        };
        Ok(Self::new(setup, runs, census))
    }
}
