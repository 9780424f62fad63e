//! What a run remembers: where the time of requests went, gauges and records of every resource, the state at
//! clock times and within windows, the outcome.

mod attribution;
mod capacity;
mod carried;
mod gauge;
mod kind;
#[cfg(test)]
mod laws;
mod outcome;
mod parts;
mod recorded;
mod records;
mod scaling;
mod series;
mod spread;
mod timeline;

pub use attribution::Category;
pub use capacity::{Capacities, Capacity};
pub use carried::{GroupRecord, OutboxRecord, TopicRecord};
pub use gauge::Gauge;
pub use kind::Kind;
pub use outcome::{Backlog, ClientBytes, Deadlock, Ending, Held, Limit, Outcome};
pub use parts::{PartRecord, PartTimes};
pub use recorded::{Ages, Count, Ends, Most, Recorded, Sum, SumModulo};
pub use records::{
    DatabaseRecord, EndpointRecord, ExternalRecord, Left, ServiceRecord, SpanningRecord,
};
pub use scaling::ScalingRecord;
pub use series::{Series, Slice};
pub use spread::{LogRecord, ViewRecord};
pub use timeline::{Moment, Recorder, RequestTotals, Timeline, Totals, Window, WindowCounts};
