use memchr::{memchr, memchr_iter, memchr3};

use super::columns::{Wanted, What};
use super::digits::number;
use super::field::FARTHEST;
use super::lines::LONGEST;
use super::table::MISSING;

/// The wanted columns in the order in which they stand in a row, for rows that are plain: no quotes, and
/// nothing but digits and points, or nothing at all, in what is wanted.
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
    may_be_missing: bool,
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
            let (digits, may_be_missing) = match column.what {
                What::Numbers => (0, false),
                What::Stamps {
                    digits,
                    may_be_missing,
                } => (digits?, may_be_missing),
            };
            columns.push(Column {
                place: *place,
                slot,
                digits,
                may_be_missing,
            });
        }
        columns.sort_by_key(|column| column.place);
        let repeated = columns.windows(2).any(|two| two[0].place == two[1].place);
        let any = !columns.is_empty();
        (any && !repeated).then_some(Self {
            columns,
            separator: separator?,
            most,
        })
    }

    /// Appends the values of the rows that `text` begins with, for as long as they are plain and end in it, but of
    /// no more than `most`; how many bytes and rows that was. What it leaves in `found` is of no account.
    pub(super) fn rows(
        &self,
        text: &[u8],
        most: u64,
        found: &mut [i64],
        values: &mut [Vec<i64>],
    ) -> (usize, u64) {
        let (mut length, mut rows) = (0, 0);
        while rows < most
            && let Some(row) = self.row(&text[length..], found)
        {
            for (column, value) in values.iter_mut().zip(&*found) {
                column.push(*value);
            }
            length += row;
            rows += 1;
        }
        (length, rows)
    }

    /// Reads the row that `text` begins with into `found` if it is plain; how long it is with its end.
    ///
    /// Where a row ends is only searched for behind the last column that is wanted, since numbers end there too.
    #[inline]
    fn row(&self, text: &[u8], found: &mut [i64]) -> Option<usize> {
        let mut rest = text;
        let mut place = 0;
        for column in &self.columns {
            while place < column.place {
                let mark = memchr3(self.separator, b'"', b'\n', rest)?;
                if rest[mark] != self.separator {
                    return None;
                }
                rest = &rest[mark + 1..];
                place += 1;
            }
            let (value, length) = match number(rest, column.digits) {
                Some((value, length)) if value <= FARTHEST => (value, length),
                Some(_) => return None,
                // An empty line is no row.
                None if column.may_be_missing
                    && (place > 0 || rest.first() == Some(&self.separator)) =>
                {
                    (MISSING, 0)
                }
                None => return None,
            };
            *found.get_mut(column.slot)? = value;
            rest = &rest[length..];
            place += 1;
            if rest.first() == Some(&self.separator) {
                rest = &rest[1..];
            } else {
                let end = match rest {
                    [b'\n', ..] => 1,
                    [b'\r', b'\n', ..] => 2,
                    _ => return None,
                };
                // Further columns are missing if this is not the last.
                let complete = column.place == self.columns.last()?.place;
                let length = text.len() - rest.len();
                return (complete && length < LONGEST).then_some(length + end);
            }
        }
        let end = memchr(b'\n', rest)?;
        let length = text.len() - rest.len() + end;
        let after = &rest[..end];
        let fields = place + 1 + memchr_iter(self.separator, after).count();
        let plain = fields <= self.most && memchr(b'"', after).is_none();
        (plain && length < LONGEST).then_some(length + 1)
    }
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
        let mut text = "a,b,c,d\n".to_owned();
        let mut read = 0;
        for number in 0..30_000 {
            let end = ["\n", "\r\n", ",\n", ",x\r\n", "\n\n", ",,\n", ",\"\"\n"][number % 7];
            let row = format!("{},{},{}{end}", pick(), pick(), pick());
            read += usize::from(plain.row(row.as_bytes(), &mut [0; 2]).is_some());
            text += &row;
        }
        assert!(read > 1000, "{read}");
        let table = |wanted: &[Wanted]| {
            let input = Input::bytes(text.as_bytes()).unwrap();
            read_columns(input, wanted, true, &Cancel::default()).unwrap()
        };
        // Nothing is plain where a column is wanted twice.
        let [c, a] = wanted.clone();
        let mut slowly = table(&[c, a.clone(), a]);
        slowly.values.pop();
        assert_eq!(table(&wanted), slowly);
    }

    #[test]
    fn rows_of_another_shape_are_not_plain() {
        let wanted = [wanted("b", What::Numbers)];
        let plain = Plain::new(&wanted, &[1], Some(b','), 3).unwrap();
        let is_plain = |row: &str| {
            let [line, windows] = ["\n", "\r\n"].map(|end| format!("{row}{end}"));
            let length = plain.row(line.as_bytes(), &mut [0]);
            let longer = length.map(|length| length + 1);
            assert_eq!(plain.row(windows.as_bytes(), &mut [0]), longer, "{row}");
            assert_eq!(plain.row(row.as_bytes(), &mut [0]), None, "{row}");
            length.is_some()
        };
        assert!(is_plain("x,5,y") && is_plain("x,5") && is_plain("x,5,"));
        for row in ["x", "", "x,", "x,5,y,z", "x,5,\"y\"", "x,5;y", "x,5 "] {
            assert!(!is_plain(row), "{row}");
        }
    }

    #[test]
    fn plain_rows_are_read_up_to_the_first_other_one() {
        let stamps = What::Stamps {
            digits: Some(0),
            may_be_missing: true,
        };
        let wanted = [wanted("a", stamps), wanted("b", What::Numbers)];
        let plain = Plain::new(&wanted, &[0, 1], Some(b','), 2).unwrap();
        let read = |text: &str, most| {
            let mut values = [Vec::new(), Vec::new()];
            let taken = plain.rows(text.as_bytes(), most, &mut [0; 2], &mut values);
            (taken, values)
        };
        let text = "1,2\n,3\r\n4,5\n\n6,7\n";
        let [a, b] = [vec![1, MISSING, 4], vec![2, 3, 5]];
        assert_eq!(read(text, 9), ((12, 3), [a, b]));
        assert_eq!(read(text, 1), ((4, 1), [vec![1], vec![2]]));
        for none in ["", "\n", "\r\n", "1\n2,3\n", "1,\n", "1,2", "1,2,3\n"] {
            assert_eq!(read(none, 9).0, (0, 0), "{none:?}");
        }
    }
}
