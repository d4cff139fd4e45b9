use std::collections::VecDeque;

/// Numbers that come and go, first in, first out, and their order by size.
///
/// A number is put in its place among the others by moving what is above it: for windows of some
/// thousands that is quicker than any tree.
#[derive(Debug, Clone, Default)]
pub(super) struct Ranks {
    sorted: Vec<i64>,
    queue: VecDeque<i64>,
}

impl Ranks {
    pub(super) fn push(&mut self, value: i64) {
        self.queue.push_back(value);
        let place = self.sorted.partition_point(|other| *other < value);
        self.sorted.insert(place, value);
    }

    /// Removes the number that came first.
    pub(super) fn pop(&mut self) {
        if let Some(value) = self.queue.pop_front() {
            let place = self.sorted.partition_point(|other| *other < value);
            self.sorted.remove(place);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.sorted.len()
    }

    /// The number of a rank, the smallest for 0.
    #[inline(always)]
    pub(super) fn get(&self, rank: usize) -> i64 {
        self.sorted[rank]
    }

    /// How many are at most `value`.
    pub(super) fn through(&self, value: i64) -> usize {
        self.sorted.partition_point(|other| *other <= value)
    }
}
