use super::grid::Grid;
use super::monitor::Monitor;
use super::panel::Panel;
use super::terms::Terms;
use super::told::Told;
use super::watcher::{Keep, WarmUp, Watch, Watcher};
use crate::detector::{AnyDetector, Beginning, Detector, PerThreshold, with_detector};
use crate::{Error, memory};

/// A detector that is ready to watch, at each of its thresholds.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub detector: AnyDetector,
    pub warm_up: usize,
    /// The thresholds as the detector's users write them.
    pub thresholds: Vec<f64>,
    /// The same on the detector's inner scale.
    grid: Grid,
    /// The grid of one that is told its deadlines: a threshold of zero.
    lane: Grid,
}

/// Bytes that following one threshold takes, beside what the detector remembers.
const LANE: u64 = 1 << 14;

/// Of the detection times that are kept for all thresholds, the part that is kept for each where they
/// differ.
pub(super) const PANEL_SHARE: usize = 16;

impl Entry {
    /// A detector at thresholds that it admits.
    pub fn new(
        detector: &AnyDetector,
        warm_up: usize,
        thresholds: Vec<f64>,
    ) -> Result<Self, Error> {
        let inner = thresholds
            .iter()
            .map(|threshold| detector.inner(*threshold));
        Ok(Self {
            detector: detector.clone(),
            warm_up,
            grid: Grid::new(inner.collect())?,
            thresholds,
            lane: Grid::new(vec![0.0])?,
        })
    }

    /// The same at one threshold alone.
    pub fn alone_at(&self, threshold: f64) -> Result<Self, Error> {
        Self::new(&self.detector, self.warm_up, vec![threshold])
    }

    /// The threshold on which detection times depend at this rank: one that is told its deadlines has it
    /// in them.
    pub fn told_threshold(&self, rank: usize) -> f64 {
        if self.detector.is_one_pass() {
            self.grid.thresholds()[rank]
        } else {
            0.0
        }
    }

    /// One that watches a run with it.
    pub fn watcher(
        &self,
        beginning: &Beginning,
        warm_up: WarmUp,
        terms: &Terms,
        keep: Keep,
    ) -> Result<Box<dyn Watch + '_>, Error> {
        with_detector!(
            &self.detector,
            one_pass detector => {
                let monitor = Monitor::new(
                    detector,
                    beginning.every,
                    &self.grid,
                    terms,
                    keep.detections,
                );
                let watcher = Watcher::new(monitor, &self.grid, warm_up, terms.confirmation, keep);
                Ok(Box::new(watcher) as Box<dyn Watch>)
            },
            per_threshold detector => {
                let told = Told {
                    newest_only: detector.newest_only(),
                    needs: detector.needs(),
                };
                let keep = Keep {
                    detections: keep.detections.div_ceil(PANEL_SHARE),
                    ..keep
                };
                let watcher = |threshold: &f64| {
                    let confirmation = terms.confirmation.with_wait(detector.wait(*threshold))?;
                    let monitor =
                        Monitor::new(&told, beginning.every, &self.lane, terms, keep.detections);
                    Ok(Watcher::new(monitor, &self.lane, warm_up, confirmation, keep))
                };
                let watchers = self.thresholds.iter().map(watcher);
                let watchers = watchers.collect::<Result<Vec<_>, Error>>()?;
                let lane = LANE + 64 * keep.detections as u64;
                let bytes = (detector.bytes() + lane).saturating_mul(self.thresholds.len() as u64);
                let threads = rayon::current_num_threads() as u64;
                memory::admit(
                    "thresholds",
                    self.thresholds.len() as f64,
                    bytes.saturating_mul(threads),
                )?;
                let states = detector.start(beginning, &self.thresholds);
                Ok(Box::new(Panel::new(states, told.newest_only, watchers)) as Box<dyn Watch>)
            }
        )
    }
}
