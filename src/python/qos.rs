use std::ops::Range;

use pyo3::prelude::*;
use rayon::prelude::*;

use super::array::Floats;
use super::detector::Detector;
use super::distribution::Distribution;
use super::foreign::explained;
use super::heartbeat::{Arrivals, Heartbeats, census};
use super::interrupt::interruptible;
use crate::pause::Guard;
use crate::qos::{
    self, Campaign, Choice, Confirmation, Contender, Costs, Count, Delay, DetectionTime, Mistake,
    Observers, RateInterval, Requirement, Target, Verdict,
};
use crate::random::Seed;
use crate::time::seconds;
use crate::{Cancel, Error, domain};

/// Where the heartbeats of a sweep come from.
#[pyclass(frozen, module = "suspicion._core")]
#[derive(Debug)]
pub struct Source(qos::Source);

#[pymethods]
impl Source {
    #[staticmethod]
    fn recorded(arrivals: &Arrivals) -> Self {
        Self(qos::Source::Recorded(arrivals.0.clone()))
    }

    /// What several monitors saw, of which `quorum` must agree.
    #[staticmethod]
    fn observed(logs: Vec<Py<Arrivals>>, quorum: usize) -> Result<Self, Error> {
        let logs = logs.iter().map(|log| log.get().0.clone()).collect();
        Observers::new(logs, quorum)
            .map(qos::Source::Observed)
            .map(Self)
    }

    #[staticmethod]
    #[pyo3(signature = (model, duration, seed, replications, part, block))]
    fn modelled(
        model: &Heartbeats,
        duration: f64,
        seed: [u8; 32],
        replications: Option<u64>,
        part: Option<(u64, u64)>,
        block: Option<usize>,
    ) -> Result<Self, Error> {
        let mut campaign = Campaign::new(model.0.clone(), duration, Seed::new(seed), replications)?;
        if let Some((start, end)) = part {
            campaign = campaign.only(Range { start, end })?;
        }
        if let Some(block) = block {
            campaign = campaign.in_blocks(block)?;
        }
        Ok(Self(qos::Source::Modelled(campaign)))
    }

    /// Heartbeats that will be watched.
    fn heartbeats(&self) -> u64 {
        match &self.0 {
            qos::Source::Recorded(arrivals) => arrivals.beats().len() as u64,
            qos::Source::Modelled(campaign) => campaign.heartbeats(),
            qos::Source::Observed(observers) => (observers.logs().iter())
                .map(|log| log.beats().len() as u64)
                .sum(),
        }
    }

    /// Replications of the whole campaign; none for a log.
    fn replications(&self) -> Option<u64> {
        match &self.0 {
            qos::Source::Recorded(_) | qos::Source::Observed(_) => None,
            qos::Source::Modelled(campaign) => Some(campaign.replications()),
        }
    }
}

/// How a source is watched.
#[pyclass(frozen, eq, module = "suspicion._core")]
#[derive(Debug, PartialEq)]
pub struct Terms(qos::Terms);

#[pymethods]
impl Terms {
    #[new]
    #[pyo3(signature = (warm_up, check_every, dwell, timer_first, guard))]
    fn new(
        warm_up: Option<usize>,
        check_every: f64,
        dwell: f64,
        timer_first: bool,
        guard: Option<(f64, f64)>,
    ) -> Result<Self, Error> {
        let guard = guard
            .map(|(longer_than, hold)| Guard::new(longer_than, hold))
            .transpose()?;
        let confirmation = Confirmation::new(check_every, dwell)?;
        Ok(Self(qos::Terms {
            warm_up,
            confirmation,
            timer_first,
            guard,
        }))
    }
}

/// Watches a source with several detectors and returns their curves in the same order.
#[pyfunction]
#[pyo3(signature = (source, contenders, terms, progress=None))]
pub fn sweep(
    py: Python<'_>,
    source: &Source,
    contenders: Vec<(Py<Detector>, Option<Floats>, Option<f64>)>,
    terms: &Terms,
    progress: Option<Py<PyAny>>,
) -> PyResult<Vec<Curve>> {
    let contenders: Vec<Contender> = contenders
        .into_iter()
        .map(|(detector, thresholds, also)| Contender {
            detector: detector.get().0.clone(),
            thresholds: thresholds.map(|thresholds| thresholds.0),
            also,
        })
        .collect();
    let curves = interruptible(py, progress, |cancel| {
        qos::sweep(&source.0, &contenders, &terms.0, cancel)
    })
    .map_err(|error| explained(error, contenders.iter().map(|one| &one.detector)))?;
    Ok(curves.into_iter().map(Curve).collect())
}

/// The quality of service of one detector on one source, at every threshold of a grid.
#[pyclass(frozen, module = "suspicion._core")]
#[derive(Debug)]
pub struct Curve(qos::Curve);

#[pymethods]
impl Curve {
    fn thresholds(&self) -> Floats {
        Floats(self.0.thresholds().to_vec())
    }

    /// Seconds watched.
    fn exposure(&self) -> f64 {
        self.0.exposure()
    }

    /// Heartbeats that counted while it was watched.
    fn heartbeats(&self) -> u64 {
        self.0.heartbeats()
    }

    /// Arrivals that passed before mistakes counted.
    fn warm_up(&self) -> usize {
        self.0.warm_up()
    }

    /// What became of the heartbeats.
    fn census(&self) -> Vec<(&'static str, u64)> {
        census(self.0.census())
    }

    /// Columns that are known as soon as the sweep is done, by name.
    fn counted(
        &self,
        py: Python<'_>,
        confidence_level: f64,
    ) -> PyResult<Vec<(&'static str, Floats)>> {
        domain::open_probability("confidence_level", confidence_level)?;
        let points = interruptible(py, None, |cancel| {
            self.each_rank(cancel, |rank| self.0.point(rank, confidence_level))
        })?;
        let column = |value: fn(&qos::Point) -> f64| Floats(points.iter().map(value).collect());
        Ok(vec![
            ("timeout", column(|point| point.timeout)),
            ("mistakes", column(|point| point.mistakes)),
            ("mistake_rate", column(|point| point.mistake_rate.rate)),
            ("mistake_rate_low", column(|point| point.mistake_rate.low)),
            ("mistake_rate_high", column(|point| point.mistake_rate.high)),
            ("dispersion", column(|point| point.mistake_rate.dispersion)),
            ("mistake_recurrence", column(|point| point.recurrence)),
            ("mistake_duration", column(|point| point.duration)),
            ("query_accuracy", column(|point| point.query_accuracy)),
            ("good_period", column(|point| point.good_period)),
        ])
    }

    /// Columns of detection times, by name.
    fn detected(&self, py: Python<'_>) -> PyResult<Vec<(&'static str, Floats)>> {
        let times = interruptible(py, None, |cancel| {
            self.each_rank(cancel, |rank| self.0.both_detection_times(rank))
        })?;
        let column = |value: fn(&(DetectionTime, DetectionTime)) -> f64| {
            Floats(times.iter().map(value).collect())
        };
        Ok(vec![
            ("detection_time", column(|(random, _)| random.mean)),
            ("detection_time_p99", column(|(random, _)| random.p99)),
            ("detection_time_after_beat", column(|(_, beat)| beat.mean)),
            (
                "detection_time_after_beat_p99",
                column(|(_, beat)| beat.p99),
            ),
            ("detection_time_worst", column(|(_, beat)| beat.worst)),
        ])
    }

    /// Columns that need the single mistakes, by name.
    fn timed(&self, py: Python<'_>) -> PyResult<Vec<(&'static str, Floats)>> {
        let times = interruptible(py, None, |cancel| self.0.mistake_times(cancel))
            .map_err(|error| explained(error, [self.0.detector()]))?;
        let column =
            |value: fn(&qos::MistakeTimes) -> f64| Floats(times.iter().map(value).collect());
        Ok(vec![
            ("mistake_duration_p50", column(|times| times.duration_p50)),
            ("mistake_duration_p99", column(|times| times.duration_p99)),
            (
                "mistake_recurrence_p50",
                column(|times| times.recurrence_p50),
            ),
            (
                "mistake_recurrence_p99",
                column(|times| times.recurrence_p99),
            ),
            (
                "forward_good_period",
                column(|times| times.forward_good_period),
            ),
        ])
    }

    /// Starts and ends, in seconds, of the mistakes in a log at any one threshold.
    fn mistakes(&self, py: Python<'_>, threshold: f64) -> PyResult<(Floats, Floats)> {
        let sessions = interruptible(py, None, |cancel| {
            let curve = &self.0;
            let (source, detector) = (curve.source(), curve.detector());
            qos::mistakes(source, detector, threshold, curve.terms(), cancel)
        })
        .map_err(|error| explained(error, [self.0.detector()]))?;
        let column = |end: fn(&Mistake) -> i64| {
            Floats(
                sessions
                    .iter()
                    .flatten()
                    .map(|mistake| seconds(end(mistake)))
                    .collect(),
            )
        };
        Ok((
            column(|mistake| mistake.start),
            column(|mistake| mistake.end),
        ))
    }

    fn threshold_of(&self, timeout: f64) -> Result<f64, Error> {
        self.0.threshold_of(timeout)
    }

    /// None where it would have to be watched for.
    fn timeout_of(&self, threshold: f64) -> Result<Option<f64>, Error> {
        self.0.timeout_of(threshold)
    }

    /// What was counted, as bytes.
    fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes()
    }

    /// The curve that gave these bytes, from what it was made of.
    #[staticmethod]
    fn restored(
        source: &Source,
        detector: &Detector,
        terms: &Terms,
        thresholds: Floats,
        bytes: &[u8],
    ) -> Result<Self, Error> {
        qos::Curve::restored(
            detector.0.clone(),
            source.0.clone(),
            terms.0,
            thresholds.0,
            bytes,
        )
        .map(Self)
    }

    /// This curve and another of the same sweep, over other replications.
    fn merged(&self, other: &Self) -> Result<Self, Error> {
        self.0.merged(&other.0).map(Self)
    }
}

impl Curve {
    fn each_rank<T: Send>(
        &self,
        cancel: &Cancel,
        value: impl Fn(usize) -> T + Sync,
    ) -> Result<Vec<T>, Error> {
        (0..self.0.thresholds().len())
            .into_par_iter()
            .map(|rank| {
                cancel.checkpoint()?;
                Ok(value(rank))
            })
            .collect()
    }
}

/// What to choose among the curves: a verdict, the place of the curve, the rank of the threshold and,
/// where the data do not tell, the seconds of observation that would.
#[pyfunction]
#[pyo3(signature = (curves, max_rate, max_detection, costs, confidence_level))]
pub fn recommend(
    py: Python<'_>,
    curves: Vec<Py<Curve>>,
    max_rate: Option<f64>,
    max_detection: Option<f64>,
    costs: Option<(f64, f64, f64)>,
    confidence_level: f64,
) -> PyResult<(&'static str, usize, usize, f64)> {
    let costs = costs.map(|(outage_second, failover, crash_rate)| Costs {
        outage_second,
        failover,
        crash_rate,
    });
    let target = Target::new(max_rate, max_detection, costs)?;
    let curves: Vec<&qos::Curve> = curves.iter().map(|curve| &curve.get().0).collect();
    let verdict = interruptible(py, None, |_| {
        qos::recommend(&curves, &target, confidence_level)
    })?;
    let (name, Choice { curve, rank }, seconds) = match verdict {
        Verdict::Choose(choice) => ("choose", choice, f64::NAN),
        Verdict::OutOfReach(choice) => ("out of reach", choice, f64::NAN),
        Verdict::Undecided { candidate, seconds } => ("undecided", candidate, seconds),
    };
    Ok((name, curve, rank, seconds))
}

/// Rates, lower and upper ends and dispersions for rows of counts, each in equal blocks of one observation.
#[pyfunction]
pub fn rate_interval(
    py: Python<'_>,
    counts: Floats,
    blocks: usize,
    ordered: bool,
    exposure: f64,
    confidence_level: f64,
) -> PyResult<(Floats, Floats, Floats, Floats)> {
    domain::open_probability("confidence_level", confidence_level)?;
    domain::positive("exposure", exposure)?;
    domain::count("blocks", blocks, 1, counts.0.len().max(1))?;
    let intervals = interruptible(py, None, |cancel| {
        counts
            .0
            .par_chunks(blocks)
            .map(|counts| {
                cancel.checkpoint()?;
                let exposure = exposure / counts.len() as f64;
                let blocks = counts
                    .iter()
                    .map(|&count| {
                        domain::non_negative("counts", count)
                            .map(|events| Count { events, exposure })
                    })
                    .collect::<Result<Vec<_>, Error>>()?;
                Ok(RateInterval::new(&blocks, ordered, confidence_level))
            })
            .collect::<Result<Vec<_>, Error>>()
    })?;
    let column = |value: fn(&RateInterval) -> f64| Floats(intervals.iter().map(value).collect());
    Ok((
        column(|i| i.rate),
        column(|i| i.low),
        column(|i| i.high),
        column(|i| i.dispersion),
    ))
}

/// Chen's procedures: interval, margin and mean time between mistakes, or none where it is impossible.
///
/// What is known of delays is their law, or their mean and variance, or the variance alone.
#[pyfunction]
#[pyo3(signature = (max_detection, min_recurrence, max_duration, loss, law, mean, variance))]
#[allow(clippy::too_many_arguments, reason = "as the caller has them")]
pub fn configure(
    py: Python<'_>,
    max_detection: f64,
    min_recurrence: f64,
    max_duration: f64,
    loss: f64,
    law: Option<&Distribution>,
    mean: Option<f64>,
    variance: Option<f64>,
) -> PyResult<Option<(f64, f64, f64)>> {
    let requirement = Requirement::new(max_detection, min_recurrence, max_duration)?;
    let delay = match (law, mean) {
        (Some(law), _) => Delay::Law(law.0.clone()),
        (None, Some(mean)) => Delay::Moments {
            mean,
            variance: variance.unwrap_or(f64::NAN),
        },
        (None, None) => Delay::Variance(variance.unwrap_or(f64::NAN)),
    };
    let found = interruptible(py, None, |cancel| {
        qos::configure(&requirement, loss, &delay, cancel)
    })?;
    Ok(found.map(|found| (found.interval, found.margin, found.recurrence)))
}
