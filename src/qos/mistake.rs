use std::ops::Range;

use crate::time::{Nanos, nanos, seconds};

/// When a suspicion begins, as a function of the threshold `h`: `offset + slope * h` seconds after
/// `anchor`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Start {
    pub anchor: Nanos,
    pub offset: f64,
    pub slope: f64,
}

impl Start {
    /// The same moment at every threshold.
    pub fn at(moment: Nanos) -> Self {
        Self {
            anchor: moment,
            offset: 0.0,
            slope: 0.0,
        }
    }

    /// Seconds from the start at threshold `h` until `end`.
    #[inline]
    pub fn until(&self, end: Nanos, h: f64) -> f64 {
        seconds(end - self.anchor) - self.offset - self.slope * h
    }

    /// The start at threshold `h`, to the nearest nanosecond.
    pub fn moment(&self, h: f64) -> Nanos {
        self.anchor
            .saturating_add(nanos(self.offset + self.slope * h))
    }
}

/// What takes in the mistakes of a detector as they end.
pub(crate) trait Sink {
    /// A mistake at the thresholds of these ranks, from `start` to `end`.
    fn mistake(&mut self, ranks: Range<usize>, start: Start, end: Nanos);

    /// Many mistakes that each begin and end between two heartbeats, at all thresholds below a rank.
    fn endings(&mut self, endings: &Endings<'_>);
}

/// What each of a chunk of heartbeats put an end to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Endings<'c> {
    /// The heartbeat before the first of them.
    pub since: Nanos,
    /// The heartbeats.
    pub received: &'c [Nanos],
    /// The deadlines that ran before each: offsets, and scales where they are not all one.
    pub offsets: &'c [f64],
    pub scales: Option<&'c [f64]>,
    /// Seconds by which each came after its offset.
    pub lates: &'c [f64],
    /// How many thresholds each came too late for.
    pub ranks: &'c [u16],
}

impl Endings<'_> {
    /// The mistakes one by one: rank, start and end.
    pub fn iter(&self) -> impl Iterator<Item = (usize, Start, Nanos)> {
        let mut since = self.since;
        (0..self.received.len()).map(move |index| {
            let slope = self.scales.map_or(1.0, |scales| scales[index]);
            let start = Start {
                anchor: since,
                offset: self.offsets[index],
                slope,
            };
            since = self.received[index];
            (usize::from(self.ranks[index]), start, since)
        })
    }
}

impl<A: Sink, B: Sink> Sink for (A, B) {
    fn mistake(&mut self, ranks: Range<usize>, start: Start, end: Nanos) {
        self.0.mistake(ranks.clone(), start, end);
        self.1.mistake(ranks, start, end);
    }

    fn endings(&mut self, endings: &Endings<'_>) {
        self.0.endings(endings);
        self.1.endings(endings);
    }
}
