/// The smallest number in [low, high] for which `holds`, given that it holds from some number on.
///
/// Both bounds are zero or more; the order of such numbers is that of their bits, so that at most 64
/// halvings end at the very number. Returns `high` when `holds` nowhere below it.
pub(crate) fn smallest(low: f64, high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    let (mut below, mut above) = (low.to_bits(), high.to_bits());
    if holds(low) {
        return low;
    }
    while above - below > 1 {
        let middle = below + (above - below) / 2;
        if holds(f64::from_bits(middle)) {
            above = middle;
        } else {
            below = middle;
        }
    }
    f64::from_bits(above)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_very_number_is_found() {
        assert_eq!(smallest(0.0, f64::INFINITY, |x| x >= 0.3), 0.3);
        assert_eq!(smallest(0.0, 1.0, |_| false), 1.0);
        assert_eq!(smallest(0.25, 1.0, |_| true), 0.25);
    }
}
