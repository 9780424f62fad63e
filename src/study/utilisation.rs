//! How busy each resource was, by the list that arithmetic goes by as well.

use super::estimate::{Estimate, estimate_of_share};
use super::findings::{PeakWindow, Utilisation};
use super::measured::{Cores, Measured};
use super::summary::per_replication;
use super::timeline::InstancesInWindow;
use crate::ids::Id;
use crate::measure::{Gauge, Outcome, Window};
use crate::plan::{CpuUse, DatabasePlan, ExternalPlan, Plan, Resource, ServicePlan};

/// Utilisation of every resource.
pub(super) fn utilisation(plan: &Plan, outcomes: &[Outcome]) -> Vec<Utilisation> {
    let resources = plan.resources().into_iter().enumerate();
    let busy = resources.map(|(place, resource)| Utilisation {
        resource: resource.name(plan),
        share: busy(plan, outcomes, resource),
        peak: peak(outcomes, place, capacity(plan, resource), fleet(plan, resource)),
    });
    busy.collect()
}

/// The busiest window of the resource at this place of the list, of so many things.
fn peak(
    outcomes: &[Outcome],
    place: usize,
    capacity: f64,
    fleet: Option<InstancesInWindow>,
) -> Option<PeakWindow> {
    let count = outcomes.iter().map(|outcome| outcome.timeline.windows.len()).min()?;
    let share = |outcome: &Outcome, window: &Window| {
        let replications = f64::from(outcome.replications);
        let time = (window.to - window.from) as f64 * replications;
        let growth = fleet.map_or(1.0, |fleet| fleet.growth(window, replications));
        window.in_use[place] / (capacity * time * growth)
    };
    let shares = |index: usize| -> Vec<f64> {
        let each = outcomes.iter().map(|outcome| (outcome, &outcome.timeline.windows[index]));
        each.map(|(outcome, window)| share(outcome, window)).collect()
    };
    let mut busiest: Option<(usize, f64)> = None;
    for index in 0..count {
        let sum: f64 = shares(index).iter().sum();
        if busiest.is_none_or(|(_, most)| sum > most) {
            busiest = Some((index, sum));
        }
    }
    let (index, _) = busiest?;
    let window = &outcomes[0].timeline.windows[index];
    let seconds = |time: u64| time as f64 / 1e9;
    Some(PeakWindow {
        from_seconds: seconds(window.from),
        to_seconds: seconds(window.to),
        share: estimate_of_share(&shares(index)),
    })
}

/// How many things a resource is, as it is planned.
fn capacity(plan: &Plan, resource: Resource) -> f64 {
    let replicas = |service: Id<ServicePlan>| f64::from(plan.site.services[service].replicas);
    match resource {
        Resource::Cpu(cpu) => {
            Cores::of(plan, &plan.site.cpus[cpu].used_by).map_or(1.0, |cores| cores.count)
        }
        Resource::Threads(service) => threads_of_one(plan, service) * replicas(service),
        Resource::Connections { of, to } => size_of_pools(plan, of, to) * replicas(of),
        Resource::Storage(id) => f64::from(plan.site.databases[id].parallelism),
        Resource::HottestRow { .. } | Resource::Operations(_) | Resource::Log(_) => 1.0,
        Resource::ThirdParty(id) => calls_of(plan, id),
        Resource::Consumers(id) => f64::from(plan.working_consumers(id)),
    }
}

/// Whose instances each have a part of a resource.
fn fleet(plan: &Plan, resource: Resource) -> Option<InstancesInWindow> {
    let service = match resource {
        Resource::Cpu(cpu) => match plan.site.cpus[cpu].used_by {
            CpuUse::Service(service) => service,
            CpuUse::Machine(_) | CpuUse::Database(_) => return None,
        },
        Resource::Threads(service) | Resource::Connections { of: service, .. } => service,
        Resource::HottestRow { .. }
        | Resource::Storage(_)
        | Resource::Operations(_)
        | Resource::Log(_)
        | Resource::ThirdParty(_)
        | Resource::Consumers(_) => return None,
    };
    let at_start = f64::from(plan.site.services[service].replicas);
    Some(InstancesInWindow { number: service.index(), at_start })
}

fn threads_of_one(plan: &Plan, service: Id<ServicePlan>) -> f64 {
    f64::from(plan.threads_of(service).unwrap_or(u32::MAX))
}

/// Connections of an instance of a service to a database.
fn size_of_pools(plan: &Plan, of: Id<ServicePlan>, to: Id<DatabasePlan>) -> f64 {
    let instances = plan.site.instances.iter().filter(|instance| instance.service == of);
    let pools = instances.filter_map(|instance| instance.pools[to]);
    pools.map(|pool| f64::from(plan.site.pools[pool].size)).fold(1.0, f64::max)
}

/// Calls that a third party takes at the same time.
fn calls_of(plan: &Plan, id: Id<ExternalPlan>) -> f64 {
    f64::from(plan.site.externals[id].concurrency.unwrap_or(u32::MAX))
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
            let threads = threads_of_one(plan, service);
            level(&outcome.services[service.index()].serving) / (threads * replicas(service))
        }
        Resource::Connections { of, to } => {
            let instances = plan.site.instances.iter().filter(|instance| instance.service == of);
            let pools = instances.filter_map(|instance| instance.pools[to]);
            let in_use: f64 = pools.map(|pool| level(&outcome.pools[pool.index()])).sum();
            in_use / (size_of_pools(plan, of, to) * replicas(of))
        }
        Resource::HottestRow { database: id, table } => level(&database(id).hottest[table.index()]),
        Resource::Storage(id) => {
            let record = database(id);
            let reads = record.read_ns as f64 + record.read_ages as f64;
            measured.busy(reads) / f64::from(plan.site.databases[id].parallelism)
        }
        Resource::Operations(id) => measured.busy(database(id).capped_ns as f64),
        Resource::Log(id) => level(&database(id).flushing),
        Resource::ThirdParty(id) => level(&outcome.externals[id.index()].busy) / calls_of(plan, id),
        Resource::Consumers(id) => {
            let busy: f64 = outcome.groups[id.index()].busy.iter().map(level).sum();
            busy / f64::from(plan.working_consumers(id))
        }
    }
}
