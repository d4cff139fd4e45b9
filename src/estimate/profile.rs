//! Intervals by the likelihood alone: the values that are not too unlikely.

/// How far an end is looked for, in standard errors.
const FARTHEST: f64 = 200.0;

/// An end of an interval.
///
/// `deficit` tells how far the largest log-likelihood with the figure held at a value lies below the
/// maximum. The end is where its square root, times sqrt 2, has grown from zero at `middle` to
/// `quantile` of the normal law; `error` (with its sign) is the first guess of the distance in standard
/// errors. None where it does not grow as far as that.
///
/// The signed root is nearly linear in the value, so that the secant rule in a bracket takes a handful
/// of steps.
pub(super) fn end(
    middle: f64,
    error: f64,
    quantile: f64,
    mut deficit: impl FnMut(f64) -> f64,
) -> Option<f64> {
    // Beyond what the family allows the deficit is infinite, which is far enough.
    let mut root = |value: f64| (2.0 * deficit(value).max(0.0)).sqrt() - quantile;
    let (mut inside, mut low) = (middle, -quantile);
    let mut reach = quantile;
    let (mut outside, mut high) = loop {
        let value = middle + error * reach;
        let found = root(value);
        if found >= 0.0 {
            break (value, found);
        }
        (inside, low) = (value, found);
        reach *= if found < -0.3 * quantile { 2.0 } else { 1.2 };
        if reach > FARTHEST * quantile {
            return None;
        }
    };
    let mut stale = 0;
    for _ in 0..100 {
        let width = outside - inside;
        if high == 0.0 || width.abs() <= 1e-9 * error.abs() {
            break;
        }
        let secant = if high.is_finite() && stale < 3 {
            (-low / (high - low)).clamp(1e-3, 1.0 - 1e-3)
        } else {
            0.5
        };
        let value = inside + width * secant;
        let found = root(value);
        let before = width.abs();
        if found >= 0.0 {
            (outside, high) = (value, found);
        } else {
            (inside, low) = (value, found);
        }
        stale = if (outside - inside).abs() > 0.5 * before {
            stale + 1
        } else {
            0
        };
        if found.abs() < 1e-9 * quantile {
            return Some(value);
        }
    }
    // Where the deficit jumps to infinity the last value that is not ruled out.
    Some(if high.is_finite() { outside } else { inside })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_where_the_deficit_is_what_the_quantile_says() {
        let parabola = |x: f64| 0.5 * (x - 3.0) * (x - 3.0) / 4.0;
        let high = end(3.0, 2.0, 1.96, parabola).unwrap();
        assert!((high - 6.92).abs() < 1e-8);
        let low = end(3.0, -1.0, 1.96, parabola).unwrap();
        assert!((low + 0.92).abs() < 1e-8);
        // A Poisson count of 10: the ends solve mean - 10 - 10 ln(mean/10) = 1.92.
        let poisson = |x: f64| x - 10.0 - 10.0 * libm::log(x / 10.0);
        let high = end(10.0, 3.0, 1.96, poisson).unwrap();
        assert!((poisson(high) - 0.5 * 1.96 * 1.96).abs() < 1e-7);
    }

    #[test]
    fn an_end_that_the_data_do_not_set_is_open() {
        assert_eq!(end(0.0, 1.0, 1.96, |x: f64| 1.0 - libm::exp(-x)), None);
    }

    #[test]
    fn an_edge_is_an_end() {
        let cut = |x: f64| if x > 1.0 { f64::INFINITY } else { 0.1 * x };
        let high = end(0.0, 1.0, 1.96, cut).unwrap();
        assert!((high - 1.0).abs() < 1e-6);
    }
}
