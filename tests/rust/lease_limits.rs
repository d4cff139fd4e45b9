//! Leases that take for ever to follow: whoever waits for them can stop that, whatever it is that takes so long.

use std::thread;
use std::time::{Duration, Instant};

use suspicion::distribution::{Constant, Distribution, Exponential};
use suspicion::lease::{
    Client, Clock, CountedFrom, Fencing, Judge, Lease, Reason, Steps, Terms, Writes,
};
use suspicion::pause::{Pauses, Timeline};
use suspicion::random::Seed;
use suspicion::{Cancel, Error};

const CENTURY: f64 = 3.0e9;
const MICROSECOND: f64 = 1e-6;

fn exponential(mean: f64) -> Distribution {
    Exponential::new(mean).unwrap().into()
}

fn constant(value: f64) -> Distribution {
    Constant::new(value).unwrap().into()
}

fn for_ever_from(start: f64) -> Pauses {
    Pauses::Timeline(Timeline::new(&[start], &[CENTURY]).unwrap().into())
}

fn terms() -> Terms {
    Terms {
        length: 10.0,
        renew_every: 2.0,
        believed_for: 10.0,
        counted_from: CountedFrom::Request,
        renews_on_waking: false,
        poll_every: 0.0,
        poll_jitter: 0.0,
        grace: 0.0,
        lock_delay: 0.0,
        judge: Judge::Service(Clock::default()),
    }
}

fn client() -> Client {
    Client {
        reasons: Vec::new(),
        clock: Clock::default(),
        looks: true,
        delay: constant(0.0),
        outages: Pauses::Never,
    }
}

fn pausing(pauses: Pauses) -> Client {
    Client {
        reasons: vec![Reason {
            pauses,
            suspends: true,
        }],
        ..client()
    }
}

fn cut_off(start: f64) -> Client {
    Client {
        outages: for_ever_from(start),
        looks: false,
        ..client()
    }
}

fn writes(every: f64) -> Writes {
    Writes {
        every,
        window: 0.0,
        first_after: 0.0,
        delay: exponential(1e-3),
        fencing: Fencing::Tokens,
    }
}

fn lease(terms: Terms, clients: [Client; 2], writes: Option<Writes>) -> Lease {
    Lease::new(terms, clients.to_vec(), writes).unwrap()
}

/// Leases of which each takes hours at least in a loop of its own.
fn endless() -> Vec<(&'static str, Lease)> {
    let quick = Terms {
        renew_every: MICROSECOND,
        poll_every: MICROSECOND,
        ..terms()
    };
    let long = Terms {
        length: CENTURY,
        renew_every: CENTURY,
        believed_for: CENTURY,
        ..terms()
    };
    let hiccups = Pauses::renewal(exponential(1e-4), constant(1e-6)).unwrap();
    let often = Steps {
        every: 1.0,
        by: -0.5,
    };
    let set = Clock {
        drift: -0.5,
        steps: Some(often),
        ..Clock::default()
    };
    vec![
        (
            "one who waits polls in an outage",
            lease(quick, [pausing(for_ever_from(5.0)), cut_off(0.0)], None),
        ),
        (
            "a former holder polls for the length of the lock delay",
            lease(
                Terms {
                    lock_delay: CENTURY,
                    ..quick
                },
                [
                    Client {
                        looks: true,
                        outages: Pauses::Timeline(Timeline::new(&[5.0], &[60.0]).unwrap().into()),
                        ..client()
                    },
                    client(),
                ],
                None,
            ),
        ),
        (
            "observers look for the length of a lease",
            lease(
                Terms {
                    length: CENTURY,
                    renew_every: 1.0,
                    judge: Judge::Observers,
                    ..quick
                },
                [pausing(for_ever_from(5.0)), client()],
                None,
            ),
        ),
        (
            "a holder renews in an outage",
            lease(quick, [cut_off(5.0), pausing(for_ever_from(0.0))], None),
        ),
        (
            "a holder renews before it first writes",
            lease(
                quick,
                [client(), client()],
                Some(Writes {
                    first_after: CENTURY,
                    delay: constant(0.0),
                    ..writes(1.0)
                }),
            ),
        ),
        (
            "a holder writes between two renewals",
            lease(long, [client(), client()], Some(writes(MICROSECOND))),
        ),
        (
            "a holder stands still again and again between two renewals",
            lease(long, [pausing(hiccups.clone()), client()], None),
        ),
        (
            "a holder waits for its first write in pauses",
            lease(
                terms(),
                [pausing(hiccups.clone()), client()],
                Some(Writes {
                    first_after: CENTURY,
                    ..writes(1.0)
                }),
            ),
        ),
        (
            "a clock is set back as far as it goes",
            lease(
                Terms {
                    length: CENTURY,
                    renew_every: 1.0,
                    believed_for: CENTURY,
                    ..terms()
                },
                [
                    Client {
                        clock: set,
                        ..client()
                    },
                    client(),
                ],
                None,
            ),
        ),
    ]
}

#[test]
fn whatever_takes_for_ever_can_be_stopped() {
    for (what, lease) in endless() {
        let cancel = Cancel::default();
        let (found, took) = thread::scope(|scope| {
            let run = scope.spawn(|| {
                let found = lease.simulate(CENTURY, 1, &Seed::from(1), &cancel);
                (found, Instant::now())
            });
            thread::sleep(Duration::from_millis(300));
            assert!(!run.is_finished(), "{what} takes no time");
            let asked = Instant::now();
            cancel.request();
            let (found, ended) = run.join().unwrap();
            (found, ended.duration_since(asked))
        });
        assert!(matches!(found, Err(Error::Cancelled)), "{what}: {found:?}");
        assert!(took < Duration::from_secs(2), "{what} went on for {took:?}");
    }
}
