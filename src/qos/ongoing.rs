use super::mistake::{Sink, Start};
use crate::time::Nanos;

/// Suspicions that outlived a heartbeat, from the lowest thresholds up.
#[derive(Debug, Default)]
pub(super) struct Ongoing {
    suspicions: Vec<Suspicion>,
}

/// A suspicion that goes on at the thresholds from where the one before in the list ends to `end`.
#[derive(Debug, Clone, Copy)]
struct Suspicion {
    end: usize,
    start: Start,
}

impl Ongoing {
    /// Whether there is none at any threshold.
    pub fn is_none(&self) -> bool {
        self.suspicions.is_empty()
    }

    /// Begins one at the thresholds up to `end`, as far as none goes on there.
    pub fn begin(&mut self, end: usize, start: Start) {
        if end > self.suspicions.last().map_or(0, |last| last.end) {
            self.suspicions.push(Suspicion { end, start });
        }
    }

    /// Ends those at all thresholds from rank `kept` on.
    pub fn end(&mut self, kept: usize, now: Nanos, sink: &mut impl Sink) {
        while let Some(last) = self.suspicions.pop() {
            if last.end <= kept {
                self.suspicions.push(last);
                break;
            }
            let begin = self.suspicions.last().map_or(0, |below| below.end);
            sink.mistake(begin.max(kept)..last.end, last.start, now);
            if begin < kept {
                self.suspicions.push(Suspicion { end: kept, ..last });
                break;
            }
        }
    }
}
