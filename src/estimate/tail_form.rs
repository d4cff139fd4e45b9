use super::exceedances::Exceedances;
use super::simplex::minimise;
use crate::distribution::normal_tail::{inverse_log_upper, log_density, log_upper};

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
    /// The same tail as that of a lognormal law cut off on the left at the threshold.
    ///
    /// With sigma at its upper bound of 20 the tail is a power but for four digits.
    pub fn lognormal(&self) -> Option<TailForm> {
        if self.threshold() <= 0.0 {
            return None;
        }
        let n = self.exceeding() as f64;
        // In units of the threshold.
        let logs = self.log_growths();
        let mean = logs.iter().sum::<f64>() / n;
        let square = logs.iter().map(|y| y * y).sum::<f64>() / n;
        let log_u = libm::log(self.threshold());
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
        if self.threshold() <= 0.0 {
            return None;
        }
        let n = self.exceeding() as f64;
        let logs = self.log_growths();
        let mean = logs.iter().sum::<f64>() / n;
        let log_u = libm::log(self.threshold());
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
