use super::window::Window;

/// Mean and variance of the last so many whole numbers, which are not negative and add up to less
/// than 2^62.
#[derive(Debug, Clone)]
pub(super) struct Moments {
    values: Window,
    squares: i128,
}

impl Moments {
    pub(super) fn new(width: usize) -> Self {
        Self {
            values: Window::new(width),
            squares: 0,
        }
    }

    #[inline(always)]
    pub(super) fn push(&mut self, value: i64) {
        let oldest = self.values.push(value).unwrap_or(0);
        // Within the bounds above nothing wraps; to ask at each step would cost as much as the sum.
        let change = product(value.wrapping_sub(oldest), value.wrapping_add(oldest));
        self.squares = self.squares.wrapping_add(change);
    }

    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// The mean and the population variance; of at least one value.
    #[inline(always)]
    pub(super) fn mean_and_variance(&self) -> (f64, f64) {
        // The squares are taken about a whole number next to the mean, which leaves them as small as
        // the variance is, and exact.
        let share = self.values.share();
        let sum = self.values.sum() as i64;
        let middle = self.values.about_mean();
        let excess = sum.wrapping_sub(middle.wrapping_mul(self.values.len() as i64));
        let about = (self.squares).wrapping_sub(product(middle, sum.wrapping_add(excess)));
        let off = excess as f64 * share;
        let variance = positive_to_f64(about) * share - off * off;
        (middle as f64 + off, variance)
    }
}

/// The product of two spans of a run, whose gaps add up to less than 2^62 ns: nothing wraps, and a
/// checked product of this width would be a call.
#[inline(always)]
fn product(a: i64, b: i64) -> i128 {
    i128::from(a).wrapping_mul(i128::from(b))
}

/// The nearest `f64`, or its neighbour, of a number from 0 to 2^125; the compiler's own is a call.
#[inline(always)]
fn positive_to_f64(value: i128) -> f64 {
    const LOW: i128 = 1 << 62;
    (value >> 62) as i64 as f64 * LOW as f64 + (value & (LOW - 1)) as i64 as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mean and the variance after each of the values.
    fn after(width: usize, values: &[i64]) -> Vec<(f64, f64)> {
        let mut moments = Moments::new(width);
        let step = |value: &i64| {
            moments.push(*value);
            moments.mean_and_variance()
        };
        values.iter().map(step).collect()
    }

    #[test]
    fn moments_are_those_of_akkas_own_specification() {
        // AccrualFailureDetectorSpec.scala.
        assert_eq!(after(20, &[100, 200, 125, 340, 130])[4], (179.0, 7584.0));
        assert_eq!(after(20, &[1000])[0], (1000.0, 0.0));
        let capped = after(3, &[100, 110, 90, 140, 80]);
        for ((mean, variance), found) in [
            (100.0, 66.666_666_7),
            (113.333_333_3, 422.222_222_2),
            (103.333_333_3, 688.888_888_9),
        ]
        .into_iter()
        .zip(&capped[2..])
        {
            assert!(
                (found.0 - mean).abs() < 1e-6 && (found.1 - variance).abs() < 1e-6,
                "{found:?}"
            );
        }
    }

    #[test]
    fn a_small_variance_beside_a_large_mean_is_exact() {
        let values: Vec<i64> = (0..1000).map(|i| 3_000_000_000 + i % 2).collect();
        assert_eq!(after(100, &values)[999], (3_000_000_000.5, 0.25));
    }
}
