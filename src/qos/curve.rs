use super::confirmation::Confirmation;
use super::detection::{DetectionTime, DetectionTimes};
use super::grid::Grid;
use super::interval::RateInterval;
use super::mistake_log::MistakeTimes;
use super::source::Source;
use super::watcher::Run;
use crate::Error;
use crate::detector::AnyDetector;
use crate::heartbeat::Census;
use crate::time::{Nanos, seconds};

/// How a source is watched.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// Arrivals that the detector sees before its mistakes count.
    pub warm_up: usize,
    /// What stands between a passed deadline and a failover.
    pub confirmation: Confirmation,
    /// Whether a monitor that wakes up from a pause to a passed deadline and to a heartbeat that came
    /// meanwhile acts on the deadline first.
    pub timer_first: bool,
}

/// The quality of service of one detector on one source, at every threshold of a grid.
#[derive(Debug, Clone)]
pub struct Curve {
    detector: AnyDetector,
    source: Source,
    terms: Terms,
    thresholds: Vec<f64>,
    grid: Grid,
    runs: Vec<(u64, Run)>,
    census: Census,
    detection: DetectionTimes,
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
    /// Mean time from one mistake to the next, E(T_MR).
    pub recurrence: f64,
    /// Mean duration of a mistake, E(T_M).
    pub duration: f64,
    /// Share of the time at which the node is rightly trusted, P_A.
    pub query_accuracy: f64,
    /// Mean time from the end of a mistake to the next one, E(T_G).
    pub good_period: f64,
}

impl Curve {
    pub(super) fn new(
        detector: AnyDetector,
        source: Source,
        terms: Terms,
        thresholds: Vec<f64>,
        grid: Grid,
        runs: Vec<(u64, Run)>,
        census: Census,
    ) -> Self {
        let detection = DetectionTimes::new(
            runs.iter().map(|(_, run)| &run.detection),
            terms.confirmation,
        );
        Self {
            detector,
            source,
            terms,
            thresholds,
            grid,
            runs,
            census,
            detection,
        }
    }

    /// The detector.
    pub fn detector(&self) -> &AnyDetector {
        &self.detector
    }

    /// Where the heartbeats came from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// How they were watched.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// The thresholds as the detector's users write them, in ascending order.
    pub fn thresholds(&self) -> &[f64] {
        &self.thresholds
    }

    /// What became of the heartbeats.
    pub fn census(&self) -> &Census {
        &self.census
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
        let counts = self.counts(rank);
        let mistakes: f64 = counts.iter().sum();
        let suspicion: f64 = self.suspicion(rank).iter().sum();
        let ordered = matches!(self.source, Source::Recorded(_));
        let h = self.grid.thresholds()[rank];
        Point {
            threshold: self.thresholds[rank],
            timeout: self.detection.timeout(h),
            mistakes,
            mistake_rate: RateInterval::new(&counts, ordered, exposure, confidence_level),
            recurrence: exposure / mistakes,
            duration: suspicion / mistakes,
            query_accuracy: 1.0 - suspicion / exposure,
            good_period: (exposure - suspicion) / mistakes,
        }
    }

    /// How long a crash at a random time goes unnoticed at the threshold of this rank.
    pub fn detection_time(&self, rank: usize) -> DetectionTime {
        self.detection.at_random(self.grid.thresholds()[rank])
    }

    /// How long a crash right after a heartbeat goes unnoticed at the threshold of this rank.
    pub fn detection_time_after_beat(&self, rank: usize) -> DetectionTime {
        self.detection.after_beat(self.grid.thresholds()[rank])
    }

    /// How mistakes last and recur at the threshold of this rank, from those that were kept.
    pub fn mistake_times(&self, rank: usize) -> MistakeTimes {
        let runs = self
            .runs
            .iter()
            .filter_map(|(_, run)| run.mistakes.get(rank));
        MistakeTimes::new(runs.map(Vec::as_slice), self.terms.confirmation)
    }

    /// The threshold at which suspicion comes `timeout` seconds after a heartbeat on average.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where no threshold does that.
    pub fn threshold_of(&self, timeout: f64) -> Result<f64, Error> {
        let threshold = self
            .detection
            .threshold(timeout)
            .map(|h| self.detector.outer(h));
        threshold
            .filter(|threshold| self.detector.admit(*threshold).is_ok())
            .ok_or_else(|| {
                Error::argument(
                    "timeout",
                    timeout,
                    "a timeout that a threshold of this detector has",
                )
            })
    }

    /// The mean time from a heartbeat to suspicion at any threshold, in seconds.
    pub fn timeout_of(&self, threshold: f64) -> Result<f64, Error> {
        Ok(self
            .detection
            .timeout(self.detector.inner(self.detector.admit(threshold)?)))
    }

    /// This curve and another of the same sweep, over other replications.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] unless detector, model, seed, terms and thresholds are the same and no
    /// replication is in both.
    pub fn merged(&self, other: &Self) -> Result<Self, Error> {
        let (Source::Modelled(ours), Source::Modelled(theirs)) = (&self.source, &other.source)
        else {
            return Err(Error::argument(
                "other",
                "a curve of a log",
                "a curve of a model",
            ));
        };
        let same = ours.same_campaign(theirs)
            && self.detector == other.detector
            && self.terms == other.terms
            && self.thresholds == other.thresholds;
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
        let census = self.census.plus(&other.census);
        let source = Source::Modelled(ours.joined(theirs));
        Ok(Self::new(
            self.detector.clone(),
            source,
            self.terms,
            self.thresholds.clone(),
            self.grid.clone(),
            runs,
            census,
        ))
    }
}
