//! Seeded independent streams of random numbers.

use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

/// A stream of random numbers.
pub type Stream = ChaCha8Rng;

/// The key from which every random number of a run is derived.
///
/// A stream is named by (seed, purpose, replication): ChaCha with the seed as its key and the other
/// two as its stream number. What one part of a model draws therefore never moves what another
/// draws, and nothing depends on the order in which replications are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seed([u8; 32]);

/// What the numbers of a stream are used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// Draws a caller asks for directly.
    Sample = 0,
    /// Times between heartbeats.
    Schedule = 1,
    /// Delays of messages.
    Delay = 2,
    /// Delays of messages sent in a link's bad state.
    BadDelay = 3,
    /// Which messages are lost.
    Loss = 4,
    /// When a link changes state.
    Regime = 5,
    /// Which messages are duplicated.
    Duplication = 6,
    /// Delays of duplicates.
    DuplicateDelay = 7,
    /// Pauses of the sender.
    SenderPause = 8,
    /// Pauses of the receiver.
    ReceiverPause = 9,
    /// Which messages are lost in a link's bad state.
    BadLoss = 10,
    /// Timeouts of a Raft follower.
    Election = 11,
    /// Seeds of the parts of a whole.
    Part = 12,
    /// When somebody asks again.
    Poll = 13,
    /// A late write and what it runs against.
    Race = 14,
    /// What happens next, of all that may.
    Schedules = 15,
    /// Everything in trials of a Redlock.
    Redlock = 16,
    /// When a clock is set.
    ClockStep = 17,
    /// How long writes are under way.
    WriteDelay = 18,
    /// When somebody crashes.
    Crash = 19,
}

/// Replications are numbered below this.
pub const MOST_REPLICATIONS: u64 = 1 << 48;

impl Seed {
    /// A seed from 256 bits.
    pub fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// The seed of one of several parts that must not draw the same numbers; of a single part it is this one.
    pub fn part(&self, place: usize, parts: usize) -> Self {
        if parts < 2 {
            return *self;
        }
        let mut key = [0; 32];
        self.stream(Purpose::Part, place as u64)
            .fill_bytes(&mut key);
        Self(key)
    }

    /// The stream for `purpose` in `replication`.
    pub fn stream(&self, purpose: Purpose, replication: u64) -> Stream {
        debug_assert!(replication < MOST_REPLICATIONS);
        let mut stream = Stream::from_seed(self.0);
        stream.set_stream((purpose as u64) << 48 | replication);
        stream
    }
}

impl From<u64> for Seed {
    /// A seed from a small number, for tests and examples.
    fn from(number: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&number.to_le_bytes());
        Self(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_differ_by_seed_purpose_and_replication() {
        let first = |seed: u64, purpose, replication| {
            Seed::from(seed).stream(purpose, replication).next_u64()
        };
        let reference = first(1, Purpose::Delay, 0);
        assert_eq!(reference, first(1, Purpose::Delay, 0));
        assert_ne!(reference, first(2, Purpose::Delay, 0));
        assert_ne!(reference, first(1, Purpose::Loss, 0));
        assert_ne!(reference, first(1, Purpose::Delay, 1));
    }
}
