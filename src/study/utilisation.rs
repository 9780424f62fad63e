//! How busy each resource was, by the list that arithmetic goes by as well.

use super::estimate::{Estimate, estimate_of_share};
use super::findings::Utilisation;
use super::measured::{Cores, Measured};
use super::summary::per_replication;
use crate::ids::Id;
use crate::measure::{Gauge, Outcome};
use crate::plan::{DatabasePlan, Plan, Resource, ServicePlan};

/// Utilisation of every resource.
pub(super) fn utilisation(plan: &Plan, outcomes: &[Outcome]) -> Vec<Utilisation> {
    let resources = plan.resources().into_iter();
    let busy = resources.map(|resource| Utilisation {
        resource: resource.name(plan),
        share: busy(plan, outcomes, resource),
    });
    busy.collect()
}

/// Busy share of one resource.
pub(super) fn busy(plan: &Plan, outcomes: &[Outcome], resource: Resource) -> Estimate {
    let shares = per_replication(outcomes, |outcome| busy_once(plan, outcome, resource));
    estimate_of_share(&shares)
}

fn busy_once(plan: &Plan, outcome: &Outcome, resource: Resource) -> f64 {
    let measured = Measured::of(outcome);
    let level = |gauge: &Gauge| measured.level(gauge);
    let database = |id: Id<DatabasePlan>| &outcome.databases[id.index()];
    let replicas = |service: Id<ServicePlan>| {
        outcome.capacities.replicas[service.index()].mean(outcome.measured_ns)
    };
    match resource {
        Resource::Cpu(cpu) => {
            let cores = Cores::of(plan, &plan.site.cpus[cpu].used_by);
            cores.map_or(0.0, |cores| {
                measured.busy(cores.busy(&outcome.cpu_busy)) / cores.mean(outcome)
            })
        }
        Resource::Threads(service) => {
            let threads = f64::from(plan.threads_of(service).unwrap_or(u32::MAX));
            level(&outcome.services[service.index()].serving) / (threads * replicas(service))
        }
        Resource::Connections { of, to } => {
            let instances = plan.site.instances.iter().filter(|instance| instance.service == of);
            let pools = instances.filter_map(|instance| instance.pools[to]);
            let in_use: f64 = pools.clone().map(|pool| level(&outcome.pools[pool.index()])).sum();
            let size = pools.map(|pool| f64::from(plan.site.pools[pool].size)).fold(1.0, f64::max);
            in_use / (size * replicas(of))
        }
        Resource::HottestRow { database: id, table } => level(&database(id).hottest[table.index()]),
        Resource::Storage(id) => {
            let record = database(id);
            let reads = record.read_ns as f64 + record.read_ages as f64;
            measured.busy(reads) / f64::from(plan.site.databases[id].parallelism)
        }
        Resource::Operations(id) => measured.busy(database(id).capped_ns as f64),
        Resource::Log(id) => level(&database(id).flushing),
        Resource::ThirdParty(id) => {
            let calls = plan.site.externals[id].concurrency.unwrap_or(u32::MAX);
            level(&outcome.externals[id.index()].busy) / f64::from(calls)
        }
        Resource::Consumers(id) => {
            let busy: f64 = outcome.groups[id.index()].busy.iter().map(level).sum();
            busy / f64::from(plan.working_consumers(id))
        }
    }
}
