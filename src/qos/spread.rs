//! Choosing thresholds for a detector where none are given.

use super::detection_time::mean_timeout;
use super::entry::Entry;
use super::source::Source;
use super::sweep::{THRESHOLDS, THRESHOLDS_EACH};
use super::terms::Terms;
use super::watching::{PILOT, watch_log, watch_model};
use crate::detector::AnyDetector;
use crate::{Cancel, Error};

/// Thresholds whose timeouts are spread evenly, by ratio, over those the source can tell about.
pub(super) fn spread(
    source: &Source,
    detector: &AnyDetector,
    terms: &Terms,
    cancel: &Cancel,
) -> Result<Vec<f64>, Error> {
    let (shortest, longest) = source.timeouts();
    // What a threshold means in seconds depends on the heartbeats: one look at them first.
    let candidates = detector.candidates(shortest, longest);
    let pilot = Entry::new(
        detector,
        terms.warm_up_of(source, detector)?,
        candidates.clone(),
    )?;
    let runs = match source {
        Source::Recorded(arrivals) => watch_log(arrivals, 0, &pilot, terms, PILOT, cancel)?,
        Source::Observed(observers) => {
            watch_log(&observers.logs()[0], 0, &pilot, terms, PILOT, cancel)?
        }
        Source::Modelled(campaign) => watch_model(&campaign.pilot(), &[pilot], terms, cancel)?
            .0
            .swap_remove(0),
    };
    detector.check()?;
    let line = |place: usize| {
        let (offset, scale) = mean_timeout(runs.iter().map(|(_, run)| &run.detections[place]));
        let wait = detector.wait(candidates[place]);
        (offset + wait.map_or(0.0, |wait| wait.mean()), scale)
    };
    let mut thresholds: Vec<f64> = if detector.is_one_pass() {
        let (offset, scale) = line(0);
        let admitted = |shortest: f64, longest: f64| -> Vec<f64> {
            spread_evenly(shortest, longest, THRESHOLDS)
                .filter(|_| scale > 0.0)
                .map(|timeout| detector.outer((timeout - offset) / scale))
                .filter(|threshold| detector.admit(*threshold).is_ok())
                .collect()
        };
        let found = admitted(shortest, longest);
        if found.is_empty() && offset > 0.0 {
            // It waits longer than anything the source can tell about.
            admitted(1.001 * offset, 4.0 * offset)
        } else {
            found
        }
    } else {
        let means: Vec<f64> = (0..candidates.len()).map(|place| line(place).0).collect();
        let (shortest, longest) = reachable(&means, shortest, longest);
        spread_evenly(shortest, longest, THRESHOLDS_EACH)
            .filter_map(|timeout| between(&candidates, &means, timeout))
            .collect()
    };
    thresholds.retain(|threshold| {
        detector.admit(*threshold).is_ok() && detector.inner(*threshold).is_finite()
    });
    thresholds.dedup_by(|later, earlier| detector.inner(*later) <= detector.inner(*earlier));
    if thresholds.is_empty() {
        return Err(Error::argument(
            "thresholds",
            "none given",
            "thresholds, for none of this detector's would move its timeout here",
        ));
    }
    Ok(thresholds)
}

fn spread_evenly(shortest: f64, longest: f64, many: usize) -> impl Iterator<Item = f64> {
    let ratio = libm::log(longest / shortest) / (many - 1) as f64;
    (0..many).map(move |i| shortest * libm::exp(i as f64 * ratio))
}

/// The timeouts between `shortest` and `longest` that a detector can have, or, where it waits longer than
/// anything the source can tell about, those up to four times its shortest.
fn reachable(timeouts: &[f64], shortest: f64, longest: f64) -> (f64, f64) {
    let finite = || {
        timeouts
            .iter()
            .copied()
            .filter(|timeout| timeout.is_finite() && *timeout > 0.0)
    };
    let least = finite().fold(f64::INFINITY, f64::min).max(shortest);
    let most = finite().fold(0.0, f64::max);
    (least.min(most), longest.max(4.0 * least).min(most))
}

/// The threshold at which the timeout is `timeout`, between those of the candidates next to it.
fn between(candidates: &[f64], timeouts: &[f64], timeout: f64) -> Option<f64> {
    let pairs = timeouts.windows(2).zip(candidates.windows(2));
    pairs
        .filter(|(timeouts, _)| timeouts[0] < timeouts[1] && timeouts[1].is_finite())
        .find(|(timeouts, _)| timeouts[0] <= timeout && timeout <= timeouts[1])
        .map(|(timeouts, candidates)| {
            let share = (timeout - timeouts[0]) / (timeouts[1] - timeouts[0]);
            candidates[0] + share * (candidates[1] - candidates[0])
        })
}
