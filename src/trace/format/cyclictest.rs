//! What `cyclictest` of the rt-tests prints: histograms of wake-up latencies.

use std::collections::BTreeMap;

use crate::Error;
use crate::trace::histogram::{Histogram, Histograms};
use crate::trace::line_format::{LineFormat, Taken};
use crate::trace::read::Trace;
use crate::trace::report::{Fault, Report};
use crate::trace::scan::{Scan, has};
use crate::trace::table::Clock;

/// Microseconds in a second.
const MICROS: f64 = 1e6;

/// Histograms of `cyclictest -h` or `-H`, one for each thread of each run, and the single values of `-v`.
///
/// A row such as `000016 8595933` says how often each thread woke up that many whole microseconds late. They are
/// rounded down, so that `v` stands for v up to v + 1: the bucket is from `v` to `v + 1` microseconds, and a
/// latency of exactly v is in it although lower ends are not part of a bucket otherwise. What is beyond the last
/// row is one bucket that ends a microsecond above the longest. `least` and `greatest` are rounded down too.
/// The last column of `-H` repeats all others and is left out.
///
/// Without a histogram `cyclictest` says minimum, average and maximum only: that is refused. With `-N` the figures are
/// nanoseconds, which nothing in the histogram tells; it is read as microseconds.
#[derive(Debug, Default)]
pub struct Cyclictest {
    runs: Vec<Run>,
    inside: bool,
    summaries: u64,
    columns_for_all: u64,
}

/// Columns by number, and what stands below them.
#[derive(Debug, Default)]
struct Run {
    columns: BTreeMap<i64, BTreeMap<i64, f64>>,
    /// The row after the last.
    end: i64,
    least: Vec<i64>,
    greatest: Vec<i64>,
    overflows: Vec<i64>,
    totals: Vec<i64>,
    threads: usize,
}

/// How sure the beginning of a file makes it that this is of `cyclictest`.
pub fn sure(head: &[u8]) -> u8 {
    let latency = has(head, b"/dev/cpu_dma_latency set to");
    let summary = has(head, b"T: 0 (") && has(head, b" Act:") && has(head, b" Avg:");
    if has(head, b"# Histogram\n") || has(head, b"# Histogram\r\n") {
        return 90;
    }
    match (latency, summary) {
        (_, true) => 85,
        (true, false) => 60,
        _ => 0,
    }
}

impl LineFormat for Cyclictest {
    fn line(&mut self, line: &[u8]) -> Result<Taken, Fault> {
        let mut scan = Scan::new(line);
        match scan.blanks().peek() {
            Some(b'#') => Ok(self.comment(scan)),
            Some(b'0'..=b'9') => self.row(scan),
            _ => {
                if has(line, b"T:") && has(line, b"Avg:") {
                    self.summaries += 1;
                }
                Ok(Taken::PassedOver)
            }
        }
    }

    fn finish(self, report: &mut Report) -> Result<Trace, Error> {
        if report.records == 0 && self.summaries > 0 {
            return Err(Error::trace(
                "cyclictest",
                "has averages only: no tail to learn from; use a histogram, cyclictest -h 10000 -q",
            ));
        }
        let several = self.runs.len() > 1;
        let mut histograms = Histograms {
            clock: Clock::None,
            unit: "us",
            ..Histograms::default()
        };
        let (mut total, mut overflows) = (0_u64, 0_u64);
        for (index, run) in self.runs.into_iter().enumerate() {
            total = total.saturating_add(run.sum(&run.totals));
            overflows = overflows.saturating_add(run.sum(&run.overflows));
            let prefix = if several {
                format!("run {}, ", index + 1)
            } else {
                String::new()
            };
            run.into_histograms(&prefix, &mut histograms.histograms);
        }
        report.note("columns of all threads together", self.columns_for_all);
        report.note("in the histogram, as cyclictest says", total);
        report.note("beyond the histogram", overflows);
        Ok(Trace::Histograms(histograms))
    }
}

impl Cyclictest {
    fn comment(&mut self, mut scan: Scan<'_>) -> Taken {
        let text = scan.rest();
        if text == b"# Histogram" {
            if self.runs.last().is_none_or(|run| !run.columns.is_empty()) {
                self.runs.push(Run::default());
            }
            self.inside = true;
            return Taken::PassedOver;
        }
        let Some(run) = self.runs.last_mut().filter(|_| self.inside) else {
            return Taken::PassedOver;
        };
        if scan.tag(b"# Total: ") {
            run.totals = numbers(scan);
        } else if scan.tag(b"# Min Latencies: ") {
            run.least = numbers(scan);
        } else if scan.tag(b"# Max Latencies: ") {
            run.greatest = numbers(scan);
        } else if scan.tag(b"# Histogram Overflows: ") {
            run.overflows = numbers(scan);
        } else if scan.tag(b"# Thread ") {
            run.threads += 1;
            if run.threads + 1 == run.columns.len() && run.least.len() == run.threads {
                run.columns.pop_last();
                self.columns_for_all += 1;
            }
        }
        Taken::PassedOver
    }

    /// `000016 8595933` and a column for each further thread, or `  0:  12:  34` of `-v`.
    fn row(&mut self, mut scan: Scan<'_>) -> Result<Taken, Fault> {
        let first = scan
            .whole()
            .ok_or_else(|| scan.fault("no number of microseconds"))?;
        if scan.peek() == Some(b':') {
            return self.sample(first, scan);
        }
        let Some(run) = self.runs.last_mut().filter(|_| self.inside) else {
            return Err(scan.fault("a row outside of a histogram"));
        };
        let mut column = 0;
        while !scan.blanks().is_done() {
            let count = scan
                .whole()
                .ok_or_else(|| scan.fault("a count that is no number"))?;
            let counts = run.columns.entry(column).or_default();
            if count > 0 {
                *counts.entry(first).or_default() += count as f64;
            }
            column += 1;
        }
        if column == 0 {
            return Err(scan.fault("a row without counts"));
        }
        run.end = run.end.max(first.saturating_add(1));
        Ok(Taken::Record)
    }

    fn sample(&mut self, thread: i64, mut scan: Scan<'_>) -> Result<Taken, Fault> {
        scan.tag(b":");
        let cycle = scan.blanks().whole();
        let latency = scan.tag(b":").then(|| scan.blanks().whole()).flatten();
        let (Some(_), Some(latency)) = (cycle, latency) else {
            return Err(scan.fault("a cycle without its latency"));
        };
        if self.runs.is_empty() {
            self.runs.push(Run::default());
        }
        if let Some(run) = self.runs.last_mut() {
            let counts = run.columns.entry(thread).or_default();
            *counts.entry(latency).or_default() += 1.0;
            run.end = run.end.max(latency.saturating_add(1));
        }
        Ok(Taken::Record)
    }
}

impl Run {
    /// The sum of the figures of its threads.
    fn sum(&self, figures: &[i64]) -> u64 {
        figures
            .iter()
            .take(self.columns.len())
            .fold(0, |sum: u64, figure| {
                sum.saturating_add(figure.unsigned_abs())
            })
    }

    fn into_histograms(self, prefix: &str, histograms: &mut Vec<Histogram>) {
        for (place, (thread, counts)) in self.columns.into_iter().enumerate() {
            let known = |figures: &[i64]| figures.get(place).copied();
            let mut histogram = Histogram {
                name: format!("{prefix}thread {thread}").into_bytes(),
                sum: f64::NAN,
                least: known(&self.least)
                    .or(counts.keys().next().copied())
                    .map_or(f64::NAN, |least| least as f64 / MICROS),
                greatest: f64::NAN,
                ..Histogram::default()
            };
            let mut push = |lower: i64, upper: i64, count: f64| {
                histogram.lower.push(lower as f64 / MICROS);
                histogram.upper.push(upper as f64 / MICROS);
                histogram.count.push(count);
            };
            let longest = counts.keys().next_back().copied();
            for (latency, count) in counts {
                push(latency, latency.saturating_add(1), count);
            }
            let greatest = known(&self.greatest).or(longest);
            let beyond = known(&self.overflows).unwrap_or(0);
            if beyond > 0 {
                let upper = greatest.map_or(self.end, |greatest| greatest.saturating_add(1));
                push(
                    self.end,
                    upper.max(self.end.saturating_add(1)),
                    beyond as f64,
                );
            }
            histogram.greatest = greatest.map_or(f64::NAN, |greatest| greatest as f64 / MICROS);
            histograms.push(histogram);
        }
    }
}

fn numbers(mut scan: Scan<'_>) -> Vec<i64> {
    let mut found = Vec::new();
    while let Some(number) = scan.blanks().whole() {
        found.push(number);
    }
    found
}
