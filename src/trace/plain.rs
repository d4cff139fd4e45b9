use memchr::{memchr, memchr_iter};

use super::columns::{Wanted, What};
use super::field::FARTHEST;

/// Numbers of so many digits fit into 63 bits whatever the digits are.
const SAFE: usize = 18;

/// The wanted columns in the order in which they stand in a row, for rows that are plain: no quotes, and
/// nothing but digits and points in what is wanted.
///
/// Most rows of most tables are plain, and are read several times as fast as any row can be.
#[derive(Debug)]
pub(super) struct Plain {
    columns: Vec<Column>,
    separator: u8,
    /// How many fields a row may have.
    most: usize,
}

#[derive(Debug)]
struct Column {
    /// Where it is in the row.
    place: usize,
    /// Which of the wanted ones it is.
    slot: usize,
    digits: u32,
    whole: bool,
}

impl Plain {
    /// None where no row can be plain.
    pub(super) fn new(
        wanted: &[Wanted],
        places: &[usize],
        separator: Option<u8>,
        most: usize,
    ) -> Option<Self> {
        let mut columns = Vec::new();
        for (slot, (column, place)) in wanted.iter().zip(places).enumerate() {
            let (digits, whole) = match column.what {
                What::Numbers => (0, true),
                What::Stamps { digits, .. } => (digits?, false),
            };
            columns.push(Column {
                place: *place,
                slot,
                digits,
                whole,
            });
        }
        columns.sort_by_key(|column| column.place);
        let repeated = columns.windows(2).any(|two| two[0].place == two[1].place);
        (!repeated).then_some(Self {
            columns,
            separator: separator?,
            most,
        })
    }

    /// Reads a line into `found` if it is plain; what it leaves there otherwise is of no account.
    pub(super) fn read(&self, line: &[u8], found: &mut [i64]) -> bool {
        if memchr(b'"', line).is_some() {
            return false;
        }
        let mut rest = line;
        let mut place = 0;
        for column in &self.columns {
            while place < column.place {
                let Some(end) = memchr(self.separator, rest) else {
                    return false;
                };
                rest = &rest[end + 1..];
                place += 1;
            }
            let Some((value, length)) = number(rest, column.digits, column.whole) else {
                return false;
            };
            let Some(slot) = found.get_mut(column.slot) else {
                return false;
            };
            *slot = value;
            rest = &rest[length..];
            match rest.split_first() {
                Some((byte, after)) if *byte == self.separator => {
                    rest = after;
                    place += 1;
                }
                Some(_) => return false,
                None => {
                    // The row ends here; further columns are missing.
                    return column.place == self.columns.last().map_or(0, |last| last.place);
                }
            }
        }
        place + 1 + memchr_iter(self.separator, rest).count() <= self.most
    }
}

/// The number that a text begins with, in units of which `10^digits` make one, and how long it is; none
/// if it needs to be rounded, or any closer look.
fn number(text: &[u8], digits: u32, whole: bool) -> Option<(i64, usize)> {
    let mut value = 0;
    let before = take_digits(text, &mut value);
    let mut length = before;
    let mut scale = digits as usize;
    if text.get(before) == Some(&b'.') && !whole {
        let after = take_digits(&text[before + 1..], &mut value);
        scale = scale.checked_sub(after)?;
        length += 1 + after;
    }
    if before == 0 || length > SAFE {
        return None;
    }
    let power = *POWERS.get(scale)?;
    let value = i64::try_from(value).ok()?.checked_mul(power)?;
    (value <= FARTHEST).then_some((value, length))
}

const POWERS: [i64; 10] = [
    1,
    10,
    100,
    1_000,
    10_000,
    100_000,
    1_000_000,
    10_000_000,
    100_000_000,
    1_000_000_000,
];

/// Appends the digits that a text begins with to `value`, which wraps beyond 64 bits; how many there are.
fn take_digits(text: &[u8], value: &mut u64) -> usize {
    let mut length = 0;
    while let Some(eight) = text[length..].first_chunk::<8>().and_then(eight_digits) {
        *value = value.wrapping_mul(100_000_000).wrapping_add(eight);
        length += 8;
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

/// The value of eight digits, if that is what they are.
fn eight_digits(text: &[u8; 8]) -> Option<u64> {
    let word = u64::from_le_bytes(*text);
    // The high halves of the bytes are threes, also after six more would be added.
    let high = word & 0xf0f0_f0f0_f0f0_f0f0;
    let more = word.wrapping_add(0x0606_0606_0606_0606) & 0xf0f0_f0f0_f0f0_f0f0;
    if high != 0x3030_3030_3030_3030 || more != high {
        return None;
    }
    // Neighbours are joined: to numbers of two digits, of four, of eight.
    let ones = word & 0x0f0f_0f0f_0f0f_0f0f;
    let twos = (ones.wrapping_mul(10) + (ones >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (twos.wrapping_mul(100) + (twos >> 16)) & 0x0000_ffff_0000_ffff;
    Some((fours.wrapping_mul(10_000) + (fours >> 32)) & 0xffff_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Cancel;
    use crate::random::{Purpose, Seed};
    use crate::trace::columns::read_columns;
    use crate::trace::input::Input;
    use rand::RngExt;

    fn wanted(name: &str, what: What) -> Wanted {
        Wanted {
            role: name.into(),
            name: name.into(),
            what,
        }
    }

    /// What the slow reading finds in a row that it alone may read.
    fn slowly(row: &str, wanted: &[Wanted]) -> Option<Vec<i64>> {
        // A name in quotes that is wanted by nobody changes no field, and its quotes make no row plain.
        let text = format!("a,b,c,d\n{row},\"\"\n");
        let input = Input::bytes(text.as_bytes()).unwrap();
        let columns = read_columns(input, wanted, true, &Cancel::default()).unwrap();
        (columns.report.records == 1)
            .then(|| columns.values.iter().map(|values| values[0]).collect())
    }

    #[test]
    fn plain_rows_say_what_they_say_when_read_slowly() {
        const FIELDS: [&str; 24] = [
            "0",
            "7.",
            ".5",
            "-3",
            "+3",
            " 12",
            "12 ",
            "",
            "x",
            "1e3",
            "1.5",
            "007",
            "12345678",
            "123456789",
            "1722584771162",
            "1722584771162.125",
            "99999999.99999999",
            "1.0000000005",
            "4611686018427387904",
            "4611686018427.387904",
            "4611686018427.387905",
            "99999999999999999999",
            "1234567:",
            "1.2.3",
        ];
        let mut stream = Seed::from(11).stream(Purpose::Sample, 0);
        let mut pick = || FIELDS[stream.random_range(0..FIELDS.len())];
        let milliseconds = What::Stamps {
            digits: Some(6),
            may_be_missing: true,
        };
        let wanted = [wanted("c", milliseconds), wanted("a", What::Numbers)];
        let plain = Plain::new(&wanted, &[2, 0], Some(b','), 4).unwrap();
        let mut read = 0;
        for _ in 0..20_000 {
            let row = format!("{},{},{}", pick(), pick(), pick());
            let mut found = [0; 2];
            if plain.read(row.as_bytes(), &mut found) {
                assert_eq!(slowly(&row, &wanted), Some(found.to_vec()), "{row}");
                read += 1;
            }
        }
        assert!(read > 1000, "{read}");
    }

    #[test]
    fn rows_of_another_shape_are_not_plain() {
        let wanted = [wanted("b", What::Numbers)];
        let plain = Plain::new(&wanted, &[1], Some(b','), 3).unwrap();
        let is_plain = |row: &str| plain.read(row.as_bytes(), &mut [0]);
        assert!(is_plain("x,5,y") && is_plain("x,5") && is_plain("x,5,"));
        for row in ["x", "", "x,", "x,5,y,z", "x,5,\"y\"", "x,5;y", "x,5 "] {
            assert!(!is_plain(row), "{row}");
        }
    }
}
