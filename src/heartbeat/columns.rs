use super::sorting::gather;
use crate::time::Nanos;

/// Arrivals in columns that grow.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub received: Vec<Nanos>,
    pub sent: Vec<Nanos>,
    pub number: Vec<i64>,
}

/// Places that newcomers may be moved, each, before sorting anew is cheaper than inserting.
const PATIENCE: usize = 64;

impl Columns {
    pub fn extend(&mut self, received: &[Nanos], sent: &[Nanos], number: &[i64]) {
        self.received.extend_from_slice(received);
        self.sent.extend_from_slice(sent);
        self.number.extend_from_slice(number);
    }

    /// Drops the first so many.
    pub fn forget(&mut self, first: usize) {
        self.received.drain(..first);
        self.sent.drain(..first);
        self.number.drain(..first);
    }

    /// Brings what follows the `ordered` first into order with them: by arrival, then by number.
    pub fn order(&mut self, ordered: usize) {
        let n = self.received.len();
        let rises = |values: &[i64]| {
            values
                .iter()
                .zip(&values[1..])
                .fold(true, |rises, (a, b)| rises & (a < b))
        };
        if n < 2 || rises(&self.received[ordered.saturating_sub(1)..]) {
            return;
        }
        let mut patience = PATIENCE * (n - ordered);
        for newcomer in ordered.max(1)..n {
            let key = (self.received[newcomer], self.number[newcomer]);
            if key >= (self.received[newcomer - 1], self.number[newcomer - 1]) {
                continue;
            }
            let (mut place, mut above) = (0, newcomer);
            while place < above {
                let middle = (place + above) / 2;
                if (self.received[middle], self.number[middle]) <= key {
                    place = middle + 1;
                } else {
                    above = middle;
                }
            }
            if newcomer - place > patience {
                return self.sort();
            }
            patience -= newcomer - place;
            self.received[place..=newcomer].rotate_right(1);
            self.sent[place..=newcomer].rotate_right(1);
            self.number[place..=newcomer].rotate_right(1);
        }
    }

    #[cold]
    fn sort(&mut self) {
        let mut order: Vec<usize> = (0..self.received.len()).collect();
        order.sort_by_key(|row| (self.received[*row], self.number[*row]));
        self.received = gather(&order, |row| self.received[row]);
        self.sent = gather(&order, |row| self.sent[row]);
        self.number = gather(&order, |row| self.number[row]);
    }
}
