use super::schedule::Schedule;
use crate::Error;
use crate::network::{Link, Loss};
use crate::pause::Pauses;
use crate::time::{Nanos, seconds};

/// A node that sends heartbeats to a monitor over a link; both may pause.
#[derive(Debug, Clone, PartialEq)]
pub struct Heartbeats {
    pub(super) schedule: Schedule,
    pub(super) link: Link,
    pub(super) sender_pauses: Pauses,
    pub(super) receiver_pauses: Pauses,
}

/// Changes of state that the model may go through between two heartbeats, on average.
const MOST_CHANGES: f64 = 100.0;

impl Heartbeats {
    /// Builds the model.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] when pauses or states of the link alternate a hundred times as fast as
    /// heartbeats are sent: at that pace only their averages matter, and a law of delays says it.
    pub fn new(
        schedule: Schedule,
        link: Link,
        sender_pauses: Pauses,
        receiver_pauses: Pauses,
    ) -> Result<Self, Error> {
        let states = match link.loss() {
            Loss::GilbertElliott(states) => states.mean_cycle(),
            Loss::Bernoulli(_) => f64::INFINITY,
        };
        let fastest = seconds(schedule.interval()) / MOST_CHANGES;
        for (name, cycle) in [
            ("sender_pauses", sender_pauses.mean_interval()),
            ("receiver_pauses", receiver_pauses.mean_interval()),
            ("loss", states),
        ] {
            if cycle < fastest {
                return Err(Error::argument(
                    name,
                    format!("a cycle of {cycle} s"),
                    format!(
                        "a cycle of {fastest} s or more, a hundredth of the heartbeat interval"
                    ),
                ));
            }
        }
        Ok(Self {
            schedule,
            link,
            sender_pauses,
            receiver_pauses,
        })
    }

    /// Mean time from one heartbeat to the next.
    pub fn interval(&self) -> Nanos {
        self.schedule.interval()
    }

    /// The link.
    pub fn link(&self) -> &Link {
        &self.link
    }

    /// About the longest time, in seconds, between two arrivals in `duration` seconds.
    pub fn longest_silence(&self, duration: f64) -> f64 {
        let interval = seconds(self.interval());
        let beats = duration / interval;
        let pauses = [&self.sender_pauses, &self.receiver_pauses]
            .map(|pauses| pauses.longest(duration))
            .into_iter();
        interval
            + self.link.longest_delay(beats)
            + self.link.longest_outage(beats, interval)
            + pauses.fold(0.0, f64::max)
    }
}
