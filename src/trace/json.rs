use std::cell::Cell;
use std::io::{self, BufReader, Read};
use std::marker::PhantomData;
use std::rc::Rc;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::input::Input;
use super::line_format::first_fault;
use super::read::Options;
use super::report::{Fault, Report};
use crate::{Cancel, Error, memory};

/// So many bytes may come without anything that is looked for.
const LONGEST: u64 = 64 << 20;

/// How much is read at a time.
const BLOCK: usize = 1 << 16;

/// So many records are read between two looks at whether to stop.
const BETWEEN_LOOKS: u64 = 4096;

/// A record takes no more memory than this, in bytes, also while its columns grow.
const RECORD: u64 = 128;

/// An object that is read field by field, as they come.
pub trait Document {
    /// Takes the value of a field, by [`objects`], [`items`], as what it is, or by [`skip`].
    ///
    /// # Errors
    ///
    /// Those of the `map`.
    fn field<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        map: &mut A,
        progress: &mut Progress<'_>,
    ) -> Result<(), A::Error>;

    /// The object has ended.
    ///
    /// # Errors
    ///
    /// Those of [`Progress::count`].
    fn end<E: serde::de::Error>(&mut self, progress: &mut Progress<'_>) -> Result<(), E> {
        let _ = progress;
        Ok(())
    }
}

/// What became of everything so far, and what stops the reading.
#[derive(Debug)]
pub struct Progress<'a> {
    /// What became of everything so far.
    pub report: Report,
    strict: bool,
    name: String,
    cancel: &'a Cancel,
    since: Rc<Cell<u64>>,
    stopped: Option<Error>,
}

impl Progress<'_> {
    /// Counts an element that was looked at.
    ///
    /// # Errors
    ///
    /// One that ends the reading: it was asked to stop, or the fault is the first and none is wanted.
    pub fn count<E: serde::de::Error>(&mut self, taken: Result<(), Fault>) -> Result<(), E> {
        self.since.set(0);
        self.report.lines += 1;
        let number = self.report.lines;
        match taken {
            Ok(()) => self.report.records += 1,
            Err(fault) => {
                self.report.fault(fault, number, b"");
                if self.strict {
                    return self.stop(first_fault(&self.name, &self.report));
                }
            }
        }
        if number.is_multiple_of(BETWEEN_LOOKS) {
            let admitted = self.cancel.advance(BETWEEN_LOOKS).and_then(|()| {
                if number.is_power_of_two() {
                    memory::admit("source", &self.name, number * RECORD)?;
                }
                Ok(())
            });
            if let Err(error) = admitted {
                return self.stop(error);
            }
        }
        Ok(())
    }

    fn stop<E: serde::de::Error>(&mut self, error: Error) -> Result<(), E> {
        self.stopped = Some(error);
        Err(E::custom("stopped"))
    }
}

/// Reads one document after the other, as in a file with one on each line, none of them held whole.
///
/// Text that is no JSON, or not of the shape that is expected, ends the reading and is a fault; what
/// came before it is kept. Nesting is followed to a depth of 128.
///
/// # Errors
///
/// [`Error::Trace`] at the first fault if `options` are strict; [`Error::System`] if the input cannot be
/// read; [`Error::Memory`]; [`Error::Cancelled`].
pub fn read_documents(
    document: &mut impl Document,
    input: Input<'_>,
    options: &Options,
    cancel: &Cancel,
) -> Result<Report, Error> {
    let since = Rc::new(Cell::new(0));
    let mut progress = Progress {
        report: Report::default(),
        strict: options.strict,
        name: input.name().to_owned(),
        cancel,
        since: Rc::clone(&since),
        stopped: None,
    };
    let leashed = Leashed {
        source: input,
        since,
    };
    let mut source =
        serde_json::Deserializer::from_reader(BufReader::with_capacity(BLOCK, leashed));
    // What is not blank before the end is the beginning of another document.
    while let Err(more) = source.end() {
        if more.is_io() {
            return Err(Error::file(&progress.name, &io::Error::from(more)));
        }
        let walk = Walk {
            document: &mut *document,
            progress: &mut progress,
        };
        let Err(error) = walk.deserialize(&mut source) else {
            continue;
        };
        if let Some(stopped) = progress.stopped {
            return Err(stopped);
        }
        let reason = match error.classify() {
            serde_json::error::Category::Io => {
                return Err(Error::file(&progress.name, &io::Error::from(error)));
            }
            serde_json::error::Category::Eof => "JSON that ends in the middle",
            serde_json::error::Category::Syntax => "no JSON",
            serde_json::error::Category::Data => "JSON of another shape",
        };
        let fault = Fault::new(reason, error.column().saturating_sub(1));
        progress.report.lines += 1;
        progress.report.fault(fault, error.line() as u64, b"");
        if options.strict {
            return Err(first_fault(&progress.name, &progress.report));
        }
        break;
    }
    Ok(progress.report)
}

/// Passes over the value of a field.
pub fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(|_| ())
}

/// An object that is taken field by field, or an array of such.
struct Walk<'a, 'p, D> {
    document: &'a mut D,
    progress: &'a mut Progress<'p>,
}

impl<'de, D: Document> DeserializeSeed<'de> for Walk<'_, '_, D> {
    type Value = ();

    fn deserialize<S: Deserializer<'de>>(self, source: S) -> Result<(), S::Error> {
        source.deserialize_any(self)
    }
}

impl<'de, D: Document> Visitor<'de> for Walk<'_, '_, D> {
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("objects")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            self.progress.since.set(0);
            self.document.field(&key, &mut map, self.progress)?;
        }
        self.document.end(self.progress)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        while elements
            .next_element_seed(Walk {
                document: &mut *self.document,
                progress: &mut *self.progress,
            })?
            .is_some()
        {}
        Ok(())
    }
}

/// Reads the value of a field as an object, or as an array of objects, each field by field.
///
/// # Errors
///
/// Those of the `map`, also if it is something else.
pub fn objects<'de, A: MapAccess<'de>>(
    map: &mut A,
    document: &mut impl Document,
    progress: &mut Progress<'_>,
) -> Result<(), A::Error> {
    map.next_value_seed(Walk { document, progress })
}

/// Reads the value of a field as an array, of which each element is an `Item`.
///
/// # Errors
///
/// Those of the `map` and of `take`, also if it is something else.
pub fn items<'de, Item: Deserialize<'de>, A: MapAccess<'de>>(
    map: &mut A,
    progress: &mut Progress<'_>,
    take: impl FnMut(Item) -> Result<(), Fault>,
) -> Result<(), A::Error> {
    map.next_value_seed(Items {
        progress,
        take,
        item: PhantomData,
    })
}

struct Items<'a, 'p, Item, F> {
    progress: &'a mut Progress<'p>,
    take: F,
    item: PhantomData<Item>,
}

impl<'de, Item, F> DeserializeSeed<'de> for Items<'_, '_, Item, F>
where
    Item: Deserialize<'de>,
    F: FnMut(Item) -> Result<(), Fault>,
{
    type Value = ();

    fn deserialize<S: Deserializer<'de>>(self, source: S) -> Result<(), S::Error> {
        source.deserialize_any(self)
    }
}

impl<'de, Item, F> Visitor<'de> for Items<'_, '_, Item, F>
where
    Item: Deserialize<'de>,
    F: FnMut(Item) -> Result<(), Fault>,
{
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an array")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<(), A::Error> {
        while let Some(item) = elements.next_element()? {
            self.progress.count((self.take)(item))?;
        }
        Ok(())
    }
}

/// A value of any type, of which only those without parts are kept.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Scalar {
    /// There is none, it is null, or it has parts.
    #[default]
    None,
    /// A whole number that fits.
    Whole(i64),
    /// Any other number.
    Float(f64),
    /// A word of true or false.
    Truth(bool),
    /// Text.
    Text(String),
}

impl Scalar {
    /// The whole number that it is, also written as text.
    pub fn whole(&self) -> Option<i64> {
        match self {
            Self::Whole(value) => Some(*value),
            Self::Text(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// The text that it is; none of any other.
    pub fn text(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            _ => b"",
        }
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<S: Deserializer<'de>>(source: S) -> Result<Self, S::Error> {
        source.deserialize_any(AnyScalar)
    }
}

struct AnyScalar;

impl<'de> Visitor<'de> for AnyScalar {
    type Value = Scalar;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("anything")
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::None)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Scalar, E> {
        Ok(Scalar::Truth(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Scalar, E> {
        Ok(Scalar::Whole(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Scalar, E> {
        Ok(i64::try_from(value).map_or(Scalar::Float(value as f64), Scalar::Whole))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Scalar, E> {
        Ok(Scalar::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(value.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Scalar, A::Error> {
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::None)
    }
}

/// Stops a source that gives much without anything that is looked for, such as text without an end,
/// which would have to be held whole.
struct Leashed<R> {
    source: R,
    since: Rc<Cell<u64>>,
}

impl<R: Read> Read for Leashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        let since = self.since.get().saturating_add(read as u64);
        self.since.set(since);
        if since > LONGEST {
            return Err(io::Error::other(format!(
                "{since} bytes of JSON without a value that is looked for"
            )));
        }
        Ok(read)
    }
}
