use super::incomplete_beta;
use super::proportion::MOST_TRIALS;
use crate::{Error, domain};

/// The ranks, from 1, of the order statistics that bound a quantile; none where no sample value does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RankInterval {
    /// Rank of the lower end; none says that the quantile may lie below all values.
    pub low: Option<u64>,
    /// Rank of the upper end; none says that the quantile may lie above all values.
    pub high: Option<u64>,
}

impl RankInterval {
    /// The interval for the `p` quantile of whatever law, from `n` independent values.
    ///
    /// With B binomial(n, p): the largest l with Pr(B <= l - 1) <= alpha/2 and the smallest u with
    /// Pr(B >= u) <= alpha/2. Its coverage is at least the confidence level. A finite upper end
    /// needs n >= ln(alpha/2)/ln p: 3,688 values for p = 0.999 at 95 %.
    pub fn new(n: u64, p: f64, confidence_level: f64) -> Result<Self, Error> {
        if !(1..=MOST_TRIALS).contains(&n) {
            let expected = format!("a whole number from 1 to {MOST_TRIALS}");
            return Err(Error::argument("n", n, expected));
        }
        let p = domain::open_probability("p", p)?;
        let tail = (1.0 - domain::open_probability("confidence_level", confidence_level)?) / 2.0;
        let log_tail = libm::log(tail);
        // Pr(B >= k) = I_p(k, n - k + 1) for k = 1, ..., n.
        let log_tails =
            |k: u64| incomplete_beta::log_tails(k as f64, (n - k) as f64 + 1.0, p, 1.0 - p);
        // Ranks below the first for which this fails have Pr(B <= l - 1) <= alpha/2.
        let low = first(1, n + 1, |l| log_tails(l).1 > log_tail) - 1;
        let high = first(1, n + 1, |u| log_tails(u).0 <= log_tail);
        Ok(Self {
            low: (low >= 1).then_some(low),
            high: (high <= n).then_some(high),
        })
    }
}

/// The first number in [low, past) for which `holds`, given that it holds from some number on, or
/// `past`.
fn first(low: u64, past: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut past) = (low, past);
    while low < past {
        let middle = low + (past - low) / 2;
        if holds(middle) {
            past = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}
