use memchr::memchr;

use super::columns::What;
use super::scan::Scan;
use super::stamp::moment;

/// No stamp is this many nanoseconds from its epoch, which is 146 years.
pub(super) const FARTHEST: i64 = 1 << 62;

/// What stands in a table for a value that is not there.
pub(super) const BLANK: [&[u8]; 6] = [b"", b"na", b"nan", b"null", b"none", b"-"];

/// What a field turned out to hold.
pub(super) enum Value {
    Known(i64),
    TooLarge,
    NotWhole,
    NoUnit,
    Unknown,
}

/// Reads a field; a comma may be a decimal point only where semicolons separate.
pub(super) fn value(field: &[u8], what: What, separator: Option<u8>) -> Value {
    let (digits, whole) = match what {
        What::Numbers => (Some(0), true),
        What::Stamps { digits, .. } => (digits, false),
    };
    let point = memchr(b'.', field).is_some();
    let comma = memchr(b',', field).is_some();
    if !comma || separator == Some(b';') {
        let mut scan = Scan::new(field);
        if let Some(value) = scan.decimal(digits.unwrap_or(9))
            && scan.is_done()
            && !(whole && (point || comma))
        {
            return digits.map_or(Value::NoUnit, |_| Value::Known(value));
        }
    }
    let number = std::str::from_utf8(field)
        .ok()
        .and_then(|text| text.parse::<f64>().ok().map(|value| (text, value)));
    match (number, digits) {
        (Some(_), None) => Value::NoUnit,
        (Some((text, value)), Some(digits)) => scaled(text, value, digits, whole),
        (None, _) if whole => Value::Unknown,
        (None, _) => moment(field).map_or(Value::Unknown, |stamp| Value::Known(stamp.at)),
    }
}

/// A number that is written with an exponent, or with more digits than 64 bits hold.
fn scaled(text: &str, value: f64, digits: u32, whole: bool) -> Value {
    if !value.is_finite() {
        return Value::TooLarge;
    }
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let places = mantissa.split_once('.').map_or(0, |(_, after)| after.len());
    let plain = mantissa.replace('.', "");
    let (Ok(mut units), Ok(exponent)) = (plain.parse::<i128>(), exponent.parse::<i32>()) else {
        let units = value * libm::pow(10.0, f64::from(digits));
        return if units.abs() <= FARTHEST as f64 {
            Value::Known(units as i64)
        } else {
            Value::TooLarge
        };
    };
    let mut shift = i64::from(exponent) + i64::from(digits) - places as i64;
    while shift > 0 && units != 0 {
        units = units.saturating_mul(10);
        if units.unsigned_abs() > FARTHEST as u128 * 2 {
            return Value::TooLarge;
        }
        shift -= 1;
    }
    let mut exact = true;
    while shift < 0 && units != 0 {
        let rest = units % 10;
        exact &= rest == 0;
        units /= 10;
        if shift == -1 && rest.abs() >= 5 {
            units += rest.signum();
        }
        shift += 1;
    }
    if whole && !exact {
        return Value::NotWhole;
    }
    i64::try_from(units).map_or(Value::TooLarge, Value::Known)
}
