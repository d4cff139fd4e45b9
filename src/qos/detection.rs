use serde::{Deserialize, Serialize};

use super::detection_time::larger;
use super::recent::Recent;
use crate::detector::{Deadline, Form, OnePass};
use crate::heartbeat::{Beat, Beats};
use crate::time::{Nanos, nanos, seconds};

/// What is needed to tell, for any threshold, how long a crash would go unnoticed.
///
/// With all heartbeats up to j sent, and whatever of them arrives in the end, the detector suspects
/// `latency + offset + scale * h` seconds after j was sent. A node that crashes right after sending j
/// is noticed after just that time; one that crashes later, before the next heartbeat that arrives
/// is sent, after so much less.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Detection {
    ends: (f64, f64),
    #[serde(skip)]
    recent: Recent,
    pub(super) beats: u64,
    pub(super) latency: i128,
    pub(super) offset: f64,
    pub(super) scale: f64,
    /// Of one threshold alone: the time from a crash at a random moment to its being noticed, summed over
    /// the moments, and the time that they make up.
    pub(super) waited: f64,
    pub(super) watched: f64,
    /// The lines among which the latest detection is found, at any threshold of the sweep, and the
    /// ends of the one that most others lie below.
    pub(super) envelope: Vec<Line>,
    guard: (f64, f64),
    /// Every `stride`-th line; the next is that of the heartbeat `until_next` from now.
    pub(super) sample: Vec<Line>,
    room: usize,
    stride: usize,
    until_next: usize,
}

/// A detection time as a function of the threshold: `offset + scale * h` seconds after the send.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Line {
    /// When the heartbeat was sent.
    pub sent: Nanos,
    pub offset: f64,
    pub scale: f64,
    /// Seconds until the next heartbeat that arrives is sent.
    pub window: f64,
}

impl Line {
    fn new(beat: Beat, offset: f64, scale: f64) -> Self {
        Self {
            sent: beat.sent,
            offset: seconds(beat.received - beat.sent) + offset,
            scale,
            window: 0.0,
        }
    }

    pub fn at(&self, h: f64) -> f64 {
        self.offset + self.scale * h
    }
}

impl Detection {
    /// Detection times for thresholds between `ends`, of which up to twice `room` are kept.
    pub fn new(ends: (f64, f64), room: usize) -> Self {
        Self {
            ends,
            recent: Recent::default(),
            beats: 0,
            latency: 0,
            offset: 0.0,
            scale: 0.0,
            waited: 0.0,
            watched: 0.0,
            envelope: Vec::new(),
            guard: (f64::NEG_INFINITY, f64::NEG_INFINITY),
            sample: Vec::new(),
            room: room.max(1),
            stride: 1,
            until_next: 0,
        }
    }

    /// Detection times that are known as lines already, of which up to twice `room` are kept.
    pub fn of_lines(lines: impl Iterator<Item = Line>, room: usize) -> Self {
        let mut found = Self::new((0.0, 0.0), room);
        for line in lines {
            found.beats += 1;
            found.offset += line.offset;
            found.scale += line.scale;
            found.wait(line.offset, line.window);
            if found
                .envelope
                .first()
                .is_none_or(|top| top.offset < line.offset)
            {
                found.envelope = vec![line];
            }
            if found.until_next == 0 {
                let next = line.sent + nanos(line.window);
                found.until_next = found.stride;
                found.keep(line, next);
            }
            found.until_next -= 1;
        }
        found
    }

    /// Takes in heartbeats, each newer than all before, and the deadlines they set.
    ///
    /// `next` says when the one after them was sent, if that and as many as are held back come in
    /// order, too: then none of these can be overtaken any more.
    pub fn record<D: OnePass>(
        &mut self,
        beats: Beats<'_>,
        offsets: &[f64],
        scales: &[f64],
        next: Option<Nanos>,
    ) {
        if next.is_some() && self.recent.len() == 0 {
            let n = beats.len();
            self.sum::<D>(beats, &offsets[..n], &scales[..n], next);
        } else {
            self.recent.append(beats, offsets, scales);
            let many = next.map_or(self.recent.ripe(), |_| self.recent.len());
            self.settle::<D>(many, next);
        }
    }

    /// Takes in an arrival that may be of a heartbeat that others have overtaken.
    pub fn record_any<D: OnePass>(&mut self, beat: Beat, deadline: Deadline) {
        self.recent.supersede(beat, deadline);
        self.settle::<D>(self.recent.ripe(), None);
    }

    /// Takes in a heartbeat that came too late to set a deadline, and the one that it would have set if
    /// those that overtook it had never been sent.
    pub fn record_overtaken(&mut self, beat: Beat, deadline: Deadline) {
        self.recent.insert(beat, deadline);
    }

    /// Takes in what is still held back.
    pub fn finish<D: OnePass>(&mut self) {
        self.settle::<D>(self.recent.len(), None);
    }

    /// Sums over the oldest heartbeats that are held back.
    fn settle<D: OnePass>(&mut self, many: usize, next: Option<Nanos>) {
        if many > 0 {
            let mut recent = std::mem::take(&mut self.recent);
            let (beats, offsets, scales) = recent.oldest(many);
            self.sum::<D>(beats, offsets, scales, recent.sent(many).or(next));
            recent.drop_oldest(many);
            self.recent = recent;
        }
    }

    fn sum<D: OnePass>(
        &mut self,
        beats: Beats<'_>,
        offsets: &[f64],
        scales: &[f64],
        next: Option<Nanos>,
    ) {
        let affine = D::FORM == Form::Affine;
        let mut latest = (f64::NEG_INFINITY, f64::NEG_INFINITY);
        // In two halves, none of which can overflow over a chunk.
        let mut latencies = (0i64, 0i64);
        let mut add = |latency: Nanos| {
            latencies.0 += latency >> 32;
            latencies.1 += latency & 0xffff_ffff;
        };
        let stamps = beats.received().iter().zip(beats.sent());
        if D::FORM == Form::Fixed {
            let mut longest = Nanos::MIN;
            for (&received, &sent) in stamps {
                add(received - sent);
                longest = longest.max(received - sent);
            }
            latest.0 = seconds(longest) + self.ends.0;
        } else if D::FORM == Form::Alone {
            // The last one's stretch is only known where the next is.
            let sent = beats.sent();
            let until = sent[1..].iter().copied();
            let until = until.chain([next.unwrap_or(sent[sent.len() - 1])]);
            for (((&received, &sent), &offset), until) in stamps.zip(offsets).zip(until) {
                add(received - sent);
                // Not divided, as a sum need not be correctly rounded.
                let noticed = (received - sent) as f64 * 1e-9 + offset;
                latest.0 = larger(latest.0, noticed);
                self.wait(noticed, (until - sent).max(0) as f64 * 1e-9);
            }
        } else {
            for ((&received, &sent), (&offset, &scale)) in stamps.zip(offsets.iter().zip(scales)) {
                let latency = received - sent;
                add(latency);
                let offset = seconds(latency) + offset;
                let scale = if affine { scale } else { 1.0 };
                latest.0 = larger(latest.0, offset + scale * self.ends.0);
                if affine {
                    latest.1 = larger(latest.1, offset + scale * self.ends.1);
                }
            }
        }
        if latest.0 > self.guard.0 || latest.1 > self.guard.1 {
            self.raise_envelope(beats, offsets, scales);
        }
        self.beats += beats.len() as u64;
        self.latency += (i128::from(latencies.0) << 32) + i128::from(latencies.1);
        if D::FORM != Form::Fixed {
            self.offset = offsets.iter().fold(self.offset, |sum, offset| sum + offset);
        }
        if affine {
            self.scale = scales.iter().fold(self.scale, |sum, scale| sum + scale);
        } else {
            self.scale += beats.len() as f64;
        }
        self.pick_sample(beats, offsets, scales, next);
    }

    /// Adds crashes at all moments of a stretch at whose beginning one is noticed after so many seconds.
    #[inline(always)]
    fn wait(&mut self, noticed: f64, window: f64) {
        self.waited += window * (noticed - 0.5 * window);
        self.watched += window;
    }

    fn pick_sample(
        &mut self,
        beats: Beats<'_>,
        offsets: &[f64],
        scales: &[f64],
        next: Option<Nanos>,
    ) {
        while self.until_next < beats.len() {
            let index = self.until_next;
            let line = Line::new(beats.get(index), offsets[index], scales[index]);
            self.until_next += self.stride;
            if let Some(next) = beats.sent().get(index + 1).copied().or(next) {
                self.keep(line, next);
            }
        }
        self.until_next -= beats.len();
    }

    fn keep(&mut self, line: Line, next: Nanos) {
        self.sample.push(Line {
            window: seconds((next - line.sent).max(0)),
            ..line
        });
        if self.sample.len() == 2 * self.room {
            let mut index = 0;
            self.sample.retain(|_| {
                index += 1;
                index % 2 == 1
            });
            self.stride *= 2;
        }
    }

    /// Adds to the envelope the lines that no line of it is above at both ends.
    #[cold]
    fn raise_envelope(&mut self, beats: Beats<'_>, offsets: &[f64], scales: &[f64]) {
        let (low, high) = self.ends;
        let ends = |line: &Line| (line.at(low), line.at(high));
        let dominates = |a: &Line, b: &Line| ends(a).0 >= ends(b).0 && ends(a).1 >= ends(b).1;
        for (index, beat) in beats.iter().enumerate() {
            let line = Line::new(beat, offsets[index], scales[index]);
            if !self.envelope.iter().any(|other| dominates(other, &line)) {
                self.envelope.retain(|other| !dominates(&line, other));
                self.envelope.push(line);
            }
        }
        if self.envelope.len() > MOST_LINES {
            self.thin_envelope();
        }
        let highest = self
            .envelope
            .iter()
            .map(ends)
            .max_by(|a, b| (a.0 + a.1).total_cmp(&(b.0 + b.1)));
        self.guard = highest.unwrap_or(self.guard);
    }

    /// Keeps of the envelope the lines that are highest at one of many places between the ends.
    fn thin_envelope(&mut self) {
        let (low, high) = self.ends;
        let places =
            (0..=MOST_LINES / 2).map(|i| low + (high - low) * i as f64 / (MOST_LINES / 2) as f64);
        let mut kept: Vec<Line> = Vec::new();
        for h in places {
            let highest = self
                .envelope
                .iter()
                .max_by(|a, b| a.at(h).total_cmp(&b.at(h)));
            if let Some(line) = highest
                && kept.last() != Some(line)
            {
                kept.push(*line);
            }
        }
        self.envelope = kept;
    }
}

/// Lines of an envelope above which only those are kept that are highest somewhere on a fine grid.
const MOST_LINES: usize = 512;
