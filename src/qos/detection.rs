use serde::{Deserialize, Serialize};

use super::confirmation::Confirmation;
use crate::detector::{Detector, Form};
use crate::heartbeat::Beats;
use crate::pause::Pause;
use crate::time::{Nanos, seconds};

/// What is needed to tell, for any threshold, how long a crash would go unnoticed.
///
/// After heartbeat j the detector suspects `latency + offset + scale * h` seconds after j was sent,
/// unless another heartbeat follows. A node that crashes right after sending j is noticed after just
/// that time; one that crashes later, before the next send, after so much less.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Detection {
    ends: (f64, f64),
    beats: u64,
    latency: i128,
    offset: f64,
    scale: f64,
    /// The lines among which the latest detection is found, at any threshold of the sweep, and the
    /// ends of the one that most others lie below.
    envelope: Vec<Line>,
    guard: (f64, f64),
    /// Every `stride`-th line; the next is that of the heartbeat `until_next` from now.
    sample: Vec<Line>,
    room: usize,
    stride: usize,
    until_next: usize,
    /// A line for the sample whose window is not known yet, and when its heartbeat was sent.
    pending: Option<(Nanos, Line)>,
    /// The monitor's own pauses: seconds in all, the sum of their squares, and the first lengths.
    asleep: f64,
    asleep_squared: f64,
    naps: Vec<f64>,
}

/// A detection time as a function of the threshold: `offset + scale * h` seconds after the send.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Line {
    pub offset: f64,
    pub scale: f64,
    /// Seconds until the next heartbeat is sent.
    pub window: f64,
}

/// Pauses of the monitor whose lengths are kept.
const MOST_NAPS: usize = 1 << 12;

impl Line {
    fn new(latency: Nanos, offset: f64, scale: f64) -> Self {
        Self {
            offset: latency as f64 * 1e-9 + offset,
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
            beats: 0,
            latency: 0,
            offset: 0.0,
            scale: 0.0,
            envelope: Vec::new(),
            guard: (f64::NEG_INFINITY, f64::NEG_INFINITY),
            sample: Vec::new(),
            room: room.max(1),
            stride: 1,
            until_next: 0,
            pending: None,
            asleep: 0.0,
            asleep_squared: 0.0,
            naps: Vec::new(),
        }
    }

    /// Takes in heartbeats, each newer than all before, and the deadlines they set.
    pub fn record<D: Detector>(&mut self, beats: Beats<'_>, offsets: &[f64], scales: &[f64]) {
        let affine = D::FORM == Form::Affine;
        let (mut latencies, mut latest) = (0, (f64::NEG_INFINITY, f64::NEG_INFINITY));
        let stamps = beats.received().iter().zip(beats.sent());
        for ((&received, &sent), (&offset, &scale)) in stamps.zip(offsets.iter().zip(scales)) {
            let latency = received - sent;
            latencies += latency;
            let offset = latency as f64 * 1e-9 + offset;
            let scale = if affine { scale } else { 1.0 };
            latest.0 = larger(latest.0, offset + scale * self.ends.0);
            if affine {
                latest.1 = larger(latest.1, offset + scale * self.ends.1);
            }
        }
        if latest.0 > self.guard.0 || latest.1 > self.guard.1 {
            self.raise_envelope(beats, offsets, scales);
        }
        self.beats += beats.len() as u64;
        self.latency += i128::from(latencies);
        if D::FORM != Form::Fixed {
            self.offset = offsets[..beats.len()]
                .iter()
                .fold(self.offset, |sum, offset| sum + offset);
        }
        if affine {
            self.scale = scales[..beats.len()]
                .iter()
                .fold(self.scale, |sum, scale| sum + scale);
        } else {
            self.scale += beats.len() as f64;
        }
        self.pick_sample(beats, offsets, scales);
    }

    fn pick_sample(&mut self, beats: Beats<'_>, offsets: &[f64], scales: &[f64]) {
        let sent = beats.sent();
        if let (Some((before, line)), Some(&next)) = (self.pending, sent.first()) {
            self.pending = None;
            self.keep(before, line, next);
        }
        while self.until_next < beats.len() {
            let index = self.until_next;
            let line = Line::new(
                beats.received()[index] - sent[index],
                offsets[index],
                scales[index],
            );
            self.until_next += self.stride;
            match sent.get(index + 1) {
                Some(&next) => self.keep(sent[index], line, next),
                None => self.pending = Some((sent[index], line)),
            }
        }
        self.until_next -= beats.len();
    }

    fn keep(&mut self, sent: Nanos, line: Line, next: Nanos) {
        self.sample.push(Line {
            window: seconds((next - sent).max(0)),
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

    /// Takes in a pause of the monitor, which puts off what it would have noticed during it.
    pub fn sleep(&mut self, pause: Pause) {
        let nap = seconds(pause.end - pause.start);
        self.asleep += nap;
        self.asleep_squared += nap * nap;
        if self.naps.len() < MOST_NAPS {
            self.naps.push(nap);
        }
    }

    /// Adds to the envelope the lines that no line of it is above at both ends.
    #[cold]
    fn raise_envelope(&mut self, beats: Beats<'_>, offsets: &[f64], scales: &[f64]) {
        let ends = |line: &Line| (line.at(self.ends.0), line.at(self.ends.1));
        let dominates = |a: &Line, b: &Line| ends(a).0 >= ends(b).0 && ends(a).1 >= ends(b).1;
        for (index, beat) in beats.iter().enumerate() {
            let line = Line::new(beat.received - beat.sent, offsets[index], scales[index]);
            if !self.envelope.iter().any(|other| dominates(other, &line)) {
                self.envelope.retain(|other| !dominates(&line, other));
                self.envelope.push(line);
            }
        }
        let highest = self
            .envelope
            .iter()
            .map(ends)
            .max_by(|a, b| (a.0 + a.1).total_cmp(&(b.0 + b.1)));
        self.guard = highest.unwrap_or(self.guard);
    }
}

/// Not `f64::max`, which costs more for the sake of NaN.
fn larger(a: f64, b: f64) -> f64 {
    if b > a { b } else { a }
}

/// How long crashes go unnoticed, in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DetectionTime {
    /// Mean over the crashes.
    pub mean: f64,
    /// The time that 99 % of crashes are noticed within.
    pub p99: f64,
    /// The longest.
    pub worst: f64,
}

/// The detection times of one curve, ready to be asked for at any threshold.
#[derive(Debug, Clone)]
pub(crate) struct DetectionTimes {
    confirmation: Confirmation,
    /// Mean offset and scale of the deadline, counted from the arrival that set it.
    timeout: (f64, f64),
    /// Mean line, over heartbeats and over time.
    after_beat: (f64, f64),
    at_random: (f64, f64),
    mean_nap: f64,
    longest_nap: f64,
    envelope: Vec<Line>,
    crashes_after_beat: Vec<Crash>,
    crashes_at_random: Vec<Crash>,
}

/// One crash: suspected `offset + scale * h` seconds later, and noticed `late` seconds after that.
#[derive(Debug, Clone, Copy)]
struct Crash {
    offset: f64,
    scale: f64,
    late: f64,
}

/// Crashes over which quantiles are taken.
const CRASHES: usize = 8192;

/// Steps of a sequence that fills the square evenly (Roberts, "The unreasonable effectiveness of
/// quasirandom sequences", 2018).
const EVEN: (f64, f64) = (0.754_877_666_246_692_7, 0.569_840_290_998_053_2);

impl DetectionTimes {
    /// Puts the runs of one curve together.
    pub fn new<'r>(
        runs: impl Iterator<Item = &'r Detection> + Clone,
        confirmation: Confirmation,
    ) -> Self {
        let sum = |of: fn(&Detection) -> f64| runs.clone().map(of).sum::<f64>();
        let beats = sum(|run| run.beats as f64);
        let latency = sum(|run| run.latency as f64 / 1e9) / beats;
        let timeout = (sum(|run| run.offset) / beats, sum(|run| run.scale) / beats);
        let lines: Vec<Line> = runs
            .clone()
            .flat_map(|run| run.sample.iter().copied())
            .collect();
        let mut naps: Vec<f64> = runs
            .clone()
            .flat_map(|run| run.naps.iter().copied())
            .collect();
        naps.sort_unstable_by(f64::total_cmp);
        let time: f64 = lines.iter().map(|line| line.window).sum();
        let share = lines.len() as f64 / beats;
        let asleep = sum(|run| run.asleep) * share / time;
        let late = |index: usize| {
            let even = |step: f64| (0.5 + index as f64 * step).fract();
            confirmation.check_every() * even(EVEN.0) + residual_nap(&naps, asleep, even(EVEN.1))
        };
        Self {
            confirmation,
            timeout,
            after_beat: (latency + timeout.0, timeout.1),
            at_random: over_time(&lines, (latency + timeout.0, timeout.1), time),
            mean_nap: sum(|run| run.asleep_squared) * share / (2.0 * time),
            longest_nap: naps.last().copied().unwrap_or(0.0),
            envelope: runs.flat_map(|run| run.envelope.iter().copied()).collect(),
            crashes_after_beat: crashes_after_beat(&lines, late),
            crashes_at_random: crashes_at_random(&lines, late),
        }
    }

    /// Mean time from a heartbeat to suspicion at inner threshold `h`.
    pub fn timeout(&self, h: f64) -> f64 {
        self.timeout.0 + self.timeout.1 * h
    }

    /// The inner threshold at which that time is `timeout`; none where no threshold moves it.
    pub fn threshold(&self, timeout: f64) -> Option<f64> {
        (self.timeout.1 > 0.0).then(|| (timeout - self.timeout.0) / self.timeout.1)
    }

    /// For a node that crashes right after sending a heartbeat that arrives.
    pub fn after_beat(&self, h: f64) -> DetectionTime {
        self.detection_time(self.after_beat, &self.crashes_after_beat, h)
    }

    /// For a node that crashes at a random time.
    pub fn at_random(&self, h: f64) -> DetectionTime {
        self.detection_time(self.at_random, &self.crashes_at_random, h)
    }

    fn detection_time(
        &self,
        (offset, scale): (f64, f64),
        crashes: &[Crash],
        h: f64,
    ) -> DetectionTime {
        if crashes.is_empty() {
            return DetectionTime {
                mean: f64::NAN,
                p99: f64::NAN,
                worst: f64::NAN,
            };
        }
        let dwell = self.confirmation.dwell();
        let times = crashes
            .iter()
            .map(|crash| (crash.offset + crash.scale * h + dwell, crash.late));
        // A node that is already suspected when it crashes is noticed at once.
        let already: f64 = times.clone().map(|(time, _)| (-time).max(0.0)).sum();
        let mean = offset
            + scale * h
            + self.confirmation.mean_delay()
            + self.mean_nap
            + already / crashes.len() as f64;
        let mut times: Vec<f64> = times.map(|(time, late)| time.max(0.0) + late).collect();
        let rank = (times.len() * 99).div_ceil(100) - 1;
        let p99 = *times.select_nth_unstable_by(rank, f64::total_cmp).1;
        let latest = self
            .envelope
            .iter()
            .map(|line| line.at(h))
            .fold(f64::NEG_INFINITY, f64::max);
        let worst = latest.max(-dwell) + self.confirmation.longest_delay() + self.longest_nap;
        DetectionTime { mean, p99, worst }
    }
}

/// The mean line over time, from the exact one over heartbeats and the difference in the sample.
fn over_time(lines: &[Line], over_beats: (f64, f64), time: f64) -> (f64, f64) {
    let n = lines.len() as f64;
    let weigh = |value: fn(&Line) -> f64| -> f64 {
        let (mean, weighted) = lines.iter().fold((0.0, 0.0), |(mean, weighted), line| {
            (mean + value(line), weighted + value(line) * line.window)
        });
        weighted / time - mean / n
    };
    let waited = lines
        .iter()
        .map(|line| line.window * line.window)
        .sum::<f64>()
        / (2.0 * time);
    (
        over_beats.0 + weigh(|line| line.offset) - waited,
        over_beats.1 + weigh(|line| line.scale),
    )
}

fn crashes_after_beat(lines: &[Line], late: impl Fn(usize) -> f64) -> Vec<Crash> {
    let copies = if lines.is_empty() {
        0
    } else {
        CRASHES.div_ceil(lines.len())
    };
    let lines = std::iter::repeat_n(lines, copies).flatten().enumerate();
    lines
        .map(|(index, line)| Crash {
            offset: line.offset,
            scale: line.scale,
            late: late(index),
        })
        .collect()
}

/// Crashes spread evenly over the time that the lines stand for.
fn crashes_at_random(lines: &[Line], late: impl Fn(usize) -> f64) -> Vec<Crash> {
    let time: f64 = lines.iter().map(|line| line.window).sum();
    let mut crashes = Vec::with_capacity(CRASHES);
    let mut before = 0.0;
    for line in lines {
        // The crashes that fall into the window of this heartbeat.
        while crashes.len() < CRASHES {
            let moment = (crashes.len() as f64 + 0.5) / CRASHES as f64 * time;
            if moment >= before + line.window {
                break;
            }
            crashes.push(Crash {
                offset: line.offset - (moment - before),
                scale: line.scale,
                late: late(crashes.len()),
            });
        }
        before += line.window;
    }
    crashes
}

/// The rest of the pause that a monitor is in at a moment that is `share` of the way through all
/// time sorted by pauses; zero for the moments at which it is awake.
fn residual_nap(naps: &[f64], asleep: f64, share: f64) -> f64 {
    if naps.is_empty() || share >= asleep {
        return 0.0;
    }
    let total: f64 = naps.iter().sum();
    let mut moment = share / asleep * total;
    for nap in naps {
        if moment < *nap {
            return nap - moment;
        }
        moment -= nap;
    }
    0.0
}
