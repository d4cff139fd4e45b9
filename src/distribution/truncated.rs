use rand::RngExt;

use super::law::{log_difference, log_sum};
use super::moments::moments;
use crate::distribution::{Distribution, Law};
use crate::random::Stream;
use crate::{Error, domain};

/// Another law given that low <= x <= high.
///
/// Mean and variance are integrated numerically, to some 1e-8. Within a relative 1e-6 of a bound the
/// tail on that side loses digits to cancellation.
#[derive(Debug, Clone, PartialEq)]
pub struct Truncated {
    base: Box<Distribution>,
    low: f64,
    high: f64,
    log_below: f64,
    log_above: f64,
    log_mass: f64,
}

const LOG_HALF: f64 = -std::f64::consts::LN_2;

/// ln 0.2: where less is left of the law, drawing by inversion beats rejection.
const REJECTION_FLOOR: f64 = -1.6;

impl Truncated {
    /// Builds the law; both bounds are in seconds, `high` may be infinite.
    pub fn new(base: Distribution, low: f64, high: f64) -> Result<Self, Error> {
        let low = domain::non_negative("low", low)?;
        if high.is_nan() || high <= low {
            return Err(Error::argument(
                "high",
                high,
                format!("a number above low = {low}"),
            ));
        }
        // What lies below excludes an atom on the bound itself.
        let log_below = base.log_cdf(low.next_down());
        let log_above = base.log_ccdf(high);
        let log_mass = if log_below < LOG_HALF {
            log_difference(base.log_cdf(high), log_below)
        } else {
            log_difference(base.log_ccdf(low.next_down()), log_above)
        };
        // A NaN comes from a law known by simulation only.
        if log_mass.is_nan() || log_mass == f64::NEG_INFINITY {
            if log_mass.is_nan() {
                let (name, bound) = if log_above.is_nan() {
                    ("high", high)
                } else {
                    ("low", low)
                };
                let expected = "a bound within what the simulation of the law has drawn";
                return Err(Error::argument(name, bound, expected));
            }
            let (from, to) = base.support();
            return Err(Error::argument(
                "low",
                low,
                format!("bounds that leave some of [{from}, {to}]"),
            ));
        }
        Ok(Self {
            base: Box::new(base),
            low,
            high,
            log_below,
            log_above,
            log_mass,
        })
    }

    /// The law before the cut.
    pub fn base(&self) -> &Distribution {
        &self.base
    }
}

impl Law for Truncated {
    fn support(&self) -> (f64, f64) {
        let (low, high) = self.base.support();
        (low.max(self.low), high.min(self.high))
    }

    fn mean(&self) -> f64 {
        moments(self).0
    }

    fn variance(&self) -> f64 {
        moments(self).1
    }

    fn has_density(&self) -> bool {
        self.base.has_density()
    }

    fn log_pdf(&self, x: f64) -> f64 {
        if (self.low..=self.high).contains(&x) {
            self.base.log_pdf(x) - self.log_mass
        } else {
            f64::NEG_INFINITY
        }
    }

    fn log_cdf(&self, x: f64) -> f64 {
        if x < self.low {
            return f64::NEG_INFINITY;
        }
        if x >= self.high {
            return 0.0;
        }
        let log_cdf = self.base.log_cdf(x);
        let log_part = if log_cdf < LOG_HALF {
            log_difference(log_cdf, self.log_below)
        } else {
            log_difference(
                self.base.log_ccdf(self.low.next_down()),
                self.base.log_ccdf(x),
            )
        };
        (log_part - self.log_mass).min(0.0)
    }

    fn log_ccdf(&self, x: f64) -> f64 {
        if x < self.low {
            return 0.0;
        }
        if x >= self.high {
            return f64::NEG_INFINITY;
        }
        let log_ccdf = self.base.log_ccdf(x);
        let log_part = if log_ccdf < LOG_HALF {
            log_difference(log_ccdf, self.log_above)
        } else {
            log_difference(self.base.log_cdf(self.high), self.base.log_cdf(x))
        };
        (log_part - self.log_mass).min(0.0)
    }

    fn inverse_log_cdf(&self, log_p: f64) -> f64 {
        let part = log_p + self.log_mass;
        let x = if self.log_below < LOG_HALF {
            self.base
                .inverse_log_cdf(log_sum(self.log_below, part).min(0.0))
        } else {
            let above_low = self.base.log_ccdf(self.low.next_down());
            self.base
                .inverse_log_ccdf(log_difference(above_low, part.min(above_low)))
        };
        x.clamp(self.low, self.high)
    }

    fn inverse_log_ccdf(&self, log_q: f64) -> f64 {
        let part = log_q + self.log_mass;
        let x = if self.log_above < LOG_HALF {
            self.base
                .inverse_log_ccdf(log_sum(self.log_above, part).min(0.0))
        } else {
            let below_high = self.base.log_cdf(self.high);
            self.base
                .inverse_log_cdf(log_difference(below_high, part.min(below_high)))
        };
        x.clamp(self.low, self.high)
    }

    fn sample(&self, stream: &mut Stream) -> f64 {
        if self.log_mass < REJECTION_FLOOR {
            // 1 - u lies in (0, 1], where the logarithm is finite.
            return self.inverse_log_ccdf(libm::log(1.0 - stream.random::<f64>()));
        }
        loop {
            let x = self.base.sample(stream);
            if (self.low..=self.high).contains(&x) {
                return x;
            }
        }
    }
}
