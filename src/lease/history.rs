use crate::time::Nanos;

/// A message from a client to the lock service or the storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message {
    /// What it asks for.
    pub kind: Kind,
    /// Who sent it.
    pub client: usize,
    /// The token of its grant.
    pub token: u64,
    /// When it was sent.
    pub sent: Nanos,
    /// When it arrived.
    pub arrived: Nanos,
    /// Whether it was granted, or taken.
    pub taken: bool,
}

/// What a message asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The lease, of the lock service.
    Acquire,
    /// More time, of the lock service.
    Renew,
    /// To be written, by the storage.
    Write,
    /// That its token be seen, by the storage.
    Seal,
}

/// An interval of which something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// What holds.
    pub state: State,
    /// For whom.
    pub client: usize,
    /// With which token.
    pub token: u64,
    /// Since when.
    pub begin: Nanos,
    /// Until when.
    pub end: Nanos,
}

/// What may hold for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The client takes the lease for its own.
    Believes,
    /// The service takes the lease for the client's.
    Holds,
    /// The client stands still.
    Stands,
}

/// All that happened in a run, but for requests that are lost and those for a lease that is not free.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    /// Messages in the order in which they became known.
    pub messages: Vec<Message>,
    /// Intervals, of each state in order.
    pub spans: Vec<Span>,
    /// Messages and intervals for which there was no room.
    pub dropped: u64,
}

/// Who wants to know what happens.
pub(super) trait Watch {
    /// Whether anybody does.
    const ACTIVE: bool;
    fn message(&mut self, message: Message);
    fn span(&mut self, span: Span);
}

/// Nobody wants to know.
pub(super) struct Unwatched;

impl Watch for Unwatched {
    const ACTIVE: bool = false;
    #[inline]
    fn message(&mut self, _: Message) {}
    #[inline]
    fn span(&mut self, _: Span) {}
}

/// A history may hold so many messages, and as many intervals.
const MOST: usize = 1_000_000;

impl Watch for &mut History {
    const ACTIVE: bool = true;

    fn message(&mut self, message: Message) {
        if self.messages.len() < MOST {
            self.messages.push(message);
        } else {
            self.dropped += 1;
        }
    }

    fn span(&mut self, span: Span) {
        if self.spans.len() < MOST {
            self.spans.push(span);
        } else {
            self.dropped += 1;
        }
    }
}
