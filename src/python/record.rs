use std::net::IpAddr;
use std::path::PathBuf;

use pyo3::prelude::*;

use super::array::Integers;
use super::interrupt::attended;
use crate::record::{self, Family, Histogram, PauseMeter, Place, RttMeter};
use crate::time::{self, Nanos, seconds};
use crate::{Error, domain};

/// What a recording of pauses has seen, in seconds.
#[pyclass(frozen, get_all, module = "suspicion._core")]
#[derive(Debug)]
pub struct PauseSummary {
    watched: f64,
    pauses: u64,
    paused: f64,
    longest: f64,
    suspended: f64,
    dropped: u64,
    /// Lower end and width in nanoseconds and count of each bucket.
    lateness: Py<Buckets>,
}

/// What a recording of round trips has seen, in seconds.
#[pyclass(frozen, get_all, module = "suspicion._core")]
#[derive(Debug)]
pub struct RttSummary {
    address: String,
    watched: f64,
    probes: u64,
    ok: u64,
    late: u64,
    duplicate: u64,
    timeout: u64,
    refused: u64,
    error: u64,
    unsent: u64,
    unknown: u64,
    strange: u64,
    dropped: u64,
    suspended: f64,
    shortest: Option<f64>,
    longest: Option<f64>,
    failure: Option<String>,
    rtt: Py<Buckets>,
}

/// Counts of spans of time in buckets.
#[pyclass(frozen, module = "suspicion._core")]
#[derive(Debug)]
pub struct Buckets(Histogram);

#[pymethods]
impl Buckets {
    /// Lower end and width in nanoseconds and count of each bucket that is not empty.
    fn columns(&self) -> (Integers, Integers, Integers) {
        let column = |of: fn((u64, u64, u64)) -> u64| {
            Integers(self.0.buckets().map(|row| of(row) as i64).collect())
        };
        (
            column(|row| row.0),
            column(|row| row.1),
            column(|row| row.2),
        )
    }
}

fn place(path: Option<PathBuf>, existing: &str) -> Result<Place, Error> {
    Ok(match path {
        Some(path) => Place::file(path, existing.parse()?),
        None => Place::standard_output(),
    })
}

fn span(duration: Option<f64>) -> Result<Option<Nanos>, Error> {
    duration
        .map(|duration| time::span("duration", duration))
        .transpose()
}

/// Records pauses; with what a signal raised that ended it.
#[pyfunction]
#[pyo3(signature = (path, existing, duration, sleep, least))]
pub fn record_pauses(
    py: Python<'_>,
    path: Option<PathBuf>,
    existing: &str,
    duration: Option<f64>,
    sleep: f64,
    least: f64,
) -> PyResult<(PauseSummary, Option<PyErr>)> {
    let meter = PauseMeter::new(sleep, least)?;
    let (place, duration) = (place(path, existing)?, span(duration)?);
    let (seen, raised) = attended(py, |cancel| meter.record(&place, duration, cancel))?;
    let summary = PauseSummary {
        watched: seconds(seen.watched),
        pauses: seen.pauses,
        paused: seconds(seen.paused),
        longest: seconds(seen.longest),
        suspended: seconds(seen.suspended),
        dropped: seen.dropped,
        lateness: Py::new(py, Buckets(seen.lateness))?,
    };
    Ok((summary, raised))
}

/// Records round trips; with what a signal raised that ended it.
#[pyfunction]
#[pyo3(signature = (path, existing, target, duration, transport, family, every, timeout))]
#[expect(clippy::too_many_arguments, reason = "each is one of the caller's")]
pub fn record_rtt(
    py: Python<'_>,
    path: Option<PathBuf>,
    existing: &str,
    target: &str,
    duration: Option<f64>,
    transport: &str,
    family: Option<u8>,
    every: f64,
    timeout: f64,
) -> PyResult<(RttSummary, Option<PyErr>)> {
    let family = match family {
        None => Family::Any,
        Some(4) => Family::V4,
        Some(6) => Family::V6,
        Some(other) => return Err(Error::argument("family", other, "4, 6 or None").into()),
    };
    let meter = RttMeter::new(target.parse()?, family, transport.parse()?, every, timeout)?;
    let (place, duration) = (place(path, existing)?, span(duration)?);
    let (seen, raised) = attended(py, |cancel| meter.record(&place, duration, cancel))?;
    let summary = RttSummary {
        address: seen.address,
        watched: seconds(seen.watched),
        probes: seen.probes,
        ok: seen.ok,
        late: seen.late,
        duplicate: seen.duplicate,
        timeout: seen.timeout,
        refused: seen.refused,
        error: seen.error,
        unsent: seen.unsent,
        unknown: seen.unknown,
        strange: seen.strange,
        dropped: seen.dropped,
        suspended: seconds(seen.suspended),
        shortest: seen.shortest.map(seconds),
        longest: seen.longest.map(seconds),
        failure: seen.failure,
        rtt: Py::new(py, Buckets(seen.rtt))?,
    };
    Ok((summary, raised))
}

/// An echo server on a thread of its own.
#[pyclass(frozen, module = "suspicion._core")]
#[derive(Debug)]
pub struct Echo(record::Echo);

#[pymethods]
impl Echo {
    #[new]
    fn new(bind: &str, port: usize) -> Result<Self, Error> {
        let port = domain::count("port", port, 0, usize::from(u16::MAX))? as u16;
        let address: IpAddr = bind.parse().map_err(|_| {
            let expected = "an address of this machine, such as '127.0.0.1', '0.0.0.0' or '::1'";
            Error::argument("bind", record::quoted(bind), expected)
        })?;
        record::Echo::start(address, port).map(Self)
    }

    /// Address and port it listens on.
    fn address(&self) -> (String, u16) {
        let address = self.0.address();
        (address.ip().to_string(), address.port())
    }

    /// Probes answered, datagrams ignored, connections taken.
    fn counts(&self) -> (u64, u64, u64) {
        let counts = self.0.counts();
        (counts.answered, counts.ignored, counts.connections)
    }

    /// Stops it and returns once its port is free again.
    fn stop(&self, py: Python<'_>) {
        py.detach(|| self.0.stop());
    }
}
