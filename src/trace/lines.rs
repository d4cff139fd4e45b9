use std::io::{self, Read};

use memchr::memchr;

/// A line may be this long; what is beyond is not looked at.
pub(super) const LONGEST: usize = 1 << 20;

/// How much is read at a time; little where inputs are short, so that clearing it is not most of the work.
const BLOCK: usize = if cfg!(fuzzing) { 1 << 12 } else { 1 << 18 };

/// One line of text, without its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// Its bytes, of any encoding that has ASCII in it.
    pub text: &'a [u8],
    /// Whether it was longer than a line may be, so that its end is missing.
    pub cut: bool,
    /// Whether the input ended before the line did.
    pub torn: bool,
}

/// The lines of an input, in a buffer that does not grow with it.
///
/// Ends of lines are `\n` or `\r\n`; a byte order mark before the first line is taken off.
#[derive(Debug)]
pub struct Lines<R> {
    source: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    exhausted: bool,
    number: u64,
    last: (usize, usize),
}

impl<R: Read> Lines<R> {
    /// The lines of what `source` gives.
    pub fn new(source: R) -> Self {
        Self {
            source,
            buffer: vec![0; BLOCK],
            start: 0,
            end: 0,
            exhausted: false,
            number: 0,
            last: (0, 0),
        }
    }

    /// The number of the line that [`next`](Self::next) gave last, counted from one.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The next line, or none at the end.
    ///
    /// # Errors
    ///
    /// Those of reading the source.
    #[allow(
        clippy::should_implement_trait,
        reason = "what it gives borrows from it"
    )]
    pub fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        let mut searched = 0;
        loop {
            let held = &self.buffer[self.start..self.end];
            if let Some(found) = memchr(b'\n', &held[searched..]) {
                let length = searched + found;
                return Ok(Some(self.take(
                    length.min(LONGEST),
                    length + 1,
                    length > LONGEST,
                )));
            }
            searched = held.len();
            if searched > LONGEST {
                self.skip_rest()?;
                return Ok(Some(self.take(LONGEST, LONGEST, true)));
            }
            if self.exhausted {
                return Ok((searched > 0).then(|| self.take(searched, searched, false)));
            }
            self.fill()?;
        }
    }

    /// The first `length` bytes that are held as a line; `used` of them are done with.
    fn take(&mut self, length: usize, used: usize, cut: bool) -> Line<'_> {
        const MARK: &[u8] = b"\xef\xbb\xbf";
        let (mut from, mut to) = (self.start, self.start + length);
        self.start = (self.start + used).min(self.end);
        self.number += 1;
        if self.number == 1 && self.buffer[from..to].starts_with(MARK) {
            from += MARK.len();
        }
        if self.buffer[from..to].ends_with(b"\r") {
            to -= 1;
        }
        self.last = (from, to);
        Line {
            text: self.last(),
            cut,
            torn: used == length && !cut,
        }
    }

    /// The text of the line that [`next`](Self::next) gave last, once more.
    pub fn last(&self) -> &[u8] {
        &self.buffer[self.last.0..self.last.1]
    }

    /// What is held of the lines that are still to come; the last may be there in part only.
    ///
    /// Of no use before the first line, which a byte order mark may stand before.
    pub(super) fn held(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Passes over so many bytes that are [`held`](Self::held), which are so many whole lines.
    pub(super) fn pass(&mut self, bytes: usize, lines: u64) {
        self.start = (self.start + bytes).min(self.end);
        self.number += lines;
    }

    fn fill(&mut self) -> io::Result<()> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.buffer.len() {
            let longer = (self.buffer.len() * 2).min(LONGEST + BLOCK);
            self.buffer.resize(longer, 0);
        }
        let read = self.read_into(self.end)?;
        self.end += read;
        self.exhausted = read == 0;
        Ok(())
    }

    fn read_into(&mut self, from: usize) -> io::Result<usize> {
        loop {
            match self.source.read(&mut self.buffer[from..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }

    /// Goes on to the end of a line that is too long, keeping its first bytes where they are.
    fn skip_rest(&mut self) -> io::Result<()> {
        let kept = self.start + LONGEST;
        loop {
            let read = self.read_into(kept)?;
            if read == 0 {
                self.exhausted = true;
                self.end = kept;
                return Ok(());
            }
            if let Some(found) = memchr(b'\n', &self.buffer[kept..kept + read]) {
                let rest = kept + found + 1..kept + read;
                self.end = kept + rest.len();
                self.buffer.copy_within(rest, kept);
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives its bytes a few at a time.
    struct Dripping<'a>(&'a [u8], usize);

    impl Read for Dripping<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = self.1.min(buffer.len());
            self.0.read(&mut buffer[..most])
        }
    }

    fn all(source: impl Read) -> Vec<(Vec<u8>, bool)> {
        let mut lines = Lines::new(source);
        let mut found = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            found.push((line.text.to_vec(), line.cut));
        }
        found
    }

    #[test]
    fn lines_do_not_depend_on_how_the_source_is_cut() {
        let long = "x".repeat(BLOCK + 7);
        let text = format!("\u{feff}a\r\n\nb\n{long}\nlast");
        let expected: Vec<_> = ["a", "", "b", &long, "last"]
            .into_iter()
            .map(|line| (line.as_bytes().to_vec(), false))
            .collect();
        for step in [1, 2, 7, 4096, usize::MAX] {
            assert_eq!(all(Dripping(text.as_bytes(), step)), expected, "{step}");
        }
    }

    #[test]
    fn only_a_last_line_without_its_end_is_torn() {
        for (text, expected) in [("a\nb", true), ("a\nb\n", false), ("a\nb\r\n", false)] {
            let mut lines = Lines::new(text.as_bytes());
            assert!(!lines.next().unwrap().unwrap().torn);
            assert_eq!(lines.next().unwrap().unwrap().torn, expected, "{text:?}");
        }
    }

    #[test]
    fn of_a_line_that_is_too_long_the_beginning_is_kept() {
        for beyond in [1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK] {
            for end in ["\nnext\n", ""] {
                let text = "y".repeat(LONGEST + beyond) + end;
                let found = all(Dripping(text.as_bytes(), 100_000));
                assert!(found[0].1 && found[0].0.len() == LONGEST, "{beyond}");
                assert_eq!(found.len(), 1 + usize::from(!end.is_empty()));
                assert!(found.get(1).is_none_or(|line| line.0 == b"next"));
            }
        }
    }
}
