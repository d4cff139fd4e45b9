//! Fencing: a storage that knows by a token whose turn it is, and each way in which that still goes wrong.
//!
//! A lock service gives a token with each lease, every one higher than all before. The storage takes a write whose
//! token is no lower than the highest it has seen, and refuses others; a new holder that *seals* shows its token there before it
//! takes the lease for its own. Every schedule of a few clients can be looked at ([`explore`]), many can be drawn
//! ([`random_schedules`]), and the race between one late write and the next holder's first has a probability ([`Race`]).

mod exploration;
mod model;
mod race;
mod random_schedules;
mod scope;
mod state;
mod step;
mod storage;
mod story;
mod violation;

pub use exploration::{Exploration, explore};
pub use race::{Race, Raced};
pub use random_schedules::{RandomSchedules, random_schedules};
pub use scope::Scope;
pub use storage::{Seal, Shares, Storage, Tokens};
pub use violation::Violation;
