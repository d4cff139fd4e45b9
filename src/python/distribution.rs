use pyo3::prelude::*;
use rayon::prelude::*;

use super::array::Floats;
use super::interrupt::interruptible;
use crate::distribution::{
    self as law, Affine, Constant, Empirical, Exponential, FromQuantiles, Gamma, GeneralizedPareto,
    Interpolated, Law, LogNormal, Maximum, Mixture, Pareto, QuantileFit, Sum, Truncated,
    TruncatedNormal, Uniform, Weibull,
};
use crate::random::{Purpose, Seed};
use crate::{Cancel, Error, memory};

/// A law of a duration.
#[pyclass(frozen, eq, module = "suspicion._core")]
#[derive(Debug, PartialEq)]
pub struct Distribution(pub law::Distribution);

/// Values worked out between two looks at whether to stop.
const STEP: usize = 1 << 12;

/// Draws from one stream; the next ones come from the stream of the next number.
const BLOCK: usize = 1 << 14;

impl Distribution {
    fn new(law: impl Into<law::Distribution>) -> Result<Self, Error> {
        law.into().bounded().map(Self)
    }

    fn parts(parts: &[Py<Self>]) -> Vec<law::Distribution> {
        parts.iter().map(|part| part.get().0.clone()).collect()
    }

    /// The law once its simulations are done, in which a signal stops them.
    fn prepared(&self, py: Python<'_>) -> PyResult<&law::Distribution> {
        interruptible(py, None, |cancel| self.0.prepare(cancel))?;
        Ok(&self.0)
    }

    fn map(
        &self,
        py: Python<'_>,
        x: Floats,
        value: impl Fn(&law::Distribution, f64) -> f64 + Sync + Send,
    ) -> PyResult<Floats> {
        interruptible(py, None, |cancel| {
            self.0.prepare(cancel)?;
            let mut values = x.0;
            values.par_chunks_mut(STEP).try_for_each(|chunk| {
                chunk.iter_mut().for_each(|x| {
                    *x = if x.is_nan() {
                        f64::NAN
                    } else {
                        value(&self.0, *x)
                    }
                });
                cancel.advance(chunk.len() as u64)
            })?;
            Ok(Floats(values))
        })
    }
}

#[pymethods]
impl Distribution {
    #[staticmethod]
    fn constant(value: f64) -> Result<Self, Error> {
        Self::new(Constant::new(value)?)
    }

    #[staticmethod]
    fn uniform(low: f64, high: f64) -> Result<Self, Error> {
        Self::new(Uniform::new(low, high)?)
    }

    #[staticmethod]
    fn exponential(mean: f64) -> Result<Self, Error> {
        Self::new(Exponential::new(mean)?)
    }

    #[staticmethod]
    fn gamma(shape: f64, scale: f64) -> Result<Self, Error> {
        Self::new(Gamma::new(shape, scale)?)
    }

    #[staticmethod]
    fn lognormal(median: f64, sigma: f64) -> Result<Self, Error> {
        Self::new(LogNormal::new(median, sigma)?)
    }

    #[staticmethod]
    fn weibull(scale: f64, shape: f64) -> Result<Self, Error> {
        Self::new(Weibull::new(scale, shape)?)
    }

    #[staticmethod]
    fn pareto(minimum: f64, tail_index: f64) -> Result<Self, Error> {
        Self::new(Pareto::new(minimum, tail_index)?)
    }

    #[staticmethod]
    fn generalized_pareto(scale: f64, shape: f64) -> Result<Self, Error> {
        Self::new(GeneralizedPareto::new(scale, shape)?)
    }

    #[staticmethod]
    fn truncated_normal(mean: f64, std: f64, low: f64, high: f64) -> Result<Self, Error> {
        Self::new(TruncatedNormal::new(mean, std, low, high)?)
    }

    #[staticmethod]
    fn empirical(sample: Floats) -> Result<Self, Error> {
        Self::new(Empirical::new(sample.0)?)
    }

    #[staticmethod]
    fn interpolated(quantiles: Vec<(f64, f64)>) -> Result<Self, Error> {
        Self::new(Interpolated::new(quantiles)?)
    }

    #[staticmethod]
    fn affine(base: &Self, factor: f64, offset: f64) -> Result<Self, Error> {
        Self::new(Affine::new(base.0.clone(), factor, offset)?)
    }

    #[staticmethod]
    fn truncated(py: Python<'_>, base: &Self, low: f64, high: f64) -> PyResult<Self> {
        base.prepared(py)?;
        Ok(Self::new(Truncated::new(base.0.clone(), low, high)?)?)
    }

    #[staticmethod]
    fn mixture(parts: Vec<Py<Self>>, weights: Vec<f64>) -> Result<Self, Error> {
        Self::new(Mixture::new(Self::parts(&parts), weights)?)
    }

    #[staticmethod]
    fn maximum(parts: Vec<Py<Self>>) -> Result<Self, Error> {
        Self::new(Maximum::new(Self::parts(&parts))?)
    }

    #[staticmethod]
    fn sum(parts: Vec<Py<Self>>) -> Result<Self, Error> {
        Self::new(Sum::new(Self::parts(&parts))?)
    }

    /// The two parameters, in the order of the constructor, of the law of a family through quantiles,
    /// and the residual.
    #[staticmethod]
    fn from_quantiles(family: &str, quantiles: Vec<(f64, f64)>) -> Result<(f64, f64, f64), Error> {
        fn fit<L: FromQuantiles>(
            quantiles: &[(f64, f64)],
            parameters: fn(&L) -> (f64, f64),
        ) -> Result<(f64, f64, f64), Error> {
            let QuantileFit { law, residual } = L::from_quantiles(quantiles)?;
            let (first, second) = parameters(&law);
            Ok((first, second, residual))
        }
        match family {
            "Exponential" => {
                let QuantileFit { law, residual } = Exponential::from_quantiles(&quantiles)?;
                Ok((law.mean(), f64::NAN, residual))
            }
            "Gamma" => fit(&quantiles, |law: &Gamma| (law.shape(), law.scale())),
            "LogNormal" => fit(&quantiles, |law: &LogNormal| (law.median(), law.sigma())),
            "Weibull" => fit(&quantiles, |law: &Weibull| (law.scale(), law.shape())),
            "Pareto" => fit(&quantiles, |law: &Pareto| (law.minimum(), law.tail_index())),
            "GeneralizedPareto" => fit(&quantiles, |law: &GeneralizedPareto| {
                (law.scale(), law.shape())
            }),
            _ => Err(Error::argument(
                "family",
                family,
                "a family with two parameters",
            )),
        }
    }

    /// The two parameters of the law of a family with this mean and standard deviation.
    #[staticmethod]
    fn from_mean_std(family: &str, mean: f64, std: f64) -> Result<(f64, f64), Error> {
        match family {
            "Gamma" => Gamma::from_mean_std(mean, std).map(|law| (law.shape(), law.scale())),
            "LogNormal" => {
                LogNormal::from_mean_std(mean, std).map(|law| (law.median(), law.sigma()))
            }
            "Weibull" => Weibull::from_mean_std(mean, std).map(|law| (law.scale(), law.shape())),
            "Pareto" => {
                Pareto::from_mean_std(mean, std).map(|law| (law.minimum(), law.tail_index()))
            }
            _ => Err(Error::argument(
                "family",
                family,
                "a family with two parameters",
            )),
        }
    }

    fn support(&self) -> (f64, f64) {
        self.0.support()
    }

    fn mean(&self, py: Python<'_>) -> PyResult<f64> {
        Ok(self.prepared(py)?.mean())
    }

    fn variance(&self, py: Python<'_>) -> PyResult<f64> {
        Ok(self.prepared(py)?.variance())
    }

    fn median(&self, py: Python<'_>) -> PyResult<f64> {
        Ok(self.prepared(py)?.median())
    }

    fn has_density(&self) -> bool {
        self.0.has_density()
    }

    fn pdf(&self, py: Python<'_>, x: Floats) -> PyResult<Floats> {
        self.map(py, x, |law, x| libm::exp(law.log_pdf(x)))
    }

    fn logpdf(&self, py: Python<'_>, x: Floats) -> PyResult<Floats> {
        self.map(py, x, Law::log_pdf)
    }

    fn cdf(&self, py: Python<'_>, x: Floats) -> PyResult<Floats> {
        self.map(py, x, |law, x| libm::exp(law.log_cdf(x)))
    }

    fn logcdf(&self, py: Python<'_>, x: Floats) -> PyResult<Floats> {
        self.map(py, x, Law::log_cdf)
    }

    fn ccdf(&self, py: Python<'_>, x: Floats) -> PyResult<Floats> {
        self.map(py, x, |law, x| libm::exp(law.log_ccdf(x)))
    }

    fn logccdf(&self, py: Python<'_>, x: Floats) -> PyResult<Floats> {
        self.map(py, x, Law::log_ccdf)
    }

    fn icdf(&self, py: Python<'_>, p: Floats) -> PyResult<Floats> {
        self.map(py, p, |law, p| law.inverse_log_cdf(libm::log(p)))
    }

    fn iccdf(&self, py: Python<'_>, q: Floats) -> PyResult<Floats> {
        self.map(py, q, |law, q| law.inverse_log_ccdf(libm::log(q)))
    }

    fn ilogccdf(&self, py: Python<'_>, log_q: Floats) -> PyResult<Floats> {
        self.map(py, log_q, Law::inverse_log_ccdf)
    }

    /// As many draws as asked for; the first of them do not depend on how many follow.
    fn sample(&self, py: Python<'_>, draws: usize, seed: [u8; 32]) -> PyResult<Floats> {
        memory::admit("shape", draws, draws as u64 * 24)?;
        interruptible(py, None, |cancel: &Cancel| {
            let seed = Seed::new(seed);
            let mut values = vec![0.0; draws];
            values
                .par_chunks_mut(BLOCK)
                .enumerate()
                .try_for_each(|(block, chunk)| {
                    self.0
                        .fill(&mut seed.stream(Purpose::Sample, block as u64), chunk);
                    cancel.advance(chunk.len() as u64)
                })?;
            Ok(Floats(values))
        })
    }
}
