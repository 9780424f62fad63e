//! What a replication used, in the units that clouds sell, and the bill for it.

use super::measured::Measured;
use crate::cost::{Bill, DatabaseUsage, NodeUsage, Usage, bill};
use crate::measure::{Kind, Outcome};
use crate::model::{Locality, Prices};
use crate::plan::{CpuUse, NodesPlan, Plan};
use crate::units::{Bytes, Money, Nanos};

/// The bill of the mean usage over replications.
fn mean_bill(plan: &Plan, outcomes: &[Outcome], prices: Option<&Prices>) -> Bill {
    bill(&usage(plan, outcomes), prices)
}

/// The bill of a layout that carries its load. `part`: the length of a terminating run, of which nobody
/// should read a month without a word.
pub(super) fn month_of(
    part: Option<Nanos>,
    plan: &Plan,
    outcomes: &[Outcome],
    prices: Option<&Prices>,
) -> Bill {
    let mut bill = mean_bill(plan, outcomes, prices);
    if let (Some(part), false) = (part, bill.lines.is_empty()) {
        let moving = bill.lines.iter().filter(|line| line.follows_load());
        let moving = moving.map(|line| line.per_month).sum::<f64>();
        let [moving, all] =
            [moving, bill.per_month].map(|sum| Money(sum).priced(&bill.currency).to_string());
        bill.remarks.push(format!(
            "the bill is of a month of 730 hours in which this run of {part} comes again and again: {moving} \
             of {all} follow the load, and the rest is paid whoever comes"
        ));
    }
    bill
}

/// In place of the bill of a layout that does not carry its load: what it costs to fail is no figure.
pub(super) fn unbilled(plan: &Plan, outcomes: &[Outcome], prices: Option<&Prices>) -> Bill {
    let Bill { idle_share, currency, .. } = mean_bill(plan, outcomes, prices);
    let reason = match prices {
        Some(_) => "it does not carry its load, so there is no month of it to pay for",
        None => return mean_bill(plan, outcomes, prices),
    };
    Bill { idle_share, ..Bill::nothing(&currency, reason.into()) }
}

/// Whether everything that the layout uses is billed.
pub(super) fn is_billed_whole(plan: &Plan, outcomes: &[Outcome], prices: Option<&Prices>) -> bool {
    mean_bill(plan, outcomes, prices).is_whole()
}

/// The amount per month of each replication alone.
pub(super) fn bills(plan: &Plan, outcomes: &[Outcome], prices: Option<&Prices>) -> Vec<f64> {
    let one = |outcome| bill(&usage(plan, std::slice::from_ref(outcome)), prices).per_month;
    outcomes.iter().map(one).collect()
}

fn usage(plan: &Plan, outcomes: &[Outcome]) -> Usage {
    let count = outcomes.len().max(1) as f64;
    let mean = |value: &dyn Fn(&Outcome) -> f64| {
        outcomes.iter().map(|outcome| value(outcome) / Measured::of(outcome).seconds()).sum::<f64>()
            / count
    };
    let bytes = |locality: Locality| mean(&|outcome| outcome.bytes[locality as usize] as f64);
    let database_cores = plan.site.databases.iter().filter(|database| database.class.is_some());
    let database_cores = database_cores.map(|database| plan.site.cpus[database.cpu].cores);
    Usage {
        nodes: nodes(plan, outcomes),
        requests_per_second: mean(&|outcome| {
            let ok = outcome.endpoints.iter().map(|record| record.answers[Kind::Ok as usize]);
            ok.sum::<u64>() as f64
        }),
        balanced_bytes_per_second: mean(&|outcome| {
            (outcome.client_bytes.requests + outcome.client_bytes.replies) as f64
        }),
        inbound_bytes_per_second: mean(&|outcome| outcome.client_bytes.requests as f64),
        cross_zone_bytes_per_second: bytes(Locality::CrossZone),
        cross_region_bytes_per_second: bytes(Locality::CrossRegion),
        internet_bytes_per_second: if clients_are_outside(plan) {
            mean(&|outcome| outcome.client_bytes.replies as f64)
        } else {
            0.0
        },
        paid_cores: node_cores(plan, outcomes) + database_cores.sum::<f64>(),
        busy_cores: busy_cores(plan, outcomes),
        ..standing(plan)
    }
}

/// What of the usage stands there before anybody comes, without the nodes, whose number may change.
fn standing(plan: &Plan) -> Usage {
    let databases = plan.site.databases.iter().map(|database| DatabaseUsage {
        name: database.name.clone(),
        is_broker: database.is_broker,
        stands_with_others: database.location.node.is_some(),
        engine: database.engine.to_string(),
        class: database.class.clone(),
        storage_kind: database.storage_kind.clone(),
        storage: Bytes(database.storage_bytes),
        iops: database.iops,
    });
    Usage {
        unclassed: plan.billed.unclassed.clone(),
        databases: databases.collect(),
        load_balancers: plan.billed.load_balancers,
        control_plane: plan.billed.control_plane,
        ..Usage::default()
    }
}

/// The prices that a bill of the layout may use, as its lines: those of what stands there with their
/// quantity, those of what passes at so much traffic that every tier has its line.
pub fn price_lines(plan: &Plan, prices: &Prices) -> Bill {
    const TRAFFIC: f64 = 1e9;
    let node =
        |nodes: &NodesPlan| NodeUsage { class: nodes.class.clone(), count: nodes.count.into() };
    let between_zones = if plan.site.zones > 1 { TRAFFIC } else { 0.0 };
    let usage = Usage {
        nodes: plan.billed.nodes.iter().map(node).collect(),
        balanced_bytes_per_second: TRAFFIC,
        inbound_bytes_per_second: TRAFFIC,
        cross_zone_bytes_per_second: between_zones,
        internet_bytes_per_second: if clients_are_outside(plan) { TRAFFIC } else { 0.0 },
        ..standing(plan)
    };
    bill(&usage, Some(prices))
}

/// Nodes of each class, mean over time and replications.
fn nodes(plan: &Plan, outcomes: &[Outcome]) -> Vec<NodeUsage> {
    let usage = |(index, nodes): (usize, &NodesPlan)| {
        let each = outcomes
            .iter()
            .map(|outcome| outcome.capacities.nodes[index].mean(outcome.measured_ns));
        let count = each.sum::<f64>() / outcomes.len().max(1) as f64;
        NodeUsage { class: nodes.class.clone(), count }
    };
    plan.billed.nodes.iter().enumerate().map(usage).collect()
}

/// Cores of all nodes, mean over time and replications.
fn node_cores(plan: &Plan, outcomes: &[Outcome]) -> f64 {
    let usage = nodes(plan, outcomes);
    plan.billed.nodes.iter().zip(usage).map(|(nodes, usage)| nodes.cores * usage.count).sum()
}

/// Whether answers leave the cloud: unless the author says that clients are within a region or
/// between two, whose bytes are counted by their hops.
fn clients_are_outside(plan: &Plan) -> bool {
    let mut clients = plan.load.endpoints.iter().map(|endpoint| endpoint.client);
    clients.any(|client| client.is_none_or(|client| client == Locality::Internet))
}

/// Busy cores among those that are paid for, time average.
fn busy_cores(plan: &Plan, outcomes: &[Outcome]) -> f64 {
    let nodes_are_paid = plan.billed.nodes.iter().any(|nodes| nodes.cores > 0.0);
    let paid = |used_by: &CpuUse| match used_by {
        CpuUse::Service(_) | CpuUse::Machine(_) => nodes_are_paid,
        CpuUse::Database(database) => {
            let database = &plan.site.databases[*database];
            database.class.is_some() || nodes_are_paid && database.location.node.is_some()
        }
    };
    let each = outcomes.iter().map(|outcome| {
        let cpus = plan.site.cpus.iter().zip(&outcome.cpu_busy);
        let busy: f64 = cpus.filter(|(cpu, _)| paid(&cpu.used_by)).map(|(_, busy)| busy).sum();
        Measured::of(outcome).busy(busy)
    });
    each.sum::<f64>() / outcomes.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;
    use crate::random::Key;
    use crate::runtime::{Disturbance, Disturbed, Replication, simulate, simulate_disturbed};

    const TEXT: &str = "
cutline: 1
name: billed
application: { modules: { a: { operations: { go: [ cpu: 1ms ] } } } }
workload: { arrivals: { deterministic: 100/s }, endpoints: { go: { call: a.go } } }
layouts: { one: { services: { a: { cpu: 1, memory: 1GiB, threads: 4 } } } }
platform: { network: none, prices: aws-us-east-1, nodes: { class: m6i.xlarge, zones: 1 } }
";

    #[test]
    fn the_bill_follows_the_hours_of_the_nodes() {
        let reading = crate::scenario::read(TEXT, "billed", &[], &|name| Err(name.to_string()));
        let model = reading.unwrap_or_else(|refused| panic!("{refused}")).model;
        let plan = crate::plan::compile(&model, 0).unwrap_or_else(|found| panic!("{found:?}"));
        let duration = Nanos::from_seconds(1.0);
        let replication = Replication { key: Key(1), duration, warmup: Nanos::from_seconds(0.2) };
        let nodes = |outcome: &Outcome| {
            let bill =
                mean_bill(&plan, std::slice::from_ref(outcome), model.platform.prices.as_ref());
            let nodes = bill.lines.into_iter().find(|line| line.item.contains("m6i.xlarge"));
            nodes.unwrap_or_else(|| panic!("there are nodes"))
        };
        let still = nodes(&simulate(&plan, replication));
        assert_eq!((still.item.as_str(), still.quantity), ("1 × m6i.xlarge", 730.0));
        // One more for the second half of what is measured.
        let what = Disturbed::Nodes { class: Id::new(0), more: 1.0 };
        let more = Disturbance { at: 600_000_000, what };
        let more = nodes(&simulate_disturbed(&plan, replication, &[more]));
        assert_eq!((more.item.as_str(), more.quantity), ("1.50 × m6i.xlarge", 1.5 * 730.0));
        assert_eq!(more.per_month, 1.5 * still.per_month);
    }
}
