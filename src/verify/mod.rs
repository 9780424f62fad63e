//! How right the simulator is: scenarios whose answers are known exactly, simulated and judged.
//!
//! [`ORACLES`] is the file of exact answers, computed by other means than simulation, with the rule by
//! which a tool passes ([`miss`]). A [`Case`] is one of its models in the language, and says how each of
//! its metrics is read from the findings.

mod case;
mod findings;
mod oracles;
mod rule;
mod seen;
mod theory;

pub use case::{Case, Depth, Edited, Metric, NOT_TOLD, Reading};
pub use findings::{CaseFindings, MetricFindings, Outcome};
pub use oracles::{ORACLES, Oracle, oracle, oracles};
pub use rule::{Interval, interval, miss};
pub use seen::{Figure, Seen};
pub use theory::{FAMILIES, Family, WAITING, case, cases};
