use super::chunk::Chunk;
use super::told::{Sheet, Told};
use super::watcher::{Run, Watch, Watcher};
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
    /// Timeouts after heartbeats that others have overtaken.
    foreseen: Timeouts,
    sheet: Sheet,
    space: Chunk,
}

/// Heartbeats taken together, where all timeouts of a chunk are held at once.
const CHUNK: usize = 256;

/// The same where states are apart: long enough for each to find its memory again.
const CHUNK_APART: usize = 1024;

impl<'g, S: States + Clone> Panel<'g, S> {
    pub fn new(states: S, newest_only: bool, watchers: Vec<Watcher<'g, Told>>) -> Self {
        Self {
            states,
            newest_only,
            newest: i64::MIN,
            watchers,
            timeouts: Timeouts::default(),
            foreseen: Timeouts::default(),
            sheet: Sheet::default(),
            space: Chunk::default(),
        }
    }

    /// Whether each of these heartbeats counts.
    fn all_count(&self, beats: Beats<'_>) -> bool {
        let numbers = beats.number();
        !self.newest_only || (numbers[0] > self.newest && numbers.is_sorted_by(|a, b| a < b))
    }

    /// Works out the deadlines around heartbeats.
    fn foretell(&mut self, beats: Beats<'_>) {
        self.foreseen.resize(self.watchers.len(), 0);
        if self.all_count(beats) {
            self.newest = beats.number().iter().copied().fold(self.newest, i64::max);
            self.timeouts.resize(self.watchers.len(), beats.len());
            self.states.observe_all(beats, &mut self.timeouts);
        } else {
            self.foretell_disordered(beats);
        }
    }

    /// Watches heartbeats with one state after the other, if they are apart and all heartbeats count:
    /// deadlines then never leave the first cache.
    fn watch_apart(&mut self, many: usize, beats: Beats<'_>, pauses: &[Pause]) -> bool {
        let chunk = beats.split_at(many).0;
        if !self.all_count(chunk) {
            return false;
        }
        for (rank, watcher) in self.watchers.iter_mut().enumerate() {
            if !self
                .states
                .observe_alone(rank, chunk, self.sheet.blank(many))
            {
                return false;
            }
            watcher.state().exchange_sheet(&mut self.sheet);
            watcher.watch_first(many, beats, pauses, &mut self.space);
            watcher.state().exchange_sheet(&mut self.sheet);
        }
        self.newest = chunk.number().iter().copied().fold(self.newest, i64::max);
        true
    }

    /// Does so for heartbeats some of which do not count, for others have overtaken them.
    #[cold]
    fn foretell_disordered(&mut self, beats: Beats<'_>) {
        let mut newest = self.newest;
        let counts: Vec<bool> = (beats.number().iter())
            .map(|&number| {
                let counts = number > newest;
                newest = newest.max(number);
                counts
            })
            .collect();
        let many = counts.iter().filter(|counts| **counts).count();
        let rows = self.watchers.len();
        self.timeouts.resize(rows, many);
        self.foreseen.resize(rows, beats.len() - many);
        let (mut next, mut next_foreseen) = (0, 0);
        let mut column = Timeouts::default();
        let mut rest = beats;
        for counts in counts {
            let (beat, later) = rest.split_at(1);
            rest = later;
            column.resize(rows, 1);
            let (into, place) = if counts {
                self.states.observe_all(beat, &mut column);
                (&mut self.timeouts, &mut next)
            } else {
                self.states.clone().observe_all(beat, &mut column);
                (&mut self.foreseen, &mut next_foreseen)
            };
            for rank in 0..rows {
                into.set(rank, *place, column.row(rank)[0]);
            }
            *place += 1;
        }
        self.newest = newest;
    }
}

impl<S: States + Clone + Send> Watch for Panel<'_, S> {
    fn watch(&mut self, beats: Beats<'_>, pauses: &[Pause]) {
        let (mut rest, mut pauses) = (beats, pauses);
        while !rest.is_empty() {
            let many = rest.len().min(CHUNK_APART);
            if self.watch_apart(many, rest, pauses) {
                (rest, pauses) = (rest.split_at(many).1, &[]);
                continue;
            }
            let (chunk, later) = rest.split_at(rest.len().min(CHUNK));
            self.foretell(chunk);
            for (rank, watcher) in self.watchers.iter_mut().enumerate() {
                self.sheet
                    .write(self.timeouts.row(rank), self.foreseen.row(rank));
                watcher.state().exchange_sheet(&mut self.sheet);
                watcher.watch_first(chunk.len(), rest, pauses, &mut self.space);
                watcher.state().exchange_sheet(&mut self.sheet);
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
        runs.reduce(Run::beside).unwrap_or_else(|| Run::empty(end))
    }
}
