//! Heartbeats a second through the sweep, at 256 thresholds, on one thread.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::sync::Arc;
use std::time::Instant;

use suspicion::Cancel;
use suspicion::detector::{
    AnyDetector, Bertier, Chen, ExponentialAccrual, FixedTimeout, PhiAccrual, Scale, TwoWindow,
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
