use super::beats::Beats;
use super::census::Census;
use super::columns::Columns;
use super::model::Heartbeats;
use super::schedule::Sender;
use crate::network::{Channel, Fate};
use crate::pause::{Pause, PauseStream};
use crate::random::{Purpose, Seed};
use crate::time::Nanos;

/// Heartbeats of a model, block after block, in the order in which the monitor sees them.
///
/// What comes out does not depend on how it is cut into blocks. Memory is that of one block and of
/// the heartbeats that are on their way at one moment.
#[derive(Debug)]
pub struct Simulation<'m> {
    sender: Sender<'m>,
    channel: Channel<'m>,
    receiver: PauseStream<'m>,
    horizon: Nanos,
    block: usize,
    sent: Vec<Nanos>,
    number: Vec<i64>,
    /// Arrivals in order; the first `ready` of them were handed over.
    arrivals: Columns,
    ready: usize,
    pauses: Vec<Pause>,
    /// The end of the last pause in `pauses`, here or in an earlier block.
    noted: Nanos,
    census: Census,
    highest: i64,
    over: bool,
}

/// Heartbeats sent per block unless asked otherwise: the columns then stay in the first cache.
pub(crate) const BLOCK: usize = 1024;

/// Bits of a replication's number below those of the observer's, of which there are ten.
const OBSERVERS_FROM: u32 = 38;

impl<'m> Simulation<'m> {
    /// One replication of `model` from time zero until `horizon`; a timeline of pauses is read from
    /// `shift` on.
    pub fn new(
        model: &'m Heartbeats,
        seed: &Seed,
        replication: u64,
        shift: Nanos,
        horizon: Nanos,
        block: usize,
    ) -> Self {
        Self {
            sender: Sender::new(
                &model.schedule,
                &model.sender_pauses,
                shift,
                seed,
                replication,
            ),
            channel: Channel::new(&model.link, seed, replication),
            receiver: PauseStream::new(
                &model.receiver_pauses,
                shift,
                seed,
                Purpose::ReceiverPause,
                replication,
            ),
            horizon,
            block: block.max(1),
            sent: Vec::with_capacity(block),
            number: Vec::with_capacity(block),
            arrivals: Columns::default(),
            ready: 0,
            pauses: Vec::new(),
            noted: Nanos::MIN,
            census: Census::default(),
            highest: i64::MIN,
            over: false,
        }
    }

    /// The same heartbeats as another monitor sees them, with pauses of its own and, unless all share
    /// one, over a link of its own; the observer of number zero is the one that there is anyway.
    pub fn seen_by(
        self,
        model: &'m Heartbeats,
        seed: &Seed,
        observer: u64,
        one_link: bool,
    ) -> Self {
        let key = observer << OBSERVERS_FROM;
        let pauses = &model.receiver_pauses;
        Self {
            channel: Channel::new(&model.link, seed, if one_link { 0 } else { key }),
            receiver: PauseStream::new(pauses, 0, seed, Purpose::ReceiverPause, key),
            ..self
        }
    }

    /// The next heartbeats and the monitor's pauses among them; none once the horizon is reached.
    pub fn next_block(&mut self) -> Option<(Beats<'_>, &[Pause])> {
        if self.over {
            return None;
        }
        self.arrivals.forget(self.ready);
        self.sent.clear();
        self.number.clear();
        self.sender
            .send(self.block, self.horizon, &mut self.sent, &mut self.number);
        self.census.rows += self.sent.len() as u64;
        self.over = self.sent.is_empty();
        let carried = self.arrivals.received.len();
        let Self {
            channel,
            arrivals,
            sent,
            number,
            census,
            ..
        } = self;
        let mut next = 0;
        channel.send(sent, |fate| match fate {
            Fate::Arrive(received) => {
                let run = next..next + received.len();
                next = run.end;
                arrivals.extend(received, &sent[run.clone()], &number[run]);
            }
            Fate::Lost => {
                next += 1;
                census.lost += 1;
            }
            Fate::Again(received) => {
                census.duplicates += 1;
                arrivals.extend(&[received], &sent[next - 1..next], &number[next - 1..next]);
            }
        });
        arrivals.order(carried);
        // Nothing sent later arrives before it was sent.
        let settled = if self.over {
            self.horizon
        } else {
            self.sender.next().min(self.horizon)
        };
        self.ready = arrivals
            .received
            .partition_point(|received| *received <= settled);
        self.pause();
        self.count_overtaken();
        if self.over {
            self.census.in_flight += (self.arrivals.received.len() - self.ready) as u64;
        }
        self.census.arrivals += self.ready as u64;
        let Columns {
            received,
            sent,
            number,
        } = &self.arrivals;
        Some((
            Beats::new(
                &received[..self.ready],
                &sent[..self.ready],
                &number[..self.ready],
            ),
            &self.pauses,
        ))
    }

    /// Lets the monitor see at the end of a pause what came during it, and notes its pauses.
    fn pause(&mut self) {
        self.pauses.clear();
        let last = self.arrivals.received[..self.ready].last();
        if !self.over && last.is_none_or(|last| self.receiver.peek().start > *last) {
            return;
        }
        let mut seen = 0;
        for received in &mut self.arrivals.received[..self.ready] {
            while self.receiver.peek().end <= *received {
                Self::note(&mut self.pauses, &mut self.noted, self.receiver.peek());
                self.receiver.pass();
            }
            let pause = self.receiver.peek();
            if pause.start <= *received {
                Self::note(&mut self.pauses, &mut self.noted, pause);
                *received = pause.end;
            }
            seen += usize::from(*received <= self.horizon);
        }
        // What it would see only after the horizon it does not see.
        self.ready = seen;
        while self.over && self.receiver.peek().start < self.horizon {
            Self::note(&mut self.pauses, &mut self.noted, self.receiver.peek());
            self.receiver.pass();
        }
    }

    fn note(pauses: &mut Vec<Pause>, noted: &mut Nanos, pause: Pause) {
        if pause.start >= *noted && pause.end > pause.start {
            *noted = pause.end;
            pauses.push(pause);
        }
    }

    fn count_overtaken(&mut self) {
        // Written for the usual block, in which nothing was overtaken.
        let numbers = &self.arrivals.number[..self.ready];
        let Some((&first, &last)) = numbers.first().zip(numbers.last()) else {
            return;
        };
        if first > self.highest
            && numbers
                .iter()
                .zip(&numbers[1..])
                .fold(true, |rises, (a, b)| rises & (a < b))
        {
            self.highest = last;
            return;
        }
        for &number in numbers {
            self.census.reordered += u64::from(number < self.highest);
            self.highest = self.highest.max(number);
        }
    }

    /// When the observation ends.
    pub fn horizon(&self) -> Nanos {
        self.horizon
    }

    /// What became of the heartbeats so far.
    pub fn census(&self) -> Census {
        let mut census = self.census;
        census.skipped = self.sender.skipped();
        census
    }
}
