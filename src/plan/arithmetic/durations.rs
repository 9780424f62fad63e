//! Mean times without any queueing: of every step, and of every frame with all that it waits for.

use super::visits::{reached_from, starts, successors};
use crate::ids::{Id, Table};
use crate::model::Locality;
use crate::plan::{CallSite, Plan, ServicePlan, StatementPlan, Step};
use crate::random::Sampler;

/// Mean time of every frame without queueing, callees before callers (s).
pub(super) fn durations(plan: &Plan, callers_first: &[Id<Step>]) -> Table<f64, Step> {
    let mut durations = Table::filled(0.0, &plan.steps);
    for entry in callers_first.iter().rev() {
        let mut behind = std::collections::BTreeMap::new();
        for pc in reached_from(plan, *entry).into_iter().rev() {
            let next: f64 = successors(plan, pc)
                .into_iter()
                .map(|(to, share)| share * behind.get(&to).copied().unwrap_or(0.0))
                .sum();
            behind.insert(pc, step_time(plan, pc, &durations) + next);
        }
        durations[*entry] = behind.get(entry).copied().unwrap_or(0.0);
    }
    durations
}

/// Mean time that one step takes without queueing (s).
pub(super) fn step_time(plan: &Plan, pc: Id<Step>, durations: &Table<f64, Step>) -> f64 {
    let step = &plan.steps[pc];
    let speed = |service: Id<ServicePlan>| {
        let cpu = &plan.cpus[plan.instances[plan.services[service].first_instance].cpu];
        cpu.speed * cpu.cores.min(1.0)
    };
    let own_speed = || plan.service_of_step[pc].map_or(1.0, speed);
    match step {
        Step::Cpu { sampler, .. } => plan.means[*sampler] / own_speed(),
        Step::Wait { sampler, .. } => plan.means[*sampler],
        Step::Rpc { call, .. } => {
            let site = &plan.calls[*call];
            let (client, server) = protocol_means(plan, *call);
            let own = client / own_speed();
            own + server / speed(site.service) + hop_mean(plan) + durations[site.entry]
        }
        Step::Fork { .. } => {
            let branches = starts(plan, step).into_iter();
            branches.map(|(to, _)| durations[to]).fold(0.0, f64::max)
        }
        Step::Local { .. } | Step::Repeat { .. } => {
            starts(plan, step).into_iter().map(|(to, times)| times * durations[to]).sum()
        }
        Step::External { external, .. } => plan.externals[*external].mean_latency,
        Step::DatabaseHop { .. } => hop_mean(plan) / 2.0,
        Step::DatabaseCpu { statement, .. } => plan.statements[*statement].mean_cpu,
        Step::Pages { statement, .. } => {
            let statement = &plan.statements[*statement];
            mean_misses(statement) * plan.databases[statement.database].mean_read
        }
        Step::Flush { database } => plan.databases[*database].mean_flush,
        _ => 0.0,
    }
}

/// Page reads of a statement that the buffer cache misses, on average.
pub(super) fn mean_misses(statement: &StatementPlan) -> f64 {
    statement.pages.iter().map(|part| f64::from(part.count) * part.miss).sum()
}

/// Mean round trip between two services of a zone (s).
fn hop_mean(plan: &Plan) -> f64 {
    plan.links.get(Locality::SameZone as usize).map_or(0.0, |link| link.mean_rtt)
}

/// Mean CPU of the protocol at the caller and at the callee (s).
pub(super) fn protocol_means(plan: &Plan, call: Id<CallSite>) -> (f64, f64) {
    let call = &plan.calls[call];
    let mean = |sampler: Option<Id<Sampler>>| sampler.map_or(0.0, |sampler| plan.means[sampler]);
    let bytes = call.bytes_cpu as f64 / 1e9;
    (mean(call.client_cpu) + bytes, mean(call.server_cpu) + bytes)
}
