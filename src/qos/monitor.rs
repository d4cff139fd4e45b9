use std::mem::take;

use super::chunk::Chunk;
use super::detection::Detection;
use super::grid::Grid;
use super::mistake::{Endings, Sink, Start};
use super::naps::Naps;
use super::ongoing::Ongoing;
use super::recent::HELD;
use super::slept::Slept;
use super::terms::Terms;
use crate::detector::{Deadline, Form, OnePass, State};
use crate::heartbeat::Beats;
use crate::pause::Pause;
use crate::time::{Nanos, seconds};

/// Follows one detector over one run and finds its mistakes at every threshold of a grid at once.
///
/// A heartbeat is late at every threshold below its level, and a suspicion it ends began at a moment
/// that is affine in the threshold. So a heartbeat ends a mistake on a range of thresholds, and two
/// numbers say which and how long. A suspicion that a heartbeat does not end, because the deadline it
/// sets has already passed, is [`Ongoing`].
///
/// Heartbeats are taken in chunks: first the detector sets its deadlines, then, in the usual chunk
/// where nothing is ongoing, levels become mistakes in a loop without surprises.
#[derive(Debug)]
pub(crate) struct Monitor<'g, D: OnePass> {
    state: D::State,
    newest_only: bool,
    grid: &'g Grid,
    since: Nanos,
    deadline: Deadline,
    newest: i64,
    /// How many thresholds were past the deadline at the moment it was set.
    past_at_once: usize,
    ongoing: Ongoing,
    slept: Slept,
    /// Whether a mistake is made by a monitor that wakes up to both a passed deadline and a heartbeat.
    timer_first: bool,
    detection: Detection,
    chunk: Chunk,
}

/// Heartbeats in a chunk: what the loops touch then stays in the first cache.
const CHUNK: usize = 256;

impl<'g, D: OnePass> Monitor<'g, D> {
    pub fn new(detector: &D, every: Nanos, grid: &'g Grid, terms: &Terms, sample: usize) -> Self {
        let ends = (grid.thresholds()[0], grid.thresholds()[grid.len() - 1]);
        Self {
            state: detector.start(every),
            newest_only: detector.newest_only(),
            grid,
            since: 0,
            deadline: Deadline::NEVER,
            newest: i64::MIN,
            past_at_once: 0,
            ongoing: Ongoing::default(),
            slept: Slept::new(terms.guard),
            timer_first: terms.timer_first,
            detection: Detection::new(ends, sample),
            chunk: Chunk::default(),
        }
    }

    /// Shows the detector heartbeats from before the observation; its mistakes do not count.
    pub fn warm_up(&mut self, beats: Beats<'_>) {
        for beat in beats.iter() {
            if self.newest_only && beat.number <= self.newest {
                self.state.pass_over(beat);
                continue;
            }
            self.newest = self.newest.max(beat.number);
            self.deadline = self.state.observe(beat);
            self.since = beat.received;
        }
        self.past_at_once = self.thresholds_past(self.deadline);
    }

    /// Whether it has seen enough to set a deadline.
    pub fn is_ready(&self) -> bool {
        self.state.is_ready(self.deadline)
    }

    /// Goes on over the next heartbeats, in the order in which they were seen.
    ///
    /// `pauses` are the monitor's own since the last call, in order; it does not look at its clock
    /// during one.
    pub fn watch(&mut self, beats: Beats<'_>, pauses: &[Pause], sink: &mut impl Sink) {
        self.watch_first(beats.len(), beats, pauses, sink);
    }

    /// Goes on over the first `many` of the next heartbeats; those after them are only looked at.
    pub fn watch_first(
        &mut self,
        many: usize,
        beats: Beats<'_>,
        pauses: &[Pause],
        sink: &mut impl Sink,
    ) {
        self.slept.note(pauses, self.since);
        let mut chunk = take(&mut self.chunk);
        let first_of = |beats: Beats<'_>| beats.len().min(CHUNK);
        let mut rest = beats;
        let mut left = many;
        let mut rises =
            !rest.is_empty() && rises_above(self.newest, &rest.number()[..first_of(rest)]);
        while left > 0 {
            let (beats, later) = rest.split_at(first_of(rest).min(left));
            rest = later;
            left -= beats.len();
            let last = beats.number()[beats.len() - 1];
            let in_order = rises;
            rises = !rest.is_empty() && rises_above(last, &rest.number()[..first_of(rest)]);
            if in_order {
                self.newest = last;
                self.take(beats, &mut chunk, sink);
                let next = (rises && first_of(rest) >= HELD).then(|| rest.sent()[0]);
                self.detection
                    .record::<D>(beats, &chunk.offsets[1..], &chunk.scales[1..], next);
            } else {
                self.take_disordered(beats, &mut chunk, sink);
                rises = rises && rest.number()[0] > self.newest;
            }
        }
        self.chunk = chunk;
    }

    /// Takes heartbeats some of which others have overtaken.
    #[cold]
    fn take_disordered(&mut self, beats: Beats<'_>, chunk: &mut Chunk, sink: &mut impl Sink) {
        if !self.newest_only {
            self.newest = beats.number().iter().copied().fold(self.newest, i64::max);
            self.take(beats, chunk, sink);
            for (index, beat) in beats.iter().enumerate() {
                self.detection
                    .record_any::<D>(beat, chunk.deadline(index + 1));
            }
            return;
        }
        let mut rest = beats;
        while !rest.is_empty() {
            let fresh = rest.iter().take_while(|beat| {
                let fresh = beat.number > self.newest;
                self.newest = self.newest.max(beat.number);
                fresh
            });
            let (newer, later) = rest.split_at(fresh.count());
            if !newer.is_empty() {
                self.take(newer, chunk, sink);
                self.detection
                    .record::<D>(newer, &chunk.offsets[1..], &chunk.scales[1..], None);
            }
            rest = later;
            if let Some(overtaken) = rest.iter().next() {
                let deadline = self.state.foresee(overtaken);
                self.detection.record_overtaken(overtaken, deadline);
                rest = rest.split_at(1).1;
            }
        }
    }

    /// Takes accepted heartbeats and leaves the deadlines around them in `chunk`.
    fn take(&mut self, beats: Beats<'_>, chunk: &mut Chunk, sink: &mut impl Sink) {
        let n = beats.len();
        let Chunk {
            offsets, scales, ..
        } = &mut *chunk;
        if D::FORM == Form::Fixed {
            beats.iter().for_each(|beat| _ = self.state.observe(beat));
        }
        if D::FORM != Form::Fixed || offsets.len() <= n || self.deadline.offset != 0.0 {
            offsets.resize(n + 1, 0.0);
            scales.resize(n + 1, 1.0);
            (offsets[0], scales[0]) = (self.deadline.offset, self.deadline.scale);
            self.state
                .observe_all(beats, &mut offsets[1..], &mut scales[1..]);
        }
        let last = beats.received()[n - 1];
        let calm = self.past_at_once == 0
            && self.ongoing.is_none()
            && self.slept.is_awake_until(last)
            && self.all_clear(&offsets[1..=n], &scales[1..=n]);
        let deadline = Deadline {
            offset: offsets[n],
            scale: scales[n],
        };
        if calm {
            self.take_calm(beats, chunk, sink);
        } else {
            self.take_troubled(beats, chunk, sink);
        }
        self.since = last;
        self.deadline = deadline;
    }

    /// Takes heartbeats that end all suspicion there may have been.
    ///
    /// In three loops, each of which the processor can run ahead in.
    fn take_calm(&self, beats: Beats<'_>, chunk: &mut Chunk, sink: &mut impl Sink) {
        let n = beats.len();
        let Chunk {
            offsets,
            scales,
            lates,
            levels,
            ranks,
            ..
        } = chunk;
        lates.resize(n, 0.0);
        ranks.resize(n, 0);
        let mut since = self.since;
        for ((late, offset), &received) in lates.iter_mut().zip(&*offsets).zip(beats.received()) {
            *late = seconds(received - since) - offset;
            since = received;
        }
        if D::FORM == Form::Affine {
            levels.resize(n, 0.0);
            for (((level, &late), &offset), &scale) in
                levels.iter_mut().zip(&*lates).zip(&*offsets).zip(&*scales)
            {
                *level = Deadline { offset, scale }.level_of(late);
            }
        }
        let levels = if D::FORM == Form::Affine {
            levels
        } else {
            &*lates
        };
        match self.grid.thresholds() {
            [only] => (ranks.iter_mut().zip(levels))
                .for_each(|(rank, level)| *rank = u16::from(level > only)),
            _ => (ranks.iter_mut().zip(levels))
                .for_each(|(rank, &level)| *rank = self.grid.rank(level) as u16),
        }
        sink.endings(&Endings {
            since: self.since,
            received: beats.received(),
            offsets: &offsets[..n],
            scales: (D::FORM == Form::Affine).then_some(&scales[..n]),
            lates,
            ranks,
        });
    }

    #[cold]
    fn take_troubled(&mut self, beats: Beats<'_>, chunk: &Chunk, sink: &mut impl Sink) {
        let mut slept = take(&mut self.slept);
        for (index, &received) in beats.received().iter().enumerate() {
            self.deadline = chunk.deadline(index);
            let level = self.level_at(received);
            self.suspect(level, received, slept.between(self.since, received));
            self.past_at_once = self.thresholds_past(chunk.deadline(index + 1));
            self.ongoing.end(self.past_at_once, received, sink);
            self.since = received;
        }
        slept.forget(self.since);
        self.slept = slept;
    }

    /// The level at `now`.
    fn level_at(&self, now: Nanos) -> f64 {
        let late = seconds(now - self.since) - self.deadline.offset;
        if D::FORM == Form::Affine {
            self.deadline.level_of(late)
        } else {
            late
        }
    }

    /// Whether no threshold is past any of these deadlines at the moment it is set, as far as can be
    /// told without a division.
    fn all_clear(&self, offsets: &[f64], scales: &[f64]) -> bool {
        let lowest = self.grid.thresholds()[0];
        match D::FORM {
            Form::Fixed => lowest > 0.0,
            Form::Shifted | Form::Alone => offsets
                .iter()
                .fold(true, |clear, offset| clear & (*offset > -lowest)),
            // With some room, for the level at the moment it is set is rounded, too.
            Form::Affine => offsets
                .iter()
                .zip(scales)
                .fold(true, |clear, (offset, scale)| {
                    clear & (offset + lowest * scale > 1e-9 * offset.abs())
                }),
        }
    }

    /// How many thresholds are past the deadline at the moment it is set.
    fn thresholds_past(&self, deadline: Deadline) -> usize {
        if self.all_clear(&[deadline.offset], &[deadline.scale]) {
            0
        } else {
            self.grid.rank_through(deadline.level(0.0))
        }
    }

    /// Adds to the ongoing suspicions those that began before `now`, when the level was `level`.
    fn suspect(&mut self, level: f64, now: Nanos, slept: &[Pause]) {
        let (since, deadline) = (self.since, self.deadline);
        let late = self.grid.rank(level);
        // It may be holding back still, as a guard makes it do.
        let blind = slept.first().is_some_and(|pause| pause.start < since);
        if !blind {
            self.ongoing
                .begin(self.past_at_once.min(late), Start::at(since));
        }
        let running = Start {
            anchor: since,
            offset: deadline.offset,
            slope: deadline.scale,
        };
        for pause in slept {
            let rank_at = |moment: Nanos| self.grid.rank(deadline.level(seconds(moment - since)));
            let during = rank_at(pause.end).max(self.past_at_once).min(late);
            if pause.start >= since {
                self.ongoing.begin(rank_at(pause.start).min(late), running);
            }
            if pause.end < now || (self.timer_first && pause.end == now) {
                self.ongoing.begin(during, Start::at(pause.end));
            } else {
                // It wakes up, finds the heartbeat and never looks at the deadline that passed.
                return;
            }
        }
        self.ongoing.begin(late, running);
    }

    /// Ends the observation at `end`, in the middle of whatever is going on then.
    pub fn finish(
        mut self,
        end: Nanos,
        pauses: &[Pause],
        sink: &mut impl Sink,
    ) -> (Detection, Naps) {
        self.slept.note(pauses, self.since);
        let (slept, naps) = take(&mut self.slept).finish(self.since, end);
        // A suspicion that would begin at a waking after the end is not seen any more.
        let awake = slept.partition_point(|pause| pause.end < end);
        let last_look = slept.get(awake).map_or(end, |pause| pause.start);
        self.suspect(self.level_at(last_look), end, &slept[..awake]);
        self.ongoing.end(0, end, sink);
        self.detection.finish::<D>();
        (self.detection, naps)
    }

    /// Exchanges the working space, which monitors that work one after the other can share.
    pub fn exchange_chunk(&mut self, chunk: &mut Chunk) {
        std::mem::swap(&mut self.chunk, chunk);
    }

    /// The detector at work.
    pub fn state(&mut self) -> &mut D::State {
        &mut self.state
    }

    /// When the last accepted heartbeat was seen.
    pub fn since(&self) -> Nanos {
        self.since
    }
}

/// Whether every number is above the one before it.
fn rises_above(newest: i64, numbers: &[i64]) -> bool {
    numbers[0] > newest
        && numbers
            .iter()
            .zip(&numbers[1..])
            .fold(true, |rises, (a, b)| rises & (a < b))
}
