//! Studies: many runs with one question, and what was found, with intervals.

mod findings;

pub use findings::{
    Comparison, DatabaseFindings, Diagnosis, EndpointFindings, Estimate, Latency, LayoutFindings,
    Named, Outcomes, RunFindings, ServiceFindings, SloFinding, SweepFindings, SweepPoint,
    Utilisation, Verdict, Wait,
};
