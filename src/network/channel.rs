use rand::RngExt;
use rand_distr::{Distribution as _, Exp1};

use super::link::Link;
use super::loss::{GilbertElliott, Loss};
use super::thinning::Thinning;
use crate::distribution::{Distribution, Law};
use crate::random::{Purpose, Seed, Stream};
use crate::time::{Nanos, nanos};

/// A link at work: decides the fate of messages in the order in which they are sent.
#[derive(Debug)]
pub(crate) struct Channel<'l> {
    delay: &'l Distribution,
    delays: Stream,
    loss: LossState<'l>,
    duplication: Option<Thinning>,
    duplicate_delays: Stream,
    /// With FIFO, when the last message arrived.
    last: Option<Nanos>,
    drawn: Vec<f64>,
}

#[derive(Debug)]
enum LossState<'l> {
    Bernoulli(Thinning),
    GilbertElliott(Regime<'l>),
}

/// Where a link with a good and a bad state is at the moment.
#[derive(Debug)]
struct Regime<'l> {
    states: &'l GilbertElliott,
    bad: bool,
    until: Nanos,
    changes: Stream,
    good_losses: Thinning,
    bad_losses: Thinning,
    bad_delays: Stream,
}

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Lost,
    Once(Nanos),
    Twice(Nanos, Nanos),
}

impl<'l> Channel<'l> {
    pub fn new(link: &'l Link, seed: &Seed, replication: u64) -> Self {
        let stream = |purpose| seed.stream(purpose, replication);
        let loss = match &link.loss {
            Loss::Bernoulli(probability) => {
                LossState::Bernoulli(Thinning::new(*probability, stream(Purpose::Loss)))
            }
            Loss::GilbertElliott(states) => {
                let mut changes = stream(Purpose::Regime);
                let bad = changes.random::<f64>() < states.bad_share();
                let mut regime = Regime {
                    states,
                    bad,
                    until: 0,
                    changes,
                    good_losses: Thinning::new(states.good_loss, stream(Purpose::Loss)),
                    bad_losses: Thinning::new(states.bad_loss, stream(Purpose::BadLoss)),
                    bad_delays: stream(Purpose::BadDelay),
                };
                regime.stay();
                LossState::GilbertElliott(regime)
            }
        };
        Self {
            delay: &link.delay,
            delays: stream(Purpose::Delay),
            loss,
            duplication: (link.duplication > 0.0)
                .then(|| Thinning::new(link.duplication, stream(Purpose::Duplication))),
            duplicate_delays: stream(Purpose::DuplicateDelay),
            last: link.fifo.then_some(0),
            drawn: Vec::new(),
        }
    }

    /// Sends messages at these times, which never fall, and reports what becomes of each.
    ///
    /// The delays of a message are drawn whether or not it is lost, so that a link that loses more
    /// delays the rest alike.
    pub fn send(&mut self, sent: &[Nanos], mut report: impl FnMut(usize, Fate)) {
        let mut drawn = std::mem::take(&mut self.drawn);
        drawn.resize(sent.len(), 0.0);
        self.delay.fill(&mut self.delays, &mut drawn);
        for (index, (&sent, &delay)) in sent.iter().zip(&drawn).enumerate() {
            report(index, self.fate(sent, delay));
        }
        self.drawn = drawn;
    }

    #[inline]
    fn fate(&mut self, sent: Nanos, delay: f64) -> Fate {
        let (lost, slow) = match &mut self.loss {
            LossState::Bernoulli(losses) => (losses.pick(), None),
            LossState::GilbertElliott(regime) => regime.at(sent),
        };
        if lost {
            return Fate::Lost;
        }
        let received = self.arrival(sent, slow.unwrap_or(delay));
        if self.duplication.as_mut().is_some_and(Thinning::pick) {
            let again = self.delay.sample(&mut self.duplicate_delays);
            Fate::Twice(received, self.arrival(sent, again))
        } else {
            Fate::Once(received)
        }
    }

    #[inline]
    fn arrival(&mut self, sent: Nanos, delay: f64) -> Nanos {
        let arrival = sent.saturating_add(nanos(delay));
        match &mut self.last {
            Some(last) => {
                *last = arrival.max(*last);
                *last
            }
            None => arrival,
        }
    }
}

impl Regime<'_> {
    /// Whether a message sent at `now` is lost, and its delay where the state has one of its own.
    #[inline]
    fn at(&mut self, now: Nanos) -> (bool, Option<f64>) {
        while now >= self.until {
            self.bad = !self.bad;
            self.stay();
        }
        if !self.bad {
            return (self.good_losses.pick(), None);
        }
        let slow = self
            .states
            .bad_delay
            .as_ref()
            .map(|delay| delay.sample(&mut self.bad_delays));
        (self.bad_losses.pick(), slow)
    }

    /// Draws how long the state that was just entered lasts.
    fn stay(&mut self) {
        let rate = if self.bad {
            self.states.to_good
        } else {
            self.states.to_bad
        };
        let stay: f64 = Exp1.sample(&mut self.changes);
        self.until = self.until.saturating_add(nanos(stay / rate).max(1));
    }
}
