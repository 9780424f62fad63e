//! Studies: many runs with one question, and what was found, with intervals.
//!
//! Every study is the same chain: edit the scenario, compile each layout, simulate independent
//! replications, summarise. A study of many runs asks a [`Laboratory`] for them. Only this floor simulates on threads; outcomes are merged in the order of their
//! numbers, so one thread or many give the same bytes.

mod between;
mod buckets;
mod calibrate;
mod carried;
mod compare;
mod compare_over_time;
mod compare_runs;
mod decides;
mod declared;
mod diagnose;
mod effort;
mod estimate;
mod findings;
mod followed_findings;
mod growth;
mod in_window;
mod laboratory;
mod length;
mod long_run;
mod measured;
mod messaging;
mod missing;
mod named;
mod no_spread;
mod nobody;
mod outcomes;
mod over_time;
mod overload;
mod parting;
mod progress;
mod provenance;
mod replicate;
mod resources;
mod rhythm;
mod run;
mod run_length;
mod sample;
mod scaled;
mod scaling_findings;
mod self_check;
mod settled;
mod sizes;
mod spread;
mod summary;
mod sweep;
mod sweep_findings;
mod sweep_steps;
mod time_line_findings;
mod time_lines;
mod timeline;
mod told;
mod transactions;
mod usage;
mod utilisation;
mod work_log;

pub use calibrate::{
    CALIBRATION_FORMAT, CalibrationFindings, CalibrationOptions, FittedValue, LoneFindings,
    PredictedMetric, PredictionFindings, PriorSource, SumFindings, UnknownFindings, calibrate,
};
pub use carried::{ConsumerFindings, EventFindings, OutboxFindings, SpanOfTime};
pub use compare_runs::{ComparedLayouts, ComparedMetric, ComparedRuns, ComparedSide, compare_runs};
pub use effort::{Effort, effort};
pub use estimate::Estimate;
pub use findings::{
    Comparison, DatabaseFindings, Diagnosis, EndpointFindings, EventCounts, FORMAT, Latency,
    LayoutFindings, LogFindings, PeakWindow, QueueWait, RunFindings, ServiceFindings, SloFinding,
    TransactionFindings, Utilisation, Verdict, ViewFindings, WaitFigures,
};
pub use laboratory::{FileLoader, Journal, Laboratory, Subject};
pub use long_run::long_run;
pub use missing::Missing;
pub use named::Named;
pub use outcomes::Outcomes;
pub use over_time::{
    BacklogFindings, ComparisonOverTime, ConsumersInWindow, DatabaseInWindow, MomentFindings,
    RequestsInWindow, ServiceAtMoment, ServiceInWindow, WindowFindings, WindowLatency,
};
pub use parting::{Parting, Traced, TracedLine, Traces, parting};
pub use progress::{Progress, Stopped, Unwatched};
pub use provenance::{Provenance, VERSION, scenario_hash, target};
pub use replicate::{Purpose, Workers, replicate, side_by_side};
pub use run::{Unfinished, run};
pub use sample::Sample;
pub use scaling_findings::ScalingFindings;
pub use self_check::breaches;
pub use sweep::{SweepGrid, sweep};
pub use sweep_findings::{FailedPoint, SweepFindings, SweepPoint, SweepStep};
pub use time_line_findings::{PartFindings, TimeLineFindings};
pub use usage::price_lines;
pub use work_log::{WorkDone, WorkLog, WorkSeen};
