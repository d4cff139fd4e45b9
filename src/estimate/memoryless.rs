use super::regimes::Series;
use super::two_states::TwoStates;
use crate::{Cancel, Error};

/// Only the likelihood is asked for, and not to the last digit: rounds, and the rise that ends them.
const ROUGH: (usize, f64) = (200, 1e-2);

impl Series {
    /// The highest likelihood without memory: a weight, one loss, two delays.
    pub(super) fn independent(&self, start: TwoStates, cancel: &Cancel) -> Result<f64, Error> {
        let loss = self.one_state().loss;
        let (mut weight, mut state) = (start.bad_share(), start.state);
        let mut before = f64::NEG_INFINITY;
        for _ in 0..ROUGH.0 {
            cancel.checkpoint()?;
            let mut sum = 0.0;
            let mut bad = vec![0.0; self.log_delays.len()];
            for (bad, x) in bad.iter_mut().zip(&self.log_delays) {
                if x.is_nan() {
                    sum += libm::log(loss);
                } else {
                    let each = [(0, 1.0 - weight), (1, weight)]
                        .map(|(which, weight)| weight * libm::exp(state[which].log_delay(*x)));
                    let both = (each[0] + each[1]).max(f64::MIN_POSITIVE);
                    sum += libm::log(both) + libm::log1p(-loss);
                    *bad = each[1] / both;
                }
            }
            if sum - before < ROUGH.1 {
                return Ok(sum);
            }
            before = sum;
            let came = self.log_delays.iter().filter(|x| !x.is_nan()).count() as f64;
            weight = (bad.iter().sum::<f64>() / came).clamp(1e-12, 1.0 - 1e-12);
            let good: Vec<f64> = bad.iter().map(|bad| 1.0 - bad).collect();
            state = [self.state_of(&good), self.state_of(&bad)];
        }
        Ok(before)
    }
}
