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
    CpuPlan, DatabasePlan, EndpointShare, ExternalPlan, Plan, ServicePlan, Step, TablePlan,
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
    // How often closed users come beside open arrivals, queueing decides: only the others are sure to.
    let mixed = plan.load.sources.iter().any(|source| !is_closed(&source.arrivals));
    let rate = &move |arrivals: &Arrivals| match mixed && is_closed(arrivals) {
        true => 0.0,
        false => rate(arrivals),
    };
    let roots: Vec<Id<Step>> = plan
        .load
        .endpoints
        .iter()
        .map(|endpoint| plan.program.calls[endpoint.call].entry)
        .collect();
    let arithmetic = Arithmetic {
        plan,
        rates: visits_at(plan, rate),
        durations: durations(plan, &callers_first(plan, &roots)),
    };
    let mut loads = arithmetic.offered().loads(plan);
    let open = plan.load.sources.iter().filter(|source| !is_closed(&source.arrivals));
    let offered_per_second = open.map(|source| rate(&source.arrivals)).sum();
    let closed_bound_per_second = arithmetic.closed_bound(&loads);
    if let Some(bound) = closed_bound_per_second {
        loads.iter_mut().for_each(|load| load.utilisation *= bound);
    }
    loads.retain(|load| load.utilisation > 0.0);
    loads.sort_by(|a, b| {
        b.utilisation.total_cmp(&a.utilisation).then_with(|| a.resource.cmp(&b.resource))
    });
    let sheds = plan.sheds();
    Forecast { offered_per_second, closed_bound_per_second, sheds, loads, peak: None }
}

fn is_closed(arrivals: &Arrivals) -> bool {
    matches!(arrivals, Arrivals::Closed { .. })
}

struct Arithmetic<'a> {
    plan: &'a Plan,
    rates: Table<f64, Step>,
    /// Mean time of a frame that starts at a step, without queueing (s).
    durations: Table<f64, Step>,
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
                time += share * step_time(&facts, &self.durations);
            }
            for next in facts.next.iter().filter(|next| next.to > at) {
                *reached.entry(next.to).or_insert(0.0) += share * next.probability;
            }
        }
        time
    }

    /// Bound on the throughput of closed users: the busiest resource, or all users thinking and served
    /// without queueing. `None` unless all sources are closed.
    fn closed_bound(&self, loads: &[Load]) -> Option<f64> {
        let plan = self.plan;
        if plan.load.sources.is_empty()
            || !plan.load.sources.iter().all(|source| is_closed(&source.arrivals))
        {
            return None;
        }
        let mut unqueued = 0.0;
        for source in &plan.load.sources {
            let Arrivals::Closed { users, think } = &source.arrivals else {
                continue;
            };
            let mut below = 0.0;
            let mut response = 0.0;
            for EndpointShare { cumulative, endpoint } in &source.endpoints {
                let call = plan.load.endpoints[*endpoint].call;
                let entry = plan.program.calls[call].entry;
                response += (cumulative - below) * self.durations[entry];
                below = *cumulative;
            }
            let cycle = (think.mean() + response).max(1e-9);
            unqueued += f64::from(*users) / cycle;
        }
        // Visits counted one request a second for each source.
        let busiest = loads.iter().map(|load| load.utilisation).fold(0.0, f64::max);
        let sources = plan.load.sources.len() as f64;
        let bound = if busiest > 0.0 { unqueued.min(sources / busiest) } else { unqueued };
        Some(bound / sources)
    }
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
