//! What linuxptp writes to a terminal or to syslog: `ptp4l`, `phc2sys`, `ts2phc`, of versions 1.x to 4.x.
//!
//! ```text
//! ptp4l[24.634]: master offset     -10931 s2 freq  +16451 path delay    154478
//! Feb 15 20:04:05 host phc2sys[383]: [25.634] CLOCK_REALTIME phc offset  47 s2 freq +7195 delay 1262
//! ```
//!
//! Offsets and delays are nanoseconds, frequencies parts per billion. An offset above zero is a local clock that is ahead, as `clock.c`
//! has it: what arrived, less what was sent, less the delay. `freq` is what the servo takes away from the speed of the clock: once it is
//! locked, how much too fast the clock runs by itself; while it pulls an offset in, more or less than that. Readings of a servo that is
//! not locked, `s0` and `s1`, are noted. Times are the uptime in brackets.
//!
//! Lines that sum several readings up, `rms 787 max 1208 ...`, have no single reading in them; a file of nothing
//! else is refused. Left out: changes of port states, and the date of syslog, which has no fraction of a second.

use memchr::memmem;

use crate::Error;
use crate::trace::clock_offsets::{ClockOffsets, Reading};
use crate::trace::line_format::{LineFormat, Taken};
use crate::trace::read::Trace;
use crate::trace::report::{Fault, Report};
use crate::trace::scan::{Scan, has};
use crate::trace::table::Clock;

const PROGRAMS: [&[u8]; 3] = [b"ptp4l", b"phc2sys", b"ts2phc"];

/// Readings of a clock's servo.
#[derive(Debug)]
pub struct Ptp4l {
    offsets: ClockOffsets,
    unlocked: u64,
    summaries: u64,
}

/// How sure the beginning of a file makes it that this is linuxptp.
pub fn sure(head: &[u8]) -> u8 {
    if !PROGRAMS.iter().any(|program| has(head, program)) {
        return 0;
    }
    if has(head, b" offset ") && has(head, b" freq ") {
        return 90;
    }
    if has(head, b" rms ") && has(head, b" +/- ") {
        return 85;
    }
    if PROGRAMS.iter().any(|program| head.starts_with(program)) {
        return 70;
    }
    0
}

impl Default for Ptp4l {
    fn default() -> Self {
        Self {
            offsets: ClockOffsets::new(Clock::Start, "ns"),
            unlocked: 0,
            summaries: 0,
        }
    }
}

/// The uptime in the last brackets that have one, and what comes after the brackets and colons.
fn prefix(text: &[u8]) -> (Option<i64>, &[u8]) {
    let mut at = None;
    let mut rest = text;
    let mut scan = Scan::new(text);
    while scan.until(b'[').is_some() {
        let mut inside = scan;
        let digits = inside.rest();
        let pointed = digits
            .iter()
            .find(|byte| !byte.is_ascii_digit())
            .is_some_and(|byte| *byte == b'.');
        if pointed
            && digits[0] != b'.'
            && let Some(uptime) = inside.decimal(9)
            && matches!(inside.peek(), Some(b']' | b':'))
        {
            at = Some(uptime);
        }
        if scan.until(b']').is_none() {
            break;
        }
        scan.tag(b":");
        rest = scan.blanks().rest();
    }
    (at, rest)
}

fn number(scan: &mut Scan<'_>, reason: &'static str) -> Result<f64, Fault> {
    let here = scan.blanks().fault(reason);
    let found = scan.decimal(0).ok_or(here)?;
    match scan.peek() {
        None | Some(b' ' | b'\t' | b'\r') => Ok(found as f64),
        Some(_) => Err(here),
    }
}

impl Ptp4l {
    fn reading(&mut self, line: &[u8], found: usize) -> Result<Taken, Fault> {
        const MARK: &[u8] = b" offset ";
        let (at, source) = prefix(&line[..found]);
        let mut scan = Scan::new(line);
        scan.past(MARK);
        if !matches!(scan.blanks().peek(), Some(b'0'..=b'9' | b'-' | b'+')) {
            return self.other(line);
        }
        let mut reading = Reading {
            at,
            source,
            offset: number(&mut scan, "no offset")? / 1e9,
            ..Reading::default()
        };
        let mut state = None;
        if scan.blanks().tag(b"s") {
            state = Some(number(&mut scan, "no state of a servo")?);
            if !scan.blanks().tag(b"freq") {
                return Err(scan.fault("no frequency"));
            }
            reading.frequency = number(&mut scan, "no frequency")? / 1e3;
        } else if source == b"master" {
            return Err(scan.fault("no state of a servo"));
        }
        scan.blanks().tag(b"path ");
        if scan.tag(b"delay") {
            reading.delay = number(&mut scan, "no delay")? / 1e9;
        } else if source == b"master" {
            return Err(scan.fault("no delay"));
        }
        self.unlocked += u64::from(state.is_some_and(|state| state < 2.0));
        self.offsets.push(reading);
        Ok(Taken::Record)
    }

    fn other(&mut self, line: &[u8]) -> Result<Taken, Fault> {
        if has(line, b" rms ") && has(line, b" max ") {
            self.summaries += 1;
            return Ok(Taken::PassedOver);
        }
        let blank = line.iter().all(u8::is_ascii_whitespace) || line.starts_with(b"#");
        if blank || PROGRAMS.iter().any(|program| has(line, program)) {
            return Ok(Taken::PassedOver);
        }
        Err(Fault::new("not a line of linuxptp", 0))
    }
}

impl LineFormat for Ptp4l {
    fn line(&mut self, line: &[u8]) -> Result<Taken, Fault> {
        match memmem::find(line, b" offset ") {
            Some(found) => self.reading(line, found),
            None => self.other(line),
        }
    }

    fn finish(self, report: &mut Report) -> Result<Trace, Error> {
        if report.records == 0 && self.summaries > 0 {
            return Err(Error::trace(
                "ptp4l",
                "has summaries of many readings only; let it write each with summary_interval below that of the \
                 synchronisation",
            ));
        }
        report.note("readings while the servo was not locked", self.unlocked);
        report.note("summaries of several readings", self.summaries);
        Ok(Trace::ClockOffsets(self.offsets))
    }
}
