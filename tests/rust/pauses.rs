//! Timelines and models of pauses, held against slow and obvious versions and closed forms.

use proptest::prelude::*;
use suspicion::Cancel;
use suspicion::distribution::{Constant, Distribution, Exponential};
use suspicion::heartbeat::{CatchUp, Every, Heartbeats, Schedule, simulate};
use suspicion::pause::{Collection, Hiccups, Old, Pause, Pauses, Timeline, Young};
use suspicion::random::Seed;
use suspicion::time::{Nanos, nanos, seconds};

use crate::simulated::perfect;

fn given(spans: &[(u32, u32)]) -> Timeline {
    let (starts, lasting): (Vec<f64>, Vec<f64>) = spans
        .iter()
        .map(|(start, length)| (f64::from(*start) / 1e3, f64::from(*length) / 1e3))
        .unzip();
    Timeline::new(&starts, &lasting).unwrap()
}

fn simulated(pauses: &Pauses, duration: f64, seed: u64) -> Timeline {
    let names: Vec<String> = (0..pauses.parts().len())
        .map(|part| format!("part {part}"))
        .collect();
    pauses
        .simulate(duration, &names, &Seed::from(seed), 0, &Cancel::default())
        .unwrap()
}

proptest! {
    #[test]
    fn at_each_millisecond_a_union_pauses_if_one_of_its_parts_does(
        one in prop::collection::vec((0..300_u32, 0..40_u32), 0..12),
        other in prop::collection::vec((0..300_u32, 0..40_u32), 0..12),
    ) {
        let (one, other) = (given(&one), given(&other));
        let both = one.union(&other);
        let mut stood = 0;
        for moment in (0..400).map(|milli| milli * 1_000_000) {
            let paused = one.remaining(moment) > 0 || other.remaining(moment) > 0;
            prop_assert_eq!(both.remaining(moment) > 0, paused);
            prop_assert_eq!(both.stood(moment), stood);
            stood += i64::from(paused) * 1_000_000;
        }
        for pair in both.pauses().windows(2) {
            prop_assert!(pair[0].end < pair[1].start);
        }
    }

    #[test]
    fn hiccups_are_those_of_a_thread_that_is_followed_nap_by_nap(
        spans in prop::collection::vec((0..3000_u32, 0..60_u32), 0..20),
        nap in 1..30_u32,
        wakings in 1..100_usize,
        before in 0..=1_i64,
        digits in 0..=5_u32,
    ) {
        let timeline = given(&spans);
        let every = f64::from(nap) / 1e3;
        let (mut slow, mut due) = (Vec::new(), nanos(every));
        // It is measured until just when a nap ends, or until a nanosecond before.
        let until = loop {
            let late = timeline.remaining(due);
            if slow.len() >= wakings && before == 1 {
                break due - 1;
            }
            slow.push(late);
            let mut value = late;
            while value - nanos(every) >= nanos(every) {
                value -= nanos(every);
                slow.push(value);
            }
            if slow.len() >= wakings {
                break due;
            }
            due += late + nanos(every);
        };
        let until = seconds(until);
        let found = Hiccups::new(&timeline, every, until, digits, true, &Cancel::default()).unwrap();
        // Each value of the thread lies in one bucket, and there are no others.
        let mut rest = slow.len();
        for ((lower, upper), count) in found.lower.iter().zip(&found.upper).zip(&found.count) {
            let inside = |value: &&Nanos| (nanos(*lower)..=nanos(*upper)).contains(value);
            let values = slow.iter().filter(inside).count();
            prop_assert_eq!(values as f64, *count);
            rest -= values;
        }
        prop_assert_eq!(rest, 0);
    }
}

fn exponential(mean: f64) -> Distribution {
    Exponential::new(mean).unwrap().into()
}

#[test]
fn in_equilibrium_a_moment_meets_a_pause_as_often_as_its_share_and_waits_as_long() {
    // Pr(D > x) = E[(P - x)+] / (EU + EP): m exp(-x / m) / (EU + m) for exponential pauses of mean m.
    let (up, mean) = (5.0, 1.5);
    let pauses = Pauses::renewal(exponential(up), exponential(mean)).unwrap();
    let runs = 40_000;
    let waits: Vec<f64> = (0..runs)
        .map(|seed| seconds(simulated(&pauses, 1.0, seed).remaining(nanos(0.5))))
        .collect();
    for x in [0.0, 1.0, 3.0] {
        let p = mean * libm::exp(-x / mean) / (up + mean);
        let share = waits.iter().filter(|wait| **wait > x).count() as f64 / runs as f64;
        let error = (p * (1.0 - p) / runs as f64).sqrt();
        assert!((share - p).abs() < 4.0 * error, "{x} {share} {p}");
    }
}

#[test]
fn a_stream_of_a_union_is_the_union_of_its_timelines() {
    let quota = Pauses::renewal(
        Constant::new(0.01).unwrap().into(),
        Constant::new(0.09).unwrap().into(),
    )
    .unwrap();
    let rare = Pauses::renewal(exponential(3.0), exponential(0.7)).unwrap();
    let heap = Pauses::collection(Collection {
        allocation_rate: 1e9,
        young: None,
        live: 1e9,
        limit: 2e9,
        old: Old::Stopped { per_byte: 1e-10 },
        variation: 0.5,
        spread: 0.5,
    })
    .unwrap();
    let all = Pauses::union(vec![quota, rare, heap]).unwrap();
    // What a sender meets while it sends, and what a timeline of the same seed says, are the same pauses.
    let schedule = Schedule::new(Every::Fixed(1_000_000_000), CatchUp::Burst).unwrap();
    let model = Heartbeats::new(schedule, perfect(), all.clone(), Pauses::Never).unwrap();
    let met = simulate(&model, 500.0, &Seed::from(9), &Cancel::default()).unwrap();
    let timeline = simulated(&all, 500.0, 9);
    assert!(timeline.pauses().len() > 1000);
    // The first may have begun before, and the last may go on as another begins after the end.
    let inner = 1..timeline.pauses().len() - 1;
    for (stream, given) in met.sender_pauses()[inner.clone()]
        .iter()
        .zip(&timeline.pauses()[inner])
    {
        assert_eq!(stream, given);
    }
    assert!(timeline.spells().len() > timeline.pauses().len());
    assert!(
        timeline
            .pauses()
            .windows(2)
            .all(|pair: &[Pause]| pair[0].end < pair[1].start)
    );
    // Shares of time that know nothing of each other: the process runs where none of them pauses.
    let share = seconds(timeline.stood(nanos(500.0))) / 500.0;
    assert!((share - 0.93).abs() < 0.02, "{share}");
}

#[test]
fn pauses_that_hardly_ever_end_are_refused() {
    let long = Pauses::renewal(exponential(0.1), exponential(10.0)).unwrap();
    let error = Pauses::union(vec![long.clone(), long]).unwrap_err();
    assert!(error.to_string().contains("lest they never end"), "{error}");
}

/// A heap that is collected each microsecond of running, as fast as may be.
fn fastest() -> Collection {
    Collection {
        allocation_rate: 1e9,
        young: Some(Young {
            eden: 1e3,
            survival: 0.1,
            base: 1e-7,
            per_byte: 0.0,
        }),
        live: 0.0,
        limit: 1e6,
        old: Old::Stopped { per_byte: 0.0 },
        variation: 0.0,
        spread: 0.0,
    }
}

#[test]
fn a_heap_whose_time_would_stand_still_is_refused_by_name() {
    let old_alone = |rate| Collection {
        allocation_rate: rate,
        young: None,
        limit: 1e3,
        ..fastest()
    };
    let sigma = |variation, spread| Collection {
        variation,
        spread,
        ..fastest()
    };
    for (heap, words) in [
        (
            Collection {
                allocation_rate: 1.01e9,
                ..fastest()
            },
            "allocation_rate = 1010000000, expected a rate that fills 1000 bytes in 1e-6 s or more",
        ),
        (old_alone(1e13), "allocation_rate = 10000000000000, "),
        (
            sigma(3.1, 0.0),
            "variation = 3.1, expected a number from 0 to 3",
        ),
        (sigma(f64::NAN, 0.0), "variation = NaN, "),
        (
            sigma(0.0, 30.0),
            "spread = 30, expected a number from 0 to 3",
        ),
    ] {
        let error = Pauses::collection(heap).unwrap_err().to_string();
        assert!(error.starts_with(words), "{error}");
    }
    assert!(Pauses::collection(old_alone(1e9)).is_ok());
}

#[test]
fn time_goes_on_in_the_heap_that_varies_most() {
    let heap = Pauses::collection(Collection {
        variation: 3.0,
        spread: 3.0,
        ..fastest()
    });
    let timeline = simulated(&heap.unwrap(), 1.0, 1);
    let last = timeline.spells().last().unwrap().pause.start;
    assert!(last > nanos(0.9), "{last}");
    // A microsecond of running and a tenth of one of standing still, without variation.
    let heap = Pauses::collection(fastest()).unwrap();
    let timeline = simulated(&heap, 1.1e-3, 1);
    let minors = timeline.spells().iter().filter(|spell| spell.cause == 0);
    assert!(minors.count().abs_diff(1000) <= 1);
}

#[test]
fn a_union_counts_the_full_collections_that_a_heap_may_end_with() {
    // It runs for 4 us, and then stops for a tenth of one and for a second.
    let late = Pauses::collection(Collection {
        young: None,
        limit: 4e3,
        old: Old::Concurrent {
            takes: 1e-3,
            stop: 1e-7,
            headroom: 0.0,
            full: Some(1.0 / 4e3),
        },
        ..fastest()
    })
    .unwrap();
    let rare = Pauses::renewal(exponential(3.0), exponential(0.7)).unwrap();
    let error = Pauses::union(vec![late, rare]).unwrap_err();
    assert!(error.to_string().contains("lest they never end"), "{error}");
}
