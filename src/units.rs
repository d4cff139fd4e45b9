//! Durations and rates as people write them, and back.

use crate::Error;

/// Reads a duration with its unit, such as `150ms`, `1.5s` or `1h30m`, into seconds.
///
/// A number without a unit is refused: readers disagree on whether it means seconds or nanoseconds.
///
/// # Errors
///
/// [`Error::Argument`] for anything else.
pub fn parse_duration(text: &str) -> Result<f64, Error> {
    let parsed = humantime::parse_duration(text).map_err(|_| {
        Error::argument(
            "duration",
            quoted(text),
            "a duration with its unit, such as '150ms' or '1h30m'",
        )
    })?;
    Ok(parsed.as_nanos() as f64 / 1e9)
}

/// Reads a rate such as `1/day`, `3/h` or `1/30d` into events per second.
///
/// # Errors
///
/// [`Error::Argument`] unless the text is a number of zero or more, a slash and a duration, or the
/// name of a unit, above zero.
pub fn parse_rate(text: &str) -> Result<f64, Error> {
    let refuse = || {
        Error::argument(
            "rate",
            quoted(text),
            "events per time, such as '1/day' or '1/30d'",
        )
    };
    let (events, span) = text.split_once('/').ok_or_else(refuse)?;
    let events: f64 = events.trim().parse().map_err(|_| refuse())?;
    let span = span.trim();
    let span = if span.starts_with(|first: char| first.is_ascii_digit()) {
        parse_duration(span)
    } else {
        parse_duration(&format!("1{span}"))
    }
    .map_err(|_| refuse())?;
    if events >= 0.0 && events.is_finite() && span > 0.0 {
        Ok(events / span)
    } else {
        Err(refuse())
    }
}

const STEPS: [(f64, &str); 8] = [
    (365.25 * 86_400.0, "years"),
    (86_400.0, "d"),
    (3_600.0, "h"),
    (60.0, "min"),
    (1.0, "s"),
    (1e-3, "ms"),
    (1e-6, "us"),
    (1e-9, "ns"),
];

/// Writes a span of seconds with three significant digits and the unit a person would choose.
pub fn format_duration(span: f64) -> String {
    if span == 0.0 {
        return "0 s".into();
    }
    if !span.is_finite() {
        return if span.is_nan() {
            "unknown".into()
        } else if span > 0.0 {
            "forever".into()
        } else {
            "-forever".into()
        };
    }
    let magnitude = span.abs();
    let (size, unit) = STEPS
        .into_iter()
        // From 100 s on minutes read better than seconds; below, "90 s" does.
        .find(|&(size, unit)| magnitude >= if unit == "min" { 100.0 } else { size * 0.9995 })
        .unwrap_or((1e-9, "ns"));
    format!("{} {unit}", significant(span / size))
}

/// Writes a rate in events per second as events per second, minute, hour, day or year.
pub fn format_rate(rate: f64) -> String {
    if rate.is_nan() {
        return "unknown".into();
    }
    let (size, unit) = [(1.0, "s"), (60.0, "min"), (3_600.0, "h"), (86_400.0, "day")]
        .into_iter()
        .find(|&(size, _)| rate * size >= 0.9995)
        .unwrap_or(if rate * 86_400.0 >= 0.05 || rate <= 0.0 {
            (86_400.0, "day")
        } else {
            (365.25 * 86_400.0, "year")
        });
    format!("{} per {unit}", significant(rate * size))
}

/// Three significant digits, without trailing zeros after the point.
fn significant(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let exponent = libm::floor(libm::log10(value.abs())) as i32;
    if !(-4..7).contains(&exponent) {
        return format!("{value:.2e}");
    }
    let digits = (2 - exponent).clamp(0, 8) as usize;
    let text = format!("{value:.digits$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').into()
    } else {
        text
    }
}

fn quoted(text: &str) -> String {
    format!("{:?}", text.chars().take(80).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_carry_their_unit() {
        for (text, expected) in [
            ("150ms", 0.15),
            ("1.5s", 1.5),
            ("2m", 120.0),
            ("1h30m", 5400.0),
            ("1d", 86_400.0),
            ("0s", 0.0),
        ] {
            assert_eq!(parse_duration(text).unwrap(), expected, "{text}");
        }
        for text in ["150", "", "-1s", "1e-3s", "nan", "s"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn rates_are_events_per_time() {
        for (text, expected) in [
            ("1/day", 1.0 / 86_400.0),
            ("1/30d", 1.0 / 2_592_000.0),
            ("3 / h", 3.0 / 3600.0),
            ("0/s", 0.0),
        ] {
            assert_eq!(parse_rate(text).unwrap(), expected, "{text}");
        }
        for text in [
            "1",
            "1/",
            "/day",
            "-1/day",
            "nan/day",
            "1/0s",
            "inf/s",
            "1/fortnight",
        ] {
            assert!(parse_rate(text).is_err(), "{text}");
        }
    }

    #[test]
    fn formatting_picks_the_unit_a_person_would() {
        for (span, expected) in [
            (0.0, "0 s"),
            (0.5, "500 ms"),
            (1.2345, "1.23 s"),
            (90.0, "90 s"),
            (600.0, "10 min"),
            (86_400.0, "1 d"),
            (2e-5, "20 us"),
            (-0.25, "-250 ms"),
            (0.9999, "1 s"),
        ] {
            assert_eq!(format_duration(span), expected);
        }
        for (rate, expected) in [
            (2.0, "2 per s"),
            (1.0 / 60.0, "1 per min"),
            (1.5 / 86_400.0, "1.5 per day"),
            (0.3 / 86_400.0, "0.3 per day"),
            (1.0 / (86_400.0 * 365.25), "1 per year"),
            (0.0, "0 per day"),
        ] {
            assert_eq!(format_rate(rate), expected);
        }
    }
}
