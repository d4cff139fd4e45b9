//! Traces: what people really have, read from files.
//!
//! An [`Input`] is unpacked on the way and read line by line or record by record, never held whole.
//! What comes out is one of a few nouns: [`Delays`], [`Capture`], [`PauseLog`], [`Histograms`], [`ClockOffsets`],
//! [`Events`], with a [`Report`] of what became of every line.

mod answers;
mod capture;
mod clock_offsets;
mod columns;
mod delays;
mod digits;
mod events;
mod exchange;
mod field;
mod format;
mod histogram;
mod input;
mod json;
mod line_format;
mod lines;
mod packet;
mod pause_log;
mod plain;
mod read;
mod report;
mod rows;
mod scan;
mod stamp;
mod stream;
mod table;
mod unit;
mod words;

pub use capture::Capture;
pub use clock_offsets::ClockOffsets;
pub use columns::{Columns, Wanted, What, column_names, read_columns};
pub use delays::Delays;
pub use events::Events;
pub use format::Format;
pub use histogram::{Histogram, Histograms};
pub use input::{Compression, Input};
pub use pause_log::PauseLog;
pub use read::{Options, Reading, Trace, read};
pub use report::{Fault, Faults, Report};
pub use table::{Clock, Column, MISSING, Table};
pub use unit::Unit;
pub use words::Words;
