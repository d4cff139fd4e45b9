//! Links and pauses behave as their closed forms say, within four standard errors.

use suspicion::Cancel;
use suspicion::distribution::{Constant, Exponential, Law, LogNormal, Pareto, Uniform};
use suspicion::heartbeat::{Arrivals, Beat, CatchUp, Every, Heartbeats, Schedule, simulate};
use suspicion::network::{GilbertElliott, Link, Loss};
use suspicion::pause::{Pauses, Timeline};
use suspicion::random::Seed;
use suspicion::time::seconds;

use crate::simulated::{lossy, perfect, steady};

const SECOND: i64 = 1_000_000_000;

fn kept(model: &Heartbeats, duration: f64, seed: u64) -> Arrivals {
    simulate(model, duration, &Seed::from(seed), &Cancel::default()).unwrap()
}

fn pausing(schedule: Schedule, link: Link, sender: Pauses, receiver: Pauses) -> Heartbeats {
    Heartbeats::new(schedule, link, sender, receiver).unwrap()
}

/// Checks a share of independent things against a probability.
fn assert_share(count: usize, n: usize, probability: f64, what: &str) {
    let n = n as f64;
    let error = (n * probability * (1.0 - probability)).sqrt().max(1e-9);
    let deviation = (count as f64 - n * probability) / error;
    assert!(
        deviation.abs() < 4.0,
        "{what}: {count} of {n}, expected {}",
        n * probability
    );
}

#[test]
fn losses_in_bursts_follow_the_two_state_chain() {
    let (to_bad, to_good) = (0.05, 0.4);
    let states = GilbertElliott::new(to_bad, to_good, 0.0, 1.0, None).unwrap();
    assert!((states.loss_rate() - to_bad / (to_bad + to_good)).abs() < 1e-15);
    let link = Link::new(
        Constant::new(0.01).unwrap().into(),
        Loss::GilbertElliott(states),
        0.0,
        false,
    )
    .unwrap();
    let n = 2_000_000;
    let arrivals = kept(&steady(Every::Fixed(SECOND), link), n as f64, 1);
    let mut came = vec![false; n];
    arrivals
        .beats()
        .iter()
        .for_each(|beat| came[beat.number as usize] = true);
    // The chain read once a second: Pr(bad) = pi, and what is bad stays bad with probability r.
    let pi = to_bad / (to_bad + to_good);
    let stays = pi + (1.0 - pi) * f64::exp(-(to_bad + to_good));
    let runs = |length: usize| {
        came.windows(length)
            .filter(|window| window.iter().all(|came| !came))
            .count() as f64
            / n as f64
    };
    for (length, probability) in [
        (1, pi),
        (2, pi * stays),
        (3, pi * stays * stays),
        (6, pi * stays.powi(5)),
    ] {
        // Runs overlap and cluster: some ten independent looks in a hundred.
        let error = 4.0 * (10.0 * probability / n as f64).sqrt();
        assert!(
            (runs(length) - probability).abs() < error,
            "{length}: {} and {probability}",
            runs(length)
        );
    }
}

#[test]
fn a_bad_state_is_slow_and_lossy_at_once() {
    let slow = Constant::new(0.5).unwrap().into();
    let states = GilbertElliott::new(0.02, 0.1, 0.001, 0.5, Some(slow)).unwrap();
    let (bad, loss) = (states.bad_share(), states.loss_rate());
    let link = Link::new(
        Constant::new(0.01).unwrap().into(),
        Loss::GilbertElliott(states),
        0.0,
        false,
    )
    .unwrap();
    let n = 1_000_000;
    let arrivals = kept(&steady(Every::Fixed(SECOND), link), n as f64, 2);
    let slow = arrivals
        .beats()
        .iter()
        .filter(|beat| beat.received - beat.sent > SECOND / 10)
        .count();
    let expected = bad * 0.5 * n as f64;
    assert!(
        (slow as f64 - expected).abs() < 4.0 * (20.0 * expected).sqrt(),
        "{slow} {expected}"
    );
    let lost = arrivals.census().lost as f64;
    assert!(
        (lost - loss * n as f64).abs() < 4.0 * (20.0 * loss * n as f64).sqrt(),
        "{lost}"
    );
}

#[test]
fn independent_delays_overtake_as_often_as_the_order_of_packets_standard_says() {
    let n = 400_000;
    for (spacing_in_means, ratio) in [(0.2, 0.5348), (1.0, 0.1924), (3.0, 0.02491)] {
        let model = steady(
            Every::Fixed(SECOND),
            lossy(Exponential::new(1.0 / spacing_in_means).unwrap(), 0.0),
        );
        let found = kept(&model, n as f64, 3).census().reordered as f64 / n as f64;
        assert!((found - ratio).abs() < 0.004, "{spacing_in_means}: {found}");
    }
    let fifo = Link::new(
        Exponential::new(3.0).unwrap().into(),
        Loss::bernoulli(0.0).unwrap(),
        0.0,
        true,
    )
    .unwrap();
    assert_eq!(
        kept(&steady(Every::Fixed(SECOND), fifo), 1e5, 3)
            .census()
            .reordered,
        0
    );
}

#[test]
fn duplicates_come_with_their_probability_and_a_delay_of_their_own() {
    let n = 500_000;
    let link = Link::new(
        Uniform::new(0.0, 0.4).unwrap().into(),
        Loss::bernoulli(0.1).unwrap(),
        0.05,
        false,
    )
    .unwrap();
    let arrivals = kept(&steady(Every::Fixed(SECOND), link), n as f64, 4);
    let census = arrivals.census();
    assert_share(census.lost as usize, n, 0.1, "lost");
    assert_share(
        census.duplicates as usize,
        n - census.lost as usize,
        0.05,
        "duplicates",
    );
    let beats: Vec<Beat> = arrivals.beats().iter().collect();
    let apart: Vec<f64> = beats
        .windows(2)
        .filter(|pair| pair[0].number == pair[1].number)
        .map(|pair| seconds(pair[1].received - pair[0].received))
        .collect();
    let mean = apart.iter().sum::<f64>() / apart.len() as f64;
    // Two uniform draws are a third of their range apart.
    assert!(
        (mean - 0.4 / 3.0).abs() < 4.0 * 0.095 / (apart.len() as f64).sqrt(),
        "{mean}"
    );
}

#[test]
fn a_pausing_receiver_delays_what_comes_at_a_random_time_by_the_residual_pause() {
    let n = 1_000_000;
    let every_mean = 20.0;
    let gaps = || {
        Schedule::new(
            Every::Random(Exponential::new(1.0).unwrap().into()),
            CatchUp::Burst,
        )
        .unwrap()
    };
    let delayed = |lasting: suspicion::distribution::Distribution, seed| {
        let pauses =
            Pauses::renewal(Exponential::new(every_mean).unwrap().into(), lasting).unwrap();
        let arrivals = kept(
            &pausing(gaps(), perfect(), Pauses::Never, pauses),
            n as f64,
            seed,
        );
        arrivals
            .beats()
            .iter()
            .map(|beat| seconds(beat.received - beat.sent))
            .collect::<Vec<_>>()
    };
    let (mean, minimum, tail) = (2.0f64, 0.5f64, 2.5);
    let exponential = delayed(Exponential::new(mean).unwrap().into(), 5);
    let pareto_law = Pareto::new(minimum, tail).unwrap();
    let pareto = delayed(pareto_law.into(), 6);
    for x in [0.5, 1.0, 3.0, 8.0] {
        let share = |delays: &[f64]| {
            delays.iter().filter(|delay| **delay > x).count() as f64 / delays.len() as f64
        };
        let by_exponential = mean * (-x / mean).exp() / (every_mean + mean);
        let by_pareto = minimum.powf(tail) * x.powf(1.0 - tail)
            / (tail - 1.0)
            / (every_mean + pareto_law.mean());
        for (found, expected) in [
            (share(&exponential), by_exponential),
            (share(&pareto), by_pareto),
        ] {
            // Those that wait for the end of one pause wait together.
            let error = (expected * (1.0 + 2.0 * (x + mean)) / n as f64).sqrt();
            assert!(
                (found - expected).abs() < 4.0 * error,
                "{x}: {found} {expected}"
            );
        }
    }
}

#[test]
fn one_pause_of_the_sender_stretches_one_gap_by_the_rest_of_it() {
    // Pr(gap > T) = clamp((P - (T - D))/D, 0, 1) for a pause P and an interval D, whatever is done
    // about the heartbeats that fell due in it.
    let (interval, pause) = (1.0, 1.5);
    for (catch_up, seed) in [(CatchUp::Burst, 7), (CatchUp::Skip, 8), (CatchUp::Shift, 9)] {
        let pauses = Pauses::renewal(
            Uniform::new(50.0, 150.0).unwrap().into(),
            Constant::new(pause).unwrap().into(),
        )
        .unwrap();
        let schedule = Schedule::new(Every::Fixed(SECOND), catch_up).unwrap();
        let arrivals = kept(
            &pausing(schedule, perfect(), pauses, Pauses::Never),
            2e6,
            seed,
        );
        let gaps: Vec<f64> = arrivals
            .beats()
            .received()
            .windows(2)
            .map(|pair| seconds(pair[1] - pair[0]))
            .collect();
        let stretched = gaps.iter().filter(|gap| **gap > interval + 1e-9).count();
        for timeout in [1.7, 2.0, 2.3] {
            let probability = ((pause - (timeout - interval)) / interval).clamp(0.0, 1.0);
            let over = gaps.iter().filter(|gap| **gap > timeout).count();
            assert_share(over, stretched, probability, "gaps over the timeout");
        }
    }
}

#[test]
fn a_sender_that_wakes_up_sends_all_the_last_or_the_first_of_what_it_missed() {
    let timeline = Timeline::new(&[2.5], &[3.2]).unwrap();
    let sent = |catch_up| {
        let schedule = Schedule::new(Every::Fixed(SECOND), catch_up).unwrap();
        let pauses = Pauses::Timeline(timeline.clone().into());
        let arrivals = kept(&pausing(schedule, perfect(), pauses, Pauses::Never), 9.0, 1);
        let beats: Vec<(i64, f64)> = arrivals
            .beats()
            .iter()
            .map(|beat| (beat.number, seconds(beat.received)))
            .collect();
        (beats, *arrivals.census())
    };
    assert_eq!(
        sent(CatchUp::Burst).0,
        [
            (0, 0.0),
            (1, 1.0),
            (2, 2.0),
            (3, 5.7),
            (4, 5.7),
            (5, 5.7),
            (6, 6.0),
            (7, 7.0),
            (8, 8.0)
        ]
    );
    let (skipped, census) = sent(CatchUp::Skip);
    assert_eq!(
        skipped,
        [
            (0, 0.0),
            (1, 1.0),
            (2, 2.0),
            (5, 5.7),
            (6, 6.0),
            (7, 7.0),
            (8, 8.0)
        ]
    );
    assert_eq!(census.skipped, 2);
    assert_eq!(
        sent(CatchUp::Shift).0,
        [
            (0, 0.0),
            (1, 1.0),
            (2, 2.0),
            (3, 5.7),
            (4, 6.7),
            (5, 7.7),
            (6, 8.7)
        ]
    );
}

#[test]
fn a_pausing_receiver_sees_at_its_end_what_came_during_a_pause() {
    let timeline = Timeline::new(&[1.5, 4.0], &[1.0, 0.25]).unwrap();
    let schedule = Schedule::new(Every::Fixed(SECOND), CatchUp::Burst).unwrap();
    let arrivals = kept(
        &pausing(
            schedule,
            perfect(),
            Pauses::Never,
            Pauses::Timeline(timeline.into()),
        ),
        6.0,
        1,
    );
    let seen: Vec<f64> = arrivals
        .beats()
        .received()
        .iter()
        .map(|seen| seconds(*seen))
        .collect();
    assert_eq!(seen, [0.0, 1.0, 2.5, 3.0, 4.25, 5.0]);
    assert_eq!(arrivals.pauses().len(), 2);
}

#[test]
fn a_timeline_runs_through_the_replications_once() {
    use std::sync::Arc;
    use suspicion::detector::FixedTimeout;
    use suspicion::qos::Campaign;
    let timeline = Timeline::new(&[100.5, 1500.5, 3333.5], &[7.0, 8.0, 9.0]).unwrap();
    let schedule = Schedule::new(Every::Fixed(SECOND), CatchUp::Burst).unwrap();
    let model = pausing(
        schedule,
        perfect(),
        Pauses::Timeline(timeline.into()),
        Pauses::Never,
    );
    let campaign = Campaign::new(Arc::new(model), 4000.0, Seed::from(1), Some(8)).unwrap();
    let curve = crate::simulated::curve(
        &campaign,
        FixedTimeout { newest_only: false },
        &[1.5, 7.6, 8.6],
        &crate::simulated::TERMS,
    );
    let counts: Vec<f64> = (0..3).map(|rank| curve.counts(rank).iter().sum()).collect();
    assert_eq!(counts, [3.0, 2.0, 1.0]);
    assert_eq!(curve.counts(0), [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0]);
}

#[test]
fn delays_of_the_link_are_those_of_its_law() {
    let law = LogNormal::new(0.02, 0.8).unwrap();
    let n = 400_000;
    let arrivals = kept(&steady(Every::Fixed(SECOND), lossy(law, 0.0)), n as f64, 10);
    for q in [0.5, 0.1, 1e-3] {
        let quantile = law.inverse_log_ccdf(f64::ln(q));
        let over = arrivals
            .beats()
            .iter()
            .filter(|beat| seconds(beat.received - beat.sent) > quantile)
            .count();
        assert_share(over, n, q, "delays over the quantile");
    }
}
