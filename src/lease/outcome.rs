use crate::time::Nanos;

/// What became of a lease in a run, or in several together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// Seconds that were looked at.
    pub time: f64,
    /// Pauses of whoever held the lease.
    pub pauses: u64,
    /// How often the lease ran out under its holder.
    pub expired: u64,
    /// How often another got it.
    pub handovers: u64,
    /// How often another got it while the former holder took it for its own.
    pub two_holders: u64,
    /// Seconds for which two did.
    pub two_holders_time: f64,
    /// Seconds of those for which the former holder ran.
    pub acting_time: f64,
    /// Seconds for which nobody held the lease.
    pub unheld_time: f64,
    /// Writes that were begun.
    pub writes: u64,
    /// Writes that took effect after the lease that they had looked at had run out.
    pub unsafe_writes: u64,
    /// Those that did after another had got it, and a storage that is sealed had seen its token.
    pub stale_writes: u64,
    /// Those that the storage took.
    pub accepted: u64,
    /// The first times when two held it.
    pub episodes: Vec<Episode>,
}

/// A time in which two held a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Episode {
    /// The run that it happened in.
    pub run: u64,
    /// When another got the lease.
    pub begin: Nanos,
    /// When the former holder no more took it for its own.
    pub end: Nanos,
    /// For how much of that the former holder ran.
    pub acting: Nanos,
    /// The former holder.
    pub from: usize,
    /// Who got it.
    pub to: usize,
    /// What it is due to.
    pub cause: Cause,
    /// Writes of the former holder that took effect in it or later.
    pub stale_writes: u64,
}

/// What kept a holder from renewing its lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A pause, by the place of its reason among those of the client.
    Pause(u32),
    /// Lost messages.
    Outage,
    /// Nothing: a message was slow, or a clock was wrong.
    Other,
}

/// So many episodes are kept.
pub(super) const MOST_EPISODES: usize = 10_000;

impl Outcome {
    /// Both together.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.time += other.time;
        self.pauses += other.pauses;
        self.expired += other.expired;
        self.handovers += other.handovers;
        self.two_holders += other.two_holders;
        self.two_holders_time += other.two_holders_time;
        self.acting_time += other.acting_time;
        self.unheld_time += other.unheld_time;
        self.writes += other.writes;
        self.unsafe_writes += other.unsafe_writes;
        self.stale_writes += other.stale_writes;
        self.accepted += other.accepted;
        let room = self.room();
        self.episodes.extend(other.episodes.into_iter().take(room));
        self
    }

    /// How many more episodes are kept.
    pub(super) fn room(&self) -> usize {
        MOST_EPISODES.saturating_sub(self.episodes.len())
    }
}
