//! How HdrHistogram lays counts on values.

/// How the counts of a histogram lie on its values: evenly up to the first `2^(half + 1)` units, and from there
/// on `2^half` buckets to each doubling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Layout {
    unit: u32,
    half: u32,
}

impl Layout {
    /// Keeps so many decimal digits of values from `lowest` on.
    ///
    /// # Errors
    ///
    /// In words, where no histogram is so.
    pub fn new(digits: u32, lowest: u64) -> Result<Self, &'static str> {
        if digits > 5 || lowest == 0 || lowest > 1 << 62 {
            return Err("a precision that no histogram has");
        }
        let single = 2 * 10_u32.pow(digits);
        let layout = Self {
            unit: lowest.ilog2(),
            half: single.next_power_of_two().ilog2() - 1,
        };
        if layout.unit + layout.half > 61 {
            return Err("a precision that no histogram has");
        }
        Ok(layout)
    }

    /// How many buckets reach up to `highest`.
    pub fn length(self, highest: u64) -> u32 {
        let bits = u64::BITS - highest.leading_zeros();
        let doublings = (bits + 1).saturating_sub(self.unit + self.half + 1).max(1);
        (doublings + 1) << self.half
    }

    /// Least and greatest whole number that a bucket holds.
    pub fn bucket(self, index: u32) -> (u64, u64) {
        let doubling = (index >> self.half).saturating_sub(1);
        let place = u64::from(index - (doubling << self.half));
        let shift = doubling + self.unit;
        let least = place << shift;
        (least, least + ((1 << shift) - 1))
    }

    /// The bucket of a number.
    pub fn index(self, value: u64) -> u32 {
        let bits = u64::BITS - value.leading_zeros();
        let doubling = bits.saturating_sub(self.unit + self.half + 1);
        (doubling << self.half) + (value >> (doubling + self.unit)) as u32
    }

    /// The finest layout whose buckets are unions of those of both.
    pub fn joined(self, other: Self) -> Self {
        Self {
            unit: self.unit.max(other.unit),
            half: self.half.min(other.half),
        }
    }
}
