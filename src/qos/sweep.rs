//! Watching a source with detectors, at many thresholds at once.

use rayon::prelude::*;

use super::curve::Curve;
use super::entry::Entry;
use super::mistake_log::Mistake;
use super::observers::{agreed_mistakes, watch_observers};
use super::setup::Setup;
use super::source::Source;
use super::spread::spread;
use super::terms::Terms;
use super::watcher::{Keep, Run};
use super::watching::{LOG, watch_log, watch_model};
use crate::detector::AnyDetector;
use crate::heartbeat::SendTimes;
use crate::{Cancel, Error};

/// Thresholds of a sweep for which none are given.
pub const THRESHOLDS: usize = 256;

/// The same for a detector that is followed at each threshold by itself, which takes as long for each.
pub const THRESHOLDS_EACH: usize = 64;

/// A detector and the thresholds, as its users write them, at which it watches.
#[derive(Debug, Clone, PartialEq)]
pub struct Contender {
    /// The detector.
    pub detector: AnyDetector,
    /// The thresholds; none for [`THRESHOLDS`] of them, or [`THRESHOLDS_EACH`], over the timeouts that the
    /// source can tell something about.
    pub thresholds: Option<Vec<f64>>,
    /// A threshold that is one of them in any case.
    pub also: Option<f64>,
}

/// Watches `source` with each of the contenders and returns their curves in the same order.
///
/// All of them see the same heartbeats. A log is watched in one pass per detector, a model is
/// simulated once, on as many threads as the current rayon pool has. The curves are the same, bit by
/// bit, however many threads there are and whether a contender is alone or not.
///
/// # Errors
///
/// [`Error::Argument`] for thresholds that are not in strictly ascending order or outside the
/// detector's domain, a warm-up that is too short for the detector or leaves nothing to watch, and a
/// detector that needs a shared clock where there is none.
pub fn sweep(
    source: &Source,
    contenders: &[Contender],
    terms: &Terms,
    cancel: &Cancel,
) -> Result<Vec<Curve>, Error> {
    let entries = contenders
        .iter()
        .map(|contender| entry_of(source, contender, terms, cancel))
        .collect::<Result<Vec<_>, _>>()?;
    let (runs, census) = match source {
        Source::Recorded(arrivals) => (
            (entries.par_iter())
                .map(|entry| watch_log(arrivals, 0, entry, terms, LOG, cancel))
                .collect::<Result<_, _>>()?,
            *arrivals.census(),
        ),
        Source::Modelled(campaign) => watch_model(campaign, &entries, terms, cancel)?,
        Source::Observed(observers) => {
            let run = |entry: &Entry| {
                let run = watch_observers(observers, entry, terms, cancel)?;
                Ok(vec![(0, run)])
            };
            let censuses = observers.logs().iter().map(|log| *log.census());
            let census = censuses.reduce(|sum, census| sum.plus(&census));
            let runs = entries.iter().map(run).collect::<Result<_, Error>>()?;
            (runs, census.unwrap_or_default())
        }
    };
    for entry in &entries {
        entry.detector.check()?;
    }
    let curves = entries.into_iter().zip(runs);
    Ok(curves
        .map(|(entry, runs)| {
            let setup = Setup {
                entry,
                source: source.clone(),
                terms: *terms,
            };
            Curve::new(setup, runs, census)
        })
        .collect())
}

/// The mistakes of a detector at one threshold in a source that is not a model, for each session.
///
/// # Errors
///
/// As [`sweep`]; [`Error::Argument`] for a model.
pub fn mistakes(
    source: &Source,
    detector: &AnyDetector,
    threshold: f64,
    terms: &Terms,
    cancel: &Cancel,
) -> Result<Vec<Vec<Mistake>>, Error> {
    let runs = all_mistakes(source, detector, threshold, terms, cancel)?;
    Ok(runs
        .into_iter()
        .filter_map(|mut run| run.mistakes.pop())
        .collect())
}

/// The sessions of a source with all mistakes of a detector at one threshold.
pub(super) fn all_mistakes(
    source: &Source,
    detector: &AnyDetector,
    threshold: f64,
    terms: &Terms,
    cancel: &Cancel,
) -> Result<Vec<Run>, Error> {
    detector.admit(threshold)?;
    let warm_up = terms.warm_up.unwrap_or(detector.needs());
    let entry = Entry::new(detector, warm_up, vec![threshold])?;
    let keep = Keep {
        mistakes: usize::MAX,
        detections: 1,
    };
    match source {
        Source::Recorded(arrivals) => {
            let runs = watch_log(arrivals, 0, &entry, terms, keep, cancel)?;
            Ok(runs.into_iter().map(|(_, run)| run).collect())
        }
        Source::Observed(observers) => Ok(vec![agreed_mistakes(observers, &entry, terms, cancel)?]),
        Source::Modelled(_) => Err(Error::argument("curve", "of a model", "a curve of a log")),
    }
}

/// A contender that is ready to watch, with thresholds chosen for it if it has none.
fn entry_of(
    source: &Source,
    contender: &Contender,
    terms: &Terms,
    cancel: &Cancel,
) -> Result<Entry, Error> {
    let detector = contender.detector.clone();
    let warm_up = terms.warm_up_of(source, &detector)?;
    if detector.needs_shared_clock() && source.send_times() != SendTimes::SharedClock {
        let (name, value) = match detector {
            AnyDetector::Chen(_) => ("synchronized", "true"),
            _ => (
                "source",
                "heartbeats without send times on the monitor's clock",
            ),
        };
        return Err(Error::argument(
            name,
            value,
            "heartbeats with send times on the monitor's clock, which this detector needs",
        ));
    }
    let mut thresholds = match &contender.thresholds {
        Some(thresholds) => thresholds.clone(),
        None => spread(source, &detector, terms, cancel)?,
    };
    if let Some(also) = contender.also {
        let place = thresholds.partition_point(|threshold| *threshold < also);
        if thresholds.get(place) != Some(&also) {
            thresholds.insert(place, also);
        }
    }
    for threshold in &thresholds {
        detector.admit(*threshold)?;
    }
    Entry::new(&detector, warm_up, thresholds)
}
