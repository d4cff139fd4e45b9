//! Heartbeats: what is sent, and what of it a monitor sees.

mod arrivals;
mod beats;
mod census;
mod columns;
mod kept;
mod log;
mod model;
mod numbering;
mod reset;
mod schedule;
mod simulation;
mod sorting;

pub use arrivals::{Arrivals, SendTimes, Session};
pub use beats::{Beat, Beats};
pub use census::Census;
pub use kept::{simulate, simulate_observers};
pub use log::{Log, MISSING};
pub use model::Heartbeats;
pub use schedule::{CatchUp, Every, Schedule};
pub(crate) use simulation::BLOCK;
pub use simulation::Simulation;
