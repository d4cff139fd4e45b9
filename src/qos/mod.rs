//! Quality of service of a failure detector: how often it is wrong, for how long, and how soon it is
//! right, at every threshold.

mod block;
mod chunk;
mod configuration;
mod confirmation;
mod curve;
mod detection;
mod detection_time;
mod entry;
mod grid;
mod interval;
mod mistake;
mod mistake_log;
mod monitor;
mod naps;
mod observers;
mod ongoing;
mod panel;
mod point;
mod recent;
mod recommendation;
mod setup;
mod slept;
mod source;
mod spread;
mod student;
mod sweep;
mod tally;
mod terms;
mod told;
mod watcher;
mod watching;

pub use configuration::{Configuration, Delay, Requirement, configure};
pub use confirmation::Confirmation;
pub use curve::Curve;
pub use detection_time::DetectionTime;
pub use grid::Grid;
pub use interval::{Count, RateInterval};
pub use mistake_log::{Mistake, MistakeTimes};
pub use observers::Observers;
pub use point::Point;
pub use recommendation::{Choice, Costs, Target, Verdict, recommend};
pub use source::{Campaign, REPLICATIONS, Source};
pub use sweep::{Contender, THRESHOLDS, THRESHOLDS_EACH, mistakes, sweep};
pub use terms::{MODEL_WARM_UP, Terms};
