//! Logs of chronyd: `tracking.log`, `measurements.log` with its `rawmeasurements`, and `statistics.log`, of chrony 1.x
//! to 4.x. Columns are those of chrony.conf(5), banners repeat every so many lines.
//!
//! ```text
//! 2017-08-22 13:22:36 203.0.113.15     2     -3.541      0.075 -8.621e-06 N  2  2.940e-03 -2.084e-04  1.534e-02  3.472e-04  8.304e-03
//! ```
//!
//! Times are UTC, figures seconds or parts per million. Signs, as the manual has them:
//!
//! | log | offset above zero | here |
//! |---|---|---|
//! | tracking | the local clock is fast | as it stands |
//! | measurements | the local clock is slow | turned around |
//! | statistics | the local clock is fast | as it stands |
//!
//! A frequency above zero in `tracking.log` means that the local clock is fast, as here.
//! `statistics.log` gives the rate relative to the correction that is in force, not that of the clock itself, so that
//! there is no frequency.
//!
//! `delay` is the root delay of `tracking.log`, that of the peer in `measurements.log`; `dispersion` is the
//! maximum error of `tracking.log` (of old versions, that do not have it, none), the peer dispersion, and the standard deviation of the offset.
//! Left out: stratum, scores, references; in `tracking.log` lines without a source, while chronyd was not
//! synchronised; in `rawmeasurements` packets that failed a test, which are noted.

use crate::Error;
use crate::trace::clock_offsets::{ClockOffsets, Reading};
use crate::trace::line_format::{LineFormat, Taken};
use crate::trace::read::Trace;
use crate::trace::report::{Fault, Report};
use crate::trace::scan::{Scan, has};
use crate::trace::stamp::date_and_time;
use crate::trace::table::Clock;

/// Which of the logs.
#[derive(Debug, Clone, Copy)]
pub enum Log {
    /// `tracking.log`
    Tracking,
    /// `measurements.log` or `rawmeasurements`
    Measurements,
    /// `statistics.log`
    Statistics,
}

/// A log of chronyd.
#[derive(Debug)]
pub struct Chrony {
    log: Log,
    offsets: ClockOffsets,
    refused: u64,
    alone: u64,
}

/// How sure the beginning of a file makes it that it is this log.
pub fn sure(log: Log, head: &[u8]) -> u8 {
    let columns: &[u8] = match log {
        Log::Tracking => b"IP Address   St   Freq ppm",
        Log::Measurements => b"IP Address   L St ",
        Log::Statistics => b"IP Address    Std dev'n",
    };
    if has(head, b"Date (UTC) Time") && has(head, columns) {
        95
    } else {
        0
    }
}

impl Chrony {
    /// Nothing yet.
    pub fn new(log: Log) -> Self {
        Self {
            log,
            offsets: ClockOffsets::new(Clock::Unix, "s"),
            refused: 0,
            alone: 0,
        }
    }

    fn tracking(&mut self, mut scan: Scan<'_>, mut found: Reading<'_>) -> Result<Taken, Fault> {
        column(&mut scan)?;
        found.frequency = figure(&mut scan)?;
        found.skew = figure(&mut scan)?;
        found.offset = figure(&mut scan)?;
        if !scan.blanks().is_done() {
            if column(&mut scan)? == b"?" || found.source == b"0.0.0.0" {
                self.alone += 1;
                return Ok(Taken::PassedOver);
            }
            for _ in 0..3 {
                column(&mut scan)?;
            }
            // Delay and error are in newer versions only.
            if !scan.blanks().is_done() {
                found.delay = figure(&mut scan)?;
                column(&mut scan)?;
                found.dispersion = figure(&mut scan)?;
            }
        }
        self.offsets.push(found);
        Ok(Taken::Record)
    }

    fn measurement(&mut self, mut scan: Scan<'_>, mut found: Reading<'_>) -> Result<Taken, Fault> {
        column(&mut scan)?;
        column(&mut scan)?;
        // `111 111 1111`: three groups of tests, each passed or not; older versions have less of the last.
        let mut failed = false;
        for _ in 0..3 {
            let tests = column(&mut scan)?;
            if !tests.iter().all(|test| matches!(test, b'0' | b'1')) {
                return Err(scan.fault("no row of tests"));
            }
            failed |= tests.contains(&b'0');
        }
        for _ in 0..3 {
            column(&mut scan)?;
        }
        found.offset = -figure(&mut scan)?;
        found.delay = figure(&mut scan)?;
        found.dispersion = figure(&mut scan)?;
        figure(&mut scan)?;
        figure(&mut scan)?;
        if failed {
            self.refused += 1;
            return Ok(Taken::PassedOver);
        }
        self.offsets.push(found);
        Ok(Taken::Record)
    }

    fn statistics(&mut self, mut scan: Scan<'_>, mut found: Reading<'_>) -> Result<Taken, Fault> {
        figure(&mut scan)?;
        found.offset = figure(&mut scan)?;
        found.dispersion = figure(&mut scan)?;
        figure(&mut scan)?;
        figure(&mut scan)?;
        self.offsets.push(found);
        Ok(Taken::Record)
    }
}

fn column<'a>(scan: &mut Scan<'a>) -> Result<&'a [u8], Fault> {
    match scan.blanks().word() {
        b"" => Err(scan.fault("a line that ends too early")),
        found => Ok(found),
    }
}

fn figure(scan: &mut Scan<'_>) -> Result<f64, Fault> {
    scan.blanks();
    if scan.is_done() {
        return Err(scan.fault("a line that ends too early"));
    }
    let here = scan.fault("no figure");
    let found = scan.float().ok_or(here)?;
    match scan.peek() {
        None | Some(b' ' | b'\t') => Ok(found),
        Some(_) => Err(here),
    }
}

impl LineFormat for Chrony {
    fn line(&mut self, line: &[u8]) -> Result<Taken, Fault> {
        let mut scan = Scan::new(line);
        match scan.peek() {
            None | Some(b'=' | b'#') => return Ok(Taken::PassedOver),
            Some(b' ') if has(line, b"Date (UTC) Time") => return Ok(Taken::PassedOver),
            _ => {}
        }
        let stamp = date_and_time(&mut scan).ok_or_else(|| scan.fault("no date and time"))?;
        let found = Reading {
            at: Some(stamp.at),
            source: column(&mut scan)?,
            ..Reading::default()
        };
        match self.log {
            Log::Tracking => self.tracking(scan, found),
            Log::Measurements => self.measurement(scan, found),
            Log::Statistics => self.statistics(scan, found),
        }
    }

    fn finish(self, report: &mut Report) -> Result<Trace, Error> {
        report.note("measurements that failed a test", self.refused);
        report.note("updates while not synchronised", self.alone);
        Ok(Trace::ClockOffsets(self.offsets))
    }
}
