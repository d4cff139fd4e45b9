//! What data say of a law, of a rate, of a tail and of a link, and how far they may be believed.

mod autocorrelation;
mod exceedances;
mod extremal_index;
mod incomplete_beta;
mod kaplan_meier;
mod memoryless;
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
pub use kaplan_meier::{Band, Banded, KaplanMeier, Survival};
pub use proportion::{MOST_TRIALS, clopper_pearson, upper_bound};
pub use rank_interval::RankInterval;
pub use regimes::{Fit as RegimeFit, Series};
pub use stability::{Stability, threshold_of};
pub use tail_form::TailForm;
pub use two_states::{State, TwoStates};
