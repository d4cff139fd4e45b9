use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};

/// A number that the interface writes as text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figure(pub f64);

impl<'de> Deserialize<'de> for Figure {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Figure;
            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("a number as text")
            }
            fn visit_str<E>(self, text: &str) -> Result<Figure, E> {
                Ok(Figure(text.parse().unwrap_or(f64::NAN)))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Figure, E> {
                Ok(Figure(value))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Figure, E> {
                Ok(Figure(value as f64))
            }
        }
        source.deserialize_any(Text)
    }
}

/// What can be followed from sample to sample of a series.
pub trait Follow: Default {
    /// What each sample is, beside its time.
    type Sample;

    /// Takes the next one.
    fn follow(&mut self, at: f64, sample: Self::Sample);
}

/// Samples of a series, of which only what they add up to is kept.
#[derive(Debug, Default)]
pub struct Followed<F>(pub F);

impl<'de, F: Follow<Sample: Deserialize<'de>>> Deserialize<'de> for Followed<F> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct Samples<F>(F);
        impl<'de, F: Follow<Sample: Deserialize<'de>>> Visitor<'de> for Samples<F> {
            type Value = Followed<F>;
            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("a list of samples")
            }
            fn visit_seq<A: SeqAccess<'de>>(
                mut self,
                mut list: A,
            ) -> Result<Followed<F>, A::Error> {
                while let Some((at, sample)) = list.next_element::<(f64, F::Sample)>()? {
                    self.0.follow(at, sample);
                }
                Ok(Followed(self.0))
            }
        }
        source.deserialize_seq(Samples(F::default()))
    }
}

/// When a series was looked at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Span {
    /// How many samples.
    pub samples: u64,
    /// Time of the first, in seconds.
    pub first: f64,
    /// Time of the last.
    pub last: f64,
    /// How often the process that counts began anew between them.
    pub resets: u64,
}

impl Span {
    fn see(&mut self, at: f64) {
        if self.samples == 0 {
            self.first = at;
        }
        self.last = at;
        self.samples += 1;
    }
}

/// A counter: its last value, and how much it grew from the first sample to the last.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counter {
    /// When.
    pub span: Span,
    /// The last value.
    pub value: f64,
    /// The growth.
    pub growth: f64,
}

impl Follow for Counter {
    type Sample = Figure;

    fn follow(&mut self, at: f64, sample: Figure) {
        if !sample.0.is_finite() {
            return;
        }
        if self.span.samples > 0 {
            if sample.0 < self.value {
                self.span.resets += 1;
                self.growth += sample.0;
            } else {
                self.growth += sample.0 - self.value;
            }
        }
        self.span.see(at);
        self.value = sample.0;
    }
}

/// A native histogram at one time; each bucket is `rule, lower, upper, count`.
#[derive(Debug, Default, Deserialize)]
pub struct Native {
    /// How many values.
    pub count: Figure,
    /// Their sum.
    pub sum: Figure,
    /// Buckets that are not empty.
    #[serde(default)]
    pub buckets: Vec<(u8, Figure, Figure, Figure)>,
}

/// A bucket: lower end, upper end, count.
pub type Bucket = (f64, f64, f64);

impl Native {
    /// Its buckets that can be, ascending.
    pub fn buckets(&self) -> Vec<Bucket> {
        let all = self.buckets.iter();
        let found = all
            .map(|bucket| (bucket.1.0, bucket.2.0, bucket.3.0))
            .filter(|(lower, upper, count)| lower < upper && *count > 0.0 && count.is_finite());
        disjoint(found.collect())
    }
}

/// Buckets in order, those that overlap as one: an older histogram may have had finer ones.
pub fn disjoint(mut buckets: Vec<Bucket>) -> Vec<Bucket> {
    buckets.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut found: Vec<Bucket> = Vec::with_capacity(buckets.len());
    for (lower, upper, count) in buckets {
        match found.last_mut() {
            Some(last) if lower < last.1 => {
                last.1 = last.1.max(upper);
                last.2 += count;
            }
            _ => found.push((lower, upper, count)),
        }
    }
    found
}

/// A native histogram: its last state, and what was added from the first sample to the last.
#[derive(Debug, Default)]
pub struct Natives {
    /// When.
    pub span: Span,
    /// The last state.
    pub latest: Native,
    /// What was added, bucket by bucket.
    pub growth: Vec<Bucket>,
    /// What was added to the sum.
    pub sum: f64,
    /// Values that were in a bucket once and cannot be found in the next sample.
    pub lost: f64,
    known: Vec<Bucket>,
}

impl Follow for Natives {
    type Sample = Native;

    fn follow(&mut self, at: f64, sample: Native) {
        let buckets = sample.buckets();
        if self.span.samples > 0 {
            let mut added = buckets.clone();
            if sample.count.0 < self.latest.count.0 {
                self.span.resets += 1;
                self.sum += sample.sum.0;
            } else {
                self.sum += sample.sum.0 - self.latest.sum.0;
                for (lower, upper, count) in &self.known {
                    let place = added.partition_point(|bucket| bucket.1 < *upper);
                    match added.get_mut(place) {
                        Some(bucket) if bucket.0 <= *lower => bucket.2 -= count,
                        _ => self.lost += count,
                    }
                }
            }
            for bucket in added {
                self.lost += (-bucket.2).max(0.0);
                if bucket.2 > 0.0 {
                    self.growth.push(bucket);
                }
            }
            // No histogram has more than some hundreds of buckets.
            if self.growth.len() > 1 << 12 {
                self.growth = disjoint(std::mem::take(&mut self.growth));
            }
        }
        self.span.see(at);
        self.known = buckets;
        self.latest = sample;
    }
}
