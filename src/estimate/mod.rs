//! What data say of a law, of a rate, of a tail and of a link, and how far they may be believed.

mod exceedances;
mod incomplete_beta;
mod kaplan_meier;
mod proportion;
mod rank_interval;
mod simplex;

pub use exceedances::{Exceedances, FEWEST, TailForm};
pub use kaplan_meier::{Band, Banded, KaplanMeier, Survival};
pub use proportion::{MOST_TRIALS, clopper_pearson, upper_bound};
pub use rank_interval::RankInterval;
