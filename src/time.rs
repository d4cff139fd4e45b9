//! Points in time and the way from and to seconds.
//!
//! A point in time is a whole number of nanoseconds since the start of a run. Two stamps that a log
//! gives in milliseconds are then exactly as far apart as the log says, so a gap of 100 ms is not
//! "over 100 ms" by a rounding error, and a run of centuries loses no precision. Spans of time are
//! `f64` seconds.

use crate::Error;

/// A point in time, in nanoseconds since the start of the run.
pub type Nanos = i64;

/// Longest time a run may last, in seconds: a century.
pub const LONGEST: f64 = 3.2e9;

/// The span in seconds, correctly rounded: 100,000,000 ns is the same number as the literal `0.1`.
#[inline]
pub fn seconds(span: Nanos) -> f64 {
    span as f64 / 1e9
}

/// The nearest whole number of nanoseconds; a span past the end of time stays at the end of time.
#[inline]
pub fn nanos(span: f64) -> Nanos {
    // `as` truncates towards zero and saturates.
    (span * 1e9 + if span < 0.0 { -0.5 } else { 0.5 }) as Nanos
}

/// Admits a length of time between a nanosecond and a century and returns it in nanoseconds.
pub fn span(name: &'static str, value: f64) -> Result<Nanos, Error> {
    if (1e-9..=LONGEST).contains(&value) {
        Ok(nanos(value))
    } else {
        Err(Error::argument(
            name,
            value,
            "a time from 1 ns to 100 years, in seconds",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_of_whole_milliseconds_equal_their_decimal_literals() {
        for (span, literal) in [
            (100_000_000, 0.1),
            (300_000_000, 0.3),
            (11_329_000_000, 11.329),
        ] {
            assert_eq!(seconds(span), literal);
            assert_eq!(nanos(literal), span);
        }
    }

    #[test]
    fn rounding_is_to_the_nearest_on_both_sides_of_zero() {
        assert_eq!(nanos(1.6e-9), 2);
        assert_eq!(nanos(-1.6e-9), -2);
        assert_eq!(nanos(f64::MAX), Nanos::MAX);
    }
}
