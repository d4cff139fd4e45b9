use std::fmt::Debug;

use super::Detector;
use super::election_wait::Wait;
use crate::heartbeat::{Beat, Beats};
use crate::time::Nanos;

/// A detector that has to be followed at each threshold by itself: because it learns from what it
/// suspected, or because its deadline is not affine in the threshold.
pub trait PerThreshold: Detector {
    /// What it remembers while it watches, at all thresholds together.
    type States: States + Clone + Send + Debug;

    /// Begins to watch with each of the thresholds, which are in ascending order.
    fn start(&self, beginning: &Beginning, thresholds: &[f64]) -> Self::States;

    /// What is waited beyond the timeout at a threshold, where that is left to chance.
    fn wait(&self, _threshold: f64) -> Option<Wait> {
        None
    }

    /// Bytes that what it remembers takes at each threshold, about.
    fn bytes(&self) -> u64 {
        256
    }

    /// Thresholds whose timeouts reach from `shortest` to `longest` seconds, as far as can be told
    /// before anything is seen; a few dozen, rising.
    fn candidates(&self, shortest: f64, longest: f64) -> Vec<f64> {
        geometric(shortest, longest)
    }
}

/// What a detector is told when it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beginning {
    /// The time between two heartbeats of the schedule.
    pub every: Nanos,
    /// Which replication of a model, or session of a log, this is.
    pub replication: u64,
}

/// A detector at work at many thresholds.
pub trait States {
    /// Takes accepted heartbeats in and says how long to wait after each, at each threshold.
    ///
    /// A timeout that is not positive has passed at once, so that the node stays suspected or becomes
    /// it; an infinite one never passes.
    fn observe_all(&mut self, beats: Beats<'_>, timeouts: &mut Timeouts);

    /// Does so at the threshold of one rank alone, where it can; all ranks are asked in turn then. What is
    /// the same at all thresholds cannot.
    fn observe_alone(&mut self, _rank: usize, _beats: Beats<'_>, _row: &mut [f64]) -> bool {
        false
    }
}

/// Timeouts in seconds, one row of as many as there are heartbeats for each threshold.
#[derive(Debug, Clone, Default)]
pub struct Timeouts {
    values: Vec<f64>,
    columns: usize,
}

impl Timeouts {
    /// Makes room for `rows` thresholds and `columns` heartbeats.
    pub fn resize(&mut self, rows: usize, columns: usize) {
        self.columns = columns;
        self.values.resize(rows * columns, f64::INFINITY);
    }

    /// The timeouts at the threshold of a rank.
    pub fn row(&self, rank: usize) -> &[f64] {
        &self.values[rank * self.columns..][..self.columns]
    }

    /// The rows in the order of thresholds.
    pub fn rows_mut(&mut self) -> impl Iterator<Item = &mut [f64]> {
        self.values.chunks_exact_mut(self.columns.max(1))
    }

    /// Sets the timeout at a threshold after a heartbeat.
    #[inline(always)]
    pub fn set(&mut self, rank: usize, column: usize, timeout: f64) {
        self.values[rank * self.columns + column] = timeout;
    }
}

/// A detector at work at one threshold, knowing nothing of the others.
pub(super) trait Lone {
    /// Takes an accepted heartbeat in and says how long to wait for the next one, in seconds.
    fn observe(&mut self, beat: Beat) -> f64;
}

/// A vector of states, each of its own threshold.
#[derive(Debug, Clone)]
pub struct Each<S>(pub(super) Vec<S>);

impl<S: Lone> States for Each<S> {
    fn observe_all(&mut self, beats: Beats<'_>, timeouts: &mut Timeouts) {
        for (rank, row) in timeouts.rows_mut().enumerate() {
            self.observe_alone(rank, beats, row);
        }
    }

    fn observe_alone(&mut self, rank: usize, beats: Beats<'_>, row: &mut [f64]) -> bool {
        let state = &mut self.0[rank];
        for (beat, timeout) in beats.iter().zip(row) {
            *timeout = state.observe(beat);
        }
        true
    }
}

/// A moment that counts as passed when it has come: half a nanosecond, the finest that times can
/// differ by, before it.
#[inline(always)]
pub(super) fn from_then_on(seconds: f64) -> f64 {
    seconds - 0.5e-9
}

/// Numbers from `first` to `last` by equal ratios.
pub(super) fn geometric(first: f64, last: f64) -> Vec<f64> {
    const STEPS: usize = 63;
    let ratio = libm::log(last / first) / STEPS as f64;
    (0..=STEPS)
        .map(|step| first * libm::exp(step as f64 * ratio))
        .collect()
}
