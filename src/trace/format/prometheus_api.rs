//! Saved answers of the HTTP interface of Prometheus, `/api/v1/query` and `/api/v1/query_range`, with classic
//! histograms (`_bucket` series with `le` labels) or native ones.
//!
//! ```text
//! {"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"rtt_seconds_bucket","le":"0.1"},"value":[1795429988,"5800"]}]}}
//! ```
//!
//! Series that differ in `le` alone are a histogram; its name is the metric with the other labels. Of a
//! moment it has all that was counted so far; of a range what was added from the first sample to the last, where a counter that
//! falls has begun anew at zero. A range then is an interval. Ends of buckets are taken as open below and closed above,
//! also of those native ones that are not: a single point has no weight. Values at or below zero, and the zero bucket of a native
//! histogram, are in the first bucket above zero. `sum` is that of the `_sum` series if the answer has it.
//!
//! The unit is the ending of the metric, such as `_seconds`; without one it is the given one, or seconds with
//! a note. Histograms of `_bytes` are no durations and left out. Ranges without a metric are results of
//! expressions, of which nobody can tell whether they count or are rates, and are left out; of a moment they
//! are taken as they stand, and noted where counts are no whole numbers. Quantiles are refused: averages of a tail.
//!
//! Everything counts series, not lines. From the pages "HTTP API" and "Native Histograms" of the Prometheus documentation.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::prometheus_group::Group;
use super::prometheus_labels::Labels;
use super::prometheus_series::{Counter, Figure, Follow, Followed, Native, Natives, disjoint};
use crate::trace::histogram::Histograms;
use crate::trace::input::Input;
use crate::trace::json::{Document, Documents, Elements, Stop, read_documents};
use crate::trace::read::{Options, Trace};
use crate::trace::report::{Fault, Report};
use crate::trace::scan::has;
use crate::trace::table::Clock;
use crate::trace::unit::Unit;
use crate::trace::words::harmless;
use crate::{Cancel, Error};

/// How sure the beginning of a file makes it that it is such an answer.
pub fn sure(head: &[u8]) -> u8 {
    let object = head.trim_ascii_start().starts_with(b"{");
    if object
        && has(head, b"\"status\"")
        && (has(head, b"\"resultType\"") || has(head, b"\"errorType\""))
    {
        95
    } else {
        0
    }
}

/// Reads an answer.
///
/// # Errors
///
/// [`Error::Trace`] if it is none, is itself an error, or has no histogram; [`Error::System`]; [`Error::Cancelled`].
pub fn read(
    input: Input<'_>,
    options: &Options,
    cancel: &Cancel,
) -> Result<(Trace, Report), Error> {
    let name = input.name().to_owned();
    let mut answer = Answer {
        name: &name,
        answered: false,
        error: None,
        groups: Groups::default(),
    };
    // Series that are missing make another histogram, so that a part of an answer is none.
    read_documents(&mut answer, input, true, cancel)?;
    if let Some(error) = answer.error {
        let shown = harmless(error.as_bytes(), 200);
        return Err(Error::trace(
            &name,
            &format!("is an error of Prometheus: {shown}"),
        ));
    }
    answer.groups.finish(&name, options)
}

/// `{"status": "success", "data": {...}}`, or `{"status": "error", "error": "..."}`
struct Answer<'a> {
    name: &'a str,
    answered: bool,
    error: Option<String>,
    groups: Groups,
}

impl Document for Answer<'_> {
    fn field(&mut self, key: &str, documents: &mut Documents<'_>) -> Result<(), Stop> {
        match key {
            "error" => self.error = documents.value()?,
            "data" if self.answered => {
                return Err(Error::trace(self.name, "has more than one answer").into());
            }
            "data" => {
                self.answered = true;
                documents.objects(&mut self.groups)?;
            }
            _ => documents.skip()?,
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Series<'a> {
    #[serde(default, borrow)]
    metric: Labels<'a>,
    value: Option<(f64, Figure)>,
    values: Option<Followed<Counter>>,
    histogram: Option<(f64, Native)>,
    histograms: Option<Followed<Natives>>,
}

/// All groups, in order of their names.
#[derive(Default)]
struct Groups {
    groups: BTreeMap<String, Group>,
    title: String,
    report: Report,
    quantiles: u64,
    expressions: u64,
}

/// `{"resultType": "matrix", "result": [...]}`
impl Document for Groups {
    fn field(&mut self, key: &str, documents: &mut Documents<'_>) -> Result<(), Stop> {
        match key {
            "result" => documents.elements(self),
            _ => documents.skip(),
        }
    }
}

impl Elements for Groups {
    type Element<'de> = Series<'de>;

    fn take(&mut self, series: Series<'_>) -> Result<(), Fault> {
        self.series(series);
        Ok(())
    }
}

impl Groups {
    fn series(&mut self, series: Series<'_>) {
        self.report.lines += 1;
        let text = |label: &str| series.metric.get(label).unwrap_or_default();
        let metric = text("__name__");
        if series.metric.get("quantile").is_some() {
            self.quantiles += 1;
            self.report.passed_over += 1;
            return;
        }
        let range = series.values.is_some() || series.histograms.is_some();
        let native = series.histogram.is_some() || series.histograms.is_some();
        let (base, bound) = match metric.strip_suffix("_sum") {
            Some(base) if !native => (base, None),
            _ if native => (metric, None),
            _ if series.metric.get("le").is_some() => {
                let base = metric.strip_suffix("_bucket").unwrap_or(metric);
                (base, Some(text("le").parse().unwrap_or(f64::NAN)))
            }
            _ => {
                self.report.passed_over += 1;
                return;
            }
        };
        if metric.is_empty() && range {
            self.expressions += 1;
            self.report.passed_over += 1;
            return;
        }
        if bound.is_some_and(f64::is_nan) {
            let fault = Fault::new("a bound that is no number", 0);
            self.report
                .fault(fault, self.report.lines, text("le").as_bytes());
            return;
        }
        if base.ends_with("_bytes") {
            self.report.note("series of bytes, not of time", 1);
            self.report.passed_over += 1;
            return;
        }
        self.title.clear();
        series.metric.title(base, &mut self.title);
        if !self.groups.contains_key(&self.title) {
            self.groups.insert(self.title.clone(), Group::of(base));
        }
        let Some(group) = self.groups.get_mut(&self.title) else {
            return;
        };
        group.range |= range;
        let report = &mut self.report;
        if native {
            let seen = match (series.histogram, series.histograms) {
                (Some((at, sample)), _) => {
                    let mut seen = Natives::default();
                    seen.follow(at, sample);
                    seen
                }
                (_, Some(seen)) => seen.0,
                _ => Natives::default(),
            };
            report.records += 1;
            report.note("counters that began anew", seen.span.resets);
            report.note(
                "values that were counted no longer",
                seen.lost.ceil() as u64,
            );
            group.see(seen.span);
            if range {
                group.sum = Some(seen.sum);
                group.native = disjoint(seen.growth);
            } else {
                group.sum = Some(seen.latest.sum.0);
                group.native = seen.latest.buckets();
            }
            return;
        }
        let seen = series.values.map(|seen| seen.0).unwrap_or_else(|| {
            let mut seen = Counter::default();
            if let Some((at, value)) = series.value {
                seen.follow(at, value);
            }
            seen
        });
        let value = if range { seen.growth } else { seen.value };
        match bound {
            Some(bound) if seen.span.samples > 0 => {
                report.records += 1;
                report.note("counters that began anew", seen.span.resets);
                group.see(seen.span);
                group.below.push((bound, value));
            }
            Some(_) => {
                report.fault(
                    Fault::new("a series without a value", 0),
                    report.lines,
                    base.as_bytes(),
                );
            }
            None => {
                report.passed_over += 1;
                group.sum = Some(value);
            }
        }
    }

    fn finish(mut self, name: &str, options: &Options) -> Result<(Trace, Report), Error> {
        let report = &mut self.report;
        if report.records == 0 && self.quantiles > 0 {
            return Err(Error::trace(
                name,
                "has quantiles only, which a summary made before anyone could ask for a tail; query the _bucket series \
                 of a histogram",
            ));
        }
        if report.records == 0 && self.expressions > 0 {
            return Err(Error::trace(
                name,
                "has results of an expression over a range, of which nobody can tell whether they are counts or rates; \
                 query the _bucket series themselves",
            ));
        }
        report.note("series of quantiles", self.quantiles);
        report.note("series of expressions over a range", self.expressions);
        let mut trace = Histograms {
            unit: Unit::Seconds.name(),
            ..Histograms::default()
        };
        for (title, group) in self.groups {
            if group.below.is_empty() && group.native.is_empty() {
                continue;
            }
            let unit = of_metric(&group.metric)
                .or(options.unit)
                .unwrap_or_else(|| {
                    report.note("histograms without a unit, seconds assumed", 1);
                    Unit::Seconds
                });
            trace.unit = unit.name();
            let (range, span) = (group.range, group.span);
            let histogram = group.histogram(title.into_bytes(), unit, report);
            if range {
                trace.clock = Clock::Unix;
                report.note(
                    "ranges with a single moment",
                    u64::from(span.first >= span.last),
                );
                let nanos = |at: f64| ((at * 1e3).round() as i64).saturating_mul(1_000_000);
                let length = nanos(span.last).saturating_sub(nanos(span.first)).max(0);
                let greatest = histogram.upper.last().copied().unwrap_or(f64::NAN);
                let count = histogram.count.iter().sum();
                trace.interval(
                    &histogram.name,
                    Some(nanos(span.first)),
                    length,
                    count,
                    greatest,
                );
            }
            trace.histograms.push(histogram);
        }
        Ok((Trace::Histograms(trace), self.report))
    }
}

/// The unit that the name of a metric ends with.
fn of_metric(metric: &str) -> Option<Unit> {
    [
        ("_nanoseconds", Unit::Nanoseconds),
        ("_ns", Unit::Nanoseconds),
        ("_microseconds", Unit::Microseconds),
        ("_us", Unit::Microseconds),
        ("_milliseconds", Unit::Milliseconds),
        ("_ms", Unit::Milliseconds),
        ("_seconds", Unit::Seconds),
    ]
    .into_iter()
    .find(|(ending, _)| metric.ends_with(ending))
    .map(|(_, unit)| unit)
}
