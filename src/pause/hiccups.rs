use std::collections::BTreeMap;

use super::timeline::Timeline;
use crate::hdr_layout::Layout;
use crate::time::{Nanos, seconds, span};
use crate::{Cancel, Error};

/// How late a thread wakes up that sleeps for `every`, and again, as jHiccup does: lateness by value, and
/// how often, on the buckets of an HdrHistogram of so many digits.
///
/// A thread that sleeps through a pause notices it once, however many of its naps the pause was long.
/// With `corrected` each lateness stands for the ones that were left out as well: of a lateness `v` there are also
/// `v - every`, `v - 2 every` and so on, as long as they are `every` or more, which is what HdrHistogram calls the
/// expected interval.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Hiccups {
    /// Lower ends of the buckets, in seconds.
    pub lower: Vec<f64>,
    /// Highest values that the histogram takes for equal, in seconds.
    pub upper: Vec<f64>,
    /// How many naps.
    pub count: Vec<f64>,
}

impl Hiccups {
    /// What the thread measures from time zero to `until`, in seconds, with the nap that ends just then.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for digits above 5 or spans that are none; [`Error::Cancelled`].
    pub fn new(
        timeline: &Timeline,
        every: f64,
        until: f64,
        digits: u32,
        corrected: bool,
        cancel: &Cancel,
    ) -> Result<Self, Error> {
        let (nap, until) = (span("every", every)?, span("duration", until)?);
        let layout = Layout::new(digits, 1)
            .map_err(|_| Error::argument("digits", digits, "a whole number up to 5"))?;
        let mut counts = Counts {
            layout,
            by_bucket: BTreeMap::new(),
        };
        let (mut woken, mut prompt) = (0, 0);
        for pause in timeline.pauses() {
            cancel.checkpoint()?;
            let naps = ((pause.start - woken) as u64)
                .div_ceil(nap.unsigned_abs())
                .max(1) as i64;
            let due = woken.saturating_add(naps.saturating_mul(nap));
            if due > until {
                break;
            }
            if due >= pause.end {
                // Shorter than a nap, and slept through.
                continue;
            }
            prompt += naps - 1;
            woken = pause.end;
            let late = woken - due;
            counts.record(late, 1);
            if corrected {
                counts.correct(late, nap, cancel)?;
            }
        }
        prompt += (until - woken).max(0) / nap;
        if prompt > 0 {
            counts.record(0, prompt.unsigned_abs());
        }
        let mut hiccups = Self::default();
        for (index, count) in counts.by_bucket {
            let (least, greatest) = layout.bucket(index);
            hiccups.lower.push(seconds(least as Nanos));
            hiccups.upper.push(seconds(greatest as Nanos));
            hiccups.count.push(count as f64);
        }
        Ok(hiccups)
    }
}

/// How often there was a value of each bucket.
struct Counts {
    layout: Layout,
    by_bucket: BTreeMap<u32, u64>,
}

impl Counts {
    fn record(&mut self, value: Nanos, times: u64) {
        let index = self.layout.index(value.unsigned_abs());
        *self.by_bucket.entry(index).or_default() += times;
    }

    /// Adds what a lateness stands for, bucket by bucket.
    fn correct(&mut self, late: Nanos, nap: Nanos, cancel: &Cancel) -> Result<(), Error> {
        let mut missing = late - nap;
        while missing >= nap {
            cancel.checkpoint()?;
            let (least, _) = self
                .layout
                .bucket(self.layout.index(missing.unsigned_abs()));
            let times = (missing - nap.max(least as Nanos)) / nap + 1;
            self.record(missing, times.unsigned_abs());
            missing -= times * nap;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_noticed_once_and_corrected_as_hdrhistogram_does() {
        // Naps of 10 ms: the one that ends at 50 ms is late by 25, and stands for one of 15.
        let timeline = Timeline::new(&[0.045], &[0.030]).unwrap();
        let found = |corrected| {
            let hiccups =
                Hiccups::new(&timeline, 0.010, 0.100, 5, corrected, &Cancel::default()).unwrap();
            let pairs = hiccups.upper.iter().zip(&hiccups.count);
            pairs
                .map(|(value, count)| ((value * 1e3).round(), *count))
                .collect::<Vec<_>>()
        };
        assert_eq!(found(false), [(0.0, 6.0), (25.0, 1.0)]);
        assert_eq!(found(true), [(0.0, 6.0), (15.0, 1.0), (25.0, 1.0)]);
    }

    #[test]
    fn a_pause_that_falls_between_two_wakings_is_slept_through() {
        let timeline = Timeline::new(&[0.001], &[0.002]).unwrap();
        let hiccups = Hiccups::new(&timeline, 0.010, 0.1, 3, true, &Cancel::default()).unwrap();
        assert_eq!((hiccups.upper, hiccups.count), (vec![0.0], vec![10.0]));
    }

    #[test]
    fn a_century_is_corrected_for_naps_of_a_nanosecond() {
        // After the first nap a century: of n ns there are also n - 1, n - 2 and so on down to one.
        let timeline = Timeline::new(&[0.0], &[3e9]).unwrap();
        let found = |cancel: &Cancel| Hiccups::new(&timeline, 1e-9, 3e9, 3, true, cancel);
        let hiccups = found(&Cancel::default()).unwrap();
        let count: f64 = hiccups.count.iter().sum();
        assert!((count / (3e18 - 1.0) - 1.0).abs() < 1e-12, "{count}");
        // A bucket of values that are all there holds as many as it is wide.
        let last = hiccups.count.len() - 2;
        let width = (hiccups.upper[last] - hiccups.lower[last]) * 1e9;
        assert!((hiccups.count[last] / width - 1.0).abs() < 1e-6);
        let cancel = Cancel::default();
        cancel.request();
        assert_eq!(found(&cancel).unwrap_err(), Error::Cancelled);
    }
}
