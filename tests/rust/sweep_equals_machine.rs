//! The sweep over all thresholds equals a plain state machine run at each of them.

use std::sync::Arc;

use proptest::prelude::*;
use suspicion::Cancel;
use suspicion::detector::{AnyDetector, Deadline, OnePass, PerThreshold, State};
use suspicion::heartbeat::{Arrivals, Session};
use suspicion::pause::{Guard, Pause};
use suspicion::qos::{Confirmation, Contender, Curve, Source, Terms, sweep};
use suspicion::time::{nanos, seconds};

use crate::generated::{EVERY, arrivals, detectors};
use crate::machine::{Mistake, Single, mistakes};

macro_rules! with_any {
    ($any:expr, one_pass $one:ident => $once:expr, per_threshold $each:ident => $by_each:expr) => {
        match $any {
            AnyDetector::FixedTimeout($one) => $once,
            AnyDetector::Overdue($one) => $once,
            AnyDetector::Chen($one) => $once,
            AnyDetector::TwoWindow($one) => $once,
            AnyDetector::Bertier($one) => $once,
            AnyDetector::PhiAccrual($one) => $once,
            AnyDetector::ExponentialAccrual($one) => $once,
            AnyDetector::ForeignDeadline($one) => $once,
            AnyDetector::AkkaPhi($each) => $by_each,
            AnyDetector::Chitchat($each) => $by_each,
            AnyDetector::SelfTuning($each) => $by_each,
            AnyDetector::EmpiricalAccrual($each) => $by_each,
            AnyDetector::FailedProbes($each) => $by_each,
            AnyDetector::PercentileTimeout($each) => $by_each,
            AnyDetector::RetransmissionTimeout($each) => $by_each,
            AnyDetector::BucketedTimeout($each) => $by_each,
            AnyDetector::ElectionTimeout($each) => $by_each,
            AnyDetector::ForeignLevel($each) => $by_each,
        }
    };
}

/// Thresholds at which something changes, and some between: all levels that the heartbeats reach.
fn telling_thresholds(detector: &AnyDetector, arrivals: &Arrivals) -> Vec<f64> {
    fn levels<D: OnePass>(detector: &D, arrivals: &Arrivals) -> Vec<f64> {
        let mut state = detector.start(EVERY);
        let mut deadline = Deadline::NEVER;
        let mut since = 0;
        let mut levels = vec![0.5, 1.0];
        for beat in arrivals.beats().iter() {
            levels.push(deadline.level(seconds(beat.received - since)));
            levels.push(deadline.level(0.0));
            (deadline, since) = (state.observe(beat), beat.received);
        }
        levels
    }
    let mut inner = with_any!(
        detector,
        one_pass detector => levels(detector, arrivals),
        per_threshold detector => {
            // As many timeouts as gaps, which ties with them, and of phi a few more.
            let gaps = arrivals.beats().received().windows(2).map(|pair| seconds(pair[1] - pair[0]));
            let few = detector.candidates(0.01, 2.0).into_iter().step_by(5);
            gaps.chain(few).collect()
        }
    );
    inner.retain(|h| h.is_finite());
    let between: Vec<f64> = inner
        .windows(2)
        .map(|pair| 0.5 * (pair[0] + pair[1]))
        .collect();
    inner.extend(between);
    let mut outer: Vec<f64> = inner
        .into_iter()
        .map(|h| detector.outer(h))
        .filter(|threshold| detector.admit(*threshold).is_ok())
        .collect();
    outer.sort_by(f64::total_cmp);
    outer.dedup_by(|later, earlier| detector.inner(*later) <= detector.inner(*earlier));
    outer
}

fn machine_at(
    detector: &AnyDetector,
    arrivals: &Arrivals,
    watched: &Watched,
    threshold: f64,
) -> Vec<Vec<Mistake>> {
    let Watched { terms, guard } = watched;
    let h = detector.inner(threshold);
    let warm_up = terms.warm_up.unwrap();
    let sessions = arrivals.sessions().enumerate();
    sessions
        .map(|(index, session)| {
            let pauses = held_back(session.pauses, *guard);
            let session = Session { pauses: &pauses, ..session };
            with_any!(
                detector,
                one_pass detector => mistakes(detector, EVERY, session, warm_up, h, terms.timer_first),
                per_threshold detector => {
                    let single = Single { detector, threshold, session: index as u64 };
                    mistakes(&single, EVERY, session, warm_up, 0.0, terms.timer_first)
                }
            )
        })
        .collect()
}

/// The monitor's pauses, each longer one with the time for which it holds back after it.
fn held_back(pauses: &[Pause], guard: Option<(f64, f64)>) -> Vec<Pause> {
    let mut joined: Vec<Pause> = Vec::new();
    for pause in pauses {
        let mut end = pause.end;
        if let Some((longer_than, hold)) = guard
            && seconds(pause.end - pause.start) > longer_than
        {
            end += nanos(hold);
        }
        match joined.last_mut() {
            Some(last) if guard.is_some() && pause.start <= last.end => {
                last.end = last.end.max(end)
            }
            _ => joined.push(Pause { end, ..*pause }),
        }
    }
    joined
}

fn swept(
    detector: &AnyDetector,
    arrivals: &Arrivals,
    terms: &Terms,
    thresholds: &[f64],
) -> Option<Curve> {
    let source = Source::Recorded(Arc::new(arrivals.clone()));
    let contender = Contender {
        detector: detector.clone(),
        thresholds: Some(thresholds.to_vec()),
        also: None,
    };
    match sweep(&source, &[contender], terms, &Cancel::default()) {
        Ok(mut curves) => curves.pop(),
        // A log can end at the very moment at which the watch begins.
        Err(error) => {
            assert!(error.to_string().starts_with("warm_up"), "{error}");
            None
        }
    }
}

/// How a log is watched, and the settings of the monitor's guard.
#[derive(Debug, Clone, Copy)]
struct Watched {
    terms: Terms,
    guard: Option<(f64, f64)>,
}

fn terms(
    warm_up: usize,
    timer_first: bool,
    confirmation: Confirmation,
    guard: Option<(f64, f64)>,
) -> Watched {
    let terms = Terms {
        warm_up: Some(warm_up),
        confirmation,
        timer_first,
        guard: guard.map(|(longer_than, hold)| Guard::new(longer_than, hold).unwrap()),
    };
    Watched { terms, guard }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn counts_are_equal_and_durations_to_a_nanosecond(arrivals in arrivals(), warm_up in 3..6usize, timer_first: bool, guard in prop_oneof![Just(None), (0.0..0.4f64, 0.0..0.9f64).prop_map(Some)]) {
        let watched = terms(warm_up, timer_first, Confirmation::IMMEDIATE, guard);
        for detector in detectors() {
            let thresholds = telling_thresholds(&detector, &arrivals);
            if thresholds.is_empty() || arrivals.beats().len() <= warm_up {
                continue;
            }
            let Some(curve) = swept(&detector, &arrivals, &watched.terms, &thresholds) else { continue };
            for (rank, threshold) in thresholds.iter().enumerate() {
                let expected: Vec<Mistake> = machine_at(&detector, &arrivals, &watched, *threshold).concat();
                let point = curve.point(rank, 0.95);
                prop_assert_eq!(point.mistakes, expected.len() as f64, "{:?} at {}", detector, threshold);
                let suspicion: f64 = expected.iter().map(Mistake::duration).sum();
                let found = (1.0 - point.query_accuracy) * curve.exposure();
                prop_assert!((found - suspicion).abs() < 1e-9, "{:?} at {}: {} and {}", detector, threshold, found, suspicion);
            }
        }
    }

    #[test]
    fn looks_and_dwell_weigh_each_mistake_by_its_duration(arrivals in arrivals(), check_every in prop_oneof![Just(0.0), 0.01..1.0f64], dwell in prop_oneof![Just(0.0), 0.01..0.5f64]) {
        let confirmation = Confirmation::new(check_every, dwell).unwrap();
        let watched = terms(4, true, confirmation, None);
        let terms = watched.terms;
        for detector in detectors() {
            let thresholds = telling_thresholds(&detector, &arrivals);
            if thresholds.is_empty() || arrivals.beats().len() <= terms.warm_up.unwrap() {
                continue;
            }
            let Some(curve) = swept(&detector, &arrivals, &terms, &thresholds) else { continue };
            for (rank, threshold) in thresholds.iter().enumerate() {
                let expected: Vec<Mistake> = machine_at(&detector, &arrivals, &watched, *threshold).concat();
                // A mistake within rounding of the dwell may fall on either side of it.
                let unsure = expected.iter().filter(|mistake| check_every == 0.0 && dwell > 0.0 && (mistake.duration() - dwell).abs() < 1e-9).count();
                let weight = |mistake: &Mistake| {
                    let beyond = mistake.duration() - dwell;
                    if check_every == 0.0 {
                        f64::from(u8::from(dwell == 0.0 || beyond > 0.0))
                    } else {
                        (beyond / check_every).clamp(0.0, 1.0)
                    }
                };
                let failovers: f64 = expected.iter().map(weight).sum();
                let point = curve.point(rank, 0.95);
                prop_assert!((point.mistakes - failovers).abs() <= 1e-6 + unsure as f64, "{:?} at {}: {} and {}", detector, threshold, point.mistakes, failovers);
            }
        }
    }
}
