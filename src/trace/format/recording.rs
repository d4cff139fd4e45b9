//! What this package records itself: pauses of a machine, round trips to a server.

use std::collections::BTreeMap;

use crate::Error;
use crate::trace::delays::{Delays, Probe};
use crate::trace::line_format::{LineFormat, Taken};
use crate::trace::pause_log::PauseLog;
use crate::trace::read::Trace;
use crate::trace::report::{Fault, Report};
use crate::trace::scan::Scan;
use crate::trace::table::{Clock, MISSING};

const FIRST_LINE: &[u8] = b"# suspicion recording ";

/// Nanoseconds in a millisecond.
const MILLI: u64 = 1_000_000;

/// A recording, or several of one kind in one file, by the page `docs/recordings.md`.
///
/// * Of pauses, each `pause` and `suspended` is a `stop`, and what is covered ends with the last `tick` or `end`, or
///   with what came after it. The histograms of the ticks have no row.
/// * Of round trips, each probe is a row. `late` after a `timeout` of the same number gives that row its delay; duplicates are
///   counted. Probes whose outcome the recording did not live to see have no row, and are counted.
///
/// Times are `started` and what the monotonic clock has counted since, with the suspensions that it has not:
/// nanoseconds since 1970. A line that is torn is left out and counted.
#[derive(Debug, Default)]
pub struct Recording {
    kind: Kind,
    /// Whether this reader understands the recording whose lines are being read.
    known: bool,
    started: i64,
    suspended: Suspended,
    log: PauseLog,
    delays: Delays,
    target: Vec<u8>,
    /// Rows of probes that were given up, by number.
    open: BTreeMap<i64, usize>,
    /// How many rows the recordings before this one have.
    first_row: usize,
    /// The latest moment so far.
    latest: Option<i64>,
    notes: Notes,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Kind {
    #[default]
    None,
    Pauses,
    RoundTrips,
}

/// How long the machine was suspended in all before and since the last time that it was.
#[derive(Debug, Default)]
struct Suspended {
    noticed: i64,
    before: i64,
    since: i64,
}

#[derive(Debug, Default)]
struct Notes {
    recordings: u64,
    unwatched: u64,
    torn: u64,
    suspensions: u64,
    dropped: u64,
    unknown: u64,
    duplicates: u64,
    late: u64,
    censored: u64,
}

/// How sure the beginning of a file makes it that this is a recording.
pub fn sure(head: &[u8]) -> u8 {
    if head.starts_with(FIRST_LINE) { 100 } else { 0 }
}

impl LineFormat for Recording {
    fn line(&mut self, line: &[u8]) -> Result<Taken, Fault> {
        if line.ends_with(b"#torn") {
            return self.torn_line(line);
        }
        let mut scan = Scan::new(line);
        if scan.tag(FIRST_LINE) {
            return self.begin(scan);
        }
        if !self.known {
            return Err(scan.fault("not of a recording that is understood"));
        }
        if scan.tag(b"# ") {
            return self.header(scan);
        }
        let fields = Fields::of(line);
        if line.starts_with(b"event,") || line.starts_with(b"number,") {
            return Ok(Taken::PassedOver);
        }
        match self.kind {
            Kind::Pauses => self.pause(line, &fields),
            Kind::RoundTrips => self.probe(&fields),
            Kind::None => Err(scan.fault("a row before the kind of recording")),
        }
    }

    fn torn_line(&mut self, _: &[u8]) -> Result<Taken, Fault> {
        self.notes.torn += 1;
        Ok(Taken::PassedOver)
    }

    fn finish(mut self, report: &mut Report) -> Result<Trace, Error> {
        let notes = &self.notes;
        if notes.recordings > 1 {
            report.note("recordings", notes.recordings);
            report.note(
                "milliseconds between recordings, not watched",
                notes.unwatched / MILLI,
            );
        }
        report.note("torn lines", notes.torn);
        report.note("suspensions", notes.suspensions);
        report.note("pauses that could not be written", notes.dropped);
        report.note("rows of an unknown kind", notes.unknown);
        report.note("duplicates", notes.duplicates);
        report.note("late answers", notes.late);
        report.note("probes of unknown outcome", notes.censored);
        if self.kind == Kind::RoundTrips {
            (self.delays.clock, self.delays.unit) = (Clock::Unix, "ns");
            return Ok(Trace::Delays(self.delays));
        }
        (self.log.clock, self.log.unit) = (Clock::Unix, "ns");
        Ok(Trace::PauseLog(self.log))
    }
}

impl Recording {
    fn begin(&mut self, scan: Scan<'_>) -> Result<Taken, Fault> {
        self.known = scan.rest() == b"1";
        if !self.known {
            return Err(scan.fault("a recording that a later version wrote"));
        }
        self.notes.recordings += 1;
        self.suspended = Suspended::default();
        self.first_row = self.delays.number.len();
        self.open.clear();
        Ok(Taken::PassedOver)
    }

    fn header(&mut self, mut scan: Scan<'_>) -> Result<Taken, Fault> {
        if scan.tag(b"kind: ") {
            let kind = match scan.rest() {
                b"pauses" => Kind::Pauses,
                b"rtt" => Kind::RoundTrips,
                _ => return Err(scan.fault("a kind of recording that is not known")),
            };
            if self.kind != Kind::None && self.kind != kind {
                self.known = false;
                return Err(scan.fault("a recording of another kind than the first"));
            }
            self.kind = kind;
        } else if scan.tag(b"started: ") {
            self.started = scan
                .whole()
                .ok_or_else(|| scan.fault("no time of the start"))?;
            if let Some(latest) = self.latest {
                let between = self.started.saturating_sub(latest).max(0).unsigned_abs();
                self.notes.unwatched = self.notes.unwatched.saturating_add(between);
            }
            if self.kind == Kind::Pauses {
                self.log.cover(self.started);
            }
        } else if scan.tag(b"address: ") {
            self.target = scan.rest().to_vec();
        }
        Ok(Taken::PassedOver)
    }

    /// `pause,46827869,3004417,,`
    fn pause(&mut self, line: &[u8], fields: &Fields<'_>) -> Result<Taken, Fault> {
        let event = fields.word(0);
        if event == b"dropped" {
            let dropped = fields.number(3)?.unwrap_or(0).unsigned_abs();
            self.notes.dropped = self.notes.dropped.saturating_add(dropped);
            return Ok(Taken::PassedOver);
        }
        if ![&b"pause"[..], b"tick", b"end", b"suspended"].contains(&event) {
            self.notes.unknown += 1;
            return Ok(Taken::PassedOver);
        }
        let (Some(at), Some(length)) = (fields.number(1)?, fields.number(2)?) else {
            return Err(Fault::new("a row without its time", line.len()));
        };
        let when = self.moment(at);
        match event {
            b"pause" => self.log.push(Some(when), length, b"late awakening", "stop"),
            b"suspended" => {
                self.notes.suspensions += 1;
                self.log.push(Some(when), length, b"suspended", "stop");
                self.suspended.add(at, length);
            }
            _ => self.reach(when),
        }
        if matches!(event, b"pause" | b"suspended") {
            self.reach(when.saturating_add(length));
        }
        Ok(Taken::Record)
    }

    /// `17,1700123456,204518,ok`
    fn probe(&mut self, fields: &Fields<'_>) -> Result<Taken, Fault> {
        let outcome = fields.word(3);
        let (number, at, delay) = (fields.number(0)?, fields.number(1)?, fields.number(2)?);
        let sent = at.map(|at| self.moment(at));
        match outcome {
            b"suspended" => {
                self.notes.suspensions += 1;
                self.suspended.add(at.unwrap_or(0), delay.unwrap_or(0));
                return Ok(Taken::PassedOver);
            }
            b"end" => {
                let rows = (self.delays.number.len() - self.first_row) as i64;
                let censored = number.unwrap_or(0).saturating_sub(rows).max(0);
                self.notes.censored = self.notes.censored.saturating_add(censored.unsigned_abs());
                if let Some(sent) = sent {
                    self.reach(sent);
                }
                return Ok(Taken::PassedOver);
            }
            b"duplicate" => {
                self.notes.duplicates += 1;
                return Ok(Taken::PassedOver);
            }
            b"ok" | b"late" | b"timeout" | b"refused" | b"error" | b"unsent" => {}
            _ => {
                self.notes.unknown += 1;
                return Ok(Taken::PassedOver);
            }
        }
        let Some(number) = number else {
            return Err(Fault::new("a probe without its number", 0));
        };
        if outcome == b"ok" && delay.is_none() {
            return Err(Fault::new("an answer without its time", 0));
        }
        if let Some(sent) = sent {
            self.reach(sent.saturating_add(delay.unwrap_or(0)));
        }
        self.notes.late += u64::from(outcome == b"late");
        if outcome == b"late"
            && let Some(row) = self.open.remove(&number)
        {
            self.delays.delay[row] = delay.unwrap_or(MISSING);
            return Ok(Taken::Record);
        }
        if outcome == b"timeout" {
            self.open.insert(number, self.delays.number.len());
        }
        self.delays.push(Probe {
            number: Some(number),
            sent,
            delay,
            target: &self.target,
            outcome,
        });
        Ok(Taken::Record)
    }

    /// The time of day of a moment of the monotonic clock.
    fn moment(&self, at: i64) -> i64 {
        self.started
            .saturating_add(at)
            .saturating_add(self.suspended.until(at))
    }

    fn reach(&mut self, at: i64) {
        self.latest = Some(self.latest.map_or(at, |latest| latest.max(at)));
        self.log.cover(at);
    }
}

impl Suspended {
    fn add(&mut self, noticed: i64, length: i64) {
        self.noticed = noticed;
        self.before = self.since;
        self.since = self.since.saturating_add(length);
    }

    /// How long it was up to a moment; rows may be written some time after what they tell.
    fn until(&self, at: i64) -> i64 {
        if at >= self.noticed {
            self.since
        } else {
            self.before
        }
    }
}

/// The first four fields of a row.
struct Fields<'a>([&'a [u8]; 4]);

impl<'a> Fields<'a> {
    fn of(line: &'a [u8]) -> Self {
        let mut fields: [&[u8]; 4] = [b""; 4];
        for (field, text) in fields.iter_mut().zip(line.split(|byte| *byte == b',')) {
            *field = text;
        }
        Self(fields)
    }

    fn word(&self, place: usize) -> &'a [u8] {
        self.0[place]
    }

    /// A number, or none if the field is empty.
    fn number(&self, place: usize) -> Result<Option<i64>, Fault> {
        if self.0[place].is_empty() {
            return Ok(None);
        }
        let mut scan = Scan::new(self.0[place]);
        match scan.whole().filter(|_| scan.is_done()) {
            Some(number) => Ok(Some(number)),
            None => Err(Fault::new("a field that is no number", 0)),
        }
    }
}
