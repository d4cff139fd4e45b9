//! The regularised incomplete beta function I_x(a, b), both tails, as logarithms, and its inverse.
//!
//! The weight x^a (1-x)^b / B(a, b) is put together from deviances and Stirling's remainders, so that
//! large parameters lose no digits to the cancellation of logarithms of gamma functions (Loader, "Fast
//! and Accurate Computation of Binomial Probabilities", 2000); the continued fraction is DLMF 8.17.22.

use std::f64::consts::TAU;

use crate::distribution::bisection::smallest;
use crate::distribution::law::log1mexp;

/// (ln I_x(a, b), ln(1 - I_x(a, b))) for `a`, `b` from 1e-3 to 1e12 and `x` + `y` = 1.
///
/// Relative error of the smaller probability below 1e-12 as long as it is above 1e-100. Takes some
/// sqrt(max(a, b)) steps at worst.
pub(super) fn log_tails(a: f64, b: f64, x: f64, y: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (f64::NEG_INFINITY, 0.0);
    }
    if y <= 0.0 {
        return (0.0, f64::NEG_INFINITY);
    }
    if x <= (a + 1.0) / (a + b + 2.0) {
        let lower = lower(a, b, x, y);
        (lower, log1mexp(-lower))
    } else {
        let upper = lower_by_symmetry(a, b, x, y);
        (log1mexp(-upper), upper)
    }
}

fn lower_by_symmetry(a: f64, b: f64, x: f64, y: f64) -> f64 {
    lower(b, a, y, x)
}

fn lower(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let fraction = continued_fraction(a, b, x);
    (log_weight(a, b, x, y) - libm::log(a) + libm::log(fraction)).min(-0.0)
}

/// The `x` with I_x(a, b) = exp(`log_p`).
pub(super) fn inverse(a: f64, b: f64, log_p: f64) -> f64 {
    if log_tails(a, b, 0.5, 0.5).0 >= log_p {
        smallest(0.0, 0.5, |x| log_tails(a, b, x, 1.0 - x).0 >= log_p)
    } else {
        // Of 1 - x, which is the smaller one, all digits count.
        1.0 - smallest(0.0, 0.5, |y| log_tails(a, b, 1.0 - y, y).0 <= log_p)
    }
}

/// The `x` with 1 - I_x(a, b) = exp(`log_q`).
pub(super) fn inverse_upper(a: f64, b: f64, log_q: f64) -> f64 {
    if log_tails(a, b, 0.5, 0.5).1 <= log_q {
        smallest(0.0, 0.5, |x| log_tails(a, b, x, 1.0 - x).1 <= log_q)
    } else {
        1.0 - smallest(0.0, 0.5, |y| log_tails(a, b, 1.0 - y, y).1 >= log_q)
    }
}

/// ln(x^a y^b / B(a, b)).
fn log_weight(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let n = a + b;
    let remainders = remainder(n) - remainder(a) - remainder(b);
    0.5 * libm::log(a / TAU * (b / n)) + remainders - deviance(a, n * x) - deviance(b, n * y)
}

/// x ln(x/mean) + mean - x, without cancellation where the two are close.
fn deviance(x: f64, mean: f64) -> f64 {
    let difference = x - mean;
    if difference.abs() >= 0.1 * (x + mean) {
        return x * libm::log(x / mean) - difference;
    }
    let v = difference / (x + mean);
    let mut sum = difference * v;
    let mut term = 2.0 * x * v;
    let mut odd = 1.0;
    for _ in 0..1000 {
        term *= v * v;
        odd += 2.0;
        let next = sum + term / odd;
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

/// ln Γ(x) less Stirling's formula for it, (x - 1/2) ln x - x + ln(2π)/2.
fn remainder(x: f64) -> f64 {
    if x < 16.0 {
        return libm::lgamma(x) - (x - 0.5) * libm::log(x) + x - 0.5 * libm::log(TAU);
    }
    let b = 1.0 / (x * x);
    (1.0 / 12.0
        - b * (1.0 / 360.0
            - b * (1.0 / 1260.0
                - b * (1.0 / 1680.0 - b * (1.0 / 1188.0 - b * (691.0 / 360_360.0))))))
        / x
}

/// By Lentz's method.
fn continued_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for m in 1..100_000_000_u32 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away(1.0 + even * d);
        c = away(1.0 + even / c);
        fraction *= c * d;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away(1.0 + odd * d);
        c = away(1.0 + odd / c);
        let factor = c * d;
        fraction *= factor;
        if (factor - 1.0).abs() <= 2e-16 {
            break;
        }
    }
    fraction
}
