use std::sync::OnceLock;

use super::Empirical;
use crate::distribution::{Distribution, Law};
use crate::random::{Purpose, Seed, Stream};
use crate::{Cancel, Error, domain};

/// The sum of several independent durations, such as the hops of a route.
///
/// Draws, mean, variance and support are exact. Its probabilities come from a simulation of
/// [`DRAWS`] draws under a fixed seed and are NaN past the smallest and largest of them, where the
/// simulation says nothing.
#[derive(Debug, Clone)]
pub struct Sum {
    parts: Vec<Distribution>,
    simulated: OnceLock<Empirical>,
}

/// Draws behind the probabilities of a sum: their standard error is below 0.001.
pub const DRAWS: usize = 1 << 18;

/// Draws between two looks at whether to stop.
const STEP: usize = 256;

impl Sum {
    /// Builds the law from the laws to add.
    pub fn new(parts: Vec<Distribution>) -> Result<Self, Error> {
        domain::count("parts", parts.len(), 1, super::MOST_PARTS)?;
        Ok(Self {
            parts,
            simulated: OnceLock::new(),
        })
    }

    /// The laws that are added.
    pub fn parts(&self) -> &[Distribution] {
        &self.parts
    }

    /// Simulates what the probabilities rest on, unless that is done.
    pub(super) fn prepare(&self, cancel: &Cancel) -> Result<(), Error> {
        if self.simulated.get().is_none() {
            let simulated = self.simulate(cancel)?;
            self.simulated.get_or_init(|| simulated);
        }
        Ok(())
    }

    fn simulate(&self, cancel: &Cancel) -> Result<Empirical, Error> {
        let mut stream = Seed::from(0).stream(Purpose::Sample, 0);
        let mut draws = vec![0.0; DRAWS];
        for chunk in draws.chunks_mut(STEP) {
            self.fill(&mut stream, chunk);
            cancel.checkpoint()?;
        }
        // The heaviest of tails can overflow; then the draw is as long as a number can be.
        draws.iter_mut().for_each(|draw| *draw = draw.min(f64::MAX));
        Empirical::new(draws)
    }

    fn simulated(&self) -> &Empirical {
        self.simulated.get_or_init(|| {
            self.simulate(&Cancel::default())
                .unwrap_or_else(|_| unreachable!("draws are finite durations"))
        })
    }

    /// `known` where the simulation reaches, else what the support alone says.
    fn within(&self, x: f64, known: impl Fn(&Empirical) -> f64, below: f64, above: f64) -> f64 {
        let (low, high) = self.support();
        let simulated = self.simulated();
        let (first, last) = simulated.support();
        if x < low {
            below
        } else if x >= high {
            above
        } else if x < first || x >= last {
            f64::NAN
        } else {
            known(simulated)
        }
    }
}

impl PartialEq for Sum {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}

impl Law for Sum {
    fn support(&self) -> (f64, f64) {
        let ends = self.parts.iter().map(Distribution::support);
        ends.fold((0.0, 0.0), |sum, ends| (sum.0 + ends.0, sum.1 + ends.1))
    }

    fn mean(&self) -> f64 {
        self.parts.iter().map(Distribution::mean).sum()
    }

    fn variance(&self) -> f64 {
        self.parts.iter().map(Distribution::variance).sum()
    }

    fn has_density(&self) -> bool {
        false
    }

    fn log_pdf(&self, _x: f64) -> f64 {
        f64::NAN
    }

    fn log_cdf(&self, x: f64) -> f64 {
        self.within(x, |law| law.log_cdf(x), f64::NEG_INFINITY, 0.0)
    }

    fn log_ccdf(&self, x: f64) -> f64 {
        self.within(x, |law| law.log_ccdf(x), 0.0, f64::NEG_INFINITY)
    }

    fn inverse_log_cdf(&self, log_p: f64) -> f64 {
        if known(log_p) {
            self.simulated().inverse_log_cdf(log_p)
        } else {
            f64::NAN
        }
    }

    fn inverse_log_ccdf(&self, log_q: f64) -> f64 {
        if known(log_q) {
            self.simulated().inverse_log_ccdf(log_q)
        } else {
            f64::NAN
        }
    }

    fn sample(&self, stream: &mut Stream) -> f64 {
        self.parts.iter().map(|part| part.sample(stream)).sum()
    }
}

/// Whether a log probability lies where the simulation has draws on both sides.
fn known(log_probability: f64) -> bool {
    let probability = libm::exp(log_probability) * DRAWS as f64;
    (1.0..=DRAWS as f64 - 1.0).contains(&probability)
}
