//! Leases under pauses, held against closed forms within four standard errors, at terms drawn at random.

use rand::{Rng, RngExt, SeedableRng, rngs::ChaCha8Rng};
use suspicion::Cancel;
use suspicion::distribution::{Constant, Distribution, Exponential, Pareto};
use suspicion::lease::{
    Client, Clock, CountedFrom, Fencing, Judge, Lease, Outcome, Reason, Steps, Terms, Writes,
    two_holders, unsafe_write,
};
use suspicion::pause::Pauses;
use suspicion::random::Seed;

const NEVER: Pauses = Pauses::Never;

fn exponential(mean: f64) -> Distribution {
    Exponential::new(mean).unwrap().into()
}

fn renewal(every: f64, lasting: Distribution) -> Pauses {
    Pauses::renewal(exponential(every), lasting).unwrap()
}

fn bare(length: f64, renew_every: f64, poll_every: f64) -> Terms {
    Terms {
        length,
        renew_every,
        believed_for: length,
        counted_from: CountedFrom::Request,
        renews_on_waking: true,
        poll_every,
        poll_jitter: 0.0,
        grace: 0.0,
        lock_delay: 0.0,
        judge: Judge::Service(Clock::default()),
    }
}

/// One whose clock is right and whose messages take no time.
fn client(pauses: Pauses) -> Client {
    Client {
        reasons: vec![Reason {
            pauses,
            suspends: false,
        }],
        clock: Clock::default(),
        looks: true,
        delay: constant(0.0),
        outages: NEVER,
    }
}

fn constant(value: f64) -> Distribution {
    Constant::new(value).unwrap().into()
}

fn lease(terms: Terms, pauses: [Pauses; 2], writes: Option<Writes>) -> Lease {
    Lease::new(terms, pauses.map(client).to_vec(), writes).unwrap()
}

fn run(lease: &Lease, duration: f64, seed: u64) -> Outcome {
    lease
        .simulate(duration, 64, &Seed::from(seed), &Cancel::default())
        .unwrap()
}

fn writes(every: f64, window: f64, fencing: Fencing) -> Writes {
    Writes {
        every,
        window,
        first_after: 0.0,
        delay: constant(0.0),
        fencing,
    }
}

fn assert_share(count: u64, n: f64, p: f64, what: &str) {
    let error = (n * p * (1.0 - p)).sqrt();
    let deviation = (count as f64 - n * p) / error;
    assert!(
        deviation.abs() < 4.0,
        "{what}: {count} of {n}, expected {}",
        n * p
    );
}

fn between(draws: &mut impl Rng, low: f64, high: f64) -> f64 {
    low + (high - low) * draws.random::<f64>()
}

#[test]
fn exponential_pauses_make_two_holders_as_often_as_the_closed_form_says() {
    let mut draws = ChaCha8Rng::seed_from_u64(11);
    for seed in 0..12 {
        let (mean, interval) = (between(&mut draws, 0.3, 3.0), between(&mut draws, 0.2, 3.0));
        let length = interval + mean * between(&mut draws, 0.5, 4.0);
        let poll = if seed % 2 == 0 {
            0.0
        } else {
            between(&mut draws, 0.1, 3.0)
        };
        // Pauses as often as renewals, so that young leases are met.
        let up = interval * between(&mut draws, 0.5, 20.0);
        let terms = bare(length, interval, poll);
        // The other never pauses and keeps what it gets: many short runs.
        let (m, v) = (1.0 / mean, 1.0 / up);
        let polled = if poll > 0.0 {
            -libm::expm1(-m * poll) / (m * poll)
        } else {
            1.0
        };
        let closed = v / (m - v) * libm::exp(-m * length) * libm::expm1((m - v) * interval)
            / -libm::expm1(-v * interval)
            * polled;
        let p = two_holders(&terms, &exponential(mean), v).unwrap();
        assert!((p / closed - 1.0).abs() < 1e-9, "{p} {closed}");
        let clients = [renewal(up, exponential(mean)), NEVER];
        let duration = 30.0 * (up + mean);
        let found = lease(terms, clients, None)
            .simulate(duration, 20_000, &Seed::from(seed), &Cancel::default())
            .unwrap();
        // Of pauses until the first success, as many succeed as have the chance.
        assert_share(found.two_holders, found.pauses as f64, p, "two holders");
    }
}

#[test]
fn two_clients_that_pause_alike_lose_the_lease_as_often_as_one_of_them() {
    let mut draws = ChaCha8Rng::seed_from_u64(12);
    for seed in 0..12 {
        let (mean, interval) = (between(&mut draws, 0.3, 3.0), between(&mut draws, 0.2, 3.0));
        let length = interval + mean * between(&mut draws, 0.5, 3.0);
        let up = between(&mut draws, 30.0, 100.0);
        let terms = bare(length, interval, 0.0);
        let law = exponential(mean);
        let clients = [renewal(up, law.clone()), renewal(up, law.clone())];
        let found = run(&lease(terms, clients, None), 3000.0 * up, seed);
        let p = two_holders(&terms, &law, 1.0 / up).unwrap();
        // A pause that is longer than the lease makes it expire; whether there are two is up to the other, which
        // itself stands still for a share of the time and then gets it later.
        assert_share(found.expired, found.pauses as f64, p, "expired");
        assert!(found.two_holders <= found.expired);
        assert!(found.two_holders as f64 > 0.8 * found.expired as f64);
    }
}

#[test]
fn pareto_pauses_do_so_polynomially() {
    let mut draws = ChaCha8Rng::seed_from_u64(13);
    for seed in 0..8 {
        let (minimum, index) = (
            between(&mut draws, 0.05, 0.3),
            between(&mut draws, 1.3, 2.5),
        );
        let (length, interval) = (between(&mut draws, 3.0, 8.0), between(&mut draws, 0.5, 2.5));
        let law: Distribution = Pareto::new(minimum, index).unwrap().into();
        let up = 200.0;
        let terms = bare(length, interval, 0.0);
        let clients = [renewal(up, law.clone()), renewal(up, law.clone())];
        let found = run(&lease(terms, clients, None), 20_000.0 * up, seed);
        let closed = libm::pow(minimum, index)
            * (libm::pow(length - interval, 1.0 - index) - libm::pow(length, 1.0 - index))
            / (interval * (index - 1.0));
        // Ages of a lease are uniform but for a share of interval / (2 up).
        let p = two_holders(&terms, &law, 1.0 / up).unwrap();
        assert!((p / closed - 1.0).abs() < 0.01, "{p} {closed}");
        assert_share(found.expired, found.pauses as f64, p, "expired");
    }
}

#[test]
fn a_write_that_looked_at_the_clock_before_a_pause_is_late_as_often_as_the_closed_form_says() {
    let mut draws = ChaCha8Rng::seed_from_u64(14);
    for seed in 0..8 {
        let (mean, interval) = (between(&mut draws, 0.5, 2.0), between(&mut draws, 0.5, 2.0));
        let length = interval + mean * between(&mut draws, 0.5, 2.0);
        let terms = bare(length, interval, 0.0);
        let every = between(&mut draws, 0.02, 0.05);
        let window = every * between(&mut draws, 0.2, 1.0);
        let writes = Some(writes(every, window, Fencing::None));
        let law = exponential(mean);
        let up = 40.0;
        let clients = [renewal(up, law.clone()), renewal(up, law.clone())];
        let found = run(&lease(terms, clients, writes), 20_000.0 * up, seed);
        let p = unsafe_write(&terms, window, &law, 1.0 / up).unwrap();
        assert_share(found.unsafe_writes, found.writes as f64, p, "unsafe writes");
        assert!(found.stale_writes <= found.unsafe_writes && found.accepted == found.stale_writes);
    }
}

#[test]
fn a_sealed_storage_takes_no_stale_write_and_tokens_alone_some() {
    let of = |fencing| {
        let law = exponential(3.0);
        let clients = [renewal(20.0, law.clone()), renewal(20.0, law)];
        let late_first = Writes {
            first_after: 0.6,
            ..writes(0.5, 0.4, fencing)
        };
        run(
            &lease(bare(4.0, 1.0, 0.0), clients, Some(late_first)),
            50_000.0,
            5,
        )
    };
    let (none, sealed) = (of(Fencing::None), of(Fencing::Sealed));
    let tokens = of(Fencing::Tokens);
    assert!(none.stale_writes > 1000);
    assert_eq!((none.accepted, sealed.accepted), (none.stale_writes, 0));
    assert!(tokens.accepted > 0 && tokens.accepted < tokens.stale_writes);
    assert_eq!(none.stale_writes, sealed.stale_writes);
}

#[test]
fn the_outcome_does_not_depend_on_threads() {
    let law = exponential(2.0);
    let clients = [renewal(20.0, law.clone()), renewal(20.0, law)];
    let terms = bare(5.0, 1.0, 1.0);
    let lease = lease(terms, clients, Some(writes(0.5, 0.4, Fencing::Tokens)));
    let one = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    let found = one.install(|| run(&lease, 5000.0, 3));
    assert_eq!(found, run(&lease, 5000.0, 3));
}

/// A clock that is set now and then, or not.
fn steps(draws: &mut impl Rng) -> Option<Steps> {
    draws.random::<bool>().then(|| Steps {
        every: between(draws, 20.0, 200.0),
        by: between(draws, -5.0, 5.0),
    })
}

/// Terms and clients drawn at random, with messages that take a constant time.
fn drawn(draws: &mut impl Rng) -> Lease {
    let renew_every = between(draws, 0.3, 2.0);
    let length = renew_every * between(draws, 2.0, 6.0);
    let terms = Terms {
        believed_for: length * between(draws, 0.7, 1.2),
        renews_on_waking: draws.random(),
        poll_jitter: between(draws, 0.0, 1.5),
        grace: between(draws, 0.0, 1.0),
        lock_delay: between(draws, 0.0, 1.0),
        judge: if draws.random() {
            Judge::Observers
        } else {
            Judge::Service(Clock {
                drift: between(draws, -0.1, 0.1),
                steps: steps(draws),
                ..Clock::default()
            })
        },
        counted_from: if draws.random() {
            CountedFrom::Request
        } else {
            CountedFrom::Reply
        },
        ..bare(length, renew_every, between(draws, 0.1, 2.0))
    };
    let mut clients = Vec::new();
    for _ in 0..3 {
        let pauses = renewal(
            between(draws, 5.0, 30.0),
            exponential(between(draws, 0.3, 3.0)),
        );
        let asleep = renewal(
            between(draws, 20.0, 60.0),
            exponential(between(draws, 0.3, 9.0)),
        );
        let of = |pauses, suspends| Reason { pauses, suspends };
        clients.push(Client {
            reasons: vec![of(pauses, false), of(asleep, true)],
            clock: Clock {
                drift: between(draws, -0.1, 0.1),
                stops_in_suspend: draws.random(),
                steps: steps(draws),
            },
            looks: draws.random(),
            delay: constant(between(draws, 0.0, 0.1)),
            outages: renewal(
                between(draws, 20.0, 90.0),
                exponential(between(draws, 0.3, 5.0)),
            ),
        });
    }
    let every = between(draws, 0.05, 1.0);
    let writes = Writes {
        first_after: between(draws, 0.0, 1.0),
        delay: constant(between(draws, 0.0, 0.2)),
        ..writes(every, every * draws.random::<f64>(), Fencing::Tokens)
    };
    Lease::new(terms, clients, Some(writes)).unwrap()
}

#[test]
fn what_is_counted_is_what_is_followed() {
    let mut draws = ChaCha8Rng::seed_from_u64(21);
    let mut found = Outcome::default();
    for number in 0..200 {
        let (lease, seed) = (drawn(&mut draws), Seed::from(number));
        let counted = lease
            .simulate(2000.0, 1, &seed, &Cancel::default())
            .unwrap();
        let (followed, _) = lease.history(2000.0, &seed, &Cancel::default()).unwrap();
        assert_eq!(counted, followed, "{number} {lease:?}");
        found = found.and(counted);
    }
    assert!(
        found.two_holders > 1000 && found.stale_writes > 1000 && found.accepted > 100,
        "{found:?}"
    );
}
