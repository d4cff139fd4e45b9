//! What a JVM writes about its pauses up to JDK 8: `-verbose:gc`, `-XX:+PrintGCDetails`,
//! `-XX:+PrintGCApplicationStoppedTime`, with or without dates and uptimes.

use std::sync::LazyLock;

use memchr::memchr2_iter;
use memchr::memmem::Finder;

use super::jvm::{STOPPED, seconds};
use crate::Error;
use crate::trace::format::jvm_log::JvmLog;
use crate::trace::line_format::{LineFormat, Taken};
use crate::trace::read::Trace;
use crate::trace::report::{Fault, Report};
use crate::trace::scan::{Scan, has};
use crate::trace::stamp::{Stamp, date_and_time};

/// A collection whose end has not come after so many lines has none.
const PATIENCE: u32 = 10_000;

/// So much of its text says what a collection is.
const LONGEST: usize = 200;

/// The end of [`STOPPED`], by which a torn line is known too.
const STOPPED_END: &[u8] = b"threads were stopped: ";

static STOP: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(STOPPED_END));

const UNFINISHED: &str = "a collection without its end";

/// Pauses from the log of a JVM of version 6 to 8 (layouts as HotSpot's collectors print them; the log has no
/// specification).
///
/// * A `stop` is all that kept the application from running:
///   `3.690: Total time for which application threads were stopped: 0.2986705 seconds`. It is written when it
///   is over, and its cause is the collection in it, or `safepoint` if there was none.
/// * A `collection` begins with `[GC` or `[Full GC` at the stamp before it, and ends with the bracket that
///   closes it, often lines later: `3.392: [GC (Allocation Failure) 165M->72M(5632M), 0.0171130 secs]`. Its
///   length is that last figure, not the `real=0.02` after it, which is rounded. Its cause is its
///   beginning, up to the first figure. Concurrent phases have no row; initial mark and remark have one.
///
/// Other text, of which such logs are full, is passed over. The uptime is followed rather than the date
/// where there are both, and what has no stamp is placed by `Application time`: see [`JvmLog`].
#[derive(Debug, Default)]
pub struct JvmLegacy {
    log: JvmLog,
    open: Option<Open>,
    /// The last collection since the last stop.
    inside: Vec<u8>,
    number: u64,
    unfinished: u64,
    /// Number and text of the first line that began a collection without an end.
    first_unfinished: Option<(u64, Vec<u8>)>,
}

/// A collection whose end has not come yet.
#[derive(Debug)]
struct Open {
    start: Option<i64>,
    cause: Vec<u8>,
    /// Brackets that are open.
    depth: u32,
    /// The line that it began with.
    number: u64,
    text: Vec<u8>,
    lines: u32,
}

/// How sure the beginning of a file makes it that this is a log of an old JVM.
pub fn sure(head: &[u8]) -> u8 {
    let stops = has(head, STOPPED);
    let collections = (has(head, b"[GC") || has(head, b"[Full GC")) && has(head, b" secs]");
    let unified = has(head, b"[info") || has(head, b"[safepoint");
    match (stops || collections, unified) {
        (true, false) => 90,
        (true, true) => 30,
        _ => 0,
    }
}

impl LineFormat for JvmLegacy {
    fn line(&mut self, line: &[u8]) -> Result<Taken, Fault> {
        self.number += 1;
        let mut scan = Scan::new(line);
        let at = self.stamps(&mut scan);
        if let Some(found) = STOP.find(line) {
            return self.stopped(line, found);
        }
        if scan.tag(b"Application time: ") {
            let length = seconds(&mut scan)?;
            self.log.ran(at, length);
            return Ok(Taken::PassedOver);
        }
        if self.open.is_some() && opening(scan.rest()) == Some(0) {
            self.give_up();
        }
        self.collections(line, at, scan.column())
    }

    fn finish(mut self, report: &mut Report) -> Result<Trace, Error> {
        self.give_up();
        // They were passed over when they were read, as lines that wait for their end.
        for _ in 0..self.unfinished {
            report.passed_over = report.passed_over.saturating_sub(1);
            if let Some((number, text)) = &self.first_unfinished {
                report.fault(Fault::new(UNFINISHED, 0), *number, text);
            }
        }
        Ok(Trace::PauseLog(self.log.finish(report)))
    }
}

impl JvmLegacy {
    /// Takes `2014-06-25T00:10:58.039+0000: 0.488: `, either part of it, or nothing.
    fn stamps(&mut self, scan: &mut Scan<'_>) -> Option<i64> {
        if !scan.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let (date, uptime) = date_and_uptime(scan);
        self.log.stamp(date, uptime)
    }

    /// The line of a stop, in which the end of [`STOPPED`] was found.
    fn stopped(&mut self, line: &[u8], found: usize) -> Result<Taken, Fault> {
        self.give_up();
        let begin = (found + STOPPED_END.len())
            .checked_sub(STOPPED.len())
            .filter(|begin| line[*begin..].starts_with(STOPPED))
            .ok_or_else(|| Fault::new("a stop without its beginning", found))?;
        let mut scan = Scan::new(line);
        scan.skip(begin + STOPPED.len());
        let length = seconds(&mut scan)?;
        // What stands before it may be of another line that was being written.
        let at = self.stamps_before(line, begin);
        let cause: &[u8] = if self.inside.is_empty() {
            b"safepoint"
        } else {
            &self.inside
        };
        self.log.stop(at, length, cause, "s");
        self.inside.clear();
        Ok(Taken::Record)
    }

    /// The stamps that end where something else begins.
    fn stamps_before(&mut self, line: &[u8], end: usize) -> Option<i64> {
        let before = &line[..end];
        let start = before
            .iter()
            .rposition(|byte| {
                !matches!(
                    byte,
                    b'0'..=b'9' | b'.' | b',' | b':' | b'+' | b'-' | b'T' | b'Z' | b' '
                )
            })
            .map_or(0, |place| place + 1);
        let mut scan = Scan::new(&before[start..]);
        let (date, uptime) = date_and_uptime(scan.blanks());
        let whole = scan.is_done();
        whole.then(|| self.log.stamp(date, uptime)).flatten()
    }

    /// Follows the brackets of a line that was written at a moment, with the stamps of which it begins, up to
    /// a column; whether a collection ended in it.
    fn collections(&mut self, line: &[u8], at: Option<i64>, column: usize) -> Result<Taken, Fault> {
        let mut taken = Taken::PassedOver;
        let mut from = 0;
        loop {
            let Some(open) = &mut self.open else {
                let Some(found) = opening(&line[from..]) else {
                    return Ok(taken);
                };
                let start = if from + found == column {
                    at
                } else {
                    self.stamps_before(line, from + found)
                };
                from += found + 1;
                self.open = Some(Open {
                    start,
                    cause: cause(&line[from..]),
                    depth: 1,
                    number: self.number,
                    text: Vec::new(),
                    lines: 0,
                });
                continue;
            };
            let Some(end) = open.follow(line, from) else {
                if open.lines == 0 {
                    open.text = line[..line.len().min(LONGEST)].to_vec();
                }
                open.lines += 1;
                if open.lines > PATIENCE {
                    self.give_up();
                }
                return Ok(taken);
            };
            let (start, cause) = (open.start, std::mem::take(&mut open.cause));
            self.open = None;
            let length = seconds_before(&line[..end])
                .ok_or_else(|| Fault::new("a collection without its duration", end))?;
            self.log.collection(start, length, &cause, "s");
            self.inside = cause;
            taken = Taken::Record;
            from = end + 1;
        }
    }

    fn give_up(&mut self) {
        if let Some(open) = self.open.take() {
            self.unfinished += 1;
            self.first_unfinished
                .get_or_insert((open.number, open.text));
        }
    }
}

impl Open {
    /// Where in a line, looked at from a place on, its last bracket closes.
    fn follow(&mut self, line: &[u8], from: usize) -> Option<usize> {
        for place in memchr2_iter(b'[', b']', &line[from..]) {
            let place = from + place;
            if line[place] == b']' {
                self.depth -= 1;
                if self.depth == 0 {
                    return Some(place);
                }
            // Ranges of addresses close with a parenthesis.
            } else if !line[place..].starts_with(b"[0x") {
                self.depth = self.depth.saturating_add(1);
            }
        }
        None
    }
}

fn date_and_uptime(scan: &mut Scan<'_>) -> (Option<Stamp>, Option<i64>) {
    let mut date = None;
    let mut next = *scan;
    if let Some(stamp) = date_and_time(&mut next)
        && next.tag(b": ")
    {
        date = Some(stamp);
        *scan = next;
    }
    let mut next = *scan;
    let uptime = next.decimal(9).filter(|at| *at >= 0 && next.tag(b": "));
    if uptime.is_some() {
        *scan = next;
    }
    (date, uptime)
}

/// Where a collection begins that stops the application.
fn opening(line: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = memchr::memchr(b'[', &line[from..]) {
        let place = from + found;
        from = place + 1;
        let rest = &line[from..];
        let rest = rest.strip_prefix(b"Full ").unwrap_or(rest);
        let Some(rest) = rest.strip_prefix(b"GC") else {
            continue;
        };
        const NOT: [&[u8]; 4] = [b" Worker", b" concurrent", b" ref-proc", b" Termination"];
        let pauses = matches!(
            rest.first(),
            Some(b' ' | b'[' | b'-' | b'(' | b'0'..=b'9') | None
        ) && !NOT.iter().any(|word| rest.starts_with(word));
        if pauses {
            return Some(place);
        }
    }
    None
}

/// What a collection is, from the text after its first bracket: `GC (Allocation Failure)`, `GC pause (young)`.
fn cause(text: &[u8]) -> Vec<u8> {
    let text = &text[..text.len().min(LONGEST)];
    let mut parentheses = 0;
    let mut blank = true;
    let end = text.iter().position(|byte| {
        match byte {
            b'(' => parentheses += 1,
            b')' => parentheses -= 1,
            _ => {}
        }
        // A figure may stand in parentheses, as in a name such as G1 it may not begin a word.
        let figure = byte.is_ascii_digit() && blank && parentheses == 0;
        blank = *byte == b' ' || *byte == b')';
        figure || matches!(byte, b'[' | b']' | b',') && parentheses == 0
    });
    let (cause, rest) = text.split_at(end.unwrap_or(text.len()));
    let mut cause = cause.trim_ascii().to_vec();
    // The phases of CMS that stop the application have no name of their own up to JDK 7.
    if cause == b"GC" && rest.starts_with(b"[1 CMS-initial-mark") {
        cause.extend_from_slice(b" (CMS Initial Mark)");
    } else if cause == b"GC" && rest.starts_with(b"[YG occupancy") {
        cause.extend_from_slice(b" (CMS Remark)");
    }
    cause
}

/// The seconds in `... , 0.0171130 secs`.
fn seconds_before(text: &[u8]) -> Option<i64> {
    let text = text.trim_ascii_end().strip_suffix(b" secs")?;
    let figure = memchr::memrchr(b' ', text).map_or(text, |blank| &text[blank + 1..]);
    let mut scan = Scan::new(figure);
    scan.decimal(9)
        .filter(|length| *length >= 0 && scan.is_done())
}
