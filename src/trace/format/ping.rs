//! What `ping` prints: iputils with and without `-D`, `-O`, `-v`, BusyBox, macOS and BSD, Windows.
//!
//! `[1795428673.833547] 64 bytes from node-b (192.0.2.2): icmp_seq=7 ttl=64 time=23.5 ms`
//!
//! Delays are in milliseconds. The layouts are those of `ping/ping_common.c` of iputils 20221126,
//! `networking/ping.c` of BusyBox 1.35, and of what the others print.

use std::collections::BTreeMap;

use crate::Error;
use crate::trace::delays::{Delays, Probe};
use crate::trace::line_format::{LineFormat, Taken, refused};
use crate::trace::read::Trace;
use crate::trace::report::{Fault, Report};
use crate::trace::scan::{Scan, has};
use crate::trace::table::{Clock, MISSING};

/// The 16 bits that a probe is numbered with.
const WRAP: i64 = 1 << 16;

/// Probes and answers of one or more runs of `ping`.
///
/// With `-D` a line is stamped when the answer comes; the probe was sent its delay earlier. Numbers
/// wrap at 65,536 and are counted on here, also from one run to the next. A probe for which the log
/// has neither an answer nor a word about its absence has no row: it is lost by the gap in the
/// numbers, or, after the last answer, by what `ping` itself says it sent, which is in the notes.
/// Of several answers to a probe the first counts. One that comes after `no answer yet` is an
/// answer as any other.
#[derive(Debug, Default)]
pub struct Ping {
    delays: Delays,
    /// Whom the heading names.
    target: Vec<u8>,
    /// Rows of probes that were given up, by number: an answer may still come.
    open: BTreeMap<i64, usize>,
    newest: Option<i64>,
    /// What the first run begins to count with, and what is added to the numbers of this one.
    origin: Option<i64>,
    base: i64,
    stamped: bool,
    dumping: bool,
    duplicates: u64,
    late: u64,
    unnumbered: u64,
    claimed: Option<(i64, i64)>,
}

/// How sure the beginning of a file makes it that this is `ping`.
pub fn sure(head: &[u8]) -> u8 {
    let ping = head.starts_with(b"PING ") || has(head, b"\nPING ") || has(head, b"Pinging ");
    let answer = has(head, b"bytes from ") && (has(head, b"icmp_seq=") || has(head, b" seq="));
    let windows = has(head, b"Reply from ") && has(head, b"TTL=");
    let silence = [
        &b"icmp_seq"[..],
        b"Request timed out",
        b"packets transmitted",
    ];
    match (ping, answer || windows) {
        (true, true) => 95,
        (_, true) => 80,
        (true, _) if silence.iter().any(|word| has(head, word)) => 70,
        _ => 0,
    }
}

impl LineFormat for Ping {
    fn line(&mut self, line: &[u8]) -> Result<Taken, Fault> {
        let mut scan = Scan::new(line);
        let stamp = stamp(&mut scan)?;
        self.stamped |= stamp.is_some();
        let text = scan;
        if scan.past(b" bytes from ") {
            return self.answer(scan, stamp);
        }
        if scan.tag(b"Reply from ") {
            return self.windows(scan);
        }
        if scan.tag(b"no answer yet for icmp_seq=") || scan.tag(b"Request timeout for icmp_seq ") {
            let number = self.counted_on(number(&mut scan)?);
            return Ok(self.unanswered(number, b"timeout"));
        }
        if scan.tag(b"Request timed out") || scan.tag(b"General failure") {
            let next = self.count();
            return Ok(self.unanswered(next, b"timeout"));
        }
        if scan.tag(b"From ") {
            return self.refused(scan);
        }
        self.other(text)
    }

    fn finish(mut self, report: &mut Report) -> Result<Trace, Error> {
        if self.delays.number.is_empty()
            && report.faults.is_empty()
            && self.claimed.is_some_and(|(sent, _)| sent > 0)
        {
            return Err(refused(
                "a summary of ping has averages only: no tail to learn from; use ping -D without -q",
            ));
        }
        self.delays.unit = "ms";
        self.delays.clock = if self.stamped {
            Clock::Unix
        } else {
            Clock::None
        };
        report.note("duplicates", self.duplicates);
        report.note("late answers", self.late);
        report.note("refusals without a number", self.unnumbered);
        if let Some((sent, received)) = self.claimed {
            report.note("sent, as ping says", sent as u64);
            report.note("received, as ping says", received as u64);
        }
        // What ping counted itself has the probes before the first answer and after the last.
        let (sent, received) = self.claimed.unwrap_or_default();
        let claimed = sent.saturating_sub(received).max(0).unsigned_abs();
        self.delays.lost = Some(self.delays.unanswered().max(claimed));
        Ok(Trace::Delays(self.delays))
    }
}

impl Ping {
    /// `host (1.2.3.4): icmp_seq=1 ttl=64 time=0.025 ms (DUP!)`, after `64 bytes from`.
    fn answer(&mut self, mut scan: Scan<'_>, stamp: Option<i64>) -> Result<Taken, Fault> {
        let from = scan.word();
        let from = from.strip_suffix(b":").unwrap_or(from);
        if !(scan.past(b"icmp_seq=") || scan.past(b" seq=")) {
            if has(scan.rest(), b"nreachable") || has(scan.rest(), b"xceeded") {
                self.unnumbered += 1;
                return Ok(Taken::PassedOver);
            }
            return Err(scan.fault("an answer without its number"));
        }
        let number = number(&mut scan)?;
        let delay = delay(&mut scan)?;
        if scan.past(b"(DUP!)") {
            self.duplicates += 1;
            return Ok(Taken::PassedOver);
        }
        let number = self.counted_on(number);
        let sent = stamp.map(|stamp| stamp.saturating_sub(delay));
        if let Some(row) = self.open.remove(&number) {
            self.late += 1;
            self.delays.delay[row] = delay;
            self.delays.sent[row] = sent.unwrap_or(MISSING);
            self.delays.outcome.replace(row, b"ok");
            return Ok(Taken::PassedOver);
        }
        self.push(number, sent, Some(delay), from, b"ok");
        Ok(Taken::Record)
    }

    /// `Reply from 1.2.3.4: bytes=32 time<1ms TTL=54`
    fn windows(&mut self, mut scan: Scan<'_>) -> Result<Taken, Fault> {
        let from = scan.word();
        let from = from.strip_suffix(b":").unwrap_or(from);
        if has(scan.rest(), b"unreachable") || has(scan.rest(), b"expired") {
            let number = self.count();
            return Ok(self.unanswered(number, b"unreachable"));
        }
        let delay = delay(&mut scan)?;
        let number = self.count();
        self.push(number, None, Some(delay), from, b"ok");
        Ok(Taken::Record)
    }

    /// `From 10.0.0.1 icmp_seq=2 Destination Host Unreachable`
    fn refused(&mut self, mut scan: Scan<'_>) -> Result<Taken, Fault> {
        if !scan.past(b"icmp_seq=") {
            return Err(scan.fault("a refusal without its number"));
        }
        let number = number(&mut scan)?;
        if has(scan.rest(), b"Redirect") {
            return Ok(Taken::PassedOver);
        }
        let number = self.counted_on(number);
        Ok(self.unanswered(number, b"unreachable"))
    }

    fn unanswered(&mut self, number: i64, outcome: &'static [u8]) -> Taken {
        if let Some(row) = self.open.get(&number) {
            // That a router said so is more than that nobody did.
            if outcome == b"unreachable" {
                self.delays.outcome.replace(*row, outcome);
            }
            return Taken::PassedOver;
        }
        self.open.insert(number, self.delays.number.len());
        // The word comes some time after the probe, so that when it was sent is not known.
        self.push(number, None, None, b"", outcome);
        Taken::Record
    }

    fn push(
        &mut self,
        number: i64,
        sent: Option<i64>,
        delay: Option<i64>,
        from: &[u8],
        outcome: &[u8],
    ) {
        let target = if self.target.is_empty() {
            from
        } else {
            &self.target
        };
        self.delays.push(Probe {
            number: Some(number),
            sent,
            delay,
            target,
            outcome,
        });
    }

    /// Headings and the summary; everything else is not of `ping`.
    fn other(&mut self, mut scan: Scan<'_>) -> Result<Taken, Fault> {
        const KNOWN: [&[u8]; 12] = [
            b"--- ",
            b"rtt ",
            b"round-trip ",
            b"Ping statistics",
            b"Approximate round trip",
            b"    Minimum",
            b"ping: ",
            b"ai->ai_family:",
            b"WARNING:",
            b"Warning:",
            b"pipe ",
            b"^C",
        ];
        if scan.tag(b"PING ") || scan.tag(b"Pinging ") {
            let name = scan.word();
            self.heading(name.split(|byte| *byte == b'(').next().unwrap_or(name));
            return Ok(Taken::PassedOver);
        }
        if scan.tag(b"PING6(") {
            scan.past(b"--> ");
            self.heading(scan.word());
            return Ok(Taken::PassedOver);
        }
        let text = scan.rest();
        if has(text, b"packets transmitted") {
            let sent = scan.whole();
            scan.past(b", ");
            self.claim(sent.zip(scan.whole()));
            return Ok(Taken::PassedOver);
        }
        if scan.blanks().tag(b"Packets: Sent = ") {
            let sent = scan.whole();
            scan.past(b"Received = ");
            self.claim(sent.zip(scan.whole()));
            return Ok(Taken::PassedOver);
        }
        // BSD shows the header of a packet that was refused, in two lines.
        if std::mem::take(&mut self.dumping) {
            return Ok(Taken::PassedOver);
        }
        self.dumping = text.starts_with(b"Vr HL TOS");
        let known = text.iter().all(u8::is_ascii_whitespace)
            || self.dumping
            || KNOWN.iter().any(|start| text.starts_with(start));
        if known {
            return Ok(Taken::PassedOver);
        }
        Err(scan.fault("not a line of ping"))
    }

    /// A run begins. Its numbers go on behind those of the one before.
    fn heading(&mut self, target: &[u8]) {
        self.target = target.to_vec();
        if self.newest.is_some() {
            self.base = self
                .next_number()
                .saturating_sub(self.origin.unwrap_or_default());
            self.newest = None;
            self.open.clear();
        }
    }

    /// What `ping` says of a run at its end.
    fn claim(&mut self, claim: Option<(i64, i64)>) {
        let Some((sent, received)) = claim else {
            return;
        };
        let (before, answered) = self.claimed.unwrap_or_default();
        self.claimed = Some((
            before.saturating_add(sent),
            answered.saturating_add(received),
        ));
        let last = self
            .base
            .saturating_add(self.origin.unwrap_or_default())
            .saturating_add(sent - 1);
        self.newest = self.newest.map(|newest| newest.max(last));
    }

    /// The number after the newest.
    fn next_number(&self) -> i64 {
        self.newest
            .map_or(self.base, |newest| newest.saturating_add(1))
    }

    /// A number for a probe that has none in the log.
    fn count(&mut self) -> i64 {
        self.origin.get_or_insert(0);
        let number = self.next_number();
        self.newest = Some(number);
        number
    }

    /// The number as it would be if it neither wrapped nor began anew with each run.
    fn counted_on(&mut self, number: i64) -> i64 {
        // BusyBox, BSD and macOS count from zero, iputils from one.
        self.origin.get_or_insert(i64::from(number != 0));
        let number = self.base.saturating_add(number);
        let Some(newest) = self.newest else {
            self.newest = Some(number);
            return number;
        };
        let ahead = number.saturating_sub(newest).rem_euclid(WRAP);
        let found = if ahead < WRAP / 2 {
            newest.saturating_add(ahead)
        } else {
            newest.saturating_add(ahead - WRAP)
        };
        let newest = newest.max(found);
        self.newest = Some(newest);
        while let Some(oldest) = self.open.first_entry()
            && newest.saturating_sub(*oldest.key()) > WRAP / 2
        {
            oldest.remove();
        }
        found
    }
}

/// The `[1795381181.64621] ` of `-D`.
fn stamp(scan: &mut Scan<'_>) -> Result<Option<i64>, Fault> {
    if !scan.tag(b"[") {
        return Ok(None);
    }
    let at = scan
        .decimal(9)
        .ok_or_else(|| scan.fault("a stamp that is no number"))?;
    if !scan.tag(b"] ") {
        return Err(scan.fault("a stamp without its end"));
    }
    Ok(Some(at))
}

fn number(scan: &mut Scan<'_>) -> Result<i64, Fault> {
    scan.whole()
        .ok_or_else(|| scan.fault("no number of a probe"))
}

/// What comes after `time=`, in nanoseconds.
fn delay(scan: &mut Scan<'_>) -> Result<i64, Fault> {
    if !(scan.past(b"time=") || scan.past(b"time<")) {
        return Err(scan.fault("an answer without its time"));
    }
    let delay = scan
        .decimal(6)
        .filter(|delay| *delay >= 0)
        .ok_or_else(|| scan.fault("no time in milliseconds"))?;
    if !scan.blanks().tag(b"ms") {
        return Err(scan.fault("a time that is not in milliseconds"));
    }
    Ok(delay)
}
