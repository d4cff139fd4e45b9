//! What `mtr --raw` prints: every probe and every answer of every hop.
//!
//! ```text
//! x 1 33001
//! h 1 203.0.113.3
//! p 1 23126 33001
//! ```
//!
//! `x` is a probe, by the place of its hop and its number; `p` an answer, with microseconds between
//! the two; `h` the address of a hop, `d` its name, `m` its MPLS labels, as in `ui/raw.c` and `FORMATS` of
//! mtr 0.95. Old versions write neither `x` nor
//! numbers. The averages that mtr otherwise
//! prints are recognised and refused.

use std::collections::BTreeMap;

use crate::Error;
use crate::trace::delays::{Delays, Probe};
use crate::trace::line_format::{LineFormat, Taken, refused};
use crate::trace::read::Trace;
use crate::trace::report::{Fault, Report};
use crate::trace::scan::{Scan, has};
use crate::trace::table::{Clock, MISSING};

/// mtr follows no more hops than this.
const HOPS: usize = 256;

/// Probes and answers of a run of `mtr --raw`, without any times.
///
/// Each hop is a target of its own, named by its place, counted from one, and the address that it
/// answered from first. Its probes are numbered in order from zero. One without an answer is lost,
/// also those at the end of a run that was broken off. Before the length of the path is known mtr
/// probes hops beyond the last one: these answer from the same address, a few times only.
#[derive(Debug, Default)]
pub struct Mtr {
    /// Hop, place among those of the hop, and delay of each probe.
    hop: Vec<u8>,
    number: Vec<i64>,
    delay: Vec<i64>,
    open: Open,
    hops: BTreeMap<usize, Hop>,
    duplicates: u64,
    unnumbered: u64,
    averages: bool,
}

/// Rows of probes that an answer may come to, by hop and number: the last ones at once, of the older ones those that
/// were never answered.
#[derive(Debug, Default)]
struct Open {
    recent: Vec<Option<(Sent, usize)>>,
    older: BTreeMap<Sent, usize>,
}

/// Hop and number of a probe.
type Sent = (usize, i64);

/// So many of the last probes are at hand; numbers rise by one from probe to probe.
const RECENT: usize = 4096;

impl Open {
    /// Adds a probe. `answered` says of an older one's row whether it needs to be known any longer.
    fn insert(&mut self, sent: Sent, row: usize, answered: impl Fn(usize) -> bool) {
        if self.recent.is_empty() {
            self.recent.resize(RECENT, None);
        }
        if !self.older.is_empty() {
            self.older.remove(&sent);
        }
        let place = Self::place(sent);
        if let Some((before, row)) = self.recent[place].replace((sent, row))
            && before != sent
            && !answered(row)
        {
            self.older.insert(before, row);
        }
    }

    fn row(&self, sent: Sent) -> Option<usize> {
        match self.recent.get(Self::place(sent)) {
            Some(Some((known, row))) if *known == sent => Some(*row),
            _ => self.older.get(&sent).copied(),
        }
    }

    fn is_empty(&self) -> bool {
        self.recent.is_empty()
    }

    fn place(sent: Sent) -> usize {
        sent.1 as usize % RECENT
    }
}

#[derive(Debug, Default)]
struct Hop {
    address: Vec<u8>,
    probes: i64,
    moved: bool,
}

/// How sure the beginning of a file makes it that this is of `mtr`.
pub fn sure(head: &[u8]) -> u8 {
    if is_average(head) {
        return 90;
    }
    let whole = &head[..memchr::memrchr(b'\n', head).unwrap_or(head.len())];
    let mut any = false;
    let all = whole.split(|byte| *byte == b'\n').take(20).all(|line| {
        let mut scan = Scan::new(line.trim_ascii_end());
        any |= matches!(scan.peek(), Some(b'x' | b'p'));
        let kind = scan.peek().is_some_and(|kind| b"xphdmt".contains(&kind));
        let letter = scan.word().len() == 1;
        kind && letter && scan.blanks().whole().is_some() && scan.tag(b" ")
    });
    if any && all { 90 } else { 0 }
}

/// Whether this is `--report`, `--csv`, `--json` or `--xml`.
fn is_average(head: &[u8]) -> bool {
    let report = has(head, b"HOST: ") && has(head, b"Loss%") && has(head, b"StDev");
    let json = has(head, b"\"mtr\": {") && has(head, b"\"hubs\": [");
    report || json || head.starts_with(b"Mtr_Version,") || has(head, b"<MTR SRC=")
}

impl LineFormat for Mtr {
    fn line(&mut self, line: &[u8]) -> Result<Taken, Fault> {
        let mut scan = Scan::new(line);
        if self.averages || scan.blanks().is_done() {
            return Ok(Taken::PassedOver);
        }
        let kind = scan.word();
        let hop = scan
            .blanks()
            .whole()
            .and_then(|hop| usize::try_from(hop).ok());
        let Some(hop) = hop.filter(|hop| *hop < HOPS) else {
            self.averages = self.hop.is_empty() && is_heading(line);
            if self.averages {
                return Ok(Taken::PassedOver);
            }
            return Err(scan.fault("not a line of mtr --raw"));
        };
        scan.blanks();
        match kind {
            b"x" => self.probe(hop, scan),
            b"p" => self.answer(hop, scan),
            b"h" => self.address(hop, scan),
            b"d" | b"m" | b"t" => Ok(Taken::PassedOver),
            _ => Err(scan.fault("not a line of mtr --raw")),
        }
    }

    fn finish(self, report: &mut Report) -> Result<Trace, Error> {
        if self.averages {
            return Err(refused(
                "a report of mtr has averages only: no tail to learn from; use mtr --raw",
            ));
        }
        let mut delays = Delays::new(Clock::None, "us");
        let mut names = vec![Vec::new(); HOPS];
        for (hop, known) in &self.hops {
            let mut name = (hop + 1).to_string().into_bytes();
            if !known.address.is_empty() {
                name.push(b' ');
                name.extend(&known.address);
            }
            names[*hop] = name;
        }
        for ((hop, number), delay) in self.hop.iter().zip(&self.number).zip(&self.delay) {
            let answered = *delay != MISSING;
            delays.push(Probe {
                number: Some(*number),
                sent: None,
                delay: answered.then_some(*delay),
                target: &names[usize::from(*hop)],
                outcome: if answered { b"ok" } else { b"timeout" },
            });
        }
        report.note("duplicates", self.duplicates);
        report.note("answers without a number", self.unnumbered);
        let moved = self.hops.values().filter(|hop| hop.moved).count();
        report.note("hops that answered from several addresses", moved as u64);
        Ok(Trace::Delays(delays))
    }
}

impl Mtr {
    /// `33001`, after `x 1`
    fn probe(&mut self, hop: usize, mut scan: Scan<'_>) -> Result<Taken, Fault> {
        let number = scan
            .whole()
            .filter(|_| scan.is_done())
            .ok_or_else(|| scan.fault("no number of a probe"))?;
        // mtr numbers from 33,000 to 65,535 and begins again: an older one of that number is lost.
        let delays = &self.delay;
        self.open
            .insert((hop, number), self.hop.len(), |row| delays[row] != MISSING);
        self.push(hop, MISSING);
        Ok(Taken::Record)
    }

    /// `23126 33001`, after `p 1`
    fn answer(&mut self, hop: usize, mut scan: Scan<'_>) -> Result<Taken, Fault> {
        let delay = scan
            .whole()
            .and_then(|delay| delay.checked_mul(1000))
            .ok_or_else(|| scan.fault("no time in microseconds"))?;
        if scan.blanks().is_done() {
            if !self.open.is_empty() {
                return Err(scan.fault("an answer without its number"));
            }
            self.unnumbered += 1;
            self.push(hop, delay);
            return Ok(Taken::Record);
        }
        let number = scan
            .whole()
            .filter(|_| scan.is_done())
            .ok_or_else(|| scan.fault("no number of a probe"))?;
        let Some(row) = self.open.row((hop, number)) else {
            return Err(scan.fault("an answer to no probe"));
        };
        // The entry stays, so that a second answer is known as such.
        if self.delay[row] == MISSING {
            self.delay[row] = delay;
        } else {
            self.duplicates += 1;
        }
        Ok(Taken::PassedOver)
    }

    fn address(&mut self, hop: usize, mut scan: Scan<'_>) -> Result<Taken, Fault> {
        let address = scan.word();
        if address.is_empty() {
            return Err(scan.fault("a hop without its address"));
        }
        let known = self.hops.entry(hop).or_default();
        if known.address.is_empty() {
            known.address = address.to_vec();
        }
        known.moved |= known.address != address;
        Ok(Taken::PassedOver)
    }

    fn push(&mut self, hop: usize, delay: i64) {
        let known = self.hops.entry(hop).or_default();
        self.number.push(known.probes);
        known.probes += 1;
        self.hop.push(hop as u8);
        self.delay.push(delay);
    }
}

/// The first line of a report, or of a document that has one.
fn is_heading(line: &[u8]) -> bool {
    [
        &b"Start: "[..],
        b"HOST: ",
        b"Mtr_Version,",
        b"<?xml",
        b"<MTR ",
        b"{",
    ]
    .iter()
    .any(|start| line.starts_with(start))
}
