//! What `ghz` writes with `-O json` or `-O pretty`: each call of a load test of a gRPC service.
//!
//! `{"count": 1, "details": [{"timestamp": "2026-11-23T10:24:10.64-04:00", "latency": 31371720, "status": "OK"}]}`
//!
//! Latencies are in nanoseconds. A call is stamped when it ends (`runner/stats_handler.go` of
//! its source), so it was sent its latency earlier.

use serde::Deserialize;

use crate::trace::delays::{Delays, Probe};
use crate::trace::input::Input;
use crate::trace::json::{Document, Documents, Elements, Scalar, Stop, read_documents};
use crate::trace::read::{Options, Trace};
use crate::trace::report::{Fault, Report};
use crate::trace::scan::{Scan, has};
use crate::trace::stamp::date_and_time;
use crate::trace::table::Clock;
use crate::{Cancel, Error};

/// Calls of one or more runs of `ghz`.
///
/// The target is the method that was called, where it stands before the calls as ghz writes it; the
/// outcome is the status. That an answer says that something is wrong does not make it less of an
/// answer, but of `DeadlineExceeded`, `Canceled` and `Unavailable` no answer came and
/// the delay is missing. What ghz itself counts goes into the notes: it leaves out of the details what it
/// could not tell apart from its own end.
#[derive(Debug)]
struct Ghz {
    delays: Delays,
    method: Vec<u8>,
    claimed: i64,
}

/// How sure the beginning of a file makes it that this is of `ghz`.
pub fn sure(head: &[u8]) -> u8 {
    let object = head.trim_ascii_start().starts_with(b"{");
    let marks: [&[u8]; 4] = [b"\"endReason\"", b"\"fastest\"", b"\"rps\"", b"\"count\""];
    let found = marks.iter().filter(|mark| has(head, mark)).count();
    if object && found >= 3 { 90 } else { 0 }
}

/// Reads the calls.
///
/// # Errors
///
/// Those of [`read_documents`], and if there is a summary without calls.
pub fn read(
    input: Input<'_>,
    options: &Options,
    cancel: &Cancel,
) -> Result<(Trace, Report), Error> {
    let name = input.name().to_owned();
    let mut ghz = Ghz {
        delays: Delays::new(Clock::Unix, "ns"),
        method: Vec::new(),
        claimed: 0,
    };
    let mut report = read_documents(&mut ghz, input, options.strict, cancel)?;
    if report.lines == 0 && ghz.claimed > 0 {
        return Err(Error::trace(
            &name,
            "a summary of ghz has averages and a coarse histogram only: no tail to learn from; \
             use ghz -O json with its details",
        ));
    }
    report.note("calls, as ghz says", ghz.claimed.unsigned_abs());
    Ok((Trace::Delays(ghz.delays), report))
}

/// A call.
#[derive(Debug, Deserialize)]
struct Detail<'a> {
    #[serde(default, borrow)]
    timestamp: Scalar<'a>,
    #[serde(default, borrow)]
    latency: Scalar<'a>,
    #[serde(default, borrow)]
    status: Scalar<'a>,
}

impl Document for Ghz {
    fn field(&mut self, key: &str, documents: &mut Documents<'_>) -> Result<(), Stop> {
        match key {
            "count" => {
                let count = documents.value::<Scalar>()?.whole().unwrap_or_default();
                self.claimed = self.claimed.saturating_add(count.max(0));
                Ok(())
            }
            "options" => {
                let options: Settings = documents.value()?;
                self.method = options.call.text().to_vec();
                Ok(())
            }
            "details" => documents.elements(self),
            _ => documents.skip(),
        }
    }
}

/// How ghz was called.
#[derive(Debug, Deserialize)]
struct Settings<'a> {
    #[serde(default, borrow)]
    call: Scalar<'a>,
}

impl Elements for Ghz {
    type Element<'de> = Detail<'de>;

    fn take(&mut self, detail: Detail<'_>) -> Result<(), Fault> {
        let latency = detail
            .latency
            .whole()
            .filter(|latency| *latency >= 0)
            .ok_or(Fault::new("a call without its latency", 0))?;
        let ended = date_and_time(&mut Scan::new(detail.timestamp.text()))
            .filter(|stamp| stamp.zoned)
            .ok_or(Fault::new("a call without its time", 0))?;
        let outcome = detail.status.text();
        let silent = matches!(outcome, b"DeadlineExceeded" | b"Canceled" | b"Unavailable");
        self.delays.push(Probe {
            number: None,
            sent: Some(ended.at.saturating_sub(latency)),
            delay: (!silent).then_some(latency),
            target: &self.method,
            outcome,
        });
        Ok(())
    }
}
