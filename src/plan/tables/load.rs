//! What comes from outside: kinds of request, and the streams in which they come.

use super::CallSite;
use crate::ids::Id;
use crate::model::{Arrivals, Locality, Trace};
use crate::random::{CountSampler, ProfileSampler, Sampler};

/// A kind of outside request.
#[derive(Debug, Clone)]
pub struct EndpointPlan {
    /// Name.
    pub name: String,
    /// Its entry.
    pub call: Id<CallSite>,
    /// Class of its requests and of all calls they lead to; 0 is served first.
    pub class: u8,
    /// How far its clients are; `None`: latency is measured at the entry.
    pub client: Option<Locality>,
    /// Whether anything was promised for it: then it is watched on its own for when it settles.
    pub promised: bool,
}

/// A stream of requests.
#[derive(Debug, Clone)]
pub struct SourcePlan {
    /// Keys its random numbers.
    pub name: String,
    /// When requests come.
    pub arrivals: Arrivals,
    /// Time between two arrivals, of a Poisson source.
    pub gap: Option<Id<Sampler>>,
    /// Think time, of a closed source that thinks.
    pub think: Option<Id<Sampler>>,
    /// What a source that is more than a gap after each request draws from.
    pub process: Process,
    /// What its requests ask for, in the order of the thresholds.
    pub endpoints: Vec<EndpointShare>,
}

/// An endpoint among those that a source asks for.
#[derive(Debug, Clone, Copy)]
pub struct EndpointShare {
    /// Probability of this one and those before it.
    pub cumulative: f64,
    /// Which.
    pub endpoint: Id<EndpointPlan>,
}

/// An arrival process that is more than a gap after each request.
#[derive(Debug, Clone)]
pub enum Process {
    /// Poisson, deterministic or closed: nothing more.
    Plain,
    /// States that follow one another, the first behind the last.
    Modulated(Vec<StatePlan>),
    /// Poisson batches.
    Batches {
        /// Time between two.
        gap: Id<Sampler>,
        /// Requests of a batch beyond the first.
        more: CountSampler,
    },
    /// Poisson at a rate that varies over time.
    Varying(ProfileSampler),
    /// At known instants.
    Replayed(Trace),
}

/// A state of a Markov-modulated source.
#[derive(Debug, Clone, Copy)]
pub struct StatePlan {
    /// Time between two requests while it lasts; `None`: none come.
    pub gap: Option<Id<Sampler>>,
    /// How long it lasts.
    pub stay: Id<Sampler>,
    /// Share of the time in this state and those before it.
    pub cumulative: f64,
}
