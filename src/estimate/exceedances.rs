use super::simplex::minimise;
use crate::{Error, domain};

/// Exceedances below which no tail is fitted: the errors of the shape are above 0.3 then.
pub const FEWEST: usize = 20;

/// Shapes are looked for between these. Below -1/2 maximum likelihood has no regular answer.
pub(super) const SHAPES: (f64, f64) = (-0.5, 5.0);

/// Values beyond a threshold, of which the excesses follow a generalised Pareto law.
///
/// With n values, of which N exceed u: Pr(X > x) = N/n (1 + shape (x - u)/scale)^(-1/shape), x >= u.
/// Shape and scale are of maximum likelihood, N binomial; the three are told apart by the data
/// alone, so that intervals follow from their joint profile likelihood.
///
/// Pickands, Annals of Statistics 3(1), 1975; Davison & Smith, JRSS B 52(3), 1990; Coles, "An Introduction to Statistical
/// Modeling of Extreme Values", 2001, chapter 4.
#[derive(Debug, Clone, PartialEq)]
pub struct Exceedances {
    excesses: Vec<f64>,
    threshold: f64,
    n: u64,
    mean: f64,
    /// Shape and scale.
    fit: (f64, f64),
    log_likelihood: f64,
}

impl Exceedances {
    /// Takes the values above `threshold`, which is in their unit, and fits them.
    pub fn new(values: &[f64], threshold: f64) -> Result<Self, Error> {
        let threshold = domain::non_negative("threshold", threshold)?;
        let excesses: Vec<f64> = values
            .iter()
            .filter(|x| **x > threshold)
            .map(|x| x - threshold)
            .collect();
        Self::of_excesses(excesses, threshold, values.len() as u64)
    }

    fn of_excesses(excesses: Vec<f64>, threshold: f64, n: u64) -> Result<Self, Error> {
        if excesses.len() < FEWEST {
            return Err(Error::argument(
                "threshold",
                format!("{threshold}, which {} values exceed", excesses.len()),
                format!("one that {FEWEST} values or more exceed"),
            ));
        }
        let mean = excesses.iter().sum::<f64>() / excesses.len() as f64;
        let mut tail = Self {
            excesses,
            threshold,
            n,
            mean,
            fit: (0.0, mean),
            log_likelihood: 0.0,
        };
        if !(tail.mean.is_finite() && tail.largest() > 0.0) {
            return Err(Error::argument("samples", mean, "finite numbers"));
        }
        let start = tail.by_moments();
        let (point, cost) = minimise(
            [start.0, libm::log(start.1)],
            [0.1, 0.1],
            1e-9,
            |[shape, log_scale]| -tail.log_likelihood_of(shape, libm::exp(log_scale)),
        );
        tail.fit = (point[0], libm::exp(point[1]));
        tail.log_likelihood = -cost;
        Ok(tail)
    }

    /// Those of the exceedances that exceed a higher threshold, fitted anew.
    pub fn above(&self, threshold: f64) -> Result<Self, Error> {
        let rise = threshold - self.threshold;
        let excesses = self
            .excesses
            .iter()
            .filter(|x| **x > rise)
            .map(|x| x - rise)
            .collect();
        Self::of_excesses(excesses, threshold, self.n)
    }

    /// Shape of maximum likelihood.
    pub fn shape(&self) -> f64 {
        self.fit.0
    }

    /// Scale of maximum likelihood, in the unit of the values.
    pub fn scale(&self) -> f64 {
        self.fit.1
    }

    /// How many exceed the threshold.
    pub fn exceeding(&self) -> usize {
        self.excesses.len()
    }

    /// How many values there are in all.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Mean of the excesses.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Share of the values that exceed the threshold.
    pub fn share(&self) -> f64 {
        self.excesses.len() as f64 / self.n as f64
    }

    /// The threshold.
    pub fn threshold(&self) -> f64 {
        self.threshold
    }

    /// Logarithm of the likelihood of the excesses at the fit.
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// ln of each value over the threshold, which must be above zero.
    pub(super) fn log_growths(&self) -> Vec<f64> {
        let growth = |x: &f64| libm::log1p(x / self.threshold);
        self.excesses.iter().map(growth).collect()
    }

    pub(super) fn largest(&self) -> f64 {
        self.excesses.iter().copied().fold(0.0, f64::max)
    }

    /// Standard error of the shape in large samples, (1 + shape)/sqrt(N).
    pub fn shape_error(&self) -> f64 {
        (1.0 + self.shape()) / (self.excesses.len() as f64).sqrt()
    }

    /// Shape and scale by L-moments: shape = 2 - l1/l2, scale = l1 (l1/l2 - 1).
    ///
    /// Hosking & Wallis, Technometrics 29(3), 1987.
    pub fn by_l_moments(&self) -> (f64, f64) {
        let mut sorted = self.excesses.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let n = sorted.len() as f64;
        let weighted: f64 = sorted
            .iter()
            .enumerate()
            .map(|(below, x)| x * below as f64 / (n - 1.0))
            .sum::<f64>()
            / n;
        let spread = 2.0 * weighted - self.mean;
        let ratio = self.mean / spread;
        (2.0 - ratio, self.mean * (ratio - 1.0))
    }

    /// Where the search begins: L-moments, held within the support.
    fn by_moments(&self) -> (f64, f64) {
        let (shape, scale) = self.by_l_moments();
        let shape = shape.clamp(-0.4, 2.0);
        let least = if shape < 0.0 {
            -1.01 * shape * self.largest()
        } else {
            1e-3 * self.mean
        };
        (
            shape,
            if scale > least {
                scale
            } else {
                least.max(self.mean * (1.0 - shape).abs())
            },
        )
    }

    /// The logarithm of the likelihood of the excesses; minus infinity outside of the domain.
    pub fn log_likelihood_of(&self, shape: f64, scale: f64) -> f64 {
        let n = self.excesses.len() as f64;
        if !((SHAPES.0..=SHAPES.1).contains(&shape) && scale > 0.0 && scale.is_finite()) {
            return f64::NEG_INFINITY;
        }
        if shape.abs() < 1e-9 {
            return -n * (libm::log(scale) + self.mean / scale);
        }
        let theta = shape / scale;
        if 1.0 + theta * self.largest() <= 0.0 {
            return f64::NEG_INFINITY;
        }
        -n * libm::log(scale) - (1.0 + 1.0 / shape) * self.sum_of_log1p(theta)
    }

    /// sum of ln(1 + theta x): one logarithm for the product of a few terms.
    fn sum_of_log1p(&self, theta: f64) -> f64 {
        if theta.abs() * self.mean < 1e-4 {
            return self.excesses.iter().map(|x| libm::log1p(theta * x)).sum();
        }
        self.excesses
            .chunks(8)
            .map(|few| {
                let product: f64 = few.iter().map(|x| 1.0 + theta * x).product();
                if product.is_normal() {
                    libm::log(product)
                } else {
                    few.iter().map(|x| libm::log1p(theta * x)).sum()
                }
            })
            .sum()
    }

    /// Pr(X > x) for `x` at the threshold or above, for given parameters.
    pub(super) fn exceedance_with(&self, x: f64, shape: f64, scale: f64) -> f64 {
        libm::exp(-hazard((x - self.threshold) / scale, shape))
    }

    /// Pr(X > x), for `x` at the threshold or above.
    pub fn exceedance(&self, x: f64) -> f64 {
        self.share() * self.exceedance_with(x, self.fit.0, self.fit.1)
    }

    /// The value that is exceeded with probability `q`, at most the share that exceeds the threshold.
    pub fn quantile(&self, q: f64) -> f64 {
        let (shape, scale) = self.fit;
        self.threshold + scale * growth(libm::log(self.share() / q), shape)
    }
}

/// -ln Pr(Y > y) of the generalised Pareto law of scale one.
pub(super) fn hazard(y: f64, shape: f64) -> f64 {
    if shape.abs() < 1e-9 {
        y
    } else if 1.0 + shape * y <= 0.0 {
        f64::INFINITY
    } else {
        libm::log1p(shape * y) / shape
    }
}

/// The `y` whose hazard is `hazard`.
fn growth(hazard: f64, shape: f64) -> f64 {
    if shape.abs() < 1e-9 {
        hazard
    } else {
        libm::expm1(shape * hazard) / shape
    }
}
