//! How right the simulator is: scenarios whose answers are known exactly, simulated and judged.
//!
//! [`ORACLES`] is the file of exact answers, computed by other means than simulation, with the rule by
//! which a tool passes ([`miss`]). A [`Case`] is one of its models in the language, and says how each of
//! its metrics is read from the findings. A [`Publication`] is a scenario that ships, with figures that
//! others measured or simulated. [`run()`] checks all of them, and [`deviations()`] measures what is known to
//! be wrong.

mod case;
mod deviations;
mod findings;
mod oracles;
mod published;
mod rule;
mod run;
mod seen;
mod theory;
mod unit;

pub use case::{Case, Depth, Edited, Metric, NOT_TOLD, Reading};
pub use deviations::deviations;
pub use findings::{
    CaseFindings, DeviatingFigure, Deviation, Fit, MetricFindings, Outcome, VerifyFindings, Waiting,
};
pub use oracles::{ORACLES, Oracle, oracle, oracles};
pub use published::{PUBLICATIONS, Point, Publication, Published, publication};
pub use rule::{Interval, interval, miss};
pub use run::{Known, Selection, run, waiting};
pub use seen::{Figure, Seen};
pub use theory::{FAMILIES, Family, WAITING, case, cases};
pub use unit::Unit;
