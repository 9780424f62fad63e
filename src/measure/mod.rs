//! What a run remembers: where the time of requests went, gauges and records of every resource, the state at
//! clock times and within windows, the outcome.

mod attribution;
mod capacity;
mod gauge;
mod merge;
mod outcome;
mod series;
mod timeline;

pub use attribution::Category;
pub use capacity::{Capacities, Capacity};
pub use gauge::Gauge;
pub use outcome::{
    Backlog, ClientBytes, DatabaseRecord, Deadlock, Ending, EndpointRecord, ExternalRecord, Held,
    Kind, Left, Limit, Outcome, ServiceRecord,
};
pub use series::{Series, Slice};
pub use timeline::{Moment, Recorder, Timeline, Totals, Window};
