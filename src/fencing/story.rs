use super::model::Model;
use super::state::{Grant, Kind, Phase, Stage, State};
use super::step::Step;
use super::violation::Violation;

/// A schedule in words, a line for each step.
pub fn story(model: &Model, steps: &[Step]) -> Vec<String> {
    let mut state = State::default();
    let mut lines = Vec::with_capacity(steps.len());
    for step in steps {
        let mut after = state;
        model.take(&mut after, *step);
        let mut line = told(model, &state, *step, &after);
        let new = after.violations.without(state.violations);
        for violation in Violation::ALL {
            if new.has(violation) {
                line += &format!(": {violation}");
            }
        }
        lines.push(line);
        state = after;
    }
    lines
}

fn told(model: &Model, before: &State, step: Step, after: &State) -> String {
    let of = |grant: u8| &after.grants[usize::from(grant)];
    match step {
        Step::Grant { client, token } => {
            let (number, client) = (after.granted, name(client));
            format!("the service gives lease {number} to client {client} with token {token}")
        }
        Step::Lose => "the service loses its state and counts from one again".into(),
        Step::Receive { grant } => {
            let (client, token) = (name(of(grant).client), of(grant).token);
            let then = match of(grant).phase {
                Phase::Held => format!("holds lease {}", grant + 1),
                _ => "sends its seal".into(),
            };
            format!("client {client} gets token {token} and {then}")
        }
        Step::Seal { grant, shard } => {
            let token = of(grant).token;
            let verb = verdict(token >= before.seen.get(shard));
            let place = place(model, shard);
            format!(
                "{place} {verb} the seal of lease {} with token {token}",
                grant + 1
            )
        }
        Step::Acknowledge { grant } => {
            let client = name(of(grant).client);
            format!(
                "client {client} learns that its seal was taken and holds lease {}",
                grant + 1
            )
        }
        Step::Send { grant, kind, shard } => {
            let client = name(of(grant).client);
            let what = what(of(grant), grant, kind);
            match kind {
                Kind::Write | Kind::Forged if model.shards() > 1 => {
                    format!("client {client} sends a {what} to shard {shard}")
                }
                _ => format!("client {client} sends a {what}"),
            }
        }
        Step::Arrive { grant, operation } => {
            let own = &before.grants[usize::from(grant)];
            let asked = own.operations[usize::from(operation)];
            let (kind, shard) = (asked.kind(), asked.shard());
            let left = checked(of(grant)) > checked(own);
            let verb = match kind {
                _ if left => "checks and admits",
                Kind::Read => "answers",
                Kind::SideEffect => "does",
                Kind::Write | Kind::Forged => verdict(own.shown(kind) >= before.seen.get(shard)),
            };
            let place = match kind {
                Kind::SideEffect => "another resource".into(),
                _ => place(model, shard),
            };
            format!("{place} {verb} the {}", what(own, grant, kind))
        }
        Step::Apply { grant, operation } => {
            let own = &before.grants[usize::from(grant)];
            let asked = own.operations[usize::from(operation)];
            let place = place(model, asked.shard());
            format!("{place} applies the {}", what(own, grant, asked.kind()))
        }
    }
}

fn checked(grant: &Grant) -> usize {
    let stages = grant.operations.iter().map(|operation| operation.stage());
    stages.filter(|stage| *stage == Stage::Checked).count()
}

fn what(own: &Grant, grant: u8, kind: Kind) -> String {
    let number = grant + 1;
    match kind {
        Kind::Write => format!("write of lease {number} with token {}", own.token),
        Kind::Forged => format!("write of lease {number} with a forged token"),
        Kind::SideEffect => format!("side effect of lease {number}"),
        Kind::Read => format!("read of lease {number}"),
    }
}

fn place(model: &Model, shard: u8) -> String {
    if model.shards() > 1 {
        format!("shard {shard}")
    } else {
        "the storage".into()
    }
}

fn verdict(taken: bool) -> &'static str {
    if taken { "takes" } else { "refuses" }
}

fn name(client: u8) -> char {
    char::from(b'A' + client)
}
