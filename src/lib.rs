//! How long to wait before believing that a node is dead: failure detectors, replayed over recorded
//! heartbeats or simulated ones.
//!
//! The core knows nothing of Python; the `python` feature adds the `suspicion._core` module.

mod cancel;
pub mod detector;
pub mod distribution;
mod domain;
mod error;
pub mod estimate;
pub mod fencing;
mod hdr_layout;
pub mod heartbeat;
pub mod lease;
mod memory;
pub mod network;
pub mod pause;
pub mod qos;
mod quadrature;
pub mod random;
pub mod record;
pub mod redlock;
pub mod time;
pub mod trace;
pub mod units;

pub use cancel::Cancel;
pub use error::Error;

#[cfg(feature = "python")]
mod python;
