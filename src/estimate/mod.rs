//! What data say of a law, of a rate, of a tail and of a link, and how far they may be believed.
//!
//! [`Observations`] are durations seen, cut off, counted in buckets, or seen through a window, and
//! [`Fit`] the law of a [`Family`] under which they are likeliest. [`KaplanMeier`] and [`RankInterval`]
//! assume no law; [`Exceedances`] are what lies beyond a threshold.

mod autocorrelation;
mod condensed;
mod exceedances;
mod extremal_index;
mod family;
mod fit;
mod goodness;
mod incomplete_beta;
mod interval;
mod kaplan_meier;
mod likelihood;
mod maximum;
mod memoryless;
mod observations;
mod pivot;
mod profile;
mod proportion;
mod rank_interval;
mod regime_errors;
mod regimes;
mod simplex;
mod stability;
mod tail_form;
mod tail_interval;
mod two_states;

pub use autocorrelation::Autocorrelation;
pub use exceedances::{Exceedances, FEWEST};
pub use extremal_index::ExtremalIndex;
pub use family::Family;
pub use fit::Fit;
pub use goodness::{Goodness, TailCount};
pub use kaplan_meier::{Band, Banded, KaplanMeier, Survival};
pub use likelihood::Likelihood;
pub use observations::{Bucket, Observations};
pub use proportion::{MOST_TRIALS, clopper_pearson, upper_bound};
pub use rank_interval::RankInterval;
pub use regimes::{Fit as RegimeFit, Series};
pub use stability::{Stability, threshold_of};
pub use tail_form::TailForm;
pub use two_states::{State, TwoStates};
