//! The whole way from one layout of a model to its plan.

use super::arithmetic::{Awaited, WaitsFor, call_backs, facts, set_misses};
use super::lower::{Lowering, add_sources, beyond, cycles};
use super::site::{add_broker, deploy};
use super::{BilledPlan, CpuUse, ExternalPlan, LinkPlan, Plan, PoolPlan, RunPlan};
use crate::events::Target;
use crate::ids::Table;
use crate::model::{Arrivals, Layout, Locality, Model, Scheduling, Threads};
use crate::random::Sampler;
use crate::scenario::{Code, Diagnostic};

/// The plan of layout number `layout` of the model.
/// Errors: everything about the layout that cannot be simulated, all at once.
pub fn compile(model: &Model, layout: usize) -> Result<Plan, Vec<Diagnostic>> {
    let cycles = cycles(&model.application);
    if !cycles.is_empty() {
        return Err(cycles);
    }
    let layout = &model.layouts[layout];
    let mut plan = Plan {
        layout: layout.name.value.clone(),
        run: RunPlan { limits: model.run.limits, watch: model.run.watch.clone() },
        billed: BilledPlan {
            load_balancers: layout.load_balancers,
            control_plane: layout.control_plane,
            ..BilledPlan::default()
        },
        ..Plan::default()
    };
    add_links(model, &mut plan);
    let deployment = deploy(model, layout, &mut plan)?;
    if let Some(messaging) = &layout.messaging {
        add_broker(model, &messaging.broker, &mut plan);
    }
    add_externals(model, &mut plan);
    let diagnostics = Lowering::new(model, layout, &deployment, &mut plan).lower();
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    too_many(layout, &plan)?;
    let beyond = beyond(layout, &plan);
    if !beyond.is_empty() {
        return Err(beyond);
    }
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

/// Most instances, steps or pools of a plan: what an event can point at.
const MOST_THINGS: usize = Target::MOST as usize;

fn too_many(layout: &Layout, plan: &Plan) -> Result<(), Vec<Diagnostic>> {
    let things =
        [("instances", plan.site.instances.len()), ("compiled steps", plan.program.steps.len())];
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
    plan.site.links = network
        .links
        .iter()
        .map(|link| LinkPlan { rtt: Sampler::new(&link.rtt), mean_rtt: link.rtt.mean() })
        .collect();
    let local = &network.links[Locality::InProcess as usize].rtt;
    plan.site.local_hop = (!local.is_zero()).then(|| Sampler::new(local));
}

fn add_externals(model: &Model, plan: &mut Plan) {
    for external in &model.application.externals {
        let latency = plan.add_sampler(&external.latency);
        plan.site.externals.push(ExternalPlan {
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
    let mut uses = Table::filled(Table::filled(false, &plan.site.databases), &plan.site.services);
    for pc in plan.program.steps.ids() {
        if let Some(WaitsFor::Connection { of, to }) = facts(plan, pc).waits_for {
            uses[of][to] = true;
        }
    }
    for instance in plan.site.instances.iter_mut() {
        instance.pools = Table::filled(None, &plan.site.databases);
        for (id, database) in plan.site.databases.ids().zip(&layout.databases) {
            if uses[instance.service][id] {
                instance.pools[id] = Some(plan.site.pools.push(PoolPlan {
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
    let mut interleaves = Table::filled(false, &plan.site.services);
    for (pc, service) in plan.program.service_of_step.entries() {
        let starts = facts(plan, pc).starts;
        if let Some(service) = service
            && starts.iter().any(|start| start.awaited != Awaited::InTurn)
        {
            interleaves[*service] = true;
        }
    }
    // Consumers hold no thread of their service.
    plan.messaging.groups.iter().for_each(|group| interleaves[group.service] = true);
    for cpu in plan.site.cpus.iter_mut() {
        let CpuUse::Service(service) = cpu.used_by else {
            continue;
        };
        if cpu.knows_workers {
            continue;
        }
        let Threads::Pool(threads) = layout.services[service.index()].threads else {
            continue;
        };
        let whole = cpu.scheduling == Scheduling::ProcessorSharing || cpu.cores.fract() == 0.0;
        cpu.uncontended = whole && f64::from(threads) <= cpu.cores.floor() && !interleaves[service];
    }
}
