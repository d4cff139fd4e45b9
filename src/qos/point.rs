use super::block::Block;
use super::interval::{Count, RateInterval};
use super::setup::Setup;
use super::source::Source;
use crate::time::{Nanos, seconds};

/// The quality of service at one threshold. Times are in seconds, rates per second; what the data
/// cannot tell is NaN.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The threshold as the detector's users write it.
    pub threshold: f64,
    /// Mean time from a heartbeat to suspicion.
    pub timeout: f64,
    /// Mistakes in all; not whole where the deadline is only looked at now and then.
    pub mistakes: f64,
    /// Mistakes per second.
    pub mistake_rate: RateInterval,
    /// Mean time from one mistake to the next, E(T_MR); like the other means NaN without a mistake.
    pub recurrence: f64,
    /// Mean duration of a mistake, E(T_M).
    pub duration: f64,
    /// Share of the time at which the node is rightly trusted, P_A.
    pub query_accuracy: f64,
    /// Mean time from the end of a mistake to the next one, E(T_G).
    pub good_period: f64,
}

impl Point {
    /// From what was counted in each part of the time watched, at the threshold of a rank.
    pub(super) fn new<'b>(
        setup: &Setup,
        rank: usize,
        timeout: f64,
        blocks: impl Iterator<Item = &'b Block> + Clone,
        confidence_level: f64,
    ) -> Self {
        let exposure = seconds(blocks.clone().map(|block| block.exposure).sum::<Nanos>());
        let suspicion: f64 = (blocks.clone())
            .map(|block| block.totals.suspicion[rank])
            .sum();
        let counts: Vec<Count> = blocks
            .map(|block| Count {
                events: block.totals.mistakes[rank],
                exposure: seconds(block.exposure),
            })
            .collect();
        let mistakes: f64 = counts.iter().map(|count| count.events).sum();
        let ordered = !matches!(setup.source, Source::Modelled(_));
        // Without a mistake the data do not say how long it is from one to the next.
        let per_mistake = |time: f64| {
            if mistakes > 0.0 {
                time / mistakes
            } else {
                f64::NAN
            }
        };
        Self {
            threshold: setup.entry.thresholds[rank],
            timeout,
            mistakes,
            mistake_rate: RateInterval::new(&counts, ordered, confidence_level),
            recurrence: per_mistake(exposure),
            duration: per_mistake(suspicion),
            query_accuracy: 1.0 - suspicion / exposure,
            good_period: per_mistake(exposure - suspicion),
        }
    }
}
