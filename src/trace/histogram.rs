use super::table::{Clock, Column, MISSING, Table};
use super::words::Words;

/// How often a duration fell into each of many buckets: all that is left of samples that were not kept.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Histogram {
    /// What it is of: metric and labels, or a tag.
    pub name: Vec<u8>,
    /// Lower ends of the buckets, in seconds, ascending. A value is above the lower end, up to the upper.
    pub lower: Vec<f64>,
    /// Upper ends, in seconds; the last may be infinite.
    pub upper: Vec<f64>,
    /// How many values in each; buckets without any may be left out.
    pub count: Vec<f64>,
    /// Sum of the values, in seconds, where it is known; NaN otherwise.
    pub sum: f64,
    /// Shortest and longest value, in seconds, as far as they are known better than by bucket; NaN otherwise.
    pub least: f64,
    /// See `least`.
    pub greatest: f64,
}

/// Histograms of a file, and the intervals they were taken over where the file says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Histograms {
    /// What `start` counts from.
    pub clock: Clock,
    /// The unit the file has its values in.
    pub unit: &'static str,
    /// One for each name.
    pub histograms: Vec<Histogram>,
    /// Which histogram each interval was added to.
    pub of: Words,
    /// When each interval began, in nanoseconds; [`MISSING`] where it is not known.
    pub start: Vec<i64>,
    /// How long it was, in nanoseconds.
    pub length: Vec<i64>,
    /// How many values it has.
    pub count: Vec<f64>,
    /// Its longest value, in seconds.
    pub greatest: Vec<f64>,
}

impl Histograms {
    /// Appends an interval.
    pub fn interval(
        &mut self,
        of: &[u8],
        start: Option<i64>,
        length: i64,
        count: f64,
        greatest: f64,
    ) {
        self.of.push(of);
        self.start.push(start.unwrap_or(MISSING));
        self.length.push(length);
        self.count.push(count);
        self.greatest.push(greatest);
    }

    pub(super) fn into_tables(self) -> (Table, Table, Table) {
        let mut names = Words::default();
        let (mut sum, mut least, mut greatest) = (Vec::new(), Vec::new(), Vec::new());
        let mut place = Vec::new();
        let (mut lower, mut upper, mut count) = (Vec::new(), Vec::new(), Vec::new());
        for (index, histogram) in self.histograms.into_iter().enumerate() {
            names.push(&histogram.name);
            sum.push(histogram.sum);
            least.push(histogram.least);
            greatest.push(histogram.greatest);
            place.resize(place.len() + histogram.count.len(), index as i64);
            lower.extend(histogram.lower);
            upper.extend(histogram.upper);
            count.extend(histogram.count);
        }
        let series = vec![
            ("name", Column::Words(names)),
            ("sum", Column::Floats(sum)),
            ("least", Column::Floats(least)),
            ("greatest", Column::Floats(greatest)),
        ];
        let buckets = vec![
            ("histogram", Column::Numbers(place)),
            ("lower", Column::Floats(lower)),
            ("upper", Column::Floats(upper)),
            ("count", Column::Floats(count)),
        ];
        let intervals = vec![
            ("of", Column::Words(self.of)),
            ("start", Column::Nanos(self.start)),
            ("length", Column::Nanos(self.length)),
            ("count", Column::Floats(self.count)),
            ("greatest", Column::Floats(self.greatest)),
        ];
        (series, buckets, intervals)
    }
}
