use memchr::{memchr, memchr_iter, memmem};

use super::digits::{POWERS, SAFE, figures, number, take_digits};
use super::report::Fault;

/// A place in a line, from which its parts are taken one after the other.
#[derive(Debug, Clone, Copy)]
pub struct Scan<'a> {
    line: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    /// The beginning of a line.
    pub fn new(line: &'a [u8]) -> Self {
        Self { line, at: 0 }
    }

    /// What is still to come.
    pub fn rest(&self) -> &'a [u8] {
        &self.line[self.at..]
    }

    /// How many bytes were taken.
    pub fn column(&self) -> usize {
        self.at
    }

    /// Whether nothing is left.
    pub fn is_done(&self) -> bool {
        self.at == self.line.len()
    }

    /// A fault at this place.
    pub fn fault(&self, reason: &'static str) -> Fault {
        Fault::new(reason, self.at)
    }

    /// The next byte, left in place.
    pub fn peek(&self) -> Option<u8> {
        self.line.get(self.at).copied()
    }

    /// Takes `expected` if it comes next.
    pub fn tag(&mut self, expected: &[u8]) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.at += expected.len();
        }
        found
    }

    /// Takes so many bytes, or all that are left.
    pub fn skip(&mut self, count: usize) {
        self.at = self.at.saturating_add(count).min(self.line.len());
    }

    /// Takes blanks and tabs.
    pub fn blanks(&mut self) -> &mut Self {
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        self
    }

    /// Takes what comes before the next `end`, and `end` itself; none, and nothing taken, without it.
    pub fn until(&mut self, end: u8) -> Option<&'a [u8]> {
        let length = memchr(end, self.rest())?;
        let found = &self.rest()[..length];
        self.at += length + 1;
        Some(found)
    }

    /// Takes everything up to the end of the next `needle`; whether there was one.
    pub fn past(&mut self, needle: &[u8]) -> bool {
        match find(self.rest(), needle) {
            Some(found) => {
                self.at += found + needle.len();
                true
            }
            None => false,
        }
    }

    /// Takes a word: everything up to the next blank, tab or the end.
    pub fn word(&mut self) -> &'a [u8] {
        let rest = self.rest();
        let length = rest
            .iter()
            .position(|byte| matches!(byte, b' ' | b'\t'))
            .unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// Takes a whole number of zero or more that fits into 63 bits.
    pub fn whole(&mut self) -> Option<i64> {
        let mut short = 0;
        let digits = take_digits(self.rest(), &mut short);
        if digits <= SAFE {
            self.at += digits;
            return (digits > 0).then_some(short as i64);
        }
        let mut value: i64 = 0;
        let mut length = 0;
        for digit in self.rest().iter().take_while(|byte| byte.is_ascii_digit()) {
            value = value
                .checked_mul(10)?
                .checked_add(i64::from(digit - b'0'))?;
            length += 1;
        }
        self.at += length;
        (length > 0).then_some(value)
    }

    /// Takes a decimal number, with a sign, a point or a comma if it has them, as a whole number of
    /// units of which `10^digits` make one; what is finer is rounded to the nearest.
    ///
    /// Seconds become nanoseconds with `digits` = 9, milliseconds with 6.
    #[inline]
    pub fn decimal(&mut self, digits: u32) -> Option<i64> {
        // Most have no sign, few digits, and nothing to round. A comma may be a point.
        match number(self.rest(), digits) {
            Some((value, length)) if self.rest().get(length) != Some(&b',') => {
                self.at += length;
                Some(value)
            }
            _ => self.any_decimal(digits),
        }
    }

    fn any_decimal(&mut self, digits: u32) -> Option<i64> {
        let rest = self.rest();
        let mut place = usize::from(matches!(rest.first(), Some(b'-' | b'+')));
        let negative = rest.first() == Some(&b'-');
        let first = place;
        let mut value: i64 = 0;
        while let Some(digit) = digit_at(rest, place) {
            value = value.checked_mul(10)?.checked_add(digit)?;
            place += 1;
        }
        let mut any = place > first;
        let mut scale = digits;
        if matches!(rest.get(place), Some(b'.' | b','))
            && (any || digit_at(rest, place + 1).is_some())
        {
            place += 1;
            while scale > 0
                && let Some(digit) = digit_at(rest, place)
            {
                value = value.checked_mul(10)?.checked_add(digit)?;
                (place, scale, any) = (place + 1, scale - 1, true);
            }
            if scale == 0 && digit_at(rest, place).is_some_and(|digit| digit >= 5) {
                value = value.checked_add(1)?;
            }
            while digit_at(rest, place).is_some() {
                place += 1;
                any = true;
            }
        }
        if !any {
            return None;
        }
        value = value.checked_mul(10_i64.checked_pow(scale)?)?;
        self.at += place;
        Some(if negative { -value } else { value })
    }

    /// Takes a number as people write floating-point ones, without infinities and NaN.
    pub fn float(&mut self) -> Option<f64> {
        let rest = self.rest();
        if let Some((value, length)) = short_float(rest) {
            self.at += length;
            return Some(value);
        }
        let length = rest
            .iter()
            .position(|byte| !is_of_float(*byte))
            .unwrap_or(rest.len());
        let text = std::str::from_utf8(&rest[..length]).ok()?;
        let value: f64 = text.parse().ok()?;
        if !value.is_finite() {
            return None;
        }
        self.at += length;
        Some(value)
    }
}

/// A number of so few digits that they and the power of ten that divides them are floats, so that there is one
/// rounding only, as when it is parsed.
fn short_float(text: &[u8]) -> Option<(f64, usize)> {
    const EXACT: i64 = 1 << 53;
    let sign = usize::from(text.first() == Some(&b'-'));
    let (value, length, after) = figures(&text[sign..])?;
    let length = sign + length;
    let ends = text.get(length).is_none_or(|byte| !is_of_float(*byte));
    let value = (ends && value <= EXACT).then_some(value as f64)? / *POWERS.get(after)? as f64;
    Some((if sign > 0 { -value } else { value }, length))
}

fn is_of_float(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')
}

fn digit_at(text: &[u8], place: usize) -> Option<i64> {
    let byte = text.get(place)?;
    byte.is_ascii_digit().then(|| i64::from(byte - b'0'))
}

/// Whether `needle` is anywhere in a line.
pub fn has(line: &[u8], needle: &[u8]) -> bool {
    find(line, needle).is_some()
}

/// The first place of `needle` in a line.
fn find(line: &[u8], needle: &[u8]) -> Option<usize> {
    /// To prepare a search costs more than to search a line shorter than this.
    const SHORT: usize = 256;
    let Some((first, rest)) = needle.split_first() else {
        return Some(0);
    };
    if line.len() >= SHORT {
        return memmem::find(line, needle);
    }
    memchr_iter(*first, line).find(|place| line[place + 1..].starts_with(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str, digits: u32) -> Option<(i64, usize)> {
        let mut scan = Scan::new(text.as_bytes());
        scan.decimal(digits).map(|value| (value, scan.column()))
    }

    #[test]
    fn needles_are_found_in_short_and_long_lines() {
        for length in [10, 255, 256, 1000] {
            let line = [vec![b'a'; length - 3], b"aab".to_vec()].concat();
            assert_eq!(find(&line, b"aab"), Some(length - 3));
            assert_eq!(find(&line, b"b"), Some(length - 1));
            assert_eq!(find(&line, b"ba"), None);
            assert_eq!(find(&line, b""), Some(0));
        }
    }

    #[test]
    fn decimals_are_exact_and_rounded_beyond_the_unit() {
        assert_eq!(
            decimal("1795381181.64621]", 9),
            Some((1_795_381_181_646_210_000, 16))
        );
        assert_eq!(decimal("0,025 ms", 6), Some((25_000, 5)));
        assert_eq!(decimal("-1.5", 0), Some((-2, 4)));
        assert_eq!(decimal("7.", 3), Some((7000, 2)));
        assert_eq!(decimal(".5", 3), Some((500, 2)));
        assert_eq!(decimal("0.1234567894999", 9), Some((123_456_789, 15)));
        for none in [
            "",
            "-",
            ".",
            "x",
            "99999999999999999999",
            "9999999999999999999.9",
        ] {
            assert_eq!(decimal(none, 9), None, "{none}");
        }
    }

    #[test]
    fn floats_are_those_of_the_standard_library() {
        for text in [
            "0",
            "-0",
            "-0.000000",
            "13.778190",
            "-0.000006019",
            "7.",
            "9007199254740993",
            "9007199254740992.0",
            "0.30000000000000004",
            "123456789.12345678",
            "1e-3",
            "+1.5",
        ] {
            let mut scan = Scan::new(text.as_bytes());
            let expected: f64 = text.parse().unwrap();
            assert_eq!(
                scan.float().map(f64::to_bits),
                Some(expected.to_bits()),
                "{text}"
            );
            assert!(scan.is_done(), "{text}");
        }
        for none in ["", "-", "1.5.2", "1-2", "1.5e", "x"] {
            assert_eq!(Scan::new(none.as_bytes()).float(), None, "{none}");
        }
    }
}
