use crate::distribution::{Distribution, Law};
use crate::{Error, domain};

/// Which messages a link loses.
#[derive(Debug, Clone, PartialEq)]
pub enum Loss {
    /// Each with the same probability, whatever became of the others.
    Bernoulli(f64),
    /// In bursts.
    GilbertElliott(GilbertElliott),
}

impl Loss {
    /// Independent losses with `probability`.
    pub fn bernoulli(probability: f64) -> Result<Self, Error> {
        Ok(Self::Bernoulli(domain::probability("loss", probability)?))
    }
}

/// A link that changes between a good and a bad state at random times.
///
/// The state is a Markov chain in continuous time; `to_bad` and `to_good` are the rates, per second,
/// at which it leaves the good and the bad state, so that stays last 1/rate on average. The bad state
/// loses more, and where `bad_delay` is given it is also slow: a message has the delay of the state
/// in which it is sent.
///
/// Share of time in the bad state: to_bad/(to_bad + to_good). Correlation of the states a time t
/// apart: exp(-t (to_bad + to_good)).
#[derive(Debug, Clone, PartialEq)]
pub struct GilbertElliott {
    pub(super) to_bad: f64,
    pub(super) to_good: f64,
    pub(super) good_loss: f64,
    pub(super) bad_loss: f64,
    pub(super) bad_delay: Option<Distribution>,
}

impl GilbertElliott {
    /// Builds the link's states; rates are per second, losses probabilities.
    pub fn new(
        to_bad: f64,
        to_good: f64,
        good_loss: f64,
        bad_loss: f64,
        bad_delay: Option<Distribution>,
    ) -> Result<Self, Error> {
        Ok(Self {
            to_bad: domain::positive("to_bad", to_bad)?,
            to_good: domain::positive("to_good", to_good)?,
            good_loss: domain::probability("good_loss", good_loss)?,
            bad_loss: domain::probability("bad_loss", bad_loss)?,
            bad_delay: bad_delay.map(Distribution::bounded).transpose()?,
        })
    }

    /// Share of time in the bad state.
    pub fn bad_share(&self) -> f64 {
        self.to_bad / (self.to_bad + self.to_good)
    }

    /// Share of messages lost in the long run.
    pub fn loss_rate(&self) -> f64 {
        let bad = self.bad_share();
        bad * self.bad_loss + (1.0 - bad) * self.good_loss
    }

    /// Mean time from one entry of the bad state to the next, in seconds.
    pub(crate) fn mean_cycle(&self) -> f64 {
        1.0 / self.to_bad + 1.0 / self.to_good
    }

    pub(super) fn mean_delay(&self, good: &Distribution) -> f64 {
        let bad = self.bad_share();
        bad * self.bad_delay.as_ref().unwrap_or(good).mean() + (1.0 - bad) * good.mean()
    }
}
