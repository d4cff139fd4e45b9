//! The `suspicion._core` extension module: argument checking, thread hand-over, error translation.

mod array;
mod detector;
mod distribution;
mod error;
mod foreign;
mod heartbeat;
mod interrupt;
mod network;
mod pause;
mod pool;
mod qos;
mod stream;
mod tails;
mod units;

/// Compiled core of `suspicion`.
#[pyo3::pymodule]
mod _core {
    #[pymodule_export]
    use super::detector::{Detector, draw_elections, election_law};
    #[pymodule_export]
    use super::distribution::Distribution;
    #[pymodule_export]
    use super::heartbeat::{Arrivals, Heartbeats, read_log};
    #[pymodule_export]
    use super::network::{Link, Loss};
    #[pymodule_export]
    use super::pause::Pauses;
    #[pymodule_export]
    use super::qos::{Curve, Source, Terms, configure, rate_interval, recommend, sweep};
    #[pymodule_export]
    use super::stream::ArrivalStream;
    #[pymodule_export]
    use super::tails::{
        KaplanMeier, Regimes, Tail, autocorrelation, clopper_pearson, extremal_index, garwood,
        rank_interval, stability,
    };
    #[pymodule_export]
    use super::units::{format_duration, format_rate, parse_duration, parse_rate};
}
