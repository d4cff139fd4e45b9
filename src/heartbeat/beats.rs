use crate::time::Nanos;

/// One heartbeat as the monitor saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beat {
    /// When the monitor saw it.
    pub received: Nanos,
    /// When it was sent; equal to `received` where the log does not say.
    pub sent: Nanos,
    /// Its place in the schedule.
    pub number: i64,
}

/// A stretch of heartbeats in the order in which the monitor saw them, column by column.
///
/// `received` never falls. The columns are equally long.
#[derive(Debug, Clone, Copy)]
pub struct Beats<'a> {
    received: &'a [Nanos],
    sent: &'a [Nanos],
    number: &'a [i64],
}

impl<'a> Beats<'a> {
    /// Puts three columns together; what is longer than the shortest is left out.
    pub fn new(received: &'a [Nanos], sent: &'a [Nanos], number: &'a [i64]) -> Self {
        let n = received.len().min(sent.len()).min(number.len());
        Self {
            received: &received[..n],
            sent: &sent[..n],
            number: &number[..n],
        }
    }

    /// How many heartbeats there are.
    pub fn len(&self) -> usize {
        self.received.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.received.is_empty()
    }

    /// When each was seen.
    pub fn received(&self) -> &'a [Nanos] {
        self.received
    }

    /// When each was sent.
    pub fn sent(&self) -> &'a [Nanos] {
        self.sent
    }

    /// The place of each in the schedule.
    pub fn number(&self) -> &'a [i64] {
        self.number
    }

    /// The heartbeat at a place.
    pub fn get(&self, index: usize) -> Beat {
        Beat {
            received: self.received[index],
            sent: self.sent[index],
            number: self.number[index],
        }
    }

    /// The heartbeats one by one.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = Beat> + use<'a> {
        let columns = self.received.iter().zip(self.sent).zip(self.number);
        columns.map(|((&received, &sent), &number)| Beat {
            received,
            sent,
            number,
        })
    }

    /// The first `n` and the rest.
    pub fn split_at(&self, n: usize) -> (Self, Self) {
        let (received, later_received) = self.received.split_at(n);
        let (sent, later_sent) = self.sent.split_at(n);
        let (number, later_number) = self.number.split_at(n);
        (
            Self {
                received,
                sent,
                number,
            },
            Self {
                received: later_received,
                sent: later_sent,
                number: later_number,
            },
        )
    }
}
