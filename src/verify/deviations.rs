//! Where the tool is known to be wrong, beside what the cases show: measured each time, never remembered.

use super::dimension::Dimension;
use super::findings::{DeviatingFigure, Deviation};
use super::oracles::oracle;
use super::published::publication;
use super::theory::case;
use crate::model::Model;
use crate::plan::{Forecast, Plan, compile, forecast};
use crate::scenario;

/// Every deviation with its size.
pub fn deviations() -> Vec<Deviation> {
    vec![
        Deviation {
            what: "The share of page reads that a database's buffer cache saves is Che's approximation, not \
                   a cache that is simulated page by page, and every cache is taken for least recently used",
            figures: vec![
                hit_share("lru-n8-c3", "8 pages, 3 cached", 8, "32KiB", "1"),
                hit_share("lru-n300-c30", "300 pages, 30 cached", 300, "320KiB", "0.9"),
            ],
        },
        Deviation {
            what: "`check` counts the time that threads, connections and rows are held without any \
                   queueing in it, and a commit as at most two flushes of their mean: what it says \
                   saturates at a lower load",
            figures: vec![layered(), hot_row()],
        },
    ]
}

/// The hit share of a case of the oracle file, as a database would have it whose pages are the keys.
fn hit_share(
    id: &str,
    name: &'static str,
    pages: u32,
    memory: &str,
    skew: &str,
) -> DeviatingFigure {
    // Three quarters of the memory are cache, and a page is 8 KiB.
    let text = format!(
        "cutline: 1\nname: {id}
application:
  modules:
    store:
      tables: {{ keys: {{ rows: {pages}, row_size: 8KiB, skew: {skew} }} }}
      operations: {{ get: [ read: keys ] }}
workload: {{ arrivals: {{ poisson: 1/s }}, endpoints: {{ get: {{ call: store.get }} }} }}
layouts:
  main:
    services: {{ store: {{ threads: async }} }}
    databases: {{ main: {{ tables: all, cpu: 1, memory: {memory}, cache_share: 75%, storage: ssd }} }}
platform: {{ network: none, prices: none }}
"
    );
    let plan = plan_of(&model_of(&text, id));
    let expected = oracle(id).and_then(|(_, oracle)| oracle.value("hit_ratio"));
    let table = plan.site.databases.first().and_then(|database| database.tables.first());
    match (expected, table) {
        (Some(expected), Some(table)) => {
            DeviatingFigure { name, unit: Dimension::Share, expected, estimate: table.hit_share }
        }
        _ => unreachable!("{id} has a hit ratio and its database a table"),
    }
}

/// Where `check` lets a service saturate whose threads wait for another one.
fn layered() -> DeviatingFigure {
    let Some(case) = case("layered-6threads") else {
        unreachable!("the case is there");
    };
    let forecast = forecast_of(&model_of(&case.text(1), case.id));
    match (case.oracle().value("max_throughput"), forecast.saturates_at()) {
        (Some(expected), Some(estimate)) => DeviatingFigure {
            name: "greatest load of layered-6threads",
            unit: Dimension::Rate,
            expected,
            estimate,
        },
        _ => unreachable!("it has a greatest load"),
    }
}

/// Where `check` lets four rows saturate that everybody updates.
fn hot_row() -> DeviatingFigure {
    let Some(hot_row) = publication("hot-row") else {
        unreachable!("the scenario is there");
    };
    let point = &hot_row.points[0];
    let edits = point.edits.iter().map(|(path, value)| (*path, value.to_string()));
    let forecast = forecast_of(&hot_row.model(edits));
    let Some(estimate) = forecast.closed_bound_per_second else {
        unreachable!("its clients are closed");
    };
    DeviatingFigure {
        name: "updates of hot-row, measured on PostgreSQL",
        unit: Dimension::Rate,
        expected: point.figures[0].value,
        estimate,
    }
}

fn model_of(text: &str, name: &str) -> Model {
    let no_files = |_: &str| Err("a case is one text".to_string());
    match scenario::read(text, name, &[], &no_files) {
        Ok(reading) => reading.model,
        Err(refused) => unreachable!("{text}\n{refused:?}"),
    }
}

fn plan_of(model: &Model) -> Plan {
    match compile(model, 0) {
        Ok(plan) => plan,
        Err(diagnostics) => unreachable!("it can be simulated: {diagnostics:?}"),
    }
}

fn forecast_of(model: &Model) -> Forecast {
    forecast(&plan_of(model))
}
