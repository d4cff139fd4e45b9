/// Numbers of so many digits fit into 63 bits whatever the digits are.
pub(super) const SAFE: usize = 18;

/// Powers of ten, all of which a float holds exactly.
pub(super) const POWERS: [i64; SAFE + 1] = {
    let mut powers = [1; SAFE + 1];
    let mut place = 1;
    while place <= SAFE {
        powers[place] = 10 * powers[place - 1];
        place += 1;
    }
    powers
};

/// The decimal number that a text begins with, in units of which `10^digits` make one, and how long it is;
/// none if it has a sign, needs to be rounded, or any closer look.
#[inline]
pub(super) fn number(text: &[u8], digits: u32) -> Option<(i64, usize)> {
    let (value, length, after) = figures(text)?;
    let power = POWERS.get((digits as usize).checked_sub(after)?)?;
    Some((value.checked_mul(*power)?, length))
}

/// The digits that a text begins with and those behind a point as one number, how many bytes that is, and how
/// many digits are behind the point; none without a digit before the point, and for very long ones.
#[inline]
pub(super) fn figures(text: &[u8]) -> Option<(i64, usize, usize)> {
    if let Some(found) = text
        .first_chunk::<8>()
        .and_then(|next| short_figures(*next))
    {
        return Some(found);
    }
    let mut value = 0;
    let before = take_digits(text, &mut value);
    let mut length = before;
    let mut after = 0;
    if text.get(before) == Some(&b'.') {
        after = take_digits(&text[before + 1..], &mut value);
        length += 1 + after;
    }
    // Beyond that the value has wrapped.
    (before > 0 && length <= SAFE).then_some((value as i64, length, after))
}

/// [`figures`] that end within eight bytes, the next one included.
#[inline]
fn short_figures(text: [u8; 8]) -> Option<(i64, usize, usize)> {
    let word = digits_of(text);
    let others = others(word);
    let before = others.trailing_zeros() / 8;
    if before == 0 || before == 8 {
        return None;
    }
    if text[before as usize] != b'.' {
        return Some((joined(word, before) as i64, before as usize, 0));
    }
    let end = (others & others.wrapping_sub(1)).trailing_zeros() / 8;
    if end == 8 {
        return None;
    }
    let below = 1_u64.wrapping_shl(8 * before).wrapping_sub(1);
    let without_point = word & below | (word >> 8) & !below;
    let value = joined(without_point, end - 1) as i64;
    Some((value, end as usize, (end - before - 1) as usize))
}

/// Appends the digits that a text begins with to `value`, which wraps beyond 64 bits; how many there are.
#[inline]
pub(super) fn take_digits(text: &[u8], value: &mut u64) -> usize {
    let mut length = 0;
    while let Some(next) = text[length..].first_chunk::<8>() {
        let word = digits_of(*next);
        let count = others(word).trailing_zeros() / 8;
        if count == 0 {
            return length;
        }
        *value = value
            .wrapping_mul(POWERS[count as usize] as u64)
            .wrapping_add(joined(word, count));
        length += count as usize;
        if count < 8 {
            return length;
        }
    }
    for byte in &text[length..] {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        *value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
        length += 1;
    }
    length
}

/// Eight bytes, the first the lowest, of which those that are digits become their values, others more than nine.
fn digits_of(text: [u8; 8]) -> u64 {
    u64::from_le_bytes(text) ^ 0x3030_3030_3030_3030
}

/// The highest bit of each byte that is more than nine.
fn others(word: u64) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    // None carries into the next.
    ((word & LOW).wrapping_add(0x7676_7676_7676_7676) | word) & !LOW
}

/// The number of which the first `count` bytes, from one to eight, are the digits.
fn joined(word: u64, count: u32) -> u64 {
    // Zeros take the places before the digits.
    let ones = word.wrapping_shl(64 - 8 * count);
    // Neighbours become numbers of two digits, of four, of eight.
    let twos = (ones.wrapping_mul(10).wrapping_add(ones >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (twos.wrapping_mul(100).wrapping_add(twos >> 16)) & 0x0000_ffff_0000_ffff;
    (fours.wrapping_mul(10_000).wrapping_add(fours >> 32)) & 0xffff_ffff
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Seed};
    use rand::RngExt;

    #[test]
    fn digits_are_taken_up_to_the_first_other_byte() {
        let mut stream = Seed::from(12).stream(Purpose::Sample, 0);
        for _ in 0..50_000 {
            let length = stream.random_range(0..20);
            let digits: String = (0..length)
                .map(|_| char::from(stream.random_range(b'0'..=b'9')))
                .collect();
            let mut text = digits.clone().into_bytes();
            for _ in 0..stream.random_range(0..12) {
                text.push(stream.random());
            }
            let other = |byte: &u8| !byte.is_ascii_digit();
            let expected = text.iter().position(other).unwrap_or(text.len());
            let mut value = 0;
            assert_eq!(take_digits(&text, &mut value), expected, "{text:?}");
            if (1..20).contains(&expected) {
                let digits = std::str::from_utf8(&text[..expected]).unwrap();
                assert_eq!(value, digits.parse::<u64>().unwrap(), "{digits}");
            }
        }
    }

    #[test]
    fn numbers_do_not_depend_on_what_comes_after_them() {
        for (text, expected) in [
            ("7", Some((7, 1, 0))),
            ("7.", Some((7, 2, 0))),
            ("20.3", Some((203, 4, 1))),
            ("0.007", Some((7, 5, 3))),
            ("123456", Some((123_456, 6, 0))),
            ("12345.6", Some((123_456, 7, 1))),
            ("1234567", Some((1_234_567, 7, 0))),
            ("1234567.", Some((1_234_567, 8, 0))),
            ("1722584771162.125", Some((1_722_584_771_162_125, 17, 3))),
            ("123456789012345678", Some((123_456_789_012_345_678, 18, 0))),
            ("1234567890123456789", None),
            (".5", None),
            ("-5", None),
            ("", None),
        ] {
            for after in ["", " ", "\n1", ", 12.5 1", "x12345678", ".1.2.3.4."] {
                let dotted = after.starts_with('.') && !text.contains('.');
                if !dotted {
                    assert_eq!(
                        figures(format!("{text}{after}").as_bytes()),
                        expected,
                        "{text}{after}"
                    );
                }
            }
        }
    }
}
