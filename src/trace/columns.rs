use super::field::{BLANK, FARTHEST, Value, value};
use super::input::Input;
use super::plain::Plain;
use super::report::{Fault, Report};
use super::rows::{Row, Rows, Span};
use super::table::MISSING;
use super::words::harmless;
use crate::{Cancel, Error, memory};

/// So many rows are read between two looks at whether to stop.
const BETWEEN_LOOKS: u64 = 4096;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Points in time: numbers in a unit of which `10^-digits` is a nanosecond, or dates and times.
    Stamps {
        /// Nine for seconds, six for milliseconds, ...; none if numbers have no unit.
        digits: Option<u32>,
        /// Whether a blank stands for one that never was.
        may_be_missing: bool,
    },
    /// Whole numbers.
    Numbers,
}

/// A column that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What it is wanted as, for messages.
    pub role: String,
    /// Its name in the first line.
    pub name: String,
    /// What it holds.
    pub what: What,
}

/// Columns of a table, in nanoseconds or whole numbers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Columns {
    /// One for each that was wanted, in that order; [`MISSING`] where there is no value.
    pub values: Vec<Vec<i64>>,
    /// What became of every row.
    pub report: Report,
}

/// The names that the first line of a text table has.
///
/// # Errors
///
/// Those of [`read_columns`].
pub fn column_names(input: Input<'_>) -> Result<Vec<String>, Error> {
    let name = input.name().to_owned();
    Ok(Rows::new(input, &name)?.names)
}

/// Reads columns of a text table with one row a line and names in the first.
///
/// Fields are separated by what the first line has of commas, semicolons and tabs, or by blanks. They
/// may be quoted as RFC 4180 says, also over several lines. Decimals are taken as written, to the
/// nanosecond; where semicolons separate, a comma may be their point.
///
/// # Errors
///
/// [`Error::Argument`] if a column is not there or the text is not UTF-8; [`Error::Trace`] with path and
/// line at the first row that cannot be read, unless `skip`; [`Error::System`], [`Error::Memory`],
/// [`Error::Cancelled`].
pub fn read_columns(
    input: Input<'_>,
    wanted: &[Wanted],
    skip: bool,
    cancel: &Cancel,
) -> Result<Columns, Error> {
    let name = input.name().to_owned();
    let mut rows = Rows::new(input, &name)?;
    let places = wanted
        .iter()
        .map(|column| rows.place(column, &name))
        .collect::<Result<Vec<_>, _>>()?;
    let mut columns = Columns {
        values: vec![Vec::new(); wanted.len()],
        report: Report::default(),
    };
    let mut fields = vec![None; wanted.len()];
    let mut found = vec![0; wanted.len()];
    let (expected, separator) = (rows.names.len(), rows.separator);
    let plain = Plain::new(wanted, &places, separator, expected);
    let mut count = 0;
    loop {
        let most = BETWEEN_LOOKS - count % BETWEEN_LOOKS;
        let taken = plain.as_ref().map_or(0, |plain| {
            rows.plain(plain, most, &mut found, &mut columns.values)
        });
        columns.report.records += taken;
        if taken == 0 {
            if !rows.begin(&name)? {
                break;
            }
            let row = rows.whole(&places, &mut fields, &name)?;
            let read = if row.fields > expected {
                Err((
                    Fault::new("more fields than names", 0),
                    format!(
                        "{} fields, expected {expected} as in the first line",
                        row.fields
                    ),
                ))
            } else {
                values(&row, wanted, &places, &fields, separator, &mut found)
            };
            if let Err((fault, said)) = &read {
                if !skip {
                    return Err(Error::trace(&format!("{name}:{}", row.number), said));
                }
                columns.report.fault(*fault, row.number, row.text);
            } else {
                for (column, value) in columns.values.iter_mut().zip(&found) {
                    column.push(*value);
                }
                columns.report.records += 1;
            }
        }
        count += taken.max(1);
        if count.is_multiple_of(BETWEEN_LOOKS) {
            cancel.advance(BETWEEN_LOOKS)?;
            if count.is_power_of_two() {
                memory::admit("source", &name, count * 3 * 8 * wanted.len() as u64)?;
            }
        }
    }
    columns.report.lines = rows.lines.number();
    Ok(columns)
}

/// Reads the wanted values of a row into `found`.
fn values(
    row: &Row<'_>,
    wanted: &[Wanted],
    places: &[usize],
    fields: &[Span],
    separator: Option<u8>,
    found: &mut [i64],
) -> Result<(), (Fault, String)> {
    let text = row.unquoted.unwrap_or(row.text);
    for ((column, place), (field, found)) in wanted.iter().zip(places).zip(fields.iter().zip(found))
    {
        let refuse = |reason, at, said: &str| {
            let role = &column.role;
            let said = format!("column {} ({role}){said}", place + 1);
            Err((Fault::new(reason, at), said))
        };
        let Some((from, to)) = *field else {
            return refuse("a field is missing", row.text.len(), " is missing");
        };
        let field = text[from..to].trim_ascii();
        if field.len() <= 4 && BLANK.iter().any(|blank| field.eq_ignore_ascii_case(blank)) {
            if matches!(
                column.what,
                What::Stamps {
                    may_be_missing: true,
                    ..
                }
            ) {
                *found = MISSING;
                continue;
            }
            return refuse("a field is empty", from, " is empty");
        }
        let shown = || format!(": '{}'", harmless(field, 60));
        match value(field, column.what, separator) {
            Value::Known(value) if (-FARTHEST..=FARTHEST).contains(&value) => *found = value,
            Value::Known(_) | Value::TooLarge => {
                let said = shown() + " is out of range";
                return refuse("a number out of range", from, &said);
            }
            Value::NotWhole => {
                let said = shown() + ", expected a whole number";
                return refuse("a number that is not whole", from, &said);
            }
            Value::NoUnit => {
                let said = "unit = None, expected the unit of the numbers: 's', 'ms', 'us' or 'ns'";
                return Err((Fault::new("a number without a unit", from), said.to_owned()));
            }
            Value::Unknown => {
                let expected = match column.what {
                    What::Numbers => "a whole number",
                    What::Stamps { .. } => "a number or a date and time",
                };
                let said = shown() + ", expected " + expected;
                return refuse("a field that cannot be read", from, &said);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str, what: What) -> Result<Vec<i64>, String> {
        let wanted = [Wanted {
            role: "received".into(),
            name: "t".into(),
            what,
        }];
        let input = Input::bytes(text.as_bytes()).unwrap();
        read_columns(input, &wanted, false, &Cancel::default())
            .map(|columns| columns.values[0].clone())
            .map_err(|error| error.to_string())
    }

    const SECONDS: What = What::Stamps {
        digits: Some(9),
        may_be_missing: true,
    };

    #[test]
    fn numbers_are_taken_as_written() {
        let text = "a;t\nx;1795381181.000000001\ny;1,5\nz;1e-9\n\nw;-0.5\nv;\nu;12345678901.5E-3\n";
        let expected = [
            1_795_381_181_000_000_001,
            1_500_000_000,
            1,
            -500_000_000,
            MISSING,
            12_345_678_901_500_000,
        ];
        assert_eq!(one(text, SECONDS).unwrap(), expected);
    }

    #[test]
    fn quotes_are_those_of_rfc_4180() {
        let text = "\"a\",\"t\"\n\"1,\"\"2\nmore\",\"3\"\nplain, 4 \n\"\",5\n";
        let seconds = [3_000_000_000, 4_000_000_000, 5_000_000_000];
        assert_eq!(one(text, SECONDS).unwrap(), seconds);
    }

    #[test]
    fn a_comma_is_no_point_where_it_might_part_thousands() {
        assert!(
            one("a,t\nx,\"1,234\"\n", SECONDS)
                .unwrap_err()
                .contains("'1,234'")
        );
    }

    #[test]
    fn whole_numbers_are_whole() {
        assert_eq!(
            one("t\n7\n1e3\n2.0\n", What::Numbers).unwrap(),
            [7, 1000, 2]
        );
        assert!(
            one("t\n1.5\n", What::Numbers)
                .unwrap_err()
                .contains("a whole number")
        );
        assert!(
            one("t\n1e40\n", SECONDS)
                .unwrap_err()
                .contains("out of range")
        );
    }
}
