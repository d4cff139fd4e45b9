//! Generated heartbeat logs: bursts, losses, duplicates, reordering and pauses, on a coarse grid of
//! times so that ties are common.

use proptest::prelude::*;
use suspicion::Cancel;
use suspicion::detector::{
    AkkaPhi, AkkaSettings, AnyDetector, Bertier, BucketedTimeout, Chen, Chitchat, ElectionTimeout,
    EmpiricalAccrual, ExponentialAccrual, FailedProbes, FixedTimeout, Overdue, PercentileTimeout,
    PhiAccrual, RetransmissionTimeout, Rule, Scale, SelfTuning, TwoWindow,
};
use suspicion::heartbeat::{Arrivals, Log};
use suspicion::pause::Pause;
use suspicion::random::Seed;
use suspicion::time::Nanos;

pub const MILLISECOND: Nanos = 1_000_000;
pub const EVERY: Nanos = 100 * MILLISECOND;

/// What happens to one heartbeat, in milliseconds.
#[derive(Debug, Clone)]
struct Fortune {
    delay: i64,
    lost: bool,
    copy: Option<i64>,
    stall: i64,
}

fn fortune() -> impl Strategy<Value = Fortune> {
    let delay = prop_oneof![5 => 0..5i64, 2 => 0..60i64, 1 => 0..700i64];
    let copy = prop_oneof![9 => Just(None), 1 => (0..300i64).prop_map(Some)];
    let stall = prop_oneof![12 => Just(0), 1 => 50..900i64];
    (delay, prop::bool::weighted(0.1), copy, stall).prop_map(|(delay, lost, copy, stall)| Fortune {
        delay,
        lost,
        copy,
        stall,
    })
}

/// Arrivals of 10 to 120 heartbeats; a stall holds back all that would arrive during it.
pub fn arrivals() -> impl Strategy<Value = Arrivals> {
    let pauses = prop::collection::vec((0..12_000i64, 0..600i64), 0..6);
    (prop::collection::vec(fortune(), 10..120), pauses).prop_filter_map(
        "two heartbeats or more",
        |(fortunes, pauses)| {
            let mut rows = Vec::new();
            let mut held_until = 0;
            for (number, fortune) in fortunes.iter().enumerate() {
                let sent = number as i64 * 100;
                if fortune.stall > 0 {
                    held_until = sent + fortune.stall;
                }
                if fortune.lost {
                    continue;
                }
                for delay in std::iter::once(fortune.delay).chain(fortune.copy) {
                    rows.push(((sent + delay).max(held_until), sent, number as i64));
                }
            }
            rows.sort();
            let log = Log {
                received: rows.iter().map(|row| row.0 * MILLISECOND).collect(),
                sent: Some(rows.iter().map(|row| row.1 * MILLISECOND).collect()),
                number: Some(rows.iter().map(|row| row.2).collect()),
                every: Some(EVERY),
                shared_clock: true,
                pauses: apart(pauses),
            };
            log.into_arrivals(&Cancel::default()).ok()
        },
    )
}

fn apart(mut pauses: Vec<(i64, i64)>) -> Vec<Pause> {
    pauses.sort_unstable();
    let mut kept: Vec<Pause> = Vec::new();
    for (start, length) in pauses {
        let pause = Pause {
            start: start * MILLISECOND,
            end: (start + length) * MILLISECOND,
        };
        if length > 0 && kept.last().is_none_or(|last| last.end < pause.start) {
            kept.push(pause);
        }
    }
    kept
}

/// Each detector, with a window short enough to wrap around in a generated log.
pub fn detectors() -> Vec<AnyDetector> {
    vec![
        FixedTimeout { newest_only: false }.into(),
        FixedTimeout { newest_only: true }.into(),
        Chen::new(7, false).unwrap().into(),
        Chen::new(1, true).unwrap().into(),
        TwoWindow::new(1, 9).unwrap().into(),
        Bertier::new(8, 1.0, 0.1).unwrap().into(),
        PhiAccrual::new(10, 0.001, false).unwrap().into(),
        PhiAccrual::new(10, 0.0, true).unwrap().into(),
        ExponentialAccrual::new(10, Some(0.2), Some(0.25), Scale::Phi, false)
            .unwrap()
            .into(),
        ExponentialAccrual::new(10, None, None, Scale::Probability, true)
            .unwrap()
            .into(),
        Overdue::new(0.1, false).unwrap().into(),
        AkkaPhi::new(AKKA).unwrap().into(),
        AkkaPhi::new(AkkaSettings {
            filter: false,
            logistic: false,
            milliseconds: true,
            newest_only: true,
            ..AKKA
        })
        .unwrap()
        .into(),
        Chitchat::new(10, 0.3, 0.2, 2.0, false).unwrap().into(),
        Chitchat::new(10, 0.3, 0.2, 0.0, true).unwrap().into(),
        SelfTuning::new(7, 5, 0.02, 0.5, 0.3).unwrap().into(),
        EmpiricalAccrual::new(10, 0.9, Scale::Probability, false)
            .unwrap()
            .into(),
        EmpiricalAccrual::new(10, 1.0, Scale::Phi, true)
            .unwrap()
            .into(),
        FailedProbes::new(3, None).unwrap().into(),
        FailedProbes::new(2, Some(0.1)).unwrap().into(),
        PercentileTimeout::new(0.9, 1.0, 0.02, 0.5).unwrap().into(),
        RetransmissionTimeout::new(0.001, 0.01, 2.0, true)
            .unwrap()
            .into(),
        RetransmissionTimeout::new(0.0, 0.0, 60.0, false)
            .unwrap()
            .into(),
        BucketedTimeout::new(0.25, 0.1, false).unwrap().into(),
        ElectionTimeout::new(Rule::Term { tick: Some(0.01) }, 2, Some(Seed::from(7)))
            .unwrap()
            .into(),
        ElectionTimeout::new(Rule::Free, 3, Some(Seed::from(7)))
            .unwrap()
            .into(),
    ]
}

const AKKA: AkkaSettings = AkkaSettings {
    window: 10,
    min_std: 0.005,
    acceptable_pause: 0.05,
    first_estimate: None,
    filter: true,
    logistic: true,
    milliseconds: false,
    newest_only: false,
};
