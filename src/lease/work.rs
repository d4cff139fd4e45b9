use super::actor::{Actor, Travel};
use super::history::{Kind, Message, Watch};
use super::outcome::Outcome;
use super::terms::{Fencing, Writes};
use crate::random::{Purpose, Seed};
use crate::time::{Nanos, nanos};

/// What the holder of a lease writes, and what the storage takes of it.
pub(super) struct Work<'l> {
    every: Nanos,
    pub window: Nanos,
    first_after: Nanos,
    fencing: Fencing,
    travel: Travel<'l>,
    /// When the holder begins its next write.
    next: Nanos,
    /// Whether its first has yet to be begun.
    pub fresh: bool,
    /// Writes of the holder that arrive when the lease that they looked at has run out.
    late: Vec<Write>,
    /// Writes of former holders on their way to a storage that has not seen a newer token yet.
    stale: Vec<Write>,
}

/// A write on its way.
#[derive(Debug, Clone, Copy)]
struct Write {
    client: usize,
    token: u64,
    sent: Nanos,
    arrival: Nanos,
}

/// Who writes, with which token, and when the lease runs out that it looks at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Writer {
    pub client: usize,
    pub token: u64,
    pub expiry: Nanos,
}

impl<'l> Work<'l> {
    pub fn new(writes: &'l Writes, seed: &Seed, replication: u64) -> Self {
        Self {
            every: nanos(writes.every).max(1),
            window: nanos(writes.window),
            first_after: nanos(writes.first_after),
            fencing: writes.fencing,
            travel: Travel::new(&writes.delay, seed.stream(Purpose::WriteDelay, replication)),
            next: Nanos::MAX,
            fresh: true,
            late: Vec::new(),
            stale: Vec::new(),
        }
    }

    /// The longest time from a look at the clock to the effect while nothing stands still, if there is one.
    pub fn longest(&self) -> Option<Nanos> {
        self.travel
            .constant()
            .map(|takes| self.window.saturating_add(takes))
    }

    /// All writes that are begun before a moment; `calm` says that none can be late but for a pause.
    #[inline]
    pub fn until<W: Watch>(
        &mut self,
        moment: Nanos,
        calm: bool,
        actor: &mut Actor<'_>,
        writer: Writer,
        outcome: &mut Outcome,
        watch: &mut W,
    ) {
        while self.next < moment && !actor.reach.cancelled() {
            if calm && !self.fresh {
                let quiet = actor
                    .stands
                    .after(self.next)
                    .start
                    .saturating_sub(self.window);
                let quiet = quiet.min(moment);
                if self.next < quiet {
                    let count = (quiet - self.next - 1) / self.every + 1;
                    outcome.writes += count as u64;
                    let last = self.next + (count - 1) * self.every;
                    self.next = actor.after_running(last, self.every);
                    continue;
                }
            }
            self.write(actor, writer, outcome, watch);
        }
    }

    fn write<W: Watch>(
        &mut self,
        actor: &mut Actor<'_>,
        writer: Writer,
        outcome: &mut Outcome,
        watch: &mut W,
    ) {
        let sent = actor.after_running(self.next, self.window);
        let write = Write {
            client: writer.client,
            token: writer.token,
            sent,
            arrival: sent.saturating_add(self.travel.draw()),
        };
        self.next = actor.after_running(self.next, self.every);
        if sent == Nanos::MAX {
            return;
        }
        outcome.writes += 1;
        if self.fresh {
            self.fresh = false;
            self.resolve(write.arrival, outcome, watch);
        }
        if write.arrival > writer.expiry {
            outcome.unsafe_writes += 1;
            self.late.push(write);
        } else {
            watch.message(write.told(Kind::Write, true));
        }
    }

    /// The lease of the holder holds until later than what its writes looked at.
    #[inline]
    pub fn renewed<W: Watch>(&mut self, at: Nanos, watch: &mut W) {
        if !self.late.is_empty() {
            self.late.retain(|write| {
                if write.arrival <= at {
                    watch.message(write.told(Kind::Write, true));
                }
                write.arrival > at
            });
        }
    }

    /// Somebody got the lease, and sees that it did at `seen`: what is now stale, and when it begins to work.
    ///
    /// Returns the number of stale writes.
    pub fn handed_over<W: Watch>(
        &mut self,
        (granted, seen): (Nanos, Nanos),
        same: bool,
        actor: &mut Actor<'_>,
        writer: Writer,
        outcome: &mut Outcome,
        watch: &mut W,
    ) -> u64 {
        let mut works_from = seen;
        let mut refused_from = Nanos::MAX;
        if self.fencing == Fencing::Sealed {
            let sealed = seen.saturating_add(self.travel.draw());
            let back = self.travel.draw();
            watch.message(Message {
                kind: Kind::Seal,
                client: writer.client,
                token: writer.token,
                sent: seen,
                arrived: sealed,
                taken: true,
            });
            refused_from = sealed;
            works_from = actor.stands.out_of(sealed.saturating_add(back));
        }
        let sealed = self.fencing == Fencing::Sealed;
        let mut stale = 0;
        for write in std::mem::take(&mut self.late) {
            if write.arrival < granted || !same && sealed && write.arrival < refused_from {
                watch.message(write.told(Kind::Write, true));
                continue;
            }
            if same {
                // By the time it arrives the lease may be another's.
                self.late.push(write);
                continue;
            }
            stale += 1;
            match self.fencing {
                Fencing::None => {
                    outcome.accepted += 1;
                    watch.message(write.told(Kind::Write, true));
                }
                Fencing::Tokens => self.stale.push(write),
                Fencing::Sealed => watch.message(write.told(Kind::Write, false)),
            }
        }
        outcome.stale_writes += stale;
        self.fresh = true;
        self.next = actor.after_running(works_from, self.first_after);
        stale
    }

    /// A storage sees the first write of a holder: it takes what came before and refuses what comes after.
    fn resolve<W: Watch>(&mut self, first: Nanos, outcome: &mut Outcome, watch: &mut W) {
        for write in self.stale.drain(..) {
            let taken = write.arrival < first;
            outcome.accepted += u64::from(taken);
            watch.message(write.told(Kind::Write, taken));
        }
    }

    /// Nobody holds the lease any more.
    pub fn stop(&mut self) {
        self.next = Nanos::MAX;
    }

    /// The run ends; what a storage makes of a stale write is up to the first of a holder that has yet to begin.
    pub fn end<W: Watch>(&mut self, actor: &mut Actor<'_>, outcome: &mut Outcome, watch: &mut W) {
        let sent = actor.after_running(self.next, self.window);
        let first = sent.saturating_add(self.travel.draw());
        self.resolve(first, outcome, watch);
        for write in self.late.drain(..) {
            watch.message(write.told(Kind::Write, true));
        }
    }
}

impl Write {
    fn told(self, kind: Kind, taken: bool) -> Message {
        Message {
            kind,
            client: self.client,
            token: self.token,
            sent: self.sent,
            arrived: self.arrival,
            taken,
        }
    }
}
