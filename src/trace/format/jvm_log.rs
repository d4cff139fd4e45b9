//! What the logs of a JVM have in common, old and new: when their lines were written.

use crate::trace::pause_log::PauseLog;
use crate::trace::report::Report;
use crate::trace::stamp::{SECOND, Stamp};
use crate::trace::table::{Clock, MISSING};

/// Threads write their lines in no strict order; what is further back than this is a clock that was set.
const OUT_OF_ORDER: i64 = SECOND / 10;

/// Pauses of a JVM on one timeline.
///
/// * The first line with a stamp decides what times count from: 1970 if it has a date, else the start of
///   the JVM.
/// * Where lines have a date and an uptime, the first such line says how far the two are apart, and then
///   the uptime is followed: unlike dates it does not step when somebody sets the clock. Uptime that goes
///   back is a JVM that was started again, and is tied to its date anew.
/// * Where stops have no stamp, one is put after the other with the times between in which the application
///   ran; the stamp of a collection, where it has one, sets that right. Before the first stamp it counts
///   from the beginning of the log.
#[derive(Debug, Default)]
pub struct JvmLog {
    log: PauseLog,
    /// None before the first stamp.
    clock: Option<Clock>,
    /// What is to be added to an uptime to make a date of it.
    offset: Option<i64>,
    date: Option<i64>,
    uptime: Option<i64>,
    steps_back: u64,
    restarts: u64,
    /// The moment that the lines without stamps have come to.
    now: Option<i64>,
    /// Whether the application has run since the last stop, as far as the log says.
    running: bool,
}

impl JvmLog {
    /// When a line was written that has these stamps; none if that cannot be told.
    pub fn stamp(&mut self, date: Option<Stamp>, uptime: Option<i64>) -> Option<i64> {
        if date.is_none() && uptime.is_none() {
            return None;
        }
        let first = self.clock.is_none();
        let clock = *self.clock.get_or_insert(match date {
            Some(stamp) if stamp.zoned => Clock::Unix,
            Some(_) => Clock::WallWithoutZone,
            None => Clock::Start,
        });
        if let Some(uptime) = uptime
            && behind(uptime, self.uptime.replace(uptime))
        {
            self.restarts += 1;
            (self.offset, self.date) = (None, None);
        }
        let date = date.map(|stamp| stamp.at);
        if let Some(date) = date
            && behind(date, self.date.replace(date))
        {
            self.steps_back += 1;
        }
        let at = match (clock, date, uptime) {
            (Clock::Start, _, uptime) => uptime?,
            (_, Some(date), Some(uptime)) => {
                let offset = *self
                    .offset
                    .get_or_insert_with(|| date.saturating_sub(uptime));
                uptime.saturating_add(offset)
            }
            (_, Some(date), None) => date,
            (_, None, uptime) => uptime?.saturating_add(self.offset?),
        };
        if first {
            self.move_to(at);
        }
        self.log.cover(at);
        Some(at)
    }

    /// Puts what had no stamp so far where the first stamp says.
    fn move_to(&mut self, at: i64) {
        let Some(now) = self.now.replace(at) else {
            return;
        };
        let ahead = at.saturating_sub(now);
        for start in &mut self.log.start {
            if *start != MISSING {
                *start = start.saturating_add(ahead);
            }
        }
        self.log.covered = self
            .log
            .covered
            .map(|(first, last)| (first.saturating_add(ahead), last.saturating_add(ahead)));
    }

    /// The application ran for `length`, up to the moment `at` if that is known.
    pub fn ran(&mut self, at: Option<i64>, length: i64) {
        if self.clock.is_none() && self.now.is_none() {
            self.now = Some(0);
            self.log.cover(0);
        }
        self.now = at.or(self.now.map(|now| now.saturating_add(length)));
        self.running = true;
    }

    /// The JVM stood still for `length`, up to the moment `at` if that is known.
    pub fn stop(&mut self, at: Option<i64>, length: i64, cause: &[u8], unit: &'static str) {
        let start = at
            .map(|at| at.saturating_sub(length))
            .or(self.now.filter(|_| self.running));
        self.running = false;
        self.now = start.map(|start| start.saturating_add(length));
        self.push(start, length, cause, "stop", unit);
    }

    /// A collection kept the JVM from running for `length`, from the moment `start` if that is known.
    pub fn collection(
        &mut self,
        start: Option<i64>,
        length: i64,
        cause: &[u8],
        unit: &'static str,
    ) {
        if start.is_some() {
            (self.now, self.running) = (start, true);
        }
        let start = self.now.filter(|_| self.running);
        self.push(start, length, cause, "collection", unit);
    }

    fn push(
        &mut self,
        start: Option<i64>,
        length: i64,
        cause: &[u8],
        kind: &'static str,
        unit: &'static str,
    ) {
        if self.log.unit.is_empty() {
            self.log.unit = unit;
        }
        self.log.push(start, length, cause, kind);
        if let Some(start) = start {
            self.log.cover(start);
            self.log.cover(start.saturating_add(length));
        }
    }

    /// All pauses.
    pub fn finish(mut self, report: &mut Report) -> PauseLog {
        report.note("clock steps back", self.steps_back);
        report.note("restarts", self.restarts);
        let placed = self.log.start.iter().any(|start| *start != MISSING);
        self.log.clock = match self.clock {
            Some(clock) => clock,
            None if placed => Clock::Start,
            None => Clock::None,
        };
        self.log
    }
}

fn behind(at: i64, before: Option<i64>) -> bool {
    before.is_some_and(|before| at < before.saturating_sub(OUT_OF_ORDER))
}
