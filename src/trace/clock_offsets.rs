use super::table::{Clock, Column, MISSING, Table};
use super::words::Words;

/// What a time daemon wrote about its clock, each figure NaN where the log has none.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ClockOffsets {
    /// What `at` counts from.
    pub clock: Clock,
    /// The unit the file has its offsets in.
    pub unit: &'static str,
    /// When, in nanoseconds.
    pub at: Vec<i64>,
    /// Which server, reference or port.
    pub source: Words,
    /// How far the local clock was ahead of the source, in seconds.
    pub offset: Vec<f64>,
    /// How much too fast the local clock runs by itself, in parts per million.
    pub frequency: Vec<f64>,
    /// How well the frequency is known, in parts per million.
    pub skew: Vec<f64>,
    /// Round trip or path to the source, in seconds.
    pub delay: Vec<f64>,
    /// How well the offset is known, in seconds.
    pub dispersion: Vec<f64>,
}

/// A row of [`ClockOffsets`].
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// When.
    pub at: Option<i64>,
    /// Which source.
    pub source: &'a [u8],
    /// Seconds ahead of it.
    pub offset: f64,
    /// Parts per million too fast.
    pub frequency: f64,
    /// How well that is known.
    pub skew: f64,
    /// Seconds to the source.
    pub delay: f64,
    /// Seconds the offset may be off.
    pub dispersion: f64,
}

impl Default for Reading<'_> {
    fn default() -> Self {
        Self {
            at: None,
            source: b"",
            offset: f64::NAN,
            frequency: f64::NAN,
            skew: f64::NAN,
            delay: f64::NAN,
            dispersion: f64::NAN,
        }
    }
}

impl ClockOffsets {
    /// Nothing yet.
    pub fn new(clock: Clock, unit: &'static str) -> Self {
        Self {
            clock,
            unit,
            ..Self::default()
        }
    }

    /// Appends a reading.
    pub fn push(&mut self, reading: Reading<'_>) {
        self.at.push(reading.at.unwrap_or(MISSING));
        self.source.push(reading.source);
        self.offset.push(reading.offset);
        self.frequency.push(reading.frequency);
        self.skew.push(reading.skew);
        self.delay.push(reading.delay);
        self.dispersion.push(reading.dispersion);
    }

    pub(super) fn into_table(self) -> Table {
        vec![
            ("at", Column::Nanos(self.at)),
            ("source", Column::Words(self.source)),
            ("offset", Column::Floats(self.offset)),
            ("frequency", Column::Floats(self.frequency)),
            ("skew", Column::Floats(self.skew)),
            ("delay", Column::Floats(self.delay)),
            ("dispersion", Column::Floats(self.dispersion)),
        ]
    }
}
