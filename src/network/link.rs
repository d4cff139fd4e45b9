use super::loss::{GilbertElliott, Loss};
use crate::distribution::{Distribution, Law};
use crate::{Error, domain};

/// One direction of a network between two nodes.
///
/// Every message is delayed by a draw of its own, so that a quick one may overtake a slow one unless
/// the link keeps them in order; then it waits behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    pub(super) delay: Distribution,
    pub(super) loss: Loss,
    pub(super) duplication: f64,
    pub(super) fifo: bool,
}

impl Link {
    /// Builds the link; `duplication` is the probability that a message comes twice, the second copy
    /// with a delay of its own.
    pub fn new(
        delay: Distribution,
        loss: Loss,
        duplication: f64,
        fifo: bool,
    ) -> Result<Self, Error> {
        Ok(Self {
            delay: delay.bounded()?,
            loss,
            duplication: domain::probability("duplication", duplication)?,
            fifo,
        })
    }

    /// Mean delay over the long run, in seconds.
    pub fn mean_delay(&self) -> f64 {
        match &self.loss {
            Loss::Bernoulli(_) => self.delay.mean(),
            Loss::GilbertElliott(states) => states.mean_delay(&self.delay),
        }
    }

    /// Share of messages that arrive in the long run.
    pub fn delivered(&self) -> f64 {
        match &self.loss {
            Loss::Bernoulli(loss) => 1.0 - loss,
            Loss::GilbertElliott(states) => 1.0 - states.loss_rate(),
        }
    }

    /// What it loses.
    pub fn loss(&self) -> &Loss {
        &self.loss
    }

    /// About the longest delay of so many messages, in seconds.
    pub(crate) fn longest_delay(&self, messages: f64) -> f64 {
        let good = self.delay.exceeded_once_in(messages);
        match &self.loss {
            Loss::GilbertElliott(GilbertElliott {
                bad_delay: Some(bad),
                ..
            }) => good.max(bad.exceeded_once_in(messages)),
            _ => good,
        }
    }

    /// About the longest time, in seconds, for which all of so many messages sent `interval` apart are
    /// lost.
    pub(crate) fn longest_outage(&self, messages: f64, interval: f64) -> f64 {
        let run = |loss: f64| {
            if loss > 0.0 && loss < 1.0 {
                libm::log(messages) / -libm::log(loss) * interval
            } else {
                0.0
            }
        };
        match &self.loss {
            Loss::Bernoulli(loss) => run(*loss),
            Loss::GilbertElliott(states) => {
                let stays = messages * interval / states.mean_cycle();
                let stay = libm::log(stays.max(2.0)) / states.to_good;
                let bad = if states.bad_loss < 1.0 {
                    stay.min(run(states.bad_loss))
                } else {
                    stay
                };
                bad.max(run(states.good_loss))
            }
        }
    }
}
