use std::str::FromStr;
use std::time::Duration;

use super::clock::Clock;
use super::histogram::Histogram;
use super::pauses::seen;
use super::target::{Family, Target, quoted};
use super::tcp::Connects;
use super::udp::Echoes;
use super::writer::{Header, Place, Rows, streamed};
use crate::time::{Nanos, nanos};
use crate::{Cancel, Error};

/// A probe that is further behind its schedule than this, and than an interval, is not sent.
const GRACE: Nanos = 10_000_000;
/// How long nothing happens at most before it is asked whether to stop.
const LOOK_UP: Nanos = 20_000_000;
/// Each connection attempt needs a socket, of which a process has a thousand or so.
const MOST_CONNECTS: i64 = 512;
const MOST_ECHOES: i64 = 1 << 15;
const COLUMNS: &str = "number,sent_ns,rtt_ns,outcome";

/// How a round trip is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// Opening a TCP connection.
    Tcp,
    /// A UDP datagram that is sent back.
    Udp,
}

impl FromStr for Transport {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        match word {
            "tcp" => Ok(Self::Tcp),
            "udp" => Ok(Self::Udp),
            _ => Err(Error::argument("transport", quoted(word), "'tcp' or 'udp'")),
        }
    }
}

/// What became of a probe, or of the recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Answered in time.
    Ok,
    /// Answered after the timeout.
    Late,
    /// Answered once more.
    Duplicate,
    /// Not answered in time.
    Timeout,
    /// Nobody listens there.
    Refused,
    /// The system failed to send it or said that it could not be delivered.
    Error,
    /// Not sent, because this process stood still when it was due.
    Unsent,
}

impl Outcome {
    /// The word for it in a recording.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Late => "late",
            Self::Duplicate => "duplicate",
            Self::Timeout => "timeout",
            Self::Refused => "refused",
            Self::Error => "error",
            Self::Unsent => "unsent",
        }
    }
}

/// What a recording of round trips has seen.
#[derive(Debug, Clone, Default)]
pub struct RttSummary {
    /// Where the probes went.
    pub address: String,
    /// From the start to the end.
    pub watched: Nanos,
    /// Probes that were due.
    pub probes: u64,
    /// Answered in time.
    pub ok: u64,
    /// Answered after the timeout.
    pub late: u64,
    /// Answers to what was answered before.
    pub duplicate: u64,
    /// Not answered in time; those that were answered later are in it.
    pub timeout: u64,
    /// Refused.
    pub refused: u64,
    /// Failed.
    pub error: u64,
    /// Never sent.
    pub unsent: u64,
    /// Without an outcome when the recording was ended.
    pub unknown: u64,
    /// Datagrams that answer nothing that was asked.
    pub strange: u64,
    /// Rows that are not in the file because it could not be written to fast enough.
    pub dropped: u64,
    /// How long the machine was suspended.
    pub suspended: Nanos,
    /// Shortest time of an answer in time.
    pub shortest: Option<Nanos>,
    /// Longest time of an answer, late ones too.
    pub longest: Option<Nanos>,
    /// Times of the answers, late ones too.
    pub rtt: Histogram,
    /// What the system last said of a failure.
    pub failure: Option<String>,
}

/// What the probes write down.
pub(super) struct Journal<'a> {
    rows: &'a mut Rows,
    pub summary: RttSummary,
}

impl Journal<'_> {
    pub fn note(
        &mut self,
        number: u64,
        sent: Option<Nanos>,
        rtt: Option<Nanos>,
        outcome: Outcome,
    ) -> Result<(), Error> {
        let summary = &mut self.summary;
        let count = match outcome {
            Outcome::Ok => &mut summary.ok,
            Outcome::Late => &mut summary.late,
            Outcome::Duplicate => &mut summary.duplicate,
            Outcome::Timeout => &mut summary.timeout,
            Outcome::Refused => &mut summary.refused,
            Outcome::Error => &mut summary.error,
            Outcome::Unsent => &mut summary.unsent,
        };
        *count += 1;
        if let (Some(rtt), Outcome::Ok | Outcome::Late) = (rtt, outcome) {
            summary.rtt.add(rtt);
            summary.shortest = Some(summary.shortest.map_or(rtt, |least| least.min(rtt)));
            summary.longest = Some(summary.longest.map_or(rtt, |most| most.max(rtt)));
        }
        let text = |time: Option<Nanos>| time.map_or(String::new(), |time| time.to_string());
        let (sent, rtt) = (text(sent), text(rtt));
        let row = format!("{number},{sent},{rtt},{}", outcome.word());
        self.rows.push(row).map(drop)
    }

    pub fn failed(&mut self, error: &std::io::Error) {
        self.summary.failure = Some(error.to_string());
    }
}

/// Probes of one kind that are on their way.
pub(super) trait Probes {
    /// Sends a probe.
    fn send(&mut self, number: u64, clock: &Clock, journal: &mut Journal) -> Result<(), Error>;
    /// Waits for something to happen, for so long at most, and takes in all that has.
    fn wait(
        &mut self,
        longest: Duration,
        clock: &Clock,
        journal: &mut Journal,
    ) -> Result<(), Error>;
    /// Gives up those that were sent at this time or before.
    fn expire(&mut self, sent_until: Nanos, journal: &mut Journal) -> Result<(), Error>;
    /// When the oldest of those without an outcome was sent.
    fn oldest(&mut self) -> Option<Nanos>;
    /// How many have no outcome.
    fn waiting(&self) -> usize;
}

/// Times round trips to a target.
///
/// Probe k is due at `k * every` and goes out then, whatever became of those before it: nothing waits for
/// an answer, so that an outage of three seconds at ten probes a second is thirty slow or lost probes and
/// not one. (Where the next is sent only after an answer, slow times are hardly ever looked at: Tene's
/// "coordinated omission".) What cannot go out in time because this process itself stood still is not
/// sent afterwards in a burst, which would measure something else; it is noted as unsent.
#[derive(Debug, Clone)]
pub struct RttMeter {
    target: Target,
    family: Family,
    transport: Transport,
    every: Nanos,
    timeout: Nanos,
}

impl RttMeter {
    /// A probe each `every` seconds, given up after `timeout` seconds.
    pub fn new(
        target: Target,
        family: Family,
        transport: Transport,
        every: f64,
        timeout: f64,
    ) -> Result<Self, Error> {
        if !(0.001..=86_400.0).contains(&every) {
            let expected = "a time from 1 ms to a day, in seconds";
            return Err(Error::argument("every", every, expected));
        }
        if !(0.001..=3600.0).contains(&timeout) {
            let expected = "a time from 1 ms to an hour, in seconds";
            return Err(Error::argument("timeout", timeout, expected));
        }
        let meter = Self {
            target,
            family,
            transport,
            every: nanos(every),
            timeout: nanos(timeout),
        };
        let most = match transport {
            Transport::Tcp => MOST_CONNECTS,
            Transport::Udp => MOST_ECHOES,
        };
        if meter.timeout / meter.every >= most {
            let expected = format!("less than {most} times every, so that not more are under way");
            return Err(Error::argument("timeout", timeout, expected));
        }
        Ok(meter)
    }

    /// Records for `duration`, and then until the last probe has its outcome; or until it is cancelled.
    pub fn record(
        &self,
        place: &Place,
        duration: Option<Nanos>,
        cancel: &Cancel,
    ) -> Result<RttSummary, Error> {
        let address = self.target.resolve(self.family, cancel)?;
        let clock = Clock::start();
        let failed = |error: std::io::Error| Error::system(address, &error);
        let (word, mut probes): (_, Box<dyn Probes>) = match self.transport {
            Transport::Tcp => (
                "tcp",
                Box::new(Connects::new(address, self.timeout).map_err(failed)?),
            ),
            Transport::Udp => (
                "udp",
                Box::new(Echoes::new(address, self.timeout, clock.started).map_err(failed)?),
            ),
        };
        let header = Header::new("rtt", clock.started)
            .with("transport", word)
            .with("address", address)
            .with("every_ns", self.every)
            .with("timeout_ns", self.timeout)
            .with("suspensions", seen(clock.sees_suspensions()));
        streamed(place, header, COLUMNS, |rows| {
            let summary = RttSummary {
                address: address.to_string(),
                ..RttSummary::default()
            };
            let mut journal = Journal { rows, summary };
            let end = duration.unwrap_or(Nanos::MAX);
            self.probe(probes.as_mut(), clock, end, cancel, &mut journal)?;
            journal.summary.dropped = journal.rows.dropped();
            Ok(journal.summary)
        })
    }

    fn probe(
        &self,
        probes: &mut dyn Probes,
        mut clock: Clock,
        end: Nanos,
        cancel: &Cancel,
        journal: &mut Journal,
    ) -> Result<(), Error> {
        let mut number = 0;
        let mut due = 0;
        while !cancel.requested() && (due < end || clock.now() < end || probes.waiting() > 0) {
            if let Some(length) = clock.suspended() {
                journal.summary.suspended += length;
                let row = format!(",{},{length},suspended", clock.now());
                journal.rows.push(row)?;
            }
            while due < end && due <= clock.now() {
                if clock.now() - due > GRACE.max(self.every) {
                    journal.note(number, None, None, Outcome::Unsent)?;
                } else {
                    probes.send(number, &clock, journal)?;
                }
                number += 1;
                due += self.every;
            }
            let next_due = if due < end { due } else { Nanos::MAX };
            let next_lost = probes
                .oldest()
                .map_or(Nanos::MAX, |sent| sent + self.timeout);
            let wait = (next_due.min(next_lost) - clock.now()).clamp(0, LOOK_UP);
            probes.wait(Duration::from_nanos(wait as u64), &clock, journal)?;
            // Only now: answers that came while this process stood still were there in time to be read.
            probes.expire(clock.now() - self.timeout, journal)?;
        }
        let now = clock.now();
        journal.summary.probes = number;
        journal.summary.unknown = probes.waiting() as u64;
        journal.summary.watched = now;
        journal.rows.push(format!("{number},{now},,end")).map(drop)
    }
}
