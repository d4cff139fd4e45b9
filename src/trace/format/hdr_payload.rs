//! What is packed into a line of an HdrHistogram log: versions 0, 1 and 2 of the encoding.
//!
//! All numbers are big-endian. Outside is `cookie, length`, then that many bytes of a zlib stream, in which
//! a second cookie names the version: 0x1c849308 with `digits, lowest, highest, total` and an array of counts of
//! 2, 4 or 8 bytes each as the cookie says, up to the end; 0x1c849301 with `length, offset, digits, lowest, highest,
//! ratio` and such an array; 0x1c849303 with the same heading and counts as ZigZag LEB128 of at most
//! nine bytes, in which a negative number stands for so many zeros. From `AbstractHistogram.java` and `ZigZagEncoding.java`
//! of HdrHistogram.

use crate::hdr_layout::Layout;
use crate::trace::input::Taken;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_PAD_INDIFFERENT;
use flate2::{Decompress, FlushDecompress, Status};

/// So many counts may the payloads of a log have together whatever their length; further ones must come with bytes of
/// their own, so that a short log can neither fill the memory nor keep a machine busy.
const ALWAYS: usize = 1 << 22;

/// For each byte of a payload so many more.
const EACH: usize = 64;

/// All payloads together may unpack to this many bytes, whatever the length of the file.
const HARMLESS: u64 = 128 << 20;

/// For each byte of the file to so many more, which is what zlib can do at most: where the file is itself compressed,
/// the one must not multiply the other.
const MOST_RATIO: u64 = 1032;

/// A bucket by its place, and how many values it has.
pub type Count = (u32, u64);

/// Unpacks payloads one after the other.
#[derive(Debug)]
pub struct Unpacker {
    packed: Vec<u8>,
    inflate: Decompress,
    block: Vec<u8>,
    counts: Vec<Count>,
    left: usize,
    taken: Taken,
    unpacked: u64,
}

impl Default for Unpacker {
    fn default() -> Self {
        Self::new(Taken::default())
    }
}

impl Unpacker {
    /// Nothing yet, of an input that is read so far.
    pub fn new(taken: Taken) -> Self {
        Self {
            packed: Vec::new(),
            inflate: Decompress::new(true),
            block: vec![0; 1 << 15],
            counts: Vec::new(),
            left: ALWAYS,
            taken,
            unpacked: 0,
        }
    }

    /// The layout and the counts other than zero, by bucket, ascending.
    ///
    /// # Errors
    ///
    /// What is wrong with the payload.
    pub fn unpack(&mut self, text: &[u8]) -> Result<(Layout, &[Count]), &'static str> {
        self.packed.clear();
        STANDARD_PAD_INDIFFERENT
            .decode_vec(text, &mut self.packed)
            .map_err(|_| "a payload that is no base64")?;
        let packed = match self.packed.as_slice() {
            [0x0c, 0x72, 0x12, ..] => return Err("a histogram of floating-point values"),
            [0x1c, 0x84, 0x93, version, a, b, c, d, packed @ ..]
                if matches!(version & 0x0f, 2 | 4 | 9) =>
            {
                if u32::from_be_bytes([*a, *b, *c, *d]) as usize != packed.len() {
                    return Err("a payload that is not as long as it says");
                }
                packed
            }
            _ => return Err("a payload that is no compressed histogram"),
        };
        self.unpacked = self.unpacked.saturating_add(self.inflate.total_out());
        if self.unpacked > HARMLESS && self.unpacked / MOST_RATIO > self.taken.bytes() {
            return Err("payloads that grow out of proportion");
        }
        self.inflate.reset(true);
        self.counts.clear();
        let mut source = Source {
            inflate: &mut self.inflate,
            packed,
            block: &mut self.block,
            start: 0,
            end: 0,
            ended: false,
        };
        let heading = Heading::read(&mut source)?;
        self.left = self.left.saturating_add(packed.len().saturating_mul(EACH));
        let mut counts = Counts {
            into: &mut self.counts,
            length: heading.length,
            index: 0,
            left: &mut self.left,
        };
        match heading.word {
            None => counts.numbers(&mut source, heading.payload)?,
            Some(word) => counts.words(&mut source, word, heading.payload)?,
        }
        if source.held(1)? {
            return Err("a payload that is longer than it says");
        }
        Ok((heading.layout, &self.counts))
    }
}

struct Heading {
    layout: Layout,
    length: u32,
    /// Bytes of a count; none where they differ.
    word: Option<usize>,
    /// Bytes of all counts; unlimited where it is not said.
    payload: u64,
}

impl Heading {
    fn read(source: &mut Source<'_>) -> Result<Self, &'static str> {
        let [a, b, c, version] = source.array::<4>()?;
        if [a, b, c] != [0x1c, 0x84, 0x93] {
            return Err("a payload that is no histogram");
        }
        let word = match (version & 0x0f, version >> 4) {
            (3, _) => None,
            (1 | 8, word @ (2 | 4 | 8)) => Some(usize::from(word)),
            (1 | 8, _) => return Err("counts of an unknown size"),
            _ => return Err("a payload of an unknown version"),
        };
        let oldest = version & 0x0f == 8;
        let mut payload = u64::MAX;
        if !oldest {
            payload = u64::from(u32::from_be_bytes(source.array()?));
            if source.array::<4>()? != [0; 4] {
                return Err("a histogram with shifted counts");
            }
        }
        let digits = u32::from_be_bytes(source.array()?);
        let lowest = u64::from_be_bytes(source.array()?);
        let highest = u64::from_be_bytes(source.array()?);
        let last = source.array()?;
        #[allow(clippy::float_cmp, reason = "it is written as exactly one")]
        if !oldest && f64::from_be_bytes(last) != 1.0 {
            return Err("a histogram of scaled values");
        }
        if highest > i64::MAX as u64 {
            return Err("a range that no histogram has");
        }
        let layout = Layout::new(digits, lowest)?;
        Ok(Self {
            layout,
            length: layout.length(highest),
            word,
            payload,
        })
    }
}

/// The bytes of a zlib stream, a block at a time.
struct Source<'a> {
    inflate: &'a mut Decompress,
    packed: &'a [u8],
    block: &'a mut [u8],
    start: usize,
    end: usize,
    ended: bool,
}

impl Source<'_> {
    fn rest(&self) -> &[u8] {
        &self.block[self.start..self.end]
    }

    /// Whether at least so many bytes, fewer than a block has, are left; as many as fit are then held.
    fn held(&mut self, length: usize) -> Result<bool, &'static str> {
        const DAMAGED: &str = "a payload whose compression is damaged";
        if self.rest().len() >= length {
            return Ok(true);
        }
        self.block.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        while !self.ended && self.end < self.block.len() {
            let (read, written) = (self.inflate.total_in(), self.inflate.total_out());
            let status = self
                .inflate
                .decompress(
                    self.packed,
                    &mut self.block[self.end..],
                    FlushDecompress::None,
                )
                .map_err(|_| DAMAGED)?;
            let read = (self.inflate.total_in() - read) as usize;
            let written = (self.inflate.total_out() - written) as usize;
            self.packed = self.packed.get(read..).unwrap_or_default();
            self.end += written;
            self.ended = status == Status::StreamEnd;
            if !self.ended && read == 0 && written == 0 {
                return Err(DAMAGED);
            }
        }
        Ok(self.rest().len() >= length)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], &'static str> {
        const SHORT: &str = "a payload that ends too early";
        if !self.held(N)? {
            return Err(SHORT);
        }
        let found = *self.rest().first_chunk().ok_or(SHORT)?;
        self.start += N;
        Ok(found)
    }
}

struct Counts<'a> {
    into: &'a mut Vec<Count>,
    length: u32,
    index: u32,
    left: &'a mut usize,
}

impl Counts<'_> {
    /// Counts of the same size each.
    fn words(
        &mut self,
        source: &mut Source<'_>,
        word: usize,
        mut payload: u64,
    ) -> Result<(), &'static str> {
        while payload > 0 {
            // Eight bytes at once, because mostly they are zeros.
            let step = if payload >= 8 && source.held(8)? {
                8
            } else {
                word
            };
            if !source.held(step)? {
                if payload > i64::MAX as u64 && !source.held(1)? {
                    break;
                }
                return Err("a payload that ends too early");
            }
            let most = usize::try_from(payload).unwrap_or(usize::MAX);
            let rest = source.rest();
            let whole = rest.len().min(most) / step * step;
            if whole == 0 {
                return Err("a payload that ends within a count");
            }
            for group in rest[..whole].chunks_exact(step) {
                if group.iter().all(|byte| *byte == 0) {
                    self.skip((step / word) as u64)?;
                    continue;
                }
                for bytes in group.chunks_exact(word) {
                    let count = bytes
                        .iter()
                        .fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
                    if bytes[0] >= 0x80 {
                        return Err("a count below zero");
                    }
                    self.push(count)?;
                }
            }
            source.start += whole;
            payload -= whole as u64;
        }
        Ok(())
    }

    /// Counts as ZigZag LEB128, runs of zeros as negative ones.
    fn numbers(&mut self, source: &mut Source<'_>, mut payload: u64) -> Result<(), &'static str> {
        const LONGEST: usize = 9;
        while payload > 0 {
            source.held(LONGEST)?;
            let rest = source.rest();
            let (mut value, mut length) = (0_u64, 0);
            for byte in rest.iter().take(LONGEST) {
                let shift = 7 * length;
                length += 1;
                if length == LONGEST {
                    value |= u64::from(*byte) << shift;
                    break;
                }
                value |= u64::from(byte & 0x7f) << shift;
                if byte & 0x80 == 0 {
                    break;
                }
            }
            let complete = length == LONGEST
                || rest
                    .get(length.wrapping_sub(1))
                    .is_some_and(|last| last & 0x80 == 0);
            payload = match payload.checked_sub(length as u64) {
                Some(left) if complete => left,
                _ => return Err("a payload that ends too early"),
            };
            source.start += length;
            if value & 1 == 1 {
                self.skip((value >> 1).saturating_add(1))?;
            } else {
                self.push(value >> 1)?;
            }
        }
        Ok(())
    }

    fn skip(&mut self, zeros: u64) -> Result<(), &'static str> {
        self.index = u32::try_from(zeros)
            .ok()
            .and_then(|zeros| self.index.checked_add(zeros))
            .filter(|index| *index <= self.length)
            .ok_or("counts beyond the range of the histogram")?;
        Ok(())
    }

    fn push(&mut self, count: u64) -> Result<(), &'static str> {
        let index = self.index;
        self.skip(1)?;
        if count > 0 {
            *self.left = self
                .left
                .checked_sub(1)
                .ok_or("more counts than payloads of their length have")?;
            self.into.push((index, count));
        }
        Ok(())
    }
}
