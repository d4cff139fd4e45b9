use rayon::slice::ParallelSliceMut;

use crate::distribution::normal_tail::inverse_log_upper;
use crate::{Error, domain, memory};

/// How the band around a survival curve is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Band {
    /// S^exp(+-z sqrt(G)/ln S): symmetric in ln(-ln S), stays within [0, 1].
    LogLog,
    /// S +- z S sqrt(G), cut at 0 and 1.
    Plain,
}

/// The survival function of durations some of which were cut off.
///
/// S(t) = product over event times t_i <= t of (1 - d_i/n_i), with d_i events among n_i durations that
/// had lasted until t_i; one that was cut off at t_i counts as lasting until then. Greenwood's
/// Var S = S^2 G with G = sum d_i/(n_i (n_i - d_i)).
///
/// Past the longest duration nothing is known unless that one is an event.
///
/// Kaplan & Meier, JASA 53(282), 1958; Kalbfleisch & Prentice, "The Statistical Analysis of Failure Time
/// Data", 2nd ed., section 1.4, for the log-log band.
#[derive(Debug, Clone, PartialEq)]
pub struct KaplanMeier {
    times: Vec<f64>,
    at_risk: Vec<u64>,
    events: Vec<u64>,
    survival: Vec<f64>,
    greenwood: Vec<f64>,
    /// Bits of the durations, ascending; the last one is set for what was cut off.
    keys: Vec<u64>,
    n: u64,
    /// How many were followed until the first event, or to the end where there is none.
    followed: u64,
    longest: f64,
}

/// A value of the survival function with its band.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Survival {
    /// Estimate.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

const UNKNOWN: Survival = Survival {
    value: f64::NAN,
    low: f64::NAN,
    high: f64::NAN,
};

impl KaplanMeier {
    /// Builds the curve; where `observed` is false all that is known is that it took longer than the
    /// duration, in seconds.
    pub fn new(durations: &[f64], observed: &[bool]) -> Result<Self, Error> {
        if durations.is_empty() {
            return Err(Error::argument("durations", "[]", "one duration or more"));
        }
        if durations.len() != observed.len() {
            return Err(Error::argument(
                "observed",
                format!("{} values", observed.len()),
                format!("{}, one for each duration", durations.len()),
            ));
        }
        if let Some(index) = durations.iter().position(|x| !(x.is_finite() && *x >= 0.0)) {
            return Err(Error::argument(
                format!("durations[{index}]"),
                durations[index],
                "a finite number of zero or more",
            ));
        }
        memory::admit("durations", durations.len(), durations.len() as u64 * 64)?;
        // Durations of zero or more order as their bits; the last bit that is free tells events, which
        // come first, from the cut off.
        let mut keys: Vec<u64> = durations
            .iter()
            .zip(observed)
            .map(|(x, observed)| (x + 0.0).to_bits() << 1 | u64::from(!observed))
            .collect();
        keys.par_sort_unstable();
        Ok(Self::of_sorted(keys))
    }

    fn of_sorted(keys: Vec<u64>) -> Self {
        let n = keys.len() as u64;
        let longest = keys.last().map_or(0.0, |key| f64::from_bits(key >> 1));
        let mut curve = Self {
            times: Vec::new(),
            at_risk: Vec::new(),
            events: Vec::new(),
            survival: Vec::new(),
            greenwood: Vec::new(),
            keys: Vec::new(),
            n,
            followed: 0,
            longest,
        };
        let (mut survival, mut greenwood) = (1.0, 0.0);
        let mut passed = 0;
        for tied in keys.chunk_by(|a, b| a >> 1 == b >> 1) {
            let events = tied.iter().take_while(|key| *key & 1 == 0).count() as u64;
            if events > 0 {
                let at_risk = n - passed;
                let (d, risk) = (events as f64, at_risk as f64);
                survival *= (risk - d) / risk;
                greenwood += d / (risk * (risk - d));
                curve.times.push(f64::from_bits(tied[0] >> 1));
                curve.at_risk.push(at_risk);
                curve.events.push(events);
                curve.survival.push(survival);
                curve.greenwood.push(greenwood);
            }
            if events > 0 && curve.times.len() == 1 || curve.times.is_empty() {
                curve.followed = n - passed;
            }
            passed += tied.len() as u64;
        }
        curve.keys = keys;
        curve
    }

    /// The distinct times of events, in seconds, ascending.
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// How many had lasted until each of the [`times`](Self::times).
    pub fn at_risk(&self) -> &[u64] {
        &self.at_risk
    }

    /// How many events there were at each of the [`times`](Self::times).
    pub fn events(&self) -> &[u64] {
        &self.events
    }

    /// Greenwood's sum G at each of the [`times`](Self::times); infinite where none is left.
    pub fn greenwood(&self) -> &[f64] {
        &self.greenwood
    }

    /// The durations in order, in seconds, and which of them were observed.
    pub fn sample(&self) -> (Vec<f64>, Vec<bool>) {
        self.keys
            .iter()
            .map(|key| (f64::from_bits(key >> 1), key & 1 == 0))
            .unzip()
    }

    /// How many durations there are.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// The longest duration, observed or cut off, in seconds.
    pub fn longest(&self) -> f64 {
        self.longest
    }

    /// Survival at the longest duration: the probability that nothing is known of.
    pub fn left(&self) -> f64 {
        self.survival.last().copied().unwrap_or(1.0)
    }

    /// The curve with a band around it.
    pub fn banded(&self, band: Band, confidence_level: f64) -> Result<Banded<'_>, Error> {
        let level = domain::open_probability("confidence_level", confidence_level)?;
        let log_tail = libm::log((1.0 - level) / 2.0);
        Ok(Banded {
            curve: self,
            band,
            log_tail,
            z: inverse_log_upper(log_tail),
        })
    }
}

/// A survival curve with a band of one confidence level, point by point.
#[derive(Debug, Clone, Copy)]
pub struct Banded<'c> {
    curve: &'c KaplanMeier,
    band: Band,
    log_tail: f64,
    z: f64,
}

impl Banded<'_> {
    /// Pr(X > t) with its band; NaN where it is not identifiable.
    ///
    /// Before the first event the estimate is 1 and its lower end what no event among as many as were
    /// followed until then shows, (alpha/2)^(1/n); where none is left the upper end is that of the step
    /// before.
    pub fn at(&self, t: f64) -> Survival {
        let curve = self.curve;
        if t.is_nan() || (t > curve.longest && curve.left() > 0.0) {
            return UNKNOWN;
        }
        self.after(curve.times.partition_point(|time| *time <= t))
    }

    /// The curve after so many of the times.
    fn after(&self, steps: usize) -> Survival {
        let curve = self.curve;
        let Some(last) = steps.checked_sub(1) else {
            return Survival {
                value: 1.0,
                low: libm::exp(self.log_tail / curve.followed as f64),
                high: 1.0,
            };
        };
        let value = curve.survival[last];
        if value <= 0.0 {
            let high = self.after(last).high;
            let low = 0.0;
            return Survival { value, low, high };
        }
        let spread = self.z * libm::sqrt(curve.greenwood[last]);
        let (low, high) = match self.band {
            Band::LogLog => {
                let log = libm::log(value);
                let power = |sign: f64| libm::exp(log * libm::exp(sign * spread / -log));
                (power(1.0), power(-1.0))
            }
            Band::Plain => (
                (value * (1.0 - spread)).max(0.0),
                (value * (1.0 + spread)).min(1.0),
            ),
        };
        Survival { value, low, high }
    }

    /// The shortest `t` with Pr(X <= t) >= `p`, with an interval from where the band crosses 1 - `p`; NaN
    /// where the curve does not come that far down, an infinite upper end where the band does not.
    ///
    /// Brookmeyer & Crowley, Biometrics 38(1), 1982.
    pub fn quantile(&self, p: f64) -> Result<Survival, Error> {
        // A survival that is 1 - p but for rounding is 1 - p.
        let left = (1.0 - domain::open_probability("p", p)?) * (1.0 + 1e-12);
        let times = &self.curve.times;
        // The ends of the band need not fall all the way, so that they are looked through in order.
        let first = |down: &dyn Fn(usize) -> bool| {
            (0..times.len())
                .find(|index| down(*index))
                .map(|index| times[index])
        };
        Ok(Survival {
            value: first(&|index| self.curve.survival[index] <= left).unwrap_or(f64::NAN),
            low: if self.after(0).low <= left {
                // So few durations cannot even tell that the first one is not late.
                0.0
            } else {
                first(&|index| self.after(index + 1).low <= left).unwrap_or(self.curve.longest)
            },
            high: first(&|index| self.after(index + 1).high <= left).unwrap_or(f64::INFINITY),
        })
    }
}
