use std::sync::Arc;

use pyo3::prelude::*;

use super::array::{Floats, Integers};
use super::distribution::Distribution;
use super::interrupt::interruptible;
use super::network::Link;
use super::pause::Pauses;
use crate::heartbeat::{self, CatchUp, Census, Every, Log, Schedule, SendTimes};
use crate::pause::{self, Pause};
use crate::random::Seed;
use crate::time::{self, Nanos, seconds};
use crate::{Error, memory};

/// A node that sends heartbeats to a monitor over a link; both may pause.
#[pyclass(frozen, eq, module = "suspicion._core")]
#[derive(Debug, PartialEq)]
pub struct Heartbeats(pub Arc<heartbeat::Heartbeats>);

#[pymethods]
impl Heartbeats {
    #[new]
    #[pyo3(signature = (every, random_every, catch_up, link, sender_pauses, receiver_pauses))]
    fn new(
        every: Option<f64>,
        random_every: Option<&Distribution>,
        catch_up: &str,
        link: &Link,
        sender_pauses: &Pauses,
        receiver_pauses: &Pauses,
    ) -> Result<Self, Error> {
        let every = match (every, random_every) {
            (_, Some(law)) => Every::Random(law.0.clone()),
            (every, None) => Every::Fixed(time::span("every", every.unwrap_or(f64::NAN))?),
        };
        let catch_up = match catch_up {
            "burst" => CatchUp::Burst,
            "skip" => CatchUp::Skip,
            "shift" => CatchUp::Shift,
            _ => {
                return Err(Error::argument(
                    "catch_up",
                    format!("{catch_up:?}"),
                    "'burst', 'skip' or 'shift'",
                ));
            }
        };
        let schedule = Schedule::new(every, catch_up)?;
        heartbeat::Heartbeats::new(
            schedule,
            link.0.clone(),
            sender_pauses.0.clone(),
            receiver_pauses.0.clone(),
        )
        .map(Arc::new)
        .map(Self)
    }

    /// Mean seconds from one heartbeat to the next.
    fn interval(&self) -> f64 {
        seconds(self.0.interval())
    }

    /// Every arrival of `duration` seconds.
    #[pyo3(signature = (duration, seed, progress=None))]
    fn simulate(
        &self,
        py: Python<'_>,
        duration: f64,
        seed: [u8; 32],
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Arrivals> {
        let model = &self.0;
        interruptible(py, progress, |cancel| {
            heartbeat::simulate(model, duration, &Seed::new(seed), cancel)
        })
        .map(Arrivals::new)
    }

    /// Every arrival of `duration` seconds at each of several monitors.
    #[pyo3(signature = (duration, observers, one_link, seed, progress=None))]
    fn simulate_observers(
        &self,
        py: Python<'_>,
        duration: f64,
        observers: usize,
        one_link: bool,
        seed: [u8; 32],
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Vec<Arrivals>> {
        let (model, seed) = (&self.0, Seed::new(seed));
        let seen = interruptible(py, progress, |cancel| {
            heartbeat::simulate_observers(model, duration, observers, one_link, &seed, cancel)
        })?;
        Ok(seen.into_iter().map(Arrivals::new).collect())
    }
}

/// Heartbeats as a monitor saw them.
#[pyclass(frozen, module = "suspicion._core")]
#[derive(Debug)]
pub struct Arrivals(pub Arc<heartbeat::Arrivals>);

impl Arrivals {
    fn new(arrivals: heartbeat::Arrivals) -> Self {
        Self(Arc::new(arrivals))
    }

    fn session_ends(&self) -> (Vec<i64>, Vec<Nanos>) {
        let mut past = 0;
        let ends = self.0.sessions().map(|session| {
            past += session.beats.len() as i64;
            (past, session.end)
        });
        ends.unzip()
    }

    fn column(&self, values: &[Nanos]) -> Floats {
        Floats(values.iter().map(|value| seconds(*value)).collect())
    }
}

#[pymethods]
impl Arrivals {
    fn __len__(&self) -> usize {
        self.0.beats().len()
    }

    /// When each was seen, in seconds.
    fn received(&self) -> Floats {
        self.column(self.0.beats().received())
    }

    /// When each was sent, in seconds.
    fn sent(&self) -> Floats {
        self.column(self.0.beats().sent())
    }

    /// Seconds from send to sight, each correctly rounded.
    fn delays(&self) -> Floats {
        Floats(
            self.0
                .beats()
                .iter()
                .map(|beat| seconds(beat.received - beat.sent))
                .collect(),
        )
    }

    /// Seconds between neighbours within a session, each correctly rounded.
    fn gaps(&self) -> Floats {
        let sessions = self.0.sessions();
        Floats(
            sessions
                .flat_map(|session| {
                    session
                        .beats
                        .received()
                        .windows(2)
                        .map(|pair| seconds(pair[1] - pair[0]))
                })
                .collect(),
        )
    }

    /// The place of each in the schedule.
    fn number(&self) -> Integers {
        Integers(self.0.beats().number().to_vec())
    }

    /// Where each session ends, as an index past its last heartbeat, and when its observation does.
    fn sessions(&self) -> (Integers, Floats) {
        let (indices, ends) = self.session_ends();
        (Integers(indices), self.column(&ends))
    }

    /// Starts and durations of the monitor's own pauses, in seconds.
    fn pauses(&self) -> (Floats, Floats) {
        intervals(self.0.pauses())
    }

    /// Starts and durations of the sender's pauses, where a simulation knows, in seconds.
    fn sender_pauses(&self) -> (Floats, Floats) {
        intervals(self.0.sender_pauses())
    }

    /// All of it, as bytes.
    fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes()
    }

    /// The arrivals that gave these bytes.
    #[staticmethod]
    fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        heartbeat::Arrivals::from_bytes(bytes).map(Self::new)
    }

    /// Seconds between two heartbeats of the schedule.
    fn every(&self) -> f64 {
        seconds(self.0.every())
    }

    /// Seconds from the first arrival to the end of the observation.
    fn length(&self) -> f64 {
        self.0.length()
    }

    /// Whether send times are ``"unknown"``, on the ``"sender"`` clock or on a ``"shared"`` one.
    fn send_times(&self) -> &'static str {
        match self.0.send_times() {
            SendTimes::Unknown => "unknown",
            SendTimes::SenderClock => "sender",
            SendTimes::SharedClock => "shared",
        }
    }

    /// What became of the heartbeats.
    fn census(&self) -> Vec<(&'static str, u64)> {
        census(self.0.census())
    }
}

/// Starts and durations in seconds.
fn intervals(pauses: &[Pause]) -> (Floats, Floats) {
    let starts = pauses.iter().map(|pause| seconds(pause.start)).collect();
    let durations = pauses
        .iter()
        .map(|pause| seconds(pause.end - pause.start))
        .collect();
    (Floats(starts), Floats(durations))
}

/// The counts by name.
pub fn census(census: &Census) -> Vec<(&'static str, u64)> {
    let Census {
        rows,
        arrivals,
        lost,
        skipped,
        in_flight,
        duplicates,
        reordered,
        resets,
        unreadable,
    } = *census;
    vec![
        ("rows", rows),
        ("arrivals", arrivals),
        ("lost", lost),
        ("skipped", skipped),
        ("in_flight", in_flight),
        ("duplicates", duplicates),
        ("reordered", reordered),
        ("resets", resets),
        ("unreadable", unreadable),
    ]
}

/// The rows of a log, times in nanoseconds, as arrivals.
#[pyfunction]
#[pyo3(signature = (received, sent, number, every, shared_clock, pauses))]
pub fn read_log(
    py: Python<'_>,
    received: Integers,
    sent: Option<Integers>,
    number: Option<Integers>,
    every: Option<f64>,
    shared_clock: bool,
    pauses: &Pauses,
) -> PyResult<Arrivals> {
    let rows = received.0.len();
    memory::admit("received", format!("{rows} values"), rows as u64 * 160)?;
    let log = Log {
        received: received.0,
        sent: sent.map(|column| column.0),
        number: number.map(|column| column.0),
        every: every.map(|every| time::span("every", every)).transpose()?,
        shared_clock,
        pauses: timeline(&pauses.0),
    };
    interruptible(py, None, |cancel| log.into_arrivals(cancel)).map(Arrivals::new)
}

fn timeline(pauses: &pause::Pauses) -> Vec<Pause> {
    match pauses {
        pause::Pauses::Timeline(timeline) => timeline.pauses().to_vec(),
        _ => Vec::new(),
    }
}
