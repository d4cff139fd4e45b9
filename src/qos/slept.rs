use std::collections::VecDeque;

use super::naps::Naps;
use crate::pause::{Guard, Pause};
use crate::time::Nanos;

/// The monitor's own pauses, in which it does not look at its clock.
#[derive(Debug, Default)]
pub(super) struct Slept {
    guard: Option<Guard>,
    /// Those that no accepted heartbeat has followed yet.
    open: VecDeque<Pause>,
    over: Naps,
}

impl Slept {
    pub fn new(guard: Option<Guard>) -> Self {
        Self {
            guard,
            ..Self::default()
        }
    }

    /// Takes in pauses that follow all before, as far as they are not over at `since`.
    pub fn note(&mut self, pauses: &[Pause], since: Nanos) {
        for &pause in pauses {
            let pause = self.guard.map_or(pause, |guard| guard.extended(pause));
            if pause.end <= since {
                continue;
            }
            match self.open.back_mut() {
                // It began while the monitor held back after the last one.
                Some(last) if pause.start <= last.end && self.guard.is_some() => {
                    last.end = last.end.max(pause.end);
                }
                _ => self.open.push_back(pause),
            }
        }
    }

    /// Whether no pause begins before `moment`.
    pub fn is_awake_until(&self, moment: Nanos) -> bool {
        self.open.front().is_none_or(|pause| pause.start >= moment)
    }

    /// The pauses that are not over at `since` and began before `now`; those before are forgotten.
    pub fn between(&mut self, since: Nanos, now: Nanos) -> &[Pause] {
        self.forget(since);
        let begun = (self.open.iter())
            .take_while(|pause| pause.start < now)
            .count();
        &self.open.make_contiguous()[..begun]
    }

    /// Forgets the pauses that are over at `since`, but for the naps that they were.
    pub fn forget(&mut self, since: Nanos) {
        while let Some(pause) = self.open.pop_front_if(|pause| pause.end <= since) {
            self.over.push(pause);
        }
    }

    /// The pauses that are not over at `since` and began before the observation ends, and all of it.
    pub fn finish(mut self, since: Nanos, end: Nanos) -> (Vec<Pause>, Naps) {
        let last = self.between(since, end).to_vec();
        for pause in &last {
            self.over.push(*pause);
        }
        (last, self.over)
    }
}
