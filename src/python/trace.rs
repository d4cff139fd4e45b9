use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList};

use super::array::{Floats, Integers};
use super::interrupt::interruptible;
use crate::Error;
use crate::trace;
use crate::trace::{
    Column, Columns, Compression, Format, Input, Options, Reading, Report, Table, Unit, Wanted,
    What, read,
};

/// What a file turned out to hold, as tables of columns.
#[pyclass(frozen, module = "suspicion._core")]
#[derive(Debug)]
pub struct Trace {
    format: Format,
    compression: Compression,
    kind: &'static str,
    clock: &'static str,
    unit: &'static str,
    covered: Option<(i64, i64)>,
    lost: Option<u64>,
    report: Report,
    tables: Mutex<Option<Vec<(&'static str, Table)>>>,
}

impl From<Reading> for Trace {
    fn from(reading: Reading) -> Self {
        let trace = reading.trace;
        Self {
            format: reading.format,
            compression: reading.compression,
            kind: trace.kind(),
            clock: trace.clock().name(),
            unit: trace.unit(),
            covered: trace.covered(),
            lost: trace.lost(),
            report: reading.report,
            tables: Mutex::new(Some(trace.into_tables())),
        }
    }
}

#[pymethods]
impl Trace {
    /// The noun that it is: "delays", "capture", "pauses", "histograms", "clock offsets" or "events".
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn format(&self) -> &'static str {
        self.format.name()
    }

    fn compression(&self) -> &'static str {
        self.compression.name()
    }

    /// What its times count from.
    fn clock(&self) -> &'static str {
        self.clock
    }

    fn unit(&self) -> &'static str {
        self.unit
    }

    /// First and last moment that a log of pauses covers, in nanoseconds.
    fn covered(&self) -> Option<(i64, i64)> {
        self.covered
    }

    /// How many probes were never answered, where the reader counts them.
    fn lost(&self) -> Option<u64> {
        self.lost
    }

    /// Lines, records and lines passed over.
    fn lines(&self) -> (u64, u64, u64) {
        let Report {
            lines,
            records,
            passed_over,
            ..
        } = self.report;
        (lines, records, passed_over)
    }

    /// Reason, count, and line, column and text of the first, of all that was not understood.
    fn faults(&self) -> Vec<(&'static str, u64, u64, usize, String)> {
        let faults = self.report.faults.iter();
        faults
            .map(|fault| {
                let text = fault.text.clone();
                (fault.reason, fault.count, fault.line, fault.column, text)
            })
            .collect()
    }

    fn notes(&self) -> BTreeMap<&'static str, u64> {
        self.report.notes.iter().copied().collect()
    }

    /// Its tables by name, each a dictionary of columns; a column of names is a pair of an array of
    /// places and the list of names. They are handed over, and there is nothing the second time.
    fn tables<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let mut held = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = held.take();
        drop(held);
        let tables = PyDict::new(py);
        for (name, table) in taken.unwrap_or_default() {
            tables.set_item(name, columns(py, table)?)?;
        }
        Ok(tables.into_any())
    }
}

fn columns(py: Python<'_>, table: Table) -> PyResult<Bound<'_, PyDict>> {
    let columns = PyDict::new(py);
    for (name, column) in table {
        match column {
            Column::Nanos(values) | Column::Numbers(values) => {
                columns.set_item(name, Integers(values))?;
            }
            Column::Floats(values) => columns.set_item(name, Floats(values))?,
            Column::Words(words) => {
                let codes = words.codes().iter().map(|code| i64::from(*code)).collect();
                let names = PyList::new(py, words.names())?;
                columns.set_item(name, (Integers(codes), names))?;
            }
        }
    }
    Ok(columns)
}

/// Where a trace is read from.
#[derive(Debug, FromPyObject)]
pub enum Origin {
    #[pyo3(transparent)]
    Bytes(Vec<u8>),
    #[pyo3(transparent)]
    Path(PathBuf),
}

impl Origin {
    fn open(&self) -> Result<Input<'_>, Error> {
        match self {
            Self::Bytes(bytes) => Input::bytes(bytes),
            Self::Path(path) => Input::open(path),
        }
    }
}

/// Reads a trace from a path or from bytes, in a named format or in the one it turns out to have.
#[pyfunction]
#[pyo3(signature = (source, format, strict, port, unit, progress=None))]
pub fn read_trace(
    py: Python<'_>,
    source: Origin,
    format: Option<&str>,
    strict: bool,
    port: Option<u16>,
    unit: Option<&str>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Trace> {
    let format = format.map(named).transpose()?;
    let options = Options {
        strict,
        port,
        unit: unit.and_then(Unit::named),
    };
    interruptible(py, progress, |cancel| {
        read(source.open()?, format, &options, cancel)
    })
    .map(Trace::from)
}

/// Reads columns of a text table: for each its role, its name, and the digits of its unit behind a
/// nanosecond (none if numbers have no unit), whether a blank is a missing value, or whether it holds
/// whole numbers instead. With the columns comes how many rows were left out.
#[pyfunction]
#[pyo3(signature = (source, wanted, skip, progress=None))]
pub fn read_columns(
    py: Python<'_>,
    source: Origin,
    wanted: Vec<(String, String, Option<u32>, bool, bool)>,
    skip: bool,
    progress: Option<Py<PyAny>>,
) -> PyResult<(Vec<Integers>, u64)> {
    let wanted: Vec<_> = wanted
        .into_iter()
        .map(|(role, name, digits, may_be_missing, whole)| Wanted {
            role,
            name,
            what: if whole {
                What::Numbers
            } else {
                What::Stamps {
                    digits,
                    may_be_missing,
                }
            },
        })
        .collect();
    let Columns { values, report } = interruptible(py, progress, |cancel| {
        trace::read_columns(source.open()?, &wanted, skip, cancel)
    })?;
    Ok((values.into_iter().map(Integers).collect(), report.faulty()))
}

/// The names that the first line of a text table has.
#[pyfunction]
pub fn column_names(py: Python<'_>, source: Origin) -> PyResult<Vec<String>> {
    interruptible(py, None, |_| trace::column_names(source.open()?))
}

/// The bytes of a path, or bytes themselves, decompressed: at most so many, or their beginning.
#[pyfunction]
#[pyo3(signature = (source, most, beginning=false))]
pub fn unpacked<'py>(
    py: Python<'py>,
    source: Origin,
    most: u64,
    beginning: bool,
) -> PyResult<Bound<'py, PyBytes>> {
    let bytes = interruptible(py, None, |_| {
        let mut bytes = Vec::new();
        let input = source.open()?;
        let name = input.name().to_owned();
        let more = most.saturating_add(1);
        let read = input.take(more).read_to_end(&mut bytes);
        read.map_err(|error| Error::file(&name, &error))?;
        if bytes.len() as u64 > most {
            if !beginning {
                return Err(Error::trace(&name, &format!("more than {most} bytes")));
            }
            bytes.truncate(most as usize);
        }
        Ok(bytes)
    })?;
    Ok(PyBytes::new(py, &bytes))
}

/// Names of the formats that can be read.
#[pyfunction]
pub fn trace_formats() -> Vec<&'static str> {
    Format::ALL.iter().map(|format| format.name()).collect()
}

fn named(name: &str) -> Result<Format, Error> {
    Format::named(name).ok_or_else(|| {
        let names: Vec<_> = Format::ALL.iter().map(|format| format.name()).collect();
        Error::argument(
            "format",
            format!("{name:?}"),
            format!("one of {}", names.join(", ")),
        )
    })
}
