//! Heartbeats a second through the sweep, at 256 thresholds, on one thread; for detectors that are
//! followed at each threshold by itself, nanoseconds a heartbeat and threshold.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::sync::Arc;
use std::time::Instant;

use suspicion::Cancel;
use suspicion::detector::{
    AkkaPhi, AkkaSettings, AnyDetector, Bertier, BucketedTimeout, Chen, Chitchat, ElectionTimeout,
    EmpiricalAccrual, ExponentialAccrual, FailedProbes, FixedTimeout, PercentileTimeout,
    PhiAccrual, RetransmissionTimeout, Rule, Scale, SelfTuning, TwoWindow,
};
use suspicion::distribution::{Exponential, LogNormal};
use suspicion::heartbeat::{CatchUp, Every, Heartbeats, Schedule, simulate};
use suspicion::network::{Link, Loss};
use suspicion::pause::Pauses;
use suspicion::qos::{Campaign, Confirmation, Contender, Source, Terms, sweep};
use suspicion::random::Seed;

fn main() {
    let schedule = Schedule::new(Every::Fixed(1_000_000_000), CatchUp::Burst).unwrap();
    let link = Link::new(
        LogNormal::new(0.02, 0.8).unwrap().into(),
        Loss::bernoulli(0.01).unwrap(),
        0.0,
        false,
    )
    .unwrap();
    let pauses = Pauses::renewal(
        Exponential::new(3600.0).unwrap().into(),
        LogNormal::new(0.08, 1.2).unwrap().into(),
    )
    .unwrap();
    let model = Heartbeats::new(schedule, link, pauses, Pauses::Never).unwrap();
    let seed = Seed::from(1);
    let cancel = Cancel::default();
    let n: usize = std::env::var("BEATS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(10_000_000);
    let arrivals = Arc::new(simulate(&model, n as f64, &seed, &cancel).unwrap());
    let source = Source::Recorded(arrivals);
    let timeouts: Vec<f64> = (0..256).map(|i| 0.5 * (1.02f64).powi(i)).collect();
    let detectors: Vec<AnyDetector> = vec![
        FixedTimeout { newest_only: false }.into(),
        Chen::new(1000, false).unwrap().into(),
        TwoWindow::new(1, 1000).unwrap().into(),
        Bertier::new(1000, 1.0, 0.1).unwrap().into(),
        PhiAccrual::new(1000, 0.0, false).unwrap().into(),
        ExponentialAccrual::new(1000, None, None, Scale::Phi, false)
            .unwrap()
            .into(),
    ];
    let terms = Terms {
        warm_up: Some(3),
        confirmation: Confirmation::IMMEDIATE,
        timer_first: true,
        guard: None,
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    let only = std::env::args().nth(1).filter(|arg| !arg.starts_with('-'));
    for detector in &detectors {
        if only
            .as_ref()
            .is_some_and(|only| !format!("{detector:?}").starts_with(only))
        {
            continue;
        }
        let thresholds: Vec<f64> = match detector {
            AnyDetector::FixedTimeout(_) => timeouts.clone(),
            AnyDetector::PhiAccrual(_) => (0..256).map(|i| 0.05 * (1.03f64).powi(i)).collect(),
            AnyDetector::ExponentialAccrual(_) => timeouts
                .iter()
                .map(|t| t / std::f64::consts::LN_10)
                .collect(),
            _ => timeouts.iter().map(|t| t - 0.5).collect(),
        };
        let contender = Contender {
            detector: detector.clone(),
            thresholds: Some(thresholds),
            also: None,
        };
        let mut best = f64::INFINITY;
        for _ in 0..5 {
            let start = Instant::now();
            let curves = pool
                .install(|| sweep(&source, std::slice::from_ref(&contender), &terms, &cancel))
                .unwrap();
            best = best.min(start.elapsed().as_secs_f64());
            std::hint::black_box(curves);
        }
        println!(
            "{:60} {:6.1} M heartbeats/s",
            format!("{detector:?}").chars().take(60).collect::<String>(),
            n as f64 / best / 1e6
        );
    }
    vectors(&model, &seed, &timeouts, &terms, &pool, only.as_deref());
    let campaign = Campaign::new(Arc::new(model), 2.0 * n as f64, seed, None).unwrap();
    let contender = Contender {
        detector: FixedTimeout { newest_only: false }.into(),
        thresholds: Some(timeouts),
        also: None,
    };
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let start = Instant::now();
        let curves = pool
            .install(|| {
                sweep(
                    &Source::Modelled(campaign.clone()),
                    std::slice::from_ref(&contender),
                    &terms,
                    &cancel,
                )
            })
            .unwrap();
        std::hint::black_box(curves);
        println!(
            "simulate, {threads} threads {:6.1} M heartbeats/s",
            2.0 * n as f64 / start.elapsed().as_secs_f64() / 1e6
        );
    }
}

/// Measures the detectors that are followed at each threshold by itself.
fn vectors(
    model: &Heartbeats,
    seed: &Seed,
    timeouts: &[f64],
    terms: &Terms,
    pool: &rayon::ThreadPool,
    only: Option<&str>,
) {
    const BEATS: usize = 200_000;
    let cancel = Cancel::default();
    let source = Source::Recorded(Arc::new(
        simulate(model, BEATS as f64, seed, &cancel).unwrap(),
    ));
    let akka = AkkaSettings {
        window: 1000,
        min_std: 0.1,
        acceptable_pause: 0.0,
        first_estimate: None,
        filter: true,
        logistic: true,
        milliseconds: false,
        newest_only: false,
    };
    let phis: Vec<f64> = (0..256).map(|i| 0.5 * (1.018_22f64).powi(i)).collect();
    let shares: Vec<f64> = (1..=256).map(|i| f64::from(i) / 256.0).collect();
    let detectors: Vec<(AnyDetector, &[f64])> = vec![
        (AkkaPhi::new(akka).unwrap().into(), &phis),
        (
            Chitchat::new(1000, 10.0, 5.0, 5.0, false).unwrap().into(),
            &phis,
        ),
        (
            SelfTuning::new(1000, 100, 0.05, 1e-3, 3.0).unwrap().into(),
            timeouts,
        ),
        (
            EmpiricalAccrual::new(1000, 0.9, Scale::Probability, false)
                .unwrap()
                .into(),
            &shares,
        ),
        (FailedProbes::new(3, None).unwrap().into(), timeouts),
        (
            PercentileTimeout::new(0.9999, 60.0, 0.0, 60.0)
                .unwrap()
                .into(),
            &phis,
        ),
        (
            RetransmissionTimeout::new(0.0, 0.0, 60.0, true)
                .unwrap()
                .into(),
            &phis,
        ),
        (
            BucketedTimeout::new(1.0, 0.0, false).unwrap().into(),
            timeouts,
        ),
        (
            ElectionTimeout::new(Rule::Free, 1, Some(*seed))
                .unwrap()
                .into(),
            timeouts,
        ),
        (
            ElectionTimeout::new(Rule::Free, 1, None).unwrap().into(),
            timeouts,
        ),
    ];
    for (detector, thresholds) in detectors {
        let name = format!("{detector:?}");
        if only.is_some_and(|only| !name.starts_with(only)) {
            continue;
        }
        let contender = Contender {
            detector,
            thresholds: Some(thresholds.to_vec()),
            also: None,
        };
        let mut best = f64::INFINITY;
        for _ in 0..3 {
            let start = Instant::now();
            let curves = pool
                .install(|| sweep(&source, std::slice::from_ref(&contender), terms, &cancel))
                .unwrap();
            best = best.min(start.elapsed().as_secs_f64());
            std::hint::black_box(curves);
        }
        let pairs = (BEATS * thresholds.len()) as f64;
        println!(
            "{:60} {:6.2} ns a heartbeat and threshold",
            name.chars().take(60).collect::<String>(),
            best * 1e9 / pairs
        );
    }
}
