//! Who asks for what, how often.

use std::sync::Arc;

use super::{At, Locality, OperationId};
use crate::random::{Distribution, Profile};
use crate::units::{Bytes, Nanos, PerSecond};

/// All outside requests.
#[derive(Debug, Clone, PartialEq)]
pub struct Workload {
    /// Kinds of outside request, in file order.
    pub endpoints: Vec<Endpoint>,
    /// Streams of requests: one for the shared `arrivals`, one for each endpoint with its own.
    pub sources: Vec<Source>,
    /// How far the clients are; `None`: latency is measured at the entry and bytes still leave.
    pub client: Option<Locality>,
}

/// A kind of outside request.
#[derive(Debug, Clone, PartialEq)]
pub struct Endpoint {
    /// Unique name; `all` is taken.
    pub name: At<String>,
    /// Entry operation.
    pub call: OperationId,
    /// Larger is served first, where a service or a CPU serves by priority.
    pub priority: At<u8>,
    /// Size of the request.
    pub request: Bytes,
    /// Size of the reply.
    pub reply: Bytes,
}

/// A stream of requests.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Name that keys its random numbers: an endpoint's, or empty for the shared one.
    pub name: String,
    /// When requests come.
    pub arrivals: Arrivals,
    /// Endpoints (positions in [`Workload::endpoints`]) and their probabilities, which sum to 1.
    pub endpoints: Vec<(u32, f64)>,
}

/// When requests come.
#[derive(Debug, Clone, PartialEq)]
pub enum Arrivals {
    /// Poisson at a mean rate.
    Poisson(PerSecond),
    /// Evenly spaced.
    Deterministic(PerSecond),
    /// Markov-modulated Poisson: the states follow one another in order, the first behind the last.
    Mmpp(Vec<MmppState>),
    /// Poisson batches, the requests of each at one instant.
    Batch {
        /// Batches per second.
        rate: PerSecond,
        /// Requests of each.
        size: BatchSize,
    },
    /// Poisson at a rate that varies over time.
    Profile(Profile),
    /// At the instants of a file.
    Trace(Trace),
    /// So many users, each thinking between an answer and its next request.
    Closed {
        /// How many, at least 1.
        users: u32,
        /// How long each thinks.
        think: Distribution,
    },
}

/// A state of a Markov-modulated Poisson process.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MmppState {
    /// Rate of the requests while it lasts; may be 0 in some states.
    pub rate: PerSecond,
    /// Mean of its exponential duration (s), above 0.
    pub stay: f64,
}

/// How many requests come in a batch, at least 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum BatchSize {
    /// Always so many.
    Fixed(u32),
    /// Geometric on 1, 2, 3, …
    Geometric {
        /// Mean, at least 1.
        mean: f64,
    },
}

/// Instants at which requests come, and what they ask for.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// At least one, ascending.
    pub instants: Arc<[Nanos]>,
    /// The endpoint of each, by its number in [`Workload::endpoints`]; `None`: shares decide.
    pub endpoints: Option<Arc<[u32]>>,
    /// After this time they come anew, not before the last; `None`: nobody comes after it.
    pub every: Option<Nanos>,
}

impl Trace {
    /// How long a round takes; without rounds, when the last request comes.
    pub fn span(&self) -> Nanos {
        self.every.or(self.instants.last().copied()).unwrap_or_default()
    }
}
