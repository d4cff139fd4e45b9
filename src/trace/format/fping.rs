//! What `fping` prints with `-l` or `-c`, and the summaries of `-C`, with or without `-D`.
//!
//! `[1795429354.92215] node-b    : [0], 64 bytes, 20.3 ms (20.3 avg, 0% loss)`
//!
//! Delays are in milliseconds with three digits. The layouts are those of `src/fping.c` of fping 5.1;
//! JSON (`-J`), Netdata (`-N`) and runs that only tell who is alive are not read.

use std::collections::BTreeMap;

use super::fping_summary::Summaries;
use crate::Error;
use crate::trace::delays::{Delays, Probe};
use crate::trace::line_format::{LineFormat, Taken, refused};
use crate::trace::read::Trace;
use crate::trace::report::{Fault, Report};
use crate::trace::scan::{Scan, has};
use crate::trace::table::Clock;

/// Probes and answers of a run of `fping`, of any number of targets.
///
/// A line is stamped when the answer comes; the probe was sent its delay earlier. `timed out` is
/// written some time after the probe, so that when that was sent is not known. Errors that routers
/// send are not tied to a probe, which is then said to have timed out too; they are counted in the
/// notes. With `-l` a second answer looks like the first; it is known by its number, of the last 128.
/// The summary of `-C` (`host : 20.3 - 18.1`, a dash for a loss) makes rows for a target that
/// has no lines of its own.
#[derive(Debug, Default)]
pub struct Fping {
    delays: Delays,
    stamped: bool,
    duplicates: u64,
    errors: u64,
    /// Which probes each target that has lines of its own has answered.
    seen: BTreeMap<Vec<u8>, Answered>,
    summaries: Summaries,
    claimed: BTreeMap<Vec<u8>, (i64, i64)>,
}

/// How sure the beginning of a file makes it that this is `fping`.
pub fn sure(head: &[u8]) -> u8 {
    if has(head, b"% loss)")
        && has(head, b" : [")
        && (has(head, b" ms (") || has(head, b"timed out ("))
    {
        return 90;
    }
    if has(head, b" : xmt/rcv/%loss = ") || has(head, b" for ICMP Echo sent to ") {
        return 80;
    }
    let mut lines = head
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty())
        .take(4)
        .peekable();
    let any = lines.peek().is_some();
    let all = lines.all(|line| {
        let mut scan = Scan::new(line);
        let target = target(&mut scan);
        target.is_some_and(|target| {
            let read = Summaries::default().take(target, scan);
            read.is_ok_and(|delays| delays > 1)
        })
    });
    if any && all { 60 } else { 0 }
}

/// Which of the last probes of a target were answered.
#[derive(Debug, Default)]
struct Answered {
    newest: i64,
    /// One bit for each, the lowest for the newest.
    bits: u128,
}

impl Answered {
    /// Notes an answer; whether it is the first to its probe, as far as is known.
    fn is_new(&mut self, number: i64) -> bool {
        if number > self.newest {
            let ahead = u32::try_from(number - self.newest).unwrap_or(u32::MAX);
            self.bits = self.bits.checked_shl(ahead).unwrap_or(0);
            self.newest = number;
        }
        let behind = u32::try_from(self.newest - number).unwrap_or(u32::MAX);
        let Some(bit) = 1_u128.checked_shl(behind) else {
            return true;
        };
        let new = self.bits & bit == 0;
        self.bits |= bit;
        new
    }
}

impl LineFormat for Fping {
    fn line(&mut self, line: &[u8]) -> Result<Taken, Fault> {
        let mut scan = Scan::new(line);
        let stamp = stamp(&mut scan)?;
        self.stamped |= stamp.is_some();
        let Some(target) = target(&mut scan) else {
            return self.other(scan);
        };
        if scan.tag(b"[") {
            return self.probe(scan, target, stamp);
        }
        if scan.tag(b"xmt/rcv/%loss = ") || scan.tag(b"xmt/rcv/%return = ") {
            let sent = scan.whole();
            scan.tag(b"/");
            if let Some(claim) = sent.zip(scan.whole()) {
                self.claimed.insert(target.to_vec(), claim);
                return Ok(Taken::PassedOver);
            }
            return Err(scan.fault("totals without their numbers"));
        }
        if scan.tag(b"duplicate for [") {
            self.duplicates += 1;
            return Ok(Taken::PassedOver);
        }
        if scan.tag(b"error while sending ping") {
            self.errors += 1;
            return Ok(Taken::PassedOver);
        }
        self.summaries.take(target, scan)?;
        Ok(Taken::PassedOver)
    }

    fn finish(mut self, report: &mut Report) -> Result<Trace, Error> {
        let lines = self.summaries.append(&mut self.delays, &self.seen);
        report.passed_over = report.passed_over.saturating_sub(lines);
        report.records += lines;
        if self.delays.number.is_empty() && !self.claimed.is_empty() {
            return Err(refused(
                "the totals of fping have averages only: no tail to learn from; use fping -D -l without -q or -Q",
            ));
        }
        self.delays.unit = "ms";
        self.delays.clock = if self.stamped {
            Clock::Unix
        } else {
            Clock::None
        };
        report.note("duplicates", self.duplicates);
        report.note("errors from routers", self.errors);
        for (sent, received) in self.claimed.into_values() {
            report.note("sent, as fping says", sent as u64);
            report.note("received, as fping says", received as u64);
        }
        Ok(Trace::Delays(self.delays))
    }
}

impl Fping {
    /// `0], 64 bytes, 20.3 ms (20.3 avg, 0% loss)` or `1], timed out (20.3 avg, 50% loss)`
    fn probe(
        &mut self,
        mut scan: Scan<'_>,
        target: &[u8],
        stamp: Option<i64>,
    ) -> Result<Taken, Fault> {
        let number = scan
            .whole()
            .filter(|_| scan.tag(b"], "))
            .ok_or_else(|| scan.fault("no number of a probe"))?;
        let mut delay = None;
        if !scan.tag(b"timed out") {
            if !scan.past(b" bytes, ") {
                return Err(scan.fault("an answer without its size"));
            }
            delay = scan.decimal(6).filter(|delay| *delay >= 0);
            if delay.is_none() || !scan.tag(b" ms") {
                return Err(scan.fault("no time in milliseconds"));
            }
        }
        if !(has(scan.rest(), b"% loss)") || has(scan.rest(), b"% return)")) {
            return Err(scan.fault("a line without its end"));
        }
        if !self.seen.contains_key(target) {
            self.seen.insert(target.to_vec(), Answered::default());
        }
        if delay.is_some()
            && let Some(answered) = self.seen.get_mut(target)
            && !answered.is_new(number)
        {
            self.duplicates += 1;
            return Ok(Taken::PassedOver);
        }
        self.push(number, stamp, delay, target);
        Ok(Taken::Record)
    }

    fn push(&mut self, number: i64, stamp: Option<i64>, delay: Option<i64>, target: &[u8]) {
        self.delays.push(Probe {
            number: Some(number),
            sent: stamp
                .zip(delay)
                .map(|(stamp, delay)| stamp.saturating_sub(delay)),
            delay,
            target,
            outcome: if delay.is_some() { b"ok" } else { b"timeout" },
        });
    }

    /// Lines that are about no probe.
    fn other(&mut self, scan: Scan<'_>) -> Result<Taken, Fault> {
        let text = scan.rest();
        if has(text, b" for ICMP Echo sent to ") {
            self.errors += 1;
            return Ok(Taken::PassedOver);
        }
        // `[10:22:36]` stands before the totals of -Q.
        let clock = text.first() == Some(&b'[') && text.ends_with(b"]");
        let known = text.iter().all(u8::is_ascii_whitespace)
            || clock
            || text.starts_with(b" [<- ")
            || has(text, b" is alive")
            || has(text, b" is unreachable")
            || text.starts_with(b"fping: ")
            || text.starts_with(b"^C");
        if known {
            return Ok(Taken::PassedOver);
        }
        Err(scan.fault("not a line of fping"))
    }
}

/// The `[1795429354.92215] ` of `-D`; `[10:22:36]` is left.
fn stamp(scan: &mut Scan<'_>) -> Result<Option<i64>, Fault> {
    let mut next = *scan;
    if !next.tag(b"[") {
        return Ok(None);
    }
    let at = next.decimal(9);
    if at.is_some() && next.peek() == Some(b':') {
        return Ok(None);
    }
    let at = at.ok_or_else(|| next.fault("a stamp that is no number"))?;
    if !next.tag(b"] ") {
        return Err(next.fault("a stamp without its end"));
    }
    *scan = next;
    Ok(Some(at))
}

/// What stands before the first ` : `, without the blanks that fill it up.
fn target<'a>(scan: &mut Scan<'a>) -> Option<&'a [u8]> {
    let before = scan.rest();
    scan.past(b" : ").then_some(())?;
    let length = before.len() - scan.rest().len() - 3;
    let target = before.get(..length)?.trim_ascii_end();
    (!target.is_empty()).then_some(target)
}
