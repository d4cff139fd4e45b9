//! Pauses: intervals in which a process stands still.

mod collection;
mod guard;
mod heap;
mod hiccups;
mod migration;
mod pauses;
mod stream;
mod timeline;

pub use collection::{Collection, Old, Stop, Young};
pub use guard::Guard;
pub use hiccups::Hiccups;
pub use migration::Migration;
pub use pauses::Pauses;
pub(crate) use stream::PauseStream;
pub use timeline::{Pause, Spell, Timeline};
