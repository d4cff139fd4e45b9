//! The sets that arguments are drawn from; each function admits a value or names what it expected.

use crate::Error;

/// Admits a finite number above zero.
pub fn positive(name: &'static str, value: f64) -> Result<f64, Error> {
    admit(
        value > 0.0 && value.is_finite(),
        name,
        value,
        "a positive finite number",
    )
}

/// Admits a finite number of zero or more.
pub fn non_negative(name: &'static str, value: f64) -> Result<f64, Error> {
    admit(
        value >= 0.0 && value.is_finite(),
        name,
        value,
        "a finite number of zero or more",
    )
}

/// Admits any number but NaN and the infinities.
pub fn finite(name: &'static str, value: f64) -> Result<f64, Error> {
    admit(value.is_finite(), name, value, "a finite number")
}

/// Admits a number in [0, 1].
pub fn probability(name: &'static str, value: f64) -> Result<f64, Error> {
    admit(
        (0.0..=1.0).contains(&value),
        name,
        value,
        "a probability in [0, 1]",
    )
}

/// Admits a number strictly between 0 and 1.
pub fn open_probability(name: &'static str, value: f64) -> Result<f64, Error> {
    admit(
        value > 0.0 && value < 1.0,
        name,
        value,
        "a number strictly between 0 and 1",
    )
}

/// Admits a minimum and a maximum, both times in seconds.
pub fn bounds(minimum: f64, maximum: f64) -> Result<(f64, f64), Error> {
    if minimum >= 0.0 && minimum <= maximum && maximum.is_finite() {
        Ok((minimum, maximum))
    } else {
        Err(Error::argument(
            "minimum",
            minimum,
            format!("a time from 0 to the maximum, {maximum} s"),
        ))
    }
}

/// Admits a count between `least` and `most`.
pub fn count(name: &'static str, value: usize, least: usize, most: usize) -> Result<usize, Error> {
    if (least..=most).contains(&value) {
        Ok(value)
    } else {
        Err(Error::argument(
            name,
            value,
            format!("a whole number from {least} to {most}"),
        ))
    }
}

fn admit(
    holds: bool,
    name: &'static str,
    value: f64,
    expected: &'static str,
) -> Result<f64, Error> {
    if holds {
        Ok(value)
    } else {
        Err(Error::argument(name, value, expected))
    }
}
