//! cutline: one application, several layouts, measured before anyone cuts.
//!
//! A scenario is read, its layouts are simulated over the same requests, and what was found tells itself:
//!
//! ```
//! use cutline::{report::Told, scenario, study};
//!
//! let text = "
//! cutline: 1
//! name: till
//! application: { modules: { till: { operations: { sell: [ cpu: { exp: 8ms } ] } } } }
//! workload: { arrivals: { poisson: 100/s }, endpoints: { sell: { call: till.sell } } }
//! layouts:
//!   one-core: { services: { till: { cpu: 1, threads: 16 } } }
//!   two-cores: { services: { till: { cpu: 2, threads: 16 } } }
//! platform: { network: none, prices: none }
//! run: { fixed: { duration: 100s, replications: 5 } }
//! ";
//! let no_files = |name: &str| Err(format!("{name} is not there"));
//! let model = scenario::read(text, "till.yaml", &[], &no_files)?.model;
//! let found = study::run(&model, &[0, 1], &study::Unwatched).map_err(|why| format!("{why:?}"))?;
//! println!("{}", found.tables().text(80, false));
//!
//! let mean = |layout: &str| {
//!     let all = found.layouts.get(layout)?.endpoints.get("all")?;
//!     all.latency_seconds.mean.map(|mean| mean.value)
//! };
//! // One core is busy for 80 % of the time: 8 ms of work take 8 ms / (1 - 0.8) = 40 ms.
//! assert!((mean("one-core").unwrap() - 0.040).abs() < 0.006);
//! assert!(mean("two-cores").unwrap() < 0.012);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is for whom
//!
//! | to | take |
//! |---|---|
//! | read a scenario, or change one | [`scenario`]; what is read is a [`model`] in [`units`] |
//! | ask arithmetic | [`plan`]: compiled steps, and the forecast of `check` |
//! | simulate, compare, sweep, calibrate | [`study`]; its findings have bills of [`cost`] |
//! | tell findings | [`report`]: tables, charts, JSON, CSV, and JSON read back |
//! | hold the simulator against theory | [`verify`] |
//! | be the program `cutline` | [`cli`] |
//!
//! The other modules are the floors that these stand on, open for tests and benchmarks. They, and all that this page does not
//! name, may change with any version.
//!
//! Data goes one way through the floors below; a module imports only from floors under its own
//! (`tests/tidy.rs` holds that). docs/architecture.md draws the whole.

#[doc(hidden)]
pub mod ids;

#[doc(hidden)]
pub mod events;
#[doc(hidden)]
pub mod random;
#[doc(hidden)]
pub mod statistics;
pub mod units;

pub mod model;

pub mod scenario;

pub mod plan;

#[doc(hidden)]
pub mod measure;

#[doc(hidden)]
pub mod runtime;

pub mod cost;

pub mod study;

pub mod verify;

pub mod report;

pub mod cli;
