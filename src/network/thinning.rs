use rand::RngExt;

use crate::random::Stream;

/// Picks each of a sequence of things with the same probability, drawing only once a pick.
#[derive(Debug)]
pub(super) struct Thinning {
    stream: Stream,
    /// 1 / ln(1 - p).
    per_log: f64,
    left: u64,
}

impl Thinning {
    pub fn new(probability: f64, stream: Stream) -> Self {
        let mut thinning = Self {
            stream,
            per_log: 1.0 / libm::log1p(-probability),
            left: 0,
        };
        thinning.left = thinning.until_next();
        thinning
    }

    /// Things passed over before the next pick: geometric, by inversion.
    fn until_next(&mut self) -> u64 {
        // Not zero for p = 1, where 1/ln 0 is -0, and for ever for p = 0, where it is -inf.
        let log_uniform = libm::log(1.0 - self.stream.random::<f64>());
        let passed = libm::floor(log_uniform * self.per_log);
        if passed.is_nan() {
            u64::MAX
        } else {
            passed as u64
        }
    }

    /// Things that come before the next pick.
    pub fn ahead(&self) -> u64 {
        self.left
    }

    /// Passes over as many things, of which none is picked: no more than are [`ahead`](Self::ahead).
    pub fn pass(&mut self, things: u64) {
        self.left -= things;
    }

    /// Whether the next thing is picked.
    pub fn pick(&mut self) -> bool {
        if self.left == 0 {
            self.left = self.until_next();
            true
        } else {
            self.left -= 1;
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Seed};

    #[test]
    fn picks_are_independent_with_their_probability() {
        let n = 1_000_000;
        for p in [0.0, 1e-4, 0.03, 0.5, 0.9, 1.0] {
            let mut thinning = Thinning::new(p, Seed::from(3).stream(Purpose::Loss, 0));
            let picks: Vec<bool> = (0..n).map(|_| thinning.pick()).collect();
            let close = |count: usize, n: usize, p: f64| {
                let n = n as f64;
                (count as f64 - n * p).abs() <= 4.5 * (n * p * (1.0 - p)).sqrt()
            };
            assert!(
                close(picks.iter().filter(|pick| **pick).count(), n, p),
                "{p}"
            );
            let both = picks.chunks(2).filter(|pair| pair[0] && pair[1]).count();
            assert!(close(both, n / 2, p * p), "{p}");
        }
    }
}
