use std::collections::BTreeMap;

use pyo3::prelude::*;

use super::distribution::Distribution;
use super::interrupt::interruptible;
use crate::Error;
use crate::random::Seed;
use crate::redlock::{self as core, Outcome, Placed};

/// A lock on several servers, and what goes wrong with it.
#[pyclass(frozen, eq, module = "suspicion._core")]
#[derive(Debug, PartialEq)]
pub struct Redlock(core::Redlock);

#[pymethods]
impl Redlock {
    /// From counts, spans and shares, and laws by their names, and a pause with whether it comes after the check.
    #[new]
    #[pyo3(signature = (counts, numbers, laws, in_turn, pause))]
    fn new(
        counts: BTreeMap<String, usize>,
        numbers: BTreeMap<String, f64>,
        laws: BTreeMap<String, Py<Distribution>>,
        in_turn: bool,
        pause: Option<(Py<Distribution>, bool)>,
    ) -> Result<Self, Error> {
        let count = |name: &'static str| given(&counts, name).copied();
        let number = |name: &'static str| given(&numbers, name).copied();
        let law = |name: &'static str| given(&laws, name).map(|law| law.get().0.clone());
        let pause = pause.map(|(law, after)| {
            let placed = if after { Placed::After } else { Placed::Before };
            (law.get().0.clone(), placed)
        });
        let redlock = core::Redlock {
            nodes: count("nodes")?,
            reachable: count("reachable")?,
            ttl: number("ttl")?,
            delay: law("delay")?,
            node_timeout: number("node_timeout")?,
            in_turn,
            drift_factor: number("drift_factor")?,
            drift_margin: number("drift_margin")?,
            work: law("work")?,
            asks_after: law("asks_after")?,
            retry: law("retry")?,
            pause,
            jumps: count("jumps")?,
            jump: number("jump")?,
            crashes: count("crashes")?,
            restart_delay: number("restart_delay")?,
        };
        redlock.checked().map(Self)
    }

    /// How many of so many trials ended how, by name.
    #[pyo3(signature = (n, seed, progress=None))]
    fn simulate(
        &self,
        py: Python<'_>,
        n: u64,
        seed: [u8; 32],
        progress: Option<Py<PyAny>>,
    ) -> PyResult<BTreeMap<&'static str, u64>> {
        let found = interruptible(py, progress, |cancel| {
            core::simulate(&self.0, n, &Seed::new(seed), cancel)
        })?;
        Ok(by_name(&found))
    }
}

fn given<'g, T>(all: &'g BTreeMap<String, T>, name: &'static str) -> Result<&'g T, Error> {
    all.get(name)
        .ok_or_else(|| Error::argument(name, "none", "to be given"))
}

fn by_name(found: &Outcome) -> BTreeMap<&'static str, u64> {
    BTreeMap::from([
        ("trials", found.trials),
        ("acquired", found.acquired),
        ("too_late", found.too_late),
        ("outvoted", found.outvoted),
        ("stale", found.stale),
        ("violations", found.violations),
        ("by_pause", found.by_pause),
        ("by_jumps", found.by_jumps),
        ("by_crashes", found.by_crashes),
        ("by_both", found.by_both),
    ])
}
