//! A link's two regimes, learnt from what became of heartbeats: a hidden Markov chain in continuous time.

use rayon::prelude::*;

use super::two_states::{State, Step, TwoStates, integrals};
use crate::distribution::normal_tail::log_density;
use crate::{Cancel, Error};

/// What became of heartbeats, in the order of sending.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Seconds since the one before; infinite where nothing is known of what lies between, as at a start.
    steps: Vec<f64>,
    /// ln of the delay in seconds, NaN for a lost one.
    pub(super) log_delays: Vec<f64>,
}

/// The states of a link with the highest likelihood that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The parameters.
    pub states: TwoStates,
    /// Logarithm of their likelihood.
    pub log_likelihood: f64,
    /// Of one state.
    pub one: (State, f64),
    /// Of two delays and losses that are chosen anew for every message: logarithm of the likelihood.
    pub independent: f64,
    /// Probability that each message was sent in the bad state, given all that was seen.
    pub bad: Vec<f64>,
    /// Rounds of the best start.
    pub rounds: usize,
    /// Whether they ended because the likelihood no longer rose.
    pub converged: bool,
    /// Inverse of the observed information for ln of the two rates, logit of the two losses, then mean and ln
    /// sigma of good and bad; rows and columns of losses at 0 or 1 are NaN. Empty if it has none.
    pub covariance: Vec<f64>,
}

/// Sigmas are kept above this: stamps of one millisecond would else draw a state to a single value.
const LEAST_SIGMA: f64 = 1e-3;

/// The search ends when a round adds less than this to the logarithm of the likelihood.
const RISE: f64 = 1e-5;

const MOST_ROUNDS: usize = 1000;

/// Rounds from each start; the best then goes on.
const TRIED: usize = 30;

/// Where a search has come to.
#[derive(Debug, Clone, Copy)]
struct Climb {
    states: TwoStates,
    log_likelihood: f64,
    rounds: usize,
    converged: bool,
}

impl Series {
    /// Takes seconds since the one before, with infinity at the start of each session, and delays in seconds,
    /// NaN for lost ones.
    pub fn new(steps: Vec<f64>, delays: &[f64]) -> Result<Self, Error> {
        if steps.len() != delays.len() {
            let expected = format!("{}, one for each send time", steps.len());
            return Err(Error::argument(
                "delays",
                format!("{} values", delays.len()),
                expected,
            ));
        }
        if delays.iter().filter(|delay| !delay.is_nan()).count() < 20 {
            let expected = "20 heartbeats or more that were received";
            return Err(Error::argument(
                "delays",
                format!("{} values", delays.len()),
                expected,
            ));
        }
        for (index, delay) in delays.iter().enumerate() {
            if !(delay.is_nan() || *delay > 0.0 && delay.is_finite()) {
                return Err(Error::argument(
                    format!("delays[{index}]"),
                    delay,
                    "delays above zero",
                ));
            }
        }
        for (index, step) in steps.iter().enumerate() {
            if step.is_nan() || *step < 0.0 {
                return Err(Error::argument(
                    format!("sent[{index}]"),
                    step,
                    "send times that never fall",
                ));
            }
        }
        let log_delays = delays.iter().map(|delay| libm::log(*delay)).collect();
        Ok(Self { steps, log_delays })
    }

    pub(super) fn one_state(&self) -> State {
        let weights = vec![1.0; self.steps.len()];
        self.state_of(&weights)
    }

    /// The state of maximum likelihood where each message counts with its weight.
    pub(super) fn state_of(&self, weights: &[f64]) -> State {
        let (mut all, mut came, mut sum) = (0.0, 0.0, 0.0);
        for (weight, x) in weights.iter().zip(&self.log_delays) {
            all += weight;
            if !x.is_nan() {
                came += weight;
                sum += weight * x;
            }
        }
        let mean = sum / came.max(1e-300);
        let square: f64 = weights
            .iter()
            .zip(&self.log_delays)
            .filter(|(_, x)| !x.is_nan())
            .map(|(weight, x)| weight * (x - mean) * (x - mean))
            .sum();
        State {
            loss: (1.0 - came / all.max(1e-300)).clamp(0.0, 1.0),
            mean,
            sigma: (square / came.max(1e-300)).sqrt().max(LEAST_SIGMA),
        }
    }

    /// Fits one state, two that are chosen anew for every message, and two that last.
    ///
    /// Baum and Welch's rounds, from five starts that call bad what is slower than a quantile of the
    /// delays, or lost; the expected stays between two messages are those of the chain given its state at both.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where no delay differs from another.
    pub fn fit(&self, cancel: &Cancel) -> Result<Fit, Error> {
        let one = self.one_state();
        if one.sigma <= LEAST_SIGMA {
            let delay = libm::exp(one.mean);
            return Err(Error::argument("delays", delay, "delays that differ"));
        }
        let started: Vec<(Climb, f64)> = [0.5, 0.75, 0.9, 0.97, 0.99]
            .into_par_iter()
            .map(|share| {
                let start = self.start(share);
                let climb = self.climb(start, TRIED, cancel)?;
                Ok((climb, self.independent(start, cancel)?))
            })
            .collect::<Result<_, Error>>()?;
        let independent = started
            .iter()
            .map(|(_, found)| *found)
            .fold(f64::NEG_INFINITY, f64::max);
        let mut best = started[0].0;
        for (climb, _) in &started[1..] {
            if climb.log_likelihood > best.log_likelihood {
                best = *climb;
            }
        }
        let Climb {
            states,
            log_likelihood,
            rounds,
            converged,
        } = self.climb(best.states, MOST_ROUNDS, cancel)?;
        let states = states.ordered();
        let bad = self.posterior(&states).1.bad;
        Ok(Fit {
            log_likelihood,
            one: (one, self.of_one(&one)),
            independent,
            bad,
            rounds: best.rounds + rounds,
            converged,
            covariance: self.covariance(&states, cancel)?,
            states,
        })
    }

    fn of_one(&self, state: &State) -> f64 {
        self.log_delays.iter().map(|x| state.log_density(*x)).sum()
    }

    /// Bad is what is slower than a share of the delays, or lost.
    fn start(&self, share: f64) -> TwoStates {
        let mut sorted: Vec<f64> = self
            .log_delays
            .iter()
            .copied()
            .filter(|x| !x.is_nan())
            .collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let slow = sorted[((share * sorted.len() as f64) as usize).min(sorted.len() - 1)];
        // Nothing is quite certain, so that no state starts without a message.
        let weight = |x: &f64| if x.is_nan() || *x >= slow { 0.95 } else { 0.05 };
        let bad: Vec<f64> = self.log_delays.iter().map(weight).collect();
        let good: Vec<f64> = bad.iter().map(|weight| 1.0 - weight).collect();
        let length: f64 = self.steps.iter().filter(|step| step.is_finite()).sum();
        let entries = bad
            .windows(2)
            .filter(|pair| pair[0] < pair[1])
            .count()
            .max(1) as f64;
        let time_bad = (bad.iter().sum::<f64>() / bad.len() as f64 * length).max(1e-9);
        TwoStates {
            leave: [entries / (length - time_bad).max(1e-9), entries / time_bad],
            state: [self.state_of(&good), self.state_of(&bad)],
        }
    }

    fn climb(&self, start: TwoStates, most: usize, cancel: &Cancel) -> Result<Climb, Error> {
        let mut climb = Climb {
            states: start,
            log_likelihood: f64::NEG_INFINITY,
            rounds: 0,
            converged: false,
        };
        while climb.rounds < most {
            cancel.checkpoint()?;
            let (log_likelihood, posterior) = self.posterior(&climb.states);
            if !log_likelihood.is_finite() {
                break;
            }
            climb.converged = log_likelihood - climb.log_likelihood < RISE;
            climb.log_likelihood = log_likelihood;
            if climb.converged {
                break;
            }
            climb.rounds += 1;
            let good: Vec<f64> = posterior.bad.iter().map(|bad| 1.0 - bad).collect();
            let leave = |from: usize| {
                let rate = posterior.changes[from] / posterior.time[from].max(1e-300);
                rate.clamp(1e-12, 1e12)
            };
            climb.states = TwoStates {
                leave: [leave(0), leave(1)],
                state: [self.state_of(&good), self.state_of(&posterior.bad)],
            };
        }
        Ok(climb)
    }
}

/// What the whole series says of the hidden states.
#[derive(Debug)]
struct Posterior {
    bad: Vec<f64>,
    /// Expected seconds in each state.
    time: [f64; 2],
    /// Expected changes out of each state.
    changes: [f64; 2],
}

impl Series {
    /// Densities of what became of each message in each state, over the greater of the two, and the sum of the
    /// logarithms of those.
    fn densities(&self, states: &TwoStates) -> (Vec<[f64; 2]>, f64) {
        let constant = states.state.map(|state| {
            (
                libm::log(state.loss),
                libm::log1p(-state.loss) + log_density(0.0) - libm::log(state.sigma),
            )
        });
        let mut sum = 0.0;
        let densities = self
            .log_delays
            .iter()
            .map(|x| {
                let logs = [0, 1].map(|which| {
                    let state = &states.state[which];
                    if x.is_nan() {
                        constant[which].0
                    } else {
                        let z = (x - state.mean) / state.sigma;
                        constant[which].1 - 0.5 * z * z
                    }
                });
                let top = logs[0].max(logs[1]);
                sum += top;
                logs.map(|log| libm::exp(log - top))
            })
            .collect();
        (densities, sum)
    }

    fn chain(&self, states: &TwoStates) -> impl Fn(f64, &mut Step) + use<> {
        let states = *states;
        // Most steps are as long as the one before.
        move |seconds, step| {
            if step.seconds != seconds {
                *step = Step::new(&states, seconds);
            }
        }
    }

    /// Logarithm of the likelihood, by the forward pass alone.
    pub(super) fn log_likelihood(&self, states: &TwoStates) -> f64 {
        self.forward(states).1
    }

    /// Scaled probabilities of the states given all up to each message, and the logarithm of the likelihood.
    fn forward(&self, states: &TwoStates) -> (Vec<[f64; 2]>, f64, Vec<[f64; 2]>) {
        let (densities, mut log_likelihood) = self.densities(states);
        let bad = states.bad_share();
        let (mut step, advance) = (Step::new(states, 0.0), self.chain(states));
        let mut forward = Vec::with_capacity(densities.len());
        let mut now = [1.0 - bad, bad];
        let mut product = 1.0;
        for (density, seconds) in densities.iter().zip(&self.steps) {
            if seconds.is_infinite() {
                now = [1.0 - bad, bad];
            } else {
                advance(*seconds, &mut step);
                let to = &step.to;
                now = [
                    now[0] * to[0][0] + now[1] * to[1][0],
                    now[0] * to[0][1] + now[1] * to[1][1],
                ];
            }
            now = [now[0] * density[0], now[1] * density[1]];
            let scale = now[0] + now[1];
            if scale <= 0.0 || scale.is_nan() {
                return (forward, f64::NEG_INFINITY, densities);
            }
            now = [now[0] / scale, now[1] / scale];
            forward.push(now);
            product *= scale;
            if product < 1e-200 {
                log_likelihood += libm::log(product);
                product = 1.0;
            }
        }
        (forward, log_likelihood + libm::log(product), densities)
    }

    fn posterior(&self, states: &TwoStates) -> (f64, Posterior) {
        let (forward, log_likelihood, densities) = self.forward(states);
        let n = forward.len();
        let mut posterior = Posterior {
            bad: vec![0.0; self.steps.len()],
            time: [0.0; 2],
            changes: [0.0; 2],
        };
        if n < self.steps.len() {
            return (f64::NEG_INFINITY, posterior);
        }
        let (mut step, advance) = (Step::new(states, 0.0), self.chain(states));
        let mut later = [1.0, 1.0];
        // Integrals belong to a length of the step, too.
        let mut known = (f64::NAN, [[[0.0; 4]; 2]; 2]);
        for index in (0..n).rev() {
            let both = [forward[index][0] * later[0], forward[index][1] * later[1]];
            posterior.bad[index] = both[1] / (both[0] + both[1]);
            let Some(before) = index.checked_sub(1) else {
                break;
            };
            let seconds = self.steps[index];
            if seconds.is_infinite() {
                later = [1.0, 1.0];
                continue;
            }
            advance(seconds, &mut step);
            if known.0 != seconds {
                known = (seconds, integrals(&step, states));
            }
            let seen = [
                densities[index][0] * later[0],
                densities[index][1] * later[1],
            ];
            let arrive = |from: usize| step.to[from][0] * seen[0] + step.to[from][1] * seen[1];
            let total = forward[before][0] * arrive(0) + forward[before][1] * arrive(1);
            for (left, known) in forward[before].iter().zip(&known.1) {
                for (seen, [good, bad, to_bad, to_good]) in seen.iter().zip(known) {
                    // The integrals are not yet divided by the chance of the transition.
                    let weight = left * seen / total;
                    posterior.time[0] += weight * good;
                    posterior.time[1] += weight * bad;
                    posterior.changes[0] += weight * to_bad;
                    posterior.changes[1] += weight * to_good;
                }
            }
            later = [0, 1].map(arrive);
            let scale = later[0] + later[1];
            later = [later[0] / scale, later[1] / scale];
        }
        (log_likelihood, posterior)
    }
}
