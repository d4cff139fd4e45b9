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
    /// Working space.
    drawn: Vec<f64>,
    arrivals: Vec<Nanos>,
}

#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one of them in a run")]
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

/// What becomes of messages, which are named by their place among those sent together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate<'a> {
    /// The next so many arrive, at these times.
    Arrive(&'a [Nanos]),
    /// The next one is lost.
    Lost,
    /// The last one that arrived arrives once more.
    Again(Nanos),
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
            arrivals: Vec::new(),
        }
    }

    /// Sends messages at these times, which never fall, and reports in order what becomes of them.
    ///
    /// The delay of a message is drawn whether or not it is lost, so that a link that loses more
    /// delays the rest alike.
    pub fn send(&mut self, sent: &[Nanos], mut report: impl FnMut(Fate<'_>)) {
        let mut delays = std::mem::take(&mut self.drawn);
        let mut arrivals = std::mem::take(&mut self.arrivals);
        delays.resize(sent.len(), 0.0);
        self.delay.fill(&mut self.delays, &mut delays);
        let mut next = 0;
        while next < sent.len() {
            let smooth = self.smooth(&sent[next..]);
            if smooth > 0 {
                let run = next..next + smooth;
                self.arrive(&sent[run.clone()], &delays[run], &mut arrivals);
                report(Fate::Arrive(&arrivals));
                next += smooth;
            } else {
                self.send_one(sent[next], delays[next], &mut report);
                next += 1;
            }
        }
        (self.drawn, self.arrivals) = (delays, arrivals);
    }

    /// How many of the next messages have nothing happen to them but an ordinary delay.
    fn smooth(&mut self, sent: &[Nanos]) -> usize {
        let (calm, losses) = match &mut self.loss {
            LossState::Bernoulli(losses) => (sent.len(), losses),
            LossState::GilbertElliott(regime) => {
                regime.advance(sent[0]);
                if regime.bad && regime.states.bad_delay.is_some() {
                    return 0;
                }
                let losses = if regime.bad {
                    &mut regime.bad_losses
                } else {
                    &mut regime.good_losses
                };
                (
                    sent.partition_point(|moment| *moment < regime.until),
                    losses,
                )
            }
        };
        let mut smooth = losses.ahead().min(calm as u64);
        if let Some(duplication) = &mut self.duplication {
            smooth = smooth.min(duplication.ahead());
            duplication.pass(smooth);
        }
        losses.pass(smooth);
        smooth as usize
    }

    fn arrive(&mut self, sent: &[Nanos], delays: &[f64], arrivals: &mut Vec<Nanos>) {
        arrivals.clear();
        arrivals.extend(
            sent.iter()
                .zip(delays)
                .map(|(&sent, &delay)| sent.saturating_add(nanos(delay))),
        );
        if let Some(last) = &mut self.last {
            for arrival in arrivals {
                *last = (*last).max(*arrival);
                *arrival = *last;
            }
        }
    }

    fn send_one(&mut self, sent: Nanos, delay: f64, report: &mut impl FnMut(Fate<'_>)) {
        let (lost, slow) = match &mut self.loss {
            LossState::Bernoulli(losses) => (losses.pick(), None),
            LossState::GilbertElliott(regime) => regime.at(sent),
        };
        if lost {
            return report(Fate::Lost);
        }
        report(Fate::Arrive(&[self.arrival(sent, slow.unwrap_or(delay))]));
        if self.duplication.as_mut().is_some_and(Thinning::pick) {
            let again = self.delay.sample(&mut self.duplicate_delays);
            report(Fate::Again(self.arrival(sent, again)));
        }
    }

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
    /// Goes on to the state at `now`.
    fn advance(&mut self, now: Nanos) {
        while now >= self.until {
            self.bad = !self.bad;
            self.stay();
        }
    }

    /// Whether a message sent at `now` is lost, and its delay where the state has one of its own.
    fn at(&mut self, now: Nanos) -> (bool, Option<f64>) {
        self.advance(now);
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
