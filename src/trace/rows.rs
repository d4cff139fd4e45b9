use std::io::Read;

use memchr::{memchr, memchr_iter};

use super::columns::Wanted;
use super::lines::{LONGEST, Lines};
use super::plain::Plain;
use super::words::harmless;
use crate::Error;

/// The rows of a table.
pub(super) struct Rows<R> {
    pub(super) lines: Lines<R>,
    /// None where blanks separate.
    pub(super) separator: Option<u8>,
    pub(super) names: Vec<String>,
    /// A row whose quotes span lines.
    joined: Vec<u8>,
    /// The fields that are wanted, without their quotes, where there are any.
    unquoted: Vec<u8>,
}

/// A row: its line, its text, how many fields it has.
pub(super) struct Row<'a> {
    pub(super) number: u64,
    pub(super) text: &'a [u8],
    pub(super) fields: usize,
    pub(super) unquoted: Option<&'a [u8]>,
}

/// Start and end of a field.
pub(super) type Span = Option<(usize, usize)>;

impl<R: Read> Rows<R> {
    /// The rows after the first line, which names the columns.
    pub(super) fn new(source: R, name: &str) -> Result<Self, Error> {
        let mut lines = Lines::new(source);
        let first = lines
            .next()
            .map_err(|error| Error::file(name, &error))?
            .map_or(Vec::new(), |line| line.text.to_vec());
        let Some(text) = std::str::from_utf8(&first)
            .ok()
            .filter(|text| !text.contains('\0'))
        else {
            let begin = harmless(&first, 8);
            return Err(Error::argument(
                "source",
                format!("'{name}'"),
                format!("text in UTF-8, not what begins with {begin:?}"),
            ));
        };
        if text.trim().is_empty() {
            let said = "an empty line, expected the names of the columns";
            return Err(Error::trace(&format!("{name}:1"), said));
        }
        let separator = [b',', b';', b'\t']
            .into_iter()
            .find(|mark| memchr(*mark, text.as_bytes()).is_some());
        let mut names = Vec::new();
        let mut plain = Vec::new();
        each_field(&first, separator, |_, span| {
            unquote(&first[span.0..span.1], &mut plain);
            names.push(String::from_utf8_lossy(&plain).trim().to_owned());
        });
        Ok(Self {
            lines,
            separator,
            names,
            joined: Vec::new(),
            unquoted: Vec::new(),
        })
    }

    /// Where the column is.
    pub(super) fn place(&self, column: &Wanted, source: &str) -> Result<usize, Error> {
        let found = self.names.iter().position(|name| *name == column.name);
        found.ok_or_else(|| {
            let names = self.names.iter().map(|name| name.as_bytes());
            let shown: Vec<_> = names
                .map(|name| format!("'{}'", harmless(name, 40)))
                .collect();
            let list = shown.join(", ");
            let list = harmless(list.as_bytes(), 400);
            Error::argument(
                column.role.clone(),
                format!("'{}'", harmless(column.name.as_bytes(), 80)),
                format!("one of the columns [{list}] of {source}"),
            )
        })
    }

    /// Appends the values of the rows that come next for as long as they are plain, but of no more than `most`;
    /// how many that was.
    pub(super) fn plain(
        &mut self,
        plain: &Plain,
        most: u64,
        found: &mut [i64],
        values: &mut [Vec<i64>],
    ) -> u64 {
        let (bytes, rows) = plain.rows(self.lines.held(), most, found, values);
        self.lines.pass(bytes, rows);
        rows
    }

    /// Goes to the next line that is not empty, where a row begins; whether there is one.
    pub(super) fn begin(&mut self, name: &str) -> Result<bool, Error> {
        loop {
            match self.lines.next() {
                Ok(Some(line)) if line.text.is_empty() => {}
                Ok(Some(_)) => return Ok(true),
                Ok(None) => return Ok(false),
                Err(error) => return Err(Error::file(name, &error)),
            }
        }
    }

    /// The row that begins with the line where [`begin`](Self::begin) went, and the `places` in it.
    pub(super) fn whole(
        &mut self,
        places: &[usize],
        fields: &mut [Span],
        name: &str,
    ) -> Result<Row<'_>, Error> {
        self.joined.clear();
        let number = self.lines.number();
        let mut open = !quotes(self.lines.last()).is_multiple_of(2);
        if open {
            self.joined.extend_from_slice(self.lines.last());
        }
        while open && self.joined.len() <= LONGEST {
            let read = self.lines.next();
            if read.map_err(|error| Error::file(name, &error))?.is_none() {
                break;
            }
            let line = self.lines.last();
            open ^= !quotes(line).is_multiple_of(2);
            self.joined.push(b'\n');
            self.joined.extend_from_slice(line);
        }
        let text = if self.joined.is_empty() {
            self.lines.last()
        } else {
            &self.joined
        };
        fields.fill(None);
        let count = each_field(text, self.separator, |index, span| {
            for (place, field) in places.iter().zip(fields.iter_mut()) {
                if *place == index {
                    *field = Some(span);
                }
            }
        });
        let quoted = fields
            .iter()
            .flatten()
            .any(|span| memchr(b'"', &text[span.0..span.1]).is_some());
        if !quoted {
            return Ok(Row {
                number,
                text,
                fields: count,
                unquoted: None,
            });
        }
        self.unquoted.clear();
        let mut plain = Vec::new();
        for field in fields.iter_mut().flatten() {
            unquote(&text[field.0..field.1], &mut plain);
            let from = self.unquoted.len();
            self.unquoted.extend_from_slice(&plain);
            *field = (from, self.unquoted.len());
        }
        Ok(Row {
            number,
            text,
            fields: count,
            unquoted: Some(&self.unquoted),
        })
    }
}

fn quotes(text: &[u8]) -> usize {
    memchr_iter(b'"', text).count()
}

/// Calls `with` for each field of a row, with its place and where it is; how many there are.
fn each_field(
    text: &[u8],
    separator: Option<u8>,
    mut with: impl FnMut(usize, (usize, usize)),
) -> usize {
    let Some(separator) = separator else {
        let mut count = 0;
        let mut start = None;
        for (place, byte) in text.iter().chain(b" ").enumerate() {
            match (start, byte.is_ascii_whitespace()) {
                (None, false) => start = Some(place),
                (Some(from), true) => {
                    with(count, (from, place));
                    (count, start) = (count + 1, None);
                }
                _ => {}
            }
        }
        return count;
    };
    let mut count = 0;
    let mut from = 0;
    let mut quoted = false;
    let has_quotes = memchr(b'"', text).is_some();
    if has_quotes {
        for (place, byte) in text.iter().enumerate() {
            match byte {
                b'"' => quoted = !quoted,
                byte if *byte == separator && !quoted => {
                    with(count, (from, place));
                    (count, from) = (count + 1, place + 1);
                }
                _ => {}
            }
        }
    } else {
        for place in memchr_iter(separator, text) {
            with(count, (from, place));
            (count, from) = (count + 1, place + 1);
        }
    }
    with(count, (from, text.len()));
    count + 1
}

/// Writes a field without its quotes into `plain`.
fn unquote(field: &[u8], plain: &mut Vec<u8>) {
    plain.clear();
    let trimmed = field.trim_ascii();
    let Some(inner) = trimmed
        .strip_prefix(b"\"")
        .and_then(|rest| rest.strip_suffix(b"\""))
    else {
        plain.extend_from_slice(field);
        return;
    };
    let mut after_quote = false;
    for byte in inner {
        let quote = *byte == b'"';
        if !quote || !after_quote {
            plain.push(*byte);
        }
        after_quote = quote && !after_quote;
    }
}
