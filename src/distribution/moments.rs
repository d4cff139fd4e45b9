//! Mean and variance of a law that has no formula for them.

use std::f64::consts::LN_2;

use super::law::Law;

const STEP: f64 = 0.05;
const MOST_STEPS: usize = 4000;

/// (mean, variance) from the quantiles of a law, to some 1e-8; infinite where the integral diverges.
///
/// E f(X) is the integral of f(x(p)) dp. Each half of it is written over the logarithm of its tail
/// probability, where even a power tail is smooth, and summed by Boole's rule.
pub(super) fn moments(law: &impl Law) -> (f64, f64) {
    let upper = quantiles(|log_q| law.inverse_log_ccdf(log_q));
    let lower = quantiles(|log_p| law.inverse_log_cdf(log_p));
    let mean = half(&upper, |x| x) + half(&lower, |x| x);
    let square = |x: f64| (x - mean) * (x - mean);
    if mean.is_infinite() {
        (mean, mean)
    } else {
        (mean, half(&upper, square) + half(&lower, square))
    }
}

/// Quantiles at tail probabilities 1/2, exp(-STEP)/2, ... until their squares no longer count.
fn quantiles(inverse: impl Fn(f64) -> f64) -> Vec<f64> {
    let mut quantiles = Vec::new();
    let mut sum = 0.0;
    for i in 0..=MOST_STEPS {
        let x = inverse(-LN_2 - i as f64 * STEP);
        let square = x * x * libm::exp(-(i as f64) * STEP);
        quantiles.push(x);
        sum += square;
        if i >= 40 && i % 4 == 0 && square <= 1e-15 * sum {
            break;
        }
    }
    quantiles
}

/// The integral of f(x(u)) exp(-u) du from ln 2 on.
fn half(quantiles: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    let term = |i: usize| f(quantiles[i]) * 0.5 * libm::exp(-(i as f64) * STEP);
    let last = quantiles.len() - 1;
    let boole =
        |i| 7.0 * (term(i) + term(i + 4)) + 32.0 * (term(i + 1) + term(i + 3)) + 12.0 * term(i + 2);
    let integral: f64 = (0..last)
        .step_by(4)
        .map(|i| boole(i) * STEP * 2.0 / 45.0)
        .sum();
    if last < MOST_STEPS || term(last) == 0.0 {
        return integral;
    }
    // Further out the integrand goes on falling, or not, at the rate it has here.
    let decay = libm::log(term(last - 20) / term(last)) / (20.0 * STEP);
    if decay <= 1e-6 {
        f64::INFINITY
    } else {
        integral + term(last) / decay
    }
}
