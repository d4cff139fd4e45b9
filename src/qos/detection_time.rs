use std::ops::Range;

use super::confirmation::Confirmation;
use super::detection::{Detection, Line};
use super::naps::Naps;
use crate::pause::Pause;
use crate::time::{Nanos, nanos, seconds};

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
    /// Mean line, over heartbeats and over time.
    after_beat: (f64, f64),
    at_random: (f64, f64),
    /// The monitor's own pauses, those of one run after those of another.
    naps: Vec<Pause>,
    envelope: Vec<Crash>,
    crashes_after_beat: Vec<Crash>,
    crashes_at_random: Vec<Crash>,
}

/// One crash: suspected `offset + scale * h` seconds later, and looked at `late` seconds after that.
#[derive(Debug, Clone)]
struct Crash {
    moment: Nanos,
    offset: f64,
    scale: f64,
    late: f64,
    /// Which pauses of the monitor are of the same run.
    naps: Range<usize>,
}

/// Crashes over which quantiles are taken.
const CRASHES: usize = 8192;

/// Step of a sequence that fills the line evenly: the golden ratio.
const EVEN: f64 = 0.618_033_988_749_894_9;

/// Mean offset and scale of the deadlines, counted from the arrivals that set them.
pub(crate) fn mean_timeout<'r>(runs: impl Iterator<Item = &'r Detection> + Clone) -> (f64, f64) {
    let sum = |of: fn(&Detection) -> f64| runs.clone().map(of).sum::<f64>();
    let beats = sum(|run| run.beats as f64);
    (sum(|run| run.offset) / beats, sum(|run| run.scale) / beats)
}

impl DetectionTimes {
    /// Puts the runs of one curve together.
    pub fn new<'r>(
        runs: impl Iterator<Item = (&'r Detection, &'r Naps)> + Clone,
        confirmation: Confirmation,
    ) -> Self {
        let detections = || runs.clone().map(|(run, _)| run);
        let beats: f64 = detections().map(|run| run.beats as f64).sum();
        let latency = detections()
            .map(|run| run.latency as f64 / 1e9)
            .sum::<f64>()
            / beats;
        let timeout = mean_timeout(detections());
        let waited: f64 = detections().map(|run| run.waited).sum();
        let watched: f64 = detections().map(|run| run.watched).sum();
        let lines: Vec<Line> = detections()
            .flat_map(|run| run.sample.iter().copied())
            .collect();
        let mut naps = Vec::new();
        let mut crashes = Vec::new();
        let mut envelope = Vec::new();
        for (run, napped) in runs {
            let own = naps.len()..naps.len() + napped.pauses().len();
            naps.extend_from_slice(napped.pauses());
            let as_crash = |line: &Line| Crash {
                moment: line.sent,
                offset: line.offset,
                scale: line.scale,
                late: 0.0,
                naps: own.clone(),
            };
            // Past the last pause that is kept it is not known when the monitor is awake.
            let known = napped.known_until();
            let known = run.sample.iter().filter(|line| line.sent < known);
            crashes.extend(known.map(|line| (as_crash(line), line.window)));
            envelope.extend(run.envelope.iter().map(as_crash));
        }
        Self {
            confirmation,
            after_beat: (latency + timeout.0, timeout.1),
            at_random: if watched > 0.0 {
                (waited / watched, 0.0)
            } else {
                over_time(&lines, (latency + timeout.0, timeout.1))
            },
            naps,
            envelope,
            crashes_after_beat: looked_at(crashes_after_beat(&crashes), confirmation),
            crashes_at_random: looked_at(crashes_at_random(&crashes), confirmation),
        }
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
        let (mut shift, mut longest) = (0.0, f64::NEG_INFINITY);
        let mut times = Vec::with_capacity(crashes.len());
        for crash in crashes {
            let expected = crash.offset + crash.scale * h + crash.late + dwell;
            let noticed = self.awake(crash, expected);
            shift += noticed - expected;
            longest = larger(longest, noticed);
            times.push(noticed);
        }
        // The mean line is exact, and the crashes tell what the rest adds to it.
        let mean =
            offset + scale * h + self.confirmation.mean_delay() + shift / crashes.len() as f64;
        let rank = (times.len() * 99).div_ceil(100) - 1;
        let p99 = *times.select_nth_unstable_by(rank, f64::total_cmp).1;
        let delay = self.confirmation.longest_delay();
        let worst = self
            .envelope
            .iter()
            .map(|crash| self.awake(crash, crash.offset + crash.scale * h + delay))
            .fold(longest, larger);
        DetectionTime { mean, p99, worst }
    }

    /// When a crash is noticed that would be after `expected` seconds: at once if it was suspected
    /// before, and no sooner than a pause of the monitor ends.
    fn awake(&self, crash: &Crash, expected: f64) -> f64 {
        let noticed = larger(expected, 0.0);
        let naps = &self.naps[crash.naps.clone()];
        if naps.is_empty() {
            return noticed;
        }
        let moment = crash.moment.saturating_add(nanos(noticed));
        let past = naps.partition_point(|nap| nap.end <= moment);
        match naps.get(past) {
            Some(nap) if nap.start < moment => noticed + seconds(nap.end - moment),
            _ => noticed,
        }
    }
}

/// Not `f64::max`, which costs more for the sake of NaN.
pub(super) fn larger(a: f64, b: f64) -> f64 {
    if b > a { b } else { a }
}

/// The mean line over time, from the exact one over heartbeats and the difference in the sample.
fn over_time(lines: &[Line], over_beats: (f64, f64)) -> (f64, f64) {
    if over_beats.0.is_infinite() {
        return over_beats;
    }
    let n = lines.len() as f64;
    let time: f64 = lines.iter().map(|line| line.window).sum();
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

fn crashes_after_beat(crashes: &[(Crash, f64)]) -> Vec<Crash> {
    let copies = if crashes.is_empty() {
        0
    } else {
        CRASHES.div_ceil(crashes.len())
    };
    std::iter::repeat_n(crashes, copies)
        .flatten()
        .map(|(crash, _)| crash.clone())
        .collect()
}

/// Crashes spread evenly over the time that the windows after the given ones make up.
fn crashes_at_random(crashes: &[(Crash, f64)]) -> Vec<Crash> {
    let time: f64 = crashes.iter().map(|(_, window)| window).sum();
    let mut spread = Vec::with_capacity(CRASHES);
    let mut before = 0.0;
    for (crash, window) in crashes {
        while spread.len() < CRASHES {
            let moment = (spread.len() as f64 + 0.5) / CRASHES as f64 * time;
            if moment >= before + window {
                break;
            }
            let later = moment - before;
            spread.push(Crash {
                moment: crash.moment + nanos(later),
                offset: crash.offset - later,
                ..crash.clone()
            });
        }
        before += window;
    }
    spread
}

/// Looks at each deadline at a phase of its own.
fn looked_at(mut crashes: Vec<Crash>, confirmation: Confirmation) -> Vec<Crash> {
    for (index, crash) in crashes.iter_mut().enumerate() {
        crash.late = confirmation.wait((0.5 + index as f64 * EVEN).fract());
    }
    crashes
}
