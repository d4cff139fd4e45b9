//! Simulated quality of service equals what was worked out on paper, within four standard errors.

use suspicion::Cancel;
use suspicion::detector::{Chen, FixedTimeout};
use suspicion::distribution::{Distribution, Exponential, Law, LogNormal, Pareto, Weibull};
use suspicion::heartbeat::Every;
use suspicion::qos::{Configuration, Delay, Requirement, configure};

use crate::simulated::{TERMS, assert_meets, campaign, curve, lossy, perfect, steady};

const ETA: f64 = 1.0;
const LOSS: f64 = 0.01;
const MEAN_DELAY: f64 = 0.02;
const SECOND: i64 = 1_000_000_000;

/// (E(T_MR), E(T_M)) of NFD-S with margin `delta`: Chen, Toueg and Aguilera, with Simpson's rule
/// between the kinks of u.
fn nfd_s(delta: f64) -> (f64, f64) {
    let k = (delta / ETA).ceil() as i64;
    let late = |t: f64| {
        if t > 0.0 {
            (-t / MEAN_DELAY).exp()
        } else {
            1.0
        }
    };
    let p = |j: i64, x: f64| LOSS + (1.0 - LOSS) * late(delta + x - j as f64 * ETA);
    let u = |x: f64| (0..=k).map(|j| p(j, x)).product::<f64>();
    let q = (1.0 - LOSS) * (1.0 - late(delta + ETA));
    let p_s = q * u(0.0);
    let mut kinks: Vec<f64> = (0..=k)
        .map(|j| j as f64 * ETA - delta)
        .filter(|x| *x > 0.0 && *x < ETA)
        .collect();
    kinks.extend([0.0, ETA]);
    kinks.sort_by(f64::total_cmp);
    let integral: f64 = kinks
        .windows(2)
        .map(|ends| simpson(u, ends[0], ends[1]))
        .sum();
    (ETA / p_s, integral / p_s)
}

fn simpson(f: impl Fn(f64) -> f64, from: f64, to: f64) -> f64 {
    let n = 2000;
    let h = (to - from) / f64::from(n);
    let inner: f64 = (1..n)
        .map(|i| f(from + f64::from(i) * h) * if i % 2 == 1 { 4.0 } else { 2.0 })
        .sum();
    (f(from) + inner + f(to)) * h / 3.0
}

#[test]
fn the_closed_form_of_nfd_s_gives_the_published_table() {
    let table = [
        (1.00, 1.01010, 0.030101),
        (1.02, 2.69936, 0.0464591),
        (1.05, 11.0679, 0.125200),
        (1.10, 60.5919, 0.565933),
        (1.16, 97.7633, 0.842776),
        (1.50, 101.010, 0.530101),
        (2.00, 101.010, 0.030101),
        (2.05, 1106.79, 0.125200),
        (2.10, 6059.19, 0.565933),
        (2.25, 10097.3, 0.779821),
        (2.50, 10101.0, 0.530101),
        (3.00, 10101.0, 0.030101),
        (3.10, 605919.0, 0.565933),
        (3.50, 1.0101e6, 0.530101),
    ];
    for (bound, recurrence, duration) in table {
        let (found_recurrence, found_duration) = nfd_s(bound - ETA);
        assert!(
            (found_recurrence / recurrence - 1.0).abs() < 1e-5,
            "{bound} {found_recurrence}"
        );
        assert!(
            (found_duration / duration - 1.0).abs() < 1e-5,
            "{bound} {found_duration}"
        );
    }
}

#[test]
fn simulated_nfd_s_meets_its_closed_form() {
    let model = || {
        steady(
            Every::Fixed(SECOND),
            lossy(Exponential::new(MEAN_DELAY).unwrap(), LOSS),
        )
    };
    let detector = Chen::new(1, true).unwrap();
    let common = [
        0.0, 0.02, 0.05, 0.1, 0.16, 0.5, 1.0, 1.05, 1.1, 1.25, 1.5, 2.0,
    ];
    assert_meets(
        &curve(&campaign(model(), 3e6, 11), detector, &common, &TERMS),
        nfd_s,
    );
    assert_meets(
        &curve(&campaign(model(), 1e8, 12), detector, &[2.1, 2.5], &TERMS),
        nfd_s,
    );
}

/// (E(T_MR), E(T_M)) of a fixed timeout over independent gaps with mean `mean`.
fn renewal(mean: f64, survival: f64, excess: f64) -> (f64, f64) {
    (mean / survival, excess / survival)
}

/// E (G - t)+ from the survival function alone, by Simpson's rule over ln t.
fn excess_by_quadrature(law: &Distribution, timeout: f64) -> f64 {
    simpson(
        |s: f64| libm::exp(law.log_ccdf(s.exp())) * s.exp(),
        timeout.ln(),
        timeout.ln() + 60.0,
    )
}

#[test]
fn a_fixed_timeout_over_exponential_gaps_meets_its_closed_form() {
    let mean = 0.7;
    let model = steady(
        Every::Random(Exponential::new(mean).unwrap().into()),
        perfect(),
    );
    let survival = |t: f64| (-t / mean).exp();
    let curve = curve(
        &campaign(model, 2e6, 21),
        FixedTimeout { newest_only: false },
        &[0.1, 0.7, 2.0, 5.0, 6.5],
        &TERMS,
    );
    assert_meets(&curve, |t| renewal(mean, survival(t), mean * survival(t)));
}

#[test]
fn a_fixed_timeout_over_lognormal_gaps_meets_its_closed_form() {
    let (median, sigma) = (0.5f64, 0.8);
    let law: Distribution = LogNormal::new(median, sigma).unwrap().into();
    let mean = median * (sigma * sigma / 2.0).exp();
    let upper = |z: f64| 0.5 * libm::erfc(z / std::f64::consts::SQRT_2);
    let model = steady(Every::Random(law), perfect());
    let curve = curve(
        &campaign(model, 2e6, 22),
        FixedTimeout { newest_only: false },
        &[0.2, 0.5, 1.0, 3.0, 8.0],
        &TERMS,
    );
    assert_meets(&curve, |t: f64| {
        let k = (t.ln() - median.ln()) / sigma;
        renewal(mean, upper(k), mean * upper(k - sigma) - t * upper(k))
    });
}

#[test]
fn a_fixed_timeout_over_pareto_gaps_meets_its_closed_form() {
    // A heavier tail has durations without the variance that standard errors need.
    let (minimum, tail) = (0.2f64, 4.0);
    let mean = tail * minimum / (tail - 1.0);
    let model = steady(
        Every::Random(Pareto::new(minimum, tail).unwrap().into()),
        perfect(),
    );
    let curve = curve(
        &campaign(model, 2e6, 23),
        FixedTimeout { newest_only: false },
        &[0.2, 0.3, 0.5, 1.0, 2.0],
        &TERMS,
    );
    assert_meets(&curve, |t: f64| {
        renewal(
            mean,
            (minimum / t).powf(tail),
            minimum.powf(tail) * t.powf(1.0 - tail) / (tail - 1.0),
        )
    });
}

#[test]
fn a_fixed_timeout_over_weibull_gaps_meets_its_closed_form() {
    let (scale, shape) = (0.5f64, 0.7);
    let law: Distribution = Weibull::new(scale, shape).unwrap().into();
    let mean = scale * libm::tgamma(1.0 + 1.0 / shape);
    let model = steady(Every::Random(law.clone()), perfect());
    let curve = curve(
        &campaign(model, 2e6, 24),
        FixedTimeout { newest_only: false },
        &[0.1, 0.5, 2.0, 6.0, 8.0],
        &TERMS,
    );
    assert_meets(&curve, |t: f64| {
        renewal(
            mean,
            (-(t / scale).powf(shape)).exp(),
            excess_by_quadrature(&law, t),
        )
    });
}

/// (E(T_MR), E(T_M)) of a fixed timeout over a periodic sender, losses and exponential delays, up to
/// reordering, which is as rare as exp(-eta/E) here: gaps are (r + 1) eta + D' - D.
fn periodic(timeout: f64) -> (f64, f64) {
    let above = |x: f64| {
        if x >= 0.0 {
            (-x / MEAN_DELAY).exp() / 2.0
        } else {
            1.0 - (x / MEAN_DELAY).exp() / 2.0
        }
    };
    let excess = |x: f64| {
        if x >= 0.0 {
            MEAN_DELAY / 2.0 * (-x / MEAN_DELAY).exp()
        } else {
            -x + MEAN_DELAY / 2.0 * (x / MEAN_DELAY).exp()
        }
    };
    let over_losses = |f: &dyn Fn(f64) -> f64| -> f64 {
        (0..40)
            .map(|r| LOSS.powi(r) * f(timeout - f64::from(r + 1) * ETA))
            .sum::<f64>()
            * (1.0 - LOSS)
            * (1.0 - LOSS)
            / ETA
    };
    (
        1.0 / over_losses(&above),
        over_losses(&excess) / over_losses(&above),
    )
}

#[test]
fn the_closed_form_of_the_periodic_sender_gives_the_published_table() {
    let table = [
        (1.00, 2.0002, 0.039606),
        (1.05, 19.9498, 0.205673),
        (1.10, 75.7465, 0.687478),
        (1.50, 101.010, 0.510101),
        (2.00, 200.020, 0.039606),
        (2.05, 1994.98, 0.205673),
        (2.50, 10101.0, 0.510101),
    ];
    for (timeout, recurrence, duration) in table {
        let found = periodic(timeout);
        assert!(
            (found.0 / recurrence - 1.0).abs() < 3e-5,
            "{timeout} {found:?}"
        );
        assert!(
            (found.1 / duration - 1.0).abs() < 3e-5,
            "{timeout} {found:?}"
        );
    }
}

#[test]
fn a_fixed_timeout_over_a_periodic_sender_meets_its_closed_form() {
    let model = steady(
        Every::Fixed(SECOND),
        lossy(Exponential::new(MEAN_DELAY).unwrap(), LOSS),
    );
    let campaign = campaign(model, 3e6, 25);
    let curve = curve(
        &campaign,
        FixedTimeout { newest_only: false },
        &[1.0, 1.05, 1.1, 1.5, 2.0, 2.05, 2.5],
        &TERMS,
    );
    assert_meets(&curve, periodic);
    // Detection of a crash at a random time, and right after a heartbeat: arrival, then the timeout,
    // less the time since the heartbeat.
    for (rank, timeout) in curve.thresholds().to_vec().into_iter().enumerate().skip(3) {
        let after_beat = curve.detection_time_after_beat(rank);
        assert!(
            (after_beat.mean - (MEAN_DELAY + timeout)).abs() < 1e-4,
            "{after_beat:?}"
        );
        assert!(
            (after_beat.p99 - (100f64.ln() * MEAN_DELAY + timeout)).abs() < 0.004,
            "{after_beat:?}"
        );
        // Per delivered heartbeat the wait is r + 1 intervals with probability p^r (1 - p).
        let waited = ETA * (1.0 + LOSS) / (1.0 - LOSS) / 2.0;
        let clipped = (0..4).map(|r| {
            let beyond = f64::from(r + 1) * ETA - timeout - MEAN_DELAY;
            LOSS.powi(r) * (1.0 - LOSS) * (1.0 - LOSS) / ETA * beyond.max(0.0) * beyond.max(0.0)
                / 2.0
        });
        let at_random = curve.detection_time(rank);
        let expected = MEAN_DELAY + timeout - waited + clipped.sum::<f64>();
        assert!(
            (at_random.mean - expected).abs() < 0.002,
            "{timeout}: {at_random:?} {expected}"
        );
    }
}

fn thirty_days(delay: Delay) -> Option<Configuration> {
    let requirement = Requirement::new(30.0, 30.0 * 86_400.0, 60.0).unwrap();
    configure(&requirement, 0.01, &delay, &Cancel::default()).unwrap()
}

#[test]
fn chens_examples_are_configured_as_published() {
    let known = thirty_days(Delay::Law(Exponential::new(0.02).unwrap().into())).unwrap();
    let unknown = Delay::Moments {
        mean: 0.02,
        variance: 0.02,
    };
    let unknown = thirty_days(unknown).unwrap();
    let relative = thirty_days(Delay::Variance(0.02)).unwrap();
    for (found, interval, margin) in [
        (known, 9.9764, 20.0236),
        (unknown, 9.7098, 20.2902),
        (relative, 9.7166, 20.2834),
    ] {
        assert!((found.interval - interval).abs() < 5e-5, "{found:?}");
        assert!((found.margin - margin).abs() < 5e-5, "{found:?}");
        assert!(found.recurrence >= 30.0 * 86_400.0 * (1.0 - 1e-9));
    }
}

#[test]
fn what_no_interval_meets_is_impossible() {
    let of = |max_detection, loss, mean| {
        let requirement = Requirement::new(max_detection, 86_400.0, 1.0).unwrap();
        let delay = Delay::Moments {
            mean,
            variance: 1e-4,
        };
        configure(&requirement, loss, &delay, &Cancel::default()).unwrap()
    };
    assert!(of(1.0, 0.01, 0.02).is_some());
    assert!(of(1.0, 0.01, 1.5).is_none());
    assert!(of(1.0, 1.0, 0.02).is_none());
}
