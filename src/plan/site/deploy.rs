//! Where everything runs: services to instances and CPUs, tables to databases, instances to nodes.

use super::placement::{Placement, Request, Unplaceable, place};
use crate::ids::{Id, Table};
use crate::model::{Database, Layout, Model, Nodes, Scheduling, Service, TableId};
use crate::plan::defaults::default_quantity;
use crate::plan::{
    CpuPlan, CpuUse, DatabasePlan, InstancePlan, Location, NodesPlan, Plan, ScaledNode,
    ScaledNodes, ScalingPlan, ServicePlan, TablePlan,
};
use crate::scenario::{Code, Diagnostic};
use crate::units::{Bytes, Nanos};

/// Which service and which database everything belongs to.
#[derive(Debug)]
pub(in crate::plan) struct Deployment {
    /// Service of each module.
    pub(in crate::plan) service_of_module: Vec<Id<ServicePlan>>,
    /// Database of each table.
    pub(in crate::plan) database_of_table: Vec<Id<DatabasePlan>>,
    /// Number of each table on its database.
    pub(in crate::plan) number_of_table: Vec<Id<TablePlan>>,
    /// Whether tables of several modules live on the database.
    pub(in crate::plan) shared: Table<bool, DatabasePlan>,
}

/// Fills the plan's services, instances, CPUs, databases and nodes.
pub(in crate::plan) fn deploy(
    model: &Model,
    layout: &Layout,
    plan: &mut Plan,
) -> Result<Deployment, Vec<Diagnostic>> {
    plan.site.wake_up = model.platform.wake_up;
    let WhereAll { of_services, of_databases } = place_all(model, layout, plan)?;
    let machine_cpus: Vec<Id<CpuPlan>> = layout
        .machines
        .iter()
        .map(|machine| {
            let used_by = CpuUse::Machine(machine.name.value.clone());
            add_cpu(plan, model, used_by, machine.cpu, 1.0, machine.scheduling)
        })
        .collect();
    for (index, (service, places)) in layout.services.iter().zip(of_services).enumerate() {
        add_service(model, (service, places), Id::new(index), &machine_cpus, plan);
    }
    for (index, (database, location)) in layout.databases.iter().zip(of_databases).enumerate() {
        add_database(model, (database, location), Id::new(index), &machine_cpus, plan);
    }
    Ok(deployment(model, layout))
}

fn deployment(model: &Model, layout: &Layout) -> Deployment {
    let application = &model.application;
    let mut service_of_module = vec![None; application.modules.len()];
    for (index, service) in layout.services.iter().enumerate() {
        for module in &service.modules {
            service_of_module[module.index()] = Some(Id::new(index));
        }
    }
    let mut database_of_table = vec![None; application.tables.len()];
    let mut number_of_table = vec![None; application.tables.len()];
    let mut shared = Table::new();
    for (index, database) in layout.databases.iter().enumerate() {
        for (number, table) in database.tables.iter().enumerate() {
            database_of_table[table.index()] = Some(Id::new(index));
            number_of_table[table.index()] = Some(Id::new(number));
        }
        let mut modules =
            database.tables.iter().map(|table| application.tables[table.index()].module);
        let first = modules.next();
        shared.push(modules.any(|module| Some(module) != first));
    }
    Deployment {
        service_of_module: all(service_of_module),
        database_of_table: all(database_of_table),
        number_of_table: all(number_of_table),
        shared,
    }
}

/// What belongs to each.
///
/// # Panics
/// When something is deployed nowhere: `scenario::read` refuses that.
fn all<T>(found: Vec<Option<Id<T>>>) -> Vec<Id<T>> {
    let count = found.len();
    let all: Vec<Id<T>> = found.into_iter().flatten().collect();
    assert!(all.len() == count, "every module and table is deployed");
    all
}

/// What each service asks of nodes, and behind them each database. Where nodes stay, there are as many as the largest
/// fleet needs.
fn requests(layout: &Layout, nodes_stay: bool) -> Vec<Request> {
    let services = layout.services.iter().map(|service| Request {
        service: service.name.value.clone(),
        replicas: if nodes_stay { service.most() } else { service.replicas.value },
        cpu: service.cpu.value,
        memory: service.memory,
        on_own_machine: service.machine.is_some(),
    });
    let databases = layout.databases.iter().map(|database| Request {
        service: database.name.value.clone(),
        replicas: 1,
        cpu: database.cpu,
        memory: database.memory,
        on_own_machine: !database.on_nodes,
    });
    services.chain(databases).collect()
}

/// Where everything stands.
struct WhereAll {
    /// The instances of each service; where nodes stay, those that may come among them.
    of_services: Vec<Vec<Location>>,
    of_databases: Vec<Location>,
}

fn place_all(model: &Model, layout: &Layout, plan: &mut Plan) -> Result<WhereAll, Vec<Diagnostic>> {
    let nodes_stay = model.platform.nodes.as_ref().is_none_or(|nodes| nodes.scaling.is_none());
    let requests = requests(layout, nodes_stay);
    let placement = match &model.platform.nodes {
        None => {
            let instances = requests.iter().map(|request| request.replicas as usize).sum();
            Placement::without_nodes(instances)
        }
        Some(nodes) => place(&requests, nodes, model.platform.prices.as_ref()).map_err(|all| {
            all.iter().map(|unplaceable| too_large(layout, unplaceable)).collect::<Vec<_>>()
        })?,
    };
    plan.site.zones = model.platform.nodes.as_ref().map_or(1, |nodes| nodes.zones);
    if let Some(nodes) = &model.platform.nodes {
        plan.scaled.nodes = scaled_nodes(layout, nodes, &placement)?;
    }
    bill_nodes(model, layout, &placement, plan);
    let on_machines = layout.services.iter().map(|service| service.machine);
    let on_machines = on_machines.chain(layout.databases.iter().map(|database| database.machine));
    let machines = requests.iter().zip(on_machines);
    let machines =
        machines.flat_map(|(asked, machine)| std::iter::repeat_n(machine, asked.replicas as usize));
    let places = placement.node_of_instance.iter().zip(machines).map(|(node, machine)| {
        match (node, machine) {
            (Some(node), _) => {
                Location { node: Some(*node), zone: placement.nodes[*node as usize].zone }
            }
            (None, Some(machine)) => Location { node: Some(node_of_machine(machine)), zone: 0 },
            (None, None) => Location { node: None, zone: 0 },
        }
    });
    let mut places: Vec<Location> = places.collect();
    let of_databases = places.split_off(places.len() - layout.databases.len());
    let mut places = places.into_iter();
    let of_services = requests.iter().take(layout.services.len());
    let of_services =
        of_services.map(|asked| places.by_ref().take(asked.replicas as usize).collect());
    Ok(WhereAll { of_services: of_services.collect(), of_databases })
}

/// The nodes at the start, where they come and go: those that instances stand on, and more up to the fewest.
fn scaled_nodes(
    layout: &Layout,
    nodes: &Nodes,
    placement: &Placement,
) -> Result<Option<ScaledNodes>, Vec<Diagnostic>> {
    let Some(scaling) = nodes.scaling.filter(|_| !placement.nodes.is_empty()) else {
        return Ok(None);
    };
    let needed = placement.nodes.len() as u32;
    if needed > scaling.to {
        let message = format!(
            "layout `{}`: what is there at the start needs {needed} nodes, and there are {} at the most",
            *layout.name, scaling.to
        );
        let diagnostic = Diagnostic::new(Code::FitsNowhere, message, nodes.class.span);
        return Err(vec![diagnostic.hint("write a larger `to` of the nodes, or a larger class")]);
    }
    let taken = placement.nodes.iter().map(|node| ScaledNode {
        zone: node.zone,
        cpu: node.requested_cpu,
        memory: Bytes(node.requested_memory),
    });
    let mut first: Vec<ScaledNode> = taken.collect();
    while (first.len() as u32) < scaling.from {
        let in_zone = |zone: &u32| first.iter().filter(|node| node.zone == *zone).count();
        let zone = (0..nodes.zones).min_by_key(in_zone).unwrap_or(0);
        first.push(ScaledNode { zone, cpu: 0.0, memory: Bytes::ZERO });
    }
    Ok(Some(ScaledNodes {
        scaling,
        cpu: (nodes.class.cpu - nodes.reserved_cpu).max(0.0),
        memory: Bytes(nodes.class.memory.0.saturating_sub(nodes.reserved_memory.0)),
        zones: nodes.zones,
        first,
    }))
}

/// A machine is a node of its own; numbers from the top keep clear of packed nodes.
fn node_of_machine(machine: u32) -> u32 {
    u32::MAX - machine
}

fn bill_nodes(model: &Model, layout: &Layout, placement: &Placement, plan: &mut Plan) {
    if let Some(nodes) = &model.platform.nodes
        && !placement.nodes.is_empty()
    {
        let first = plan.scaled.nodes.as_ref().map(|nodes| nodes.first.len());
        let count = first.unwrap_or(placement.nodes.len()) as u32;
        let class = nodes.class.name.clone();
        plan.billed.nodes.push(NodesPlan { class, count, cores: nodes.class.cpu });
    }
    for machine in &layout.machines {
        match &machine.class {
            Some(class) => {
                let class = class.value.clone();
                plan.billed.nodes.push(NodesPlan { class, count: 1, cores: machine.cpu });
            }
            None => plan.billed.unclassed.push(format!("the cores of machine {}", *machine.name)),
        }
    }
    if model.platform.nodes.is_none() {
        let packed = layout.services.iter().filter(|service| service.machine.is_none());
        let named = packed.map(|service| format!("the cores of service {}", *service.name));
        plan.billed.unclassed.extend(named);
    }
}

fn too_large(layout: &Layout, unplaceable: &Unplaceable) -> Diagnostic {
    let index = unplaceable.service_index;
    let place = match layout.services.get(index) {
        Some(service) => service.cpu.span,
        None => layout.databases[index - layout.services.len()].name.span,
    };
    let message = format!("layout `{}`: {unplaceable}", *layout.name);
    Diagnostic::new(Code::FitsNowhere, message, place).maybe_hint(unplaceable.hint())
}

fn add_service(
    model: &Model,
    (service, mut places): (&Service, Vec<Location>),
    id: Id<ServicePlan>,
    machine_cpus: &[Id<CpuPlan>],
    plan: &mut Plan,
) {
    let first_instance = plan.site.instances.next_id();
    let at_start = service.replicas.value as usize;
    let later = places.split_off(at_start);
    for location in places {
        let cpu = match service.machine {
            Some(machine) => machine_cpus[machine as usize],
            None => {
                let used_by = CpuUse::Service(id);
                add_cpu(plan, model, used_by, service.cpu.value, service.speed, service.scheduling)
            }
        };
        plan.site.cpus[cpu].knows_workers |= service.workers.is_some();
        plan.site.instances.push(InstancePlan { service: id, cpu, location, pools: Table::new() });
    }
    let patience = service.patience.as_ref().and_then(|patience| plan.add_sampler(patience));
    plan.site.services.push(ServicePlan {
        name: service.name.value.clone(),
        first_instance,
        replicas: service.replicas.value,
        most: service.most(),
        threads: service.threads,
        workers: service.workers,
        queue: service.queue,
        discipline: service.discipline,
        patience,
        balancing: service.balancing,
        weight: service.weight,
    });
    if let Some(rule) = &service.scaling {
        plan.scaled.services.push(ScalingPlan {
            service: id,
            rule: rule.clone(),
            start: service.start,
            cpu: service.cpu.value,
            memory: service.memory,
            later,
        });
    }
}

fn add_database(
    model: &Model,
    (database, location): (&Database, Location),
    id: Id<DatabasePlan>,
    machine_cpus: &[Id<CpuPlan>],
    plan: &mut Plan,
) {
    let cpu = match database.machine {
        Some(machine) => machine_cpus[machine as usize],
        None => {
            let used_by = CpuUse::Database(id);
            add_cpu(plan, model, used_by, database.cpu, 1.0, database.scheduling)
        }
    };
    let storage = &database.storage;
    let read = plan.add_sampler(&storage.read);
    let flush = plan.add_sampler(&storage.flush);
    let commit_cpu = plan.add_sampler(&database.costs.commit);
    // Where nothing is flushed, nobody works for it.
    let flush_cpu = flush.and_then(|_| plan.add_sampler(&database.costs.flush));
    let requeue_cpu = plan.add_sampler(&database.costs.requeue);
    let wake_cpu = plan.add_sampler(&database.costs.wake_up);
    plan.site.cpus[cpu].knows_workers |= wake_cpu.is_some();
    let table =
        |table: &TableId| TablePlan { name: model.application.table_name(*table), hit_share: 1.0 };
    plan.site.databases.push(DatabasePlan {
        name: database.name.value.clone(),
        is_broker: false,
        cpu,
        location,
        read,
        flush,
        mean_read: storage.read.mean(),
        mean_flush: storage.flush.mean(),
        parallelism: storage.parallelism,
        iops: storage.iops,
        iops_burst_ns: default_quantity::<Nanos>("database.iops_burst").0,
        commit_cpu,
        flush_cpu,
        requeue_cpu,
        wake_cpu,
        weight: database.weight,
        locks: database.locks,
        deadlock_timeout: database.deadlock_timeout.0,
        commit_delay: database.commit_delay.0,
        commit_siblings: database.commit_siblings,
        tables: database.tables.iter().map(table).collect(),
        engine: database.engine,
        class: database.class.as_ref().map(|class| class.value.clone()),
        storage_kind: storage.kind.value.clone(),
        storage_bytes: storage.size.0,
    });
}

pub(super) fn add_cpu(
    plan: &mut Plan,
    model: &Model,
    used_by: CpuUse,
    cores: f64,
    speed: f64,
    scheduling: Scheduling,
) -> Id<CpuPlan> {
    plan.site.cpus.push(CpuPlan {
        used_by,
        cores,
        speed,
        scheduling,
        uncontended: false,
        knows_workers: model.platform.wake_up.is_some(),
        switch_ns: model.platform.context_switch.0,
        slice_ns: model.platform.slice.0.0,
        least_slice_ns: model.platform.slice.1.0,
    })
}
