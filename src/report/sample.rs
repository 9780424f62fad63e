//! Made-up findings for the tests of this floor: what a run of a small shop might have found.

mod flash_crowd;
mod followed;
mod galleries;
mod scaled;
mod spread_out;
mod sweeps;

pub(crate) use flash_crowd::flash_crowd;
pub(crate) use followed::followed;
pub(crate) use galleries::{HOSTILE, gallery};
pub(crate) use scaled::scaled;
pub(crate) use spread_out::spread_out;
pub(crate) use sweeps::{grid, sweep};

use crate::cost::{Bill, Expense, Line, Omission};
use crate::scenario::Code;
use crate::statistics::Histogram;
use crate::study::{
    BacklogFindings, Comparison, DatabaseFindings, Diagnosis, EndpointFindings, Estimate, FORMAT,
    Latency, LayoutFindings, Named, Outcomes, Provenance, QueueWait, RunFindings, ServiceFindings,
    SloFinding, Utilisation, Verdict, WaitFigures,
};

/// A value with an interval of ± `share` of it.
pub(crate) fn about(value: f64, share: f64) -> Estimate {
    let half = share * value.abs();
    Estimate { value, ci95: Some([value - half, value + half]) }
}

fn maybe(value: f64) -> Option<Estimate> {
    Some(about(value, 0.02))
}

/// The quantile of the standard normal distribution (Acklam 2003, relative error below 1.2e-9 is
/// not needed here: this is the logistic approximation, good to a few percent).
fn normal(p: f64) -> f64 {
    (p / (1.0 - p)).ln() / 1.702
}

/// A lognormal histogram with this median (s) and shape.
pub(crate) fn histogram(median: f64, sigma: f64) -> Histogram {
    let mut histogram = Histogram::new(7);
    for index in 0..4_000 {
        let p = (f64::from(index) + 0.5) / 4_000.0;
        histogram.record((median * (sigma * normal(p)).exp() * 1e9) as u64);
    }
    histogram
}

/// An endpoint whose median latency is `median` (s).
pub(crate) fn endpoint(median: f64, sigma: f64, rate: f64) -> EndpointFindings {
    let at = |p: f64| median * (sigma * normal(p)).exp();
    let mean = median * (sigma * sigma / 2.0).exp();
    let shares = [
        ("thread_queue", 0.04),
        ("cpu_wait", 0.11),
        ("cpu", 0.24),
        ("network", 0.17),
        ("serialisation", 0.06),
        ("pool_wait", 0.03),
        ("db_cpu", 0.14),
        ("storage", 0.09),
        ("lock_wait", 0.02),
        ("commit", 0.07),
        ("external", 0.027),
        ("backoff", 0.003),
    ];
    EndpointFindings {
        offered_per_second: about(rate, 0.002),
        throughput_per_second: about(rate * 0.998, 0.002),
        error_share: Some(about(0.002, 0.1)),
        outcomes: Outcomes { ok: 399_200, failed: 800, in_flight: 12, ..Outcomes::default() },
        latency_seconds: Latency {
            mean: Some(about(mean, 0.01)),
            p50: Some(about(at(0.5), 0.01)),
            p90: Some(about(at(0.9), 0.02)),
            p95: Some(about(at(0.95), 0.03)),
            p99: Some(about(at(0.99), 0.06)),
            p999: None,
            max: Some(at(0.9999)),
        },
        queue_wait_seconds: WaitFigures { mean: Some(about(0.15 * mean, 0.02)), p99: None },
        attribution_seconds: Named(
            shares.iter().map(|(name, share)| ((*name).to_owned(), share * mean)).collect(),
        ),
        histogram: histogram(median, sigma),
    }
}

fn line(item: &str, group: Expense, quantity: f64, unit: &str, unit_price: f64) -> Line {
    Line {
        item: item.to_owned(),
        group,
        quantity,
        unit: unit.to_owned(),
        unit_price,
        per_month: quantity * unit_price,
        source: "AWS price list, us-east-1, 2026-10".to_owned(),
    }
}

/// A bill of about `scale` × 1,000 dollars a month.
pub(crate) fn bill(scale: f64) -> Bill {
    let lines = vec![
        line("3 × m6i.xlarge", Expense::Nodes, 2_190.0 * scale, "hour", 0.192),
        line("main (db.m6i.2xlarge)", Expense::Databases, 730.0 * scale, "hour", 0.712),
        line("main gp3", Expense::Storage, 200.0 * scale, "GB-month", 0.115),
        line("main extra iops", Expense::Iops, 3_000.0 * scale, "IOPS-month", 0.005),
        line("traffic between zones", Expense::Traffic, 1_500.0 * scale, "GB", 0.01),
        line("load balancer", Expense::LoadBalancer, 730.0, "hour", 0.0225),
        line("control plane", Expense::ControlPlane, 730.0, "hour", 0.10),
    ];
    let per_month = lines.iter().map(|line| line.per_month).sum();
    Bill {
        currency: "USD".to_owned(),
        per_month,
        per_million_requests: Some(per_month / 1_051.2),
        idle_share: Some(0.62),
        lines,
        missing: Vec::new(),
        remarks: Vec::new(),
    }
}

/// Nodes that no bill has.
pub(crate) fn missing() -> Omission {
    Omission {
        item: "3 × n2-standard-4".to_owned(),
        group: Expense::Nodes,
        reason: "the catalogue aws-us-east-1 has no price for it".to_owned(),
    }
}

fn service((name, cpu): (&str, f64)) -> (String, ServiceFindings) {
    let found = ServiceFindings {
        replicas_mean: 2.0,
        cpu_utilisation: maybe(cpu),
        thread_utilisation: maybe(cpu / 3.0),
        queue_length_mean: maybe(0.2),
        queue_wait_seconds: QueueWait {
            mean: maybe(0.0004),
            p50: maybe(0.0),
            p90: maybe(0.001),
            p99: maybe(0.003),
            p999: maybe(0.006),
        },
        waited_share: maybe(0.2),
        served_wait_seconds: Some(QueueWait {
            mean: maybe(0.0003),
            p50: maybe(0.0),
            p90: maybe(0.001),
            p99: maybe(0.002),
            p999: None,
        }),
        in_service_mean: maybe(3.0),
        arrivals_per_second: about(400.0, 0.002),
        rejected_share: Some(Estimate { value: 0.0, ci95: None }),
        abandoned_share: maybe(0.01),
        ..ServiceFindings::default()
    };
    (name.to_owned(), found)
}

fn database() -> DatabaseFindings {
    DatabaseFindings {
        cpu_utilisation: maybe(0.41),
        pool_wait_seconds: WaitFigures { mean: maybe(0.0001), p99: None },
        lock_wait_seconds: WaitFigures { mean: maybe(0.002), p99: None },
        lock_wait_by_table: Named(vec![("inventory.stock".to_owned(), 0.002)]),
        hit_share: Named(vec![("orders.orders".to_owned(), 0.93)]),
        storage_utilisation: maybe(0.22),
        storage_iops_utilisation: None,
        log_utilisation: maybe(0.05),
        commits_per_second: about(24.0, 0.01),
        flushes_per_second: about(20.0, 0.01),
        statements_per_second: about(900.0, 0.01),
        ..DatabaseFindings::default()
    }
}

/// A stable layout with this median latency (s) and bill [1,000 dollars a month].
pub(crate) fn layout(median: f64, sigma: f64, bill_scale: f64) -> LayoutFindings {
    let resources = ["shop cpu", "shop threads", "main cpu", "main storage", "main log"];
    LayoutFindings {
        verdict: Verdict::Stable,
        converged: true,
        replications: 10,
        simulated_seconds: 600.0,
        warmup_seconds: 60.0,
        events: 12_345_678,
        endpoints: Named(vec![
            ("home".to_owned(), endpoint(median * 0.9, sigma, 360.0)),
            ("checkout".to_owned(), endpoint(median * 6.0, sigma, 40.0)),
            ("all".to_owned(), endpoint(median, sigma, 400.0)),
        ]),
        services: Named([("shop", 0.55), ("mail", 0.1)].map(service).into()),
        databases: Named(vec![("main".to_owned(), database())]),
        transactions: Named::default(),
        time_lines: Named::default(),
        logs: Named::default(),
        views: Named::default(),
        published: Named::default(),
        outboxes: Named::default(),
        consumers: Named::default(),
        scaled: Named::default(),
        cost: bill(bill_scale),
        diagnostics: Vec::new(),
        moments: Vec::new(),
        windows: Vec::new(),
        backlog: Vec::new(),
        utilisation: resources
            .iter()
            .enumerate()
            .map(|(index, name)| Utilisation {
                resource: (*name).to_owned(),
                share: about(0.62 / (index + 1) as f64, 0.04),
                peak: None,
            })
            .collect(),
    }
}

/// A layout that cannot carry its load: no steady-state figure.
pub(crate) fn unstable() -> LayoutFindings {
    let mut found = layout(0.02, 0.6, 1.4);
    found.verdict = Verdict::Unstable;
    for (_, endpoint) in &mut found.endpoints.0 {
        let none = Latency {
            mean: None,
            p50: None,
            p90: None,
            p95: None,
            p99: None,
            p999: None,
            max: None,
        };
        endpoint.latency_seconds = none;
        endpoint.error_share = None;
        endpoint.attribution_seconds = Named(Vec::new());
        endpoint.histogram = Histogram::new(7);
    }
    found.utilisation[2].share = Estimate { value: 1.34, ci95: None };
    let point = |index: u32| BacklogFindings {
        at_seconds: 12.0 * f64::from(index),
        in_system: about(240.0 * f64::from(index), 0.08),
        lag: Named::default(),
    };
    found.backlog = (1..=50).map(point).collect();
    found.diagnostics.push(Diagnosis {
        code: Code::Unstable,
        message: "database main would need 134 % of its CPU at 400/s; backlog +20/s".to_owned(),
    });
    found
}

/// What figures of a scenario with this hash are from.
pub(crate) fn provenance(hash: u64) -> Provenance {
    Provenance {
        cutline: "0.1.0".to_owned(),
        target: "x86_64-linux-gnu".to_owned(),
        seed: 42,
        scenario_hash: format!("{hash:016x}"),
    }
}

/// Findings of these layouts, with every pair of stable ones compared.
pub(crate) fn run(layouts: Vec<(&str, LayoutFindings)>) -> RunFindings {
    let mut comparison = Vec::new();
    for (index, (a, of_a)) in layouts.iter().enumerate() {
        for (b, of_b) in &layouts[index + 1..] {
            let p99 = |found: &LayoutFindings| {
                found.endpoints.get("all").and_then(|all| all.latency_seconds.p99)
            };
            let (Some(p99_a), Some(p99_b)) = (p99(of_a), p99(of_b)) else {
                continue;
            };
            let difference = p99_a.value - p99_b.value;
            comparison.push(Comparison {
                a: (*a).to_owned(),
                b: (*b).to_owned(),
                metric: "all.latency.p99".to_owned(),
                difference: about(difference, 0.03),
                verdict: if difference < 0.0 { "a lower" } else { "b lower" }.to_owned(),
                variance_cut: Some(4.0),
            });
            comparison.push(Comparison {
                a: (*a).to_owned(),
                b: (*b).to_owned(),
                metric: "all.error_share".to_owned(),
                difference: Estimate { value: 1e-5, ci95: Some([-1e-4, 1.2e-4]) },
                verdict: "no difference shown".to_owned(),
                variance_cut: Some(4.0),
            });
            let difference = of_a.cost.per_month - of_b.cost.per_month;
            let verdict = match difference.total_cmp(&0.0) {
                std::cmp::Ordering::Less => "a lower",
                std::cmp::Ordering::Equal => "no difference shown",
                std::cmp::Ordering::Greater => "b lower",
            };
            comparison.push(Comparison {
                a: (*a).to_owned(),
                b: (*b).to_owned(),
                metric: "cost.per_month".to_owned(),
                difference: Estimate { value: difference, ci95: Some([difference, difference]) },
                verdict: verdict.to_owned(),
                variance_cut: None,
            });
        }
    }
    RunFindings {
        provenance: provenance(0x0123_4567_89ab_cdef),
        format: FORMAT,
        scenario: "shop".to_owned(),
        warnings: Vec::new(),
        remarks: Vec::new(),
        layouts: Named(layouts.into_iter().map(|(name, found)| (name.to_owned(), found)).collect()),
        comparison,
        comparison_over_time: Vec::new(),
        samples: Named(Vec::new()),
        slo: vec![
            promise("monolith", "home", "p99", 0.08, Some(0.043), true),
            promise("msa", "home", "p99", 0.08, Some(0.0912), false),
            promise("msa", "all", "errors", 0.005, Some(0.002), true),
        ],
    }
}

fn promise(
    layout: &str,
    endpoint: &str,
    metric: &str,
    promised: f64,
    found: Option<f64>,
    met: bool,
) -> SloFinding {
    SloFinding {
        layout: layout.to_owned(),
        endpoint: endpoint.to_owned(),
        metric: metric.to_owned(),
        promised,
        found,
        met,
    }
}

/// Monolith, distributed monolith and MSA, all stable.
pub(crate) fn three_layouts() -> RunFindings {
    run(vec![
        ("monolith", layout(0.0123, 0.6, 1.0)),
        ("distributed-monolith", layout(0.0212, 0.7, 1.3)),
        ("msa", layout(0.0187, 0.65, 1.8)),
    ])
}
