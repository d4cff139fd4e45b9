//! What a Go program writes about its collections with `GODEBUG=gctrace=1`.

use crate::Error;
use crate::trace::line_format::{LineFormat, Taken};
use crate::trace::pause_log::PauseLog;
use crate::trace::read::Trace;
use crate::trace::report::{Fault, Report};
use crate::trace::scan::{Scan, has};
use crate::trace::table::Clock;

/// Stops from the lines of `gctrace=1` (layout by the documentation of Go's package `runtime`):
/// `gc 7 @0.330s 1%: 0.05+0.89+0.002 ms clock, 0.1+0.2/0.4/0+0.005 ms cpu, 4->5->2 MB, 5 MB goal, 8 P`.
///
/// The first figure of the clock is what the world stood still for to end the last sweep, and the last
/// one what it did to end the marking; what is between is concurrent. Go 1.5 has five figures, later ones
/// three. Both are a `stop` in milliseconds, with two or three digits, since the start of the program:
/// one at the stamp, one when the figures before it are over. The world also stops for other reasons, of
/// which this trace does not tell. Lines of the scavenger, scheduler and pacer have no row.
#[derive(Debug)]
pub struct GcTrace {
    log: PauseLog,
}

impl Default for GcTrace {
    fn default() -> Self {
        Self {
            log: PauseLog::new(Clock::Start, "ms"),
        }
    }
}

/// How sure the beginning of a file makes it that there are such lines in it.
pub fn sure(head: &[u8]) -> u8 {
    if has(head, b" ms clock, ") && has(head, b"gc ") && has(head, b" MB goal") {
        return 90;
    }
    0
}

impl LineFormat for GcTrace {
    fn line(&mut self, line: &[u8]) -> Result<Taken, Fault> {
        let Some(mut scan) = after_number(line) else {
            return Ok(Taken::PassedOver);
        };
        let at = scan
            .decimal(9)
            .filter(|at| *at >= 0 && scan.tag(b"s "))
            .ok_or_else(|| scan.fault("a collection without its time"))?;
        if !scan.past(b"%: ") {
            return Err(scan.fault("a collection without its clock"));
        }
        let mut before: i64 = 0;
        let mut count = 0;
        let mut first = 0;
        let mut last;
        loop {
            last = scan
                .decimal(6)
                .filter(|phase| *phase >= 0)
                .ok_or_else(|| scan.fault("no duration in milliseconds"))?;
            if count == 0 {
                first = last;
            }
            count += 1;
            if !scan.tag(b"+") {
                break;
            }
            before = before.saturating_add(last);
        }
        if count < 3 || !scan.tag(b" ms clock") {
            return Err(scan.fault("a collection without its clock"));
        }
        let forced = has(scan.rest(), b"(forced)");
        let causes: [&[u8]; 2] = if forced {
            [b"sweep termination (forced)", b"mark termination (forced)"]
        } else {
            [b"sweep termination", b"mark termination"]
        };
        let ending = at.saturating_add(before);
        self.log.push(Some(at), first, causes[0], "stop");
        self.log.push(Some(ending), last, causes[1], "stop");
        self.log.cover(at);
        self.log.cover(ending.saturating_add(last));
        Ok(Taken::Record)
    }

    fn finish(self, _: &mut Report) -> Result<Trace, Error> {
        Ok(Trace::PauseLog(self.log))
    }
}

/// What follows `gc 7 @`, wherever in the line that stands.
fn after_number(line: &[u8]) -> Option<Scan<'_>> {
    let mut scan = Scan::new(line);
    if !scan.tag(b"gc ") && !scan.past(b" gc ") {
        return None;
    }
    scan.whole()?;
    scan.tag(b" @").then_some(scan)
}
