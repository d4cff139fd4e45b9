//! Leases: what holds for a while only, and what a holder does that stood still while it ran out.

mod actor;
mod clock;
mod grant;
mod history;
mod outcome;
mod probability;
mod reach;
mod run;
mod simulation;
mod stands;
mod terms;
mod work;

pub use clock::{Clock, Steps};
pub use history::{History, Kind, Message, Span, State};
pub use outcome::{Cause, Episode, Outcome};
pub use probability::{two_holders, unsafe_write};
pub use terms::{Client, CountedFrom, Fencing, Judge, Lease, Reason, Terms, Writes};
