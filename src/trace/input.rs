use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;

use super::words::harmless;
use crate::Error;

/// A name of an input is shown up to so many characters, which is what a path may have.
const LONGEST_NAME: usize = 4096;

/// No input may grow beyond this many bytes once decompressed.
const MOST: u64 = 8 << 30;

/// Up to this many decompressed bytes nobody asks how small they were before.
const HARMLESS: u64 = 4 << 20;

/// From there on they may be this many times the compressed ones; text seldom exceeds 30.
const MOST_RATIO: u64 = 200;

/// How an input is packed, found out by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    Plain,
    /// RFC 1952, any number of members.
    Gzip,
    /// RFC 8878, one frame.
    Zstd,
}

impl Compression {
    /// Its name, as users read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "none",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    fn of(head: &[u8]) -> Self {
        match head {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstd,
            _ => Self::Plain,
        }
    }
}

/// Bytes to be read as a trace, decompressed on the way and never held whole.
///
/// What is compressed stops with an error once it has grown out of proportion, so that a small file
/// cannot keep a machine busy; what it unpacks to is not looked into for further compression.
pub struct Input<'a> {
    reader: Box<dyn Read + 'a>,
    name: String,
    compression: Compression,
    packed: Arc<AtomicU64>,
}

/// How many bytes of an input were taken so far, as it was packed.
#[derive(Debug, Clone, Default)]
pub struct Taken(Arc<AtomicU64>);

impl Taken {
    /// The number.
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl std::fmt::Debug for Input<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Input")
            .field("name", &self.name)
            .field("compression", &self.compression)
            .finish_non_exhaustive()
    }
}

impl Input<'static> {
    /// The file at a path.
    ///
    /// # Errors
    ///
    /// [`Error::System`] if it cannot be opened.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let shown = path.to_string_lossy();
        let name = harmless(shown.as_bytes(), LONGEST_NAME);
        let file = File::open(path).map_err(|error| Error::file(&name, &error))?;
        Self::new(file, name)
    }
}

impl<'a> Input<'a> {
    /// Bytes that are in memory.
    ///
    /// # Errors
    ///
    /// [`Error::System`] if they begin as a compressed stream does and are none.
    pub fn bytes(bytes: &'a [u8]) -> Result<Self, Error> {
        Self::new(bytes, "bytes".into())
    }

    /// What a reader gives, called by a name in messages, which is shown as it is.
    ///
    /// # Errors
    ///
    /// [`Error::System`] if its first bytes cannot be read, or begin as a compressed stream does and are none.
    pub fn new(mut source: impl Read + 'a, name: String) -> Result<Self, Error> {
        let mut head = Vec::new();
        source
            .by_ref()
            .take(4)
            .read_to_end(&mut head)
            .map_err(|error| Error::file(&name, &error))?;
        let compression = Compression::of(&head);
        let packed = Arc::new(AtomicU64::new(0));
        let whole = Counted {
            source: io::Cursor::new(head).chain(source),
            count: Arc::clone(&packed),
        };
        let reader: Box<dyn Read + 'a> = match compression {
            Compression::Plain => Box::new(whole),
            Compression::Gzip => Box::new(Bounded::new(
                MultiGzDecoder::new(BufReader::with_capacity(1 << 16, whole)),
                Arc::clone(&packed),
            )),
            Compression::Zstd => {
                let decoder = StreamingDecoder::new(BufReader::with_capacity(1 << 16, whole))
                    .map_err(|error| Error::file(&name, &io::Error::other(error.to_string())))?;
                Box::new(Bounded::new(decoder, Arc::clone(&packed)))
            }
        };
        Ok(Self {
            reader,
            name,
            compression,
            packed,
        })
    }

    /// What the input is called in messages: its path, with what a terminal would obey escaped.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it was packed.
    pub fn compression(&self) -> Compression {
        self.compression
    }

    /// What tells how far the reading has come.
    pub(super) fn taken(&self) -> Taken {
        Taken(Arc::clone(&self.packed))
    }

    /// Puts bytes that were read already back before the others.
    pub(super) fn put_back(self, head: Vec<u8>) -> Self {
        Self {
            reader: Box::new(io::Cursor::new(head).chain(self.reader)),
            ..self
        }
    }
}

impl Read for Input<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

/// Counts the bytes that pass.
struct Counted<R> {
    source: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Stops a stream that grows out of proportion.
struct Bounded<R> {
    source: R,
    packed: Arc<AtomicU64>,
    unpacked: u64,
}

impl<R> Bounded<R> {
    fn new(source: R, packed: Arc<AtomicU64>) -> Self {
        Self {
            source,
            packed,
            unpacked: 0,
        }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.unpacked += read as u64;
        let packed = self.packed.load(Ordering::Relaxed);
        if self.unpacked > MOST {
            return Err(io::Error::other(format!(
                "more than {MOST} bytes after decompression"
            )));
        }
        if self.unpacked > HARMLESS && self.unpacked / MOST_RATIO > packed {
            return Err(io::Error::other(format!(
                "{} bytes from {packed} compressed ones, more than {MOST_RATIO} times as many",
                self.unpacked
            )));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_stream_that_grows_out_of_proportion_is_stopped() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        let zeros = vec![0; 1 << 20];
        for _ in 0..20 {
            packed.write_all(&zeros).unwrap();
        }
        let packed = packed.finish().unwrap();
        let mut input = Input::bytes(&packed).unwrap();
        assert_eq!(input.compression(), Compression::Gzip);
        let error = io::copy(&mut input, &mut io::sink()).unwrap_err();
        assert!(error.to_string().contains("compressed ones"), "{error}");
    }
}
