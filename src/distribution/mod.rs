//! Laws of a duration: delays, pauses, the time between them.
//!
//! Plain laws: [`Constant`], [`Uniform`], [`Exponential`], [`Gamma`], [`LogNormal`], [`Weibull`],
//! [`Pareto`], [`GeneralizedPareto`], [`TruncatedNormal`]. From data: [`Empirical`] (a sample) and
//! [`Interpolated`] (quantiles). Made of others: [`Affine`], [`Truncated`], [`Mixture`],
//! [`Maximum`], [`Sum`]. All are seconds, zero or more.

mod affine;
pub(crate) mod bisection;
mod constant;
mod empirical;
mod exponential;
mod gamma;
mod generalized_pareto;
pub(crate) mod incomplete_gamma;
mod interpolated;
pub(crate) mod law;
mod lognormal;
mod maximum;
mod mixture;
mod moments;
pub(crate) mod normal_tail;
mod pareto;
mod quantile_fit;
mod sum;
mod truncated;
mod truncated_normal;
mod uniform;
mod weibull;

pub use affine::Affine;
pub use constant::Constant;
pub use empirical::Empirical;
pub use exponential::Exponential;
pub use gamma::Gamma;
pub use generalized_pareto::GeneralizedPareto;
pub use interpolated::Interpolated;
pub use law::Law;
pub use lognormal::LogNormal;
pub use maximum::Maximum;
pub use mixture::Mixture;
pub use pareto::Pareto;
pub use quantile_fit::{FromQuantiles, QuantileFit};
pub use sum::Sum;
pub use truncated::Truncated;
pub use truncated_normal::TruncatedNormal;
pub use uniform::Uniform;
pub use weibull::Weibull;

use crate::random::Stream;
use crate::{Cancel, Error};

/// Laws that one composed law may be made of directly.
const MOST_PARTS: usize = 1000;

/// Composed laws may be nested this deep.
const DEEPEST: usize = 8;

macro_rules! distributions {
    ($($name:ident),+ $(,)?) => {
        /// Any law of a duration.
        #[derive(Debug, Clone, PartialEq)]
        #[allow(missing_docs, reason = "each variant is the law of its name")]
        pub enum Distribution {
            $($name($name),)+
        }

        $(impl From<$name> for Distribution {
            fn from(law: $name) -> Self {
                Self::$name(law)
            }
        })+

        macro_rules! each {
            ($distribution:expr, $law:ident => $result:expr) => {
                match $distribution {
                    $(Distribution::$name($law) => $result,)+
                }
            };
        }
    };
}

distributions!(
    Constant,
    Uniform,
    Exponential,
    Gamma,
    LogNormal,
    Weibull,
    Pareto,
    GeneralizedPareto,
    TruncatedNormal,
    Empirical,
    Interpolated,
    Affine,
    Truncated,
    Mixture,
    Maximum,
    Sum,
);

impl Distribution {
    /// How deep composed laws are nested in this one.
    fn depth(&self) -> usize {
        let deepest = |parts: &[Self]| parts.iter().map(Self::depth).max().unwrap_or(0);
        match self {
            Self::Affine(law) => 1 + law.base().depth(),
            Self::Truncated(law) => 1 + law.base().depth(),
            Self::Mixture(law) => 1 + deepest(law.parts()),
            Self::Maximum(law) => 1 + deepest(law.parts()),
            Self::Sum(law) => 1 + deepest(law.parts()),
            _ => 0,
        }
    }

    /// Passes the law on unless composed laws are nested too deep in it to be walked safely.
    pub fn bounded(self) -> Result<Self, Error> {
        let depth = self.depth();
        if depth > DEEPEST {
            return Err(Error::argument(
                "distribution",
                format!("{depth} laws deep"),
                format!("laws nested at most {DEEPEST} deep"),
            ));
        }
        Ok(self)
    }

    /// Does the simulations that the probabilities of sums rest on, if it is not done yet.
    ///
    /// Probabilities, quantiles and moments do so by themselves, but cannot be stopped then.
    pub fn prepare(&self, cancel: &Cancel) -> Result<(), Error> {
        let parts = match self {
            Self::Affine(law) => std::slice::from_ref(law.base()),
            Self::Truncated(law) => std::slice::from_ref(law.base()),
            Self::Mixture(law) => law.parts(),
            Self::Maximum(law) => law.parts(),
            Self::Sum(law) => return law.prepare(cancel),
            _ => &[],
        };
        parts.iter().try_for_each(|part| part.prepare(cancel))
    }

    /// The value that about one of so many draws exceeds, in seconds.
    pub(crate) fn exceeded_once_in(&self, draws: f64) -> f64 {
        let value = self.inverse_log_ccdf(-libm::log(draws.max(2.0)));
        // A sum is known by simulation only, and not that far out.
        if value.is_nan() {
            10.0 * self.mean()
        } else {
            value
        }
    }

    /// The median, in seconds.
    pub fn median(&self) -> f64 {
        self.inverse_log_cdf(-std::f64::consts::LN_2)
    }
}

impl Law for Distribution {
    fn support(&self) -> (f64, f64) {
        each!(self, law => law.support())
    }

    fn mean(&self) -> f64 {
        each!(self, law => law.mean())
    }

    fn variance(&self) -> f64 {
        each!(self, law => law.variance())
    }

    fn has_density(&self) -> bool {
        each!(self, law => law.has_density())
    }

    fn log_pdf(&self, x: f64) -> f64 {
        each!(self, law => law.log_pdf(x))
    }

    fn log_cdf(&self, x: f64) -> f64 {
        each!(self, law => law.log_cdf(x))
    }

    fn log_ccdf(&self, x: f64) -> f64 {
        each!(self, law => law.log_ccdf(x))
    }

    fn inverse_log_cdf(&self, log_p: f64) -> f64 {
        each!(self, law => law.inverse_log_cdf(log_p))
    }

    fn inverse_log_ccdf(&self, log_q: f64) -> f64 {
        each!(self, law => law.inverse_log_ccdf(log_q))
    }

    fn sample(&self, stream: &mut Stream) -> f64 {
        each!(self, law => law.sample(stream))
    }

    fn fill(&self, stream: &mut Stream, draws: &mut [f64]) {
        each!(self, law => law.fill(stream, draws));
    }
}

/// The smallest first and largest second of what `ends` gives for the parts.
fn span_of(parts: &[Distribution], ends: impl Fn(&Distribution) -> (f64, f64)) -> (f64, f64) {
    parts
        .iter()
        .map(ends)
        .fold((f64::INFINITY, 0.0), |span, ends| {
            (span.0.min(ends.0), span.1.max(ends.1))
        })
}
