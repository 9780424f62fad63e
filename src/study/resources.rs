//! From the outcomes of independent replications to findings about services and databases.

use super::estimate::{Estimate, estimate, estimate_of_share};
use super::findings::{DatabaseFindings, QueueWait, ServiceFindings, WaitFigures};
use super::measured::{Measured, mean_seconds, share};
use super::named::Named;
use super::summary::{estimate_of_some, per_replication, pooled_quantile, tells_p999};
use super::utilisation::busy;
use crate::ids::Id;
use crate::measure::{DatabaseRecord, Outcome, ServiceRecord};
use crate::plan::{CpuUse, Plan, Resource};
use crate::statistics::Histogram;

/// Each service, over its instances. Waits are left out where nothing is steady.
pub(super) fn services(plan: &Plan, outcomes: &[Outcome], steady: bool) -> Named<ServiceFindings> {
    let each = plan.site.services.iter().enumerate();
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
    let service = &plan.site.services[Id::new(index)];
    let each = |value: &dyn Fn(&ServiceRecord, Measured) -> f64| {
        estimate(&per_replication(outcomes, |outcome| {
            value(&outcome.services[index], Measured::of(outcome))
        }))
    };
    let share_of = |part: &dyn Fn(&ServiceRecord) -> u64| {
        let records = outcomes.iter().map(|outcome| &outcome.services[index]);
        let came = records.filter(|record| record.arrivals > 0);
        let shares: Vec<f64> = came.map(|record| share(part(record), record.arrivals)).collect();
        (!shares.is_empty()).then(|| estimate_of_share(&shares))
    };
    let time = |value: &dyn Fn(&ServiceRecord, Measured) -> Option<f64>| {
        let of = |outcome: &Outcome| value(&outcome.services[index], Measured::of(outcome));
        steady.then(|| estimate_of_some(outcomes, of))?
    };
    let when_steady = |value: &dyn Fn(&ServiceRecord, Measured) -> f64| steady.then(|| each(value));
    let is_impatient = service.patience.is_some();
    let waits: Vec<Histogram> =
        outcomes.iter().map(|outcome| all_waits(&outcome.services[index])).collect();
    let id = Id::new(index);
    let threads = plan.threads_of(id);
    let cpu = plan.site.instances[service.first_instance].cpu;
    let own_cpu = Some(cpu).filter(|cpu| plan.site.cpus[*cpu].used_by == CpuUse::Service(id));
    let replicas = |outcome: &Outcome| outcome.capacities.replicas[index].mean(outcome.measured_ns);
    ServiceFindings {
        replicas_mean: outcomes.iter().map(replicas).sum::<f64>() / outcomes.len().max(1) as f64,
        cpu_utilisation: own_cpu.map(|cpu| busy(plan, outcomes, Resource::Cpu(cpu))),
        thread_utilisation: threads.map(|_| busy(plan, outcomes, Resource::Threads(id))),
        queue_length_mean: when_steady(&|record, measured| measured.level(&record.queue)),
        queue_wait_seconds: queue_wait(
            time(&|record, _| {
                let waited = record.wait_sum + record.abandoned_wait_sum;
                mean_seconds(waited, record.arrivals.saturating_sub(record.rejected))
            }),
            if steady && threads.is_some() { &waits } else { &[] },
        ),
        waited_share: threads.filter(|_| steady).and_then(|_| {
            let shares: Vec<f64> = waits.iter().filter_map(|each| each.share_above(0)).collect();
            (!shares.is_empty()).then(|| estimate_of_share(&shares))
        }),
        served_wait_seconds: (is_impatient && steady).then(|| served_wait(outcomes, index)),
        in_service_mean: when_steady(&|record, measured| measured.level(&record.serving)),
        residence_seconds: WaitFigures {
            mean: time(&|record, measured| {
                let left = record.answered + record.abandoned();
                (left > 0).then(|| measured.stay(&[&record.queue, &record.serving], left))
            }),
            p99: None,
        },
        arrivals_per_second: each(&|record, measured| measured.rate(record.arrivals)),
        rejected_share: share_of(&|record| record.rejected),
        abandoned_share: share_of(&|record| record.abandoned()).filter(|_| is_impatient),
    }
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
    let mean = estimate_of_some(outcomes, |outcome| {
        let record = &outcome.services[index];
        mean_seconds(record.wait_sum, record.waits.count())
    });
    queue_wait(mean, &served)
}

/// A mean and the percentiles of the waits of each replication.
fn queue_wait(mean: Option<Estimate>, waits: &[Histogram]) -> QueueWait {
    let percentile = |q: f64| pooled_quantile(waits, q, None);
    let count: u64 = waits.iter().map(Histogram::count).sum();
    QueueWait {
        mean,
        p50: percentile(0.5),
        p90: percentile(0.9),
        p99: percentile(0.99),
        p999: percentile(0.999).filter(|_| tells_p999(count)),
    }
}

/// Each database.
pub(super) fn databases(
    plan: &Plan,
    outcomes: &[Outcome],
    steady: bool,
) -> Named<DatabaseFindings> {
    let each = plan.site.databases.iter().enumerate();
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
    let id = Id::new(index);
    let database = &plan.site.databases[id];
    let busy_now = |resource| busy(plan, outcomes, resource);
    let each = |value: &dyn Fn(&DatabaseRecord, Measured) -> f64| {
        estimate(&per_replication(outcomes, |outcome| {
            value(&outcome.databases[index], Measured::of(outcome))
        }))
    };
    let busy_share = |value: &dyn Fn(&DatabaseRecord, Measured) -> f64| {
        estimate_of_share(&per_replication(outcomes, |outcome| {
            value(&outcome.databases[index], Measured::of(outcome))
        }))
    };
    let wait = |mean: &dyn Fn(&DatabaseRecord) -> Option<f64>| WaitFigures {
        mean: steady
            .then(|| estimate_of_some(outcomes, |outcome| mean(&outcome.databases[index])))
            .flatten(),
        p99: None,
    };
    let pools = plan.site.pools.iter().filter(|pool| pool.database.index() == index);
    let connections: u64 = pools.map(|pool| u64::from(pool.size)).sum();
    let lock_means = database.tables.iter().enumerate().map(|(table, plan)| {
        let sum =
            outcomes.iter().map(|outcome| outcome.databases[index].lock_wait_sum[table]).sum();
        let count = outcomes.iter().map(|outcome| outcome.databases[index].locks[table]).sum();
        (plan.name.clone(), mean_seconds(sum, count).unwrap_or(0.0))
    });
    DatabaseFindings {
        cpu_utilisation: Some(busy_now(Resource::Cpu(database.cpu))),
        pool_utilisation: (connections > 0).then(|| {
            busy_share(&|record, measured| measured.level(&record.connections) / connections as f64)
        }),
        pool_wait_seconds: wait(&|record| mean_seconds(record.pool_wait_sum, record.acquires)),
        lock_wait_seconds: wait(&|record| {
            mean_seconds(record.lock_wait_sum.iter().sum(), record.locks.iter().sum())
        }),
        locked_seconds: wait(&|record| mean_seconds(record.locked_sum, record.locked)).mean,
        lock_wait_by_table: Named(if steady { lock_means.collect() } else { vec![] }),
        hit_share: Named(
            database.tables.iter().map(|table| (table.name.clone(), table.hit_share)).collect(),
        ),
        storage_utilisation: Some(busy_now(Resource::Storage(id))),
        storage_iops_utilisation: database.iops.map(|_| busy_now(Resource::Operations(id))),
        log_utilisation: Some(busy_now(Resource::Log(id))),
        commits_per_second: each(&|record, measured| measured.rate(record.commits)),
        flushes_per_second: each(&|record, measured| measured.rate(record.flushes)),
        statements_per_second: each(&|record, measured| measured.rate(record.statements)),
        deadlocks: outcomes.iter().map(|outcome| outcome.databases[index].deadlocks).sum(),
    }
}
