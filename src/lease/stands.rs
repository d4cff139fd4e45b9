use std::collections::VecDeque;

use super::reach::Reach;
use super::terms::Reason;
use crate::pause::{PauseStream, Pauses};
use crate::random::{Purpose, Seed};
use crate::time::Nanos;

/// An interval in which a client stands still, for one reason or several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stand {
    pub start: Nanos,
    pub end: Nanos,
    /// The place of the reason that lasts longest.
    pub reason: u32,
}

/// When a client stands still, for questions in any order that go no further back than what was forgotten.
pub(super) struct Stands<'l> {
    parts: Vec<PauseStream<'l>>,
    known: VecDeque<Stand>,
    forgotten: Nanos,
    /// When the last ends that was drawn.
    drawn: Nanos,
    reach: Reach<'l>,
}

const NEVER_AGAIN: Stand = Stand {
    start: Nanos::MAX,
    end: Nanos::MAX,
    reason: 0,
};

/// What began before the run began then.
const BEFORE: Nanos = -1;

impl<'l> Stands<'l> {
    pub fn new(reasons: &'l [Reason], seed: &Seed, replication: u64, reach: Reach<'l>) -> Self {
        Self::of(streams(reasons, seed, replication), reach)
    }

    /// Those in which the machine is suspended, if it ever is.
    pub fn suspends(
        reasons: &'l [Reason],
        seed: &Seed,
        replication: u64,
        reach: Reach<'l>,
    ) -> Option<Self> {
        let parts = streams(reasons, seed, replication).into_iter();
        let parts: Vec<_> = parts
            .zip(reasons)
            .filter_map(|(part, reason)| reason.suspends.then_some(part))
            .collect();
        (!parts.is_empty()).then(|| Self::of(parts, reach))
    }

    pub fn outages(outages: &'l Pauses, seed: &Seed, replication: u64, reach: Reach<'l>) -> Self {
        let stream = stream(outages, seed, Purpose::ReceiverPause, replication);
        Self::of(vec![stream], reach)
    }

    fn of(parts: Vec<PauseStream<'l>>, reach: Reach<'l>) -> Self {
        Self {
            parts,
            known: VecDeque::new(),
            forgotten: 0,
            drawn: 0,
            reach,
        }
    }

    /// Adds one that never ends.
    pub fn stop_at(&mut self, moment: Nanos) {
        self.parts.clear();
        self.known.clear();
        self.drawn = Nanos::MAX;
        self.known.push_back(Stand {
            start: moment,
            ..NEVER_AGAIN
        });
    }

    /// Nobody will ask about a moment before this.
    #[inline]
    pub fn forget(&mut self, before: Nanos) {
        self.forgotten = self.forgotten.max(before);
        while self
            .known
            .front()
            .is_some_and(|stand| stand.end <= self.forgotten)
        {
            self.known.pop_front();
        }
    }

    /// The first that ends after a moment; of those that begin when the run has ended there is one at most.
    #[inline]
    pub fn after(&mut self, moment: Nanos) -> Stand {
        match self.known.front() {
            Some(first) if first.end > moment => *first,
            _ => self.later(moment),
        }
    }

    fn later(&mut self, moment: Nanos) -> Stand {
        let place = self.known.partition_point(|stand| stand.end <= moment);
        if let Some(stand) = self.known.get(place) {
            return *stand;
        }
        while !self.reach.is_past(self.drawn) {
            let stand = self.draw();
            self.drawn = stand.end;
            if stand.end > self.forgotten {
                self.known.push_back(stand);
            }
            if stand.end > moment {
                return stand;
            }
        }
        NEVER_AGAIN
    }

    /// The first moment from a given one on at which it does not stand still.
    #[inline]
    pub fn out_of(&mut self, moment: Nanos) -> Nanos {
        let stand = self.after(moment);
        // Nothing ends at the end of time.
        if stand.start <= moment {
            stand.end
        } else {
            moment
        }
    }

    /// The next pause for any reason, with all that overlap it or begin as it ends.
    fn draw(&mut self) -> Stand {
        let mut whole = NEVER_AGAIN;
        let mut longest = -1;
        while let Some((place, part)) = self
            .parts
            .iter_mut()
            .enumerate()
            .min_by_key(|(_, part)| part.peek().start)
        {
            let pause = part.peek();
            let start = pause.start.max(BEFORE);
            if pause.start == Nanos::MAX || whole != NEVER_AGAIN && start > whole.end {
                break;
            }
            if whole == NEVER_AGAIN {
                (whole.start, whole.end) = (start, pause.end);
            }
            whole.end = whole.end.max(pause.end);
            if pause.end - start > longest {
                (longest, whole.reason) = (pause.end - start, place as u32);
            }
            part.pass();
        }
        whole
    }
}

fn streams<'l>(reasons: &'l [Reason], seed: &Seed, replication: u64) -> Vec<PauseStream<'l>> {
    let part = |(place, reason): (usize, &'l Reason)| {
        let seed = seed.part(place, reasons.len());
        stream(&reason.pauses, &seed, Purpose::SenderPause, replication)
    };
    reasons.iter().enumerate().map(part).collect()
}

fn stream<'l>(
    pauses: &'l Pauses,
    seed: &Seed,
    purpose: Purpose,
    replication: u64,
) -> PauseStream<'l> {
    PauseStream::new(pauses, 0, seed, purpose, replication)
}
