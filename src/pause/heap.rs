use rand_distr::{Distribution as _, StandardNormal};

use super::collection::{Collection, Stop};
use crate::random::Stream;

/// A heap in the course of time.
#[derive(Debug, Clone)]
pub(super) struct Heap<'c> {
    model: &'c Collection,
    /// Bytes in the old generation.
    old: f64,
    /// Seconds of running until the next minor collection.
    until_minor: f64,
    /// What the concurrent cycle that is under way ends with, and after how many seconds of running.
    cycle: Option<Step>,
}

/// A stop: seconds of running before it, its length, and what it is due to.
pub(super) type Step = (f64, f64, Stop);

impl<'c> Heap<'c> {
    pub(super) fn new(model: &'c Collection) -> Self {
        Self {
            model,
            old: model.live,
            until_minor: 0.0,
            cycle: None,
        }
    }

    /// The next stop.
    pub(super) fn next(&mut self, draws: &mut Stream) -> Step {
        let model = self.model;
        if self.cycle.is_none() && self.old >= model.limit {
            return self.collect(draws);
        }
        let Some(young) = model.young else {
            if let Some(end) = self.cycle.take() {
                return self.end(end, draws);
            }
            let run = (model.limit - self.old) / self.rate(draws);
            self.old = model.limit;
            let (more, length, stop) = self.collect(draws);
            return (run + more, length, stop);
        };
        if self.until_minor <= 0.0 {
            self.until_minor = young.eden / self.rate(draws);
        }
        if let Some((left, ..)) = self.cycle
            && left <= self.until_minor
            && let Some(end) = self.cycle.take()
        {
            self.until_minor -= left;
            return self.end(end, draws);
        }
        let run = std::mem::take(&mut self.until_minor);
        if let Some((left, ..)) = &mut self.cycle {
            *left -= run;
        } else {
            self.old += young.survival * young.eden;
        }
        (run, self.drawn(model.minor(young), draws), Stop::Minor)
    }

    /// The first stop of a collection of the old generation that begins now.
    fn collect(&mut self, draws: &mut Stream) -> Step {
        let model = self.model;
        let (length, stop) = model.first_stop();
        if stop == Stop::Major {
            self.old = model.live;
        } else {
            self.cycle = model.last_stop(self.rate(draws) * model.survival());
        }
        (0.0, self.drawn(length, draws), stop)
    }

    /// The last stop of a concurrent collection.
    fn end(&mut self, (left, length, stop): Step, draws: &mut Stream) -> Step {
        self.old = self.model.live;
        (left, self.drawn(length, draws), stop)
    }

    /// The allocation rate of an interval.
    fn rate(&self, draws: &mut Stream) -> f64 {
        let sigma = self.model.variation;
        self.model.allocation_rate * factor(-sigma * sigma / 2.0, sigma, draws)
    }

    fn drawn(&self, length: f64, draws: &mut Stream) -> f64 {
        length * factor(0.0, self.model.spread, draws)
    }
}

/// A lognormal factor whose logarithm has mean `mu`; 1 without a draw where it does not vary.
fn factor(mu: f64, sigma: f64, draws: &mut Stream) -> f64 {
    if sigma == 0.0 {
        return 1.0;
    }
    let z: f64 = StandardNormal.sample(draws);
    libm::exp(mu + sigma * z)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pause::{Old, Young};
    use crate::random::{Purpose, Seed};

    const GIB: f64 = 1e9;

    fn stops(model: Collection, count: usize) -> Vec<Step> {
        let model = model.checked().unwrap();
        let mut draws = Seed::from(3).stream(Purpose::Sample, 0);
        let mut heap = Heap::new(&model);
        (0..count).map(|_| heap.next(&mut draws)).collect()
    }

    fn generational(old: Old) -> Collection {
        Collection {
            allocation_rate: 0.5 * GIB,
            young: Some(Young {
                eden: GIB,
                survival: 0.02,
                base: 0.01,
                per_byte: 1e-9,
            }),
            live: GIB,
            limit: 4.0 * GIB,
            old,
            variation: 0.0,
            spread: 0.0,
        }
    }

    #[test]
    fn a_minor_collection_every_two_seconds_and_a_major_one_every_five_minutes() {
        let model = generational(Old::Stopped { per_byte: 2.5e-10 });
        assert_eq!(model.minors_per_major(), 150.0);
        assert_eq!(model.mean_cycle(), 300.0);
        let found = stops(model, 302);
        let majors: Vec<usize> = (0..302)
            .filter(|place| found[*place].2 == Stop::Major)
            .collect();
        assert_eq!(majors, [150, 301]);
        for (run, length, stop) in found {
            match stop {
                Stop::Minor => assert!((run - 2.0).abs() < 1e-9 && (length - 0.03).abs() < 1e-9),
                _ => assert!(run == 0.0 && (length - 1.0).abs() < 1e-9),
            }
        }
    }

    #[test]
    fn memory_stalls_when_a_cycle_takes_longer_than_its_headroom_lasts() {
        let heap = |takes, full| Collection {
            young: None,
            ..generational(Old::Concurrent {
                takes,
                stop: 0.001,
                headroom: GIB,
                full,
            })
        };
        // At half a gigabyte a second the headroom lasts for 2 s, and 3 GB fill in 6.
        assert_eq!(
            stops(heap(1.5, None), 3)[0..2],
            [(6.0, 0.001, Stop::Phase), (1.5, 0.001, Stop::Phase)]
        );
        assert_eq!(stops(heap(2.5, None), 2)[1], (2.0, 0.5, Stop::Stall));
        assert_eq!(stops(heap(2.5, Some(1e-9)), 2)[1], (2.0, 5.0, Stop::Full));
    }

    #[test]
    fn a_varying_rate_stalls_as_often_as_it_is_too_high() {
        // Pr(rate > headroom / takes) = Pr(Z > (ln 2 + sigma^2 / 2) / sigma) for twice the mean.
        let sigma = 0.5;
        let model = Collection {
            young: None,
            variation: sigma,
            ..generational(Old::Concurrent {
                takes: 1.0,
                stop: 0.001,
                headroom: GIB,
                full: None,
            })
        };
        let found = stops(model, 200_000);
        let stalls = found.iter().filter(|step| step.2 == Stop::Stall).count() as f64;
        let z = (std::f64::consts::LN_2 + sigma * sigma / 2.0) / sigma;
        let p = 0.5 * libm::erfc(z / std::f64::consts::SQRT_2);
        let error = (p * (1.0 - p) / 100_000.0).sqrt();
        assert!((stalls / 100_000.0 - p).abs() < 4.0 * error, "{stalls} {p}");
        let run: f64 = found.iter().map(|step| step.0).sum();
        let mean = model.mean_cycle() + 1.0;
        assert!((run / 100_000.0 / mean - 1.0).abs() < 0.01, "{run} {mean}");
    }
}
