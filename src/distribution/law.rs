use crate::random::Stream;

/// What every distribution of a duration knows about itself.
///
/// Both tails are worked out as logarithms and everything else follows from them, so that a
/// probability of 1e-300 has as many right digits as one of a half.
pub trait Law {
    /// Smallest and largest value, in seconds.
    fn support(&self) -> (f64, f64);

    /// Mean, in seconds; infinite where the integral diverges.
    fn mean(&self) -> f64;

    /// Variance, in seconds squared; infinite where the integral diverges.
    fn variance(&self) -> f64;

    /// Whether there is a density, that is, no single value with a probability of its own.
    fn has_density(&self) -> bool {
        true
    }

    /// Logarithm of the density at `x`; NaN for a law without density.
    fn log_pdf(&self, x: f64) -> f64;

    /// Logarithm of Pr(X <= x).
    fn log_cdf(&self, x: f64) -> f64;

    /// Logarithm of Pr(X > x).
    fn log_ccdf(&self, x: f64) -> f64;

    /// The smallest `x` with ln Pr(X <= x) >= `log_p`, for `log_p` <= 0.
    fn inverse_log_cdf(&self, log_p: f64) -> f64;

    /// The smallest `x` with ln Pr(X > x) <= `log_q`, for `log_q` <= 0.
    fn inverse_log_ccdf(&self, log_q: f64) -> f64;

    /// One draw.
    fn sample(&self, stream: &mut Stream) -> f64;

    /// Fills `draws` with as many draws as calls of [`sample`](Self::sample) would give.
    fn fill(&self, stream: &mut Stream, draws: &mut [f64]) {
        for draw in draws {
            *draw = self.sample(stream);
        }
    }
}

/// A law given by its cumulative hazard H(x) = -ln Pr(X > x); the tails follow.
pub(super) trait Hazard {
    /// H(x), zero below the support and infinite above it.
    fn hazard(&self, x: f64) -> f64;

    /// The `x` whose hazard is `hazard`.
    fn inverse_hazard(&self, hazard: f64) -> f64;

    fn log_cdf_by_hazard(&self, x: f64) -> f64 {
        log1mexp(self.hazard(x))
    }

    fn inverse_log_cdf_by_hazard(&self, log_p: f64) -> f64 {
        self.inverse_hazard(-log1mexp(-log_p))
    }
}

/// ln(1 - exp(-x)) for x >= 0, right for small and for large `x`.
///
/// Mächler, "Accurately Computing log(1 - exp(-|a|))" (2012), with the switch at ln 2.
pub(crate) fn log1mexp(x: f64) -> f64 {
    if x < std::f64::consts::LN_2 {
        libm::log(-libm::expm1(-x))
    } else {
        libm::log1p(-libm::exp(-x))
    }
}

/// ln(exp(a) + exp(b)).
pub(super) fn log_sum(a: f64, b: f64) -> f64 {
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    if small == f64::NEG_INFINITY {
        large
    } else {
        large + libm::log1p(libm::exp(small - large))
    }
}

/// ln(exp(a) - exp(b)) for a >= b.
pub(super) fn log_difference(a: f64, b: f64) -> f64 {
    if b == f64::NEG_INFINITY {
        a
    } else {
        a + log1mexp(a - b)
    }
}
