use super::incomplete_beta;
use crate::{Error, domain};

/// Trials are counted up to this.
pub const MOST_TRIALS: u64 = 1_000_000_000_000;

/// The interval of Clopper and Pearson for a probability, from `count` of `trials` that came true.
///
/// low = the alpha/2 quantile of Beta(k, n - k + 1), high = the 1 - alpha/2 quantile of
/// Beta(k + 1, n - k). It holds the truth with at least the confidence level at every probability;
/// Wilson's, which is shorter, falls to 92 % of 95 where about one is expected. Of no events it is
/// [0, 1 - (alpha/2)^(1/n)], about 3.7/n at 95 %.
///
/// Clopper & Pearson, Biometrika 26(4), 1934.
pub fn clopper_pearson(
    count: u64,
    trials: u64,
    confidence_level: f64,
) -> Result<(f64, f64), Error> {
    check(count, trials)?;
    let tails = 1.0 - domain::open_probability("confidence_level", confidence_level)?;
    let log_tail = libm::log(tails / 2.0);
    let (k, n) = (count as f64, trials as f64);
    let low = if count == 0 {
        0.0
    } else {
        incomplete_beta::inverse(k, n - k + 1.0, log_tail)
    };
    Ok((low, upper(k, n, log_tail)))
}

/// What the probability is below with confidence `confidence_level`, one-sided: of no events
/// 1 - alpha^(1/n), the rule of three.
pub fn upper_bound(count: u64, trials: u64, confidence_level: f64) -> Result<f64, Error> {
    check(count, trials)?;
    let tail = 1.0 - domain::open_probability("confidence_level", confidence_level)?;
    Ok(upper(count as f64, trials as f64, libm::log(tail)))
}

fn check(count: u64, trials: u64) -> Result<(), Error> {
    if !(1..=MOST_TRIALS).contains(&trials) {
        let expected = format!("a whole number from 1 to {MOST_TRIALS}");
        return Err(Error::argument("trials", trials, expected));
    }
    if count > trials {
        let expected = format!("no more than the {trials} trials");
        return Err(Error::argument("count", count, expected));
    }
    Ok(())
}

fn upper(k: f64, n: f64, log_tail: f64) -> f64 {
    if k == n {
        1.0
    } else if k == 0.0 {
        -libm::expm1(log_tail / n)
    } else {
        incomplete_beta::inverse_upper(k + 1.0, n - k, log_tail)
    }
}
