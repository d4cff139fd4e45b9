use rayon::prelude::*;

use super::detection_time::{DetectionTime, DetectionTimes, mean_timeout};
use super::grid::Grid;
use super::interval::{Count, RateInterval};
use super::mistake_log::MistakeTimes;
use super::source::Source;
use super::sweep::all_mistakes;
use super::terms::{Setup, Terms};
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

/// The quality of service at one threshold. Times are in seconds, rates per second; what the data
/// cannot tell is NaN.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The threshold as the detector's users write it.
    pub threshold: f64,
    /// Mean time from a heartbeat to suspicion.
    pub timeout: f64,
    /// Mistakes in all; not whole where the deadline is only looked at now and then.
    pub mistakes: f64,
    /// Mistakes per second.
    pub mistake_rate: RateInterval,
    /// Mean time from one mistake to the next, E(T_MR); like the other means NaN without a mistake.
    pub recurrence: f64,
    /// Mean duration of a mistake, E(T_M).
    pub duration: f64,
    /// Share of the time at which the node is rightly trusted, P_A.
    pub query_accuracy: f64,
    /// Mean time from the end of a mistake to the next one, E(T_G).
    pub good_period: f64,
}

impl Curve {
    pub(super) fn new(setup: Setup, runs: Vec<(u64, Run)>, census: Census) -> Self {
        let ranks = 0..setup.thresholds.len();
        let timeouts = ranks.map(|rank| {
            let place = setup.place(rank);
            let (offset, scale) = mean_timeout(runs.iter().map(|(_, run)| &run.detections[place]));
            // What the detector waits by chance is part of its timeout.
            let wait = setup.detector.wait(setup.thresholds[rank]);
            offset + scale * setup.threshold_in_place(rank) + wait.map_or(0.0, |wait| wait.mean())
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
        &self.setup.detector
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
        self.setup.warm_up
    }

    /// The thresholds as the detector's users write them, in ascending order.
    pub fn thresholds(&self) -> &[f64] {
        &self.setup.thresholds
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
        let exposure = self.exposure();
        let blocks: Vec<Count> = self
            .runs
            .iter()
            .flat_map(|(_, run)| &run.blocks)
            .map(|block| Count {
                events: block.totals.mistakes[rank],
                exposure: seconds(block.exposure),
            })
            .collect();
        let mistakes: f64 = blocks.iter().map(|block| block.events).sum();
        let suspicion: f64 = self.suspicion(rank).iter().sum();
        let ordered = !matches!(self.setup.source, Source::Modelled(_));
        // Without a mistake the data do not say how long it is from one to the next.
        let per_mistake = |time: f64| {
            if mistakes > 0.0 {
                time / mistakes
            } else {
                f64::NAN
            }
        };
        Point {
            threshold: self.setup.thresholds[rank],
            timeout: self.timeouts[rank],
            mistakes,
            mistake_rate: RateInterval::new(&blocks, ordered, confidence_level),
            recurrence: per_mistake(exposure),
            duration: per_mistake(suspicion),
            query_accuracy: 1.0 - suspicion / exposure,
            good_period: per_mistake(exposure - suspicion),
        }
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
        let h = self.setup.threshold_in_place(rank);
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
        let ranks = (0..self.setup.thresholds.len()).into_par_iter();
        match &self.setup.source {
            source @ (Source::Recorded(_) | Source::Observed(_)) => ranks
                .map(|rank| {
                    let runs = all_mistakes(
                        source,
                        &self.setup.detector,
                        self.setup.thresholds[rank],
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
        let Setup {
            detector,
            grid,
            thresholds,
            ..
        } = &self.setup;
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
                .or((grid.len() == 1 && self.timeouts[0] == timeout).then(|| thresholds[0]))
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
        let detector = &self.setup.detector;
        let h = detector.inner(detector.admit(threshold)?);
        if self.setup.is_in_line() {
            let (offset, scale) = self.line();
            return Ok(Some(offset + scale * h));
        }
        let rank = self
            .setup
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
        let n = thresholds.len();
        let fits = |run: &Run| {
            let kept = run.mistakes.is_empty() || run.mistakes.len() == n;
            let detections = if detector.is_one_pass() && !matches!(source, Source::Observed(_)) {
                1
            } else {
                n
            };
            let kept = kept && run.detections.len() == detections;
            kept && run
                .blocks
                .iter()
                .all(|block| block.totals.mistakes.len() == n && block.totals.suspicion.len() == n)
        };
        if runs.is_empty() || !runs.iter().all(|(_, run)| fits(run)) {
            return Err(refuse());
        }
        let grid = Grid::new(
            thresholds
                .iter()
                .map(|threshold| detector.inner(*threshold))
                .collect(),
        )?;
        let warm_up = terms.warm_up_of(&source, &detector)?;
        let setup = Setup {
            detector,
            source,
            terms,
            warm_up,
            thresholds,
            grid,
        };
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
            && self.setup.detector == other.setup.detector
            && self.setup.terms == other.setup.terms
            && self.setup.thresholds == other.setup.thresholds;
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
