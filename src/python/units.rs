use pyo3::prelude::*;

use crate::{Error, units};

/// Seconds in a duration with its unit, such as ``150ms``.
#[pyfunction]
pub fn parse_duration(text: &str) -> Result<f64, Error> {
    units::parse_duration(text)
}

/// Events per second in a rate such as ``1/day``.
#[pyfunction]
pub fn parse_rate(text: &str) -> Result<f64, Error> {
    units::parse_rate(text)
}

/// A span of seconds as a person would write it.
#[pyfunction]
pub fn format_duration(span: f64) -> String {
    units::format_duration(span)
}

/// Events per second as a person would write them.
#[pyfunction]
pub fn format_rate(rate: f64) -> String {
    units::format_rate(rate)
}
