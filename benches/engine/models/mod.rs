//! Scenarios of the benches, as text: they go the way of every scenario.

use cutline::measure::{Kind, Outcome};
use cutline::plan::{Plan, compile};
use cutline::random::Key;
use cutline::report::{Sheet, Told};
use cutline::runtime::{Replication, simulate};
use cutline::scenario::{Edit, read};
use cutline::study::{Progress, RunFindings, run};
use cutline::units::Nanos;

/// A row of `stations` services with `threads` threads each, called one after the other by a driver that
/// holds nothing; `network`: the platform's network.
pub(crate) fn chain(stations: usize, threads: u32, rate: f64, network: &str) -> String {
    let mut modules = String::new();
    let mut calls = String::new();
    for index in 0..stations {
        modules += &format!("    s{index}: {{ operations: {{ serve: [ cpu: exp(10ms) ] }} }}\n");
        calls += &format!("          - call: s{index}.serve\n");
    }
    format!(
        "cutline: 1\nname: chain\napplication:\n  modules:\n{modules}    driver:\n      operations:\n        \
         go:\n{calls}workload:\n  arrivals: {{ poisson: {rate}/s }}\n  endpoints: {{ go: {{ call: driver.go }} }}\n\
         layouts:\n  one:\n    protocol: none\n    services:\n      each: {{ cpu: {threads}, threads: {threads} }}\n      \
         driver: {{ threads: async }}\nplatform: {{ prices: none, network: {network} }}\n"
    )
}

/// `stations` services asked at the same time.
pub(crate) fn fork(stations: usize, threads: u32, rate: f64) -> String {
    let mut text = chain(stations, threads, rate, "none");
    let calls: String =
        (0..stations).map(|index| format!("          - call: s{index}.serve\n")).collect();
    let branches: Vec<String> =
        (0..stations).map(|index| format!("[ call: s{index}.serve ]")).collect();
    text = text.replace(&calls, &format!("          - parallel: [ {} ]\n", branches.join(", ")));
    text
}

/// One M/M/1.
pub(crate) fn mm1(rate: f64) -> String {
    format!(
        "cutline: 1\nname: mm1\napplication:\n  modules:\n    s: {{ operations: {{ serve: [ cpu: exp(10ms) ] }} }}\n\
         workload:\n  arrivals: {{ poisson: {rate}/s }}\n  endpoints: {{ go: {{ call: s.serve }} }}\n\
         layouts: {{ one: {{ services: {{ each: {{ cpu: 1, threads: 1 }} }} }} }}\n\
         platform: {{ prices: none, network: none }}\n"
    )
}

/// An operation that publishes an event to one other service through a broker, or does not.
pub(crate) fn publishing(with: bool) -> String {
    let publish = if with { ", publish: done" } else { "" };
    format!(
        "cutline: 1\nname: publishing\napplication:\n  modules:\n    teller:\n      events: {{ done: {{ size: 1KiB }} }}\n      \
         operations: {{ tell: [ cpu: exp(1ms){publish} ] }}\n    hearer:\n      subscribes: {{ done: hear }}\n      \
         operations: {{ hear: [ cpu: exp(1ms) ] }}\nworkload:\n  arrivals: {{ poisson: 500/s }}\n  \
         endpoints: {{ go: {{ call: teller.tell }} }}\nlayouts:\n  one:\n    broker: kafka\n    \
         services: {{ each: {{ cpu: 1, threads: 16 }} }}\nplatform: {{ prices: none }}\n"
    )
}

/// A transaction over two databases, kept together as told.
pub(crate) fn spanning(kept: &str) -> String {
    format!(
        "cutline: 1\nname: spanning\napplication:\n  modules:\n    a:\n      tables: {{ a: {{ rows: 1M, row_size: 100B }} }}\n      \
         operations: {{ go: [ transaction: {{ name: both, do: [ write: a, write: b.b ] }} ] }}\n    b:\n      \
         tables: {{ b: {{ rows: 1M, row_size: 100B }} }}\nworkload:\n  arrivals: {{ poisson: 200/s }}\n  \
         endpoints: {{ go: {{ call: a.go }} }}\nlayouts:\n  one:\n    transactions: {{ each: {kept} }}\n    \
         services: {{ all: {{ modules: all, cpu: 4, threads: async }} }}\n    \
         databases: {{ each: {{ cpu: 4, memory: 8GiB, storage: {{ gp3: 100GiB }}, pool: 50 }} }}\nplatform: {{ prices: none }}\n"
    )
}

/// The plan of a scenario's layout.
pub(crate) fn plan(text: &str, layout: usize) -> Plan {
    let reading =
        read(text, "bench", &[], &|name| std::fs::read_to_string(name).map_err(|e| e.to_string()))
            .unwrap_or_else(|refused| panic!("{refused}"));
    compile(&reading.model, layout).unwrap_or_else(|found| panic!("{found:?}"))
}

/// One replication of so many simulated seconds, nothing cut.
pub(crate) fn simulate_for(plan: &Plan, seconds: f64) -> Outcome {
    let replication =
        Replication { key: Key(1), duration: Nanos::from_seconds(seconds), warmup: Nanos::ZERO };
    simulate(plan, replication)
}

/// Mean and p99 of the latency of the first endpoint [s]: what the loop by hand answers too.
pub(crate) fn summary(outcome: &Outcome) -> (f64, f64) {
    let record = &outcome.endpoints[0];
    let mean = record.latency_sum as f64 / record.answers[Kind::Ok as usize].max(1) as f64 / 1e9;
    (mean, record.latency.quantile(0.99).unwrap_or(0.0) / 1e9)
}

/// What a scenario's run finds, over so much simulated time.
pub(crate) fn findings(text: &str, duration: &str) -> RunFindings {
    let fixed = Edit {
        path: "run.fixed".into(),
        value: format!("{{ duration: {duration}, replications: 2 }}"),
    };
    let reading = read(text, "bench", &[fixed], &|_| Err("no file".into()))
        .unwrap_or_else(|refused| panic!("{refused}"));
    let layouts: Vec<usize> = (0..reading.model.layouts.len()).collect();
    run(&reading.model, &layouts, &Silent).unwrap_or_else(|found| panic!("{found:?}"))
}

/// Everything that a report is made of; its length, so that nothing is left out.
pub(crate) fn report(findings: &RunFindings) -> usize {
    let files =
        findings.sheets().into_iter().map(Sheet::text).map(|text| text.len()).sum::<usize>();
    findings.tables().text(100, false).len() + findings.json().len() + files
}

struct Silent;

impl Progress for Silent {
    fn note(&self, _: &str) {}
}
