//! What a JVM writes about its pauses since JDK 9: unified logging, `-Xlog:gc`, `-Xlog:gc*`,
//! `-Xlog:safepoint`, with any decorations or none.

use crate::Error;
use crate::trace::format::jvm_log::JvmLog;
use crate::trace::line_format::{LineFormat, Taken};
use crate::trace::read::Trace;
use crate::trace::report::{Fault, Report};
use crate::trace::scan::{Scan, has};
use crate::trace::stamp::{Stamp, date_and_time};

/// Milliseconds from here on count from 1970, below it from the start: 1973, or three years of uptime.
const LONG_AGO: i64 = 100_000_000_000;

/// Pauses from the unified log of a JVM (JEP 158; layouts as `safepoint.cpp` and the collectors of OpenJDK
/// write them).
///
/// * A `stop` is what a safepoint took in all, reaching it included, in nanoseconds since JDK 13:
///   `[0.109s][info][safepoint] Safepoint "GenCollectForAllocation", ..., Total: 16118193 ns`,
///   in seconds before: `Total time for which application threads were stopped: 0.0102 seconds, ...`.
///   Its cause is the operation.
/// * A `collection` is a line of a pause with its milliseconds, of any collector:
///   `[0.109s][info][gc] GC(0) Pause Young (Allocation Failure) 17M->15M(61M) 16.006ms`. Its cause is the
///   text between. Phases of a pause, the line that says that one begins, and concurrent phases have no
///   row. Some collectors have a full collection inside of a young one: both have a row, and they overlap.
/// * Both are written when they are over, and begin their length earlier.
///
/// Left out and counted: the stall of a single thread while ZGC makes room for it. Without decorations
/// stops are put one after the other by `Time since last` or `Application time`; collections
/// then mostly have no time.
#[derive(Debug, Default)]
pub struct Jvm {
    log: JvmLog,
    /// Why the last safepoint was entered, as JDK 9 to 12 write it beforehand.
    operation: Vec<u8>,
    stalls: u64,
}

/// How sure the beginning of a file makes it that this is a unified log.
pub fn sure(head: &[u8]) -> u8 {
    let tags = [&b"][gc"[..], b"][safepoint"]
        .iter()
        .any(|tag| has(head, tag));
    let level = has(head, b"[info") || has(head, b"[debug") || has(head, b"[trace");
    let record = has(head, b") Pause ") || has(head, b"Reaching safepoint: ");
    match (tags && level, record) {
        (true, true) => 95,
        (true, false) => 75,
        (false, true) if has(head, b"GC(") || has(head, b"Time since last: ") => 85,
        _ => 0,
    }
}

impl LineFormat for Jvm {
    fn line(&mut self, line: &[u8]) -> Result<Taken, Fault> {
        let mut scan = Scan::new(line);
        let decorations = Decorations::take(&mut scan);
        let at = self.log.stamp(decorations.date, decorations.uptime);
        match scan.peek() {
            Some(b'G') if scan.tag(b"GC(") => self.collection(scan, at, decorations.tags),
            Some(b'S') if scan.tag(b"Safepoint \"") => self.safepoint(scan, at),
            Some(b'T') if scan.tag(STOPPED) => self.stopped(scan, at),
            Some(b'A') if scan.tag(b"Application time: ") => {
                let length = seconds(&mut scan)?;
                self.log.ran(at, length);
                Ok(Taken::PassedOver)
            }
            Some(b'A') if scan.tag(b"Allocation Stall (") => {
                self.stalls += 1;
                Ok(Taken::PassedOver)
            }
            Some(b'E') if scan.tag(b"Entering safepoint region: ") => {
                self.operation = scan.rest().to_vec();
                Ok(Taken::PassedOver)
            }
            _ => without_its_beginning(scan),
        }
    }

    fn finish(self, report: &mut Report) -> Result<Trace, Error> {
        report.note("stalls of single threads", self.stalls);
        Ok(Trace::PauseLog(self.log.finish(report)))
    }
}

/// What the length of a stop follows, up to JDK 12.
pub const STOPPED: &[u8] = b"Total time for which application threads were stopped: ";

impl Jvm {
    /// `0) Pause Young (Allocation Failure) 17M->15M(61M) 16.006ms`, `12) Y: Pause Mark Start 0.010ms`
    fn collection(
        &mut self,
        mut scan: Scan<'_>,
        at: Option<i64>,
        tags: &[u8],
    ) -> Result<Taken, Fault> {
        if scan.whole().is_none() || !scan.tag(b") ") {
            return Ok(Taken::PassedOver);
        }
        let text = scan.rest();
        // The generation that ZGC collects.
        if matches!(text, [b'Y' | b'y' | b'O' | b'o', b':', b' ', ..]) {
            scan.past(b": ");
        }
        if !scan.tag(b"Pause ") {
            return Ok(Taken::PassedOver);
        }
        let Some(before) = text.strip_suffix(b"ms") else {
            return if has(text, b"->") || tags.trim_ascii() == b"gc" {
                Err(scan.fault("a pause without its duration"))
            } else {
                Ok(Taken::PassedOver)
            };
        };
        let (text, figure) = last_word(before);
        let mut figure = Scan::new(figure);
        let length = figure
            .decimal(6)
            .filter(|length| *length >= 0 && figure.is_done())
            .ok_or_else(|| scan.fault("no duration in milliseconds"))?;
        let cause = match last_word(text) {
            (cause, heap) if has(heap, b"->") => cause,
            _ => text,
        };
        let start = at.map(|at| at.saturating_sub(length));
        self.log.collection(start, length, cause, "ms");
        Ok(Taken::Record)
    }

    /// `GenCollectForAllocation", Time since last: 69505909 ns, ..., Total: 16118193 ns`
    fn safepoint(&mut self, mut scan: Scan<'_>, at: Option<i64>) -> Result<Taken, Fault> {
        let cause = scan
            .until(b'"')
            .ok_or_else(|| scan.fault("a safepoint without its operation"))?;
        let since = scan
            .past(b"Time since last: ")
            .then(|| scan.whole())
            .flatten();
        if !scan.past(b" Total: ") {
            return Err(scan.fault("a safepoint without its total"));
        }
        let length = scan
            .whole()
            .filter(|_| scan.tag(b" ns"))
            .ok_or_else(|| scan.fault("a total that is not in nanoseconds"))?;
        if at.is_none()
            && let Some(since) = since
        {
            self.log.ran(None, since);
        }
        self.log.stop(at, length, cause, "ns");
        Ok(Taken::Record)
    }

    /// `0.0102 seconds, Stopping threads took: 0.0001 seconds`
    fn stopped(&mut self, mut scan: Scan<'_>, at: Option<i64>) -> Result<Taken, Fault> {
        let length = seconds(&mut scan)?;
        self.log.stop(at, length, &self.operation, "s");
        self.operation.clear();
        Ok(Taken::Record)
    }
}

/// `0.0102 seconds`, in nanoseconds.
pub fn seconds(scan: &mut Scan<'_>) -> Result<i64, Fault> {
    let length = scan
        .decimal(9)
        .filter(|length| *length >= 0)
        .ok_or_else(|| scan.fault("no duration"))?;
    if !scan.tag(b" seconds") {
        return Err(scan.fault("a duration that is not in seconds"));
    }
    Ok(length)
}

/// A line that bears the mark of a pause but does not begin like one is torn; any other is of no interest.
fn without_its_beginning(scan: Scan<'_>) -> Result<Taken, Fault> {
    let text = scan.rest();
    let torn = has(text, b"threads were stopped: ")
        || has(text, b" Reaching safepoint: ")
        || text.ends_with(b"ms") && has(text, b") Pause ");
    if torn {
        return Err(scan.fault("a pause without its beginning"));
    }
    Ok(Taken::PassedOver)
}

fn last_word(text: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memrchr(b' ', text) {
        Some(blank) => (text[..blank].trim_ascii_end(), &text[blank + 1..]),
        None => (&[], text),
    }
}

/// What stands in brackets before a message, as far as it matters.
#[derive(Debug, Default)]
struct Decorations<'a> {
    date: Option<Stamp>,
    uptime: Option<i64>,
    /// What the last pair of brackets has in it: the tags, if they are shown.
    tags: &'a [u8],
}

impl<'a> Decorations<'a> {
    fn take(scan: &mut Scan<'a>) -> Self {
        let mut found = Self::default();
        while scan.tag(b"[") {
            let Some(inside) = scan.until(b']') else {
                break;
            };
            found.tags = inside;
            if inside.first().is_some_and(u8::is_ascii_digit) {
                found.number(Scan::new(inside));
            }
        }
        scan.tag(b" ");
        found
    }

    /// A date, `0.109s`, `109ms` since 1970 or the start, `109000000ns`; or the number of a process.
    fn number(&mut self, mut scan: Scan<'_>) {
        let date = date_and_time(&mut scan);
        if date.is_some() {
            self.date = self.date.or(date);
            return;
        }
        let digits = scan;
        let Some(_) = scan.decimal(0) else {
            return;
        };
        let mut digits = digits;
        match scan.rest() {
            b"s" => self.uptime = digits.decimal(9),
            b"ns" => self.uptime = digits.whole(),
            b"ms" => {
                let Some(millis) = digits.whole() else {
                    return;
                };
                let at = millis.saturating_mul(1_000_000);
                if millis < LONG_AGO {
                    self.uptime = Some(at);
                } else {
                    self.date = self.date.or(Some(Stamp { at, zoned: true }));
                }
            }
            _ => {}
        }
    }
}
