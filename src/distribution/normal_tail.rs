//! Tails of the standard normal law, as logarithms.

use std::f64::consts::{FRAC_1_SQRT_2, LN_2};

use super::law::log1mexp;

const LOG_SQRT_TAU: f64 = 0.918_938_533_204_672_8;

/// From here on the asymptotic series below is exact to the last digit.
const FAR: f64 = 25.0;

/// ln of the standard normal density.
pub(crate) fn log_density(z: f64) -> f64 {
    -0.5 * z * z - LOG_SQRT_TAU
}

/// ln Pr(Z > z): relative error of the probability below 1e-12 down to 1e-300, and of the logarithm
/// itself beyond that.
pub(crate) fn log_upper(z: f64) -> f64 {
    if z <= 0.0 {
        libm::log1p(-0.5 * libm::erfc(-z * FRAC_1_SQRT_2))
    } else if z < FAR {
        libm::log(0.5 * libm::erfc(z * FRAC_1_SQRT_2))
    } else {
        // Abramowitz & Stegun 26.2.12.
        let w = 1.0 / (z * z);
        let series = w * (1.0 - w * (3.0 - w * (15.0 - w * (105.0 - w * (945.0 - w * 10_395.0)))));
        log_density(z) - libm::log(z) + libm::log1p(-series)
    }
}

/// The `z` with ln Pr(Z > z) = `log_q`, for `log_q` <= 0.
pub(crate) fn inverse_log_upper(log_q: f64) -> f64 {
    if log_q > -LN_2 {
        return -inverse_log_upper(log1mexp(-log_q));
    }
    if log_q == f64::NEG_INFINITY {
        return f64::INFINITY;
    }
    // Abramowitz & Stegun 26.2.23 is within 4.5e-4; Newton's method on the logarithm, which is
    // concave and nearly quadratic, then doubles the digits at every step.
    let t = libm::sqrt(-2.0 * log_q);
    let mut z = t
        - (2.515_517 + t * (0.802_853 + t * 0.010_328))
            / (1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308)));
    for _ in 0..6 {
        let tail = log_upper(z);
        let hazard = libm::exp(log_density(z) - tail);
        let step = (tail - log_q) / hazard;
        z += step;
        if step.abs() <= 1e-16 * z.abs() {
            break;
        }
    }
    z
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_equal_published_quantiles() {
        for (q, z) in [
            (0.5, 0.0),
            (0.025, 1.959_963_984_540_054),
            (1e-8, 5.612_001_244_174_789),
            (1e-12, 7.034_483_825_301_131),
        ] {
            assert!(
                (inverse_log_upper(libm::log(q)) - z).abs() < 1e-14 * z.max(1.0),
                "{q}"
            );
            assert!((libm::exp(log_upper(z)) / q - 1.0).abs() < 1e-13);
        }
    }

    #[test]
    fn inverse_undoes_the_tail_from_one_side_to_the_other() {
        for step in -370..4000 {
            let z = f64::from(step) / 10.0;
            let back = inverse_log_upper(log_upper(z));
            // Left of -8 the probability is so close to 1 that its logarithm has lost the digits.
            let tolerance = if z < -6.0 { 1e-2 } else { 1e-13 };
            assert!(
                z < -8.0 || (back - z).abs() <= tolerance * z.abs().max(1.0),
                "{z} {back}"
            );
        }
    }
}
