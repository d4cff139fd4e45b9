//! Redlock: a lock that a client holds while a majority of independent servers keep its key.
//!
//! A client asks all of them, each of which keeps the key for a time to live by its own wall clock; it then reads its clock once
//! and counts what is left. What that check does not see is what comes after it: a pause of the client, a server whose clock jumps,
//! one that forgets. The values of the keys are random, so that, unlike the tokens of a [lease](crate::lease), they do not tell a
//! storage which of two clients came later.

mod node;
mod outcome;
mod simulation;
mod terms;
mod trial;

pub use outcome::Outcome;
pub use simulation::simulate;
pub use terms::{Placed, Redlock};
