//! The closed forms of pauses and of what they do to heartbeats, at parameters drawn at random, within four standard
//! errors; and at the figures that are printed.

use rand::{Rng, RngExt, SeedableRng, rngs::ChaCha8Rng};
use suspicion::Cancel;
use suspicion::distribution::{Constant, Distribution, Exponential, Pareto, Uniform};
use suspicion::heartbeat::{Arrivals, CatchUp, Every, Heartbeats, Schedule, simulate};
use suspicion::pause::{Collection, Migration, Old, Pauses, Stop, Young};
use suspicion::random::Seed;
use suspicion::time::{nanos, seconds};

use crate::simulated::perfect;

fn constant(value: f64) -> Distribution {
    Constant::new(value).unwrap().into()
}

fn exponential(mean: f64) -> Distribution {
    Exponential::new(mean).unwrap().into()
}

fn pareto(minimum: f64, index: f64) -> Distribution {
    Pareto::new(minimum, index).unwrap().into()
}

fn uniform(low: f64, high: f64) -> Distribution {
    Uniform::new(low, high).unwrap().into()
}

fn between(draws: &mut impl Rng, low: f64, high: f64) -> f64 {
    low + (high - low) * draws.random::<f64>()
}

fn assert_share(count: usize, n: usize, p: f64, what: &str) {
    let n = n as f64;
    // A probability of zero or one is met but for what is cut off at either end of a run.
    let error = (n * p * (1.0 - p)).sqrt().max(1.0);
    let deviation = (count as f64 - n * p) / error;
    assert!(
        deviation.abs() < 4.0,
        "{what}: {count} of {n}, expected {}",
        n * p
    );
}

/// A time of running, by a law that is drawn too, and its mean.
fn running(draws: &mut impl Rng) -> (Distribution, f64) {
    let mean = between(draws, 2.0, 20.0);
    match draws.random_range(0..3) {
        0 => (exponential(mean), mean),
        1 => (uniform(0.0, 2.0 * mean), mean),
        _ => (constant(mean), mean),
    }
}

/// How long each of so many arrivals waits that come, each in a run of its own, at a moment that knows nothing of the pauses.
fn waits(pauses: &Pauses, cycle: f64, arrivals: u64, draws: &mut impl Rng) -> Vec<f64> {
    (0..arrivals)
        .map(|run| {
            let moment = cycle * between(draws, 20.0, 22.0);
            let names = ["".to_owned()];
            let timeline = pauses
                .simulate(moment, &names, &Seed::from(run), 0, &Cancel::default())
                .unwrap();
            seconds(timeline.remaining(nanos(moment)))
        })
        .collect()
}

#[test]
fn an_arrival_waits_for_the_rest_of_an_exponential_pause() {
    // Pr(D > x) = E[(P - x)+] / (EU + EP), whatever the law of the running times.
    let mut draws = ChaCha8Rng::seed_from_u64(51);
    for _ in 0..8 {
        let ((up, up_mean), mean) = (running(&mut draws), between(&mut draws, 0.5, 10.0));
        let pauses = Pauses::renewal(up, exponential(mean)).unwrap();
        let n = 8_000;
        let found = waits(&pauses, up_mean + mean, n, &mut draws);
        for x in [0.0, between(&mut draws, 0.0, mean), 2.0 * mean] {
            let p = mean * f64::exp(-x / mean) / (up_mean + mean);
            let over = found.iter().filter(|wait| **wait > x).count();
            assert_share(over, found.len(), p, "arrivals that wait for longer");
        }
        // The mean is E[P^2] / (2 (EU + EP)).
        let n = n as f64;
        let average = found.iter().sum::<f64>() / n;
        let squares = found.iter().map(|wait| wait * wait).sum::<f64>() / n;
        let error = ((squares - average * average) / n).sqrt();
        let expected = mean * mean / (up_mean + mean);
        assert!(
            (average - expected).abs() < 4.0 * error,
            "{average} {expected}"
        );
    }
}

#[test]
fn an_arrival_waits_for_the_rest_of_a_pause_with_a_heavy_tail() {
    // Towards an index of 2 and below it takes longer than these runs until shares have settled; from 2 down there is no mean to test.
    let mut draws = ChaCha8Rng::seed_from_u64(52);
    for _ in 0..8 {
        let (up, up_mean) = running(&mut draws);
        let (minimum, index) = (between(&mut draws, 0.2, 3.0), between(&mut draws, 2.3, 3.5));
        let mean = minimum * index / (index - 1.0);
        let pauses = Pauses::renewal(up, pareto(minimum, index)).unwrap();
        let found = waits(&pauses, up_mean + mean, 8_000, &mut draws);
        let x = minimum * between(&mut draws, 1.0, 4.0);
        for (x, beyond) in [
            (minimum / 2.0, mean - minimum / 2.0),
            (x, minimum.powf(index) * x.powf(1.0 - index) / (index - 1.0)),
        ] {
            let over = found.iter().filter(|wait| **wait > x).count();
            let p = beyond / (up_mean + mean);
            assert_share(over, found.len(), p, "arrivals that wait for longer");
        }
    }
}

#[test]
fn a_stall_that_comes_back_delays_as_many_as_it_lasts_for() {
    // A stall P every C, as of a quota: Pr(W > w) = (P - w) / C, with mean P^2 / (2 C).
    let mut draws = ChaCha8Rng::seed_from_u64(53);
    for _ in 0..8 {
        let cycle = between(&mut draws, 0.05, 2.0);
        let stall = cycle * between(&mut draws, 0.05, 0.95);
        let pauses = Pauses::renewal(constant(cycle - stall), constant(stall)).unwrap();
        let found = waits(&pauses, cycle, 8_000, &mut draws);
        for w in [0.0, 0.3 * stall, 0.8 * stall] {
            let over = found.iter().filter(|wait| **wait > w).count();
            assert_share(over, found.len(), (stall - w) / cycle, "those that wait");
        }
        let n = found.len() as f64;
        let average = found.iter().sum::<f64>() / n;
        let (mean, square) = (
            stall * stall / (2.0 * cycle),
            stall * stall * stall / (3.0 * cycle),
        );
        let error = ((square - mean * mean) / n).sqrt();
        assert!((average - mean).abs() < 4.0 * error, "{average} {mean}");
    }
}

/// Heartbeats every `interval` under pauses so far apart that each stretches a gap of its own, at any phase alike.
fn paused(
    interval: f64,
    lasting: Distribution,
    catch_up: CatchUp,
    of_sender: bool,
    seed: u64,
) -> Arrivals {
    let schedule = Schedule::new(Every::Fixed(nanos(interval)), catch_up).unwrap();
    let up = uniform(5.0 * interval, 15.0 * interval);
    let pauses = Pauses::renewal(up, lasting).unwrap();
    let (sender, receiver) = if of_sender {
        (pauses, Pauses::Never)
    } else {
        (Pauses::Never, pauses)
    };
    let model = Heartbeats::new(schedule, perfect(), sender, receiver).unwrap();
    let (seed, cancel) = (Seed::from(seed), Cancel::default());
    simulate(&model, 300_000.0 * interval, &seed, &cancel).unwrap()
}

fn gaps(arrivals: &Arrivals) -> Vec<f64> {
    let received = arrivals.beats().received();
    received
        .windows(2)
        .map(|pair| seconds(pair[1] - pair[0]))
        .collect()
}

fn assert_over(arrivals: &Arrivals, of_sender: bool, cases: &[(f64, f64)]) {
    let pauses = if of_sender {
        arrivals.sender_pauses().len()
    } else {
        arrivals.pauses().len()
    };
    let gaps = gaps(arrivals);
    assert!(pauses > 10_000);
    for (timeout, p) in cases {
        let over = gaps.iter().filter(|gap| **gap > *timeout).count();
        assert_share(over, pauses, *p, "gaps over the timeout, of pauses");
    }
}

#[test]
fn a_pause_of_either_side_stretches_a_gap_beyond_a_timeout_as_often_as_its_phase_has_it() {
    // Pr(gap > T) = clamp((P - (T - D)) / D, 0, 1) for one pause P at any phase of the interval D.
    let law = |pause: f64, interval: f64, timeout: f64| {
        ((pause - (timeout - interval)) / interval).clamp(0.0, 1.0)
    };
    for (pause, timeout, printed) in [(1.5, 2.0, 0.5), (3.2, 3.5, 0.7), (3.2, 4.0, 0.2)] {
        assert!((law(pause, 1.0, timeout) - printed).abs() < 1e-12);
        let arrivals = paused(1.0, constant(pause), CatchUp::Burst, true, 1);
        assert_over(&arrivals, true, &[(timeout, printed)]);
    }
    let mut draws = ChaCha8Rng::seed_from_u64(54);
    for seed in 0..12 {
        let interval = between(&mut draws, 0.05, 5.0);
        let pause = interval * between(&mut draws, 0.1, 4.0);
        let cases: Vec<(f64, f64)> = (0..4)
            .map(|_| {
                let timeout = interval.max(pause + interval * between(&mut draws, -0.3, 1.3));
                // Such a gap is as long as any without a pause.
                let timeout = timeout.max(interval * 1.000_001);
                (timeout, law(pause, interval, timeout))
            })
            .collect();
        let catch_up = [CatchUp::Burst, CatchUp::Skip, CatchUp::Shift][seed as usize % 3];
        let of_sender = seed % 2 == 0;
        let arrivals = paused(interval, constant(pause), catch_up, of_sender, seed);
        assert_over(&arrivals, of_sender, &cases);
    }
}

#[test]
fn exponential_pauses_stretch_gaps_by_the_average_of_their_survival() {
    // (m / D) (exp(-(T - D) / m) - exp(-T / m)).
    let law = |mean: f64, interval: f64, timeout: f64| {
        mean / interval * (f64::exp(-(timeout - interval) / mean) - f64::exp(-timeout / mean))
    };
    assert!((law(0.5, 1.0, 2.0) - 0.0585).abs() < 5e-5);
    let mut draws = ChaCha8Rng::seed_from_u64(55);
    for seed in 0..8 {
        let interval = between(&mut draws, 0.05, 5.0);
        let mean = interval * between(&mut draws, 0.2, 3.0);
        let cases: Vec<(f64, f64)> = [1.01, 2.0, between(&mut draws, 1.1, 5.0)]
            .map(|times| (times * interval, law(mean, interval, times * interval)))
            .to_vec();
        let of_sender = seed % 2 == 0;
        let arrivals = paused(interval, exponential(mean), CatchUp::Burst, of_sender, seed);
        assert_over(&arrivals, of_sender, &cases);
    }
}

#[test]
fn pauses_with_a_heavy_tail_stretch_gaps_by_the_average_of_theirs() {
    // The integral of (x_m / x)^a from T - D to T, over D, and of 1 below x_m.
    let mut draws = ChaCha8Rng::seed_from_u64(56);
    for seed in 0..8 {
        let interval = between(&mut draws, 0.05, 5.0);
        let minimum = interval * between(&mut draws, 0.1, 1.5);
        let index = between(&mut draws, 1.2, 3.0);
        let upto = |x: f64| {
            if x < minimum {
                return x;
            }
            let beyond = minimum.powf(index) * x.powf(1.0 - index) / (index - 1.0);
            minimum * index / (index - 1.0) - beyond
        };
        let cases: Vec<(f64, f64)> = [1.01, 2.0, between(&mut draws, 1.1, 6.0)]
            .map(|times| {
                let timeout = times * interval;
                (
                    timeout,
                    (upto(timeout) - upto(timeout - interval)) / interval,
                )
            })
            .to_vec();
        let arrivals = paused(interval, pareto(minimum, index), CatchUp::Skip, true, seed);
        assert_over(&arrivals, true, &cases);
    }
}

#[test]
fn what_fell_due_in_a_pause_comes_at_once_or_is_skipped() {
    // Of a pause P, floor(P / D) heartbeats or one more fall due in it, P / D on average.
    let mut draws = ChaCha8Rng::seed_from_u64(57);
    for seed in 0..6 {
        let interval = between(&mut draws, 0.05, 5.0);
        let intervals = between(&mut draws, 1.1, 6.0);
        let (whole, rest) = (intervals.floor(), intervals.fract());
        let of = |catch_up, of_sender| {
            paused(
                interval,
                constant(intervals * interval),
                catch_up,
                of_sender,
                seed,
            )
        };
        let at_once =
            |arrivals: &Arrivals| gaps(arrivals).iter().filter(|gap| **gap == 0.0).count();
        // All but one of them come right after another. In a run that is cut off, the last pause may go on.
        let burst = of(CatchUp::Burst, true);
        let pauses = burst.sender_pauses().len() - 1;
        let least = pauses * (whole as usize - 1);
        let more = at_once(&burst) - least;
        assert_share(more, pauses, rest, "pauses with one more");
        let skip = of(CatchUp::Skip, true);
        assert_eq!(at_once(&skip), 0);
        let skipped = skip.census().skipped as usize;
        assert!(skipped.abs_diff(at_once(&burst)) <= 8);
        assert_eq!(burst.census().skipped, 0);
        // One that keeps its distance from the first of them sends none of the others.
        assert_eq!(at_once(&of(CatchUp::Shift, true)), 0);
        // What waits in the buffer of a receiver that stands still is taken out at once, too.
        let received = of(CatchUp::Burst, false);
        let pauses = received.pauses().len() - 1;
        let more = at_once(&received) - pauses * (whole as usize - 1);
        assert_share(more, pauses, rest, "pauses of a receiver with one more");
    }
}

#[test]
fn a_heap_fills_by_what_survives_each_minor_collection() {
    let mut draws = ChaCha8Rng::seed_from_u64(58);
    for seed in 0..8 {
        let eden = between(&mut draws, 1e8, 2e9);
        let rate = between(&mut draws, 1e8, 2e9);
        let survival = between(&mut draws, 0.01, 0.2);
        let live = between(&mut draws, 0.0, 4e9);
        let minors = draws.random_range(1..200_u32);
        // Between two whole numbers of minor collections.
        let share = between(&mut draws, 0.05, 0.95);
        let limit = live + (f64::from(minors) - share) * survival * eden;
        let (base, per_byte, major) = (0.01, 1e-10, 1e-10);
        let heap = Collection {
            allocation_rate: rate,
            young: Some(Young {
                eden,
                survival,
                base,
                per_byte,
            }),
            live,
            limit,
            old: Old::Stopped { per_byte: major },
            variation: 0.0,
            spread: 0.0,
        };
        let interval = f64::from(minors) * eden / rate;
        assert!((heap.mean_cycle() / interval - 1.0).abs() < 1e-12);
        let pauses = Pauses::collection(heap).unwrap();
        let short = base + per_byte * survival * eden;
        let cycle = interval + f64::from(minors) * short + major * limit;
        let names = ["heap".to_owned()];
        let timeline = pauses
            .simulate(
                10.0 * cycle,
                &names,
                &Seed::from(seed),
                0,
                &Cancel::default(),
            )
            .unwrap();
        let cause = |stop: Stop| {
            timeline
                .causes()
                .iter()
                .position(|name| name == stop.name())
        };
        let (minor, major_cause) = (cause(Stop::Minor).unwrap(), cause(Stop::Major).unwrap());
        let majors: Vec<usize> = (0..timeline.spells().len())
            .filter(|place| timeline.spells()[*place].cause as usize == major_cause)
            .collect();
        assert!(majors.len() >= 9, "{}", majors.len());
        for pair in majors.windows(2) {
            let spells = &timeline.spells()[pair[0] + 1..pair[1]];
            assert_eq!(spells.len(), minors as usize);
            assert!(spells.iter().all(|spell| spell.cause as usize == minor));
            let (from, to) = (timeline.spells()[pair[0]], timeline.spells()[pair[1]]);
            let apart = seconds(to.pause.start - from.pause.start);
            assert!((apart / cycle - 1.0).abs() < 1e-6, "{apart} {cycle}");
            let lasts = seconds(to.pause.end - to.pause.start);
            assert!((lasts - major * limit).abs() < 1e-8);
        }
        for pair in timeline.spells()[majors[0] + 1..majors[1]].windows(2) {
            let run = seconds(pair[1].pause.start - pair[0].pause.end);
            assert!((run - eden / rate).abs() < 1e-8, "{run}");
        }
    }
}

#[test]
fn rounds_of_a_migration_are_a_geometric_series() {
    let mut draws = ChaCha8Rng::seed_from_u64(59);
    for _ in 0..200 {
        let (memory, bandwidth) = (
            between(&mut draws, 1e8, 1e11),
            between(&mut draws, 1e8, 1e10),
        );
        let ratio = between(&mut draws, 0.01, 0.99);
        let whole = memory / bandwidth;
        let limit = whole * between(&mut draws, 1e-4, 0.9);
        let found = Migration::new(memory, bandwidth, ratio * bandwidth, limit, 1_000_000).unwrap();
        // The least n with V r^n <= limit.
        let rounds = (f64::ln(limit / whole) / f64::ln(ratio)).ceil();
        assert_eq!(f64::from(found.rounds), rounds);
        let left = ratio.powf(rounds);
        assert!((found.downtime / (whole * left) - 1.0).abs() < 1e-9);
        let copying = whole * (1.0 - left) / (1.0 - ratio);
        assert!((found.copying / copying - 1.0).abs() < 1e-9);
        assert!(found.converged);
        let writes = bandwidth * between(&mut draws, 1.0, 3.0);
        let never = Migration::new(memory, bandwidth, writes, limit, 30).unwrap();
        assert!(!never.converged && never.rounds == 30);
        assert!((never.downtime / whole - 1.0).abs() < 1e-9);
    }
}
