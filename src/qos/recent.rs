use crate::detector::Deadline;
use crate::heartbeat::{Beat, Beats};
use crate::time::Nanos;

/// The last heartbeats in the order in which they were sent, each with the deadline that would stand
/// in the end if the node crashed right after sending it.
///
/// A heartbeat that was overtaken changes what stands after those that overtook it, or stands in
/// between; so the newest are held back until few heartbeats can still come before them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Recent {
    number: Vec<i64>,
    sent: Vec<Nanos>,
    /// When the heartbeat arrived that set the deadline.
    received: Vec<Nanos>,
    offsets: Vec<f64>,
    scales: Vec<f64>,
}

/// Heartbeats that are held back: one that is overtaken by more has no part in detection times.
pub(super) const HELD: usize = 256;

/// Heartbeats at which the oldest are given up.
const FULL: usize = 4 * HELD;

impl Recent {
    /// Appends heartbeats newer than all before, with their deadlines.
    pub fn append(&mut self, beats: Beats<'_>, offsets: &[f64], scales: &[f64]) {
        self.number.extend_from_slice(beats.number());
        self.sent.extend_from_slice(beats.sent());
        self.received.extend_from_slice(beats.received());
        self.offsets.extend_from_slice(&offsets[..beats.len()]);
        self.scales.extend_from_slice(&scales[..beats.len()]);
    }

    /// Puts an overtaken heartbeat in its place, where deadlines are the newest heartbeat's to set.
    pub fn insert(&mut self, beat: Beat, deadline: Deadline) {
        let place = self.place(beat);
        if place <= self.untouchable() || self.number.get(place) == Some(&beat.number) {
            return;
        }
        self.number.insert(place, beat.number);
        self.sent.insert(place, beat.sent);
        self.received.insert(place, beat.received);
        self.offsets.insert(place, deadline.offset);
        self.scales.insert(place, deadline.scale);
    }

    /// Takes in the arrival of any heartbeat, where deadlines are the last arrival's to set: what it
    /// set stands after all heartbeats sent from it on.
    pub fn supersede(&mut self, beat: Beat, deadline: Deadline) {
        let place = self.place(beat);
        if place == self.number.len() {
            let (offset, scale) = (deadline.offset, deadline.scale);
            self.append(
                Beats::new(&[beat.received], &[beat.sent], &[beat.number]),
                &[offset],
                &[scale],
            );
            return;
        }
        let from = place.max(self.untouchable());
        self.received[from..].fill(beat.received);
        self.offsets[from..].fill(deadline.offset);
        self.scales[from..].fill(deadline.scale);
        self.insert(beat, deadline);
    }

    fn place(&self, beat: Beat) -> usize {
        self.number.partition_point(|number| *number < beat.number)
    }

    /// How many of the oldest may be given up already, depending on how heartbeats come in blocks.
    fn untouchable(&self) -> usize {
        self.number.len().saturating_sub(HELD)
    }

    /// How many of the oldest are to be given up now.
    pub fn ripe(&self) -> usize {
        if self.number.len() < FULL {
            0
        } else {
            self.number.len() - HELD
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.number.len()
    }

    /// The oldest so many, and their deadlines.
    pub fn oldest(&self, many: usize) -> (Beats<'_>, &[f64], &[f64]) {
        (
            Beats::new(
                &self.received[..many],
                &self.sent[..many],
                &self.number[..many],
            ),
            &self.offsets[..many],
            &self.scales[..many],
        )
    }

    /// When the heartbeat at a place was sent.
    pub fn sent(&self, place: usize) -> Option<Nanos> {
        self.sent.get(place).copied()
    }

    /// Gives up the oldest so many.
    pub fn drop_oldest(&mut self, many: usize) {
        self.number.drain(..many);
        self.sent.drain(..many);
        self.received.drain(..many);
        self.offsets.drain(..many);
        self.scales.drain(..many);
    }
}
