use rayon::prelude::*;

use super::outcome::Outcome;
use super::terms::Redlock;
use super::trial::Trials;
use crate::random::{Purpose, Seed};
use crate::{Cancel, Error};

/// So many trials draw from one stream, one after the other.
const BLOCK: u64 = 1 << 10;

const MOST_TRIALS: u64 = 1_000_000_000_000;

/// As many trials as asked for; the outcome is the same for any number of threads.
///
/// A message takes a draw of the delay, and nothing else takes time: servers answer at once. With delays of zero, `asks_after` zero,
/// exponential retries of mean `r` and a pause `P` after the check, work of `w` seconds is stale with probability
/// `Pr(P + w > ttl + E)`, `E` exponential of mean `r`: all keys run out at `ttl`, and the other, which asks at moments that know
/// nothing of it, is `E` late. For exponential pauses of mean `m` that is `m / (m + r) * exp(-(ttl - w) / m)`; both hold the lock
/// unless the other, too, has done its work before the first wakes up: less `m / (m + r) * exp(-(ttl + w) / m)`.
///
/// Without a pause after the check, a jump or a crash, no trial is stale: of two majorities at least one server is in
/// both, and its key is there until `ttl` after it was asked, which is later than any moment until which the client works.
/// Clocks have to jump, or servers to forget, on as many servers that granted the first client its lock, `g` of `n`, as bring the
/// `n - g` others to a majority.
///
/// # Errors
///
/// [`Error::Argument`] for what is out of its range; [`Error::Cancelled`].
pub fn simulate(
    redlock: &Redlock,
    trials: u64,
    seed: &Seed,
    cancel: &Cancel,
) -> Result<Outcome, Error> {
    let redlock = redlock.clone().checked()?;
    if !(1..=MOST_TRIALS).contains(&trials) {
        return Err(Error::argument(
            "n",
            trials,
            format!("a number of trials from 1 to {MOST_TRIALS:e}"),
        ));
    }
    // Counts add up to the same in any order.
    (0..trials.div_ceil(BLOCK))
        .into_par_iter()
        .map(|block| {
            let many = BLOCK.min(trials - block * BLOCK);
            let stream = seed.stream(Purpose::Redlock, block);
            let outcome = Trials::new(&redlock, stream).run(many, cancel)?;
            cancel.advance(many)?;
            Ok(outcome)
        })
        .try_reduce(Outcome::default, |one, other| Ok(one.and(other)))
}
