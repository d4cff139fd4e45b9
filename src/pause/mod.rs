//! Pauses: intervals in which a process stands still.

mod pauses;
mod stream;
mod timeline;

pub use pauses::Pauses;
pub(crate) use stream::PauseStream;
pub use timeline::{Pause, Timeline};
