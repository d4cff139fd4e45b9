use std::fmt::Write;

use crate::time::Nanos;

/// Buckets in each octave.
const STEPS: u64 = 8;
const STEP_BITS: u32 = STEPS.ilog2();
/// Enough for every span from 0 ns to the end of time.
const BUCKETS: usize = ((64 - STEP_BITS as usize) + 1) * STEPS as usize;

/// Counts of spans of time in log-linear buckets: whole nanoseconds below 8 ns, then eight buckets of
/// equal width from each power of two to the next, so that none is wider than an eighth of its
/// lower end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    counts: Box<[u64]>,
    total: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self {
            counts: vec![0; BUCKETS].into(),
            total: 0,
        }
    }
}

impl Histogram {
    /// Counts a span; one below zero counts as none at all.
    pub fn add(&mut self, span: Nanos) {
        if let Some(count) = self.counts.get_mut(bucket(span.max(0) as u64)) {
            *count += 1;
            self.total += 1;
        }
    }

    /// How many spans were counted.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.counts.fill(0);
        self.total = 0;
    }

    /// Lower end, width and count of each bucket that is not empty, in ascending order.
    pub fn buckets(&self) -> impl Iterator<Item = (u64, u64, u64)> {
        let filled = self.counts.iter().enumerate().filter(|(_, n)| **n > 0);
        filled.map(|(index, count)| {
            let low = lower_end(index);
            (low, width(low), *count)
        })
    }

    /// Adds `low:count` of each bucket that is not empty to a line, with spaces between.
    pub fn write(&self, line: &mut String) {
        for (index, (low, _, count)) in self.buckets().enumerate() {
            let gap = if index > 0 { " " } else { "" };
            _ = write!(line, "{gap}{low}:{count}");
        }
    }
}

fn bucket(span: u64) -> usize {
    if span < STEPS {
        return span as usize;
    }
    let octave = span.ilog2() - STEP_BITS;
    // The leading one stands for the octave, the bits after it for the step.
    (u64::from(octave) * STEPS + (span >> octave)) as usize
}

fn lower_end(index: usize) -> u64 {
    let index = index as u64;
    if index < STEPS {
        return index;
    }
    let octave = index / STEPS - 1;
    (STEPS + index % STEPS) << octave
}

fn width(low: u64) -> u64 {
    if low < STEPS {
        1
    } else {
        1 << (low.ilog2() - STEP_BITS)
    }
}
