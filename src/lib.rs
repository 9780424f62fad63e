//! cutline: one application, several layouts, measured before anyone cuts.
//!
//! Data goes one way through the floors below; a module imports only from floors under its own
//! (`tests/tidy.rs` holds that). docs/architecture.md draws the whole.

pub mod ids;

pub mod events;
pub mod random;
pub mod statistics;
pub mod units;

pub mod model;

pub mod scenario;

pub mod plan;

pub mod measure;

pub mod runtime;

pub mod cost;

pub mod study;

pub mod verify;

pub mod report;

pub mod cli;
