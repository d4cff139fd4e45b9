//! The history of an Upptime repository: what its monitor committed about each site.

use memchr::memmem;

use crate::Error;
use crate::trace::events::{Event, Events};
use crate::trace::line_format::{LineFormat, Taken};
use crate::trace::read::Trace;
use crate::trace::report::{Fault, Report};
use crate::trace::scan::{Scan, has};
use crate::trace::stamp::date_and_time;
use crate::trace::table::Clock;

/// The end of the message of a check.
const MARK: &[u8] = b" ms) [skip ci] [upptime]";

/// Checks of sites, from `git log --format='%H %cI %s'` of an Upptime repository (messages as
/// upptime/uptime-monitor writes them): `0123abcd 2025-12-16T11:51:46Z 🟩 Some Site is up (200 in 1449 ms) ...`.
///
/// Each is an event of the site, `up`, `down` or `degraded`, at the time of the commit, with what the request took as
/// its length; `0 ms` of a site that did not answer is none. A check is committed when something has changed, and
/// from time to time otherwise: how often a site was looked at is not in the history. Other commits have no row.
#[derive(Debug)]
pub struct Upptime {
    events: Events,
}

impl Default for Upptime {
    fn default() -> Self {
        Self {
            events: Events::new(Clock::Unix, "ms"),
        }
    }
}

/// How sure the beginning of a file makes it that this is such a history.
pub fn sure(head: &[u8]) -> u8 {
    if has(head, MARK) { 90 } else { 0 }
}

impl LineFormat for Upptime {
    fn line(&mut self, line: &[u8]) -> Result<Taken, Fault> {
        let Some(end) = memmem::rfind(line, MARK) else {
            return Ok(Taken::PassedOver);
        };
        let mut scan = Scan::new(&line[..end]);
        scan.until(b' ');
        let at = date_and_time(&mut scan)
            .filter(|stamp| stamp.zoned && scan.tag(b" "))
            .ok_or_else(|| scan.fault("a check without its time"))?
            .at;
        // Before the name there is a square of the colour of the status.
        scan.until(b' ');
        let text = scan.rest();
        let (name, event, figures) = [
            (&b" is up ("[..], "up"),
            (b" is down (", "down"),
            (b" is degraded (", "degraded"),
        ]
        .into_iter()
        .find_map(|(words, event)| {
            let found = memmem::rfind(text, words)?;
            Some((&text[..found], event, &text[found + words.len()..]))
        })
        .ok_or_else(|| scan.fault("a check without its outcome"))?;
        let mut figures = Scan::new(figures);
        let length = figures
            .past(b" in ")
            .then(|| figures.decimal(6))
            .flatten()
            .filter(|length| *length >= 0 && figures.is_done())
            .ok_or_else(|| scan.fault("a check without its duration"))?;
        self.events.push(Event {
            at: Some(at),
            event,
            node: name,
            by: b"",
            length: (length > 0).then_some(length),
        });
        Ok(Taken::Record)
    }

    fn finish(self, _: &mut Report) -> Result<Trace, Error> {
        Ok(Trace::Events(self.events))
    }
}
