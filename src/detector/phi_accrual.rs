use std::f64::consts::LN_10;

use super::window::{self, Window, to_f64};
use super::{Deadline, Detector, State};
use crate::distribution::normal_tail::{inverse_log_upper, log_upper};
use crate::heartbeat::Beat;
use crate::time::{Nanos, seconds};
use crate::{Error, domain};

/// Phi accrual: suspicion grows with how unlikely the silence is for a normal law of the gaps.
///
/// With mean mu and deviation sigma of the last gaps between arrivals,
/// phi(t) = -log10 Pr(N(mu, sigma) > t), and it suspects when phi > threshold: at
/// mu + z sigma after the last arrival, where z is the normal quantile of 1 - 10^-threshold. The tail
/// is never formed as 1 - cdf, which would be zero beyond phi = 16.
///
/// The threshold is phi, without unit. sigma is the population deviation, at least `min_std`. O(1) a
/// heartbeat; sums run over whole nanoseconds, so their difference loses nothing. Needs neither
/// numbers nor send times.
///
/// Source: Hayashibara, Defago, Yared, Katayama, "The phi accrual failure detector", SRDS 2004.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PhiAccrual {
    window: usize,
    min_std: f64,
    newest_only: bool,
}

impl PhiAccrual {
    /// The detector over the last `window` gaps; `min_std` is in seconds.
    pub fn new(window: usize, min_std: f64, newest_only: bool) -> Result<Self, Error> {
        Ok(Self {
            window: window::width("window", window)?,
            min_std: domain::non_negative("min_std", min_std)?,
            newest_only,
        })
    }
}

impl Detector for PhiAccrual {
    type State = Accruing;

    fn start(&self, _every: Nanos) -> Result<Accruing, Error> {
        Ok(Accruing {
            min_std: self.min_std,
            gaps: Window::new(self.window),
            squares: 0,
            last: None,
        })
    }

    fn newest_only(&self) -> bool {
        self.newest_only
    }

    fn needs(&self) -> usize {
        3
    }

    fn memory(&self) -> usize {
        self.window + 1
    }

    fn admit(&self, threshold: f64) -> Result<f64, Error> {
        domain::positive("phi", threshold)
    }

    fn inner(&self, threshold: f64) -> f64 {
        inverse_log_upper(-threshold * LN_10)
    }

    fn outer(&self, inner: f64) -> f64 {
        -log_upper(inner) / LN_10
    }
}

/// Phi accrual at work.
#[derive(Debug, Clone)]
pub struct Accruing {
    min_std: f64,
    gaps: Window,
    squares: i128,
    last: Option<Nanos>,
}

impl State for Accruing {
    #[inline(always)]
    fn observe(&mut self, beat: Beat) -> Deadline {
        let Some(last) = self.last.replace(beat.received) else {
            return Deadline::NEVER;
        };
        let gap = beat.received - last;
        let oldest = self.gaps.push(gap).unwrap_or(0);
        self.squares += i128::from(gap) * i128::from(gap) - i128::from(oldest) * i128::from(oldest);
        if self.gaps.len() < 2 {
            return Deadline::NEVER;
        }
        // The squares are taken about a whole number next to the mean, which leaves them as small as
        // the variance is, and exact.
        let n = self.gaps.len();
        let sum = self.gaps.sum() as i64;
        let middle = sum / n as i64;
        let excess = sum - middle * n as i64;
        let about = self.squares - product(middle, sum) - product(middle, excess);
        let (n, excess) = (n as f64, excess as f64);
        let mean = middle as f64 + excess / n;
        let variance = to_f64(about) / n - (excess / n) * (excess / n);
        let std = variance.max(0.0).sqrt() / 1e9;
        Deadline {
            offset: mean / 1e9,
            scale: std.max(self.min_std),
        }
    }
}

/// phi `elapsed` nanoseconds after the last arrival, for a deadline of this detector.
pub fn phi(deadline: Deadline, elapsed: Nanos) -> f64 {
    -log_upper(deadline.level(seconds(elapsed))) / LN_10
}

/// The product of two spans of a run, whose gaps add up to less than 2^62 ns: nothing wraps, and a
/// checked product of this width would be a call.
#[inline]
fn product(a: Nanos, b: Nanos) -> i128 {
    i128::from(a).wrapping_mul(i128::from(b))
}
