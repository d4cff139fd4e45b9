use super::state::Kind;

/// More steps than any state allows.
const MOST_STEPS: usize = 256;

/// One thing that happens. Grants are counted from zero here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The lock service takes the former lease for expired and gives it to a client that asked.
    Grant { client: u8, token: u8 },
    /// The lock service loses its state.
    Lose,
    /// A client gets its token.
    Receive { grant: u8 },
    /// A seal reaches a shard.
    Seal { grant: u8, shard: u8 },
    /// A client learns that its seals were taken.
    Acknowledge { grant: u8 },
    /// A client that takes the lease for its own asks for something.
    Send { grant: u8, kind: Kind, shard: u8 },
    /// What it asked for arrives.
    Arrive { grant: u8, operation: u8 },
    /// What was checked before is applied.
    Apply { grant: u8, operation: u8 },
}

/// The steps that a state allows.
#[derive(Debug)]
pub struct Steps {
    steps: [Step; MOST_STEPS],
    count: usize,
}

impl Steps {
    pub fn new() -> Self {
        Self {
            steps: [Step::Lose; MOST_STEPS],
            count: 0,
        }
    }

    pub fn as_slice(&self) -> &[Step] {
        &self.steps[..self.count]
    }

    pub fn clear(&mut self) {
        self.count = 0;
    }

    pub fn push(&mut self, step: Step) {
        self.steps[self.count] = step;
        self.count += 1;
    }
}
