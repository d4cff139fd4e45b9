use super::scope::{MOST_GRANTS, MOST_WRITES};
use super::storage::MOST_SHARDS;
use super::violation::Violations;

/// A token that a client made up: higher than any that is given.
pub const FORGED: u8 = 7;

/// Where side effects go, beyond the shards.
pub const ELSEWHERE: u8 = MOST_SHARDS as u8;

/// What the clients, the lock service, the storage and the network are in together.
///
/// What has no bearing on what may come is written in one way only, so that states that are equal in fact are equal here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct State {
    pub grants: [Grant; MOST_GRANTS],
    /// The highest token that each shard has seen.
    pub seen: Marks,
    /// The newest grant of which something was written to each shard, or elsewhere; grants count from one.
    pub applied: Marks,
    /// Grants so far.
    pub granted: u8,
    /// Grants before the lock service lost its state.
    pub lost_after: u8,
    /// The newest grant that anybody held.
    pub held: u8,
    /// What has gone wrong by now.
    pub violations: Violations,
}

/// One lease, from the grant until nothing of it is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Grant {
    pub phase: Phase,
    /// Who has it; zero when it is over.
    pub client: u8,
    pub token: u8,
    /// Shards to which a seal is under way, a bit for each.
    pub seals: u16,
    /// In order, since messages of one kind to one place are alike.
    pub operations: [Operation; MOST_WRITES],
}

/// How far a client is with a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[repr(u8)]
pub enum Phase {
    /// It was not given yet, or the client knows of a newer one of its own, or its seal was refused.
    #[default]
    Over,
    /// The token is on its way.
    Given,
    /// Seals are on their way.
    Sealing,
    /// The answers to them are.
    Sealed,
    /// The client takes the lease for its own.
    Held,
}

/// What a client asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    Write = 0,
    Forged = 1,
    SideEffect = 2,
    Read = 3,
}

/// How far an operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Unsent,
    Sent,
    Checked,
    Done,
}

/// An operation in a byte: its stage in two bits, its kind in two, its shard in four.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Operation(u8);

impl Operation {
    pub const UNSENT: Self = Self(0);
    pub const DONE: Self = Self(0b11 << 6);

    pub fn sent(kind: Kind, shard: u8) -> Self {
        Self(0b01 << 6 | (kind as u8) << 4 | shard)
    }

    pub fn checked(self) -> Self {
        Self(0b10 << 6 | self.0 & 0b11_1111)
    }

    pub fn stage(self) -> Stage {
        match self.0 >> 6 {
            0 => Stage::Unsent,
            1 => Stage::Sent,
            2 => Stage::Checked,
            _ => Stage::Done,
        }
    }

    pub fn kind(self) -> Kind {
        match self.0 >> 4 & 0b11 {
            0 => Kind::Write,
            1 => Kind::Forged,
            2 => Kind::SideEffect,
            _ => Kind::Read,
        }
    }

    pub fn shard(self) -> u8 {
        self.0 & 0b1111
    }
}

/// A small number for each shard and one for elsewhere, in three bits each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Marks(u64);

impl Marks {
    pub fn get(self, place: u8) -> u8 {
        (self.0 >> (3 * place) & 0b111) as u8
    }

    pub fn raise(&mut self, place: u8, value: u8) {
        if value > self.get(place) {
            self.0 = self.0 & !(0b111 << (3 * place)) | u64::from(value) << (3 * place);
        }
    }
}

impl Grant {
    /// The client gives it up; what is under way stays under way.
    pub fn end(&mut self) {
        self.phase = Phase::Over;
        self.client = 0;
        for operation in &mut self.operations {
            if *operation == Operation::UNSENT {
                *operation = Operation::DONE;
            }
        }
        self.operations.sort_unstable();
    }

    /// Replaces one operation.
    pub fn put(&mut self, place: u8, operation: Operation) {
        self.operations[usize::from(place)] = operation;
        self.operations.sort_unstable();
    }

    /// The token that an operation of it shows.
    pub fn shown(&self, kind: Kind) -> u8 {
        if kind == Kind::Forged {
            FORGED
        } else {
            self.token
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_operations_keep_what_was_put_into_them() {
        let mut marks = Marks::default();
        for place in 0..=ELSEWHERE {
            marks.raise(place, place % 7 + 1);
            marks.raise(place, 1);
        }
        for place in 0..=ELSEWHERE {
            assert_eq!(marks.get(place), place % 7 + 1);
        }
        for kind in [Kind::Write, Kind::Forged, Kind::SideEffect, Kind::Read] {
            for shard in 0..16 {
                let sent = Operation::sent(kind, shard);
                assert_eq!(
                    (sent.stage(), sent.kind(), sent.shard()),
                    (Stage::Sent, kind, shard)
                );
                let checked = sent.checked();
                assert_eq!(
                    (checked.stage(), checked.kind(), checked.shard()),
                    (Stage::Checked, kind, shard)
                );
            }
        }
        assert_eq!(Operation::UNSENT.stage(), Stage::Unsent);
        assert_eq!(Operation::DONE.stage(), Stage::Done);
    }
}
