//! Mean times without any queueing: of every step, and of every frame with all that it waits for.

use super::visits::{reached_from, starts, successors};
use super::{NONE, Plan, StatementPlan, Step};
use crate::model::Locality;

/// Mean time of every frame without queueing, callees before callers (s).
pub(super) fn durations(plan: &Plan, callers_first: &[u32]) -> Vec<f64> {
    let mut durations = vec![0.0; plan.steps.len()];
    for entry in callers_first.iter().rev() {
        let mut behind = std::collections::BTreeMap::new();
        for pc in reached_from(plan, *entry).into_iter().rev() {
            let next: f64 = successors(plan, pc)
                .into_iter()
                .map(|(to, share)| share * behind.get(&to).copied().unwrap_or(0.0))
                .sum();
            behind.insert(pc, step_time(plan, pc, &durations) + next);
        }
        durations[*entry as usize] = behind.get(entry).copied().unwrap_or(0.0);
    }
    durations
}

/// Mean time that one step takes without queueing (s).
pub(super) fn step_time(plan: &Plan, pc: u32, durations: &[f64]) -> f64 {
    let step = &plan.steps[pc as usize];
    let speed = |service: u32| {
        let service = &plan.services[service as usize];
        let cpu = plan.instances[service.first_instance as usize].cpu;
        let cpu = &plan.cpus[cpu as usize];
        cpu.speed * cpu.cores.min(1.0)
    };
    match step {
        Step::Cpu { sampler, .. } => {
            plan.means[*sampler as usize] / speed(plan.service_of_step[pc as usize])
        }
        Step::Wait { sampler, .. } => plan.means[*sampler as usize],
        Step::Rpc { call, .. } => {
            let site = &plan.calls[*call as usize];
            let (client, server) = protocol_means(plan, *call);
            let own = client / speed(plan.service_of_step[pc as usize]);
            own + server / speed(site.service) + hop_mean(plan) + durations[site.entry as usize]
        }
        Step::Fork { .. } => {
            let branches = starts(plan, step).into_iter();
            branches.map(|(to, _)| durations[to as usize]).fold(0.0, f64::max)
        }
        Step::Local { .. } | Step::Repeat { .. } => {
            starts(plan, step).into_iter().map(|(to, times)| times * durations[to as usize]).sum()
        }
        Step::External { external, .. } => plan.externals[*external as usize].mean_latency,
        Step::DatabaseHop { .. } => hop_mean(plan) / 2.0,
        Step::DatabaseCpu { statement, .. } => plan.statements[*statement as usize].mean_cpu,
        Step::Pages { statement, .. } => {
            let statement = &plan.statements[*statement as usize];
            mean_misses(statement) * plan.databases[statement.database as usize].mean_read
        }
        Step::Flush { database } => plan.databases[*database as usize].mean_flush,
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
pub(super) fn protocol_means(plan: &Plan, call: u32) -> (f64, f64) {
    let call = &plan.calls[call as usize];
    let mean = |sampler: u32| {
        if sampler == NONE { 0.0 } else { plan.means[sampler as usize] }
    };
    let bytes = call.bytes_cpu as f64 / 1e9;
    (mean(call.client_cpu) + bytes, mean(call.server_cpu) + bytes)
}
