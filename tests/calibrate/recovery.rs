//! Known costs come back: what a scenario tells of its lone clients is measured, and a scenario with wrong costs is
//! fitted to that.

use std::sync::OnceLock;

use super::{HEAD, all, calibrated, metric, on_threads, options, prediction, ran, unknown};
use cutline::report::Told;
use cutline::study::{CalibrationFindings, Verdict};

/// A shop as one process and as two, on one core with its database.
const TRUE: &str = "
cutline: 1
name: shop
application:
  modules:
    web:
      operations:
        browse: [ cpu: \"lognormal(mean 300us, cv 0.3)\", call: store.list ]
        buy: [ cpu: \"lognormal(mean 200us, cv 0.3)\", call: store.put ]
    store:
      tables: { goods: { rows: 10k, row_size: 200B } }
      operations:
        list: [ repeat: { times: 3, do: [ read: goods ] } ]
        put: [ transaction: { name: put, do: [ write: goods ] } ]
workload:
  arrivals: { poisson: 100/s }
  endpoints:
    browse: { share: 80, call: web.browse, request: 1KiB, reply: 4KiB }
    buy: { share: 20, call: web.buy }
layouts:
  one:
    machines: { box: { cpu: 1 } }
    services: { shop: { modules: all, machine: box, threads: async } }
    databases: { main: { tables: all, machine: box, memory: 4GiB, hit: 100%, pool: 32, costs: { statement: 45us },
                         storage: { kind: ssd, flush: \"lognormal(mean 0.4ms, cv 0.5)\" } } }
  two:
    protocol: wire
    machines: { box: { cpu: 1 } }
    services: { each: { machine: box, threads: async } }
    databases: { main: { tables: all, machine: box, memory: 4GiB, hit: 100%, pool: 32, costs: { statement: 45us },
                         storage: { kind: ssd, flush: \"lognormal(mean 0.4ms, cv 0.5)\" } } }
platform:
  protocols: { wire: { client_cpu: 60us, server_cpu: \"gamma(mean 40us, cv 0.5)\" } }
  network: { in_process: { rtt: 0ms }, same_node: { rtt: 0.05ms, bandwidth: none } }
  prices: none
  context_switch: none
run: { seed: 42, fixed: { duration: 10s, warmup: 500ms, replications: 4 } }
";

/// (true cost, wrong cost, path of the unknown, factor between them)
const COSTS: [(&str, &str, &str, f64); 5] = [
    ("mean 300us", "mean 150us", "application.modules.web.operations.browse", 2.0),
    ("mean 200us", "mean 400us", "application.modules.web.operations.buy", 0.5),
    ("statement: 45us", "statement: 30us", "databases.main.costs.statement", 1.5),
    ("mean 0.4ms", "mean 0.3ms", "databases.main.storage.flush", 4.0 / 3.0),
    (
        "client_cpu: 60us, server_cpu: \"gamma(mean 40us,",
        "client_cpu: 90us, server_cpu: \"gamma(mean 60us,",
        "platform.protocols.wire",
        2.0 / 3.0,
    ),
];

fn wrong() -> String {
    COSTS.iter().fold(TRUE.to_string(), |text, (from, to, ..)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

const BROWSE: (&str, &str) =
    ("workload.endpoints", "{ browse: { call: web.browse, request: 1KiB, reply: 4KiB } }");
const BUY: (&str, &str) = ("workload.endpoints", "{ buy: { call: web.buy } }");

/// A row as it is measured of the true scenario.
fn row(
    case: &str,
    layout: &str,
    endpoint: &str,
    load: [&str; 2],
    edits: &[(&str, &str)],
) -> String {
    let arrivals = match load {
        [clients, ""] => format!("{{ closed: {{ users: {clients}, think: 0ms }} }}"),
        [_, rate] => format!("{{ poisson: {rate}/s }}"),
    };
    let whole = [&[("workload.arrivals", arrivals.as_str())], edits].concat();
    let found = ran(TRUE, &whole, layout);
    let told = all(&found);
    let busy = found.layouts.0[0].1.utilisation.iter().find(|own| own.resource.contains("box"));
    let rate = told.throughput_per_second.value;
    let cpu = 1e6 * busy.expect("the machine").share.value / rate;
    let latency = told.latency_seconds;
    let [mean, p50, p90, p99] = [latency.mean, latency.p50, latency.p90, latency.p99]
        .map(|time| 1e3 * time.expect("many came").value);
    let [clients, per_second] = load;
    format!(
        "{case},{layout},{endpoint},{clients},{per_second},{rate},{mean},{p50},{p90},{p99},{cpu},\n"
    )
}

fn csv() -> &'static str {
    static CSV: OnceLock<String> = OnceLock::new();
    CSV.get_or_init(|| {
        [
            HEAD.to_string(),
            row("browse x1", "one", "browse", ["1", ""], &[BROWSE]),
            row("buy x1", "one", "buy", ["1", ""], &[BUY]),
            row("browse x1 in two", "two", "browse", ["1", ""], &[BROWSE]),
            row("browse x8", "one", "browse", ["8", ""], &[BROWSE]),
            row("buy x6 in two", "two", "buy", ["6", ""], &[BUY]),
            row("mix at 1000", "one", "", ["", "1000"], &[]),
            row("mix x12 in two", "two", "all", ["12", ""], &[]),
        ]
        .concat()
    })
}

fn found() -> &'static CalibrationFindings {
    static FOUND: OnceLock<CalibrationFindings> = OnceLock::new();
    FOUND.get_or_init(|| calibrated(&wrong(), csv(), &options()))
}

#[test]
fn known_costs_come_back_within_their_intervals() {
    let found = found();
    assert!(found.converged, "{:?}", found.remarks);
    assert_eq!(found.unknowns.len(), COSTS.len());
    for (_, _, path, factor) in COSTS {
        let own = unknown(found, path);
        let [low, high] = own.factor.ci95.expect("an interval");
        assert!((low..=high).contains(&factor), "{path}: {factor} is not in {low} … {high}");
        assert!(own.removed_share > 0.05, "{own:?}");
    }
    for lone in &found.lone {
        assert!(lone.off_share.abs() < 0.03, "{lone:?}");
    }
    // CPU and mean latency of a lone client tell the flush from the work; what a call costs is the difference of two.
    for path in ["databases.main.storage.flush", "platform.protocols.wire"] {
        assert!(unknown(found, path).determined, "{path}");
    }
}

#[test]
fn loads_that_nothing_was_fitted_to_are_predicted() {
    let found = found();
    assert_eq!(found.predictions.len(), 4);
    let mut inside = 0;
    for row in &found.predictions {
        assert_eq!((row.verdict, row.unstable_draws), (Verdict::Stable, 0), "{}", row.case);
        assert_eq!(row.metrics.len(), 6);
        for metric in &row.metrics {
            let off = metric.off_share.expect("it was measured");
            assert!(off.abs() < 0.12, "{} {metric:?}", row.case);
            inside += usize::from(metric.inside.expect("an interval"));
        }
    }
    // 95 % of 24 are 23; what is in doubt are the same few costs for all of them.
    assert!(inside >= 21, "{inside} of 24");
}

#[test]
fn what_is_written_into_the_scenario_gives_the_predicted_figures() {
    let found = found();
    let values: Vec<(&str, &str)> = found
        .unknowns
        .iter()
        .flat_map(|unknown| &unknown.values)
        .map(|value| {
            assert!(value.settable, "{value:?}");
            (value.path.as_str(), value.after.as_deref().expect("a text"))
        })
        .collect();
    assert_eq!(
        values.len(),
        2 + 2 + 2 + 2,
        "two operations, two ends, two layouts twice: {values:?}"
    );
    for (case, layout, arrivals, edits) in [
        ("browse x8", "one", "{ closed: { users: 8, think: 0ms } }", vec![BROWSE]),
        ("mix at 1000", "one", "{ poisson: 1000/s }", vec![]),
        ("mix x12 in two", "two", "{ closed: { users: 12, think: 0ms } }", vec![]),
    ] {
        let whole = [values.clone(), edits, vec![("workload.arrivals", arrivals)]].concat();
        let run = ran(&wrong(), &whole, layout);
        let predicted = prediction(found, case);
        let same = |name: &str, told: f64| {
            let value = metric(predicted, name).predicted.expect("it is steady").value;
            assert_eq!(value, told, "{case} {name}");
        };
        same("throughput", all(&run).throughput_per_second.value);
        same("mean", all(&run).latency_seconds.mean.expect("many").value);
        same("p99", all(&run).latency_seconds.p99.expect("many").value);
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let short = wrong().replace("duration: 10s", "duration: 2s");
    let one = on_threads(1, &short, csv()).json();
    assert_eq!(one, on_threads(3, &short, csv()).json());
    assert_eq!(one, on_threads(8, &short, csv()).json());
}

#[test]
fn a_load_that_is_not_carried_is_told_as_such() {
    let csv = format!(
        "{}flood,one,,,9000,,,,,,,\n",
        csv().lines().take(3).map(|line| format!("{line}\n")).collect::<String>()
    );
    let short = wrong().replace("duration: 10s", "duration: 1s");
    let found = calibrated(&short, &csv, &options());
    let flood = prediction(&found, "flood");
    assert_eq!(flood.verdict, Verdict::Unstable);
    assert_eq!(flood.unstable_draws, 8);
    // Nothing of it was measured, so all figures are told; latencies have none.
    assert_eq!(flood.metrics.len(), 6);
    assert!(
        metric(flood, "mean").predicted.is_none()
            && metric(flood, "throughput").predicted.is_some()
    );
    let text = found.tables().text(80, false);
    assert!(
        text.contains("unstable") && text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
}

#[test]
fn a_layout_that_extends_another_is_written_too() {
    let text = wrong().replace("\nplatform:", "\n  again: { extends: one }\nplatform:");
    let text = text.replace("duration: 10s", "duration: 1s");
    let lone: String = csv().lines().take(3).map(|line| format!("{line}\n")).collect();
    let found = calibrated(&text, &lone, &options());
    let values = || found.unknowns.iter().flat_map(|unknown| &unknown.values);
    assert!(values().any(|value| value.path == "layouts.again.databases.main.costs.statement"));
    assert!(values().all(|value| value.settable), "{:?}", found.unknowns);
}
