//! The whole way from one layout of a model to its plan.

use std::str::FromStr;

use super::arrivals::add_sources;
use super::call_backs::call_backs;
use super::deploy::deploy;
use super::hit_share::{TablePages, hit_shares};
use super::lower::Lowering;
use super::statements::pages_of;
use super::visits::visits;
use super::{CpuUse, DatabasePlan, ExternalPlan, LinkPlan, Plan, PoolPlan, Step, TablePlan};
use crate::events::Target;
use crate::ids::Table;
use crate::model::{
    self, Arrivals, HitShare, Layout, Locality, Model, Scheduling, Threads, default_value,
};
use crate::random::Sampler;
use crate::scenario::{Code, Diagnostic};

/// The plan of layout number `layout` of the model.
/// Errors: everything about the layout that cannot be simulated, all at once.
pub fn compile(model: &Model, layout: usize) -> Result<Plan, Vec<Diagnostic>> {
    let cycles = super::cycles::cycles(&model.application);
    if !cycles.is_empty() {
        return Err(cycles);
    }
    let layout = &model.layouts[layout];
    let mut plan = Plan {
        layout: layout.name.value.clone(),
        limits: model.run.limits,
        watch: model.run.watch.clone(),
        load_balancers: layout.load_balancers,
        control_plane: layout.control_plane,
        ..Plan::default()
    };
    add_links(model, &mut plan);
    let deployment = deploy(model, layout, &mut plan)?;
    add_externals(model, &mut plan);
    let diagnostics = Lowering::new(model, layout, &deployment, &mut plan).lower();
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    too_many(layout, &plan)?;
    too_many_users(model)?;
    plan.remarks.extend(call_backs(&plan));
    plan.remarks.sort();
    plan.remarks.dedup();
    add_sources(model, &mut plan);
    add_pools(layout, &mut plan);
    find_uncontended(layout, &mut plan);
    set_misses(model, layout, &mut plan);
    Ok(plan)
}

/// Defaults that enter a plan beside those of the model: (what they fill, key).
pub const DEFAULTS: [(&str, &str); 5] = [
    ("events without a broker: size of a message", "call.request"),
    ("statements: bytes beside the rows", "database.statement_message"),
    ("scans: pages a read", "database.scan_pages_per_read"),
    ("volumes: burst above the IOPS cap", "database.iops_burst"),
    ("joins over several databases: CPU a row", "api_composition.row_cpu"),
];

/// Most instances, steps or pools of a plan: what an event can point at.
const MOST_THINGS: usize = Target::MOST as usize;

fn too_many(layout: &Layout, plan: &Plan) -> Result<(), Vec<Diagnostic>> {
    let things = [("instances", plan.instances.len()), ("compiled steps", plan.steps.len())];
    let over = things.iter().filter(|(_, count)| *count >= MOST_THINGS);
    let diagnostics: Vec<Diagnostic> = over
        .map(|(what, count)| {
            let message = format!(
                "layout `{}` has {count} {what}; this build takes {MOST_THINGS}",
                *layout.name
            );
            Diagnostic::new(Code::TooLarge, message, layout.name.span)
        })
        .collect();
    if diagnostics.is_empty() { Ok(()) } else { Err(diagnostics) }
}

/// Each user of a closed source is remembered while it thinks.
fn too_many_users(model: &Model) -> Result<(), Vec<Diagnostic>> {
    let sources = model.workload.sources.iter();
    let users = sources.map(|source| match source.arrivals {
        Arrivals::Closed { users, .. } => u64::from(users),
        _ => 0,
    });
    let users: u64 = users.sum();
    let most = model.run.limits.users;
    if users <= u64::from(most) {
        return Ok(());
    }
    let message = format!(
        "the workload has {users} closed users, more than the limit of {most} (run.limits.users)"
    );
    let hint = "so many people who come independently are an open source: `poisson`";
    let name = model.name.span;
    Err(vec![Diagnostic::new(Code::TooLarge, message, name).hint(hint)])
}

fn add_links(model: &Model, plan: &mut Plan) {
    let Some(network) = &model.platform.network else {
        return;
    };
    plan.links = network
        .links
        .iter()
        .map(|link| LinkPlan { rtt: Sampler::new(&link.rtt), mean_rtt: link.rtt.mean() })
        .collect();
    let local = &network.links[Locality::InProcess as usize].rtt;
    plan.local_hop = (!local.is_zero()).then(|| Sampler::new(local));
}

fn add_externals(model: &Model, plan: &mut Plan) {
    for external in &model.application.externals {
        let latency = plan.add_sampler(&external.latency);
        plan.externals.push(ExternalPlan {
            name: external.name.value.clone(),
            latency,
            mean_latency: external.latency.mean(),
            failure: external.failure.0,
            concurrency: external.concurrency,
        });
    }
}

/// A pool for every instance and every database that its service opens sessions on.
fn add_pools(layout: &Layout, plan: &mut Plan) {
    let mut uses = Table::filled(Table::filled(false, &plan.databases), &plan.services);
    for (step, service) in plan.steps.iter().zip(&plan.service_of_step) {
        if let (Step::Begin { database, .. }, Some(service)) = (step, service) {
            uses[*service][*database] = true;
        }
    }
    for instance in plan.instances.iter_mut() {
        instance.pools = Table::filled(None, &plan.databases);
        for (id, database) in plan.databases.ids().zip(&layout.databases) {
            if uses[instance.service][id] {
                instance.pools[id] = Some(plan.pools.push(PoolPlan {
                    database: id,
                    size: database.pool.value,
                    timeout: database.acquire_timeout.map(|timeout| timeout.0),
                }));
            }
        }
    }
}

/// Marks the CPUs on which there are never more runnable frames than cores: as many threads as cores at
/// the most, and nothing that runs beside its thread.
fn find_uncontended(layout: &Layout, plan: &mut Plan) {
    let mut interleaves = Table::filled(false, &plan.services);
    for (step, service) in plan.steps.iter().zip(&plan.service_of_step) {
        if let (Step::Fork { .. } | Step::Spawn { .. }, Some(service)) = (step, service) {
            interleaves[*service] = true;
        }
    }
    for cpu in plan.cpus.iter_mut() {
        let CpuUse::Service(service) = cpu.used_by else {
            continue;
        };
        let Threads::Pool(threads) = layout.services[service.index()].threads else {
            continue;
        };
        let whole = cpu.scheduling == Scheduling::ProcessorSharing || cpu.cores.fract() == 0.0;
        cpu.uncontended = whole && f64::from(threads) <= cpu.cores.floor() && !interleaves[service];
    }
}

/// Buffer-cache misses: given by the author, or from memory against the pages that are asked for.
fn set_misses(model: &Model, layout: &Layout, plan: &mut Plan) {
    let rates = visits(plan);
    let databases = plan.databases.iter();
    let mut accesses: Table<Table<f64, TablePlan>, DatabasePlan> =
        databases.map(|database| Table::filled(0.0, &database.tables)).collect();
    for (step, rate) in plan.steps.iter().zip(&rates) {
        if let Step::Pages { statement, .. } = step {
            let statement = &plan.statements[*statement];
            for part in &statement.pages {
                accesses[statement.database][part.table] += rate * f64::from(part.count);
            }
        }
    }
    for (id, accesses) in accesses.entries() {
        let hits = table_hits(model, &layout.databases[id.index()], accesses);
        let tables = &mut plan.databases[id].tables;
        for (table, hit) in tables.iter_mut().zip(hits) {
            table.hit_share = hit;
        }
        let statements = plan.statements.iter_mut();
        for statement in statements.filter(|statement| statement.database == id) {
            for part in &mut statement.pages {
                part.miss = 1.0 - tables[part.table].hit_share;
            }
        }
    }
}

fn table_hits(model: &Model, database: &model::Database, accesses: &[f64]) -> Vec<f64> {
    let pages: Vec<TablePages> = database
        .tables
        .iter()
        .zip(accesses)
        .map(|(table, accesses)| {
            let table = &model.application.tables[table.index()];
            TablePages {
                pages: pages_of(table.rows, table.row_size, database.costs.page),
                exponent: table.skew,
                accesses: *accesses,
            }
        })
        .collect();
    let cache = database.memory.0 as f64 * database.cache_share.0;
    let cache_pages = (cache / database.costs.page.0.max(1) as f64) as u64;
    match &database.hit {
        HitShare::Given(share) => vec![share.0; pages.len()],
        HitShare::FromMemory => hit_shares(&pages, cache_pages),
        HitShare::PerTable(given) => {
            let mut hits = hit_shares(&pages, cache_pages);
            for (hit, table) in hits.iter_mut().zip(&database.tables) {
                if let Some((_, share)) = given.iter().find(|(given, _)| given == table) {
                    *hit = share.0;
                }
            }
            hits
        }
    }
}

/// Probability of the row that is asked for most, under Zipf's law with exponent `skew` over `rows`.
pub(super) fn hottest_row(rows: u64, skew: f64) -> f64 {
    // Beyond some rows the sum is an integral to well below a part in a thousand.
    let exact = rows.min(10_000);
    let mut sum: f64 = (1..=exact).map(|rank| (rank as f64).powf(-skew)).sum();
    let (from, to) = (exact as f64 + 0.5, rows as f64 + 0.5);
    if rows > exact {
        sum += if (skew - 1.0).abs() < 1e-9 {
            (to / from).ln()
        } else {
            (to.powf(1.0 - skew) - from.powf(1.0 - skew)) / (1.0 - skew)
        };
    }
    1.0 / sum
}

/// The default called `key` as a quantity. Asserts that the shipped table holds one.
pub(super) fn default_quantity<T: FromStr + Default>(key: &str) -> T {
    let value = &default_value(key).value;
    let quantity = value.parse();
    assert!(quantity.is_ok(), "data/defaults.csv: {key} cannot be read: {value}");
    quantity.unwrap_or_default()
}

/// The default called `key` as a count.
pub(super) fn default_count(key: &str) -> u64 {
    default_quantity(key)
}
