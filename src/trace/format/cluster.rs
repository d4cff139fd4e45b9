//! What members of a cluster log about each other: Cassandra, Scylla, etcd, Consul, serf, Akka, ZooKeeper.

use memchr::memchr2_iter;

use super::cluster_event::{Found, recognise};
use crate::Error;
use crate::trace::events::{Event, Events};
use crate::trace::line_format::{LineFormat, Taken};
use crate::trace::read::Trace;
use crate::trace::report::{Fault, Report};
use crate::trace::scan::Scan;
use crate::trace::stamp::{date_and_time, month_day_time};
use crate::trace::table::Clock;

/// Stamps stand at most so far into a line.
const FAR: usize = 256;

/// Events from the logs of members of a cluster; which lines, and what is made of them, is told by
/// [`recognise`]. All other lines are passed over, as such logs are full of them.
///
/// Each event is at the time of its line: a pause or collection was over by then. Stamps are read
/// from Go's logger (`2015/01/21 21:54:36`), etcd's (`2017-02-10 08:02:47.025304 W |`, JSON `"ts"`),
/// log4j's and Scylla's (`2017-09-21 05:13:03,980`), RFC 3339, and syslog (`Jan 28 15:42:20 node-a `, without a year,
/// with the name of who wrote it). The last one before the event counts, one with a year more than one without. The first
/// line decides what times count from; one that counts from something else has no time.
#[derive(Debug, Default)]
pub struct Cluster {
    events: Events,
    clock: Option<Clock>,
    others: u64,
}

/// How sure the beginning of a file makes it that there are such lines in it.
pub fn sure(head: &[u8]) -> u8 {
    let found = head
        .split(|byte| *byte == b'\n')
        .any(|line| matches!(recognise(line), Ok(Some(_))));
    if found { 65 } else { 0 }
}

impl LineFormat for Cluster {
    fn line(&mut self, line: &[u8]) -> Result<Taken, Fault> {
        let Some(found) = recognise(line)? else {
            return Ok(Taken::PassedOver);
        };
        let Found {
            event,
            node,
            by,
            length,
            place,
        } = found;
        let (at, host) = stamp(line, place);
        let at = at.and_then(|(at, clock)| {
            let known = *self.clock.get_or_insert(clock);
            self.others += u64::from(known != clock);
            (known == clock).then_some(at)
        });
        self.events.push(Event {
            at,
            event,
            node,
            by: if by.is_empty() { host } else { by },
            length,
        });
        Ok(Taken::Record)
    }

    fn finish(mut self, report: &mut Report) -> Result<Trace, Error> {
        report.note("times of another clock than the first", self.others);
        self.events.clock = self.clock.unwrap_or_default();
        self.events.unit = "as written";
        Ok(Trace::Events(self.events))
    }
}

/// When a line was written, as far as it says before the place of its event, and by whom.
fn stamp(line: &[u8], place: usize) -> (Option<(i64, Clock)>, &[u8]) {
    let mut scan = Scan::new(line);
    if line.first() == Some(&b'{') {
        return (json_stamp(scan), b"");
    }
    let before = &line[..place.min(FAR)];
    let mut dated = memchr2_iter(b'-', b'/', before).filter_map(|mark| {
        let first = mark.checked_sub(4)?;
        let whole = before[first..mark].iter().all(u8::is_ascii_digit)
            && !(first > 0 && before[first - 1].is_ascii_digit());
        let mut scan = Scan::new(line);
        scan.skip(first);
        whole.then(|| date_and_time(&mut scan)).flatten()
    });
    let dated = dated.next_back().map(|stamp| {
        let clock = if stamp.zoned {
            Clock::Unix
        } else {
            Clock::WallWithoutZone
        };
        (stamp.at, clock)
    });
    let syslog = month_day_time(&mut scan);
    let host: &[u8] = if syslog.is_some() {
        scan.blanks().word()
    } else {
        b""
    };
    let yearless = syslog.map(|stamp| (stamp.at, Clock::WallWithoutYear));
    (dated.or(yearless), host)
}

/// `"ts":"2026-11-23T10:31:11.056Z"` or `"ts":1610279436.39`
fn json_stamp(mut scan: Scan<'_>) -> Option<(i64, Clock)> {
    if !scan.past(b"\"ts\":") {
        return None;
    }
    if !scan.tag(b"\"") {
        return scan.decimal(9).map(|at| (at, Clock::Unix));
    }
    let stamp = date_and_time(&mut scan)?;
    let clock = if stamp.zoned {
        Clock::Unix
    } else {
        Clock::WallWithoutZone
    };
    Some((stamp.at, clock))
}
