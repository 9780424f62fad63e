//! The fleet: hosts, the instances on them, and the services that they are copies of. Made from the plan's
//! templates, at the start of a replication or while it runs. *Listed* says whom callers choose among, which is
//! not the same as being there: an instance that drains is not listed any more. What there is of everything is
//! recorded as an area. Nothing here knows who is under way.

mod autoscaler;
mod hosts;
mod instances;
mod listing;
mod nodes;
mod scaler;
mod ways;

pub(super) use autoscaler::ScaleReading;
pub(super) use hosts::Host;
pub(super) use instances::{Connections, Instance, ServiceState, State};
pub(super) use nodes::{Emptied, Found, NodeFleet};
pub(super) use scaler::Scaler;
pub(super) use ways::Net;

use std::collections::BTreeMap;

use crate::events::EventQueue;
use crate::ids::{Id, Table};
use crate::measure::{Capacities, Capacity, Gauge, ServiceRecord};
use crate::model::Watch;
use crate::plan::{CpuPlan, CpuUse, InstancePlan, Plan, PoolPlan, ScalingPlan, ServicePlan};
use crate::runtime::resources::pool::Pool;

/// Services up to which the histograms of all their waits are fine: about 20 KB each for a replication.
const MOST_FINE: usize = 64;

/// Everything that runs somewhere.
#[derive(Debug)]
pub(super) struct Fleet {
    pub(super) hosts: Table<Host>,
    pub(super) instances: Table<Instance>,
    pub(super) services: Table<ServiceState, ServicePlan>,
    pub(super) connections: Table<Connections>,
    /// Connections in use of those that were made from each pool of the plan.
    pub(super) pools: Table<Gauge, PoolPlan>,
    /// What there is of everything that can come and go.
    pub(super) capacities: Capacities,
    /// Services whose instances come and go.
    pub(super) scalers: Table<Scaler, ScalingPlan>,
    /// Nodes, where they come and go.
    pub(super) nodes: Option<NodeFleet>,
}

impl Fleet {
    /// The fleet at the start. `watched`: whether every host tells how busy it was up to any moment.
    pub(super) fn new(plan: &Plan, watched: bool, events: &mut EventQueue) -> Self {
        let few = plan.site.services.len() <= MOST_FINE;
        let services = plan.site.services.entries().map(|(of, service)| ServiceState {
            of,
            listed: Vec::new(),
            only: None,
            turns: BTreeMap::new(),
            // Impatient waits end close below the patience of many, which coarse buckets would blur.
            record: ServiceRecord::new(few || service.patience.is_some()),
        });
        let scaler =
            |scaled: &ScalingPlan| Scaler::new(scaled, plan.site.services[scaled.service].replicas);
        let mut fleet = Fleet {
            hosts: Table::new(),
            instances: Table::new(),
            services: services.collect(),
            connections: Table::new(),
            pools: Table::filled(Gauge::default(), &plan.site.pools),
            capacities: capacities(plan),
            scalers: plan.scaled.services.iter().map(scaler).collect(),
            nodes: plan.scaled.nodes.as_ref().map(NodeFleet::new),
        };
        for (id, cpu) in plan.site.cpus.entries() {
            fleet.hosts.push(Host::new(id, cpu, watched || is_looked_at(plan, cpu)));
        }
        for (of, template) in plan.site.instances.entries() {
            let host = fleet.host_of(template.cpu);
            let instance = fleet.instances.push(Instance::new(plan, of, host));
            fleet.connect(plan, template, instance, events);
            fleet.services[template.service].list_also(instance);
        }
        fleet
    }

    /// The host that was made from a CPU of the plan at the start: they stand in the same order.
    pub(super) fn host_of(&self, cpu: Id<CpuPlan>) -> Id<Host> {
        Id::new(cpu.index())
    }

    /// One more instance of a service comes at `now` (ns), on a host of its own unless its service runs on a
    /// machine that is shared.
    pub(super) fn join(
        &mut self,
        plan: &Plan,
        service: Id<ServicePlan>,
        now: u64,
        events: &mut EventQueue,
    ) -> Id<Instance> {
        let of = plan.site.services[service].first_instance;
        let template = &plan.site.instances[of];
        let cpu = &plan.site.cpus[template.cpu];
        let host = match cpu.used_by {
            CpuUse::Service(_) => {
                self.capacities.cores[template.cpu.index()].change(now, cpu.cores);
                let watched = plan.run.watch != Watch::default() || is_looked_at(plan, cpu);
                self.hosts.push(Host::new(template.cpu, cpu, watched))
            }
            CpuUse::Machine(_) | CpuUse::Database(_) => self.host_of(template.cpu),
        };
        self.capacities.replicas[service.index()].change(now, 1.0);
        let instance = self.instances.push(Instance::new(plan, of, host));
        self.connect(plan, template, instance, events);
        self.services[service].list_also(instance);
        instance
    }

    /// No new request is sent to an instance from now on. False where it takes none already, or is the last
    /// that does.
    pub(super) fn drain(&mut self, instance: Id<Instance>) -> bool {
        let draining = &mut self.instances[instance];
        let service = &mut self.services[draining.service];
        let place = service.listed.iter().position(|listed| *listed == instance);
        let Some(place) = place.filter(|_| service.listed.len() > 1) else {
            return false;
        };
        draining.state = State::Draining;
        service.unlist(place);
        true
    }

    /// An instance that has drained is no more from `now` (ns) on, and its host with it.
    pub(super) fn remove(&mut self, plan: &Plan, instance: Id<Instance>, now: u64) {
        let gone = &mut self.instances[instance];
        gone.state = State::Gone;
        self.capacities.replicas[gone.service.index()].change(now, -1.0);
        let of = self.hosts[gone.host].of;
        let cpu = &plan.site.cpus[of];
        match cpu.used_by {
            CpuUse::Service(_) => self.capacities.cores[of.index()].change(now, -cpu.cores),
            CpuUse::Machine(_) | CpuUse::Database(_) => {}
        }
    }

    /// Busy core time since the warm-up of all hosts that were made from each CPU of the plan [core-ns].
    pub(super) fn busy(&self, plan: &Plan, now: u64) -> Vec<f64> {
        let mut busy = Table::filled(0.0, &plan.site.cpus);
        self.hosts.iter().for_each(|host| busy[host.of] += host.busy(now));
        busy.into_iter().collect()
    }

    /// Busy core time so far of an instance whose service is looked at [core-ns].
    pub(super) fn busy_of(&self, instance: Id<Instance>, now: u64) -> u128 {
        let host = &self.hosts[self.instances[instance].host];
        host.shared.as_ref().map_or(0, |shared| shared.busy_core_ns(now))
    }

    /// Forgets how the numbers of instances have changed before `now` (ns).
    pub(super) fn restart_scaling(&mut self, plan: &Plan, now: u64) {
        for (scaler, scaled) in self.scalers.iter_mut().zip(&plan.scaled.services) {
            scaler.record.restart(now, self.services[scaled.service].listed().len() as u64);
        }
    }

    /// Gives an instance its connections.
    fn connect(
        &mut self,
        plan: &Plan,
        template: &InstancePlan,
        instance: Id<Instance>,
        events: &mut EventQueue,
    ) {
        let connections = template.pools.iter().map(|pool| {
            pool.map(|of| {
                let pool = &plan.site.pools[of];
                let timeout = pool.timeout.map(|timeout| (timeout, events.lane_of(timeout)));
                let places = Pool::new(pool.size, None);
                self.connections.push(Connections { of, database: pool.database, places, timeout })
            })
        });
        self.instances[instance].connections = connections.collect();
    }
}

/// Whether somebody asks how busy a CPU has been up to any moment.
fn is_looked_at(plan: &Plan, cpu: &CpuPlan) -> bool {
    let CpuUse::Service(service) = cpu.used_by else { return false };
    plan.scaled.scales(service)
}

/// What there is of everything at the start.
fn capacities(plan: &Plan) -> Capacities {
    let services = plan.site.services.iter().map(|service| Capacity::new(service.replicas.into()));
    let nodes = plan.billed.nodes.iter().map(|nodes| Capacity::new(nodes.count.into()));
    Capacities {
        replicas: services.collect(),
        cores: plan.site.cpus.iter().map(|cpu| Capacity::new(cpu.cores)).collect(),
        nodes: nodes.collect(),
    }
}
