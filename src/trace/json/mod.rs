//! JSON documents that may be larger than the memory.

mod scalar;
mod source;
mod value_end;

use serde::Deserialize;
use serde::de::IgnoredAny;

pub use scalar::Scalar;
use source::{Broken, Halt, Source};

use super::input::Input;
use super::line_format::first_fault;
use super::report::{Fault, Report};
use crate::{Cancel, Error, memory};

/// So many records are read between two looks at whether to stop.
const BETWEEN_LOOKS: u64 = 4096;

/// A record takes no more memory than this, in bytes, also while its columns grow.
const RECORD: u64 = 128;

/// Why the reading of documents ends before they do.
#[derive(Debug)]
pub enum Stop {
    /// No more can be read.
    Halt(Halt),
    /// What was read is refused, or the reading was cancelled.
    Error(Error),
}

impl From<Halt> for Stop {
    fn from(halt: Halt) -> Self {
        Self::Halt(halt)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// An object that is read field by field, as they come.
pub trait Document {
    /// Takes the value of a field, by a method of [`Documents`].
    ///
    /// # Errors
    ///
    /// Those of the method.
    fn field(&mut self, key: &str, documents: &mut Documents<'_>) -> Result<(), Stop>;

    /// The object has ended.
    fn end(&mut self) {}
}

/// What takes the elements of an array.
pub trait Elements {
    /// What an element is read as.
    type Element<'de>: Deserialize<'de>;

    /// Takes an element.
    ///
    /// # Errors
    ///
    /// A [`Fault`] if it says nothing of what is looked for.
    fn take(&mut self, element: Self::Element<'_>) -> Result<(), Fault>;
}

/// One document after the other, as in a file with one on each line, of which no more is held than an
/// element of an array.
#[derive(Debug)]
pub struct Documents<'a> {
    source: Source<'a>,
    report: Report,
    strict: bool,
    name: String,
    cancel: &'a Cancel,
}

/// Reads the documents of an input, each by the same `document`.
///
/// Text that is no JSON, or not of the shape that is expected, ends the reading and is a fault; what
/// came before it is kept.
///
/// # Errors
///
/// [`Error::Trace`] at the first fault if `strict`, and if a value has more than 64 MiB;
/// [`Error::System`] if the input cannot be read; [`Error::Memory`]; [`Error::Cancelled`].
pub fn read_documents(
    document: &mut impl Document,
    input: Input<'_>,
    strict: bool,
    cancel: &Cancel,
) -> Result<Report, Error> {
    let mut documents = Documents {
        report: Report::default(),
        strict,
        name: input.name().to_owned(),
        cancel,
        source: Source::new(input),
    };
    match documents.all(document) {
        Ok(()) => Ok(documents.report),
        Err(Stop::Error(error)) => Err(error),
        Err(Stop::Halt(Halt::Source(error))) => Err(Error::file(&documents.name, &error)),
        Err(Stop::Halt(Halt::Broken(broken))) => documents.end_at(broken),
    }
}

impl Documents<'_> {
    /// Reads the value of a field as an object, or as an array of objects, each field by field.
    ///
    /// # Errors
    ///
    /// If it is something else but null, and those of the `document`.
    pub fn objects(&mut self, document: &mut impl Document) -> Result<(), Stop> {
        if self.source.peek()? != Some(b'[') {
            return self.object(document);
        }
        self.source.pass(b'[')?;
        let mut first = true;
        while self.source.more(b']', std::mem::take(&mut first))? {
            self.object(document)?;
        }
        Ok(())
    }

    /// Reads the value of a field as an array.
    ///
    /// # Errors
    ///
    /// If it is something else but null, or an element is not of its type; at the first fault if none is wanted.
    pub fn elements<T: Elements>(&mut self, taker: &mut T) -> Result<(), Stop> {
        if !self.open(b'[')? {
            return Ok(());
        }
        let mut first = true;
        while self.source.more(b']', std::mem::take(&mut first))? {
            let taken = taker.take(self.source.value()?);
            self.count(taken)?;
        }
        Ok(())
    }

    /// Reads the value of a field as a type.
    ///
    /// # Errors
    ///
    /// If it is something else.
    pub fn value<'v, T: Deserialize<'v>>(&'v mut self) -> Result<T, Stop> {
        Ok(self.source.value()?)
    }

    /// Passes over the value of a field.
    ///
    /// # Errors
    ///
    /// If it is no JSON.
    pub fn skip(&mut self) -> Result<(), Stop> {
        self.value::<IgnoredAny>().map(|_| ())
    }

    fn all(&mut self, document: &mut impl Document) -> Result<(), Stop> {
        while self.source.peek()?.is_some() {
            self.cancel.checkpoint()?;
            self.objects(document)?;
        }
        Ok(())
    }

    fn object(&mut self, document: &mut impl Document) -> Result<(), Stop> {
        if !self.open(b'{')? {
            return Ok(());
        }
        let mut first = true;
        while self.source.more(b'}', std::mem::take(&mut first))? {
            let key: String = self.source.value()?;
            self.source.pass(b':')?;
            document.field(&key, self)?;
        }
        document.end();
        Ok(())
    }

    /// Passes an opening bracket; says whether there is one, and not null.
    fn open(&mut self, bracket: u8) -> Result<bool, Stop> {
        match self.source.peek()? {
            Some(byte) if byte == bracket => {
                self.source.pass(bracket)?;
                Ok(true)
            }
            Some(b'n') => {
                self.source.value::<()>()?;
                Ok(false)
            }
            _ => Err(self.source.misshapen().into()),
        }
    }

    fn count(&mut self, taken: Result<(), Fault>) -> Result<(), Error> {
        self.report.lines += 1;
        let number = self.report.lines;
        match taken {
            Ok(()) => self.report.records += 1,
            Err(fault) => {
                self.report.fault(fault, number, b"");
                if self.strict {
                    return Err(first_fault(&self.name, &self.report));
                }
            }
        }
        if number.is_multiple_of(BETWEEN_LOOKS) {
            self.cancel.advance(BETWEEN_LOOKS)?;
            if number.is_power_of_two() {
                memory::admit("source", &self.name, number * RECORD)?;
            }
        }
        Ok(())
    }

    /// Ends where there is no JSON any more.
    fn end_at(mut self, broken: Broken) -> Result<Report, Error> {
        let fault = Fault::new(broken.reason, broken.column);
        self.report.lines += 1;
        self.report.fault(fault, broken.line, b"");
        if self.strict {
            return Err(first_fault(&self.name, &self.report));
        }
        Ok(self.report)
    }
}
