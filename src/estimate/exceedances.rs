use super::simplex::minimise;
use crate::distribution::normal_tail::{inverse_log_upper, log_density, log_upper};
use crate::{Error, domain};

/// Exceedances below which no tail is fitted: the errors of the shape are above 0.3 then.
pub const FEWEST: usize = 20;

/// Shapes are looked for between these. Below -1/2 maximum likelihood has no regular answer.
const SHAPES: (f64, f64) = (-0.5, 5.0);

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

/// A form that a tail beyond a threshold may have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TailForm {
    /// Logarithm of the likelihood of the exceedances, given that they exceed.
    pub log_likelihood: f64,
    /// Of a lognormal law the threshold's place in sigmas, and sigma; of a Weibull law the cumulative
    /// hazard at the threshold, and the shape.
    pub parameters: (f64, f64),
    weibull: bool,
}

impl TailForm {
    /// The value over the threshold that is exceeded with probability `q`, of those above the
    /// threshold.
    pub fn growth(&self, q: f64) -> f64 {
        let (place, shape) = self.parameters;
        if self.weibull {
            libm::exp(libm::log1p(-libm::log(q) / place) / shape)
        } else {
            let z = inverse_log_upper(log_upper(place) + libm::log(q));
            libm::exp(shape * (z - place))
        }
    }
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

    fn largest(&self) -> f64 {
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
        if !(SHAPES.0..=SHAPES.1).contains(&shape) || !(scale > 0.0 && scale.is_finite()) {
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
    fn exceedance_with(&self, x: f64, shape: f64, scale: f64) -> f64 {
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

    /// Interval for the shape: where twice the logarithm of the profile likelihood falls by chi-square's
    /// quantile.
    pub fn shape_interval(&self, confidence_level: f64) -> Result<(f64, f64), Error> {
        let drop = half_chi_square(confidence_level)?;
        let inside = |shape: f64| self.log_likelihood - self.profile_of_shape(shape) <= drop;
        let step = self.shape_error();
        Ok((
            edge(self.shape(), -step, SHAPES.0, &inside),
            edge(self.shape(), step, SHAPES.1, &inside),
        ))
    }

    fn profile_of_shape(&self, shape: f64) -> f64 {
        // In ln(scale) the likelihood has one peak; golden section finds it.
        let low = if shape < 0.0 {
            libm::log(-shape * self.largest())
        } else {
            libm::log(self.mean) - 6.0 - 2.0 * shape
        };
        let high = (libm::log(self.mean) + 3.0).max(low + 1.0);
        golden(low, high, |log_scale| {
            self.log_likelihood_of(shape, libm::exp(log_scale))
        })
    }

    /// Interval for the value exceeded with probability `q`, by profile likelihood of shape, scale and
    /// share together.
    pub fn quantile_interval(&self, q: f64, confidence_level: f64) -> Result<(f64, f64), Error> {
        let drop = half_chi_square(confidence_level)?;
        let centre = self.quantile(q) - self.threshold;
        let mut start = self.peak();
        // Searched in the logarithm of the excess: the likelihood leans far to the right.
        let mut inside = |log_excess: f64| {
            let excess = libm::exp(log_excess);
            let (point, top) = self.constrained(start, |shape, scale| {
                q * libm::exp(hazard(excess / scale, shape))
            });
            start = point;
            self.top() - top <= drop
        };
        let (low, high) = self.both_edges(libm::log(centre), &mut inside);
        Ok((
            self.threshold + libm::exp(low),
            self.threshold + libm::exp(high),
        ))
    }

    /// Interval for Pr(X > x), in the same way.
    pub fn exceedance_interval(&self, x: f64, confidence_level: f64) -> Result<(f64, f64), Error> {
        let drop = half_chi_square(confidence_level)?;
        let mut start = self.peak();
        let mut inside = |log_q: f64| {
            let (point, top) = self.constrained(start, |shape, scale| {
                libm::exp(log_q) / self.exceedance_with(x, shape, scale)
            });
            start = point;
            self.top() - top <= drop
        };
        let centre = libm::log(self.exceedance(x));
        if centre == f64::NEG_INFINITY {
            // Past the end of a law that has one.
            return Ok((
                0.0,
                libm::exp(edge(
                    libm::log(1.0 / self.n as f64) - 6.0,
                    1.0,
                    0.0,
                    &mut inside,
                )),
            ));
        }
        let (low, high) = self.both_edges(centre, &mut inside);
        Ok((libm::exp(low), libm::exp(high.min(0.0))))
    }

    fn peak(&self) -> [f64; 2] {
        [self.fit.0, libm::log(self.fit.1)]
    }

    fn both_edges(&self, centre: f64, inside: &mut impl FnMut(f64) -> bool) -> (f64, f64) {
        let step = 2.0 / (self.excesses.len() as f64).sqrt();
        (
            edge(centre, -step, centre - 60.0, &mut *inside),
            edge(centre, step, centre + 60.0, &mut *inside),
        )
    }

    /// Highest logarithm of the likelihood of shape, scale and share.
    fn top(&self) -> f64 {
        self.log_likelihood + self.of_share(self.share())
    }

    fn of_share(&self, share: f64) -> f64 {
        let (exceed, n) = (self.excesses.len() as f64, self.n as f64);
        if !(share > 0.0 && share <= 1.0) || (share == 1.0 && exceed < n) {
            return f64::NEG_INFINITY;
        }
        let below = n - exceed;
        let rest = if below > 0.0 {
            below * libm::log1p(-share)
        } else {
            0.0
        };
        exceed * libm::log(share) + rest
    }

    /// The highest likelihood where the share follows from shape and scale.
    fn constrained(&self, start: [f64; 2], share: impl Fn(f64, f64) -> f64) -> ([f64; 2], f64) {
        let size = self.shape_error();
        let (point, cost) = minimise(
            start,
            [0.5 * size, -0.5 * size],
            1e-4,
            |[shape, log_scale]| {
                let scale = libm::exp(log_scale);
                -(self.log_likelihood_of(shape, scale) + self.of_share(share(shape, scale)))
            },
        );
        (point, -cost)
    }

    /// The same tail as that of a lognormal law cut off on the left at the threshold.
    ///
    /// With sigma at its upper bound of 20 the tail is a power but for four digits.
    pub fn lognormal(&self) -> Option<TailForm> {
        if self.threshold <= 0.0 {
            return None;
        }
        let n = self.excesses.len() as f64;
        // In units of the threshold.
        let logs: Vec<f64> = self
            .excesses
            .iter()
            .map(|x| libm::log1p(x / self.threshold))
            .collect();
        let mean = logs.iter().sum::<f64>() / n;
        let square = logs.iter().map(|y| y * y).sum::<f64>() / n;
        let log_u = libm::log(self.threshold);
        // Parametrised by ln(sigma) and the threshold's place z in sigmas: mu = -z sigma.
        let cost = |[z, log_sigma]: [f64; 2]| {
            let sigma = libm::exp(log_sigma);
            if !(0.005..=20.0).contains(&sigma) || !(-40.0..=200.0).contains(&z) {
                return f64::INFINITY;
            }
            let deviation = square / (sigma * sigma) + 2.0 * mean * z / sigma + z * z;
            n * (0.5 * deviation - log_density(0.0) + log_sigma + mean + log_u + log_upper(z))
        };
        let z = inverse_log_upper(libm::log(self.share().min(0.999)));
        // The mean excess of ln X is about sigma/z that far out.
        let sigma = (mean * z.max(0.5)).clamp(0.01, 10.0);
        let (point, lowest) = minimise([z, libm::log(sigma)], [0.5, 0.2], 1e-9, cost);
        let (point, lowest) = {
            let again = minimise(point, [-0.3, 0.1], 1e-10, cost);
            if again.1 < lowest {
                again
            } else {
                (point, lowest)
            }
        };
        let sigma = libm::exp(point[1]);
        Some(TailForm {
            log_likelihood: -lowest,
            parameters: (point[0], sigma),
            weibull: false,
        })
    }

    /// The same tail as that of a Weibull law cut off on the left at the threshold.
    ///
    /// For a given shape k the scale is (mean of x^k - u^k)^(1/k); the shape is looked for.
    pub fn weibull(&self) -> Option<TailForm> {
        if self.threshold <= 0.0 {
            return None;
        }
        let n = self.excesses.len() as f64;
        let logs: Vec<f64> = self
            .excesses
            .iter()
            .map(|x| libm::log1p(x / self.threshold))
            .collect();
        let mean = logs.iter().sum::<f64>() / n;
        let log_u = libm::log(self.threshold);
        // With y = ln(x/u): x^k - u^k = u^k expm1(k y).
        let rise = |k: f64| logs.iter().map(|y| libm::expm1(k * y)).sum::<f64>() / n;
        let value = |log_k: f64| {
            let k = libm::exp(log_k);
            n * (log_k - libm::log(rise(k)) + (k - 1.0) * mean - log_u - 1.0)
        };
        let (mut best, mut log_k) = (f64::NEG_INFINITY, 0.0);
        // One peak between a power and an end of the support.
        for step in 0..16 {
            let at = -7.0 + 0.6 * f64::from(step);
            let found = value(at);
            if found > best {
                (best, log_k) = (found, at);
            }
        }
        let (mut low, mut high) = (log_k - 0.6, log_k + 0.6);
        for _ in 0..40 {
            let (a, b) = (low + 0.382 * (high - low), low + 0.618 * (high - low));
            if value(a) < value(b) {
                low = a
            } else {
                high = b
            }
        }
        let log_k = 0.5 * (low + high);
        let k = libm::exp(log_k);
        Some(TailForm {
            log_likelihood: value(log_k),
            parameters: (1.0 / rise(k), k),
            weibull: true,
        })
    }
}

/// -ln Pr(Y > y) of the generalised Pareto law of scale one.
fn hazard(y: f64, shape: f64) -> f64 {
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

/// Half of the quantile of chi-square with one degree of freedom.
fn half_chi_square(confidence_level: f64) -> Result<f64, Error> {
    let level = domain::open_probability("confidence_level", confidence_level)?;
    let z = inverse_log_upper(libm::log((1.0 - level) / 2.0));
    Ok(0.5 * z * z)
}

/// How far from `centre`, in steps that double and then halve, `inside` holds; `limit` if it does there.
fn edge(centre: f64, step: f64, limit: f64, mut inside: impl FnMut(f64) -> bool) -> f64 {
    let cut = |x: f64| {
        if step < 0.0 {
            x.max(limit)
        } else {
            x.min(limit)
        }
    };
    let (mut held, mut broken, mut stride) = (centre, f64::NAN, step);
    for _ in 0..40 {
        let next = cut(held + stride);
        if inside(next) {
            held = next;
            if next == limit {
                return limit;
            }
            stride *= 1.7;
        } else {
            broken = next;
            break;
        }
    }
    if broken.is_nan() {
        return held;
    }
    for _ in 0..12 {
        let middle = 0.5 * (held + broken);
        if inside(middle) {
            held = middle
        } else {
            broken = middle
        }
    }
    0.5 * (held + broken)
}

/// The highest value of a function with one peak.
fn golden(mut low: f64, mut high: f64, value: impl Fn(f64) -> f64) -> f64 {
    const RATIO: f64 = 0.618_033_988_749_894_9;
    let (mut a, mut b) = (high - RATIO * (high - low), low + RATIO * (high - low));
    let (mut at_a, mut at_b) = (value(a), value(b));
    while high - low > 1e-4 {
        if at_a < at_b {
            (low, a, at_a) = (a, b, at_b);
            b = low + RATIO * (high - low);
            at_b = value(b);
        } else {
            (high, b, at_b) = (b, a, at_a);
            a = high - RATIO * (high - low);
            at_a = value(a);
        }
    }
    at_a.max(at_b)
}
