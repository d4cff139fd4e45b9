use serde::{Deserialize, Serialize};

use super::block::Block;
use super::chunk::Chunk;
use super::confirmation::Confirmation;
use super::detection::Detection;
use super::grid::Grid;
use super::mistake_log::{KnownMistakes, Mistake, MistakeLog};
use super::monitor::Monitor;
use super::naps::Naps;
use super::tally::Tally;
use crate::detector::OnePass;
use crate::heartbeat::Beats;
use crate::pause::Pause;
use crate::time::Nanos;

/// What one detector did over a run without interruption.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Run {
    /// When the observation began.
    pub begin: Nanos,
    /// Consecutive parts of the run.
    pub blocks: Vec<Block>,
    /// Detection times: one for all thresholds, or one for each.
    pub detections: Vec<Detection>,
    pub naps: Naps,
    /// The first mistakes at each threshold; empty where they were not asked for.
    pub mistakes: Vec<Vec<Mistake>>,
}

impl Run {
    /// A run in which nothing was observed.
    pub fn empty(end: Nanos) -> Self {
        Self {
            begin: end,
            blocks: Vec::new(),
            detections: Vec::new(),
            naps: Naps::default(),
            mistakes: Vec::new(),
        }
    }

    /// This run with the thresholds of another after its own.
    pub fn beside(mut self, other: Self) -> Self {
        for (block, other) in self.blocks.iter_mut().zip(other.blocks) {
            let Block { totals, .. } = other;
            block.totals.mistakes.extend(totals.mistakes);
            block.totals.suspicion.extend(totals.suspicion);
        }
        self.detections.extend(other.detections);
        self.mistakes.extend(other.mistakes);
        self
    }

    /// The mistakes at the threshold of a rank, and how far they are known where only the first
    /// `room` are kept.
    pub fn known_mistakes(&self, rank: usize, room: usize) -> Option<KnownMistakes<'_>> {
        let mistakes = self.mistakes.get(rank)?.as_slice();
        let (begin, end) = (self.begin, self.begin + self.exposure());
        Some(match mistakes.split_last() {
            Some((last, before)) if mistakes.len() >= room => KnownMistakes {
                begin,
                end: last.start.clamp(begin, end),
                mistakes: before,
            },
            _ => KnownMistakes {
                begin,
                end,
                mistakes,
            },
        })
    }

    /// Time watched.
    pub fn exposure(&self) -> Nanos {
        self.blocks.iter().map(|block| block.exposure).sum()
    }
}

/// What is kept of a run beside its counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keep {
    /// Mistakes at each threshold.
    pub mistakes: usize,
    /// Detection times.
    pub detections: usize,
}

/// Watches one run with one detector, from its warm-up to its end.
pub(crate) trait Watch: Send {
    /// Goes on over the next heartbeats and the monitor's own pauses among them.
    fn watch(&mut self, beats: Beats<'_>, pauses: &[Pause]);

    /// Ends a part of the run at `moment`.
    fn cut(&mut self, moment: Nanos);

    /// Ends the run.
    fn finish(self: Box<Self>, end: Nanos, pauses: &[Pause]) -> Run;
}

/// What passes before mistakes count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WarmUp {
    /// At least so many arrivals.
    pub arrivals: usize,
    /// And those before this moment; the observation begins with the next.
    pub until: Option<Nanos>,
}

/// A [`Watch`] over one kind of detector.
#[derive(Debug)]
pub(crate) struct Watcher<'g, D: OnePass> {
    monitor: Monitor<'g, D>,
    warm_up: WarmUp,
    sink: (Tally<'g>, MistakeLog<'g>),
    begin: Option<Nanos>,
    blocks: Vec<Block>,
}

impl<'g, D: OnePass> Watcher<'g, D> {
    pub fn new(
        monitor: Monitor<'g, D>,
        grid: &'g Grid,
        warm_up: WarmUp,
        confirmation: Confirmation,
        keep: Keep,
    ) -> Self {
        Self {
            monitor,
            warm_up,
            sink: (
                Tally::new(grid, confirmation),
                MistakeLog::new(grid, keep.mistakes),
            ),
            begin: None,
            blocks: Vec::new(),
        }
    }
}

impl<D: OnePass> Watcher<'_, D> {
    /// Goes on over the first `many` of the next heartbeats, in a working space that others share.
    pub fn watch_first(
        &mut self,
        many: usize,
        beats: Beats<'_>,
        pauses: &[Pause],
        chunk: &mut Chunk,
    ) {
        self.monitor.exchange_chunk(chunk);
        if self.begin.is_none() {
            let rest = self.warm_up(beats.split_at(many).0);
            self.monitor.watch(rest, pauses, &mut self.sink);
        } else {
            self.monitor
                .watch_first(many, beats, pauses, &mut self.sink);
        }
        self.monitor.exchange_chunk(chunk);
    }

    /// The detector at work.
    pub fn state(&mut self) -> &mut D::State {
        self.monitor.state()
    }

    /// Shows the monitor what comes before the observation and returns the rest.
    fn warm_up<'b>(&mut self, beats: Beats<'b>) -> Beats<'b> {
        let WarmUp { arrivals, until } = &mut self.warm_up;
        let by_time = match until {
            Some(moment) => {
                let before = beats.received().partition_point(|time| time < moment);
                if before < beats.len() {
                    *until = None;
                }
                before + 1
            }
            None => 0,
        };
        let (early, mut rest) = beats.split_at(by_time.max(*arrivals).min(beats.len()));
        *arrivals = arrivals.saturating_sub(early.len());
        let over = *arrivals == 0 && until.is_none();
        self.monitor.warm_up(early);
        // What counts for the detector may be less than what arrives.
        while over && !self.monitor.is_ready() && !rest.is_empty() {
            let (one, later) = rest.split_at(1);
            self.monitor.warm_up(one);
            rest = later;
        }
        if over && self.monitor.is_ready() {
            self.begin = Some(self.monitor.since());
        }
        rest
    }
}

impl<D: OnePass> Watch for Watcher<'_, D> {
    fn watch(&mut self, beats: Beats<'_>, pauses: &[Pause]) {
        let beats = if self.begin.is_none() {
            self.warm_up(beats)
        } else {
            beats
        };
        self.monitor.watch(beats, pauses, &mut self.sink);
    }

    fn cut(&mut self, moment: Nanos) {
        if let Some(begin) = &mut self.begin {
            let exposure = moment - std::mem::replace(begin, moment);
            self.blocks.push(Block {
                exposure,
                totals: self.sink.0.take(),
            });
        }
    }

    fn finish(mut self: Box<Self>, end: Nanos, pauses: &[Pause]) -> Run {
        if self.begin.is_none() {
            return Run::empty(end);
        }
        let last = self.blocks.len();
        self.cut(end);
        let (detection, naps) = self.monitor.finish(end, pauses, &mut self.sink);
        let rest = self.sink.0.take();
        self.blocks[last].totals.add(&rest);
        Run {
            begin: end
                - self
                    .blocks
                    .iter()
                    .map(|block| block.exposure)
                    .sum::<Nanos>(),
            blocks: self.blocks,
            detections: vec![detection],
            naps,
            mistakes: self.sink.1.into_mistakes(),
        }
    }
}
