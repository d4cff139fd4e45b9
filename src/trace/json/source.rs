use std::io::Read;

use memchr::memchr_iter;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::error::Category;

use super::value_end::ValueEnd;
use crate::trace::input::Input;

/// How much is read at a time.
const BLOCK: usize = 1 << 16;

/// So many bytes a value may have, and so many blanks may stand between two.
const LONGEST: usize = 64 << 20;

/// Text that is no JSON, or not of the shape that is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken {
    /// What is wrong with it.
    pub reason: &'static str,
    /// On which line, counted from one.
    pub line: u64,
    /// Where on it, in bytes counted from zero.
    pub column: usize,
}

/// Why no more can be read.
#[derive(Debug)]
pub enum Halt {
    /// For what is there.
    Broken(Broken),
    /// The source itself failed.
    Source(std::io::Error),
}

const MIDDLE: &str = "JSON that ends in the middle";
const NONE: &str = "no JSON";
const SHAPE: &str = "JSON of another shape";

/// JSON that is read value by value; no more is held than the value that is looked at.
#[derive(Debug)]
pub struct Source<'a> {
    input: Input<'a>,
    buffer: Vec<u8>,
    /// Where in the buffer the reading is.
    at: usize,
    /// How much of the buffer is filled.
    filled: usize,
    ended: bool,
    lines_before: u64,
    column_before: usize,
}

impl<'a> Source<'a> {
    /// What an input holds.
    pub fn new(input: Input<'a>) -> Self {
        Self {
            input,
            buffer: Vec::new(),
            at: 0,
            filled: 0,
            ended: false,
            lines_before: 0,
            column_before: 0,
        }
    }

    /// The next byte that is not blank; none at the end.
    pub fn peek(&mut self) -> Result<Option<u8>, Halt> {
        let mut blanks = 0;
        loop {
            let rest = self.buffer.get(self.at..self.filled).unwrap_or_default();
            let blank = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
            if let Some(place) = rest.iter().position(|byte| !blank(byte)) {
                self.at += place;
                return Ok(rest.get(place).copied());
            }
            blanks += rest.len();
            self.at = self.filled;
            if blanks > LONGEST {
                return Err(self.too_long());
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// Passes a byte that must be there.
    pub fn pass(&mut self, wanted: u8) -> Result<(), Halt> {
        match self.peek()? {
            Some(byte) if byte == wanted => {
                self.at += 1;
                Ok(())
            }
            Some(_) => Err(self.broken(NONE, self.at)),
            None => Err(self.broken(MIDDLE, self.at)),
        }
    }

    /// Goes to the next element of an object or array, or past the bracket that closes it.
    pub fn more(&mut self, close: u8, first: bool) -> Result<bool, Halt> {
        if self.peek()? == Some(close) {
            self.at += 1;
            return Ok(false);
        }
        if !first {
            self.pass(b',')?;
            if self.peek()? == Some(close) {
                return Err(self.broken(NONE, self.at));
            }
        }
        Ok(true)
    }

    /// Takes the next value, whole, as a type.
    pub fn value<'v, T: Deserialize<'v>>(&'v mut self) -> Result<T, Halt> {
        self.peek()?;
        let begin = self.whole()?;
        let text = self.buffer.get(begin..self.at).unwrap_or_default();
        serde_json::from_slice(text).map_err(|error| self.refused(begin, &error))
    }

    /// The fault of a value of another shape than was expected, or of what is none.
    pub fn misshapen(&mut self) -> Halt {
        let begin = match self.peek().and_then(|_| self.whole()) {
            Ok(begin) => begin,
            Err(halt) => return halt,
        };
        let text = self.buffer.get(begin..self.at).unwrap_or_default();
        match serde_json::from_slice::<IgnoredAny>(text) {
            Ok(_) => self.broken(SHAPE, begin),
            Err(error) => self.refused(begin, &error),
        }
    }

    /// Goes past the next value and gives where it begins; at the end of the input that is all there is.
    fn whole(&mut self) -> Result<usize, Halt> {
        let mut end = ValueEnd::default();
        loop {
            let rest = self.buffer.get(self.at..self.filled).unwrap_or_default();
            let length = match end.within(rest) {
                Some(length) => length,
                None if rest.len() > LONGEST => return Err(self.too_long()),
                None if self.fill()? => continue,
                None => self.filled - self.at,
            };
            let begin = self.at;
            self.at += length;
            return Ok(begin);
        }
    }

    /// Reads on, and keeps what was not passed yet. Says whether there was more.
    fn fill(&mut self) -> Result<bool, Halt> {
        if self.ended {
            return Ok(false);
        }
        let passed = self.buffer.get(..self.at).unwrap_or_default();
        if let Some(last) = memchr::memrchr(b'\n', passed) {
            self.lines_before += memchr_iter(b'\n', passed).count() as u64;
            self.column_before = self.at - last - 1;
        } else {
            self.column_before += self.at;
        }
        self.buffer.copy_within(self.at..self.filled, 0);
        self.filled -= self.at;
        self.at = 0;
        if self.buffer.len() < self.filled + BLOCK {
            let size = (2 * self.filled).max(2 * BLOCK);
            self.buffer.resize(size, 0);
        }
        let room = self.buffer.get_mut(self.filled..).unwrap_or_default();
        let read = loop {
            match self.input.read(room) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                read => break read.map_err(Halt::Source)?,
            }
        };
        self.filled += read;
        self.ended = read == 0;
        Ok(!self.ended)
    }

    fn too_long(&self) -> Halt {
        Halt::Source(std::io::Error::other(format!(
            "more than {LONGEST} bytes of JSON without a value that is looked for"
        )))
    }

    fn broken(&self, reason: &'static str, at: usize) -> Halt {
        let passed = self.buffer.get(..at).unwrap_or_default();
        let last = memchr::memrchr(b'\n', passed);
        Halt::Broken(Broken {
            reason,
            line: 1 + self.lines_before + memchr_iter(b'\n', passed).count() as u64,
            column: match last {
                Some(last) => at - last - 1,
                None => self.column_before + at,
            },
        })
    }

    /// What is wrong with a value that begins at a place of the buffer.
    fn refused(&self, begin: usize, error: &serde_json::Error) -> Halt {
        let reason = match error.classify() {
            Category::Eof => MIDDLE,
            Category::Data => SHAPE,
            Category::Syntax | Category::Io => NONE,
        };
        let text = self.buffer.get(begin..self.at).unwrap_or_default();
        let line = memchr_iter(b'\n', text).nth(error.line().saturating_sub(2));
        let line = if error.line() > 1 {
            line.map_or(0, |end| end + 1)
        } else {
            0
        };
        self.broken(reason, begin + line + error.column().saturating_sub(1))
    }
}
