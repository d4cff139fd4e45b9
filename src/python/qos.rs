use pyo3::prelude::*;
use rayon::prelude::*;

use super::array::Floats;
use super::curve::Curve;
use super::detector::Detector;
use super::distribution::Distribution;
use super::foreign::explained;
use super::interrupt::interruptible;
use super::source::{Source, Terms};
use crate::qos::{
    self, Choice, Contender, Costs, Count, Delay, RateInterval, Requirement, Target, Verdict,
};
use crate::{Error, domain};

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
