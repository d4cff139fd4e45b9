//! Gauss-Legendre quadrature.

/// Places and weights of ten points on (-1, 1), of which each stands for its mirror image, too.
const NODES: [(f64, f64); 5] = [
    (0.148_874_338_981_631_22, 0.295_524_224_714_752_87),
    (0.433_395_394_129_247_2, 0.269_266_719_309_996_35),
    (0.679_409_568_299_024_4, 0.219_086_362_515_982_04),
    (0.865_063_366_688_984_5, 0.149_451_349_150_580_6),
    (0.973_906_528_517_171_7, 0.066_671_344_308_688_14),
];

/// The mean of a function over (-half, half): exact for polynomials up to degree 19.
pub fn mean_around_zero(half: f64, value: impl Fn(f64) -> f64) -> f64 {
    NODES
        .iter()
        .map(|&(node, weight)| {
            let t = half * node;
            0.5 * weight * (value(t) + value(-t))
        })
        .sum()
}

/// The mean of a function over an interval, in `pieces` equal pieces; its value at the beginning for an
/// interval of no length.
pub fn mean(begin: f64, end: f64, pieces: u32, value: impl Fn(f64) -> f64) -> f64 {
    if end <= begin {
        return value(begin);
    }
    let half = (end - begin) / f64::from(pieces) / 2.0;
    let sum: f64 = (0..pieces)
        .map(|piece| {
            let middle = begin + half * f64::from(2 * piece + 1);
            mean_around_zero(half, |t| value(middle + t))
        })
        .sum();
    sum / f64::from(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_and_exponentials_have_their_means() {
        let found = mean(0.0, 2.0, 1, |x| libm::pow(x, 19.0));
        let right = libm::pow(2.0, 19.0) / 20.0;
        assert!((found / right - 1.0).abs() < 1e-13, "{found} {right}");
        let found = mean(3.0, 13.0, 32, |x| libm::exp(-5.0 * x));
        let right = (libm::exp(-15.0) - libm::exp(-65.0)) / 50.0;
        assert!((found / right - 1.0).abs() < 1e-13, "{found} {right}");
        assert_eq!(mean(2.0, 2.0, 4, |x| x), 2.0);
    }
}
