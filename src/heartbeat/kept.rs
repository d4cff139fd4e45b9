//! Simulations of which every arrival is kept.

use super::arrivals::{Arrivals, SendTimes};
use super::columns::Columns;
use super::model::Heartbeats;
use super::simulation::{BLOCK, Simulation};
use crate::pause::{Pause, PauseStream, Pauses};
use crate::random::{Purpose, Seed};
use crate::time::{self, Nanos, seconds};
use crate::{Cancel, Error, domain, memory};

/// Monitors of one node that are simulated.
const MOST_OBSERVERS: usize = 1000;

/// Memory of a kept arrival, with the room that growing columns take.
const BYTES: u64 = 48;

/// Simulates `duration` seconds of `model` and keeps every arrival; the first replication of `seed`.
///
/// # Errors
///
/// [`Error::Argument`] for a duration that no two heartbeats fit into, [`Error::Memory`] where the
/// arrivals would not fit into memory.
pub fn simulate(
    model: &Heartbeats,
    duration: f64,
    seed: &Seed,
    cancel: &Cancel,
) -> Result<Arrivals, Error> {
    let mut seen = simulate_observers(model, duration, 1, false, seed, cancel)?;
    Ok(seen.swap_remove(0))
}

/// Simulates what several monitors see of one node: the same heartbeats, sent at the same times, each
/// over a link of its own or all over `one_link`, and with pauses of its own.
///
/// # Errors
///
/// As [`simulate`]; [`Error::Argument`] for no monitor or more than a thousand.
pub fn simulate_observers(
    model: &Heartbeats,
    duration: f64,
    observers: usize,
    one_link: bool,
    seed: &Seed,
    cancel: &Cancel,
) -> Result<Vec<Arrivals>, Error> {
    domain::count("observers", observers, 1, MOST_OBSERVERS)?;
    let horizon = time::span("duration", duration)?;
    let heartbeats = (duration / seconds(model.interval())) as u64;
    let bytes = heartbeats.saturating_mul(BYTES * observers as u64);
    memory::admit("duration", duration, bytes)?;
    (0..observers as u64)
        .map(|observer| {
            let simulation = Simulation::new(model, seed, 0, 0, horizon, BLOCK);
            let simulation = simulation.seen_by(model, seed, observer, one_link);
            keep(simulation, model, duration, seed, cancel)
        })
        .collect()
}

/// Keeps all that a simulation of `duration` seconds gives.
fn keep(
    mut simulation: Simulation<'_>,
    model: &Heartbeats,
    duration: f64,
    seed: &Seed,
    cancel: &Cancel,
) -> Result<Arrivals, Error> {
    let horizon = simulation.horizon();
    let mut kept = Columns::default();
    let mut pauses = Vec::new();
    while let Some((beats, slept)) = simulation.next_block() {
        cancel.advance(beats.len() as u64)?;
        kept.extend(beats.received(), beats.sent(), beats.number());
        pauses.extend_from_slice(slept);
    }
    if kept.received.len() < 2 {
        return Err(Error::argument(
            "duration",
            duration,
            "a time in which two heartbeats arrive, or more",
        ));
    }
    Ok(Arrivals {
        sessions: vec![(kept.received.len(), horizon)],
        received: kept.received,
        sent: kept.sent,
        number: kept.number,
        every: model.interval(),
        send_times: SendTimes::SharedClock,
        pauses,
        sender_pauses: pauses_until(horizon, &model.sender_pauses, seed),
        census: simulation.census(),
    })
}

/// The sender's pauses before `horizon` in the first replication of `seed`.
fn pauses_until(horizon: Nanos, pauses: &Pauses, seed: &Seed) -> Vec<Pause> {
    let mut stream = PauseStream::new(pauses, 0, seed, Purpose::SenderPause, 0);
    let mut before = Vec::new();
    while stream.peek().start < horizon {
        before.push(stream.peek());
        stream.pass();
    }
    before
}
