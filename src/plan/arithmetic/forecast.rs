//! What arithmetic shows before a run: the utilisation law (Denning & Buzen 1978) over every resource.
//!
//! Times that a thread, a connection or a row lock is held count the work and the hops within, without
//! any queueing: the true ones are longer, so what is said to saturate saturates no later.

use std::collections::BTreeMap;

use super::durations::{durations, mean_misses, protocol_means, step_time};
use super::rates::{mean_rate, peak_rate};
use super::visits::{callers_first, successors, visits_at};
use crate::ids::{Id, Table};
use crate::model::{Arrivals, Threads};
use crate::plan::{CpuPlan, DatabasePlan, EndpointShare, Plan, ServicePlan, Step, TablePlan};

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
    let peak = plan.sources.iter().any(|source| changes(&source.arrivals));
    let peak = peak.then(|| Box::new(forecast_at(plan, &peak_rate)));
    Forecast { peak, ..forecast_at(plan, &mean_rate) }
}

fn forecast_at(plan: &Plan, rate: &dyn Fn(&Arrivals) -> f64) -> Forecast {
    // How often closed users come beside open arrivals, queueing decides: only the others are sure to.
    let mixed = plan.sources.iter().any(|source| !is_closed(&source.arrivals));
    let rate = &move |arrivals: &Arrivals| match mixed && is_closed(arrivals) {
        true => 0.0,
        false => rate(arrivals),
    };
    let roots: Vec<Id<Step>> =
        plan.endpoints.iter().map(|endpoint| plan.calls[endpoint.call].entry).collect();
    let arithmetic = Arithmetic {
        plan,
        rates: visits_at(plan, rate),
        durations: durations(plan, &callers_first(plan, &roots)),
    };
    let mut loads = arithmetic.cpus();
    loads.extend(arithmetic.threads());
    loads.extend(arithmetic.connections_and_locks());
    loads.extend(arithmetic.volumes());
    loads.extend(arithmetic.externals());
    let open = plan.sources.iter().filter(|source| !is_closed(&source.arrivals));
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
    fn cpus(&self) -> Vec<Load> {
        let plan = self.plan;
        let mut work = Table::filled(0.0, &plan.cpus);
        for ((pc, step), rate) in plan.steps.entries().zip(&self.rates) {
            match step {
                Step::Cpu { sampler, .. } => {
                    let mean = plan.means[*sampler];
                    self.on_service(plan.service_of_step[pc], rate * mean, &mut work);
                }
                Step::Rpc { call, .. } => {
                    let (client, server) = protocol_means(plan, *call);
                    self.on_service(plan.service_of_step[pc], rate * client, &mut work);
                    self.on_service(Some(plan.calls[*call].service), rate * server, &mut work);
                }
                Step::DatabaseCpu { statement, .. } => {
                    let statement = &plan.statements[*statement];
                    let cpu = plan.databases[statement.database].cpu;
                    work[cpu] += rate * statement.mean_cpu;
                }
                _ => {}
            }
        }
        // Instances of a service are alike: one load for all of them.
        let mut loads: Vec<Load> = Vec::new();
        let mut last = None;
        for (cpu, work) in plan.cpus.iter().zip(work) {
            if last == Some(&cpu.used_by) {
                continue;
            }
            last = Some(&cpu.used_by);
            let resource = format!("{} cpu", plan.cpu_name(&cpu.used_by));
            loads.push(Load { resource, utilisation: work / (cpu.cores * cpu.speed) });
        }
        loads
    }

    /// Spreads work over the instances of a service.
    fn on_service(
        &self,
        service: Option<Id<ServicePlan>>,
        work: f64,
        cpus: &mut Table<f64, CpuPlan>,
    ) {
        let Some(service) = service else {
            return;
        };
        let plan = &self.plan.services[service];
        let instances = self.plan.instances.iter();
        for instance in instances.filter(|instance| instance.service == service) {
            cpus[instance.cpu] += work / f64::from(plan.replicas);
        }
    }

    fn threads(&self) -> Vec<Load> {
        let plan = self.plan;
        let mut held = Table::filled(0.0, &plan.services);
        for (pc, step) in plan.steps.entries() {
            if let (Step::Enter, Some(service)) = (step, plan.service_of_step[pc]) {
                held[service] += self.rates[pc] * self.durations[pc];
            }
        }
        let pools = plan.services.iter().zip(held).filter_map(|(service, held)| {
            let size = match service.threads {
                Threads::Pool(threads) => threads,
                Threads::Async { max_in_flight } => max_in_flight?,
            };
            let utilisation = held / f64::from(size) / f64::from(service.replicas);
            Some(Load { resource: format!("{} threads", service.name), utilisation })
        });
        pools.collect()
    }

    fn connections_and_locks(&self) -> Vec<Load> {
        let plan = self.plan;
        let mut held = Table::filled(Table::filled(0.0, &plan.databases), &plan.services);
        let mut rows: BTreeMap<(Id<DatabasePlan>, Id<TablePlan>), f64> = BTreeMap::new();
        for ((pc, step), rate) in plan.steps.entries().zip(&self.rates) {
            match step {
                Step::Begin { database, .. } => {
                    let end = |step: &Step| *step == Step::Release { database: *database };
                    if let Some(service) = plan.service_of_step[pc] {
                        held[service][*database] += rate * self.time_until(pc, &end);
                    }
                }
                Step::Lock { statement, .. } => {
                    let statement = &plan.statements[*statement];
                    let Some(locks) = &statement.locks else {
                        continue;
                    };
                    let end = |step: &Step| *step == Step::Commit { database: statement.database };
                    *rows.entry((statement.database, locks.table)).or_default() += rate
                        * (f64::from(locks.rows) * locks.hottest).min(1.0)
                        * self.time_until(pc, &end);
                }
                _ => {}
            }
        }
        let mut loads = Vec::new();
        for (service, held) in plan.services.iter().zip(held) {
            let pools = &plan.instances[service.first_instance].pools;
            for ((database, pool), held) in plan.databases.iter().zip(pools).zip(held) {
                let Some(pool) = *pool else {
                    continue;
                };
                let each = f64::from(plan.pools[pool].size);
                loads.push(Load {
                    resource: format!("{} connections to {}", service.name, database.name),
                    utilisation: held / each / f64::from(service.replicas),
                });
            }
        }
        for ((database, table), utilisation) in rows {
            let table = &plan.databases[database].tables[table].name;
            loads.push(Load { resource: format!("hottest row of {table}"), utilisation });
        }
        loads
    }

    fn volumes(&self) -> Vec<Load> {
        let plan = self.plan;
        let mut reads = Table::filled(0.0, &plan.databases);
        for (step, rate) in plan.steps.iter().zip(&self.rates) {
            if let Step::Pages { statement, .. } = step {
                let statement = &plan.statements[*statement];
                reads[statement.database] += rate * mean_misses(statement);
            }
        }
        let mut loads = Vec::new();
        for (database, reads) in plan.databases.iter().zip(reads) {
            let utilisation = reads * database.mean_read / f64::from(database.parallelism);
            loads.push(Load {
                resource: format!("database {} storage", database.name),
                utilisation,
            });
            if let Some(iops) = database.iops {
                let resource = format!("database {} storage iops", database.name);
                loads.push(Load { resource, utilisation: reads / f64::from(iops) });
            }
        }
        loads
    }

    fn externals(&self) -> Vec<Load> {
        let plan = self.plan;
        let mut busy = Table::filled(0.0, &plan.externals);
        for (step, rate) in plan.steps.iter().zip(&self.rates) {
            if let Step::External { external, .. } = step {
                busy[*external] += rate * plan.externals[*external].mean_latency;
            }
        }
        let limited = plan.externals.iter().zip(busy).filter_map(|(external, busy)| {
            let utilisation = busy / f64::from(external.concurrency?);
            Some(Load { resource: external.name.clone(), utilisation })
        });
        limited.collect()
    }

    /// Mean time from behind step `pc` until the frame reaches a step that `ends` it (s).
    fn time_until(&self, pc: Id<Step>, ends: &dyn Fn(&Step) -> bool) -> f64 {
        let plan = self.plan;
        let mut reached = BTreeMap::from([(pc, 1.0)]);
        let mut time = 0.0;
        while let Some((at, share)) = reached.pop_first() {
            if at != pc {
                if ends(&plan.steps[at]) {
                    continue;
                }
                time += share * step_time(plan, at, &self.durations);
            }
            for (to, part) in successors(plan, at).into_iter().filter(|(to, _)| *to > at) {
                *reached.entry(to).or_insert(0.0) += share * part;
            }
        }
        time
    }

    /// Bound on the throughput of closed users: the busiest resource, or all users thinking and served
    /// without queueing. `None` unless all sources are closed.
    fn closed_bound(&self, loads: &[Load]) -> Option<f64> {
        let plan = self.plan;
        if plan.sources.is_empty() || !plan.sources.iter().all(|source| is_closed(&source.arrivals))
        {
            return None;
        }
        let mut unqueued = 0.0;
        for source in &plan.sources {
            let Arrivals::Closed { users, think } = &source.arrivals else {
                continue;
            };
            let mut below = 0.0;
            let mut response = 0.0;
            for EndpointShare { cumulative, endpoint } in &source.endpoints {
                let call = plan.endpoints[*endpoint].call;
                let entry = plan.calls[call].entry;
                response += (cumulative - below) * self.durations[entry];
                below = *cumulative;
            }
            let cycle = (think.mean() + response).max(1e-9);
            unqueued += f64::from(*users) / cycle;
        }
        // Visits counted one request a second for each source.
        let busiest = loads.iter().map(|load| load.utilisation).fold(0.0, f64::max);
        let sources = plan.sources.len() as f64;
        let bound = if busiest > 0.0 { unqueued.min(sources / busiest) } else { unqueued };
        Some(bound / sources)
    }
}
