//! Pauses: intervals in which a process stands still.

mod guard;
mod pauses;
mod stream;
mod timeline;

pub use guard::Guard;
pub use pauses::Pauses;
pub(crate) use stream::PauseStream;
pub use timeline::{Pause, Timeline};
