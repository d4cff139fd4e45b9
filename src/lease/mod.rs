//! Leases: what holds for a while only, and what a holder does that stood still while it ran out.

mod outcome;
mod probability;
mod simulation;
mod terms;

pub use outcome::Outcome;
pub use probability::{two_holders, unsafe_write};
pub use simulation::simulate;
pub use terms::{Fencing, Terms, Writes};
