//! The `suspicion._core` extension module: argument checking, thread hand-over, error translation.

mod array;
mod curve;
mod detector;
mod distribution;
mod error;
mod estimate;
mod fencing;
mod foreign;
mod heartbeat;
mod interrupt;
mod lease;
mod network;
mod pause;
mod pool;
mod qos;
mod record;
mod redlock;
mod source;
mod stream;
mod tails;
mod trace;
mod units;

/// Compiled core of `suspicion`.
#[pyo3::pymodule]
mod _core {
    #[pymodule_export]
    use super::curve::Curve;
    #[pymodule_export]
    use super::detector::{Detector, draw_elections, election_law};
    #[pymodule_export]
    use super::distribution::Distribution;
    #[pymodule_export]
    use super::estimate::{Fit, Observations};
    #[pymodule_export]
    use super::fencing::{Storage, violation_names};
    #[pymodule_export]
    use super::heartbeat::{Arrivals, Heartbeats, read_log};
    #[pymodule_export]
    use super::lease::{
        Lease, LeaseClient, LeaseClock, LeaseHistory, LeaseOutcome, LeaseTerms, LeaseWrites,
    };
    #[pymodule_export]
    use super::network::{Link, Loss};
    #[pymodule_export]
    use super::pause::{Pauses, Timeline, migration};
    #[pymodule_export]
    use super::qos::{configure, rate_interval, recommend, sweep};
    #[pymodule_export]
    use super::record::{Buckets, Echo, PauseSummary, RttSummary, record_pauses, record_rtt};
    #[pymodule_export]
    use super::redlock::Redlock;
    #[pymodule_export]
    use super::source::{Source, Terms};
    #[pymodule_export]
    use super::stream::ArrivalStream;
    #[pymodule_export]
    use super::tails::{
        KaplanMeier, Regimes, Tail, autocorrelation, clopper_pearson, extremal_index, garwood,
        rank_interval, stability,
    };
    #[pymodule_export]
    use super::trace::{Trace, column_names, read_columns, read_trace, trace_formats, unpacked};
    #[pymodule_export]
    use super::units::{format_duration, format_rate, parse_duration, parse_rate};
}
