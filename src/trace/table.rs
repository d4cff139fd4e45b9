use super::words::Words;

/// What the times of a trace count from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clock {
    /// 1970, in UTC.
    Unix,
    /// 1970, as a wall clock of a zone that is not written showed it.
    WallWithoutZone,
    /// New year of a year that is not written, as a wall clock of some zone showed it.
    WallWithoutYear,
    /// The start of the process or of the recording.
    Start,
    /// There are no times.
    #[default]
    None,
}

impl Clock {
    /// Its name, as users read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unix => "unix",
            Self::WallWithoutZone => "wall clock of unknown zone",
            Self::WallWithoutYear => "wall clock of unknown zone and year",
            Self::Start => "since the start",
            Self::None => "none",
        }
    }
}

/// Stands where a row has no time or no duration.
pub const MISSING: i64 = i64::MIN;

/// A column of a trace.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Points in time or durations, in nanoseconds; [`MISSING`] where there is none.
    Nanos(Vec<i64>),
    /// Whole numbers; [`MISSING`] where there is none.
    Numbers(Vec<i64>),
    /// Figures; NaN where there is none.
    Floats(Vec<f64>),
    /// Names.
    Words(Words),
}

/// Columns of the same length, each with its name.
pub type Table = Vec<(&'static str, Column)>;
