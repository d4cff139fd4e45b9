//! How well the parameters of two regimes are known, from the curvature of the likelihood.

use super::regimes::Series;
use super::two_states::{State, TwoStates};
use crate::{Cancel, Error};

/// Two rates and three parameters of each state.
const PARAMETERS: usize = 8;

impl Series {
    /// The inverse of the matrix of second differences of the logarithm of the likelihood.
    pub(super) fn covariance(
        &self,
        states: &TwoStates,
        cancel: &Cancel,
    ) -> Result<Vec<f64>, Error> {
        let centre = to_free(states);
        let free: Vec<usize> = (0..PARAMETERS).filter(|i| centre[*i].is_finite()).collect();
        let at = |moves: &[(usize, f64)]| {
            let mut point = centre;
            for (which, by) in moves {
                point[*which] += by;
            }
            self.log_likelihood(&from_free(&point, states))
        };
        let top = at(&[]);
        // Steps over which the likelihood falls by about a tenth.
        let mut size = [0.0; PARAMETERS];
        for which in &free {
            cancel.checkpoint()?;
            let mut step = 1e-2;
            for _ in 0..24 {
                let fall = top - 0.5 * (at(&[(*which, step)]) + at(&[(*which, -step)]));
                if fall > 0.5 {
                    step *= 0.4;
                } else if fall < 0.02 && step < 1.0 {
                    step *= 2.0;
                } else {
                    break;
                }
            }
            size[*which] = step;
        }
        let m = free.len();
        let mut information = vec![0.0; m * m];
        for (row, i) in free.iter().enumerate() {
            cancel.checkpoint()?;
            for (column, j) in free.iter().enumerate().take(row + 1) {
                let (a, b) = (size[*i], size[*j]);
                let second = if i == j {
                    (at(&[(*i, a)]) - 2.0 * top + at(&[(*i, -a)])) / (a * a)
                } else {
                    (at(&[(*i, a), (*j, b)]) - at(&[(*i, a), (*j, -b)]) - at(&[(*i, -a), (*j, b)])
                        + at(&[(*i, -a), (*j, -b)]))
                        / (4.0 * a * b)
                };
                information[row * m + column] = -second;
                information[column * m + row] = -second;
            }
        }
        let Some(inverse) = inverted(&information, m) else {
            return Ok(Vec::new());
        };
        let mut covariance = vec![f64::NAN; PARAMETERS * PARAMETERS];
        for (row, i) in free.iter().enumerate() {
            for (column, j) in free.iter().enumerate() {
                covariance[i * PARAMETERS + j] = inverse[row * m + column];
            }
        }
        Ok(covariance)
    }
}

/// ln of rates, logit of losses, mean and ln sigma of both states.
fn to_free(states: &TwoStates) -> [f64; PARAMETERS] {
    let logit = |p: f64| libm::log(p) - libm::log1p(-p);
    let [good, bad] = states.state;
    [
        libm::log(states.leave[0]),
        libm::log(states.leave[1]),
        near(good.loss).map_or(f64::NAN, logit),
        near(bad.loss).map_or(f64::NAN, logit),
        good.mean,
        libm::log(good.sigma),
        bad.mean,
        libm::log(bad.sigma),
    ]
}

/// A loss that is not at the edge of its domain.
fn near(loss: f64) -> Option<f64> {
    (1e-7..=1.0 - 1e-7).contains(&loss).then_some(loss)
}

fn from_free(point: &[f64; PARAMETERS], states: &TwoStates) -> TwoStates {
    let loss = |at: f64, other: f64| {
        if at.is_finite() {
            1.0 / (1.0 + libm::exp(-at))
        } else {
            other
        }
    };
    let [good, bad] = states.state;
    TwoStates {
        leave: [libm::exp(point[0]), libm::exp(point[1])],
        state: [
            State {
                loss: loss(point[2], good.loss),
                mean: point[4],
                sigma: libm::exp(point[5]),
            },
            State {
                loss: loss(point[3], bad.loss),
                mean: point[6],
                sigma: libm::exp(point[7]),
            },
        ],
    }
}

/// The inverse of a symmetric matrix by Cholesky's factors, if it is positive definite.
fn inverted(matrix: &[f64], m: usize) -> Option<Vec<f64>> {
    let mut factor = vec![0.0; m * m];
    for row in 0..m {
        for column in 0..=row {
            let dot: f64 = (0..column)
                .map(|k| factor[row * m + k] * factor[column * m + k])
                .sum();
            let rest = matrix[row * m + column] - dot;
            if row == column {
                if rest.is_nan() || rest <= 0.0 {
                    return None;
                }
                factor[row * m + row] = rest.sqrt();
            } else {
                factor[row * m + column] = rest / factor[column * m + column];
            }
        }
    }
    let mut inverse = vec![0.0; m * m];
    for unit in 0..m {
        let mut x = vec![0.0; m];
        for row in 0..m {
            let dot: f64 = (0..row).map(|k| factor[row * m + k] * x[k]).sum();
            x[row] = (f64::from(u8::from(row == unit)) - dot) / factor[row * m + row];
        }
        for row in (0..m).rev() {
            let dot: f64 = (row + 1..m).map(|k| factor[k * m + row] * x[k]).sum();
            x[row] = (x[row] - dot) / factor[row * m + row];
        }
        for row in 0..m {
            inverse[row * m + unit] = x[row];
        }
    }
    Some(inverse)
}
