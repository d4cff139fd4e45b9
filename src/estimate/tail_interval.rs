//! Intervals for a tail, by profile likelihood.

use super::exceedances::{Exceedances, SHAPES, hazard};
use super::simplex::minimise;
use crate::distribution::normal_tail::inverse_log_upper;
use crate::{Error, domain};

impl Exceedances {
    /// Interval for the shape: where twice the logarithm of the profile likelihood falls by chi-square's
    /// quantile.
    pub fn shape_interval(&self, confidence_level: f64) -> Result<(f64, f64), Error> {
        let drop = half_chi_square(confidence_level)?;
        let inside = |shape: f64| self.log_likelihood() - self.profile_of_shape(shape) <= drop;
        let step = self.shape_error();
        Ok((
            edge(self.shape(), -step, SHAPES.0, &inside),
            edge(self.shape(), step, SHAPES.1, &inside),
        ))
    }

    fn profile_of_shape(&self, shape: f64) -> f64 {
        // In ln(scale) the likelihood has one peak; golden section finds it. The mean is no guide to where:
        // of a heavy tail it is that of a single value.
        let middle = libm::log(self.scale());
        let low = if shape < 0.0 {
            libm::log(-shape * self.largest())
        } else {
            middle - 8.0
        };
        let high = (middle + 8.0).max(low + 1.0);
        golden(low, high, |log_scale| {
            self.log_likelihood_of(shape, libm::exp(log_scale))
        })
    }

    /// Interval for the value exceeded with probability `q`, by profile likelihood of shape, scale and
    /// share together.
    pub fn quantile_interval(&self, q: f64, confidence_level: f64) -> Result<(f64, f64), Error> {
        let drop = half_chi_square(confidence_level)?;
        let centre = self.quantile(q) - self.threshold();
        // Searched in the logarithm of the excess: the likelihood leans far to the right.
        let mut inside = |log_excess: f64| self.top() - self.through(log_excess, q) <= drop;
        let (low, high) = self.both_edges(libm::log(centre), &mut inside);
        Ok((
            self.threshold() + libm::exp(low),
            self.threshold() + libm::exp(high),
        ))
    }

    /// Interval for Pr(X > x), in the same way.
    pub fn exceedance_interval(&self, x: f64, confidence_level: f64) -> Result<(f64, f64), Error> {
        let drop = half_chi_square(confidence_level)?;
        let log_excess = libm::log(x - self.threshold());
        let mut inside =
            |log_q: f64| self.top() - self.through(log_excess, libm::exp(log_q)) <= drop;
        let centre = libm::log(self.exceedance(x));
        if centre == f64::NEG_INFINITY {
            // Past the end of a law that has one; the smaller the probability, the nearer it is to that law.
            let least = -libm::log(self.n() as f64) - 60.0;
            return Ok((0.0, libm::exp(edge(least, 1.0, 0.0, &mut inside))));
        }
        let (low, high) = self.both_edges(centre, &mut inside);
        Ok((libm::exp(low), libm::exp(high.min(0.0))))
    }

    fn both_edges(&self, centre: f64, inside: &mut impl FnMut(f64) -> bool) -> (f64, f64) {
        let step = 2.0 / (self.exceeding() as f64).sqrt();
        (
            edge(centre, -step, centre - 60.0, &mut *inside),
            edge(centre, step, centre + 60.0, &mut *inside),
        )
    }

    /// Highest logarithm of the likelihood of shape, scale and share.
    fn top(&self) -> f64 {
        self.log_likelihood() + self.of_share(self.share())
    }

    fn of_share(&self, share: f64) -> f64 {
        let (exceed, n) = (self.exceeding() as f64, self.n() as f64);
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

    /// The highest likelihood of those laws that exceed the excess with probability `q`: the share
    /// follows from shape and scale.
    fn through(&self, log_excess: f64, q: f64) -> f64 {
        let excess = libm::exp(log_excess);
        // The search begins where the share is the one that was seen, so that it never begins outside.
        let fallen = (libm::log(self.share()) - libm::log(q)).max(1e-9);
        let shape = self.shape();
        let grown = if shape == 0.0 {
            fallen
        } else {
            libm::expm1(shape * fallen) / shape
        };
        let start = [shape, log_excess - libm::log(grown)];
        let size = self.shape_error();
        let (_, cost) = minimise(
            start,
            [0.5 * size, -0.5 * size],
            1e-4,
            |[shape, log_scale]| {
                let scale = libm::exp(log_scale);
                let share = q * libm::exp(hazard(excess / scale, shape));
                -(self.log_likelihood_of(shape, scale) + self.of_share(share))
            },
        );
        -cost
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
