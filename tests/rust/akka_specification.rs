//! Akka's detector against the figures of its own specification, `AccrualFailureDetectorSpec.scala`.

use suspicion::detector::{AkkaPhi, AkkaSettings, logistic_phi};
use suspicion::heartbeat::Beat;

const MILLISECOND: i64 = 1_000_000;

/// As the specification sets it up.
const SETTINGS: AkkaSettings = AkkaSettings {
    window: 1000,
    min_std: 0.1,
    acceptable_pause: 0.0,
    first_estimate: Some(1.0),
    filter: true,
    logistic: true,
    milliseconds: true,
    newest_only: false,
};

/// Phi at a moment after heartbeats at others, all in milliseconds.
fn phi(settings: AkkaSettings, threshold: f64, heartbeats: &[i64], moment: i64) -> f64 {
    let detector = AkkaPhi::new(settings).unwrap();
    let mut state = detector.at(threshold, 1000 * MILLISECOND);
    for (number, heartbeat) in heartbeats.iter().enumerate() {
        state.observe(Beat {
            received: heartbeat * MILLISECOND,
            sent: heartbeat * MILLISECOND,
            number: number as i64,
        });
    }
    state.phi((moment - heartbeats.last().unwrap()) as f64 / 1e3)
}

#[test]
fn the_curve_gives_the_values_of_the_specification() {
    // Mean 1000 ms, deviation 100 ms.
    let of = |elapsed: f64| logistic_phi((elapsed - 1000.0) / 100.0);
    for (elapsed, phi) in [
        (0.0, 0.0),
        (500.0, 0.1),
        (1000.0, 0.3),
        (1200.0, 1.6),
        (1400.0, 4.7),
        (1600.0, 10.8),
        (1700.0, 15.3),
    ] {
        assert!(
            (of(elapsed) - phi).abs() <= 0.1,
            "{elapsed}: {}",
            of(elapsed)
        );
    }
    let cdf = |x: f64| 1.0 - libm::exp10(-logistic_phi(x / 10.0));
    for (x, expected, tolerance) in [
        (6.0, 0.7257, 1e-3),
        (15.0, 0.9332, 1e-3),
        (20.0, 0.97725, 1e-3),
        (25.0, 0.99379, 1e-3),
        (35.0, 0.99977, 1e-3),
        (40.0, 0.99997, 1e-4),
    ] {
        assert!((cdf(x) - expected).abs() < tolerance, "{x}: {}", cdf(x));
    }
    assert!((logistic_phi(10.0) - 38.0).abs() <= 1.0);
    assert_eq!(logistic_phi(-25.0), 0.0);
}

#[test]
fn sequences_of_heartbeats_give_what_the_specification_says() {
    let alone = |moment| phi(SETTINGS, 8.0, &[0], moment);
    assert!((alone(1000) - 0.3).abs() <= 0.2);
    assert!((alone(2000) - 4.5).abs() <= 0.3);
    assert!(alone(3000) > 15.0);
    let three = |moment| phi(SETTINGS, 3.0, &[0, 1000, 1100], moment);
    assert!(three(1200) < 3.0 && three(8200) >= 3.0);
    let patient = AkkaSettings {
        acceptable_pause: 3.0,
        ..SETTINGS
    };
    let heartbeats = [0, 1000, 2000, 3000, 4000, 5000, 6000];
    assert!(phi(patient, 8.0, &heartbeats[..4], 7000) < 8.0);
    assert!(phi(patient, 8.0, &heartbeats[..6], 5500) < 8.0);
    assert!(phi(patient, 8.0, &heartbeats, 11000) >= 8.0);
    // A window of three: the long gap was left out, and the rest has been forgotten.
    let short = AkkaSettings {
        window: 3,
        ..SETTINGS
    };
    let before = phi(short, 8.0, &[0, 100, 200, 300], 400);
    let heartbeats = [0, 100, 200, 300, 1000, 1500, 2000, 2500];
    let after = phi(short, 8.0, &heartbeats, 3000);
    assert!((before - after).abs() < 1e-3, "{before} {after}");
}
