use super::chen::lateness;
use super::per_threshold::{Each, Lone};
use super::window::{self, Window};
use super::{Beginning, Detector, PerThreshold};
use crate::heartbeat::Beat;
use crate::time::{Nanos, seconds};
use crate::{Error, domain};

/// SFD: Chen's expected arrival and a margin that tunes itself to a required quality of service.
///
/// The deadline is EA + margin. After every `slot` heartbeats the mistakes of that slot are looked at:
/// where their rate is above `max_rate`, the margin grows by `step`; where the rate is met and the mean
/// detection time is above `max_detection`, it shrinks by `step`; where both are missed the
/// requirement is infeasible there and the margin stays.
///
/// The threshold is the margin it begins with, in seconds. O(1) a heartbeat and threshold.
///
/// Source: Xiong, Vasilakos, Wu, Yang, Rindos, Zhou, Song, Pan, "A self-tuning failure detection scheme
/// for cloud computing service", IPDPS 2012.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SelfTuning {
    window: usize,
    slot: usize,
    step: f64,
    max_rate: f64,
    max_detection: f64,
}

impl SelfTuning {
    /// The detector over the last `window` heartbeats; times are in seconds, the rate per second.
    pub fn new(
        window: usize,
        slot: usize,
        step: f64,
        max_rate: f64,
        max_detection: f64,
    ) -> Result<Self, Error> {
        Ok(Self {
            window: window::width("window", window)?,
            slot: domain::count("slot", slot, 1, window::WIDEST)?,
            step: domain::positive("step", step)?,
            max_rate: domain::non_negative("max_rate", max_rate)?,
            max_detection: domain::positive("max_detection", max_detection)?,
        })
    }
}

impl Detector for SelfTuning {
    fn newest_only(&self) -> bool {
        true
    }

    fn memory(&self) -> usize {
        self.window
    }

    fn admit(&self, threshold: f64) -> Result<f64, Error> {
        domain::finite("margin", threshold)
    }
}

impl PerThreshold for SelfTuning {
    type States = Each<SelfTuningAt>;

    fn bytes(&self) -> u64 {
        8 * self.window as u64 + 256
    }

    fn start(&self, beginning: &Beginning, thresholds: &[f64]) -> Self::States {
        let at = |threshold: &f64| SelfTuningAt {
            settings: *self,
            every: beginning.every,
            lateness: Window::new(self.window),
            margin: *threshold,
            last: None,
            timeout: f64::INFINITY,
            suspected: false,
            slot: Slot::default(),
        };
        Each(thresholds.iter().map(at).collect())
    }
}

/// A [`SelfTuning`] detector at work at one threshold.
#[derive(Debug, Clone)]
pub struct SelfTuningAt {
    settings: SelfTuning,
    every: Nanos,
    lateness: Window,
    margin: f64,
    last: Option<Nanos>,
    timeout: f64,
    suspected: bool,
    slot: Slot,
}

/// What was seen since the margin was last looked at.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    heartbeats: usize,
    mistakes: u32,
    watched: Nanos,
    /// Sum of detection times, had the node crashed right after each heartbeat.
    detection: f64,
}

impl SelfTuningAt {
    #[cold]
    fn tune(&mut self) {
        let Slot {
            heartbeats,
            mistakes,
            watched,
            detection,
        } = std::mem::take(&mut self.slot);
        let inaccurate = f64::from(mistakes) > self.settings.max_rate * seconds(watched);
        let slow = detection > self.settings.max_detection * heartbeats as f64;
        match (inaccurate, slow) {
            (true, false) => self.margin += self.settings.step,
            (false, true) => self.margin -= self.settings.step,
            (true, true) | (false, false) => {}
        }
    }
}

impl Lone for SelfTuningAt {
    #[inline(always)]
    fn observe(&mut self, beat: Beat) -> f64 {
        if let Some(last) = self.last.replace(beat.received) {
            let gap = beat.received - last;
            self.slot.watched += gap;
            if !self.suspected && seconds(gap) > self.timeout {
                self.slot.mistakes += 1;
                self.suspected = true;
            }
        }
        let lateness = lateness(beat, self.every);
        self.lateness.push(lateness);
        let expected = (self.every as f64 + self.lateness.mean_from(lateness)) * 1e-9;
        self.timeout = expected + self.margin;
        self.slot.heartbeats += 1;
        self.slot.detection += seconds(beat.received - beat.sent) + self.timeout;
        if self.slot.heartbeats == self.settings.slot {
            self.tune();
            self.timeout = expected + self.margin;
        }
        let past_at_once = self.timeout <= 0.0;
        if past_at_once && !self.suspected {
            self.slot.mistakes += 1;
        }
        self.suspected = past_at_once;
        self.timeout
    }
}
