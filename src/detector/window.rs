use crate::{Error, domain};

/// The last so many whole numbers and their sum, both exact.
#[derive(Debug, Clone)]
pub(super) struct Window {
    ring: Box<[i64]>,
    next: usize,
    filled: usize,
    /// One over `filled`, as it is and in units of 2^-64.
    share: f64,
    share_64: u64,
    sum: i128,
}

/// Most values a window may hold.
pub(super) const WIDEST: usize = 1_000_000;

/// Admits a window length.
pub(super) fn width(name: &'static str, window: usize) -> Result<usize, Error> {
    domain::count(name, window, 1, WIDEST)
}

impl Window {
    pub(super) fn new(width: usize) -> Self {
        Self {
            ring: vec![0; width].into(),
            next: 0,
            filled: 0,
            share: f64::INFINITY,
            share_64: u64::MAX,
            sum: 0,
        }
    }

    /// Takes `value` in and returns the value that had to leave for it, if any.
    #[inline(always)]
    pub(super) fn push(&mut self, value: i64) -> Option<i64> {
        let slot = &mut self.ring[self.next];
        let oldest = std::mem::replace(slot, value);
        self.next += 1;
        if self.next == self.ring.len() {
            self.next = 0;
        }
        // A window holds less than 2^20 numbers of 64 bits: nothing wraps.
        self.sum = self.sum.wrapping_add(i128::from(value));
        if self.filled == self.ring.len() {
            self.sum = self.sum.wrapping_sub(i128::from(oldest));
            Some(oldest)
        } else {
            self.filled += 1;
            self.share = 1.0 / self.filled as f64;
            self.share_64 = u64::MAX / self.filled as u64;
            None
        }
    }

    /// Forgets all values.
    #[cold]
    pub(super) fn clear(&mut self) {
        (self.next, self.filled, self.sum) = (0, 0, 0);
    }

    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.filled
    }

    /// One over the number of values.
    #[inline(always)]
    pub(super) fn share(&self) -> f64 {
        self.share
    }

    /// A whole number within one of the mean, for values that are not negative and add up to less
    /// than 2^63.
    #[inline(always)]
    pub(super) fn about_mean(&self) -> i64 {
        ((u128::from(self.sum as u64) * u128::from(self.share_64)) >> 64) as i64
    }

    #[inline(always)]
    pub(super) fn sum(&self) -> i128 {
        self.sum
    }

    /// The sum, to the nearest float.
    #[inline(always)]
    pub(super) fn sum_as_float(&self) -> f64 {
        to_f64(self.sum)
    }

    /// Mean of `value_i - from` over the window: no large numbers are subtracted after rounding.
    #[inline(always)]
    pub(super) fn mean_from(&self, from: i64) -> f64 {
        // A run lasts less than 2^62 ns and a window holds less than 2^20 values: nothing wraps, and
        // a checked product of this width would be a call.
        let moved = (self.filled as i128).wrapping_mul(i128::from(from));
        to_f64(self.sum - moved) * self.share
    }
}

/// The nearest `f64`, quickly for what fits into 64 bits.
#[inline(always)]
fn to_f64(value: i128) -> f64 {
    #[cold]
    #[inline(never)]
    fn wide(value: i128) -> f64 {
        value as f64
    }
    let narrow = value as i64;
    if i128::from(narrow) == value {
        narrow as f64
    } else {
        wide(value)
    }
}
