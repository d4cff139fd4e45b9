use super::terms::Terms;
use crate::distribution::{Distribution, Law};
use crate::quadrature::mean;
use crate::{Error, domain};

/// The renewal interval is looked at in so many pieces.
const PIECES: u32 = 64;

/// So many of the time until the next one asks.
const POLLS: u32 = 8;

/// Probability that a pause of the holder makes two: that it lasts until after another has got the lease.
///
/// The lease was renewed an age `a` before the pause `P` begins and runs out `length` after that; then nobody gets it for
/// `grace + lock_delay`, and the next one asks a time `u` later: Pr(a + P > length + grace + lock_delay + u). Ages of a holder that
/// renews as soon as it wakes up have the density `v exp(-v a) / (1 - exp(-v renew_every))` up to `renew_every`, with `v` pauses for a
/// second of running; those of one that renews when it is due, or that hardly ever pauses, are uniform. The wait `u` is what is left of
/// an interval between two requests that is met at random.
/// For exponential pauses of rate `m` and uniform ages this is `exp(-m L) (exp(m R) - 1) / (m R)`, and with requests every `r` as much as
/// `(1 - exp(-m r)) / (m r)` of it. Messages take no time here, and clocks are right.
///
/// By Gauss's quadrature in 64 pieces of `renew_every`, which is no good for a tail that falls by many powers of ten within one of them; a
/// law with jumps is known to the distance of two points.
///
/// # Errors
///
/// [`Error::Argument`] for terms or a rate out of their range.
pub fn two_holders(terms: &Terms, pause: &Distribution, rate: f64) -> Result<f64, Error> {
    let terms = terms.checked()?;
    let rate = domain::non_negative("rate", rate)?;
    Ok(over_ages(&terms, rate, |age| {
        let left = terms.length + terms.grace + terms.lock_delay - age;
        over_waits(&terms, |wait| tail(pause, left + wait))
    }))
}

/// Probability that a write takes effect after the lease has run out: that a pause begins between the look at the clock
/// and the effect, `window` later, and lasts for too long.
///
/// `(1 - exp(-v w)) Pr(a + w + P > length)` with the age `a` at the look.
///
/// # Errors
///
/// [`Error::Argument`] for terms, a window or a rate out of their range.
pub fn unsafe_write(
    terms: &Terms,
    window: f64,
    pause: &Distribution,
    rate: f64,
) -> Result<f64, Error> {
    let terms = terms.checked()?;
    let window = domain::non_negative("window", window)?;
    let rate = domain::non_negative("rate", rate)?;
    let met = -libm::expm1(-rate * window);
    let late = over_ages(&terms, rate, |age| tail(pause, terms.length - window - age));
    Ok(met * late)
}

/// The mean over the waits until the next one asks when something happens at a moment that knows nothing of it.
fn over_waits(terms: &Terms, value: impl Fn(f64) -> f64) -> f64 {
    let (shortest, jitter) = (terms.poll_every, terms.poll_jitter);
    let certain = mean(0.0, shortest, POLLS, &value);
    if shortest == 0.0 || jitter == 0.0 {
        return certain;
    }
    // What is left of an interval has the density (1 - F) / mean, which falls linearly where F is uniform.
    let longest = shortest * (1.0 + jitter);
    let rest = mean(shortest, longest, POLLS, |wait| {
        value(wait) * (longest - wait) / (longest - shortest)
    });
    (certain + jitter * rest) / (1.0 + 0.5 * jitter)
}

/// The mean over the ages of a lease when something happens at a moment that knows nothing of it.
fn over_ages(terms: &Terms, rate: f64, value: impl Fn(f64) -> f64) -> f64 {
    let interval = terms.renew_every;
    let rate = if terms.renews_on_waking { rate } else { 0.0 };
    let share = rate * interval;
    let norm = if share == 0.0 {
        1.0
    } else {
        share / -libm::expm1(-share)
    };
    mean(0.0, interval, PIECES, |age| {
        norm * libm::exp(-rate * age) * value(age)
    })
}

fn tail(law: &Distribution, x: f64) -> f64 {
    if x < 0.0 {
        1.0
    } else {
        libm::exp(law.log_ccdf(x))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::{Exponential, Pareto};
    use crate::lease::{CountedFrom, Judge};

    fn terms(length: f64, renew_every: f64, poll_every: f64) -> Terms {
        Terms {
            length,
            renew_every,
            believed_for: length,
            counted_from: CountedFrom::Request,
            renews_on_waking: true,
            poll_every,
            poll_jitter: 0.0,
            grace: 0.0,
            lock_delay: 0.0,
            judge: Judge::Service(Default::default()),
        }
    }

    fn close(found: Result<f64, Error>, right: f64, to: f64) {
        let found = found.unwrap();
        assert!((found / right - 1.0).abs() < to, "{found} {right}");
    }

    #[test]
    fn exponential_pauses_have_the_closed_form_and_the_published_figures() {
        let pause: Distribution = Exponential::new(1.5).unwrap().into();
        let m = 1.0 / 1.5;
        for (length, interval) in [(15.0, 2.0), (5.0, 2.0), (60.0, 20.0), (10.0, 10.0)] {
            let right = libm::exp(-m * length) * libm::expm1(m * interval) / (m * interval);
            close(
                two_holders(&terms(length, interval, 0.0), &pause, 0.0),
                right,
                1e-10,
            );
        }
        close(
            two_holders(&terms(15.0, 2.0, 0.0), &pause, 0.0),
            9.512e-5,
            1e-3,
        );
        close(
            two_holders(&terms(5.0, 2.0, 0.0), &pause, 0.0),
            0.074_75,
            1e-3,
        );
        close(
            two_holders(&terms(6.0, 2.0, 2.0), &pause, 0.0),
            0.021_20,
            1e-3,
        );
        close(
            unsafe_write(&terms(6.0, 2.0, 0.0), 0.01, &pause, 0.05),
            1.93e-5,
            4e-2,
        );
    }

    #[test]
    fn frequent_pauses_find_younger_leases() {
        let (m, v, length, interval) = (1.0 / 1.5, 0.3, 6.0, 2.0);
        let pause: Distribution = Exponential::new(1.5).unwrap().into();
        let right = v / (m - v) * libm::exp(-m * length) * libm::expm1((m - v) * interval)
            / -libm::expm1(-v * interval);
        close(
            two_holders(&terms(length, interval, 0.0), &pause, v),
            right,
            1e-10,
        );
    }

    #[test]
    fn pareto_pauses_have_the_closed_form_and_the_published_figure() {
        let (minimum, index) = (0.1, 1.5);
        let pause: Distribution = Pareto::new(minimum, index).unwrap().into();
        let (length, interval) = (5.0, 2.0);
        let right = libm::pow(minimum, index)
            * (libm::pow(length - interval, 1.0 - index) - libm::pow(length, 1.0 - index))
            / (interval * (index - 1.0));
        close(
            two_holders(&terms(length, interval, 0.0), &pause, 0.0),
            right,
            1e-10,
        );
        close(
            two_holders(&terms(length, interval, 0.0), &pause, 0.0),
            0.004_115,
            1e-3,
        );
    }
}
