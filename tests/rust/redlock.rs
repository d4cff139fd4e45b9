//! Redlock under pauses, jumping clocks and crashes, held against closed forms within four standard errors, at
//! settings drawn at random.

use rand::{Rng, RngExt, SeedableRng, rngs::ChaCha8Rng};
use suspicion::Cancel;
use suspicion::distribution::{Constant, Distribution, Exponential, Law, Pareto, Uniform};
use suspicion::random::Seed;
use suspicion::redlock::{Outcome, Placed, Redlock, simulate};

const TRIALS: u64 = 40_000;

fn constant(value: f64) -> Distribution {
    Constant::new(value).unwrap().into()
}

fn exponential(mean: f64) -> Distribution {
    Exponential::new(mean).unwrap().into()
}

fn between(draws: &mut impl Rng, low: f64, high: f64) -> f64 {
    low + (high - low) * draws.random::<f64>()
}

/// Servers that answer at once, and another client that asks from the beginning at random moments.
fn prompt(nodes: usize, ttl: f64, work: f64, retry: f64) -> Redlock {
    Redlock {
        nodes,
        reachable: nodes,
        ttl,
        delay: constant(0.0),
        node_timeout: 0.05,
        in_turn: false,
        drift_factor: 0.01,
        drift_margin: 0.002,
        work: constant(work),
        asks_after: constant(0.0),
        retry: exponential(retry),
        pause: None,
        jumps: 0,
        jump: 0.0,
        crashes: 0,
        restart_delay: 0.0,
    }
}

/// Messages that take a while and may come too late, and another client that begins at any moment.
fn slow(draws: &mut impl Rng, nodes: usize) -> Redlock {
    let ttl = between(draws, 1.0, 3.0);
    Redlock {
        delay: exponential(between(draws, 0.005, 0.03)),
        work: exponential(between(draws, 0.1, 2.0) * ttl),
        asks_after: Uniform::new(0.0, ttl).unwrap().into(),
        in_turn: draws.random(),
        ..prompt(nodes, ttl, 0.0, between(draws, 0.02, 0.1))
    }
}

fn run(redlock: &Redlock, trials: u64, seed: u64) -> Outcome {
    simulate(redlock, trials, &Seed::from(seed), &Cancel::default()).unwrap()
}

fn assert_share(count: u64, n: u64, p: f64, what: &str) {
    let n = n as f64;
    let error = (n * p * (1.0 - p)).sqrt().max(1.0);
    let deviation = (count as f64 - n * p) / error;
    assert!(
        deviation.abs() < 4.0,
        "{what}: {count} of {n}, expected {}",
        n * p
    );
}

/// The mean of a function over an interval, by Simpson's rule.
fn integral(low: f64, high: f64, value: impl Fn(f64) -> f64) -> f64 {
    let steps = 4000;
    let width = (high - low) / f64::from(steps);
    (0..=steps)
        .map(|i| {
            let weight = match i {
                0 => 1.0,
                i if i == steps => 1.0,
                i if i % 2 == 1 => 4.0,
                _ => 2.0,
            };
            weight * value(low + f64::from(i) * width)
        })
        .sum::<f64>()
        * width
        / 3.0
}

fn choose(n: usize, k: usize) -> f64 {
    (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product()
}

/// Probability that exactly `hit` of `marked` things are among `drawn` of `n`.
fn hypergeometric(n: usize, marked: usize, drawn: usize, hit: usize) -> f64 {
    if hit > marked || hit > drawn || drawn - hit > n - marked {
        return 0.0;
    }
    choose(marked, hit) * choose(n - marked, drawn - hit) / choose(n, drawn)
}

#[test]
fn a_pause_after_the_check_breaks_the_lock_as_often_as_it_outlasts_the_keys() {
    let mut draws = ChaCha8Rng::seed_from_u64(31);
    for seed in 0..10 {
        let (ttl, mean) = (between(&mut draws, 1.0, 5.0), between(&mut draws, 0.5, 3.0));
        let (work, retry) = (
            ttl * between(&mut draws, 0.0, 0.9),
            between(&mut draws, 0.02, 1.0),
        );
        let nodes = draws.random_range(1..8);
        let lock = Redlock {
            pause: Some((exponential(mean), Placed::After)),
            ..prompt(nodes, ttl, work, retry)
        };
        let found = run(&lock, TRIALS, seed);
        assert_eq!(found.acquired, TRIALS);
        let late = mean / (mean + retry);
        let stale = late * f64::exp(-(ttl - work) / mean);
        let gone = late * f64::exp(-(ttl + work) / mean);
        assert_share(found.stale, TRIALS, stale, "stale");
        assert_share(found.violations, TRIALS, stale - gone, "violations");
        assert_eq!(found.by_pause, found.violations);
    }
}

#[test]
fn pauses_with_a_heavy_tail_do_so_polynomially_and_work_is_cut_to_what_was_left() {
    let mut draws = ChaCha8Rng::seed_from_u64(32);
    for seed in 0..8 {
        let (ttl, retry) = (between(&mut draws, 1.0, 5.0), between(&mut draws, 0.1, 0.5));
        let pause: Distribution = Pareto::new(0.05, between(&mut draws, 0.5, 2.0))
            .unwrap()
            .into();
        let mut lock = prompt(5, ttl, 100.0, retry);
        lock.asks_after = Uniform::new(0.0, ttl).unwrap().into();
        let work = ttl - lock.drift();
        lock.pause = Some((pause.clone(), Placed::After));
        let found = run(&lock, TRIALS, seed);
        // Late by E: the mean of Pr(P > ttl + E - w) over the law of E.
        let tail = |x: f64| f64::exp(pause.log_ccdf(x));
        let over = |from: f64| {
            integral(0.0, 30.0 * retry, |late| {
                f64::exp(-late / retry) / retry * tail(from + late)
            })
        };
        assert_share(found.stale, TRIALS, over(ttl - work), "stale");
        assert_share(
            found.violations,
            TRIALS,
            over(ttl - work) - over(ttl + work),
            "violations",
        );
    }
}

#[test]
fn a_pause_before_the_check_is_found_by_it() {
    let mut draws = ChaCha8Rng::seed_from_u64(33);
    for seed in 0..8 {
        let (ttl, mean) = (between(&mut draws, 1.0, 5.0), between(&mut draws, 0.5, 9.0));
        let mut lock = prompt(5, ttl, 100.0, 0.1);
        lock.pause = Some((exponential(mean), Placed::Before));
        let found = run(&lock, TRIALS, seed);
        let left = -libm::expm1(-(ttl - lock.drift()) / mean);
        assert_share(found.acquired, TRIALS, left, "acquired");
        assert_eq!(found.acquired + found.too_late, TRIALS);
        assert_eq!(found.stale, 0);
    }
}

#[test]
fn a_server_counts_that_answers_in_time() {
    // There and back are two exponential times: they are in time with probability 1 - exp(-x) (1 + x), and a majority has to be.
    let mut draws = ChaCha8Rng::seed_from_u64(38);
    for seed in 0..8 {
        let nodes = draws.random_range(1..9);
        let mut lock = prompt(nodes, 10.0, 1.0, 0.5);
        lock.reachable = draws.random_range(lock.majority()..=nodes);
        lock.in_turn = draws.random();
        lock.asks_after = constant(100.0);
        let x = between(&mut draws, 0.8, 3.0);
        lock.delay = exponential(lock.node_timeout / x);
        let p = 1.0 - f64::exp(-x) * (1.0 + x);
        let acquired: f64 = (lock.majority()..=lock.reachable)
            .map(|k| {
                let missed = lock.reachable - k;
                choose(lock.reachable, k) * p.powi(k as i32) * (1.0 - p).powi(missed as i32)
            })
            .sum();
        let found = run(&lock, TRIALS, seed);
        assert_share(found.acquired, TRIALS, acquired, "acquired");
        assert_eq!(found.outvoted, TRIALS - found.acquired);
    }
}

#[test]
fn without_a_pause_after_the_check_a_jump_or_a_crash_no_schedule_of_messages_breaks_it() {
    let mut draws = ChaCha8Rng::seed_from_u64(34);
    let (mut acquired, mut outvoted, mut too_late) = (0, 0, 0);
    for seed in 0..24 {
        let nodes = draws.random_range(1..10);
        let mut lock = slow(&mut draws, nodes);
        if seed % 2 == 0 {
            lock.pause = Some((exponential(lock.ttl), Placed::Before));
        }
        if seed % 3 == 0 {
            lock.reachable = lock.majority();
        }
        if seed % 5 == 0 {
            // Servers that forget their keys are back when these have run out.
            (lock.crashes, lock.restart_delay) = (nodes, lock.ttl);
        }
        let found = run(&lock, 50_000, seed);
        assert_eq!(found.stale, 0, "{lock:?}");
        assert_eq!(
            found.acquired + found.outvoted + found.too_late,
            found.trials
        );
        acquired += found.acquired;
        outvoted += found.outvoted;
        too_late += found.too_late;
    }
    assert!(acquired > 100_000 && outvoted > 1000 && too_late > 1000);
}

/// Probability that the other gets the lock while the first works from 0 to `work`: `needed` of the `freed` keys
/// have to go, each at a moment drawn from the whole work and not before `earliest`, and then it asks.
fn meets(needed: usize, freed: usize, earliest: f64, work: f64, retry: f64) -> f64 {
    if freed < needed || earliest >= work {
        return 0.0;
    }
    let asks = |from: f64| -libm::expm1(-(work - from) / retry);
    if needed == 0 {
        return asks(0.0);
    }
    let gone_by = |x: f64| -> f64 {
        (needed..=freed)
            .map(|k| choose(freed, k) * x.powi(k as i32) * (1.0 - x).powi((freed - k) as i32))
            .sum()
    };
    let density = |x: f64| {
        let (below, above) = (needed - 1, freed - needed);
        choose(freed, needed) * needed as f64 * x.powi(below as i32) * (1.0 - x).powi(above as i32)
    };
    gone_by(earliest / work) * asks(earliest)
        + integral(earliest, work, |t| density(t / work) / work * asks(t))
}

#[test]
fn clocks_that_jump_break_it_where_majorities_allow_it_and_as_often_as_chance_has_it() {
    let mut draws = ChaCha8Rng::seed_from_u64(35);
    let mut impossible = 0;
    for seed in 0..30 {
        let nodes = draws.random_range(1..10);
        let ttl = between(&mut draws, 1.0, 5.0);
        let (work, retry) = (
            ttl * between(&mut draws, 0.2, 0.9),
            between(&mut draws, 0.05, 0.5),
        );
        let mut lock = prompt(nodes, ttl, work, retry);
        lock.reachable = draws.random_range(lock.majority()..=nodes);
        lock.jumps = draws.random_range(0..=nodes);
        lock.jump = ttl * between(&mut draws, 0.1, 1.5);
        // Servers that do not answer the first client keep it waiting until then.
        let checked = if lock.reachable < nodes {
            lock.node_timeout
        } else {
            0.0
        };
        let needed = lock.majority().saturating_sub(nodes - lock.reachable);
        let earliest = (ttl - lock.jump - checked).max(0.0);
        let probability: f64 = (0..=lock.jumps)
            .map(|hit| {
                hypergeometric(nodes, lock.reachable, lock.jumps, hit)
                    * meets(needed, hit, earliest, work, retry)
            })
            .sum();
        let found = run(&lock, TRIALS, seed);
        assert_eq!(found.acquired, TRIALS);
        if lock.jumps < needed || earliest >= work {
            impossible += 1;
            assert_eq!(found.violations, 0, "{lock:?}");
        }
        assert_share(found.violations, TRIALS, probability, "violations");
        assert_eq!(
            (found.by_jumps, found.stale),
            (found.violations, found.violations)
        );
    }
    assert!((3..27).contains(&impossible), "{impossible}");
}

#[test]
fn servers_that_forget_break_it_as_often_as_clocks_that_jump_past_all() {
    let mut draws = ChaCha8Rng::seed_from_u64(36);
    for seed in 0..8 {
        let nodes = draws.random_range(3..8);
        let ttl = between(&mut draws, 1.0, 5.0);
        let (work, retry) = (
            ttl * between(&mut draws, 0.2, 0.9),
            between(&mut draws, 0.05, 0.5),
        );
        let mut lock = prompt(nodes, ttl, work, retry);
        lock.crashes = draws.random_range(lock.majority()..=nodes);
        let probability = meets(lock.majority(), lock.crashes, 0.0, work, retry);
        let found = run(&lock, TRIALS, seed);
        assert_share(found.violations, TRIALS, probability, "violations");
        assert_eq!(found.by_crashes, found.violations);
        lock.restart_delay = ttl;
        assert_eq!(run(&lock, TRIALS / 4, seed).violations, 0);
    }
}

#[test]
fn one_jump_is_enough_where_the_first_client_reached_a_bare_majority() {
    // A, B and C grant the first client the lock, the clock of C jumps, and C, D and E grant it to the other.
    let mut lock = prompt(5, 10.0, 5.0, 0.1);
    (lock.reachable, lock.jumps, lock.jump) = (3, 1, 60.0);
    let found = run(&lock, TRIALS, 1);
    // The jump meets one of A, B and C three times out of five, and the other asks before the work is done.
    let met = meets(1, 1, 0.0, 5.0, 0.1);
    assert_share(found.violations, TRIALS, 0.6 * met, "violations");
    for (reachable, jumps, breaks) in [(5, 2, false), (5, 3, true), (4, 1, false), (4, 2, true)] {
        (lock.reachable, lock.jumps) = (reachable, jumps);
        assert_eq!(
            run(&lock, 20_000, 2).violations > 0,
            breaks,
            "{reachable} {jumps}"
        );
    }
}

#[test]
fn causes_are_told_apart() {
    let mut lock = prompt(5, 10.0, 9.0, 0.1);
    (lock.jumps, lock.jump, lock.crashes) = (2, 60.0, 2);
    let found = run(&lock, 20_000, 3);
    assert!(found.by_both > 0 && found.by_both == found.violations);
    lock.pause = Some((exponential(5.0), Placed::After));
    let found = run(&lock, 20_000, 3);
    assert!(found.by_pause > 0 && found.by_both > 0);
    assert_eq!(
        found.by_pause + found.by_jumps + found.by_crashes + found.by_both,
        found.violations
    );
}

#[test]
fn the_outcome_does_not_depend_on_threads() {
    let mut draws = ChaCha8Rng::seed_from_u64(37);
    let mut lock = slow(&mut draws, 5);
    lock.pause = Some((exponential(2.0), Placed::After));
    (lock.jumps, lock.jump, lock.crashes) = (2, 1.0, 1);
    let one = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    let found = one.install(|| run(&lock, 20_000, 4));
    assert!(found.violations > 100);
    assert_eq!(found, run(&lock, 20_000, 4));
}
