//! Running over a log or a model with several detectors at once.

use rayon::prelude::*;

use super::block::{TIME_BLOCKS, edge};
use super::entry::Entry;
use super::source::Campaign;
use super::terms::Terms;
use super::watcher::{Keep, Run, WarmUp, Watch};
use crate::detector::Beginning;
use crate::heartbeat::{Arrivals, Census, Session};
use crate::time::seconds;
use crate::{Cancel, Error};

/// Heartbeats watched between two looks at whether to stop: a millisecond or so.
const STEP: usize = 1 << 16;

/// Mistakes kept per threshold, over all replications of a model.
const MISTAKES: usize = 4096;

/// Detection times kept, over all replications.
const DETECTIONS: usize = 1 << 14;

/// Mistakes kept per threshold in each replication of a campaign.
pub(super) fn mistakes_kept(campaign: &Campaign) -> usize {
    MISTAKES.div_ceil(campaign.replications() as usize)
}

/// What is kept of a log: its mistakes can be had again from the log itself.
pub(super) const LOG: Keep = Keep {
    mistakes: 0,
    detections: DETECTIONS,
};

/// What is kept of a run whose timeouts alone are of interest.
pub(super) const PILOT: Keep = Keep {
    mistakes: 0,
    detections: 1,
};

pub(super) type Runs = Vec<Vec<(u64, Run)>>;

/// Watches a log with one detector, each session by itself.
///
/// Of several monitors each has its own `observer`; one alone is the first, 0.
pub(super) fn watch_log(
    arrivals: &Arrivals,
    observer: u64,
    entry: &Entry,
    terms: &Terms,
    keep: Keep,
    cancel: &Cancel,
) -> Result<Vec<(u64, Run)>, Error> {
    let total = arrivals.length();
    let keep = Keep {
        detections: keep.detections.div_ceil(arrivals.sessions().count().max(1)),
        ..keep
    };
    let mut runs = Vec::new();
    for (index, session) in arrivals.sessions().enumerate() {
        let warm_up = WarmUp {
            arrivals: entry.warm_up,
            until: None,
        };
        let beginning = Beginning {
            every: arrivals.every(),
            replication: observer << 32 | index as u64,
        };
        let watcher = entry.watcher(&beginning, warm_up, terms, keep)?;
        let run = watch_session(session, entry, watcher, total, cancel)?;
        if !run.blocks.is_empty() {
            runs.push((index as u64, run));
        }
    }
    if runs.iter().all(|(_, run): &(u64, Run)| run.exposure() == 0) {
        let arrivals = arrivals.census().arrivals;
        return Err(Error::argument(
            "warm_up",
            entry.warm_up,
            format!("a number that leaves some of the {arrivals} arrivals to watch"),
        ));
    }
    Ok(runs)
}

/// Watches one session of a log that lasts `total` seconds.
fn watch_session(
    session: Session<'_>,
    entry: &Entry,
    mut watcher: Box<dyn Watch + '_>,
    total: f64,
    cancel: &Cancel,
) -> Result<Run, Error> {
    let Some(&begin) = session.beats.received().get(entry.warm_up.max(1) - 1) else {
        return Ok(watcher.finish(session.end, &[]));
    };
    let share = TIME_BLOCKS as f64 * seconds(session.end - begin) / total;
    let parts = share.round().max(1.0) as i64;
    let mut rest = session.beats;
    let mut pauses = session.pauses;
    for part in 1..=parts {
        let edge = edge(begin, session.end, part, parts);
        let mut left = rest
            .received()
            .partition_point(|received| *received <= edge);
        while left > 0 {
            cancel.advance(left.min(STEP) as u64)?;
            let (beats, later) = rest.split_at(left.min(STEP));
            let until = beats.received()[beats.len() - 1];
            let (slept, remaining) =
                pauses.split_at(pauses.partition_point(|pause| pause.start < until));
            watcher.watch(beats, slept);
            entry.detector.check()?;
            left -= beats.len();
            (rest, pauses) = (later, remaining);
        }
        if part < parts {
            watcher.cut(edge);
        }
    }
    Ok(watcher.finish(session.end, pauses))
}

pub(super) fn watch_model(
    campaign: &Campaign,
    entries: &[Entry],
    terms: &Terms,
    cancel: &Cancel,
) -> Result<(Runs, Census), Error> {
    let replications = campaign.part().count();
    let keep = Keep {
        mistakes: mistakes_kept(campaign),
        detections: DETECTIONS
            .div_ceil(campaign.replications() as usize)
            .max(64),
    };
    // The same for all entries: they see the same heartbeats.
    let early = campaign.early(entries.first().map_or(0, |entry| entry.warm_up));
    let watched = campaign
        .part()
        .into_par_iter()
        .map(|replication| {
            let beginning = Beginning {
                every: campaign.model().interval(),
                replication,
            };
            let mut watchers = entries
                .iter()
                .map(|entry| {
                    let warm_up = WarmUp {
                        arrivals: entry.detector.needs(),
                        until: Some(early),
                    };
                    entry.watcher(&beginning, warm_up, terms, keep)
                })
                .collect::<Result<Vec<_>, _>>()?;
            let mut simulation = campaign.replication(replication, early);
            while let Some((beats, pauses)) = simulation.next_block() {
                cancel.advance(beats.len() as u64)?;
                for (watcher, entry) in watchers.iter_mut().zip(entries) {
                    watcher.watch(beats, pauses);
                    entry.detector.check()?;
                }
            }
            let end = simulation.horizon();
            let runs: Vec<Run> = watchers
                .into_iter()
                .map(|watcher| watcher.finish(end, &[]))
                .collect();
            Ok((replication, runs, simulation.census()))
        })
        .collect::<Result<Vec<_>, Error>>()?;

    let mut runs: Runs = entries
        .iter()
        .map(|_| Vec::with_capacity(replications))
        .collect();
    let mut census = Census::default();
    for (replication, watched, counted) in watched {
        census = census.plus(&counted);
        for (runs, run) in runs.iter_mut().zip(watched) {
            if run.exposure() == 0 {
                return Err(Error::argument(
                    "duration",
                    campaign.duration(),
                    "so long that heartbeats arrive after the warm-up in every replication",
                ));
            }
            runs.push((replication, run));
        }
    }
    Ok((runs, census))
}
