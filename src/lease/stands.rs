use std::collections::VecDeque;

use super::terms::Reason;
use crate::pause::{PauseStream, Pauses};
use crate::random::{Purpose, Seed};
use crate::time::Nanos;

/// An interval in which a client stands still, for one reason or several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stand {
    pub start: Nanos,
    pub end: Nanos,
    /// For how much of it the machine is suspended.
    pub suspended: Nanos,
    /// The place of the reason that lasts longest.
    pub reason: u32,
}

impl Stand {
    pub fn length(self) -> Nanos {
        self.end - self.start
    }
}

/// When a client stands still, for questions in any order that go no further back than what was forgotten.
pub(super) struct Stands<'l> {
    parts: Vec<(PauseStream<'l>, bool)>,
    known: VecDeque<Stand>,
    forgotten: Nanos,
}

const NEVER_AGAIN: Stand = Stand {
    start: Nanos::MAX,
    end: Nanos::MAX,
    suspended: 0,
    reason: 0,
};

impl<'l> Stands<'l> {
    pub fn new(reasons: &'l [Reason], seed: &Seed, replication: u64) -> Self {
        let part = |(place, reason): (usize, &'l Reason)| {
            let seed = seed.part(place, reasons.len());
            let stream = stream(&reason.pauses, &seed, Purpose::SenderPause, replication);
            (stream, reason.suspends)
        };
        Self::of(reasons.iter().enumerate().map(part).collect())
    }

    pub fn outages(outages: &'l Pauses, seed: &Seed, replication: u64) -> Self {
        let stream = stream(outages, seed, Purpose::ReceiverPause, replication);
        Self::of(vec![(stream, false)])
    }

    fn of(parts: Vec<(PauseStream<'l>, bool)>) -> Self {
        Self {
            parts,
            known: VecDeque::new(),
            forgotten: 0,
        }
    }

    /// Adds one that never ends.
    pub fn stop_at(&mut self, moment: Nanos) {
        self.parts.clear();
        self.known.clear();
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

    /// The first that ends after a moment.
    #[inline]
    pub fn after(&mut self, moment: Nanos) -> Stand {
        for stand in &self.known {
            if stand.end > moment || *stand == NEVER_AGAIN {
                return *stand;
            }
        }
        loop {
            let stand = self.draw();
            if stand.end > self.forgotten {
                self.known.push_back(stand);
            }
            if stand.end > moment || stand == NEVER_AGAIN {
                return stand;
            }
        }
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

    fn draw(&mut self) -> Stand {
        if let [(only, suspends)] = self.parts.as_mut_slice() {
            let pause = only.peek();
            if pause.start == Nanos::MAX {
                return NEVER_AGAIN;
            }
            only.pass();
            return Stand {
                start: pause.start,
                end: pause.end,
                suspended: if *suspends {
                    pause.end - pause.start
                } else {
                    0
                },
                reason: 0,
            };
        }
        self.joined()
    }

    /// The next pause for any reason, with all that overlap it or begin as it ends.
    fn joined(&mut self) -> Stand {
        let mut whole = NEVER_AGAIN;
        let (mut suspended_until, mut longest) = (0, -1);
        loop {
            let next = self
                .parts
                .iter_mut()
                .enumerate()
                .min_by_key(|(_, (part, _))| part.peek().start);
            let Some((place, (part, suspends))) = next else {
                return whole;
            };
            let pause = part.peek();
            if pause.start == Nanos::MAX {
                return whole;
            }
            if whole == NEVER_AGAIN {
                (whole.start, whole.end) = (pause.start, pause.end);
            } else if pause.start > whole.end {
                return whole;
            }
            whole.end = whole.end.max(pause.end);
            if *suspends && pause.end > suspended_until {
                whole.suspended += pause.end - pause.start.max(suspended_until);
                suspended_until = pause.end;
            }
            if pause.end - pause.start > longest {
                (longest, whole.reason) = (pause.end - pause.start, place as u32);
            }
            part.pass();
        }
    }
}

fn stream<'l>(
    pauses: &'l Pauses,
    seed: &Seed,
    purpose: Purpose,
    replication: u64,
) -> PauseStream<'l> {
    PauseStream::new(pauses, 0, seed, purpose, replication)
}
