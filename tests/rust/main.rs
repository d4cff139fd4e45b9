//! Laws of the core, each checked against something that is not the core.

#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod generated;
mod machine;
mod sweep_equals_machine;
