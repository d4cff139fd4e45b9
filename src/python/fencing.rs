use pyo3::prelude::*;

use super::distribution::Distribution;
use super::interrupt::interruptible;
use crate::Error;
use crate::fencing::{
    self as core, Exploration, Race, Raced, RandomSchedules, Scope, Seal, Shares, Tokens, Violation,
};
use crate::random::Seed;

/// A storage that looks at tokens.
#[pyclass(frozen, eq, module = "suspicion._core")]
#[derive(Debug, PartialEq)]
pub struct Storage(core::Storage);

#[pymethods]
impl Storage {
    /// From its options; the shares are of side effects, reads and writes with forged tokens.
    #[new]
    fn new(
        fenced: bool,
        seal: &str,
        shards: usize,
        atomic: bool,
        tokens: &str,
        shares: (f64, f64, f64),
    ) -> Result<Self, Error> {
        let seal = match seal {
            "none" => Seal::None,
            "first shard" => Seal::FirstShard,
            "every shard" => Seal::EveryShard,
            _ => return Err(unknown("seal", seal)),
        };
        let tokens = match tokens {
            "increasing" => Tokens::Increasing,
            "reused" => Tokens::Reused,
            "random" => Tokens::Random,
            _ => return Err(unknown("tokens", tokens)),
        };
        let (unfenced, reads, forged) = shares;
        let shares = Shares {
            unfenced,
            reads,
            forged,
        };
        let storage = core::Storage {
            fenced,
            seal,
            shards,
            atomic,
            tokens,
            shares,
        };
        storage.checked().map(Self)
    }

    /// States, steps, states with a violation, the same by kind, and kinds with their counterexamples.
    #[allow(clippy::type_complexity, reason = "the fields of a result")]
    fn explore(
        &self,
        py: Python<'_>,
        scope: (usize, usize, usize),
    ) -> PyResult<(u64, u64, u64, Vec<u64>, Vec<(&'static str, Vec<String>)>)> {
        let Exploration {
            states,
            steps,
            violations,
            by_kind,
            counterexamples,
        } = interruptible(py, None, |cancel| {
            core::explore(&self.0, &scoped(scope), cancel)
        })?;
        let named = |(kind, story): (Violation, _)| (kind.name(), story);
        let stories = counterexamples.into_iter().map(named).collect();
        Ok((states, steps, violations, by_kind.to_vec(), stories))
    }

    /// Steps, schedules with a violation, and the same by kind.
    fn random_schedules(
        &self,
        py: Python<'_>,
        scope: (usize, usize, usize),
        count: u64,
        seed: [u8; 32],
        progress: Option<Py<PyAny>>,
    ) -> PyResult<(u64, u64, Vec<u64>)> {
        let RandomSchedules {
            schedules: _,
            steps,
            violations,
            by_kind,
        } = interruptible(py, progress, |cancel| {
            core::random_schedules(&self.0, &scoped(scope), count, &Seed::new(seed), cancel)
        })?;
        Ok((steps, violations, by_kind.to_vec()))
    }

    /// Races that did harm, were refused and were lost by the next client, and the closed form if there is one.
    #[allow(
        clippy::too_many_arguments,
        reason = "two laws, one or none, and how often"
    )]
    fn race(
        &self,
        py: Python<'_>,
        stale: &Distribution,
        first_write: &Distribution,
        gap: Option<&Distribution>,
        count: u64,
        seed: [u8; 32],
        progress: Option<Py<PyAny>>,
    ) -> PyResult<(u64, u64, u64, Option<f64>)> {
        let race = Race::new(
            &self.0,
            stale.0.clone(),
            first_write.0.clone(),
            gap.map(|gap| gap.0.clone()),
        )?;
        let Raced {
            races: _,
            harmful,
            refused,
            locked_out,
        } = interruptible(py, progress, |cancel| {
            race.run(count, &Seed::new(seed), cancel)
        })?;
        Ok((harmful, refused, locked_out, race.probability()))
    }
}

fn scoped((clients, grants, writes): (usize, usize, usize)) -> Scope {
    Scope {
        clients,
        grants,
        writes,
    }
}

fn unknown(name: &'static str, value: &str) -> Error {
    Error::argument(name, value, "one that is known")
}

/// What violations are called, in the order of their counts.
#[pyfunction]
pub fn violation_names() -> Vec<&'static str> {
    Violation::ALL.map(Violation::name).to_vec()
}
