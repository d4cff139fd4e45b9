//! Recordings of the machine this runs on: its own stalls, and round trips to another.
//!
//! A recording is a text file of whole lines that is added to as it goes, so that whatever ends it,
//! what was seen until then is there. `docs/recordings.md` says what the lines mean.

mod clock;
mod echo;
mod histogram;
mod pauses;
mod rtt;
mod target;
mod tcp;
mod udp;
mod writer;

pub use echo::{Echo, EchoCounts};
pub use histogram::Histogram;
pub use pauses::{PauseMeter, PauseSummary, Taker, Watch};
pub use rtt::{Outcome, RttMeter, RttSummary, Transport};
pub use target::{Family, Target, quoted};
pub use writer::{Existing, Place};
