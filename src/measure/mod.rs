//! What a run remembers: where the time of requests went, gauges and records of every resource, the outcome.

mod attribution;
mod gauge;
mod outcome;
mod series;

pub use attribution::Category;
pub use gauge::Gauge;
pub use outcome::{
    DatabaseRecord, Ending, EndpointRecord, ExternalRecord, Kind, Left, Outcome, ServiceRecord,
};
pub use series::{Series, Slice};
