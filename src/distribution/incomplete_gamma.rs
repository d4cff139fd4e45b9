//! The regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 - P(a, x), as logarithms.
//!
//! Written here because no crate has both tails: `special` lacks Q, `statrs` switches the whole
//! build to the platform's logarithms, and neither gives the logarithm that is left when the
//! probability itself underflows. The series and the continued fraction are those of DLMF 8.11.4
//! and 8.9.2.

use super::law::log1mexp;

const LOG_TAU: f64 = 1.837_877_066_409_345_5;

/// (ln P(a, x), ln Q(a, x)) for `a` in [1e-3, 1e6] and `x` >= 0.
///
/// Relative error of the smaller probability below 1e-11. Takes some 9 sqrt(a) + 50 steps at worst.
pub(crate) fn log_tails(a: f64, x: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (f64::NEG_INFINITY, 0.0);
    }
    if x == f64::INFINITY {
        return (0.0, f64::NEG_INFINITY);
    }
    if x < a + 1.0 {
        // Rounding can lift a P of nearly one to a hair above it.
        let log_p = (log_weight(a, x) + libm::log(series(a, x))).min(-0.0);
        (log_p, log1mexp(-log_p))
    } else {
        let log_q =
            (log_weight(a, x) + libm::log(a) + libm::log(continued_fraction(a, x))).min(-0.0);
        (log1mexp(-log_q), log_q)
    }
}

/// ln(x^a exp(-x) / Γ(a + 1)).
fn log_weight(a: f64, x: f64) -> f64 {
    if a < 10.0 {
        return a * libm::log(x) - x - libm::lgamma(a + 1.0);
    }
    // Around x = a the three terms cancel; Stirling's formula takes the cancellation out.
    let mu = (x - a) / a;
    let deviance = if mu.abs() < 0.5 {
        mu - libm::log1p(mu)
    } else {
        mu - libm::log(x / a)
    };
    let b = 1.0 / (a * a);
    let stirling = (1.0 / 12.0
        - b * (1.0 / 360.0
            - b * (1.0 / 1260.0
                - b * (1.0 / 1680.0 - b * (1.0 / 1188.0 - b * (691.0 / 360_360.0))))))
        / a;
    -0.5 * (LOG_TAU + libm::log(a)) - a * deviance - stirling
}

/// 1 + x/(a+1) + x^2/((a+1)(a+2)) + ...
fn series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut n) = (1.0, 1.0, a);
    for _ in 0..100_000 {
        n += 1.0;
        term *= x / n;
        sum += term;
        if term <= 1e-17 * sum {
            break;
        }
    }
    sum
}

/// 1/(x+1-a- 1(1-a)/(x+3-a- 2(2-a)/(x+5-a- ...))), by Lentz's method.
fn continued_fraction(a: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / away(b);
    let mut fraction = d;
    for n in 1..100_000 {
        let n = f64::from(n);
        let numerator = n * (a - n);
        b += 2.0;
        d = 1.0 / away(b + numerator * d);
        c = away(b + numerator / c);
        let factor = c * d;
        fraction *= factor;
        if (factor - 1.0).abs() <= 1e-16 {
            break;
        }
    }
    fraction
}
