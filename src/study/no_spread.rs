//! Results that hang on costs without any spread. Where no piece of CPU work varies and requests do not come at random,
//! those that share a core end their work together, wait together, and the core idles meanwhile: no real load is that
//! sharp.

use super::findings::Diagnosis;
use super::utilisation::busy;
use crate::ids::Id;
use crate::measure::Outcome;
use crate::model::Arrivals;
use crate::plan::{DatabasePlan, Plan, Resource, Step};
use crate::random::Sampler;
use crate::scenario::Code;
use crate::units::significant;

/// Busy share of cores from which on it matters how they are shared.
const BUSY: f64 = 0.5;

/// That the busiest cores do nothing but work of constant length, for requests that come in step.
pub(super) fn no_spread(plan: &Plan, outcomes: &[Outcome]) -> Option<Diagnosis> {
    if !in_step(plan) || works(plan).any(|sampler| varies(plan, sampler)) {
        return None;
    }
    let cpus = plan.resources().into_iter().filter(|resource| matches!(resource, Resource::Cpu(_)));
    let cpus = cpus.map(|cpu| (busy(plan, outcomes, cpu).value, cpu));
    let (share, busiest) = cpus.max_by(|one, other| one.0.total_cmp(&other.0))?;
    if share.is_nan() || share < BUSY {
        return None;
    }
    let message = format!(
        "all CPU work has a constant length and requests come in step, so what shares {} ({} % busy) ends and waits \
         together: real costs vary, and a cv of 0.15 to 0.3 may move throughput and percentiles much",
        busiest.name(plan),
        significant(share * 100.0, 3)
    );
    Some(Diagnosis { code: Code::NoSpread, message })
}

/// Whether no source draws when its requests come.
fn in_step(plan: &Plan) -> bool {
    plan.load.sources.iter().all(|source| match source.arrivals {
        Arrivals::Deterministic(_) => true,
        Arrivals::Closed { .. } => source.think.is_none_or(|think| !varies(plan, think)),
        Arrivals::Poisson(_)
        | Arrivals::Mmpp(_)
        | Arrivals::Batch { .. }
        | Arrivals::Profile(_)
        | Arrivals::Trace(_) => false,
    })
}

fn varies(plan: &Plan, sampler: Id<Sampler>) -> bool {
    !matches!(plan.program.samplers[sampler], Sampler::Constant(_))
}

/// The laws of all CPU work.
fn works(plan: &Plan) -> impl Iterator<Item = Id<Sampler>> + '_ {
    let steps = plan.program.steps.iter().filter_map(|step| {
        if let Step::Cpu { sampler, .. } = step { Some(*sampler) } else { None }
    });
    let calls = plan.program.calls.iter().flat_map(|call| [call.client_cpu, call.server_cpu]);
    let statements = plan.program.statements.iter().map(|statement| statement.cpu);
    let of =
        |database: &DatabasePlan| [database.commit_cpu, database.flush_cpu, database.requeue_cpu];
    let writes = plan.program.steps.iter().any(|step| matches!(step, Step::CommitCpu { .. }));
    let commits = plan.site.databases.iter().filter(move |_| writes).flat_map(of);
    steps.chain(calls.chain(statements).chain(commits).flatten())
}
