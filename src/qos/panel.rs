use super::told::Told;
use super::watcher::{Block, Run, Watch, Watcher};
use crate::detector::{States, Timeouts};
use crate::heartbeat::Beats;
use crate::pause::Pause;
use crate::time::Nanos;

/// A [`Watch`] over a detector that has to be followed at each threshold by itself: a vector of states
/// and, for each, a watcher that is told its deadlines.
#[derive(Debug)]
pub(super) struct Panel<'g, S> {
    states: S,
    newest_only: bool,
    newest: i64,
    watchers: Vec<Watcher<'g, Told>>,
    timeouts: Timeouts,
}

/// Heartbeats taken together: what one state touches then stays in the first cache.
const CHUNK: usize = 512;

impl<'g, S: States + Clone> Panel<'g, S> {
    pub fn new(states: S, newest_only: bool, watchers: Vec<Watcher<'g, Told>>) -> Self {
        Self {
            states,
            newest_only,
            newest: i64::MIN,
            watchers,
            timeouts: Timeouts::default(),
        }
    }

    /// Tells all watchers the deadlines around heartbeats of which each counts.
    fn tell(&mut self, beats: Beats<'_>) {
        self.timeouts.resize(self.watchers.len(), beats.len());
        self.states.observe_all(beats, &mut self.timeouts);
        for (rank, watcher) in self.watchers.iter_mut().enumerate() {
            watcher.state().tell(self.timeouts.row(rank));
        }
    }

    /// Tells them what an overtaken heartbeat would have set.
    #[cold]
    fn tell_foreseen(&mut self, beat: Beats<'_>) {
        self.timeouts.resize(self.watchers.len(), 1);
        self.states.clone().observe_all(beat, &mut self.timeouts);
        for (rank, watcher) in self.watchers.iter_mut().enumerate() {
            watcher.state().tell_foreseen(self.timeouts.row(rank)[0]);
        }
    }

    fn tell_in_order(&mut self, beats: Beats<'_>) {
        let numbers = beats.number();
        let in_order = numbers[0] > self.newest && numbers.is_sorted_by(|a, b| a < b);
        if in_order || !self.newest_only {
            self.newest = numbers.iter().copied().fold(self.newest, i64::max);
            return self.tell(beats);
        }
        let mut rest = beats;
        while !rest.is_empty() {
            let (beat, later) = rest.split_at(1);
            if beat.number()[0] > self.newest {
                self.newest = beat.number()[0];
                self.tell(beat);
            } else {
                self.tell_foreseen(beat);
            }
            rest = later;
        }
    }
}

impl<S: States + Clone + Send> Watch for Panel<'_, S> {
    fn watch(&mut self, beats: Beats<'_>, pauses: &[Pause]) {
        let (mut rest, mut pauses) = (beats, pauses);
        while !rest.is_empty() {
            let (chunk, later) = rest.split_at(rest.len().min(CHUNK));
            self.tell_in_order(chunk);
            for watcher in &mut self.watchers {
                watcher.watch(chunk, pauses);
            }
            (rest, pauses) = (later, &[]);
        }
    }

    fn cut(&mut self, moment: Nanos) {
        for watcher in &mut self.watchers {
            watcher.cut(moment);
        }
    }

    fn finish(self: Box<Self>, end: Nanos, pauses: &[Pause]) -> Run {
        let runs = self.watchers.into_iter();
        let runs = runs.map(|watcher| Box::new(watcher).finish(end, pauses));
        runs.reduce(side_by_side).unwrap_or_else(|| Run::empty(end))
    }
}

/// A run with the thresholds of one and then those of the other.
fn side_by_side(mut left: Run, right: Run) -> Run {
    for (block, other) in left.blocks.iter_mut().zip(right.blocks) {
        let Block { totals, .. } = other;
        block.totals.mistakes.extend(totals.mistakes);
        block.totals.suspicion.extend(totals.suspicion);
    }
    left.detections.extend(right.detections);
    left.mistakes.extend(right.mistakes);
    left
}
