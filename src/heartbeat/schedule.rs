use crate::Error;
use crate::distribution::{Distribution, Law};
use crate::pause::{PauseStream, Pauses};
use crate::random::{Purpose, Seed, Stream};
use crate::time::{self, Nanos, nanos};

/// When heartbeats are due and what a sender does about those it slept through.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    pub(super) every: Every,
    pub(super) catch_up: CatchUp,
}

/// Time from one heartbeat to the next.
#[derive(Debug, Clone, PartialEq)]
pub enum Every {
    /// Always the same.
    Fixed(Nanos),
    /// A fresh draw each time.
    Random(Distribution),
}

/// What a sender does, when a pause ends, about the heartbeats that fell due in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatchUp {
    /// Sends all of them at once.
    Burst,
    /// Sends the last of them and forgets the others.
    Skip,
    /// Sends the first of them and keeps the interval from there on: the schedule moves.
    Shift,
}

impl Schedule {
    /// A heartbeat every so often.
    pub fn new(every: Every, catch_up: CatchUp) -> Result<Self, Error> {
        let every = match every {
            Every::Fixed(span) => Every::Fixed(time::span("every", time::seconds(span))?),
            Every::Random(law) => {
                time::span("every", law.mean())?;
                Every::Random(law.bounded()?)
            }
        };
        Ok(Self { every, catch_up })
    }

    /// Mean time from one heartbeat to the next.
    pub fn interval(&self) -> Nanos {
        match &self.every {
            Every::Fixed(span) => *span,
            Every::Random(law) => nanos(law.mean()),
        }
    }
}

/// A sender at work.
#[derive(Debug)]
pub(super) struct Sender<'s> {
    schedule: &'s Schedule,
    pauses: PauseStream<'s>,
    intervals: Stream,
    /// When the next heartbeat is due, and the one after it.
    due: Nanos,
    due_after: Nanos,
    number: i64,
    skipped: u64,
}

impl<'s> Sender<'s> {
    pub fn new(
        schedule: &'s Schedule,
        pauses: &'s Pauses,
        shift: Nanos,
        seed: &Seed,
        replication: u64,
    ) -> Self {
        let mut sender = Self {
            schedule,
            pauses: PauseStream::new(pauses, shift, seed, Purpose::SenderPause, replication),
            intervals: seed.stream(Purpose::Schedule, replication),
            due: 0,
            due_after: 0,
            number: 0,
            skipped: 0,
        };
        sender.due_after = sender.interval();
        sender
    }

    /// Adds up to `most` heartbeats sent before `horizon` to the columns.
    pub fn send(
        &mut self,
        most: usize,
        horizon: Nanos,
        sent: &mut Vec<Nanos>,
        number: &mut Vec<i64>,
    ) {
        let full = sent.len() + most;
        while sent.len() < full {
            let pause = self.pauses.at(self.due);
            let mut moment = self.due;
            if pause.start <= self.due {
                moment = pause.end;
                self.wake_up(moment, horizon);
            } else if let Every::Fixed(span) = self.schedule.every {
                let until = pause.start.min(horizon);
                let steps =
                    (until.saturating_sub(self.due).max(0) as u64).div_ceil(span.unsigned_abs());
                let steps = steps.min((full - sent.len()) as u64) as i64;
                if steps > 1 {
                    sent.extend((0..steps).map(|step| self.due + step * span));
                    number.extend(self.number..self.number + steps);
                    self.number += steps;
                    self.due += steps * span;
                    self.due_after = self.due.saturating_add(span);
                    continue;
                }
            }
            if moment >= horizon {
                return;
            }
            sent.push(moment);
            number.push(self.number);
            self.number += 1;
            self.due = self.due_after;
            self.due_after = self.due.saturating_add(self.interval());
        }
    }

    /// Decides what becomes of the heartbeats due in a pause that ends at `moment`.
    #[cold]
    fn wake_up(&mut self, moment: Nanos, horizon: Nanos) {
        match self.schedule.catch_up {
            CatchUp::Burst => {}
            CatchUp::Shift => {
                self.due_after = self.due_after.saturating_add(moment - self.due);
                self.due = moment;
            }
            CatchUp::Skip => {
                let moment = moment.min(horizon);
                if let Every::Fixed(span) = self.schedule.every {
                    // All at once: a pause may last for any number of intervals.
                    let passed = ((moment - self.due - 1) / span).max(0);
                    self.due = self.due.saturating_add(passed * span);
                    self.due_after = self.due.saturating_add(span);
                    self.number += passed;
                    self.skipped += passed as u64;
                }
                while self.due_after < moment {
                    self.due = self.due_after;
                    self.due_after = self.due.saturating_add(self.interval());
                    self.number += 1;
                    self.skipped += 1;
                }
            }
        }
    }

    #[inline]
    fn interval(&mut self) -> Nanos {
        match &self.schedule.every {
            Every::Fixed(span) => *span,
            Every::Random(law) => nanos(law.sample(&mut self.intervals)),
        }
    }

    /// The earliest time at which another heartbeat can be sent.
    pub fn next(&mut self) -> Nanos {
        let pause = self.pauses.at(self.due);
        if pause.start <= self.due {
            pause.end
        } else {
            self.due
        }
    }

    /// Heartbeats that fell due in a pause and were never sent.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }
}
