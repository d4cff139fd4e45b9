//! The maximum of a smooth function of one or two coordinates, by Newton's method.

use rayon::prelude::*;

/// A function to be made as large as it goes, minus infinity where it is not defined.
pub(super) struct Objective<'a> {
    /// Its value.
    pub value: &'a (dyn Fn(&[f64]) -> f64 + Sync),
    /// Directions along which it has about the same curvature; see `Family::directions`.
    pub directions: &'a (dyn Fn(&[f64]) -> Vec<Vec<f64>> + Sync),
    /// What a curvature of one means in numbers: how many durations were seen.
    pub count: f64,
    /// Whether one value takes long enough for several to be shared among threads.
    pub shared: bool,
}

/// Where a function is largest.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Maximum {
    pub at: Vec<f64>,
    pub value: f64,
    /// Inverse of the curvature, row by row: the covariance of the coordinates.
    pub covariance: Vec<Vec<f64>>,
}

/// Why no maximum was found.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Failure {
    /// The function is not defined where the search begins.
    Start,
    /// It goes on rising, or hardly falls, as far out as was looked.
    Flat {
        /// Where the search ended.
        at: Vec<f64>,
    },
}

/// Newton steps at most.
const STEPS: usize = 200;

/// Half the distance between neighbouring points of the differences, in directions.
const STEP: f64 = 1e-3;

/// A step is no longer than this, in directions.
const LONGEST: f64 = 1.5;

/// Where one step would gain less than this, one more step doubles its digits and ends the search.
const LAST_GAIN: f64 = 1e-9;

/// Where no step gains anything although one should gain this much, rounding is in the way.
const ROUGH_GAIN: f64 = 1e-6;

/// A curvature below this, for each duration, counts as none.
const FLAT: f64 = 1e-7;

/// So does one below this for all of them: a standard error of thirty times the spread of the data.
const FLAT_IN_ALL: f64 = 1e-3;

struct Local {
    value: f64,
    gradient: Vec<f64>,
    hessian: [[f64; 2]; 2],
    directions: Vec<Vec<f64>>,
}

impl Objective<'_> {
    fn along(&self, at: &[f64], directions: &[Vec<f64>], steps: &[f64]) -> Vec<f64> {
        let mut moved = at.to_vec();
        for (direction, step) in directions.iter().zip(steps) {
            for (place, part) in moved.iter_mut().zip(direction) {
                *place += step * part;
            }
        }
        moved
    }

    /// Value, gradient and Hessian in directions, by differences of fourth order; the mixed derivative
    /// is of second order.
    fn local(&self, at: &[f64]) -> Option<Local> {
        let directions = (self.directions)(at);
        let n = directions.len();
        // Differences that reach past an edge are taken again from closer by.
        [STEP, STEP / 8.0, STEP / 64.0, STEP / 1000.0]
            .iter()
            .find_map(|&h| {
                let mut places = vec![vec![0.0; n]];
                for i in 0..n {
                    for t in [-2.0, -1.0, 1.0, 2.0] {
                        let mut steps = vec![0.0; n];
                        steps[i] = t * h;
                        places.push(steps);
                    }
                }
                if n == 2 {
                    for (a, b) in [(h, h), (-h, -h), (h, -h), (-h, h)] {
                        places.push(vec![a, b]);
                    }
                }
                let value = |steps: &Vec<f64>| (self.value)(&self.along(at, &directions, steps));
                let values: Vec<f64> = if self.shared {
                    places.par_iter().map(value).collect()
                } else {
                    places.iter().map(value).collect()
                };
                if values.iter().any(|value| !value.is_finite()) {
                    return None;
                }
                let middle = values[0];
                let mut gradient = Vec::with_capacity(n);
                let mut hessian = [[0.0; 2]; 2];
                for i in 0..n {
                    let [a, b, c, d] = [0, 1, 2, 3].map(|k| values[1 + 4 * i + k] - middle);
                    gradient.push((8.0 * (c - b) - (d - a)) / (12.0 * h));
                    hessian[i][i] = (16.0 * (b + c) - (a + d)) / (12.0 * h * h);
                }
                if n == 2 {
                    let mixed = values[9] + values[10] - values[11] - values[12];
                    hessian[0][1] = mixed / (4.0 * h * h);
                    hessian[1][0] = hessian[0][1];
                }
                Some(Local {
                    value: middle,
                    gradient,
                    hessian,
                    directions: directions.clone(),
                })
            })
    }

    /// The maximum that is uphill from `start`.
    pub fn maximise(&self, start: &[f64]) -> Result<Maximum, Failure> {
        let mut at = start.to_vec();
        let mut local = self.local(&at).ok_or(Failure::Start)?;
        for _ in 0..STEPS {
            let (steps, gain, concave) = self.newton(&local);
            if concave && gain < LAST_GAIN {
                let last = self.along(&at, &local.directions, &steps);
                return Ok(match self.local(&last) {
                    Some(end) if end.value >= local.value - 1e-6 && self.newton(&end).2 => {
                        self.found(last, &end)
                    }
                    _ => self.found(at, &local),
                });
            }
            let mut share = 1.0;
            let (next, there) = loop {
                let scaled: Vec<f64> = steps.iter().map(|step| share * step).collect();
                let next = self.along(&at, &local.directions, &scaled);
                let value = (self.value)(&next);
                if value > local.value + 1e-4 * share * gain
                    && let Some(there) = self.local(&next)
                {
                    break (next, there);
                }
                share *= 0.35;
                if share < 1e-10 {
                    // Next to an edge the differences are too rough for more digits.
                    return if concave && gain < ROUGH_GAIN {
                        Ok(self.found(at, &local))
                    } else {
                        Err(Failure::Flat { at })
                    };
                }
            };
            at = next;
            local = there;
        }
        Err(Failure::Flat { at })
    }

    /// A step uphill, in directions, what it gains in a parabola, and whether that has a top.
    fn newton(&self, local: &Local) -> (Vec<f64>, f64, bool) {
        let floor = FLAT * self.count + FLAT_IN_ALL;
        let (mut steps, concave) = if local.gradient.len() == 1 {
            let curvature = -local.hessian[0][0];
            (
                vec![local.gradient[0] / curvature.abs().max(floor)],
                curvature > floor,
            )
        } else {
            let [[a, b], [_, c]] = local.hessian.map(|row| row.map(|entry| -entry));
            let (large, small, x, y) = eigen(a, b, c);
            let [g, h] = [local.gradient[0], local.gradient[1]];
            // Along directions that curve the wrong way a step of the same length, uphill.
            let p = (g * x + h * y) / large.abs().max(floor);
            let q = (h * x - g * y) / small.abs().max(floor);
            (vec![p * x - q * y, p * y + q * x], small > floor)
        };
        let length = steps
            .iter()
            .fold(0.0_f64, |most, step| most.max(step.abs()));
        if length > LONGEST {
            steps.iter_mut().for_each(|step| *step *= LONGEST / length);
        }
        let slope: f64 = steps.iter().zip(&local.gradient).map(|(s, g)| s * g).sum();
        (steps, slope, concave)
    }

    fn found(&self, at: Vec<f64>, local: &Local) -> Maximum {
        let d = &local.directions;
        let [[a, b], [_, c]] = local.hessian.map(|row| row.map(|entry| -entry));
        let covariance = if at.len() == 1 {
            vec![vec![d[0][0] * d[0][0] / a]]
        } else {
            let determinant = a * c - b * b;
            let inverse = [[c, -b], [-b, a]].map(|row| row.map(|entry| entry / determinant));
            let entry = |i: usize, j: usize| -> f64 {
                (0..2)
                    .flat_map(|k| (0..2).map(move |l| (k, l)))
                    .map(|(k, l)| d[k][i] * inverse[k][l] * d[l][j])
                    .sum()
            };
            vec![
                vec![entry(0, 0), entry(0, 1)],
                vec![entry(1, 0), entry(1, 1)],
            ]
        };
        Maximum {
            at,
            value: local.value,
            covariance,
        }
    }
}

/// Eigenvalues of [[a, b], [b, c]], the larger first, and the unit vector (x, y) that belongs to it.
fn eigen(a: f64, b: f64, c: f64) -> (f64, f64, f64, f64) {
    let half = 0.5 * (a - c);
    let root = (half * half + b * b).sqrt();
    let middle = 0.5 * (a + c);
    if root == 0.0 {
        return (a, c, 1.0, 0.0);
    }
    let (x, y) = if half >= 0.0 {
        (half + root, b)
    } else {
        (b, root - half)
    };
    let length = (x * x + y * y).sqrt();
    (middle + root, middle - root, x / length, y / length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bent_ridge_is_climbed_to_its_top() {
        // Rosenbrock's function, upside down: top at (1, 1), Hessian [[-802, 400], [400, -200]].
        let value = |x: &[f64]| {
            let (a, b) = (1.0 - x[0], x[1] - x[0] * x[0]);
            -a * a - 100.0 * b * b
        };
        let objective = Objective {
            value: &value,
            directions: &|_| vec![vec![1.0, 0.0], vec![0.0, 1.0]],
            count: 1.0,
            shared: false,
        };
        let top = objective.maximise(&[-1.2, 1.0]).unwrap();
        assert!((top.at[0] - 1.0).abs() < 1e-8 && (top.at[1] - 1.0).abs() < 1e-8);
        for (i, j, expected) in [(0, 0, 0.5), (0, 1, 1.0), (1, 1, 2.005)] {
            assert!(
                (top.covariance[i][j] / expected - 1.0).abs() < 1e-4,
                "{top:?}"
            );
        }
    }

    #[test]
    fn a_function_without_a_top_is_said_to_have_none() {
        let objective = Objective {
            value: &|x: &[f64]| -libm::exp(-x[0]),
            directions: &|_| vec![vec![1.0]],
            count: 1.0,
            shared: false,
        };
        let failure = objective.maximise(&[0.0]).unwrap_err();
        assert!(matches!(failure, Failure::Flat { at } if at[0] > 10.0));
    }
}
