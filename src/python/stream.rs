use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use pyo3::prelude::*;

use super::array::{Floats, Integers};
use super::heartbeat::Heartbeats;
use crate::Error;
use crate::heartbeat::Simulation;
use crate::random::Seed;
use crate::time::{self, Nanos, seconds};

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
