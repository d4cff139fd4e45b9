use crate::distribution::normal_tail::{log_density, log_upper};

/// Two states of a link: the rates at which it leaves them, and what they do to messages.
///
/// A message sent in a state is lost with that state's probability, and its delay is lognormal. The
/// parametrisation is that of [`GilbertElliott`](crate::network::GilbertElliott).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoStates {
    /// Rates per second of leaving the good and the bad state.
    pub leave: [f64; 2],
    /// Of the good and the bad state.
    pub state: [State; 2],
}

/// What one state does to messages.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct State {
    /// Probability that a message is lost.
    pub loss: f64,
    /// Mean of the logarithm of the delay.
    pub mean: f64,
    /// Standard deviation of it.
    pub sigma: f64,
}

impl State {
    pub(super) fn log_delay(&self, x: f64) -> f64 {
        log_density((x - self.mean) / self.sigma) - libm::log(self.sigma)
    }

    pub(super) fn log_density(&self, x: f64) -> f64 {
        if x.is_nan() {
            libm::log(self.loss)
        } else {
            libm::log1p(-self.loss) + self.log_delay(x)
        }
    }

    /// Probability that a message comes with a logarithm of its delay of `x` or less.
    pub(super) fn in_time(&self, x: f64) -> f64 {
        (1.0 - self.loss) * libm::exp(log_upper((self.mean - x) / self.sigma))
    }
}

impl TwoStates {
    pub(super) fn bad_share(&self) -> f64 {
        self.leave[0] / (self.leave[0] + self.leave[1])
    }

    /// With that state second in which fewer messages come in good time.
    pub(super) fn ordered(self) -> Self {
        let x = 0.5 * (self.state[0].mean + self.state[1].mean);
        if self.state[0].in_time(x) >= self.state[1].in_time(x) {
            self
        } else {
            Self {
                leave: [self.leave[1], self.leave[0]],
                state: [self.state[1], self.state[0]],
            }
        }
    }
}

/// The chain over one step: probabilities of going from one state to another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub seconds: f64,
    decay: f64,
    pub to: [[f64; 2]; 2],
}

impl Step {
    pub(super) fn new(states: &TwoStates, seconds: f64) -> Self {
        let sum = states.leave[0] + states.leave[1];
        let share = [states.leave[1] / sum, states.leave[0] / sum];
        let gone = -libm::expm1(-sum * seconds);
        Self {
            seconds,
            decay: 1.0 - gone,
            to: [
                [1.0 - share[1] * gone, share[1] * gone],
                [share[0] * gone, 1.0 - share[0] * gone],
            ],
        }
    }

    /// Integral over the step of Pr(from -> a by s) Pr(b -> to in the rest).
    fn integral(&self, states: &TwoStates, from: usize, a: usize, b: usize, to: usize) -> f64 {
        let sum = states.leave[0] + states.leave[1];
        let share = [states.leave[1] / sum, states.leave[0] / sum];
        let sign = |x: usize, y: usize| {
            // Pr(x -> y in t) = share[y] + (1[x = y] - share[y]) exp(-sum t).
            if x == y { 1.0 - share[y] } else { -share[y] }
        };
        let (c, g) = (sign(from, a), sign(b, to));
        let mean = (1.0 - self.decay) / sum;
        share[a] * share[to] * self.seconds
            + (share[a] * g + c * share[to]) * mean
            + c * g * self.seconds * self.decay
    }
}

/// For both states at both ends: time in good and bad, changes to bad and to good, times the probability of the
/// transition.
pub(super) fn integrals(step: &Step, states: &TwoStates) -> [[[f64; 4]; 2]; 2] {
    [0, 1].map(|from| {
        [0, 1].map(|to| {
            let integral = |a, b| step.integral(states, from, a, b, to).max(0.0);
            [
                integral(0, 0),
                integral(1, 1),
                states.leave[0] * integral(0, 1),
                states.leave[1] * integral(1, 0),
            ]
        })
    })
}
