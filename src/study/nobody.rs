//! Endpoints that nobody asked in the measured time, though somebody should: what their figures lack.

use super::findings::Diagnosis;
use super::run_length::RunLength;
use crate::ids::Id;
use crate::measure::Outcome;
use crate::model::{Arrivals, Trace};
use crate::plan::{EndpointPlan, Plan, SourcePlan};
use crate::scenario::Code;
use crate::units::Nanos;

/// Endpoints that are named in one remark.
const MOST_NAMED: usize = 4;

/// A remark for each reason why endpoints had no request, with the endpoints.
pub(super) fn nobody_came(plan: &Plan, outcomes: &[Outcome], length: RunLength) -> Vec<Diagnosis> {
    let mut told: Vec<(String, Vec<&str>)> = Vec::new();
    for (id, endpoint) in plan.load.endpoints.entries() {
        let came: u64 = outcomes.iter().map(|outcome| outcome.endpoints[id.index()].arrivals).sum();
        if came > 0 {
            continue;
        }
        // Nobody is to ask for what has no share: that is no news.
        let Some(why) = plan.load.sources.iter().find_map(|source| why(source, id, length)) else {
            continue;
        };
        match told.iter_mut().find(|(known, _)| *known == why) {
            Some((_, names)) => names.push(&endpoint.name),
            None => told.push((why, vec![&endpoint.name])),
        }
    }
    let words = |(why, names): (String, Vec<&str>)| {
        let more = names.len().saturating_sub(MOST_NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let names = names[..names.len().min(MOST_NAMED)].join(", ");
        let message = format!("no request for {names}{more} was measured: {why}");
        Diagnosis { code: Code::NoRequests, message }
    };
    told.into_iter().map(words).collect()
}

/// Why none came from a source for an endpoint; `None` where the source does not ask for it.
fn why(source: &SourcePlan, endpoint: Id<EndpointPlan>, length: RunLength) -> Option<String> {
    let (from, to) = (length.warmup, length.duration);
    if let Arrivals::Trace(trace) = &source.arrivals {
        let (first, last) = first_and_last(trace, source, endpoint)?;
        if first >= to {
            return Some(format!(
                "the first instant of its trace is {first}, and the run ends at {to}; instants count from \
                 the start of the run, not from a date"
            ));
        }
        if last < from && trace.every.is_none() {
            return Some(format!(
                "the last instant of its trace is {last}, and measuring begins at {from}"
            ));
        }
    }
    has_share(source, endpoint).then(|| {
        let measured = Nanos(to.0.saturating_sub(from.0));
        format!("its requests are too rare for the {measured} that are measured")
    })
}

/// Whether a source asks for an endpoint by its share.
fn has_share(source: &SourcePlan, endpoint: Id<EndpointPlan>) -> bool {
    let mut before = 0.0;
    source.endpoints.iter().any(|share| {
        let own = share.cumulative - before;
        before = share.cumulative;
        share.endpoint == endpoint && own > 0.0
    })
}

/// The first and last instant at which a trace asks for an endpoint.
fn first_and_last(
    trace: &Trace,
    source: &SourcePlan,
    endpoint: Id<EndpointPlan>,
) -> Option<(Nanos, Nanos)> {
    let Some(endpoints) = &trace.endpoints else {
        let ends = trace.instants.first().copied().zip(trace.instants.last().copied());
        return ends.filter(|_| has_share(source, endpoint));
    };
    let own = trace.instants.iter().zip(endpoints.iter());
    let mut own = own.filter(|(_, asked)| **asked as usize == endpoint.index());
    let first = *own.next()?.0;
    Some((first, own.next_back().map_or(first, |(last, _)| *last)))
}
