use super::Likelihood;
use super::condensed::Point;
use crate::distribution::{
    Distribution, Exponential, Gamma, GeneralizedPareto, LogNormal, Pareto, TruncatedNormal,
    Uniform, Weibull,
};
use crate::{Error, domain};

/// A family of laws with parameters to be estimated.
///
/// The optimiser works in coordinates: the logarithm of a parameter that is above zero, else the
/// parameter itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Family {
    /// mean.
    Exponential,
    /// low and high.
    Uniform,
    /// median and sigma.
    LogNormal,
    /// shape and scale.
    Gamma,
    /// scale and shape.
    Weibull,
    /// minimum and tail index.
    Pareto,
    /// scale and shape.
    GeneralizedPareto,
    /// mean and standard deviation of the normal before it is cut to known bounds.
    TruncatedNormal {
        /// Lower bound, in seconds.
        low: f64,
        /// Upper bound, in seconds; may be infinite.
        high: f64,
    },
}

impl Family {
    /// The family of this name; bounds are those of a truncated normal.
    pub fn new(name: &str, low: f64, high: f64) -> Result<Self, Error> {
        domain::non_negative("low", low)?;
        if high.is_nan() || high <= low {
            return Err(Error::argument("high", high, format!("above low = {low}")));
        }
        if name != "TruncatedNormal" && (low, high) != (0.0, f64::INFINITY) {
            let (bound, value) = if low > 0.0 {
                ("low", low)
            } else {
                ("high", high)
            };
            let expected = "the whole of [0, inf], for only TruncatedNormal has bounds";
            return Err(Error::argument(bound, value, expected));
        }
        Ok(match name {
            "Exponential" => Self::Exponential,
            "Uniform" => Self::Uniform,
            "LogNormal" => Self::LogNormal,
            "Gamma" => Self::Gamma,
            "Weibull" => Self::Weibull,
            "Pareto" => Self::Pareto,
            "GeneralizedPareto" => Self::GeneralizedPareto,
            "TruncatedNormal" => Self::TruncatedNormal { low, high },
            _ => {
                return Err(Error::argument(
                    "family",
                    name,
                    "a family that can be fitted",
                ));
            }
        })
    }

    /// Name of the family.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Exponential => "Exponential",
            Self::Uniform => "Uniform",
            Self::LogNormal => "LogNormal",
            Self::Gamma => "Gamma",
            Self::Weibull => "Weibull",
            Self::Pareto => "Pareto",
            Self::GeneralizedPareto => "GeneralizedPareto",
            Self::TruncatedNormal { .. } => "TruncatedNormal",
        }
    }

    /// Names of the parameters that are estimated, in the order of the constructor.
    pub fn names(&self) -> &'static [&'static str] {
        match self {
            Self::Exponential => &["mean"],
            Self::Uniform => &["low", "high"],
            Self::LogNormal => &["median", "sigma"],
            Self::Gamma => &["shape", "scale"],
            Self::Weibull | Self::GeneralizedPareto => &["scale", "shape"],
            Self::Pareto => &["minimum", "tail_index"],
            Self::TruncatedNormal { .. } => &["mean", "std"],
        }
    }

    /// Whether a coordinate is the logarithm of its parameter.
    pub(super) fn logarithmic(&self, which: usize) -> bool {
        match self {
            Self::Uniform => false,
            Self::GeneralizedPareto => which == 0,
            Self::TruncatedNormal { .. } => which == 1,
            _ => true,
        }
    }

    pub(super) fn coordinate(&self, which: usize, parameter: f64) -> f64 {
        if self.logarithmic(which) {
            libm::log(parameter)
        } else {
            parameter
        }
    }

    pub(super) fn parameter(&self, which: usize, coordinate: f64) -> f64 {
        if self.logarithmic(which) {
            libm::exp(coordinate)
        } else {
            coordinate
        }
    }

    /// Whether a coordinate is so far from where it should be that it is on its way to zero or to
    /// infinity: a parameter is wrong by a factor of 10^13.
    pub(super) fn astray(&self, which: usize, coordinate: f64, from: f64) -> bool {
        self.logarithmic(which) && (coordinate - from).abs() > 30.0
    }

    /// The law at some coordinates; none where there is no such law.
    pub(super) fn law(&self, at: &[f64]) -> Option<Distribution> {
        let first = self.parameter(0, at[0]);
        let second = || self.parameter(1, at[1]);
        let law: Distribution = match *self {
            Self::Exponential => Exponential::new(first).ok()?.into(),
            Self::Uniform => Uniform::new(first, second()).ok()?.into(),
            Self::LogNormal => LogNormal::new(first, second()).ok()?.into(),
            Self::Gamma => Gamma::new(first, second()).ok()?.into(),
            Self::Weibull => Weibull::new(first, second()).ok()?.into(),
            Self::Pareto => Pareto::new(first, second()).ok()?.into(),
            Self::GeneralizedPareto => {
                // Below -1 the likelihood has no bound: the density is infinite at the largest sample.
                let law = GeneralizedPareto::new(first, second()).ok()?;
                (law.shape() > -1.0).then_some(law)?.into()
            }
            Self::TruncatedNormal { low, high } => TruncatedNormal::new(first, second(), low, high)
                .ok()?
                .into(),
        };
        Some(law)
    }

    /// Directions in the coordinates, one after the other, along which the likelihood of one duration
    /// is about as curved as that of a normal law of variance one.
    pub(super) fn directions(&self, at: &[f64]) -> Vec<Vec<f64>> {
        match self {
            Self::Exponential => vec![vec![1.0]],
            Self::Uniform => {
                let width = at[1] - at[0];
                vec![vec![width, 0.0], vec![0.0, width]]
            }
            Self::LogNormal => vec![vec![libm::exp(at[1]), 0.0], vec![0.0, 1.0]],
            // Along the first the mean stays; it is where the likelihood is long and narrow.
            Self::Gamma => vec![vec![1.0, -1.0], vec![0.0, libm::exp(-0.5 * at[0]).min(1.0)]],
            Self::Weibull => vec![vec![libm::exp(-at[1]), 0.0], vec![0.0, 1.0]],
            Self::Pareto => vec![vec![libm::exp(-at[1]), 0.0], vec![0.0, 1.0]],
            Self::GeneralizedPareto => vec![vec![1.0, 0.0], vec![0.0, 0.5]],
            Self::TruncatedNormal { .. } => vec![vec![libm::exp(at[1]), 0.0], vec![0.0, 1.0]],
        }
    }

    /// Which parameter stretches the law, if one does.
    pub(super) fn scale(&self) -> Option<usize> {
        match self {
            Self::Uniform | Self::TruncatedNormal { .. } => None,
            Self::Gamma => Some(1),
            _ => Some(0),
        }
    }

    /// Coordinates to begin at; more than one where the likelihood may have several maxima.
    pub(super) fn starts(&self, likelihood: &Likelihood) -> Vec<Vec<f64>> {
        let rough = likelihood.rough();
        let (mean, variance) = moments(&rough, |x| x);
        let (log_mean, log_variance) = moments(&rough, libm::log);
        let log_std = log_variance.sqrt().max(1e-9);
        let log = |x: f64| libm::log(x.max(1e-300));
        match *self {
            Self::Exponential => vec![vec![log(mean)]],
            Self::Uniform => {
                let low = rough
                    .iter()
                    .fold(f64::INFINITY, |low, point| low.min(point.x));
                let high = rough.iter().fold(0.0_f64, |high, point| high.max(point.x));
                vec![vec![low, high]]
            }
            Self::LogNormal => vec![vec![log_mean, log(log_std)]],
            Self::Gamma => {
                // Thom's approximation to the maximum.
                let gap = (log(mean) - log_mean).max(1e-9);
                let shape = (1.0 + (1.0 + 4.0 * gap / 3.0).sqrt()) / (4.0 * gap);
                let shape = shape.clamp(2e-3, 5e5);
                vec![vec![log(shape), log(mean / shape)]]
            }
            Self::Weibull => {
                // The logarithm of a Weibull law has standard deviation pi/(sqrt 6 shape).
                let shape = 1.282_549_830_161_864 / log_std;
                vec![vec![log_mean + 0.577_215_664_901_532_9 / shape, log(shape)]]
            }
            Self::Pareto => {
                let low = if likelihood.ends.0.is_finite() {
                    likelihood.ends.0
                } else {
                    rough
                        .iter()
                        .fold(f64::INFINITY, |low, point| low.min(point.x))
                        * 0.9
                };
                let excess = (log_mean - log(low)).max(1e-9);
                vec![vec![log(low), -log(excess)]]
            }
            Self::GeneralizedPareto => {
                let by_moments = 0.5 * (1.0 - mean * mean / variance.max(1e-300));
                let top = rough.iter().fold(0.0_f64, |top, point| top.max(point.x));
                let median = libm::exp(log_mean) * 1.3;
                [by_moments.clamp(-0.4, 0.4), 0.01, 0.5, 1.2, 2.5]
                    .into_iter()
                    .map(|shape| {
                        let of_median = if shape > 0.3 {
                            median * shape / (libm::exp(shape * std::f64::consts::LN_2) - 1.0)
                        } else {
                            mean * (1.0 - shape)
                        };
                        vec![log(of_median.max(-1.2 * shape * top)), shape]
                    })
                    .collect()
            }
            Self::TruncatedNormal { .. } => {
                let std = variance.sqrt().max(1e-12 * mean);
                vec![vec![mean, log(std)], vec![mean - std, log(1.5 * std)]]
            }
        }
    }

    /// Refuses observations that no law of the family can have given.
    pub(super) fn admit(&self, likelihood: &Likelihood) -> Result<(), Error> {
        let zero = matches!(
            self,
            Self::LogNormal | Self::Gamma | Self::Weibull | Self::Pareto
        );
        if zero && likelihood.ends.0 == 0.0 {
            return Err(Error::argument(
                "samples",
                0,
                format!(
                    "durations above zero for {} (rounded ones are counts in buckets; Exponential, \
                     Uniform, GeneralizedPareto and TruncatedNormal can hold a zero)",
                    self.name()
                ),
            ));
        }
        if let Self::TruncatedNormal { low, high } = *self {
            let (least, most) = likelihood.ends;
            let buckets = &likelihood.buckets;
            let outside = least < low
                || most > high
                || likelihood.longest_limit >= high
                || buckets.iter().any(|b| b.high <= low || b.low >= high);
            if outside {
                return Err(Error::argument(
                    "samples",
                    if least < low {
                        least
                    } else {
                        most.max(likelihood.longest_limit)
                    },
                    format!("durations between the bounds {low} and {high} of the family"),
                ));
            }
        }
        let spread = !matches!(self, Self::Exponential);
        let one_value = likelihood.ends.0 == likelihood.ends.1 || likelihood.counts.samples == 0.0;
        let ended_after = likelihood
            .limits
            .iter()
            .any(|limit| limit.x > likelihood.ends.1);
        if spread && one_value && likelihood.counts.samples > 0.0 && !ended_after {
            return Err(Error::argument(
                "samples",
                likelihood.ends.0,
                format!(
                    "durations that differ: with all alike the likelihood of {} has no maximum",
                    self.name()
                ),
            ));
        }
        let closed = likelihood
            .buckets
            .iter()
            .any(|bucket| bucket.high < f64::INFINITY);
        if likelihood.counts.samples == 0.0 && !closed {
            return Err(Error::argument(
                "samples",
                "[]",
                "one duration or more that was seen to its end",
            ));
        }
        if matches!(self, Self::Uniform)
            && !likelihood.buckets.is_empty()
            && likelihood.window != (0.0, f64::INFINITY)
        {
            return Err(Error::argument(
                "truncated",
                format!("{:?}", likelihood.window),
                "no window: through one all uniform laws that reach past it look alike",
            ));
        }
        Ok(())
    }

    /// Coordinates at which the likelihood is largest on an edge, where no derivative vanishes.
    pub(super) fn pinned(&self, likelihood: &Likelihood) -> Vec<Option<f64>> {
        let (low, high) = likelihood.ends;
        match self {
            Self::Pareto if low.is_finite() => {
                // Rounding must not lift the minimum above the smallest sample.
                let mut pin = libm::log(low);
                while libm::exp(pin) > low {
                    pin = pin.next_down();
                }
                vec![Some(pin), None]
            }
            Self::Uniform if low.is_finite() => {
                // The score of the upper end, which falls: above zero at the last sample it has its
                // zero further on.
                let past = |limit: &&Point| limit.x > low;
                let cut = || likelihood.limits.iter().filter(past);
                let inside = cut().all(|limit| limit.x < high);
                let score: f64 = cut().map(|c| c.weight * (high - low) / (high - c.x)).sum();
                let total = likelihood.counts.samples + cut().map(|c| c.weight).sum::<f64>();
                let ends_there = inside && score <= total;
                vec![Some(low), ends_there.then_some(high)]
            }
            Self::Uniform => {
                let buckets = &likelihood.buckets;
                let total = likelihood.counts.total();
                let ends = buckets.first().zip(buckets.last());
                let Some((first, last)) = ends.filter(|_| buckets.len() > 1) else {
                    return vec![None, None];
                };
                // Shares of the width that the outer buckets take where the score is zero.
                let shares = [first.count, last.count].map(|count| count as f64 / total);
                let width = (last.low - first.high) / (1.0 - shares[0] - shares[1]);
                let from = first.high - width * shares[0];
                let to = last.low + width * shares[1];
                vec![
                    (from < first.low).then_some(first.low),
                    (to > last.high).then_some(last.high),
                ]
            }
            _ => vec![None; self.names().len()],
        }
    }
}

/// Weighted mean and variance of f(x); zeros are left out.
fn moments(points: &[Point], f: impl Fn(f64) -> f64) -> (f64, f64) {
    let above = || points.iter().filter(|point| point.x > 0.0);
    let total: f64 = above().map(|point| point.weight).sum();
    let mean = above().map(|point| point.weight * f(point.x)).sum::<f64>() / total;
    let square = |x: f64| (f(x) - mean) * (f(x) - mean);
    let variance = above()
        .map(|point| point.weight * square(point.x))
        .sum::<f64>()
        / total;
    (mean, variance)
}
