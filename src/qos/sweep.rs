//! Watching a source with detectors, at many thresholds at once.

use super::curve::Curve;
use super::detection_time::mean_timeout;
use super::grid::Grid;
use super::mistake_log::Mistake;
use super::monitor::Monitor;
use super::observers::{agreed_mistakes, watch_observers};
use super::panel::Panel;
use super::source::Source;
use super::terms::{Setup, Terms};
use super::told::Told;
use super::watcher::{Keep, Run, WarmUp, Watch, Watcher};
use super::watching::{LOG, PILOT, watch_log, watch_model};
use crate::detector::{AnyDetector, Beginning, Detector, PerThreshold, with_detector};
use crate::heartbeat::{Arrivals, SendTimes};
use crate::{Cancel, Error, memory};

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
        .map(|contender| Entry::new(source, contender, terms, cancel))
        .collect::<Result<Vec<_>, _>>()?;
    let (runs, census) = match source {
        Source::Recorded(arrivals) => (
            watch_log(arrivals, &entries, terms, LOG, cancel)?,
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
            let Entry {
                detector,
                warm_up,
                thresholds,
                grid,
                ..
            } = entry;
            let source = source.clone();
            let setup = Setup {
                detector,
                source,
                terms: *terms,
                warm_up,
                thresholds,
                grid,
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
    let entry = Entry::at(detector, warm_up, vec![threshold])?;
    let keep = Keep {
        mistakes: usize::MAX,
        detections: 1,
    };
    match source {
        Source::Recorded(arrivals) => {
            let runs = watch_log(arrivals, &[entry], terms, keep, cancel)?.swap_remove(0);
            Ok(runs.into_iter().map(|(_, run)| run).collect())
        }
        Source::Observed(observers) => Ok(vec![agreed_mistakes(
            observers, &entry, threshold, terms, cancel,
        )?]),
        Source::Modelled(_) => Err(Error::argument("curve", "of a model", "a curve of a log")),
    }
}

/// A log with one session, with all mistakes of a detector at one threshold and the detection times
/// after all heartbeats, or after so many.
pub(super) fn all_mistakes_and_lines(
    arrivals: &Arrivals,
    observer: u64,
    entry: &Entry,
    threshold: f64,
    terms: &Terms,
    cancel: &Cancel,
) -> Result<Run, Error> {
    let entry = Entry {
        observer,
        ..Entry::at(&entry.detector, entry.warm_up, vec![threshold])?
    };
    let keep = Keep {
        mistakes: usize::MAX,
        detections: (1 << 20) * PANEL_SHARE,
    };
    let mut runs = watch_log(arrivals, &[entry], terms, keep, cancel)?.swap_remove(0);
    Ok(runs.swap_remove(0).1)
}

/// A contender that is ready to watch.
#[derive(Debug)]
pub(super) struct Entry {
    pub detector: AnyDetector,
    pub warm_up: usize,
    thresholds: Vec<f64>,
    grid: Grid,
    /// The grid of one that is told its deadlines: a threshold of zero.
    lane: Grid,
    /// Which of several monitors it is.
    pub observer: u64,
}

/// Bytes that following one threshold takes, beside what the detector remembers.
const LANE: u64 = 1 << 14;

/// Of the detection times that are kept for all thresholds, the part that is kept for each where they
/// differ.
const PANEL_SHARE: usize = 16;

impl Entry {
    fn new(
        source: &Source,
        contender: &Contender,
        terms: &Terms,
        cancel: &Cancel,
    ) -> Result<Self, Error> {
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
        Self::at(&detector, warm_up, thresholds)
    }

    /// A detector at thresholds that it admits.
    fn at(detector: &AnyDetector, warm_up: usize, thresholds: Vec<f64>) -> Result<Self, Error> {
        let inner = thresholds
            .iter()
            .map(|threshold| detector.inner(*threshold));
        Ok(Self {
            detector: detector.clone(),
            warm_up,
            grid: Grid::new(inner.collect())?,
            thresholds,
            lane: Grid::new(vec![0.0])?,
            observer: 0,
        })
    }

    /// The thresholds as the detector's users write them.
    pub fn thresholds(&self) -> &[f64] {
        &self.thresholds
    }

    /// The threshold on which detection times depend: one that is told its deadlines has it in them.
    pub fn told_threshold(&self, threshold: f64) -> f64 {
        if self.detector.is_one_pass() {
            self.detector.inner(threshold)
        } else {
            0.0
        }
    }

    pub fn watcher(
        &self,
        beginning: &Beginning,
        warm_up: WarmUp,
        terms: &Terms,
        keep: Keep,
    ) -> Result<Box<dyn Watch + '_>, Error> {
        with_detector!(
            &self.detector,
            one_pass detector => {
                let monitor = Monitor::new(
                    detector,
                    beginning.every,
                    &self.grid,
                    terms,
                    keep.detections,
                );
                let watcher = Watcher::new(monitor, &self.grid, warm_up, terms.confirmation, keep);
                Ok(Box::new(watcher) as Box<dyn Watch>)
            },
            per_threshold detector => {
                let told = Told {
                    newest_only: detector.newest_only(),
                    needs: detector.needs(),
                };
                let keep = Keep {
                    detections: keep.detections.div_ceil(PANEL_SHARE),
                    ..keep
                };
                let watcher = |threshold: &f64| {
                    let confirmation = terms.confirmation.with_wait(detector.wait(*threshold))?;
                    let monitor =
                        Monitor::new(&told, beginning.every, &self.lane, terms, keep.detections);
                    Ok(Watcher::new(monitor, &self.lane, warm_up, confirmation, keep))
                };
                let watchers = self.thresholds.iter().map(watcher);
                let watchers = watchers.collect::<Result<Vec<_>, Error>>()?;
                let lane = LANE + 64 * keep.detections as u64;
                let bytes = (detector.bytes() + lane).saturating_mul(self.thresholds.len() as u64);
                let threads = rayon::current_num_threads() as u64;
                memory::admit(
                    "thresholds",
                    self.thresholds.len() as f64,
                    bytes.saturating_mul(threads),
                )?;
                let states = detector.start(beginning, &self.thresholds);
                Ok(Box::new(Panel::new(states, told.newest_only, watchers)) as Box<dyn Watch>)
            }
        )
    }
}

/// Thresholds whose timeouts are spread evenly, by ratio, over those the source can tell about.
fn spread(
    source: &Source,
    detector: &AnyDetector,
    terms: &Terms,
    cancel: &Cancel,
) -> Result<Vec<f64>, Error> {
    let (shortest, longest) = source.timeouts();
    // What a threshold means in seconds depends on the heartbeats: one look at them first.
    let candidates = detector.candidates(shortest, longest);
    let pilot = Entry {
        detector: detector.clone(),
        warm_up: terms.warm_up_of(source, detector)?,
        grid: Grid::new(candidates.clone())?,
        thresholds: candidates.clone(),
        lane: Grid::new(vec![0.0])?,
        observer: 0,
    };
    let runs = match source {
        Source::Recorded(arrivals) => {
            watch_log(arrivals, &[pilot], terms, PILOT, cancel)?.swap_remove(0)
        }
        Source::Observed(observers) => {
            watch_log(&observers.logs()[0], &[pilot], terms, PILOT, cancel)?.swap_remove(0)
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
