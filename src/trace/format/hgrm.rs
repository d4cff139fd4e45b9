//! Percentile distributions as HdrHistogram prints them (`outputPercentileDistribution`, `.hgrm` files), in columns
//! or as CSV, also in the middle of other text, as wrk2 prints them.
//!
//! ```text
//!        Value     Percentile TotalCount 1/(1-Percentile)
//!
//!        0.05  0.100000000000       1258           1.11
//! #[Max     =        35.91, Total count    =        12467]
//! ```
//!
//! `TotalCount` counts the values up to `Value`, so that each row is a bucket from the row before, with
//! what was added. Values that were rounded to the same figure, or to zero, share a bucket. What the footer counts
//! beyond the last row is in a bucket without an upper end. Each table of a file is a histogram; if there are several, they are numbered.
//!
//! Values are in whatever the writer divided by; milliseconds, as jHiccup and wrk2 have them, are assumed
//! with a note unless a unit is given. `sum` is the written mean times the count.
//!
//! Left out: the standard deviation, and the longest value of the footer, which old versions give as the lower end
//! of its bucket.

use crate::Error;
use crate::trace::histogram::{Histogram, Histograms};
use crate::trace::line_format::{LineFormat, Taken};
use crate::trace::read::{Options, Trace};
use crate::trace::report::{Fault, Report};
use crate::trace::scan::{Scan, has};
use crate::trace::table::Clock;
use crate::trace::unit::Unit;

/// One table.
#[derive(Debug, Default)]
struct Spectrum {
    upper: Vec<f64>,
    /// Values up to each upper end.
    below: Vec<i64>,
    mean: Option<f64>,
    claimed: Option<i64>,
    complete: bool,
}

/// Tables of percentiles.
#[derive(Debug, Default)]
pub struct Hgrm {
    asked: Option<Unit>,
    tables: Vec<Spectrum>,
    /// Whether rows are expected.
    inside: bool,
}

/// How sure the beginning of a file makes it that this is such a table.
pub fn sure(head: &[u8]) -> u8 {
    let columns = has(head, b"Percentile") && has(head, b"TotalCount");
    if columns && has(head, b"1/(1-Percentile)") {
        90
    } else {
        0
    }
}

impl Hgrm {
    /// No table yet.
    pub fn new(options: &Options) -> Self {
        Self {
            asked: options.unit,
            ..Self::default()
        }
    }

    fn footer(&mut self, mut scan: Scan<'_>) -> Result<(), Fault> {
        let Some(table) = self.tables.last_mut() else {
            return Ok(());
        };
        self.inside = false;
        if scan.tag(b"#[Mean") && scan.past(b"=") {
            let mean = scan.blanks().float();
            table.mean = Some(mean.ok_or_else(|| scan.fault("no mean"))?);
        } else if scan.past(b"Total count") && scan.past(b"=") {
            let count = scan.blanks().whole();
            table.claimed = Some(count.ok_or_else(|| scan.fault("no count"))?);
        }
        Ok(())
    }

    fn row(&mut self, mut scan: Scan<'_>) -> Result<Taken, Fault> {
        let table = self
            .tables
            .last_mut()
            .ok_or_else(|| scan.fault("a row without a table"))?;
        let next = |scan: &mut Scan<'_>| {
            scan.blanks().tag(b",");
            scan.blanks();
        };
        scan.blanks();
        let fault = scan.fault("no value");
        let value = scan.float().filter(|value| *value >= 0.0).ok_or(fault)?;
        next(&mut scan);
        let fault = scan.fault("no part of the values");
        let part = scan
            .float()
            .filter(|part| (0.0..=1.0).contains(part))
            .ok_or(fault)?;
        next(&mut scan);
        let count = scan
            .whole()
            .ok_or_else(|| scan.fault("no number of values"))?;
        next(&mut scan);
        if scan.is_done() && part < 1.0 {
            return Err(scan.fault("a row that ends too early"));
        }
        let upper = table.upper.last().copied().unwrap_or(0.0);
        let below = table.below.last().copied().unwrap_or(0);
        if value < upper || count < below {
            return Err(scan.fault("a row below the one before"));
        }
        #[allow(clippy::float_cmp, reason = "the last row is exactly 1")]
        let complete = part == 1.0;
        table.complete |= complete;
        match table.below.last_mut() {
            Some(below) if value <= upper => *below = count,
            _ => {
                table.upper.push(value);
                table.below.push(count);
            }
        }
        Ok(Taken::Record)
    }
}

impl Spectrum {
    /// The rows as buckets in seconds.
    fn histogram(self, name: Vec<u8>, unit: Unit, report: &mut Report) -> Histogram {
        let mut found = Histogram {
            name,
            sum: f64::NAN,
            least: f64::NAN,
            greatest: f64::NAN,
            ..Histogram::default()
        };
        let (mut lower, mut before) = (0.0, 0);
        for (upper, below) in std::iter::zip(self.upper, self.below) {
            let upper = upper / unit.per_second();
            if below > before && upper > 0.0 {
                found.lower.push(lower);
                found.upper.push(upper);
                found.count.push((below - before) as f64);
                before = below;
            }
            if upper > 0.0 {
                lower = upper;
            }
        }
        let last = found.upper.last().copied();
        found.greatest = last.filter(|_| self.complete).unwrap_or(f64::NAN);
        if let Some(claimed) = self.claimed {
            report.note("values, as the file says", claimed as u64);
            if claimed > before {
                report.note("values beyond the last row", (claimed - before) as u64);
                found.lower.push(lower);
                found.upper.push(f64::INFINITY);
                found.count.push((claimed - before) as f64);
            }
            if let Some(mean) = self.mean {
                found.sum = mean / unit.per_second() * claimed as f64;
            }
        }
        if !self.complete {
            report.note("tables without their last row", 1);
        }
        found
    }
}

impl LineFormat for Hgrm {
    fn line(&mut self, line: &[u8]) -> Result<Taken, Fault> {
        let mut scan = Scan::new(line);
        let text = scan.blanks().rest();
        if text.starts_with(b"#") {
            self.footer(scan)?;
            return Ok(Taken::PassedOver);
        }
        if text.is_empty() {
            return Ok(Taken::PassedOver);
        }
        if has(text, b"TotalCount") && has(text, b"1/(1-Percentile)") {
            self.tables.push(Spectrum::default());
            self.inside = true;
            return Ok(Taken::PassedOver);
        }
        if self.inside {
            self.row(scan)
        } else {
            Ok(Taken::PassedOver)
        }
    }

    fn finish(self, report: &mut Report) -> Result<Trace, Error> {
        let unit = self.asked.unwrap_or_else(|| {
            report.note("unit not written, milliseconds assumed", 1);
            Unit::Milliseconds
        });
        let mut trace = Histograms {
            clock: Clock::None,
            unit: unit.name(),
            ..Histograms::default()
        };
        let numbered = self.tables.len() > 1;
        for (number, table) in self.tables.into_iter().enumerate() {
            let name = if numbered {
                (number + 1).to_string().into_bytes()
            } else {
                Vec::new()
            };
            trace.histograms.push(table.histogram(name, unit, report));
        }
        Ok(Trace::Histograms(trace))
    }
}
