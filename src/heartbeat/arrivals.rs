use super::beats::Beats;
use super::census::Census;
use crate::Error;
use crate::pause::Pause;
use crate::time::{Nanos, seconds};

/// What is known of the times at which heartbeats were sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendTimes {
    /// Nothing.
    Unknown,
    /// They were read on the sender's own clock, so that delays have an unknown constant in them.
    SenderClock,
    /// They were read on the clock that the arrivals were read on.
    SharedClock,
}

/// Heartbeats as a monitor saw them: the one input of every detector.
///
/// In order of arrival, and in one or more sessions: a session ends where a clock was reset or the
/// sender started anew, and nothing is concluded from the gap to the next one.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrivals {
    pub(super) received: Vec<Nanos>,
    pub(super) sent: Vec<Nanos>,
    pub(super) number: Vec<i64>,
    pub(super) every: Nanos,
    pub(super) send_times: SendTimes,
    pub(super) pauses: Vec<Pause>,
    pub(super) sender_pauses: Vec<Pause>,
    /// Where each session ends, as an index past its last heartbeat, and when its observation does.
    pub(super) sessions: Vec<(usize, Nanos)>,
    pub(super) census: Census,
}

/// A stretch of heartbeats without a reset of clocks or numbers.
#[derive(Debug, Clone, Copy)]
pub struct Session<'a> {
    /// The heartbeats.
    pub beats: Beats<'a>,
    /// When the observation ends.
    pub end: Nanos,
    /// When the monitor itself stood still.
    pub pauses: &'a [Pause],
}

impl Arrivals {
    /// Arrivals from the parts that its accessors give.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] unless the columns are equally long, arrivals do not fall, sessions end
    /// where they should and pauses are in order.
    pub fn from_parts(
        columns: (Vec<Nanos>, Vec<Nanos>, Vec<i64>),
        every: Nanos,
        send_times: SendTimes,
        (pauses, sender_pauses): (Vec<Pause>, Vec<Pause>),
        sessions: Vec<(usize, Nanos)>,
        census: Census,
    ) -> Result<Self, Error> {
        let (received, sent, number) = columns;
        let n = received.len();
        let rising = |values: &[Nanos]| values.windows(2).all(|pair| pair[0] <= pair[1]);
        let indices = || sessions.iter().map(|(past, _)| *past);
        let whole = sent.len() == n
            && number.len() == n
            && rising(&received)
            && every > 0
            && indices().zip(indices().skip(1)).all(|(a, b)| a <= b)
            && indices().next_back() == Some(n)
            && sessions
                .iter()
                .all(|&(past, end)| past == 0 || received[past - 1] <= end)
            && in_order(&pauses)
            && in_order(&sender_pauses);
        if !whole {
            return Err(Error::argument(
                "columns",
                format!("{n} heartbeats"),
                "the parts of arrivals",
            ));
        }
        Ok(Self {
            received,
            sent,
            number,
            every,
            send_times,
            pauses,
            sender_pauses,
            sessions,
            census,
        })
    }

    /// All heartbeats in order of arrival.
    pub fn beats(&self) -> Beats<'_> {
        Beats::new(&self.received, &self.sent, &self.number)
    }

    /// The sessions in order.
    pub fn sessions(&self) -> impl Iterator<Item = Session<'_>> {
        let mut rest = self.beats();
        let mut pauses = self.pauses.as_slice();
        let mut begin = 0;
        self.sessions.iter().map(move |&(past, end)| {
            let (beats, later) = rest.split_at(past - begin);
            let (slept, remaining) =
                pauses.split_at(pauses.partition_point(|pause| pause.start < end));
            (rest, begin, pauses) = (later, past, remaining);
            Session {
                beats,
                end,
                pauses: slept,
            }
        })
    }

    /// The time between two heartbeats of the schedule.
    pub fn every(&self) -> Nanos {
        self.every
    }

    /// What is known of the send times.
    pub fn send_times(&self) -> SendTimes {
        self.send_times
    }

    /// What was found and mended on the way in.
    pub fn census(&self) -> &Census {
        &self.census
    }

    /// When the monitor itself stood still.
    pub fn pauses(&self) -> &[Pause] {
        &self.pauses
    }

    /// When the sender stood still, where a simulation knows.
    pub fn sender_pauses(&self) -> &[Pause] {
        &self.sender_pauses
    }

    /// Seconds from the first arrival to the end of the observation.
    pub fn length(&self) -> f64 {
        match (self.received.first(), self.sessions.last()) {
            (Some(first), Some((_, end))) => seconds(end - first),
            _ => 0.0,
        }
    }
}

fn in_order(pauses: &[Pause]) -> bool {
    pauses.windows(2).all(|pair| pair[0].end <= pair[1].start)
        && pauses.iter().all(|pause| pause.start <= pause.end)
}
