use std::any::Any;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use pyo3::prelude::*;

use super::array::{Floats, Integers};
use crate::detector::{AnyDetector, Beginning, Foreign, ForeignState, Timeouts};
use crate::heartbeat::Beats;

/// A rule written in Python.
///
/// The object has `begin(every, replication)`, which gives one with `deadlines(received, sent, number)` or
/// `timeouts(received, sent, number, thresholds)` and `copied()`; times are in whole nanoseconds, what
/// comes back in seconds.
#[derive(Debug)]
pub struct Rule {
    rule: Py<PyAny>,
    newest_only: bool,
    needs: usize,
    memory: usize,
    failure: Arc<Failure>,
}

/// The first exception that a rule raised.
#[derive(Debug, Default)]
pub struct Failure {
    failed: AtomicBool,
    error: Mutex<Option<PyErr>>,
}

impl Failure {
    fn note(&self, error: PyErr) {
        let mut kept = self
            .error
            .lock()
            .unwrap_or_else(|broken| broken.into_inner());
        kept.get_or_insert(error);
        self.failed.store(true, Ordering::Release);
    }

    /// Takes the exception out; the rule is as good as new.
    pub fn take(&self) -> Option<PyErr> {
        let mut kept = self
            .error
            .lock()
            .unwrap_or_else(|broken| broken.into_inner());
        self.failed.store(false, Ordering::Release);
        kept.take()
    }
}

impl Rule {
    pub fn new(rule: Py<PyAny>, newest_only: bool, needs: usize, memory: usize) -> Arc<Self> {
        Arc::new(Self {
            rule,
            newest_only,
            needs,
            memory,
            failure: Arc::default(),
        })
    }
}

impl Foreign for Rule {
    fn start(&self, beginning: &Beginning) -> Box<dyn ForeignState> {
        let (every, replication) = (beginning.every, beginning.replication);
        let begun = Python::attach(|py| self.rule.call_method1(py, "begin", (every, replication)));
        let state = begun.map_err(|error| self.failure.note(error)).ok();
        Box::new(AtWork {
            state,
            failure: self.failure.clone(),
        })
    }

    fn newest_only(&self) -> bool {
        self.newest_only
    }

    fn needs(&self) -> usize {
        self.needs
    }

    fn memory(&self) -> usize {
        self.memory
    }

    fn failed(&self) -> bool {
        self.failure.failed.load(Ordering::Acquire)
    }

    fn is_same(&self, other: &dyn Foreign) -> bool {
        other.as_any().downcast_ref::<Rule>().is_some_and(|other| {
            Python::attach(|py| self.rule.bind(py).eq(other.rule.bind(py)).unwrap_or(false))
                && (self.newest_only, self.needs, self.memory)
                    == (other.newest_only, other.needs, other.memory)
        })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The exception behind a failure, if a rule of one of the detectors raised one.
pub fn explained<'d>(error: PyErr, detectors: impl IntoIterator<Item = &'d AnyDetector>) -> PyErr {
    let rules = detectors.into_iter().filter_map(AnyDetector::foreign);
    let raised = rules.filter_map(|rule| rule.as_any().downcast_ref::<Rule>()?.failure.take());
    // All are taken out, so that none comes up in a later sweep.
    raised.reduce(|first, _| first).unwrap_or(error)
}

/// A rule at work; none once it has failed.
#[derive(Debug)]
struct AtWork {
    state: Option<Py<PyAny>>,
    failure: Arc<Failure>,
}

impl AtWork {
    fn call<T>(
        &mut self,
        ask: impl for<'py> Fn(Python<'py>, &Bound<'py, PyAny>) -> PyResult<T>,
    ) -> Option<T> {
        let state = self.state.as_ref()?;
        let answer = Python::attach(|py| ask(py, state.bind(py)));
        match answer {
            Ok(answer) => Some(answer),
            Err(error) => {
                self.failure.note(error);
                self.state = None;
                None
            }
        }
    }
}

fn columns(beats: Beats<'_>) -> (Integers, Integers, Integers) {
    (
        Integers(beats.received().to_vec()),
        Integers(beats.sent().to_vec()),
        Integers(beats.number().to_vec()),
    )
}

impl ForeignState for AtWork {
    fn deadlines(&mut self, beats: Beats<'_>, offsets: &mut [f64], scales: &mut [f64]) {
        let answer = self.call(|_, state| {
            state
                .call_method1("deadlines", columns(beats))?
                .extract::<(Floats, Floats)>()
        });
        if let Some((base, scale)) = answer {
            offsets[..beats.len()].copy_from_slice(&base.0);
            scales[..beats.len()].copy_from_slice(&scale.0);
        }
    }

    fn timeouts(&mut self, beats: Beats<'_>, thresholds: &[f64], timeouts: &mut Timeouts) {
        let answer = self.call(|_, state| {
            let (received, sent, number) = columns(beats);
            let thresholds = Floats(thresholds.to_vec());
            state
                .call_method1("timeouts", (received, sent, number, thresholds))?
                .extract::<Floats>()
        });
        if let Some(Floats(values)) = answer {
            let rows = timeouts.rows_mut().zip(values.chunks_exact(beats.len()));
            rows.for_each(|(row, values)| row.copy_from_slice(values));
        }
    }

    fn copied(&self) -> Box<dyn ForeignState> {
        let copied = self.state.as_ref().and_then(|state| {
            let copied = Python::attach(|py| state.call_method0(py, "copied"));
            copied.map_err(|error| self.failure.note(error)).ok()
        });
        Box::new(Self {
            state: copied,
            failure: self.failure.clone(),
        })
    }
}
