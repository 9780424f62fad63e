//! From the outcomes of independent replications to findings: means with Student's t, percentiles by
//! sectioning (Asmussen & Glynn 2007, ch. III), never an average of percentiles.

use super::findings::{
    DatabaseFindings, EndpointFindings, Estimate, Latency, Named, Outcomes, ServiceFindings,
    Utilisation, Wait,
};
use crate::measure::{Category, EndpointRecord, Kind, Outcome};
use crate::model::Threads;
use crate::plan::{CpuUse, Plan};
use crate::statistics::{Histogram, Interval, mean_interval, sectioned_quantile_interval};

/// Level of every interval that is reported.
const LEVEL: f64 = 0.95;
/// Observations beyond a p99.9 below which it is not given.
const LEAST_BEYOND_P999: f64 = 1_000.0;

impl From<Interval> for Estimate {
    fn from(interval: Interval) -> Self {
        let finite = interval.low.is_finite() && interval.high.is_finite();
        Estimate {
            value: interval.value,
            ci95: finite.then_some([interval.low, interval.high]),
        }
    }
}

/// The mean over replications, with its interval where there are at least two.
pub(super) fn estimate(values: &[f64]) -> Estimate {
    match mean_interval(values, LEVEL) {
        Some(interval) => interval.into(),
        None => Estimate {
            value: values.first().copied().unwrap_or(0.0),
            ci95: None,
        },
    }
}

/// One value per replication.
pub(super) fn per_replication(outcomes: &[Outcome], value: impl Fn(&Outcome) -> f64) -> Vec<f64> {
    outcomes.iter().map(value).collect()
}

/// The measured time of a replication [s].
pub(super) fn seconds(outcome: &Outcome) -> f64 {
    (outcome.measured_ns.max(1)) as f64 / 1e9
}

/// Records of a group: one endpoint, or all.
fn group(outcome: &Outcome, endpoint: Option<usize>) -> &[EndpointRecord] {
    match endpoint {
        Some(index) => &outcome.endpoints[index..=index],
        None => &outcome.endpoints,
    }
}

/// Mean latency of each replication that had a good answer [s].
pub(super) fn mean_latencies(outcomes: &[Outcome], endpoint: Option<usize>) -> Vec<f64> {
    let means = outcomes.iter().filter_map(|outcome| {
        let records = group(outcome, endpoint);
        let count: u64 = records
            .iter()
            .map(|record| record.answers[Kind::Ok as usize])
            .sum();
        let sum: u128 = records.iter().map(|record| record.latency_sum).sum();
        (count > 0).then(|| sum as f64 / count as f64 / 1e9)
    });
    means.collect()
}

/// Mean latency with its interval; `None` without a good answer.
pub(super) fn mean_latency(outcomes: &[Outcome], endpoint: Option<usize>) -> Option<Estimate> {
    let means = mean_latencies(outcomes, endpoint);
    (!means.is_empty()).then(|| estimate(&means))
}

/// Latencies of a group in one replication.
pub(super) fn latencies(outcome: &Outcome, endpoint: Option<usize>) -> Histogram {
    merged(
        group(outcome, endpoint)
            .iter()
            .map(|record| &record.latency),
    )
}

fn merged<'a>(mut histograms: impl Iterator<Item = &'a Histogram>) -> Histogram {
    let first = histograms
        .next()
        .cloned()
        .unwrap_or_else(|| Histogram::new(1));
    histograms.fold(first, |mut sum, histogram| {
        sum.merge(histogram);
        sum
    })
}

/// A percentile with its interval; `None` without a good answer.
pub(super) fn quantile(outcomes: &[Outcome], endpoint: Option<usize>, q: f64) -> Option<Estimate> {
    let each: Vec<Histogram> = outcomes
        .iter()
        .map(|outcome| latencies(outcome, endpoint))
        .collect();
    pooled_quantile(&each, q)
}

/// A percentile of the pooled values [s], its variance from the replications' own about it.
fn pooled_quantile(each: &[Histogram], q: f64) -> Option<Estimate> {
    let pooled = merged(each.iter()).quantile(q)? / 1e9;
    let own: Vec<f64> = each
        .iter()
        .filter_map(|histogram| histogram.quantile(q))
        .map(|ns| ns / 1e9)
        .collect();
    let interval = sectioned_quantile_interval(pooled, &own, LEVEL);
    Some(interval.map_or(
        Estimate {
            value: pooled,
            ci95: None,
        },
        Estimate::from,
    ))
}

/// Each endpoint, then `all`. `steady`: whether means and percentiles have a meaning.
pub(super) fn endpoints(
    plan: &Plan,
    outcomes: &[Outcome],
    steady: bool,
) -> Named<EndpointFindings> {
    let each = plan.endpoints.iter().enumerate().map(|(index, endpoint)| {
        (
            endpoint.name.clone(),
            endpoint_findings(outcomes, Some(index), steady),
        )
    });
    let all = [("all".to_string(), endpoint_findings(outcomes, None, steady))];
    Named(each.chain(all).collect())
}

fn endpoint_findings(
    outcomes: &[Outcome],
    endpoint: Option<usize>,
    steady: bool,
) -> EndpointFindings {
    let counted = |count: &dyn Fn(&EndpointRecord) -> u64, outcome: &Outcome| {
        group(outcome, endpoint).iter().map(count).sum::<u64>()
    };
    let rate = |count: &dyn Fn(&EndpointRecord) -> u64| {
        let values = per_replication(outcomes, |outcome| {
            counted(count, outcome) as f64 / seconds(outcome)
        });
        estimate(&values)
    };
    let answers = |kind: Kind| move |record: &EndpointRecord| record.answers[kind as usize];
    let total = |kind: Kind| {
        outcomes
            .iter()
            .map(|outcome| counted(&answers(kind), outcome))
            .sum::<u64>()
    };
    let in_flight = outcomes.iter().flat_map(|outcome| group(outcome, endpoint));
    let each: Vec<Histogram> = outcomes
        .iter()
        .map(|outcome| latencies(outcome, endpoint))
        .collect();
    EndpointFindings {
        offered_per_second: rate(&|record| record.arrivals),
        throughput_per_second: rate(&answers(Kind::Ok)),
        error_share: error_share(outcomes, endpoint),
        outcomes: Outcomes {
            ok: total(Kind::Ok),
            rejected: total(Kind::Rejected),
            timeout: total(Kind::Timeout),
            failed: total(Kind::Failed),
            deadlock: total(Kind::Deadlock),
            in_flight: in_flight
                .map(|record| record.in_flight.level().max(0) as u64)
                .sum(),
        },
        latency_seconds: if steady {
            latency(outcomes, endpoint, &each)
        } else {
            NO_LATENCY
        },
        attribution_seconds: if steady {
            attribution(outcomes, endpoint)
        } else {
            Named(vec![])
        },
        histogram: merged(each.iter()),
    }
}

const NO_LATENCY: Latency = Latency {
    mean: None,
    p50: None,
    p90: None,
    p95: None,
    p99: None,
    p999: None,
    max: None,
};

fn latency(outcomes: &[Outcome], endpoint: Option<usize>, each: &[Histogram]) -> Latency {
    let count: u64 = each.iter().map(Histogram::count).sum();
    let greatest = outcomes.iter().flat_map(|outcome| group(outcome, endpoint));
    let greatest = greatest.map(|record| record.latency_max).max().unwrap_or(0);
    Latency {
        mean: mean_latency(outcomes, endpoint),
        p50: pooled_quantile(each, 0.5),
        p90: pooled_quantile(each, 0.9),
        p95: pooled_quantile(each, 0.95),
        p99: pooled_quantile(each, 0.99),
        p999: pooled_quantile(each, 0.999).filter(|_| count as f64 * 0.001 >= LEAST_BEYOND_P999),
        max: (count > 0).then_some(greatest as f64 / 1e9),
    }
}

/// Share of errors of each replication that answered anything.
pub(super) fn error_shares(outcomes: &[Outcome], endpoint: Option<usize>) -> Vec<f64> {
    let shares = outcomes.iter().filter_map(|outcome| {
        let answers = group(outcome, endpoint).iter().map(|record| record.answers);
        let (mut ok, mut all) = (0, 0);
        for kinds in answers {
            ok += kinds[Kind::Ok as usize];
            all += kinds.iter().sum::<u64>();
        }
        (all > 0).then(|| (all - ok) as f64 / all as f64)
    });
    shares.collect()
}

fn error_share(outcomes: &[Outcome], endpoint: Option<usize>) -> Option<Estimate> {
    let shares = error_shares(outcomes, endpoint);
    if shares.is_empty() {
        return None;
    }
    let mut share = estimate(&shares);
    if share.value == 0.0 {
        // No error in n answers: up to 3/n cannot be excluded (the rule of three).
        let answers: u64 = outcomes
            .iter()
            .flat_map(|outcome| group(outcome, endpoint))
            .map(|record| record.answers.iter().sum::<u64>())
            .sum();
        share.ci95 = Some([0.0, (3.0 / answers as f64).min(1.0)]);
    }
    Some(share)
}

/// Where the time went: as the mean latency, the mean over replications of their means, so that the
/// parts sum to it.
fn attribution(outcomes: &[Outcome], endpoint: Option<usize>) -> Named<f64> {
    let mut means = [0.0; Category::COUNT];
    let mut replications = 0.0;
    for outcome in outcomes {
        let records = group(outcome, endpoint);
        let count: u64 = records.iter().map(|r| r.answers[Kind::Ok as usize]).sum();
        if count == 0 {
            continue;
        }
        replications += 1.0;
        for (index, mean) in means.iter_mut().enumerate() {
            let sum: u128 = records.iter().map(|record| record.spent[index]).sum();
            *mean += sum as f64 / count as f64 / 1e9;
        }
    }
    let mean = |sum: f64| if sum == 0.0 { 0.0 } else { sum / replications };
    let named = Category::ALL.iter().zip(means);
    Named(
        named
            .map(|(category, sum)| (category.name().to_string(), mean(sum)))
            .collect(),
    )
}

/// Each service, over its instances. Waits are left out where nothing is steady.
pub(super) fn services(plan: &Plan, outcomes: &[Outcome], steady: bool) -> Named<ServiceFindings> {
    let each = plan.services.iter().enumerate();
    Named(
        each.map(|(index, service)| {
            (
                service.name.clone(),
                service_findings(plan, outcomes, index, steady),
            )
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
    let service = &plan.services[index];
    let each = |value: &dyn Fn(&Outcome) -> f64| estimate(&per_replication(outcomes, value));
    let mean = |sum: u128, count: u64| {
        if count == 0 {
            0.0
        } else {
            sum as f64 / count as f64 / 1e9
        }
    };
    let when_steady = |value: &dyn Fn(&Outcome) -> f64| steady.then(|| each(value));
    let waits: Vec<Histogram> = outcomes
        .iter()
        .map(|outcome| outcome.services[index].waits.clone())
        .collect();
    let threads = match service.threads {
        Threads::Pool(threads) => Some(threads),
        Threads::Async { max_in_flight } => max_in_flight,
    };
    let threads = threads.map(|threads| f64::from(threads) * f64::from(service.replicas));
    ServiceFindings {
        replicas_mean: f64::from(service.replicas),
        cpu_utilisation: cpu_utilisation(plan, outcomes, &CpuUse::Service(index as u32)),
        thread_utilisation: threads.map(|threads| {
            each(&|outcome| {
                outcome.services[index].serving.area(outcome.ended_at)
                    / (outcome.measured_ns.max(1) as f64)
                    / threads
            })
        }),
        queue_length_mean: when_steady(&|outcome| {
            outcome.services[index].queue.area(outcome.ended_at) / outcome.measured_ns.max(1) as f64
        }),
        queue_wait_seconds: Wait {
            mean: when_steady(&|outcome| {
                let record = &outcome.services[index];
                mean(
                    record.wait_sum,
                    record.arrivals - record.rejected.min(record.arrivals),
                )
            }),
            p99: threads
                .filter(|_| steady)
                .and_then(|_| pooled_quantile(&waits, 0.99)),
        },
        in_service_mean: when_steady(&|outcome| {
            outcome.services[index].serving.area(outcome.ended_at)
                / outcome.measured_ns.max(1) as f64
        }),
        residence_seconds: Wait {
            mean: when_steady(&|outcome| {
                let record = &outcome.services[index];
                mean(record.residence_sum, record.answered)
            }),
            p99: None,
        },
        arrivals_per_second: each(&|outcome| {
            outcome.services[index].arrivals as f64 / seconds(outcome)
        }),
        rejected_share: Some(each(&|outcome| {
            let record = &outcome.services[index];
            record.rejected as f64 / record.arrivals.max(1) as f64
        })),
    }
}

/// Busy share of the cores that are used in this way; `None` where there are none.
fn cpu_utilisation(plan: &Plan, outcomes: &[Outcome], used_by: &CpuUse) -> Option<Estimate> {
    let cpus: Vec<usize> = (0..plan.cpus.len())
        .filter(|cpu| plan.cpus[*cpu].used_by == *used_by)
        .collect();
    let cores: f64 = cpus.iter().map(|cpu| plan.cpus[*cpu].cores).sum();
    (cores > 0.0).then(|| {
        let busy = per_replication(outcomes, |outcome| {
            cpus.iter().map(|cpu| outcome.cpu_busy[*cpu]).sum::<f64>()
                / outcome.measured_ns.max(1) as f64
                / cores
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
            (
                database.name.clone(),
                database_findings(plan, outcomes, index, steady),
            )
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
    let database = &plan.databases[index];
    let each = |value: &dyn Fn(&Outcome) -> f64| estimate(&per_replication(outcomes, value));
    let mean = |sum: u128, count: u64| {
        if count == 0 {
            0.0
        } else {
            sum as f64 / count as f64 / 1e9
        }
    };
    let rate =
        |count: &dyn Fn(&Outcome) -> u64| each(&|outcome| count(outcome) as f64 / seconds(outcome));
    let lock_means = database
        .tables
        .iter()
        .enumerate()
        .map(|(table, (name, _))| {
            let sum = outcomes
                .iter()
                .map(|outcome| outcome.databases[index].lock_wait_sum[table])
                .sum();
            let count = outcomes
                .iter()
                .map(|outcome| outcome.databases[index].locks[table])
                .sum();
            (name.clone(), mean(sum, count))
        });
    DatabaseFindings {
        cpu_utilisation: cpu_utilisation(plan, outcomes, &CpuUse::Database(index as u32)),
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
        hit_share: Named(database.tables.clone()),
        storage_utilisation: Some(each(&|outcome| {
            let record = &outcome.databases[index];
            let busy = record.read_ns as f64
                / outcome.measured_ns.max(1) as f64
                / f64::from(database.parallelism);
            let cap = database.iops.map_or(0.0, |iops| {
                record.operations as f64 / seconds(outcome) / f64::from(iops)
            });
            busy.max(cap)
        })),
        log_utilisation: Some(each(&|outcome| {
            outcome.databases[index].flushing.area(outcome.ended_at)
                / outcome.measured_ns.max(1) as f64
        })),
        commits_per_second: rate(&|outcome| outcome.databases[index].commits),
        flushes_per_second: rate(&|outcome| outcome.databases[index].flushes),
        statements_per_second: rate(&|outcome| outcome.databases[index].statements),
        deadlocks: outcomes
            .iter()
            .map(|outcome| outcome.databases[index].deadlocks)
            .sum(),
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
        add(
            format!("{} cpu", plan.cpu_name(machine)),
            cpu_utilisation(plan, outcomes, machine),
        );
    }
    for (name, database) in databases.iter() {
        add(format!("{name} cpu"), database.cpu_utilisation);
        add(format!("{name} storage"), database.storage_utilisation);
        add(format!("{name} log"), database.log_utilisation);
    }
    found
}
