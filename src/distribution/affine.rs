use crate::distribution::{Distribution, Law};
use crate::random::Stream;
use crate::{Error, domain};

/// Another law stretched and moved: factor * X + offset.
#[derive(Debug, Clone, PartialEq)]
pub struct Affine {
    base: Box<Distribution>,
    factor: f64,
    offset: f64,
}

impl Affine {
    /// Builds the law of `factor * X + offset`; `offset` is in seconds and may be negative as long as
    /// no value of the result is.
    pub fn new(base: Distribution, factor: f64, offset: f64) -> Result<Self, Error> {
        let factor = domain::positive("factor", factor)?;
        let offset = domain::finite("offset", offset)?;
        let lowest = factor * base.support().0;
        if lowest + offset < 0.0 {
            return Err(Error::argument(
                "offset",
                offset,
                format!(
                    "a number of {} or more, so that no duration is negative",
                    -lowest
                ),
            ));
        }
        Ok(Self {
            base: Box::new(base),
            factor,
            offset,
        })
    }

    /// The law that is stretched and moved.
    pub fn base(&self) -> &Distribution {
        &self.base
    }

    fn undo(&self, x: f64) -> f64 {
        (x - self.offset) / self.factor
    }

    fn apply(&self, x: f64) -> f64 {
        self.factor * x + self.offset
    }
}

impl Law for Affine {
    fn support(&self) -> (f64, f64) {
        let (low, high) = self.base.support();
        (self.apply(low), self.apply(high))
    }

    fn mean(&self) -> f64 {
        self.apply(self.base.mean())
    }

    fn variance(&self) -> f64 {
        self.factor * self.factor * self.base.variance()
    }

    fn has_density(&self) -> bool {
        self.base.has_density()
    }

    fn log_pdf(&self, x: f64) -> f64 {
        self.base.log_pdf(self.undo(x)) - libm::log(self.factor)
    }

    fn log_cdf(&self, x: f64) -> f64 {
        self.base.log_cdf(self.undo(x))
    }

    fn log_ccdf(&self, x: f64) -> f64 {
        self.base.log_ccdf(self.undo(x))
    }

    fn inverse_log_cdf(&self, log_p: f64) -> f64 {
        self.apply(self.base.inverse_log_cdf(log_p))
    }

    fn inverse_log_ccdf(&self, log_q: f64) -> f64 {
        self.apply(self.base.inverse_log_ccdf(log_q))
    }

    fn sample(&self, stream: &mut Stream) -> f64 {
        self.apply(self.base.sample(stream))
    }

    fn fill(&self, stream: &mut Stream, draws: &mut [f64]) {
        self.base.fill(stream, draws);
        for draw in draws {
            *draw = self.apply(*draw);
        }
    }
}
