//! What arithmetic shows before a run: the utilisation law (Denning & Buzen 1978) over every resource.
//!
//! Times that a thread, a connection or a row lock is held count the work and the hops within, without
//! any queueing: the true ones are longer, so what is said to saturate saturates no later.

use std::collections::BTreeMap;

use super::durations::{durations, step_time};
use super::facts::{Borrowed, Need, WaitsFor, facts};
use super::rates::{mean_rate, peak_rate};
use super::visits::{callers_first, visits_at};
use crate::ids::{Id, Table};
use crate::model::{Arrivals, Threads};
use crate::plan::{
    CpuPlan, DatabasePlan, EndpointShare, ExternalPlan, Plan, ServicePlan, SourcePlan, Step,
    TablePlan,
};

/// Loads of all resources at the workload's own rate.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// Outside requests that come [1/s]; 0 for closed workloads.
    pub offered_per_second: f64,
    /// Requests per second that closed users reach at the most, by the asymptotic bounds.
    pub closed_bound_per_second: Option<f64>,
    /// Whether overload loses requests instead of piling them up.
    pub sheds: bool,
    /// Things that happen, of those requests that can be carried [1/s]: each step that takes time is one.
    pub events_per_second: f64,
    /// Every resource with a capacity, busiest first.
    pub loads: Vec<Load>,
    /// The same when all rates are at their highest; `None` where they never change.
    pub peak: Option<Box<Forecast>>,
}

/// Load of one resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Load {
    /// Such as `orders cpu`, `main connections of shop`, `row lock inventory.stock`.
    pub resource: String,
    /// Offered load over capacity; above 1 it cannot be carried.
    pub utilisation: f64,
}

impl Forecast {
    /// The busiest resource.
    pub fn bottleneck(&self) -> Option<&Load> {
        self.loads.first()
    }

    /// Rate at which the busiest resource saturates [1/s].
    pub fn saturates_at(&self) -> Option<f64> {
        let load = self.bottleneck().filter(|load| load.utilisation > 0.0)?;
        let rate = self.closed_bound_per_second.unwrap_or(self.offered_per_second);
        Some(rate / load.utilisation)
    }
}

/// The forecast of a plan.
pub fn forecast(plan: &Plan) -> Forecast {
    let changes = |arrivals: &Arrivals| peak_rate(arrivals) > mean_rate(arrivals);
    let peak = plan.load.sources.iter().any(|source| changes(&source.arrivals));
    let peak = peak.then(|| Box::new(forecast_at(plan, &peak_rate)));
    Forecast { peak, ..forecast_at(plan, &mean_rate) }
}

fn forecast_at(plan: &Plan, rate: &dyn Fn(&Arrivals) -> f64) -> Forecast {
    let sources = || plan.load.sources.iter();
    let all_closed = !plan.load.sources.is_empty() && sources().all(|s| is_closed(&s.arrivals));
    let roots: Vec<Id<Step>> = plan
        .load
        .endpoints
        .iter()
        .map(|endpoint| plan.program.calls[endpoint.call].entry)
        .collect();
    let durations = durations(plan, &callers_first(plan, &roots));
    // How often closed users come beside open arrivals, queueing decides: only the others are sure to.
    let rates: Vec<f64> = sources()
        .map(|source| match &source.arrivals {
            Arrivals::Closed { .. } if all_closed => unqueued_rate(plan, source, &durations),
            Arrivals::Closed { .. } => 0.0,
            open => rate(open),
        })
        .collect();
    let steps = visits_at(plan, &rates);
    let events: f64 = plan.program.steps.ids().map(|pc| steps[pc] * events_of(plan, pc)).sum();
    let mut loads = loads_at(plan, &rates, &durations);
    let busiest = loads.iter().map(|load| load.utilisation).fold(1.0, f64::max);
    let open = sources().zip(&rates).filter(|(source, _)| !is_closed(&source.arrivals));
    let offered_per_second = open.map(|(_, rate)| rate).sum();
    let bound = || closed_bound(plan, &rates, &durations, &mut loads);
    let closed_bound_per_second = all_closed.then(bound);
    loads.retain(|load| load.utilisation > 0.0);
    loads.sort_by(|a, b| {
        b.utilisation.total_cmp(&a.utilisation).then_with(|| a.resource.cmp(&b.resource))
    });
    let sheds = plan.sheds();
    let events_per_second = rates.iter().sum::<f64>() + events / busiest;
    let peak = None;
    Forecast { offered_per_second, closed_bound_per_second, sheds, events_per_second, loads, peak }
}

fn loads_at(plan: &Plan, rates: &[f64], durations: &Table<f64, Step>) -> Vec<Load> {
    Arithmetic { plan, rates: visits_at(plan, rates), durations }.offered().loads(plan)
}

/// How often something happens in one execution of a step.
fn events_of(plan: &Plan, pc: Id<Step>) -> f64 {
    let facts = facts(plan, pc);
    let reads = facts.needs.iter().map(|need| match need {
        Need::Reads { count, .. } => *count,
        Need::ServiceCpu { .. }
        | Need::DatabaseCpu { .. }
        | Need::Pages { .. }
        | Need::ThirdParty { .. } => 0.0,
    });
    let takes_time = if facts.mean > 0.0 { 1.0 } else { 0.0 };
    reads.fold(takes_time, f64::max)
}

fn is_closed(arrivals: &Arrivals) -> bool {
    matches!(arrivals, Arrivals::Closed { .. })
}

struct Arithmetic<'a> {
    plan: &'a Plan,
    rates: Table<f64, Step>,
    /// Mean time of a frame that starts at a step, without queueing (s).
    durations: &'a Table<f64, Step>,
}

impl Arithmetic<'_> {
    /// Work, reads and times per second that each resource is asked for or held.
    fn offered(&self) -> Offered {
        let plan = self.plan;
        let mut offered = Offered {
            cpus: Table::filled(0.0, &plan.site.cpus),
            threads: Table::filled(0.0, &plan.site.services),
            connections: Table::filled(
                Table::filled(0.0, &plan.site.databases),
                &plan.site.services,
            ),
            rows: BTreeMap::new(),
            reads: Table::filled(0.0, &plan.site.databases),
            externals: Table::filled(0.0, &plan.site.externals),
        };
        for (pc, rate) in plan.program.steps.ids().zip(&self.rates) {
            let facts = facts(plan, pc);
            for need in facts.needs {
                offered.add_need(plan, need, *rate);
            }
            if let Some(waits_for) = facts.waits_for {
                self.add_held(&mut offered, waits_for, pc);
            }
        }
        offered
    }

    /// How much of the time something is held that the step `pc` takes.
    fn add_held(&self, offered: &mut Offered, taken: WaitsFor, pc: Id<Step>) {
        let rate = self.rates[pc];
        let time = match taken.held() {
            None => self.durations[pc],
            Some(held) => self.time_until_back(pc, held),
        };
        match taken {
            WaitsFor::Thread(service) => offered.threads[service] += rate * time,
            WaitsFor::Connection { of, to } => offered.connections[of][to] += rate * time,
            WaitsFor::Rows { database, table, hottest } => {
                *offered.rows.entry((database, table)).or_default() += rate * hottest * time;
            }
        }
    }

    /// Mean time from behind step `pc` until the frame gives back what it holds since then (s).
    fn time_until_back(&self, pc: Id<Step>, held: Borrowed) -> f64 {
        let mut reached = BTreeMap::from([(pc, 1.0)]);
        let mut time = 0.0;
        while let Some((at, share)) = reached.pop_first() {
            let facts = facts(self.plan, at);
            if at != pc {
                if facts.gives_back == Some(held) {
                    continue;
                }
                time += share * step_time(&facts, self.durations);
            }
            for next in facts.next.iter().filter(|next| next.to > at) {
                *reached.entry(next.to).or_insert(0.0) += share * next.probability;
            }
        }
        time
    }
}

/// How often the users of a closed source come who think and are served without any queueing [1/s].
fn unqueued_rate(plan: &Plan, source: &SourcePlan, durations: &Table<f64, Step>) -> f64 {
    let Arrivals::Closed { users, think } = &source.arrivals else {
        return 0.0;
    };
    let (mut below, mut response) = (0.0, 0.0);
    for EndpointShare { cumulative, endpoint } in &source.endpoints {
        let call = plan.load.endpoints[*endpoint].call;
        response += (cumulative - below) * durations[plan.program.calls[call].entry];
        below = *cumulative;
    }
    f64::from(*users) / (think.mean() + response).max(1e-9)
}

/// Most closed sources of which each is looked at alone; of more only the users bound what comes.
const MOST_ALONE: usize = 256;

/// What all closed users reach at the most [1/s]. `rates`: what those of each source do without queueing. `loads`
/// are those at these rates; where they are more than anything can carry, they become those at which the busiest
/// carries all it can.
fn closed_bound(
    plan: &Plan,
    rates: &[f64],
    durations: &Table<f64, Step>,
    loads: &mut [Load],
) -> f64 {
    let unqueued: f64 = rates.iter().sum();
    let busiest = loads.iter().map(|load| load.utilisation).fold(0.0, f64::max);
    if busiest <= 1.0 {
        return unqueued;
    }
    let too_busy = loads.iter().filter(|load| load.utilisation > 1.0);
    let too_busy: Vec<String> = too_busy.map(|load| load.resource.clone()).collect();
    loads.iter_mut().for_each(|load| load.utilisation /= busiest);
    if rates.len() > MOST_ALONE {
        return unqueued;
    }
    let demands: Vec<BTreeMap<String, f64>> = (0..rates.len())
        .map(|alone| {
            let mut one = vec![0.0; rates.len()];
            one[alone] = 1.0;
            let loads = loads_at(plan, &one, durations).into_iter();
            loads.map(|load| (load.resource, load.utilisation)).collect()
        })
        .collect();
    let bounds = too_busy.iter().map(|resource| {
        let demand = |of: &BTreeMap<String, f64>| of.get(resource).copied().unwrap_or(0.0);
        most_within(rates.iter().copied().zip(demands.iter().map(demand)).collect())
    });
    bounds.fold(unqueued, f64::min)
}

/// The most requests per second that one resource can serve of sources with a greatest rate and a demand of each
/// request (s): those that ask least of it first.
fn most_within(mut sources: Vec<(f64, f64)>) -> f64 {
    sources.sort_by(|a, b| a.1.total_cmp(&b.1));
    let (mut served, mut room) = (0.0, 1.0);
    for (rate, demand) in sources {
        let taken = if demand > 0.0 { rate.min(room / demand) } else { rate };
        served += taken;
        room = f64::max(room - taken * demand, 0.0);
    }
    served
}

/// What the load asks of every resource per second: work (s), time that something is held (s), or page reads.
struct Offered {
    cpus: Table<f64, CpuPlan>,
    threads: Table<f64, ServicePlan>,
    connections: Table<Table<f64, DatabasePlan>, ServicePlan>,
    /// The hottest row of each table that is locked.
    rows: BTreeMap<(Id<DatabasePlan>, Id<TablePlan>), f64>,
    reads: Table<f64, DatabasePlan>,
    externals: Table<f64, ExternalPlan>,
}

impl Offered {
    fn add_need(&mut self, plan: &Plan, need: Need, rate: f64) {
        match need {
            // Spread over the instances of the service.
            Need::ServiceCpu { service, seconds } => {
                let work = rate * seconds / f64::from(plan.site.services[service].replicas);
                let instances = plan.site.instances.iter();
                for instance in instances.filter(|instance| instance.service == service) {
                    self.cpus[instance.cpu] += work;
                }
            }
            Need::DatabaseCpu { database, seconds } => {
                self.cpus[plan.site.databases[database].cpu] += rate * seconds;
            }
            // What of them is read from the volume is a need of its own.
            Need::Pages { .. } => {}
            Need::Reads { database, count } => self.reads[database] += rate * count,
            Need::ThirdParty { external, seconds } => self.externals[external] += rate * seconds,
        }
    }

    /// What is offered to every resource over its capacity.
    fn loads(self, plan: &Plan) -> Vec<Load> {
        let mut loads = cpu_loads(plan, self.cpus);
        loads.extend(thread_loads(plan, self.threads));
        loads.extend(connection_loads(plan, self.connections));
        for ((database, table), utilisation) in self.rows {
            let table = &plan.site.databases[database].tables[table].name;
            loads.push(Load { resource: format!("hottest row of {table}"), utilisation });
        }
        loads.extend(volume_loads(plan, self.reads));
        let limited =
            plan.site.externals.iter().zip(self.externals).filter_map(|(external, busy)| {
                let utilisation = busy / f64::from(external.concurrency?);
                Some(Load { resource: external.name.clone(), utilisation })
            });
        loads.extend(limited);
        loads
    }
}

fn cpu_loads(plan: &Plan, work: Table<f64, CpuPlan>) -> Vec<Load> {
    // Instances of a service are alike: one load for all of them.
    let mut loads: Vec<Load> = Vec::new();
    let mut last = None;
    for (cpu, work) in plan.site.cpus.iter().zip(work) {
        if last == Some(&cpu.used_by) {
            continue;
        }
        last = Some(&cpu.used_by);
        let resource = format!("{} cpu", plan.cpu_name(&cpu.used_by));
        loads.push(Load { resource, utilisation: work / (cpu.cores * cpu.speed) });
    }
    loads
}

fn thread_loads(plan: &Plan, held: Table<f64, ServicePlan>) -> Vec<Load> {
    let pools = plan.site.services.iter().zip(held).filter_map(|(service, held)| {
        let size = match service.threads {
            Threads::Pool(threads) => threads,
            Threads::Async { max_in_flight } => max_in_flight?,
        };
        let utilisation = held / f64::from(size) / f64::from(service.replicas);
        Some(Load { resource: format!("{} threads", service.name), utilisation })
    });
    pools.collect()
}

fn connection_loads(plan: &Plan, held: Table<Table<f64, DatabasePlan>, ServicePlan>) -> Vec<Load> {
    let mut loads = Vec::new();
    for (service, held) in plan.site.services.iter().zip(held) {
        let pools = &plan.site.instances[service.first_instance].pools;
        for ((database, pool), held) in plan.site.databases.iter().zip(pools).zip(held) {
            let Some(pool) = *pool else {
                continue;
            };
            let each = f64::from(plan.site.pools[pool].size);
            loads.push(Load {
                resource: format!("{} connections to {}", service.name, database.name),
                utilisation: held / each / f64::from(service.replicas),
            });
        }
    }
    loads
}

fn volume_loads(plan: &Plan, reads: Table<f64, DatabasePlan>) -> Vec<Load> {
    let mut loads = Vec::new();
    for (database, reads) in plan.site.databases.iter().zip(reads) {
        let utilisation = reads * database.mean_read / f64::from(database.parallelism);
        let resource = format!("database {} storage", database.name);
        loads.push(Load { resource, utilisation });
        if let Some(iops) = database.iops {
            let resource = format!("database {} storage iops", database.name);
            loads.push(Load { resource, utilisation: reads / f64::from(iops) });
        }
    }
    loads
}

#[cfg(test)]
mod tests {
    use super::most_within;

    #[test]
    fn a_resource_serves_first_who_asks_least_of_it() {
        assert_eq!(most_within(vec![(10.0, 0.05)]), 10.0);
        assert_eq!(most_within(vec![(100.0, 0.05)]), 20.0);
        assert_eq!(most_within(vec![(100.0, 0.05), (3.0, 0.0), (50.0, 0.01)]), 50.0 + 3.0 + 10.0);
    }
}
