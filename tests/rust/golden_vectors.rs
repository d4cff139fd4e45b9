//! Detectors on a tiny trace whose every step was worked out by hand, to the digits printed.

use suspicion::detector::{
    AkkaPhi, AkkaSettings, Beginning, Bertier, Chen, Deadline, Detector, EmpiricalAccrual,
    ExponentialAccrual, FixedTimeout, OnePass, PerThreshold, PhiAccrual, RetransmissionTimeout,
    Scale, State, TwoWindow, logistic_phi,
};
use suspicion::heartbeat::Beat;

const NUMBERS: [i64; 10] = [1, 2, 3, 4, 5, 6, 7, 8, 10, 11];
const ARRIVALS: [i64; 10] = [105, 203, 310, 402, 498, 650, 702, 803, 1040, 1109];
const MILLISECOND: i64 = 1_000_000;

fn beats() -> impl Iterator<Item = Beat> {
    ARRIVALS.iter().zip(NUMBERS).map(|(arrival, number)| Beat {
        received: arrival * MILLISECOND,
        sent: number * 100 * MILLISECOND,
        number,
    })
}

/// The deadline that each heartbeat sets.
fn deadlines(detector: &impl OnePass) -> Vec<Deadline> {
    let mut state = detector.start(100 * MILLISECOND);
    beats().map(|beat| state.observe(beat)).collect()
}

/// The level at which each heartbeat from the second on comes, in the given unit of the level.
fn levels(deadlines: &[Deadline], unit: f64) -> Vec<f64> {
    let gaps = ARRIVALS
        .windows(2)
        .map(|pair| (pair[1] - pair[0]) as f64 / 1e3);
    deadlines
        .iter()
        .zip(gaps)
        .map(|(deadline, gap)| deadline.level(gap) / unit)
        .collect()
}

fn assert_close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!(
            (found - expected).abs() <= tolerance,
            "{index}: {found}, expected {expected}"
        );
    }
}

#[test]
fn nfd_e() {
    let deadlines = deadlines(&Chen::new(4, false).unwrap());
    let expected_arrivals: Vec<f64> = deadlines
        .iter()
        .zip(ARRIVALS)
        .map(|(deadline, arrival)| deadline.offset * 1e3 + arrival as f64)
        .collect();
    assert_close(
        &expected_arrivals,
        &[
            205.0, 304.0, 406.0, 505.0, 603.25, 715.0, 813.0, 913.25, 1123.75, 1213.5,
        ],
        1e-9,
    );
    assert_close(
        &levels(&deadlines, 1e-3),
        &[-2.0, 6.0, -4.0, -7.0, 46.75, -13.0, -10.0, 126.75, -14.75],
        1e-9,
    );
    let floors: Vec<f64> = deadlines
        .iter()
        .map(|deadline| deadline.level(0.0) * 1e3)
        .collect();
    assert_close(
        &floors[..9],
        &[
            -100.0, -101.0, -96.0, -103.0, -105.25, -65.0, -111.0, -110.25, -83.75,
        ],
        1e-9,
    );
}

#[test]
fn two_windows() {
    let deadlines = deadlines(&TwoWindow::new(1, 4).unwrap());
    let expected_arrivals: Vec<f64> = deadlines
        .iter()
        .zip(ARRIVALS)
        .map(|(deadline, arrival)| deadline.offset * 1e3 + arrival as f64)
        .collect();
    assert_close(
        &expected_arrivals,
        &[
            205.0, 304.0, 410.0, 505.0, 603.25, 750.0, 813.0, 913.25, 1140.0, 1213.5,
        ],
        1e-9,
    );
    assert_close(
        &levels(&deadlines, 1e-3),
        &[-2.0, 6.0, -8.0, -7.0, 46.75, -48.0, -10.0, 126.75, -31.0],
        1e-9,
    );
}

#[test]
fn bertier_with_gain_four() {
    let deadlines = deadlines(&Bertier::new(4, 1.0, 0.1).unwrap());
    let suspected: Vec<f64> = deadlines
        .iter()
        .zip(ARRIVALS)
        .map(|(deadline, arrival)| (deadline.offset + 4.0 * deadline.scale) * 1e3 + arrival as f64)
        .collect();
    assert_close(
        &suspected[..9],
        &[
            205.0,
            304.6,
            409.62,
            509.626,
            609.5046,
            744.29206,
            844.873726,
            945.866138,
            1216.042718,
        ],
        1e-6,
    );
    assert!(
        (deadlines[9].scale * 1e3 - 20.533635).abs() < 1e-6,
        "{}",
        deadlines[9].scale * 1e3
    );
}

#[test]
fn phi_accrual() {
    let detector = PhiAccrual::new(4, 1e-3, false).unwrap();
    let deadlines = deadlines(&detector);
    let phi: Vec<f64> = levels(&deadlines, 1.0)
        .into_iter()
        .skip(2)
        .map(|z| detector.outer(z))
        .collect();
    let moments: Vec<(f64, f64)> = deadlines[2..9]
        .iter()
        .map(|deadline| (deadline.offset * 1e3, deadline.scale * 1e3))
        .collect();
    let means: Vec<f64> = moments.iter().map(|moments| moments.0).collect();
    let deviations: Vec<f64> = moments.iter().map(|moments| moments.1).collect();
    assert_close(
        &means,
        &[102.5, 99.0, 98.25, 111.75, 98.0, 100.25, 135.5],
        1e-9,
    );
    assert_close(
        &deviations,
        &[
            4.5, 6.164414, 5.494315, 23.878599, 35.608988, 35.442736, 68.441581,
        ],
        1e-6,
    );
    assert_close(
        &phi,
        &[
            0.004284, 0.1632, 22.175825, 0.002688, 0.331214, 4.243511, 0.078635,
        ],
        1e-6,
    );
}

#[test]
fn cassandra() {
    let detector = ExponentialAccrual::new(4, Some(0.2), Some(0.2), Scale::Phi, false).unwrap();
    let deadlines = deadlines(&detector);
    let means: Vec<f64> = deadlines[..9]
        .iter()
        .map(|deadline| deadline.scale * 1e3)
        .collect();
    assert_close(
        &means,
        &[
            200.0, 149.0, 135.0, 124.25, 98.25, 111.75, 98.0, 100.25, 100.25,
        ],
        1e-9,
    );
    let phi: Vec<f64> = levels(&deadlines, 1.0)
        .into_iter()
        .map(|level| detector.outer(level))
        .collect();
    assert_close(
        &phi,
        &[
            0.212804, 0.311876, 0.295964, 0.335551, 0.671886, 0.202088, 0.447589, 1.026711,
            0.298916,
        ],
        1e-6,
    );
}

#[test]
fn ed_fd_is_cassandra_on_another_scale() {
    let phi = ExponentialAccrual::new(4, None, None, Scale::Phi, false).unwrap();
    let probability = ExponentialAccrual::new(4, None, None, Scale::Probability, false).unwrap();
    for threshold in [0.5, 1.0, 3.0, 8.0] {
        let same = 1.0 - 10f64.powf(-threshold);
        assert!((probability.inner(same) / phi.inner(threshold) - 1.0).abs() < 1e-7);
        assert!((probability.outer(probability.inner(same)) - same).abs() < 1e-15);
        assert!((phi.outer(phi.inner(threshold)) - threshold).abs() < 1e-14);
    }
}

#[test]
fn fixed_timeout() {
    let late: Vec<f64> = levels(&deadlines(&FixedTimeout { newest_only: false }), 1e-3)
        .into_iter()
        .map(|gap| gap - 150.0)
        .filter(|late| *late > 0.0)
        .collect();
    assert_close(&late, &[2.0, 87.0], 1e-9);
}

const AKKA: AkkaSettings = AkkaSettings {
    window: 4,
    min_std: 0.01,
    acceptable_pause: 0.0,
    first_estimate: Some(0.1),
    filter: true,
    logistic: true,
    milliseconds: false,
    newest_only: false,
};

#[test]
fn akka_leaves_out_gaps_that_ended_in_suspicion() {
    let expected = [
        0.274156, 0.451453, 0.157127, 0.109474, 8.488325, 0.0, 0.608108, 19.943178, 0.097881,
    ];
    for milliseconds in [false, true] {
        let detector = AkkaPhi::new(AkkaSettings {
            milliseconds,
            ..AKKA
        })
        .unwrap();
        let mut state = detector.at(8.0, 100 * MILLISECOND);
        let mut found = Vec::new();
        let mut last = None;
        for beat in beats() {
            if let Some(last) = last {
                found.push(state.phi((beat.received - last) as f64 / 1e9));
            }
            last = Some(beat.received);
            state.observe(beat);
        }
        assert_close(&found, &expected, 5e-7);
    }
}

#[test]
fn akkas_deadline_is_where_its_phi_reaches_the_threshold() {
    for threshold in [0.01, 0.1, 0.301, 1.0, 8.0, 12.0, 16.5, 300.0] {
        for logistic in [true, false] {
            let detector = AkkaPhi::new(AkkaSettings { logistic, ..AKKA }).unwrap();
            let mut state = detector.at(threshold, 100 * MILLISECOND);
            let timeout = beats().map(|beat| state.observe(beat)).last().unwrap();
            let phi = state.phi(timeout);
            assert!((phi / threshold - 1.0).abs() < 1e-9, "{threshold}: {phi}");
        }
    }
    // The published deviations: phi 8 is y 5.2260, phi 12 is y 6.2921.
    for (threshold, y) in [(8.0, 5.2260), (12.0, 6.2921)] {
        assert!((logistic_phi(y) - threshold).abs() < 5e-4);
    }
}

#[test]
fn satzgers_suspicion_is_the_share_of_gaps_outlasted() {
    let detector = EmpiricalAccrual::new(4, 0.9, Scale::Probability, false).unwrap();
    let beginning = Beginning {
        every: 100 * MILLISECOND,
        replication: 0,
    };
    let mut state = detector.start(&beginning, &[0.5]);
    let mut found = Vec::new();
    let mut last = None;
    for beat in beats() {
        if let Some(last) = last {
            found.push(state.share_outlasted((beat.received - last) as f64 / 1e9));
        }
        last = Some(beat.received);
        state.observe(beat);
    }
    assert_close(
        &found[1..],
        &[0.0, 0.0, 0.0, 1.0, 0.0, 0.25, 1.0, 0.25],
        0.0,
    );
}

#[test]
fn the_retransmission_timeout_follows_the_standard() {
    let detector = RetransmissionTimeout::new(0.0, 0.0, 60.0, false).unwrap();
    let mut state = detector.at(4.0, 100 * MILLISECOND);
    let expected = [
        (100.0, 50.0, 300.0),
        (102.5, 42.5, 272.5),
        (100.9375, 35.0, 240.9375),
        (125.820312, 76.015625, 429.882812),
        (123.842773, 60.966797, 367.709961),
    ];
    for (number, (response, (srtt, rttvar, rto))) in [100, 120, 90, 300, 110]
        .into_iter()
        .zip(expected)
        .enumerate()
    {
        let sent = number as i64 * 1000 * MILLISECOND;
        state.observe(Beat {
            received: sent + response * MILLISECOND,
            sent,
            number: number as i64,
        });
        let found = state.smoothed().unwrap();
        assert_close(
            &[found.0 * 1e3, found.1 * 1e3, found.2 * 1e3],
            &[srtt, rttvar, rto],
            1e-6,
        );
    }
}
