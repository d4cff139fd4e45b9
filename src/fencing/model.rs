use super::scope::Scope;
use super::state::{ELSEWHERE, Grant, Kind, Marks, Operation, Phase, Stage, State};
use super::step::{Step, Steps};
use super::storage::{Seal, Storage, Tokens};
use super::violation::Violation;
use crate::Error;

/// An asynchronous system: anything that may happen may happen next, however long it has waited or how little.
///
/// Pauses and delays have no bound, so that a lease may run out at any moment, a message take any time and two of them
/// arrive in any order. None is lost, for one that never arrives does nothing.
#[derive(Debug, Clone, Copy)]
pub struct Model {
    storage: Storage,
    clients: u8,
    grants: u8,
    writes: u8,
    shards: u8,
    kinds: [bool; 4],
}

impl Model {
    pub fn new(storage: &Storage, scope: &Scope) -> Result<Self, Error> {
        let (storage, scope) = (storage.checked()?, scope.checked()?);
        let shares = &storage.shares;
        Ok(Self {
            storage,
            clients: scope.clients as u8,
            grants: scope.grants as u8,
            writes: scope.writes as u8,
            shards: storage.shards as u8,
            kinds: [
                shares.checked_writes() > 0.0,
                shares.forged > 0.0,
                shares.unfenced > 0.0,
                shares.reads > 0.0,
            ],
        })
    }

    pub fn shards(&self) -> u8 {
        self.shards
    }

    /// What may happen next.
    pub fn steps(&self, state: &State, steps: &mut Steps) {
        steps.clear();
        for (place, grant) in state.grants[..usize::from(state.granted)]
            .iter()
            .enumerate()
        {
            self.grant_steps(place as u8, grant, steps);
        }
        self.service_steps(state, steps);
    }

    fn service_steps(&self, state: &State, steps: &mut Steps) {
        if state.granted == self.grants {
            return;
        }
        let next = state.granted + 1;
        let given = &state.grants[..usize::from(state.granted)];
        // Another client than the last one comes first, and so into the counterexamples.
        let after_last = given.last().map_or(0, |last| last.client + 1);
        for client in (0..self.clients).map(|turn| (after_last + turn) % self.clients) {
            match self.storage.tokens {
                Tokens::Increasing => steps.push(Step::Grant {
                    client,
                    token: next,
                }),
                Tokens::Reused => steps.push(Step::Grant {
                    client,
                    token: next - state.lost_after,
                }),
                Tokens::Random => (1..=self.grants)
                    .filter(|token| given.iter().all(|grant| grant.token != *token))
                    .for_each(|token| steps.push(Step::Grant { client, token })),
            }
        }
        if self.storage.tokens == Tokens::Reused && state.lost_after == 0 && state.granted > 0 {
            steps.push(Step::Lose);
        }
    }

    fn grant_steps(&self, grant: u8, of: &Grant, steps: &mut Steps) {
        let mut seals = of.seals;
        while seals != 0 {
            let shard = seals.trailing_zeros() as u8;
            steps.push(Step::Seal { grant, shard });
            seals &= seals - 1;
        }
        match of.phase {
            Phase::Given => steps.push(Step::Receive { grant }),
            Phase::Sealed => steps.push(Step::Acknowledge { grant }),
            Phase::Held if of.operations[0] == Operation::UNSENT => self.sends(grant, steps),
            _ => {}
        }
        for (operation, what) in of.operations.iter().enumerate() {
            let operation = operation as u8;
            match what.stage() {
                Stage::Sent => steps.push(Step::Arrive { grant, operation }),
                Stage::Checked => steps.push(Step::Apply { grant, operation }),
                Stage::Unsent | Stage::Done => {}
            }
        }
    }

    fn sends(&self, grant: u8, steps: &mut Steps) {
        for kind in [Kind::Write, Kind::Forged, Kind::SideEffect, Kind::Read] {
            if !self.kinds[kind as usize] {
                continue;
            }
            let sharded = matches!(kind, Kind::Write | Kind::Forged);
            for shard in 0..if sharded { self.shards } else { 1 } {
                steps.push(Step::Send { grant, kind, shard });
            }
        }
    }

    /// Takes a step that the state allows.
    #[inline]
    pub fn take(&self, state: &mut State, step: Step) {
        match step {
            Step::Grant { client, token } => self.grant(state, client, token),
            Step::Lose => state.lost_after = state.granted,
            Step::Receive { grant } => self.receive(state, grant),
            Step::Seal { grant, shard } => self.seal(state, grant, shard),
            Step::Acknowledge { grant } => hold(state, grant),
            Step::Send { grant, kind, shard } => {
                state.grants[usize::from(grant)].put(0, Operation::sent(kind, shard));
            }
            Step::Arrive { grant, operation } => self.arrive(state, grant, operation),
            Step::Apply { grant, operation } => self.take_effect(state, grant, operation),
        }
    }

    fn grant(&self, state: &mut State, client: u8, token: u8) {
        for former in &mut state.grants[..usize::from(state.granted)] {
            if former.client == client {
                former.end();
            }
        }
        let mut operations = [Operation::DONE; _];
        operations[..usize::from(self.writes)].fill(Operation::UNSENT);
        state.grants[usize::from(state.granted)] = Grant {
            phase: Phase::Given,
            client,
            token,
            seals: 0,
            operations,
        };
        state.granted += 1;
    }

    fn receive(&self, state: &mut State, grant: u8) {
        let shards = match self.storage.seal {
            Seal::None => return hold(state, grant),
            Seal::FirstShard => 1,
            Seal::EveryShard => self.shards,
        };
        let own = &mut state.grants[usize::from(grant)];
        own.phase = Phase::Sealing;
        own.seals = ((1_u32 << shards) - 1) as u16;
    }

    fn seal(&self, state: &mut State, grant: u8, shard: u8) {
        let own = &mut state.grants[usize::from(grant)];
        own.seals &= !(1 << shard);
        if self.storage.fenced && own.token < state.seen.get(shard) {
            own.end();
            return;
        }
        self.show(own.token, &mut state.seen, shard);
        if own.seals == 0 && own.phase == Phase::Sealing {
            own.phase = Phase::Sealed;
        }
    }

    fn arrive(&self, state: &mut State, grant: u8, operation: u8) {
        let own = &mut state.grants[usize::from(grant)];
        let what = own.operations[usize::from(operation)];
        let (kind, shard) = (what.kind(), what.shard());
        let checked = self.storage.fenced && matches!(kind, Kind::Write | Kind::Forged);
        if checked && own.shown(kind) < state.seen.get(shard) {
            own.put(operation, Operation::DONE);
        } else if checked && !self.storage.atomic {
            own.put(operation, what.checked());
        } else {
            self.take_effect(state, grant, operation);
        }
    }

    fn take_effect(&self, state: &mut State, grant: u8, operation: u8) {
        let own = &mut state.grants[usize::from(grant)];
        let what = own.operations[usize::from(operation)];
        own.put(operation, Operation::DONE);
        let (place, violation) = match what.kind() {
            Kind::Write | Kind::Forged => {
                self.show(own.shown(what.kind()), &mut state.seen, what.shard());
                (what.shard(), Violation::StaleWrite)
            }
            Kind::SideEffect => (ELSEWHERE, Violation::StaleSideEffect),
            Kind::Read => (ELSEWHERE, Violation::StaleRead),
        };
        if grant + 1 < state.held {
            state.violations.add(violation);
        }
        if what.kind() != Kind::Read {
            if grant + 1 < state.applied.get(place) {
                state.violations.add(Violation::Overtaken);
            }
            state.applied.raise(place, grant + 1);
        }
    }

    /// A storage without fencing remembers no token.
    fn show(&self, token: u8, seen: &mut Marks, shard: u8) {
        if self.storage.fenced {
            seen.raise(shard, token);
        }
    }
}

fn hold(state: &mut State, grant: u8) {
    state.grants[usize::from(grant)].phase = Phase::Held;
    state.held = state.held.max(grant + 1);
}
