use rand::RngExt;
use rayon::prelude::*;

use super::model::Model;
use super::scope::Scope;
use super::state::State;
use super::step::Steps;
use super::storage::Storage;
use super::violation::{Tally, Violation};
use crate::random::{Purpose, Seed};
use crate::{Cancel, Error};

/// Schedules that share a stream of random numbers.
const BLOCK: u64 = 1 << 13;

/// Schedules that can be drawn.
pub const MOST_SCHEDULES: u64 = 1_000_000_000_000;

/// What happened in schedules that were drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RandomSchedules {
    /// How many there were.
    pub schedules: u64,
    /// Their steps.
    pub steps: u64,
    /// Schedules in which an operation of an older lease took effect after a newer one was held.
    pub violations: u64,
    /// The same by kind, in the order of [`Violation::ALL`].
    pub by_kind: [u64; Violation::ALL.len()],
}

/// Draws `count` schedules: in each, what happens next is any of what may happen, all with the same probability, until
/// nothing is left.
///
/// The same seed gives the same schedules on any number of threads. That probability is of this walk, not of a world in
/// which pauses and delays have laws; for that there is [`Race`](super::Race).
///
/// # Errors
///
/// [`Error::Argument`] for what is out of its range; [`Error::Cancelled`].
pub fn random_schedules(
    storage: &Storage,
    scope: &Scope,
    count: u64,
    seed: &Seed,
    cancel: &Cancel,
) -> Result<RandomSchedules, Error> {
    let model = Model::new(storage, scope)?;
    if !(1..=MOST_SCHEDULES).contains(&count) {
        let expected = format!("a whole number from 1 to {MOST_SCHEDULES}");
        return Err(Error::argument("n", count, expected));
    }
    let (steps, tally) = (0..count.div_ceil(BLOCK))
        .into_par_iter()
        .map(|block| {
            let some = BLOCK.min(count - block * BLOCK);
            let found = walks(&model, some, seed, block);
            cancel.advance(some).map(|()| found)
        })
        .try_reduce(Default::default, |(steps, tally), (more, others)| {
            Ok((steps + more, tally.and(others)))
        })?;
    Ok(RandomSchedules {
        schedules: count,
        steps,
        violations: tally.any,
        by_kind: tally.by_kind,
    })
}

fn walks(model: &Model, count: u64, seed: &Seed, block: u64) -> (u64, Tally) {
    let mut stream = seed.stream(Purpose::Schedules, block);
    let mut possible = Steps::new();
    let (mut steps, mut tally) = (0, Tally::default());
    for _ in 0..count {
        let mut state = State::default();
        loop {
            model.steps(&state, &mut possible);
            let choices = possible.as_slice();
            if choices.is_empty() {
                break;
            }
            let choice = stream.random_range(0..choices.len() as u32);
            model.take(&mut state, choices[choice as usize]);
            steps += 1;
        }
        tally.add(state.violations);
    }
    (steps, tally)
}
