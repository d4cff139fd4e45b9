/// Places and weights of Gauss's quadrature with eight points on (-1, 1).
const POINTS: [(f64, f64); 4] = [
    (0.183_434_642_495_649_8, 0.362_683_783_378_362),
    (0.525_532_409_916_329, 0.313_706_645_877_887_3),
    (0.796_666_477_413_626_7, 0.222_381_034_453_374_5),
    (0.960_289_856_497_536_2, 0.101_228_536_290_376_3),
];

/// The mean of a function over an interval, in `pieces` equal pieces with eight points each; its value at
/// the beginning for an interval of no length.
///
/// Exact for polynomials up to degree 15 in each piece.
pub(super) fn mean(begin: f64, end: f64, pieces: u32, value: impl Fn(f64) -> f64) -> f64 {
    if end <= begin {
        return value(begin);
    }
    let half = (end - begin) / f64::from(pieces) / 2.0;
    let mut sum = 0.0;
    for piece in 0..pieces {
        let middle = begin + half * f64::from(2 * piece + 1);
        for (place, weight) in POINTS {
            sum += weight * (value(middle - half * place) + value(middle + half * place));
        }
    }
    sum / 2.0 / f64::from(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_and_exponentials_have_their_means() {
        assert!(
            (mean(0.0, 2.0, 1, |x| libm::pow(x, 15.0)) - libm::pow(2.0, 15.0) / 16.0).abs() < 1e-9
        );
        let found = mean(3.0, 13.0, 32, |x| libm::exp(-5.0 * x));
        let right = (libm::exp(-15.0) - libm::exp(-65.0)) / 50.0;
        assert!((found / right - 1.0).abs() < 1e-13, "{found} {right}");
        assert_eq!(mean(2.0, 2.0, 4, |x| x), 2.0);
    }
}
