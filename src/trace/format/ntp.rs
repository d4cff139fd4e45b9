//! Statistics of ntpd and NTPsec: `loopstats` and `peerstats`, as monopt.html of ntp describes them.
//!
//! ```text
//! 50935 75440.031 0.000006019 13.778190 0.000351733 0.013380 6
//! 48773 10847.650 127.127.4.1 9714 -0.001605376 0.000000000 0.001424877 0.000958674
//! ```
//!
//! First the modified Julian day and seconds past midnight, UTC. `loopstats` goes on with offset, frequency, jitter,
//! wander and time constant; `peerstats` with the address, its status in hexadecimal digits, offset, delay, dispersion and, of newer versions, jitter.
//! Offsets are seconds that the server is ahead of the local clock, and the frequency is how much the clock is sped up, so that both are
//! turned around here. `dispersion` of `loopstats` is the jitter, `skew` the wander.
//!
//! Left out: the time constant, the status, and the jitter of `peerstats`.

use crate::Error;
use crate::trace::clock_offsets::{ClockOffsets, Reading};
use crate::trace::line_format::{LineFormat, Taken};
use crate::trace::read::Trace;
use crate::trace::report::{Fault, Report};
use crate::trace::scan::Scan;
use crate::trace::stamp::SECOND;
use crate::trace::table::Clock;

/// The modified Julian day of the first of January 1970.
const EPOCH: i64 = 40_587;

/// Statistics of the loop or of peers.
#[derive(Debug)]
pub struct Ntp {
    peers: bool,
    offsets: ClockOffsets,
}

/// How sure the beginning of a file makes it that these are `peerstats`, or `loopstats` if not `peers`.
pub fn sure(peers: bool, head: &[u8]) -> u8 {
    let mut lines = head
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty());
    let one = |line: &[u8]| Ntp::new(peers).line(line).is_ok();
    // The last line may be cut off.
    match (lines.next().is_some_and(one), lines.next().is_none_or(one)) {
        (true, true) => 75,
        _ => 0,
    }
}

impl Ntp {
    /// Nothing yet.
    pub fn new(peers: bool) -> Self {
        Self {
            peers,
            offsets: ClockOffsets::new(Clock::Unix, "s"),
        }
    }
}

fn stamp(scan: &mut Scan<'_>) -> Option<i64> {
    let day = scan
        .whole()
        .filter(|day| (EPOCH..EPOCH + 100_000).contains(day))?;
    let second = scan.blanks().decimal(9)?;
    // A leap second makes a day longer.
    let within = (0..=86_401 * SECOND).contains(&second);
    within.then(|| (day - EPOCH) * 86_400 * SECOND + second)
}

fn figure(scan: &mut Scan<'_>) -> Result<f64, Fault> {
    let here = scan.blanks().fault("no figure");
    let found = scan.float().ok_or(here)?;
    match scan.peek() {
        None | Some(b' ' | b'\t') => Ok(found),
        Some(_) => Err(here),
    }
}

impl LineFormat for Ntp {
    fn line(&mut self, line: &[u8]) -> Result<Taken, Fault> {
        let mut scan = Scan::new(line);
        if scan.blanks().is_done() {
            return Ok(Taken::PassedOver);
        }
        let at = stamp(&mut scan).ok_or_else(|| scan.fault("no day and second"))?;
        let mut found = Reading {
            at: Some(at),
            ..Reading::default()
        };
        if self.peers {
            found.source = scan.blanks().word();
            let status = scan.blanks().word();
            if status.is_empty() || !status.iter().all(u8::is_ascii_hexdigit) {
                return Err(scan.fault("no status of a peer"));
            }
            found.offset = -figure(&mut scan)?;
            found.delay = figure(&mut scan)?;
            found.dispersion = figure(&mut scan)?;
        } else {
            found.offset = -figure(&mut scan)?;
            found.frequency = -figure(&mut scan)?;
            found.dispersion = figure(&mut scan)?;
            found.skew = figure(&mut scan)?;
            figure(&mut scan)?;
        }
        self.offsets.push(found);
        Ok(Taken::Record)
    }

    fn finish(self, _: &mut Report) -> Result<Trace, Error> {
        Ok(Trace::ClockOffsets(self.offsets))
    }
}
