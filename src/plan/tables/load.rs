//! What comes from outside: kinds of request, and the streams in which they come.

use super::CallSite;
use crate::ids::{Id, Table};
use crate::model::{Arrivals, Locality, Trace};
use crate::random::{CountSampler, ProfileSampler, Sampler};

/// What comes from outside.
#[derive(Debug, Clone, Default)]
pub struct LoadPlan {
    /// Kinds of outside request.
    pub endpoints: Table<EndpointPlan>,
    /// Streams of requests.
    pub sources: Table<SourcePlan>,
    /// How the rates of the sources go on.
    pub rhythm: Rhythm,
}

impl LoadPlan {
    /// The time before the end of a run of `duration` (ns) over which a backlog that grows is an overload: half of
    /// what is measured once all that passes has passed, in whole rounds. `None` where a quiet and a busy time
    /// would be compared.
    pub fn watched_before_end(&self, warmup: u64, duration: u64) -> Option<u64> {
        let passed = self.sources.iter().filter_map(SourcePlan::passes_at).fold(warmup, u64::max);
        let left = duration.checked_sub(passed).filter(|left| *left > 0)?;
        let lasting = self.sources.iter().map(|source| Rhythm::of(&source.arrivals));
        let lasting = lasting.filter(|rhythm| !matches!(rhythm, Rhythm::Once(_)));
        match lasting.fold(Rhythm::Steady, Rhythm::with) {
            Rhythm::Rounds(length) if length <= left / 2 => Some(left / 2 / length * length),
            Rhythm::Rounds(_) => None,
            Rhythm::Steady | Rhythm::Once(_) => Some(left.div_ceil(2)),
        }
    }
}

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
    /// Time between two arrivals, of a Poisson source: a copy of the law, found with the source.
    pub gap: Option<Sampler>,
    /// Think time, of a closed source that thinks.
    pub think: Option<Id<Sampler>>,
    /// What a source that is more than a gap after each request draws from.
    pub process: Process,
    /// What its requests ask for, in the order of the thresholds.
    pub endpoints: Vec<EndpointShare>,
}

impl SourcePlan {
    /// When it has passed (ns), after which nothing comes from it or all at one rate; `None`: it lasts.
    pub fn passes_at(&self) -> Option<u64> {
        match Rhythm::of(&self.arrivals) {
            Rhythm::Once(end) => Some(end),
            Rhythm::Steady | Rhythm::Rounds(_) => None,
        }
    }
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

/// How the rates of the sources of a plan go on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Rhythm {
    /// At random but always by the same law: a long run shows it.
    #[default]
    Steady,
    /// In rounds of this length (ns): whole rounds show it.
    Rounds(u64),
    /// Differently until this time (ns), and never again so: there is no long run.
    Once(u64),
}

impl Rhythm {
    pub(in crate::plan) fn of(arrivals: &Arrivals) -> Self {
        match arrivals {
            Arrivals::Profile(profile) => match profile.period() {
                Some(period) => Rhythm::Rounds(period.0),
                None => Rhythm::Once(profile.span().0),
            },
            Arrivals::Trace(trace) => match trace.every {
                Some(every) => Rhythm::Rounds(every.0),
                None => Rhythm::Once(trace.span().0),
            },
            _ => Rhythm::Steady,
        }
    }

    /// The rhythm of two together: rounds of both end at their least common multiple.
    pub(in crate::plan) fn with(self, other: Rhythm) -> Self {
        match (self, other) {
            (Rhythm::Once(one), Rhythm::Once(other)) => Rhythm::Once(one.max(other)),
            (Rhythm::Once(end), _) | (_, Rhythm::Once(end)) => Rhythm::Once(end),
            (Rhythm::Rounds(one), Rhythm::Rounds(other)) => {
                Rhythm::Rounds(least_common_multiple(one, other))
            }
            (Rhythm::Rounds(length), _) | (_, Rhythm::Rounds(length)) => Rhythm::Rounds(length),
            (Rhythm::Steady, Rhythm::Steady) => Rhythm::Steady,
        }
    }
}

/// `u64::MAX`, which is longer than any run, where it does not fit.
fn least_common_multiple(one: u64, other: u64) -> u64 {
    let (mut divisor, mut rest) = (one, other);
    while rest > 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    (one / divisor.max(1)).saturating_mul(other)
}
