//! What `ping` prints: iputils with and without `-D` and `-O`, BusyBox, macOS and BSD, Windows.

use std::collections::BTreeMap;

use crate::Error;
use crate::trace::delays::{Delays, Probe};
use crate::trace::line_format::{LineFormat, Taken};
use crate::trace::read::Trace;
use crate::trace::report::{Fault, Report};
use crate::trace::scan::{Scan, has};
use crate::trace::table::{Clock, MISSING};

/// The 16 bits that a probe is numbered with.
const WRAP: i64 = 1 << 16;

/// Probes and answers of one run of `ping`.
///
/// With `-D` a line is stamped when the answer comes; the probe was sent its delay earlier. Numbers
/// wrap at 65,536 and are counted on here. A probe for which the log has neither an answer nor a word
/// about its absence has no row: it is lost by the gap in the numbers.
#[derive(Debug, Default)]
pub struct Ping {
    delays: Delays,
    /// Rows of probes that were given up, by number: an answer may still come.
    open: BTreeMap<i64, usize>,
    newest: Option<i64>,
    duplicates: u64,
    late: u64,
    stamped: bool,
    claimed: Option<(i64, i64)>,
}

/// How sure the beginning of a file makes it that this is `ping`.
pub fn sure(head: &[u8]) -> u8 {
    let ping = head.starts_with(b"PING ") || has(head, b"\nPING ") || has(head, b"Pinging ");
    let answer = has(head, b"bytes from ") && (has(head, b"icmp_seq=") || has(head, b" seq="));
    let windows = has(head, b"Reply from ") && has(head, b"TTL=");
    match (ping, answer || windows) {
        (true, true) => 95,
        (_, true) => 80,
        (true, _) if has(head, b"icmp_seq") || has(head, b"Request timed out") => 70,
        _ => 0,
    }
}

impl LineFormat for Ping {
    fn line(&mut self, line: &[u8]) -> Result<Taken, Fault> {
        let mut scan = Scan::new(line);
        let stamp = stamp(&mut scan)?;
        let text = scan;
        self.stamped |= stamp.is_some();
        if has(scan.rest(), b"bytes from ") {
            return self.answer(scan, stamp);
        }
        if scan.tag(b"Reply from ") {
            return self.windows(scan);
        }
        if scan.tag(b"no answer yet for icmp_seq=") || scan.tag(b"Request timeout for icmp_seq ") {
            let number = scan
                .whole()
                .ok_or_else(|| scan.fault("no number of a probe"))?;
            return Ok(self.unanswered(number, b"", b"timeout"));
        }
        if scan.tag(b"Request timed out") || scan.tag(b"General failure") {
            let next = self.next_number();
            return Ok(self.unanswered(next, b"", b"timeout"));
        }
        if scan.tag(b"From ") {
            return self.refused(scan);
        }
        self.other(text)
    }

    fn finish(mut self, report: &mut Report) -> Result<Trace, Error> {
        self.delays.unit = "ms";
        self.delays.clock = if self.stamped {
            Clock::Unix
        } else {
            Clock::None
        };
        report.note("duplicates", self.duplicates);
        report.note("late answers", self.late);
        if let Some((sent, received)) = self.claimed {
            report.note("sent, as ping says", sent as u64);
            report.note("received, as ping says", received as u64);
        }
        Ok(Trace::Delays(self.delays))
    }
}

impl Ping {
    /// `64 bytes from host (1.2.3.4): icmp_seq=1 ttl=64 time=0.025 ms (DUP!)`
    fn answer(&mut self, mut scan: Scan<'_>, stamp: Option<i64>) -> Result<Taken, Fault> {
        scan.past(b"bytes from ");
        let target = scan.word();
        let target = target.strip_suffix(b":").unwrap_or(target);
        if !(scan.past(b"icmp_seq=") || scan.past(b" seq=")) {
            return Err(scan.fault("an answer without its number"));
        }
        let number = scan
            .whole()
            .ok_or_else(|| scan.fault("no number of a probe"))?;
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
        if has(scan.rest(), b"(DUP!)") {
            self.duplicates += 1;
            return Ok(Taken::PassedOver);
        }
        let number = self.counted_on(number);
        let sent = stamp.map(|stamp| stamp.saturating_sub(delay));
        if let Some(row) = self.open.remove(&number) {
            self.late += 1;
            self.delays.delay[row] = delay;
            self.delays.sent[row] = sent.unwrap_or(MISSING);
            return Ok(Taken::Record);
        }
        self.delays.push(Probe {
            number: Some(number),
            sent,
            delay: Some(delay),
            target,
            outcome: b"ok",
        });
        Ok(Taken::Record)
    }

    /// `Reply from 1.2.3.4: bytes=32 time<1ms TTL=54`
    fn windows(&mut self, mut scan: Scan<'_>) -> Result<Taken, Fault> {
        let target = scan
            .until(b':')
            .ok_or_else(|| scan.fault("an answer from nobody"))?;
        let number = self.next_number();
        if has(scan.rest(), b"unreachable") || has(scan.rest(), b"expired") {
            return Ok(self.unanswered(number, target, b"unreachable"));
        }
        if !(scan.past(b"time=") || scan.past(b"time<")) {
            return Err(scan.fault("an answer without its time"));
        }
        let delay = scan
            .decimal(6)
            .filter(|delay| *delay >= 0)
            .ok_or_else(|| scan.fault("no time in milliseconds"))?;
        self.newest = Some(number);
        self.delays.push(Probe {
            number: Some(number),
            sent: None,
            delay: Some(delay),
            target,
            outcome: b"ok",
        });
        Ok(Taken::Record)
    }

    /// `From 10.0.0.1 icmp_seq=2 Destination Host Unreachable`
    fn refused(&mut self, mut scan: Scan<'_>) -> Result<Taken, Fault> {
        let who = scan.word();
        let who = who.strip_suffix(b":").unwrap_or(who);
        if !scan.past(b"icmp_seq=") {
            return Err(scan.fault("a refusal without its number"));
        }
        let number = scan
            .whole()
            .ok_or_else(|| scan.fault("no number of a probe"))?;
        if has(scan.rest(), b"Redirect") {
            return Ok(Taken::PassedOver);
        }
        Ok(self.unanswered(number, who, b"unreachable"))
    }

    fn unanswered(&mut self, number: i64, target: &[u8], outcome: &'static [u8]) -> Taken {
        let number = self.counted_on(number);
        if self.open.contains_key(&number) {
            return Taken::PassedOver;
        }
        self.open.insert(number, self.delays.number.len());
        // The word comes some time after the probe, so that when it was sent is not known.
        self.delays.push(Probe {
            number: Some(number),
            target,
            outcome,
            ..Probe::default()
        });
        Taken::Record
    }

    /// Headings and the summary; everything else is not of `ping`.
    fn other(&mut self, mut scan: Scan<'_>) -> Result<Taken, Fault> {
        const KNOWN: [&[u8]; 13] = [
            b"PING ",
            b"--- ",
            b"rtt ",
            b"round-trip ",
            b"Pinging ",
            b"Ping statistics",
            b"    Packets:",
            b"Approximate round trip",
            b"    Minimum",
            b"ping: ",
            b"WARNING:",
            b"Warning:",
            b"pipe ",
        ];
        let text = scan.rest();
        if has(text, b"packets transmitted") {
            let sent = scan.whole();
            scan.past(b", ");
            self.claimed = sent.zip(scan.whole());
            return Ok(Taken::PassedOver);
        }
        let blank = text.iter().all(u8::is_ascii_whitespace);
        if blank || text.starts_with(b"^C") || KNOWN.iter().any(|start| text.starts_with(start)) {
            return Ok(Taken::PassedOver);
        }
        Err(scan.fault("not a line of ping"))
    }

    /// The number after the newest, for formats that write none.
    fn next_number(&self) -> i64 {
        self.newest.map_or(0, |newest| newest.saturating_add(1))
    }

    /// The number as it would be if it did not wrap.
    fn counted_on(&mut self, number: i64) -> i64 {
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
        self.newest = Some(newest.max(found));
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
