use std::fmt::Write;
use std::thread;
use std::time::Duration;

use super::clock::Clock;
use super::histogram::Histogram;
use super::writer::{Header, Place, Rows, streamed};
use crate::time::{Nanos, nanos, seconds};
use crate::{Cancel, Error};

/// How often a row says how far the recording has come.
const TICK: Nanos = 1_000_000_000;
/// Sleeping for longer than this would keep whoever wants to end the recording waiting.
const LONGEST_SLEEP: f64 = 0.05;
const SHORTEST_SLEEP: f64 = 1e-5;
const COLUMNS: &str = "event,at_ns,length_ns,samples,lateness";

/// Measures how long this process stands still: it sleeps for a little while, again and again, and how
/// much later than asked it wakes up is how long it was kept from running.
///
/// What jHiccup does (Gil Tene, <https://github.com/giltene/jHiccup>), but for two things: it takes off
/// the shortest sleep it has seen, not the one it asked for, and counts a long stall once for each sleep it
/// covers. Here each is counted once, as it was.
#[derive(Debug, Clone, Copy)]
pub struct PauseMeter {
    sleep: Nanos,
    least: Nanos,
}

/// What a recording of pauses has seen.
#[derive(Debug, Clone, Default)]
pub struct PauseSummary {
    /// From the start to the last time it woke up; suspensions of the machine are not in it.
    pub watched: Nanos,
    /// Pauses that were long enough for a row.
    pub pauses: u64,
    /// Their lengths together.
    pub paused: Nanos,
    /// The greatest lateness of all, be it long enough for a row or not.
    pub longest: Nanos,
    /// How late it woke up, each time.
    pub lateness: Histogram,
    /// How long the machine was suspended.
    pub suspended: Nanos,
    /// Rows that are not in the file because it could not be written to fast enough.
    pub dropped: u64,
}

impl PauseMeter {
    /// Sleeps of `sleep` seconds, and a row for each pause of `least` seconds or more.
    pub fn new(sleep: f64, least: f64) -> Result<Self, Error> {
        if !(SHORTEST_SLEEP..=LONGEST_SLEEP).contains(&sleep) {
            let expected = "a time from 10 us to 50 ms, in seconds";
            return Err(Error::argument("sleep", sleep, expected));
        }
        if !(0.0..=3600.0).contains(&least) {
            let expected = "a time from 0 to an hour, in seconds";
            return Err(Error::argument("least", least, expected));
        }
        Ok(Self {
            sleep: nanos(sleep),
            least: nanos(least),
        })
    }

    /// Records for `duration`, or until it is cancelled.
    pub fn record(
        &self,
        place: &Place,
        duration: Option<Nanos>,
        cancel: &Cancel,
    ) -> Result<PauseSummary, Error> {
        let clock = Clock::start();
        let header = Header::new("pauses", clock.started)
            .with("sleep_ns", self.sleep)
            .with("least_ns", self.least)
            .with("tick_ns", TICK)
            .with("suspensions", seen(clock.sees_suspensions()));
        streamed(place, header, COLUMNS, |rows| {
            self.watch(clock, duration.unwrap_or(Nanos::MAX), cancel, rows)
        })
    }

    fn watch(
        &self,
        mut clock: Clock,
        end: Nanos,
        cancel: &Cancel,
        rows: &mut Rows,
    ) -> Result<PauseSummary, Error> {
        let sleep = Duration::from_nanos(self.sleep as u64);
        let mut watch = Watch::new(self);
        while watch.summary.watched < end && !cancel.requested() {
            thread::sleep(sleep);
            if let Some(length) = clock.suspended() {
                watch.suspended(length, rows)?;
            }
            watch.woke(clock.now(), rows)?;
        }
        watch.end(rows)?;
        watch.summary.dropped = rows.dropped();
        Ok(watch.summary)
    }
}

/// The word for whether suspensions of the machine are noticed.
pub fn seen(suspensions: bool) -> &'static str {
    if suspensions { "seen" } else { "unseen" }
}

/// Whoever takes the rows of a recording.
pub trait Taker {
    /// Takes a row; false where it is lost.
    fn take(&mut self, row: String) -> Result<bool, Error>;
}

impl Taker for Rows {
    fn take(&mut self, row: String) -> Result<bool, Error> {
        self.push(row)
    }
}

/// What the times at which a process woke up say of its pauses.
#[derive(Debug)]
pub struct Watch {
    sleep: Nanos,
    least: Nanos,
    next_tick: Nanos,
    /// Since the last tick.
    recent: Histogram,
    greatest: Nanos,
    lost: u64,
    /// Since the start.
    pub summary: PauseSummary,
}

impl Watch {
    /// A process that begins its first sleep at time zero.
    pub fn new(meter: &PauseMeter) -> Self {
        Self {
            sleep: meter.sleep,
            least: meter.least,
            next_tick: TICK,
            recent: Histogram::default(),
            greatest: 0,
            lost: 0,
            summary: PauseSummary::default(),
        }
    }

    /// The process woke up; it goes to sleep again at once.
    pub fn woke(&mut self, now: Nanos, rows: &mut impl Taker) -> Result<(), Error> {
        let due = self.summary.watched + self.sleep;
        let late = (now - due).max(0);
        self.recent.add(late);
        self.greatest = self.greatest.max(late);
        let summary = &mut self.summary;
        summary.lateness.add(late);
        summary.longest = summary.longest.max(late);
        summary.watched = now;
        if late >= self.least {
            summary.pauses += 1;
            summary.paused += late;
            if !rows.take(format!("pause,{due},{late},,"))? {
                self.lost += 1;
            }
        }
        if now >= self.next_tick {
            self.next_tick = now - now % TICK + TICK;
            self.mark("tick", rows)?;
        }
        Ok(())
    }

    /// The recording ends with the last awakening.
    pub fn end(&mut self, rows: &mut impl Taker) -> Result<(), Error> {
        self.mark("end", rows)
    }

    /// The machine was suspended, which was noticed at the coming awakening.
    fn suspended(&mut self, length: Nanos, rows: &mut impl Taker) -> Result<(), Error> {
        let at = self.summary.watched;
        self.summary.suspended += length;
        if !rows.take(format!("suspended,{at},{length},,"))? {
            self.lost += 1;
        }
        Ok(())
    }

    /// Says how far the recording has come and what was seen since this was last said.
    fn mark(&mut self, event: &str, rows: &mut impl Taker) -> Result<(), Error> {
        let at = self.summary.watched;
        if self.lost > 0 && rows.take(format!("dropped,{at},,{},", self.lost))? {
            self.lost = 0;
        }
        let mut row = String::new();
        let samples = self.recent.total();
        _ = write!(row, "{event},{at},{},{samples},", self.greatest);
        self.recent.write(&mut row);
        // What does not fit now is said with the next tick.
        if rows.take(row)? {
            self.recent.clear();
            self.greatest = 0;
        }
        Ok(())
    }
}

impl PauseSummary {
    /// Share of the time watched that was spent in pauses.
    pub fn share(&self) -> f64 {
        if self.watched > 0 {
            seconds(self.paused) / seconds(self.watched)
        } else {
            0.0
        }
    }
}
