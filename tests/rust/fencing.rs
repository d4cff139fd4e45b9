//! Fencing: nothing gets past a sealed storage, and each weakness lets through what its closed form says.

use rand::{Rng, RngExt, SeedableRng, rngs::ChaCha8Rng};
use suspicion::Cancel;
use suspicion::distribution::{Constant, Distribution, Exponential, Uniform};
use suspicion::fencing::{
    Exploration, Race, Raced, RandomSchedules, Scope, Seal, Shares, Storage, Tokens, Violation,
    explore, random_schedules,
};
use suspicion::random::Seed;

fn scope(clients: usize, grants: usize, writes: usize) -> Scope {
    Scope {
        clients,
        grants,
        writes,
    }
}

fn all(storage: &Storage, scope: Scope) -> Exploration {
    explore(storage, &scope, &Cancel::default()).unwrap()
}

fn drawn(storage: &Storage, scope: Scope, count: u64, seed: u64) -> RandomSchedules {
    random_schedules(
        storage,
        &scope,
        count,
        &Seed::from(seed),
        &Cancel::default(),
    )
    .unwrap()
}

fn unsealed() -> Storage {
    Storage {
        seal: Seal::None,
        ..Storage::SAFE
    }
}

fn shared(unfenced: f64, reads: f64, forged: f64) -> Storage {
    Storage {
        shares: Shares {
            unfenced,
            reads,
            forged,
        },
        ..Storage::SAFE
    }
}

/// Every weakness by itself, with what it lets happen.
fn weaknesses() -> Vec<(&'static str, Storage, Violation)> {
    let safe = Storage::SAFE;
    vec![
        ("no seal", unsealed(), Violation::StaleWrite),
        (
            "no fencing",
            Storage {
                fenced: false,
                ..safe
            },
            Violation::Overtaken,
        ),
        (
            "unfenced resource",
            shared(0.5, 0.0, 0.0),
            Violation::StaleSideEffect,
        ),
        (
            "reused tokens",
            Storage {
                tokens: Tokens::Reused,
                ..safe
            },
            Violation::Overtaken,
        ),
        (
            "random tokens",
            Storage {
                tokens: Tokens::Random,
                ..safe
            },
            Violation::Overtaken,
        ),
        (
            "shards",
            Storage {
                shards: 2,
                seal: Seal::FirstShard,
                ..safe
            },
            Violation::StaleWrite,
        ),
        ("stale reads", shared(0.0, 0.5, 0.0), Violation::StaleRead),
        (
            "check apart from write",
            Storage {
                atomic: false,
                ..safe
            },
            Violation::Overtaken,
        ),
        (
            "forged tokens",
            shared(0.0, 0.0, 0.5),
            Violation::StaleWrite,
        ),
    ]
}

#[test]
fn nothing_gets_past_a_sealed_storage_in_any_small_schedule() {
    for (storage, scopes) in [
        (
            Storage::SAFE,
            vec![(2, 3, 2), (3, 3, 1), (3, 3, 2), (2, 4, 2), (4, 4, 1)],
        ),
        (
            Storage {
                shards: 2,
                ..Storage::SAFE
            },
            vec![(2, 3, 2), (3, 3, 1)],
        ),
        (
            Storage {
                shards: 3,
                ..Storage::SAFE
            },
            vec![(2, 2, 2), (2, 3, 1)],
        ),
    ] {
        for (clients, grants, writes) in scopes {
            let found = all(&storage, scope(clients, grants, writes));
            assert!(found.states > 1000, "{found:?}");
            assert_eq!(found.violations, 0, "{found:?}");
            assert!(found.counterexamples.is_empty());
        }
    }
}

#[test]
fn nothing_gets_past_a_sealed_storage_in_ten_million_random_schedules() {
    let found = drawn(&Storage::SAFE, scope(3, 3, 2), 10_000_000, 5);
    assert_eq!((found.schedules, found.violations), (10_000_000, 0));
    assert!(found.steps > 100_000_000);
    // The same schedules are not so harmless without the seal.
    let without = drawn(&unsealed(), scope(3, 3, 2), 100_000, 5);
    assert!(without.violations > 1000, "{without:?}");
}

#[test]
fn each_weakness_has_a_schedule_that_shows_it() {
    for (name, storage, kind) in weaknesses() {
        let found = all(&storage, scope(2, 2, 1));
        assert!(found.by_kind[kind as usize] > 0, "{name}: {found:?}");
        let story = found
            .counterexamples
            .iter()
            .find(|(found, _)| *found == kind);
        let (_, story) = story.unwrap();
        assert!(story.last().unwrap().contains(kind.name()), "{story:?}");
        assert!(
            story[..story.len() - 1]
                .iter()
                .all(|line| !line.contains(kind.name())),
            "{story:?}"
        );
        let random = drawn(&storage, scope(2, 2, 1), 100_000, 6);
        assert!(random.by_kind[kind as usize] > 0, "{name}: {random:?}");
    }
}

#[test]
fn fencing_alone_keeps_writes_in_the_order_of_their_leases() {
    for (clients, grants, writes) in [(2, 3, 2), (3, 3, 1), (2, 4, 1)] {
        for shards in [1, 2] {
            let storage = Storage {
                shards,
                ..unsealed()
            };
            let found = all(&storage, scope(clients, grants, writes));
            assert!(found.by_kind[Violation::StaleWrite as usize] > 0);
            assert_eq!(found.by_kind[Violation::Overtaken as usize], 0);
        }
    }
}

#[test]
fn what_cannot_be_looked_at_is_refused_and_long_work_stops() {
    let refused = |storage: &Storage, scope: Scope| {
        explore(storage, &scope, &Cancel::default())
            .unwrap_err()
            .to_string()
    };
    assert!(refused(&Storage::SAFE, scope(5, 2, 1)).starts_with("clients = 5, expected"));
    assert!(refused(&Storage::SAFE, scope(2, 0, 1)).starts_with("grants = 0, expected"));
    assert!(refused(&Storage::SAFE, scope(2, 2, 4)).starts_with("writes = 4, expected"));
    let cancel = Cancel::default();
    cancel.request();
    let stopped = explore(&Storage::SAFE, &scope(4, 4, 3), &cancel);
    assert_eq!(stopped, Err(suspicion::Error::Cancelled));
    let stopped = random_schedules(
        &Storage::SAFE,
        &scope(2, 2, 1),
        1_000_000_000_000,
        &Seed::from(1),
        &cancel,
    );
    assert_eq!(stopped, Err(suspicion::Error::Cancelled));
}

fn exponential(rate: f64) -> Distribution {
    Exponential::new(1.0 / rate).unwrap().into()
}

fn run(race: &Race, count: u64, seed: u64) -> Raced {
    race.run(count, &Seed::from(seed), &Cancel::default())
        .unwrap()
}

fn assert_share(count: u64, n: u64, p: f64, what: &str) {
    let n = n as f64;
    let error = (n * p * (1.0 - p)).sqrt();
    let deviation = count as f64 - n * p;
    assert!(
        deviation.abs() <= 4.0 * error,
        "{what}: {count} of {n}, expected {} within {error}",
        n * p
    );
}

fn between(draws: &mut impl Rng, low: f64, high: f64) -> f64 {
    low + (high - low) * draws.random::<f64>()
}

/// What is known of a race between exponential laws of rates `a` and `b`.
#[test]
fn each_weakness_does_harm_as_often_as_its_closed_form_says() {
    const RACES: u64 = 200_000;
    let mut draws = ChaCha8Rng::seed_from_u64(21);
    let safe = Storage::SAFE;
    for seed in 0..10 {
        let (a, b) = (between(&mut draws, 0.1, 5.0), between(&mut draws, 0.1, 5.0));
        let shards = draws.random_range(2..=16);
        let many = f64::from(shards);
        let (q, g) = (draws.random::<f64>(), between(&mut draws, 0.01, 2.0) / b);
        let constant: Distribution = Constant::new(g).unwrap().into();
        let cases = [
            ("safe", safe, None, 0.0),
            ("no seal", unsealed(), None, a / (a + b)),
            (
                "shards",
                Storage {
                    shards: shards as usize,
                    ..unsealed()
                },
                None,
                a / (a + b / many),
            ),
            (
                "first shard sealed",
                Storage {
                    shards: shards as usize,
                    seal: Seal::FirstShard,
                    ..safe
                },
                None,
                (1.0 - 1.0 / many) * b / (a + b) * a / (a + b / many),
            ),
            (
                "check apart from write",
                Storage {
                    atomic: false,
                    ..safe
                },
                Some(constant.clone()),
                a / (a + b) * (1.0 - (-b * g).exp()),
            ),
            (
                "exponential gap",
                Storage {
                    atomic: false,
                    ..safe
                },
                Some(exponential(1.0 / g)),
                a / (a + b) * b / (b + 1.0 / g),
            ),
            (
                "unfenced share",
                Storage {
                    shares: shared(q, 0.0, 0.0).shares,
                    ..unsealed()
                },
                None,
                q + (1.0 - q) * a / (a + b),
            ),
            (
                "unfenced share, sealed",
                shared(q, 0.0, 0.0),
                None,
                q * b / (a + b),
            ),
            ("reads", shared(0.0, q, 0.0), None, q * b / (a + b)),
            ("forged", shared(0.0, 0.0, q), None, q * b / (a + b)),
            (
                "not fenced",
                Storage {
                    fenced: false,
                    ..unsealed()
                },
                None,
                1.0,
            ),
            (
                "reused",
                Storage {
                    tokens: Tokens::Reused,
                    ..safe
                },
                None,
                b / (a + b),
            ),
            (
                "random",
                Storage {
                    tokens: Tokens::Random,
                    ..unsealed()
                },
                None,
                0.5 + 0.5 * a / (a + b),
            ),
        ];
        for (what, storage, gap, right) in cases {
            let race = Race::new(&storage, exponential(a), exponential(b), gap).unwrap();
            let closed = race.probability().unwrap();
            assert!(
                (closed - right).abs() < 1e-12,
                "{what}: {closed}, not {right}"
            );
            let raced = run(&race, RACES, seed);
            assert_eq!(raced.races, RACES);
            assert_share(raced.harmful, RACES, right, what);
        }
    }
}

#[test]
fn weaknesses_together_do_harm_as_often_as_the_closed_form_says() {
    const RACES: u64 = 100_000;
    let mut draws = ChaCha8Rng::seed_from_u64(22);
    for seed in 0..120 {
        let (a, b) = (between(&mut draws, 0.1, 5.0), between(&mut draws, 0.1, 5.0));
        let shares: [f64; 4] = std::array::from_fn(|_| draws.random());
        let whole: f64 = shares.iter().sum();
        let atomic = draws.random();
        let storage = Storage {
            fenced: draws.random_range(0..8) > 0,
            seal: [Seal::None, Seal::FirstShard, Seal::EveryShard][draws.random_range(0..3)],
            shards: draws.random_range(1..=16),
            atomic,
            tokens: [Tokens::Increasing, Tokens::Reused, Tokens::Random][draws.random_range(0..3)],
            shares: Shares {
                unfenced: shares[0] / whole,
                reads: shares[1] / whole,
                forged: shares[2] / whole,
            },
        };
        let g = between(&mut draws, 0.01, 2.0) / b;
        let gap = if draws.random() {
            exponential(1.0 / g)
        } else {
            Constant::new(g).unwrap().into()
        };
        let gap = (!atomic).then_some(gap);
        let race = Race::new(&storage, exponential(a), exponential(b), gap).unwrap();
        let raced = run(&race, RACES, seed);
        let closed = race.probability().unwrap();
        assert_share(raced.harmful, RACES, closed, &format!("{race:?}"));
        assert!(raced.harmful + raced.refused <= RACES);
    }
}

#[test]
fn random_tokens_shut_out_half_of_those_who_seal() {
    let mut draws = ChaCha8Rng::seed_from_u64(23);
    for seed in 0..6 {
        let (a, b) = (between(&mut draws, 0.1, 5.0), between(&mut draws, 0.1, 5.0));
        for (seal, right) in [
            (Seal::EveryShard, 0.5),
            // Without a seal, those whom a late write with a higher token precedes.
            (Seal::None, 0.5 * a / (a + b)),
        ] {
            let storage = Storage {
                tokens: Tokens::Random,
                seal,
                ..Storage::SAFE
            };
            let race = Race::new(&storage, exponential(a), exponential(b), None).unwrap();
            let raced = run(&race, 200_000, seed);
            assert_share(raced.locked_out, 200_000, right, "locked out");
        }
    }
}

#[test]
fn laws_of_any_kind_race() {
    let uniform = || Distribution::from(Uniform::new(0.0, 1.0).unwrap());
    let constant = |at: f64| Distribution::from(Constant::new(at).unwrap());
    let race = Race::new(&unsealed(), uniform(), constant(0.3), None).unwrap();
    assert_eq!(race.probability(), None);
    assert_share(run(&race, 200_000, 1).harmful, 200_000, 0.3, "uniform");
    // At the same moment the next client comes first: what is checked is refused, what is not does harm.
    let tie = |storage: &Storage| {
        let race = Race::new(storage, constant(1.0), constant(1.0), None).unwrap();
        run(&race, 1000, 1)
    };
    assert_eq!(
        (tie(&unsealed()).harmful, tie(&unsealed()).refused),
        (0, 1000)
    );
    assert_eq!(tie(&shared(1.0, 0.0, 0.0)).harmful, 1000);
}

#[test]
fn a_gap_belongs_to_a_storage_that_has_one() {
    let constant = || Distribution::from(Constant::new(1.0).unwrap());
    let made = |atomic, gap| {
        let storage = Storage {
            atomic,
            ..Storage::SAFE
        };
        Race::new(&storage, constant(), constant(), gap)
    };
    for refused in [made(true, Some(constant())), made(false, None)] {
        assert!(refused.unwrap_err().to_string().starts_with("gap = "));
    }
    assert!(made(true, None).is_ok() && made(false, Some(constant())).is_ok());
}

#[test]
fn threads_change_nothing() {
    let storage = Storage {
        shards: 3,
        atomic: false,
        tokens: Tokens::Random,
        ..shared(0.1, 0.1, 0.1)
    };
    let race = Race::new(
        &storage,
        exponential(1.0),
        exponential(2.0),
        Some(exponential(3.0)),
    )
    .unwrap();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.unwrap().install(|| {
            (
                drawn(&storage, scope(3, 4, 2), 50_001, 9),
                run(&race, 100_001, 9),
            )
        })
    };
    let one = on(1);
    assert_eq!(one.0.schedules, 50_001);
    assert_eq!(one.1.races, 100_001);
    assert_eq!(one, on(2));
    assert_eq!(one, on(7));
}
