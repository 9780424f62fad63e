//! From the outcomes of independent replications to findings about services and databases.

use super::findings::{
    DatabaseFindings, Estimate, Named, QueueWait, ServiceFindings, Utilisation, Wait,
};
use super::summary::{estimate, per_replication, pooled_quantile, seconds, tells_p999};
use crate::ids::Id;
use crate::measure::{Gauge, Outcome, ServiceRecord};
use crate::model::Threads;
use crate::plan::{CpuUse, Plan};
use crate::statistics::Histogram;

/// Each service, over its instances. Waits are left out where nothing is steady.
pub(super) fn services(plan: &Plan, outcomes: &[Outcome], steady: bool) -> Named<ServiceFindings> {
    let each = plan.services.iter().enumerate();
    Named(
        each.map(|(index, service)| {
            (service.name.clone(), service_findings(plan, outcomes, index, steady))
        })
        .collect(),
    )
}

fn service_findings(
    plan: &Plan,
    outcomes: &[Outcome],
    index: usize,
    steady: bool,
) -> ServiceFindings {
    let service = &plan.services[Id::new(index)];
    let of = OneService { outcomes, index };
    let when_steady =
        |value: &dyn Fn(&ServiceRecord, &Outcome) -> f64| steady.then(|| of.each(value));
    let is_impatient = service.patience.is_some();
    let threads = match service.threads {
        Threads::Pool(threads) => Some(threads),
        Threads::Async { max_in_flight } => max_in_flight,
    };
    let replicas = |outcome: &Outcome| outcome.capacities.replicas[index].mean(outcome.measured_ns);
    let waits = if steady && threads.is_some() { of.waits() } else { Vec::new() };
    ServiceFindings {
        replicas_mean: outcomes.iter().map(replicas).sum::<f64>() / outcomes.len().max(1) as f64,
        cpu_utilisation: cpu_utilisation(plan, outcomes, &CpuUse::Service(Id::new(index))),
        thread_utilisation: threads.map(|threads| {
            of.each(&|record, outcome| {
                time_average(&record.serving, outcome) / (f64::from(threads) * replicas(outcome))
            })
        }),
        queue_length_mean: when_steady(&|record, outcome| time_average(&record.queue, outcome)),
        queue_wait_seconds: queue_wait(when_steady(&|record, _| mean_wait(record)), &waits),
        waited_share: waited_share(&waits),
        served_wait_seconds: (is_impatient && steady).then(|| served_wait(outcomes, index)),
        in_service_mean: when_steady(&|record, outcome| time_average(&record.serving, outcome)),
        residence_seconds: Wait { mean: when_steady(&residence), p99: None },
        arrivals_per_second: of.each(&|record, outcome| record.arrivals as f64 / seconds(outcome)),
        rejected_share: Some(of.each(&|record, _| share_of_arrivals(record, record.rejected))),
        abandoned_share: is_impatient
            .then(|| of.each(&|record, _| share_of_arrivals(record, record.abandoned()))),
    }
}

/// The records of one service, of every replication.
struct OneService<'a> {
    outcomes: &'a [Outcome],
    index: usize,
}

impl OneService<'_> {
    /// A value of every replication.
    fn each(&self, value: &dyn Fn(&ServiceRecord, &Outcome) -> f64) -> Estimate {
        let value = |outcome: &Outcome| value(&outcome.services[self.index], outcome);
        estimate(&per_replication(self.outcomes, value))
    }

    fn waits(&self) -> Vec<Histogram> {
        self.outcomes.iter().map(|outcome| all_waits(&outcome.services[self.index])).collect()
    }
}

/// Mean of a level over the measured time.
fn time_average(level: &Gauge, outcome: &Outcome) -> f64 {
    level.area(outcome.ended_at) / outcome.measured_ns.max(1) as f64
}

/// Mean wait for a thread (s) of all that were not turned away.
fn mean_wait(record: &ServiceRecord) -> f64 {
    let waited = record.wait_sum + record.abandoned_wait_sum;
    let count = record.arrivals - record.rejected.min(record.arrivals);
    if count == 0 { 0.0 } else { waited as f64 / count as f64 / 1e9 }
}

/// Share of the waits that were longer than nothing; `None` where there are no waits.
fn waited_share(waits: &[Histogram]) -> Option<Estimate> {
    let shares: Vec<f64> = waits.iter().filter_map(|each| each.share_above(0)).collect();
    (!shares.is_empty()).then(|| estimate(&shares))
}

/// Mean time (s) from arrival to answer by Little's law: those present, over those that left a second.
fn residence(record: &ServiceRecord, outcome: &Outcome) -> f64 {
    let present = record.queue.area(outcome.ended_at) + record.serving.area(outcome.ended_at);
    present / (record.answered + record.abandoned()).max(1) as f64 / 1e9
}

fn share_of_arrivals(record: &ServiceRecord, count: u64) -> f64 {
    count as f64 / record.arrivals.max(1) as f64
}

/// Waits for a thread of those that got one and of those that lost patience.
fn all_waits(record: &ServiceRecord) -> Histogram {
    let mut waits = record.waits.clone();
    waits.merge(&record.abandoned_waits);
    waits
}

/// Waits for a thread of those that got one.
fn served_wait(outcomes: &[Outcome], index: usize) -> QueueWait {
    let served: Vec<Histogram> =
        outcomes.iter().map(|outcome| outcome.services[index].waits.clone()).collect();
    let means = outcomes.iter().filter_map(|outcome| {
        let record = &outcome.services[index];
        let count = record.waits.count();
        (count > 0).then(|| record.wait_sum as f64 / count as f64 / 1e9)
    });
    let means: Vec<f64> = means.collect();
    queue_wait((!means.is_empty()).then(|| estimate(&means)), &served)
}

/// A mean and the percentiles of the waits of each replication.
fn queue_wait(mean: Option<Estimate>, waits: &[Histogram]) -> QueueWait {
    let percentile = |q: f64| pooled_quantile(waits, q);
    let count: u64 = waits.iter().map(Histogram::count).sum();
    QueueWait {
        mean,
        p50: percentile(0.5),
        p90: percentile(0.9),
        p99: percentile(0.99),
        p999: percentile(0.999).filter(|_| tells_p999(count)),
    }
}

/// Busy share of the cores that are used in this way; `None` where there are none.
fn cpu_utilisation(plan: &Plan, outcomes: &[Outcome], used_by: &CpuUse) -> Option<Estimate> {
    let own = plan.cpus.entries().filter(|(_, cpu)| cpu.used_by == *used_by);
    let cpus: Vec<_> = own.map(|(id, _)| id).collect();
    let cores = |outcome: &Outcome| {
        let each = cpus.iter().map(|cpu| &outcome.capacities.cores[cpu.index()]);
        each.map(|cores| cores.mean(outcome.measured_ns)).sum::<f64>()
    };
    (!cpus.is_empty()).then(|| {
        let busy = per_replication(outcomes, |outcome| {
            cpus.iter().map(|cpu| outcome.cpu_busy[cpu.index()]).sum::<f64>()
                / outcome.measured_ns.max(1) as f64
                / cores(outcome)
        });
        estimate(&busy)
    })
}

/// Each database.
pub(super) fn databases(
    plan: &Plan,
    outcomes: &[Outcome],
    steady: bool,
) -> Named<DatabaseFindings> {
    let each = plan.databases.iter().enumerate();
    Named(
        each.map(|(index, database)| {
            (database.name.clone(), database_findings(plan, outcomes, index, steady))
        })
        .collect(),
    )
}

fn database_findings(
    plan: &Plan,
    outcomes: &[Outcome],
    index: usize,
    steady: bool,
) -> DatabaseFindings {
    let database = &plan.databases[Id::new(index)];
    let each = |value: &dyn Fn(&Outcome) -> f64| estimate(&per_replication(outcomes, value));
    let mean = |sum: u128, count: u64| {
        if count == 0 { 0.0 } else { sum as f64 / count as f64 / 1e9 }
    };
    let rate =
        |count: &dyn Fn(&Outcome) -> u64| each(&|outcome| count(outcome) as f64 / seconds(outcome));
    let lock_means = database.tables.iter().enumerate().map(|(table, plan)| {
        let sum =
            outcomes.iter().map(|outcome| outcome.databases[index].lock_wait_sum[table]).sum();
        let count = outcomes.iter().map(|outcome| outcome.databases[index].locks[table]).sum();
        (plan.name.clone(), mean(sum, count))
    });
    DatabaseFindings {
        cpu_utilisation: cpu_utilisation(plan, outcomes, &CpuUse::Database(Id::new(index))),
        pool_wait_seconds: Wait {
            mean: steady.then(|| {
                each(&|outcome| {
                    let record = &outcome.databases[index];
                    mean(record.pool_wait_sum, record.acquires)
                })
            }),
            p99: None,
        },
        lock_wait_seconds: Wait {
            mean: steady.then(|| {
                each(&|outcome| {
                    let record = &outcome.databases[index];
                    mean(record.lock_wait_sum.iter().sum(), record.locks.iter().sum())
                })
            }),
            p99: None,
        },
        lock_wait_by_table: Named(if steady { lock_means.collect() } else { vec![] }),
        hit_share: Named(
            database.tables.iter().map(|table| (table.name.clone(), table.hit_share)).collect(),
        ),
        storage_utilisation: Some(each(&|outcome| {
            let record = &outcome.databases[index];
            let busy = record.read_ns as f64
                / outcome.measured_ns.max(1) as f64
                / f64::from(database.parallelism);
            let cap = database
                .iops
                .map_or(0.0, |iops| record.operations as f64 / seconds(outcome) / f64::from(iops));
            busy.max(cap)
        })),
        log_utilisation: Some(each(&|outcome| {
            outcome.databases[index].flushing.area(outcome.ended_at)
                / outcome.measured_ns.max(1) as f64
        })),
        commits_per_second: rate(&|outcome| outcome.databases[index].commits),
        flushes_per_second: rate(&|outcome| outcome.databases[index].flushes),
        statements_per_second: rate(&|outcome| outcome.databases[index].statements),
        deadlocks: outcomes.iter().map(|outcome| outcome.databases[index].deadlocks).sum(),
    }
}

/// Utilisation of every resource with a capacity.
pub(super) fn utilisation(
    plan: &Plan,
    outcomes: &[Outcome],
    services: &Named<ServiceFindings>,
    databases: &Named<DatabaseFindings>,
) -> Vec<Utilisation> {
    let mut found = Vec::new();
    let mut add = |resource: String, share: Option<Estimate>| {
        found.extend(share.map(|share| Utilisation { resource, share }));
    };
    for (name, service) in services.iter() {
        add(format!("{name} cpu"), service.cpu_utilisation);
        add(format!("{name} threads"), service.thread_utilisation);
    }
    let mut machines: Vec<&CpuUse> = plan.cpus.iter().map(|cpu| &cpu.used_by).collect();
    machines.retain(|used_by| matches!(used_by, CpuUse::Machine(_)));
    for machine in machines {
        add(format!("{} cpu", plan.cpu_name(machine)), cpu_utilisation(plan, outcomes, machine));
    }
    for (name, database) in databases.iter() {
        add(format!("database {name} cpu"), database.cpu_utilisation);
        add(format!("database {name} storage"), database.storage_utilisation);
        add(format!("database {name} log"), database.log_utilisation);
    }
    found
}
