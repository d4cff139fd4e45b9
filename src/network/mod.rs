//! What a network does to a message: delay, loss, duplication, reordering.

mod channel;
mod link;
mod loss;
mod thinning;

pub(crate) use channel::{Channel, Fate};
pub use link::Link;
pub use loss::{GilbertElliott, Loss};
