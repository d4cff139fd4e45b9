use pyo3::prelude::*;
use rayon::prelude::*;

use super::array::Floats;
use super::detector::Detector;
use super::foreign::explained;
use super::heartbeat::census;
use super::interrupt::interruptible;
use super::source::{Source, Terms};
use crate::qos::{self, DetectionTime, Mistake};
use crate::time::seconds;
use crate::{Cancel, Error, domain};

/// The quality of service of one detector on one source, at every threshold of a grid.
#[pyclass(frozen, module = "suspicion._core")]
#[derive(Debug)]
pub struct Curve(pub qos::Curve);

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
