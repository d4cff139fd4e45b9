//! Laws of the core, each checked against something that is not the core.
// The platform's own functions are what the core is held against here.
#![allow(clippy::disallowed_methods)]
#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod akka_specification;
mod closed_forms;
mod corpora;
mod determinism;
mod fencing;
mod generated;
mod golden_vectors;
mod lease_limits;
mod leases;
mod links_and_pauses;
mod machine;
mod pause_laws;
mod pauses;
mod record;
mod redlock;
mod simulated;
mod sweep_equals_machine;
mod tails;
mod trace_files;
mod traces_clocks;
mod traces_hdr_logs;
mod traces_hdr_payloads;
mod traces_histograms;
mod traces_network;
mod traces_pauses;
