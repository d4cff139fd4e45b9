use super::prometheus_series::{Bucket, Span};
use crate::trace::histogram::Histogram;
use crate::trace::report::Report;
use crate::trace::unit::Unit;

/// Series that belong together.
#[derive(Default)]
pub struct Group {
    /// The metric without its ending.
    pub metric: String,
    /// When it was looked at.
    pub span: Span,
    /// Whether over a range.
    pub range: bool,
    /// Values up to each `le`.
    pub below: Vec<(f64, f64)>,
    /// Buckets of a native histogram.
    pub native: Vec<Bucket>,
    /// Sum of the values, in the unit of the metric.
    pub sum: Option<f64>,
}

impl Group {
    /// Series of a metric, none yet.
    pub fn of(metric: &str) -> Self {
        Self {
            metric: metric.to_owned(),
            ..Self::default()
        }
    }

    /// Adds to when it was looked at.
    pub fn see(&mut self, span: Span) {
        if self.span.samples == 0 || span.first < self.span.first {
            self.span.first = span.first;
        }
        self.span.last = self.span.last.max(span.last);
        self.span.samples += span.samples;
    }

    /// The buckets of classic series, from what they count up to each bound.
    fn classic(&mut self, report: &mut Report) -> Vec<Bucket> {
        self.below.sort_by(|one, other| one.0.total_cmp(&other.0));
        let (mut lower, mut before) = (f64::NEG_INFINITY, 0.0);
        let mut found = Vec::with_capacity(self.below.len());
        for (upper, below) in &self.below {
            if *upper <= lower {
                report.note("bounds that are there twice", 1);
                continue;
            }
            if *below < before {
                report.note("bounds that count less than a lower one", 1);
            }
            let below = below.max(before);
            found.push((lower, *upper, below - before));
            (lower, before) = (*upper, below);
        }
        if lower < f64::INFINITY {
            report.note("histograms without their last bucket", 1);
        }
        found
    }

    /// Its buckets that are not empty, in seconds.
    pub fn histogram(mut self, name: Vec<u8>, unit: Unit, report: &mut Report) -> Histogram {
        let buckets = if self.native.is_empty() {
            self.classic(report)
        } else {
            std::mem::take(&mut self.native)
        };
        let mut found = Histogram {
            name,
            sum: self.sum.map_or(f64::NAN, |sum| sum / unit.per_second()),
            least: f64::NAN,
            greatest: f64::NAN,
            ..Histogram::default()
        };
        let mut zeros = 0.0;
        let mut whole = true;
        for (lower, upper, count) in buckets {
            whole &= count.fract() == 0.0;
            if upper <= 0.0 {
                zeros += count;
                continue;
            }
            if count + zeros <= 0.0 {
                continue;
            }
            found.lower.push(lower.max(0.0) / unit.per_second());
            found.upper.push(upper / unit.per_second());
            found.count.push(count + zeros);
            if zeros > 0.0 {
                report.note("values at or below zero", zeros.ceil() as u64);
                zeros = 0.0;
            }
        }
        report.note("values at or below zero, left out", zeros.ceil() as u64);
        if !whole {
            report.note(
                "histograms of rates or estimates, whose counts are no whole numbers",
                1,
            );
        }
        found
    }
}
