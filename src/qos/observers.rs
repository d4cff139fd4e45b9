//! Several monitors of one node, of which so many must agree.

use std::sync::Arc;

use rayon::prelude::*;

use super::block::{Block, TIME_BLOCKS, edge};
use super::confirmation::Confirmation;
use super::detection::{Detection, Line};
use super::entry::{Entry, PANEL_SHARE};
use super::mistake_log::Mistake;
use super::naps::Naps;
use super::tally::Totals;
use super::terms::Terms;
use super::watcher::{Keep, Run};
use super::watching::watch_log;
use crate::heartbeat::{Arrivals, SendTimes};
use crate::pause::Pause;
use crate::time::{Nanos, nanos, seconds};
use crate::{Cancel, Error, domain};

/// What several monitors saw of one node, and how many of them must suspect it at the same time.
///
/// Their logs must be on one clock, send times included.
#[derive(Debug, Clone, PartialEq)]
pub struct Observers {
    logs: Arc<[Arc<Arrivals>]>,
    quorum: usize,
}

/// Detection times kept for each threshold.
const DETECTIONS: usize = 1024;

impl Observers {
    /// `quorum` of the monitors that saw these logs.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a quorum of none or of more than there are, and for logs with clock
    /// resets, with other intervals, or without send times on the monitors' clock.
    pub fn new(logs: Vec<Arc<Arrivals>>, quorum: usize) -> Result<Self, Error> {
        domain::count("arrivals", logs.len(), 1, 1000)?;
        domain::count("quorum", quorum, 1, logs.len())?;
        for (index, log) in logs.iter().enumerate() {
            let refuse = |value: &str, expected| {
                Err(Error::argument(
                    format!("arrivals[{index}]"),
                    value,
                    expected,
                ))
            };
            if log.send_times() != SendTimes::SharedClock {
                return refuse(
                    "a log without send times on its clock",
                    "logs on one clock, with send times on it",
                );
            }
            if log.sessions().count() != 1 {
                return refuse("a log with resets", "logs without clock resets");
            }
            if log.every() != logs[0].every() {
                return refuse("a log with another interval", "heartbeats of one node");
            }
        }
        Ok(Self {
            logs: logs.into(),
            quorum,
        })
    }

    /// What each monitor saw.
    pub fn logs(&self) -> &[Arc<Arrivals>] {
        &self.logs
    }

    /// How many must suspect the node at the same time.
    pub fn quorum(&self) -> usize {
        self.quorum
    }
}

/// What all monitors did at one threshold.
struct Watched {
    begin: Nanos,
    end: Nanos,
    mistakes: Vec<Mistake>,
    agreements: Vec<Stretch>,
}

/// Watches with one detector at each of its thresholds.
pub(super) fn watch_observers(
    observers: &Observers,
    entry: &Entry,
    terms: &Terms,
    cancel: &Cancel,
) -> Result<Run, Error> {
    let watched = (entry.thresholds.par_iter())
        .map(|threshold| {
            let watched = agreed(observers, &entry.alone_at(*threshold)?, terms, cancel)?;
            Ok(run_at(&watched, terms.confirmation))
        })
        .collect::<Result<Vec<Run>, Error>>()?;
    Ok(watched
        .into_iter()
        .reduce(Run::beside)
        .unwrap_or_else(|| Run::empty(0)))
}

/// The times in which the quorum suspected the node, with a detector at one threshold.
pub(super) fn agreed_mistakes(
    observers: &Observers,
    entry: &Entry,
    terms: &Terms,
    cancel: &Cancel,
) -> Result<Run, Error> {
    let watched = agreed(observers, entry, terms, cancel)?;
    Ok(Run {
        mistakes: vec![watched.mistakes.clone()],
        ..run_at(&watched, terms.confirmation)
    })
}

/// What all monitors did with a detector at one threshold.
fn agreed(
    observers: &Observers,
    entry: &Entry,
    terms: &Terms,
    cancel: &Cancel,
) -> Result<Watched, Error> {
    let terms = Terms {
        confirmation: Confirmation::IMMEDIATE,
        ..*terms
    };
    if entry.detector.wait(entry.thresholds[0]).is_some() {
        return Err(Error::argument(
            "seed",
            "none",
            "a seed, for monitors that must agree draw timeouts of their own",
        ));
    }
    let h = entry.told_threshold(0);
    let (mut begin, mut end) = (Nanos::MIN, Nanos::MAX);
    let mut suspicions = Vec::new();
    let mut deadlines = Vec::new();
    for (observer, log) in observers.logs().iter().enumerate() {
        let run = all_mistakes_and_lines(log, observer as u64, entry, &terms, cancel)?;
        begin = begin.max(run.begin);
        end = end.min(run.begin + run.exposure());
        suspicions.extend(run.mistakes.into_iter().flatten());
        let known = run.naps.known_until();
        let lines = run.detections[0].sample.iter();
        let lines = lines.filter(|line| line.sent < known);
        deadlines.push(lines.map(|line| noticed(line, h, &run.naps)).collect());
    }
    if begin >= end {
        return Err(Error::argument(
            "observers",
            "logs of different times",
            "logs that overlap in time",
        ));
    }
    Ok(Watched {
        begin,
        end,
        mistakes: overlaps(&suspicions, observers.quorum, begin, end),
        agreements: agreements(&deadlines, observers.quorum),
    })
}

/// What one monitor did, with all its mistakes and the detection times after all heartbeats, or after so
/// many.
fn all_mistakes_and_lines(
    log: &Arrivals,
    observer: u64,
    entry: &Entry,
    terms: &Terms,
    cancel: &Cancel,
) -> Result<Run, Error> {
    let keep = Keep {
        mistakes: usize::MAX,
        detections: (1 << 20) * PANEL_SHARE,
    };
    // A log of an observer is one session.
    let mut runs = watch_log(log, observer, entry, terms, keep, cancel)?;
    Ok(runs.swap_remove(0).1)
}

/// A stretch of time in which no other heartbeat is sent that arrives, and when a crash in it is noticed,
/// by one monitor or by the quorum.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    from: Nanos,
    until: Nanos,
    noticed: Nanos,
}

fn noticed(line: &Line, h: f64, naps: &Naps) -> Stretch {
    let deadline = line.sent.saturating_add(nanos(line.at(h).max(0.0)));
    let pauses = naps.pauses();
    let next = pauses.partition_point(|pause| pause.end <= deadline);
    let noticed = match pauses.get(next) {
        Some(Pause { start, end }) if *start < deadline => *end,
        _ => deadline,
    };
    Stretch {
        from: line.sent,
        until: line.sent + nanos(line.window),
        noticed,
    }
}

/// The times in which at least `quorum` of the intervals hold, between `begin` and `end`.
///
/// An interval holds from its start until, but not at, its end; an empty one at its moment.
fn overlaps(intervals: &[Mistake], quorum: usize, begin: Nanos, end: Nanos) -> Vec<Mistake> {
    // How many more hold from a moment on, and how many at the moment alone.
    let mut changes: Vec<(Nanos, i64, i64)> = (intervals.iter())
        .flat_map(|interval| {
            let empty = i64::from(interval.start == interval.end);
            [
                (interval.start, 1 - empty, empty),
                (interval.end, empty - 1, 0),
            ]
        })
        .collect();
    changes.sort_unstable();
    let mut found: Vec<Mistake> = Vec::new();
    let mut close = |start: Nanos, moment: Nanos| {
        let (start, end) = (start.max(begin), moment.min(end));
        if start < end || (start == end && moment <= end) {
            found.push(Mistake { start, end });
        }
    };
    let (mut holding, mut since) = (0, None);
    for moment in changes.chunk_by(|a, b| a.0 == b.0) {
        let now = moment[0].0;
        holding += moment.iter().map(|change| change.1).sum::<i64>();
        let for_now = moment.iter().map(|change| change.2).sum::<i64>();
        let agreed = |holding: i64| holding >= quorum as i64;
        if agreed(holding + for_now) {
            since = since.or(Some(now));
        }
        if !agreed(holding)
            && let Some(start) = since.take()
        {
            close(start, now);
        }
    }
    found
}

/// When a crash would be agreed on, from each heartbeat on that changes it.
fn agreements(deadlines: &[Vec<Stretch>], quorum: usize) -> Vec<Stretch> {
    let mut moments: Vec<Nanos> = (deadlines.iter().flatten())
        .flat_map(|stretch| [stretch.from, stretch.until])
        .collect();
    moments.sort_unstable();
    moments.dedup();
    let mut places = vec![0; deadlines.len()];
    let mut found = Vec::with_capacity(moments.len());
    for pair in moments.windows(2) {
        let (moment, until) = (pair[0], pair[1]);
        let mut each = Vec::with_capacity(deadlines.len());
        for (stretches, place) in deadlines.iter().zip(&mut places) {
            while (stretches.get(*place)).is_some_and(|stretch| stretch.until <= moment) {
                *place += 1;
            }
            // Where what an observer would do is not known, a crash is not counted.
            match stretches.get(*place) {
                Some(stretch) if stretch.from <= moment => each.push(stretch.noticed),
                _ => break,
            }
        }
        if each.len() == deadlines.len() {
            each.sort_unstable();
            found.push(Stretch {
                from: moment,
                until,
                noticed: each[quorum - 1],
            });
        }
    }
    found
}

/// What is counted at one threshold.
fn run_at(watched: &Watched, confirmation: Confirmation) -> Run {
    let Watched {
        begin,
        end,
        mistakes,
        agreements,
    } = watched;
    let edge = |part: i64| edge(*begin, *end, part, TIME_BLOCKS);
    let mut rest = mistakes.iter().peekable();
    let blocks = (1..=TIME_BLOCKS).map(|part| {
        let (mut count, mut suspicion) = (0.0, 0.0);
        while let Some(mistake) = rest.next_if(|mistake| mistake.end <= edge(part)) {
            let duration = seconds(mistake.end - mistake.start);
            count += confirmation.probability(duration);
            suspicion += confirmation.remaining(duration);
        }
        Block {
            exposure: edge(part) - edge(part - 1),
            totals: Totals {
                mistakes: vec![count],
                suspicion: vec![suspicion],
            },
        }
    });
    Run {
        begin: *begin,
        blocks: blocks.collect(),
        detections: vec![Detection::of_lines(lines(agreements), DETECTIONS)],
        naps: Naps::default(),
        mistakes: Vec::new(),
    }
}

fn lines(agreements: &[Stretch]) -> impl Iterator<Item = Line> {
    agreements.iter().map(|stretch| Line {
        sent: stretch.from,
        offset: seconds(stretch.noticed - stretch.from),
        scale: 0.0,
        window: seconds(stretch.until - stretch.from),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_quorum_suspects_when_so_many_intervals_hold(
            ends in prop::collection::vec((0..100i64, 1..30i64), 0..12),
            quorum in 1..4usize,
        ) {
            let intervals: Vec<Mistake> = ends
                .iter()
                .map(|(start, length)| Mistake { start: *start, end: start + length })
                .collect();
            let found = overlaps(&intervals, quorum, 5, 110);
            for moment in 0..140 {
                let holding = intervals.iter().filter(|one| one.start <= moment && moment < one.end);
                let expected = holding.count() >= quorum && (5..110).contains(&moment);
                let inside = found.iter().any(|one| one.start <= moment && moment < one.end);
                prop_assert_eq!(inside, expected, "at {}", moment);
            }
        }
    }
}
