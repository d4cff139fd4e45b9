use serde::{Deserialize, Serialize};

use super::beats::Beats;
use super::census::Census;
use crate::Error;
use crate::pause::Pause;
use crate::time::{Nanos, seconds};

/// What is known of the times at which heartbeats were sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    /// The arrivals as bytes, for [`from_bytes`](Self::from_bytes) of the same version.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_stdvec(self).unwrap_or_default()
    }

    /// The arrivals that gave these bytes.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for bytes that no arrivals give: unless the columns are equally long,
    /// arrivals do not fall, sessions end where they should and pauses are in order.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let refuse = || {
            Error::argument(
                "bytes",
                format!("{} bytes", bytes.len()),
                "the bytes of arrivals of this version",
            )
        };
        let found: Self = postcard::from_bytes(bytes).map_err(|_| refuse())?;
        found.is_whole().then_some(found).ok_or_else(refuse)
    }

    fn is_whole(&self) -> bool {
        let n = self.received.len();
        let indices = || self.sessions.iter().map(|(past, _)| *past);
        self.sent.len() == n
            && self.number.len() == n
            && self.received.windows(2).all(|pair| pair[0] <= pair[1])
            && self.every > 0
            && indices().zip(indices().skip(1)).all(|(a, b)| a <= b)
            && indices().next_back() == Some(n)
            && self
                .sessions
                .iter()
                .all(|&(past, end)| past == 0 || self.received[past - 1] <= end)
            && in_order(&self.pauses)
            && in_order(&self.sender_pauses)
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
