//! Short ways to a simulated curve, and to how far it is from what was expected.

use std::sync::Arc;

use suspicion::Cancel;
use suspicion::detector::AnyDetector;
use suspicion::distribution::{Constant, Distribution};
use suspicion::heartbeat::{CatchUp, Every, Heartbeats, Schedule};
use suspicion::network::{Link, Loss};
use suspicion::pause::Pauses;
use suspicion::qos::{Campaign, Confirmation, Contender, Curve, Source, Terms, sweep};
use suspicion::random::Seed;

pub const TERMS: Terms = Terms {
    warm_up: Some(100),
    confirmation: Confirmation::IMMEDIATE,
    timer_first: true,
    guard: None,
};

pub fn lossy(delay: impl Into<Distribution>, loss: f64) -> Link {
    Link::new(delay.into(), Loss::bernoulli(loss).unwrap(), 0.0, false).unwrap()
}

pub fn perfect() -> Link {
    lossy(Constant::new(0.0).unwrap(), 0.0)
}

/// A sender without pauses.
pub fn steady(every: Every, link: Link) -> Heartbeats {
    let schedule = Schedule::new(every, CatchUp::Burst).unwrap();
    Heartbeats::new(schedule, link, Pauses::Never, Pauses::Never).unwrap()
}

pub fn campaign(model: Heartbeats, duration: f64, seed: u64) -> Campaign {
    Campaign::new(Arc::new(model), duration, Seed::from(seed), None).unwrap()
}

pub fn curve(
    campaign: &Campaign,
    detector: impl Into<AnyDetector>,
    thresholds: &[f64],
    terms: &Terms,
) -> Curve {
    let contender = Contender {
        detector: detector.into(),
        thresholds: Some(thresholds.to_vec()),
        also: None,
    };
    sweep(
        &Source::Modelled(campaign.clone()),
        &[contender],
        terms,
        &Cancel::default(),
    )
    .unwrap()
    .remove(0)
}

/// How many standard errors the sum over replications lies from the expected one.
pub fn deviation(replications: &[f64], expected: f64) -> f64 {
    let n = replications.len() as f64;
    let total: f64 = replications.iter().sum();
    let squares: f64 = replications
        .iter()
        .map(|x| (x - total / n) * (x - total / n))
        .sum();
    // No less than a Poisson count of the expected size varies, lest a lucky draw look precise.
    let error = (squares / (n - 1.0) * n).sqrt().max(1e-12);
    (total - expected) / error
}

/// Checks mistakes and seconds of suspicion at each threshold against a rate and an accuracy.
pub fn assert_meets(curve: &Curve, closed_form: impl Fn(f64) -> (f64, f64)) {
    for (rank, threshold) in curve.thresholds().to_vec().into_iter().enumerate() {
        let (recurrence, duration) = closed_form(threshold);
        let expected = curve.exposure() / recurrence;
        let counts = curve.counts(rank);
        let excess: Vec<f64> = counts
            .iter()
            .zip(curve.suspicion(rank))
            .map(|(count, suspicion)| suspicion - duration * count)
            .collect();
        let (mistakes, durations) = (deviation(&counts, expected), deviation(&excess, 0.0));
        assert!(
            expected > 20.0,
            "too few mistakes to tell at {threshold}: {expected}"
        );
        assert!(
            mistakes.abs() < 4.0,
            "E(T_MR) at {threshold}: {} counted, {expected} expected",
            counts.iter().sum::<f64>()
        );
        assert!(
            durations.abs() < 4.0,
            "E(T_M) at {threshold}: {durations} standard errors"
        );
    }
}
