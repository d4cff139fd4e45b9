use std::collections::BTreeSet;

use super::model::Model;
use super::scope::Scope;
use super::state::State;
use super::step::{Step, Steps};
use super::storage::Storage;
use super::story::story;
use super::violation::{Tally, Violation};
use crate::{Cancel, Error, memory};

/// States are told apart up to this many.
const MOST_STATES: usize = 2_000_000;

/// What a state takes, in the set of those that were seen and among those to be looked at, with what trees leave free.
const BYTES: u64 = 3 * size_of::<State>() as u64;

/// States between two looks at whether to stop.
const BETWEEN_LOOKS: u64 = 1 << 10;

/// All that can happen with a storage in a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exploration {
    /// States that can be reached, the first one among them.
    pub states: u64,
    /// Steps that lead from one to another.
    pub steps: u64,
    /// States in whose past an operation of an older lease took effect after a newer one was held.
    pub violations: u64,
    /// The same by kind, in the order of [`Violation::ALL`].
    pub by_kind: [u64; Violation::ALL.len()],
    /// The shortest schedule to each kind that there is, a line for each step.
    pub counterexamples: Vec<(Violation, Vec<String>)>,
}

/// Looks at every schedule: at every state that can be reached from the first one, breadth first.
///
/// States are those of an asynchronous system in which any step that is possible may come next. What has gone wrong in
/// the past is part of a state.
///
/// # Errors
///
/// [`Error::Argument`] for what is out of its range, and for `grants` where there are more than two million states;
/// [`Error::Memory`]; [`Error::Cancelled`].
pub fn explore(storage: &Storage, scope: &Scope, cancel: &Cancel) -> Result<Exploration, Error> {
    let model = Model::new(storage, scope)?;
    let mut search = Search::default();
    let mut layer = vec![(search.origins.len() as u32, State::default())];
    search.seen.insert(State::default());
    search.origins.push((0, Step::Lose));
    let mut possible = Steps::new();
    let mut steps = 0;
    while !layer.is_empty() {
        let mut next = Vec::new();
        for (looked_at, (origin, state)) in layer.iter().enumerate() {
            if (looked_at as u64).is_multiple_of(BETWEEN_LOOKS) {
                cancel.checkpoint()?;
            }
            model.steps(state, &mut possible);
            for step in possible.as_slice() {
                steps += 1;
                let mut after = *state;
                model.take(&mut after, *step);
                if search.seen.insert(after) {
                    next.push((search.found(*origin, *step, &after, scope)?, after));
                }
            }
        }
        layer = next;
    }
    let counterexamples = Violation::ALL
        .into_iter()
        .zip(search.first)
        .filter_map(|(kind, first)| Some((kind, story(&model, &search.way_to(first?)))))
        .collect();
    Ok(Exploration {
        states: search.seen.len() as u64,
        steps,
        violations: search.tally.any,
        by_kind: search.tally.by_kind,
        counterexamples,
    })
}

#[derive(Default)]
struct Search {
    seen: BTreeSet<State>,
    /// For each state the place of the one it was found from, and the step.
    origins: Vec<(u32, Step)>,
    tally: Tally,
    /// The place of the first state with each violation.
    first: [Option<u32>; Violation::ALL.len()],
}

impl Search {
    /// Takes note of a state that was not seen before.
    fn found(&mut self, from: u32, step: Step, state: &State, scope: &Scope) -> Result<u32, Error> {
        let place = self.origins.len();
        if place >= MOST_STATES {
            let expected =
                format!("fewer grants, writes or clients: more than {MOST_STATES} states");
            return Err(Error::argument("grants", scope.grants, expected));
        }
        if place.is_power_of_two() {
            memory::admit("grants", scope.grants, place as u64 * BYTES)?;
        }
        self.origins.push((from, step));
        self.tally.add(state.violations);
        for (first, kind) in self.first.iter_mut().zip(Violation::ALL) {
            if first.is_none() && state.violations.has(kind) {
                *first = Some(place as u32);
            }
        }
        Ok(place as u32)
    }

    fn way_to(&self, place: u32) -> Vec<Step> {
        let mut way = Vec::new();
        let mut place = place;
        while place != 0 {
            let (from, step) = self.origins[place as usize];
            way.push(step);
            place = from;
        }
        way.reverse();
        way
    }
}
