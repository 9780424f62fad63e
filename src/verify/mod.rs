//! How right the simulator is: scenarios whose answers are known exactly, simulated and judged.
//!
//! [`ORACLES`] is the file of exact answers, computed by other means than simulation, with the rule by
//! which a tool passes ([`miss`]). A [`Case`] is one of its models in the language, and says how each of
//! its metrics is read from the findings. A [`Publication`] is a scenario that ships, with figures that
//! others measured or simulated. [`run()`] checks all of them, and [`deviations()`] measures what is known to
//! be wrong.

mod case;
mod check;
mod deviations;
mod dimension;
mod findings;
mod oracles;
mod published;
mod rule;
mod run;
mod seen;
mod theory;

pub use case::{Case, Edited, MetricReader, Reader};
pub use check::{Depth, NOT_TOLD};
pub use deviations::deviations;
pub use dimension::Dimension;
pub use findings::{
    CaseFindings, DeviatingFigure, Deviation, Fit, Judgement, MetricFindings, VerifyFindings,
    Waiting,
};
pub use oracles::{ORACLES, Oracle, oracle, oracles};
pub use published::{PUBLICATIONS, Publication, Published, PublishedRun, publication};
pub use rule::{Bounds, interval, miss};
pub use run::{KnownCase, Selection, run, waiting};
pub use seen::{ReadValue, Seen};
pub use theory::{FAMILIES, Family, WAITING, case, cases};
