//! The same seed gives the same bits, however the work is cut up.

use std::sync::Arc;

use suspicion::Cancel;
use suspicion::distribution::{Exponential, Gamma, LogNormal, Uniform};
use suspicion::heartbeat::{CatchUp, Every, Heartbeats, Schedule, simulate};
use suspicion::network::{GilbertElliott, Link, Loss};
use suspicion::pause::Pauses;
use suspicion::qos::{Campaign, Confirmation, Contender, Curve, Source, Terms, sweep};
use suspicion::random::Seed;
use suspicion::time::nanos;

use crate::generated::detectors;

/// A model in which everything happens that can happen.
fn eventful() -> Heartbeats {
    let slow = LogNormal::new(0.3, 1.0).unwrap().into();
    let states = GilbertElliott::new(0.01, 0.2, 0.01, 0.4, Some(slow)).unwrap();
    let link = Link::new(
        Gamma::new(2.0, 0.01).unwrap().into(),
        Loss::GilbertElliott(states),
        0.02,
        false,
    )
    .unwrap();
    let pauses = |every, median| {
        Pauses::renewal(
            Exponential::new(every).unwrap().into(),
            LogNormal::new(median, 1.0).unwrap().into(),
        )
        .unwrap()
    };
    let schedule = Schedule::new(Every::Fixed(100_000_000), CatchUp::Burst).unwrap();
    Heartbeats::new(schedule, link, pauses(30.0, 0.2), pauses(50.0, 0.1)).unwrap()
}

fn terms() -> Terms {
    Terms {
        warm_up: Some(50),
        confirmation: Confirmation::new(0.05, 0.02).unwrap(),
        timer_first: true,
        guard: None,
    }
}

fn contenders() -> Vec<Contender> {
    detectors()
        .into_iter()
        .map(|detector| {
            // Those that are followed at each threshold by itself cost as much at each.
            let step = if detector.is_one_pass() { 1 } else { 8 };
            let thresholds = (1..40)
                .step_by(step)
                .map(|i| f64::from(i) * 0.02)
                .filter(|threshold| detector.admit(*threshold).is_ok());
            Contender {
                thresholds: Some(thresholds.collect()),
                also: None,
                detector,
            }
        })
        .collect()
}

/// All numbers of a curve as bits.
fn bits(curve: &Curve) -> Vec<u64> {
    let mistake_times = curve.mistake_times(&Cancel::default()).unwrap();
    (0..curve.thresholds().len())
        .flat_map(|rank| {
            let point = curve.point(rank, 0.95);
            let times = mistake_times[rank];
            let (random, beat) = (
                curve.detection_time(rank),
                curve.detection_time_after_beat(rank),
            );
            [
                point.mistakes,
                point.mistake_rate.low,
                point.mistake_rate.high,
                point.query_accuracy,
                point.timeout,
                times.duration_p50,
                times.recurrence_p99,
                times.forward_good_period,
                random.mean,
                random.p99,
                beat.mean,
                beat.worst,
            ]
            .map(f64::to_bits)
        })
        .collect()
}

fn run(block: usize, threads: usize, contenders: &[Contender]) -> Vec<Vec<u64>> {
    let campaign = Campaign::new(Arc::new(eventful()), 20_000.0, Seed::from(5), Some(13))
        .unwrap()
        .in_blocks(block)
        .unwrap();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap();
    let curves = pool.install(|| {
        sweep(
            &Source::Modelled(campaign),
            contenders,
            &terms(),
            &Cancel::default(),
        )
        .unwrap()
    });
    curves.iter().map(bits).collect()
}

#[test]
fn threads_and_blocks_change_no_bit() {
    let reference = run(1024, 1, &contenders());
    assert!(reference == run(1024, 2, &contenders()));
    assert!(reference == run(1024, 7, &contenders()));
    for block in [1, 7, 100, 5000] {
        let found = run(block, 2, &contenders());
        let names = contenders().into_iter().map(|contender| contender.detector);
        for ((name, one), other) in names.zip(&reference).zip(&found) {
            // Not assert_eq, which would print pages of bits.
            assert!(one == other, "{name:?} in blocks of {block}");
        }
    }
}

#[test]
fn a_contender_alone_gets_the_bits_it_gets_in_company() {
    let contenders = contenders();
    let together = run(1024, 2, &contenders);
    for (contender, curve) in contenders.iter().zip(together) {
        let alone = run(1024, 2, std::slice::from_ref(contender));
        assert!(vec![curve] == alone, "{:?}", contender.detector);
    }
}

#[test]
fn parts_computed_apart_merge_into_the_whole() {
    let campaign = Campaign::new(Arc::new(eventful()), 20_000.0, Seed::from(5), Some(13)).unwrap();
    let contenders = contenders();
    let over = |part| {
        sweep(
            &Source::Modelled(campaign.clone().only(part).unwrap()),
            &contenders,
            &terms(),
            &Cancel::default(),
        )
        .unwrap()
    };
    let (whole, first, rest) = (over(0..13), over(0..4), over(4..13));
    for ((whole, first), rest) in whole.iter().zip(&first).zip(&rest) {
        assert_eq!(bits(whole), bits(&rest.merged(first).unwrap()));
        assert!(first.merged(first).is_err());
    }
}

#[test]
fn what_is_kept_is_what_is_streamed() {
    // One replication, kept whole and then watched, against the same one watched as it is simulated.
    let duration = 5_000.0;
    let early = 0.1 * (50.0 / eventful().link().delivered()).ceil();
    let kept = simulate(&eventful(), duration, &Seed::from(9), &Cancel::default()).unwrap();
    let campaign = Campaign::new(
        Arc::new(eventful()),
        duration - early,
        Seed::from(9),
        Some(1),
    )
    .unwrap();
    // The observation of a model begins with the first arrival after its time for warming up.
    let before = kept.beats().iter();
    let before = before.take_while(|beat| beat.received < nanos(early));
    let by_count = Terms {
        warm_up: Some(before.count() + 1),
        ..terms()
    };
    let (recorded, streamed) = (Source::Recorded(Arc::new(kept)), Source::Modelled(campaign));
    for contender in contenders() {
        let curve = |source, terms| {
            sweep(
                source,
                std::slice::from_ref(&contender),
                terms,
                &Cancel::default(),
            )
            .unwrap()
            .remove(0)
        };
        let (recorded, streamed) = (curve(&recorded, &by_count), curve(&streamed, &terms()));
        for rank in 0..recorded.thresholds().len() {
            let (a, b) = (recorded.point(rank, 0.95), streamed.point(rank, 0.95));
            assert!(
                (a.mistakes - b.mistakes).abs() < 1e-9,
                "{:?}",
                contender.detector
            );
            assert!((a.query_accuracy - b.query_accuracy).abs() < 1e-12);
        }
    }
}

#[test]
fn what_one_part_of_a_model_draws_moves_no_other() {
    let arrivals = |loss: f64, duplication: f64| {
        let link = Link::new(
            Uniform::new(0.0, 0.5).unwrap().into(),
            Loss::bernoulli(loss).unwrap(),
            duplication,
            false,
        )
        .unwrap();
        let schedule = Schedule::new(Every::Fixed(1_000_000_000), CatchUp::Burst).unwrap();
        let model = Heartbeats::new(schedule, link, Pauses::Never, Pauses::Never).unwrap();
        let arrivals = simulate(&model, 1000.0, &Seed::from(3), &Cancel::default()).unwrap();
        arrivals
            .beats()
            .iter()
            .map(|beat| (beat.number, beat.received))
            .collect::<Vec<_>>()
    };
    let perfect = arrivals(0.0, 0.0);
    let lossy = arrivals(0.3, 0.0);
    assert!(lossy.len() < 800 && lossy.iter().all(|beat| perfect.contains(beat)));
    let copied = arrivals(0.0, 0.2);
    assert!(copied.len() > 1100 && perfect.iter().all(|beat| copied.contains(beat)));
}

#[test]
fn rand_distr_takes_its_powers_from_libm() {
    // With `num-traits/std` on, by whichever dependency, it takes them from the platform instead, and
    // about one in eleven of these draws has other bits.
    use rand_distr::{Distribution, OpenClosed01, Pareto};
    use suspicion::random::Purpose;
    let (mut draws, mut uniforms) = (
        Seed::from(1).stream(Purpose::Sample, 0),
        Seed::from(1).stream(Purpose::Sample, 0),
    );
    let law = Pareto::new(1.0, 1.5).unwrap();
    for _ in 0..20_000 {
        let uniform: f64 = OpenClosed01.sample(&mut uniforms);
        let draw: f64 = law.sample(&mut draws);
        assert_eq!(draw.to_bits(), libm::pow(uniform, -1.0 / 1.5).to_bits());
    }
}
