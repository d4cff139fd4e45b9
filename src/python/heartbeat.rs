use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use pyo3::prelude::*;

use super::array::{Floats, Integers};
use super::distribution::Distribution;
use super::interrupt::interruptible;
use super::network::Link;
use super::pause::Pauses;
use crate::heartbeat::{self, CatchUp, Census, Every, Log, Schedule, SendTimes, Simulation};
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
}

/// Arrivals of a model, block after block, simulated by a thread of their own.
#[pyclass(frozen, module = "suspicion._core")]
#[derive(Debug)]
pub struct ArrivalStream(Mutex<Receiver<Columns>>);

/// Received, sent and number of a block of arrivals.
type Columns = (Vec<f64>, Vec<f64>, Vec<i64>);

/// Blocks that are simulated ahead of whoever reads them.
const AHEAD: usize = 2;

#[pymethods]
impl ArrivalStream {
    #[new]
    fn new(model: &Heartbeats, duration: f64, seed: [u8; 32], block: usize) -> Result<Self, Error> {
        let horizon = time::span("duration", duration)?;
        let model = model.0.clone();
        let (sender, receiver) = sync_channel(AHEAD);
        thread::spawn(move || {
            let mut simulation = Simulation::new(&model, &Seed::new(seed), 0, 0, horizon, block);
            while let Some((beats, _)) = simulation.next_block() {
                let column =
                    |values: &[Nanos]| values.iter().map(|value| seconds(*value)).collect();
                let columns = (
                    column(beats.received()),
                    column(beats.sent()),
                    beats.number().to_vec(),
                );
                // Nobody reads on.
                if sender.send(columns).is_err() {
                    return;
                }
            }
        });
        Ok(Self(Mutex::new(receiver)))
    }

    /// The next block, none after the last.
    fn next_block(&self, py: Python<'_>) -> PyResult<Option<(Floats, Floats, Integers)>> {
        loop {
            let block = py.detach(|| {
                let receiver = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                receiver.recv_timeout(Duration::from_millis(10))
            });
            match block {
                Ok((received, sent, number)) => {
                    return Ok(Some((Floats(received), Floats(sent), Integers(number))));
                }
                Err(RecvTimeoutError::Timeout) => py.check_signals()?,
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
            }
        }
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

    /// All there is, in whole nanoseconds, to restore it from: received, sent, number; ends of sessions
    /// as indices and times; starts and ends of the monitor's and of the sender's pauses; the counts.
    fn parts(&self) -> Vec<Integers> {
        let beats = self.0.beats();
        let (indices, ends) = self.session_ends();
        let mut parts = vec![
            beats.received().to_vec(),
            beats.sent().to_vec(),
            beats.number().to_vec(),
            indices,
            ends,
        ];
        for pauses in [self.0.pauses(), self.0.sender_pauses()] {
            parts.push(pauses.iter().map(|pause| pause.start).collect());
            parts.push(pauses.iter().map(|pause| pause.end).collect());
        }
        parts.push(
            census(self.0.census())
                .into_iter()
                .map(|(_, count)| count as i64)
                .collect(),
        );
        parts.into_iter().map(Integers).collect()
    }

    /// The arrivals that have these parts.
    #[staticmethod]
    fn restored(parts: Vec<Integers>, every: f64, send_times: &str) -> Result<Self, Error> {
        let refuse = || {
            Error::argument(
                "parts",
                format!("{} columns", parts.len()),
                "the parts of arrivals",
            )
        };
        let column = |index: usize| {
            parts
                .get(index)
                .map(|part| part.0.clone())
                .ok_or_else(refuse)
        };
        let pauses = |index: usize| -> Result<Vec<Pause>, Error> {
            let (starts, ends) = (column(index)?, column(index + 1)?);
            Ok(starts
                .into_iter()
                .zip(ends)
                .map(|(start, end)| Pause { start, end })
                .collect())
        };
        let send_times = match send_times {
            "unknown" => SendTimes::Unknown,
            "sender" => SendTimes::SenderClock,
            _ => SendTimes::SharedClock,
        };
        let sessions = column(3)?
            .into_iter()
            .map(|index| index as usize)
            .zip(column(4)?);
        let [
            rows,
            arrivals,
            lost,
            skipped,
            in_flight,
            duplicates,
            reordered,
            resets,
            unreadable,
        ] = <[i64; 9]>::try_from(column(9)?)
            .map_err(|_| refuse())?
            .map(|count| count as u64);
        let census = Census {
            rows,
            arrivals,
            lost,
            skipped,
            in_flight,
            duplicates,
            reordered,
            resets,
            unreadable,
        };
        heartbeat::Arrivals::from_parts(
            (column(0)?, column(1)?, column(2)?),
            time::span("every", every)?,
            send_times,
            (pauses(5)?, pauses(7)?),
            sessions.collect(),
            census,
        )
        .map(Self::new)
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
