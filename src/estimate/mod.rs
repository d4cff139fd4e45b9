//! What a law must have been, from what was seen of it.
//!
//! [`Observations`] are durations seen, cut off, counted in buckets, or seen through a window.
//! [`Fit`] is the law of a [`Family`] under which they are likeliest, with the uncertainty of that.

mod condensed;
mod family;
mod fit;
mod goodness;
mod interval;
mod likelihood;
mod maximum;
mod observations;
mod pivot;
mod profile;

pub use family::Family;
pub use fit::Fit;
pub use goodness::{Goodness, TailCount};
pub use likelihood::Likelihood;
pub use observations::{Bucket, Observations};
