//! The machines of a broker: servers with cores, a volume and its log, as those of databases are.

use super::deploy::add_cpu;
use crate::ids::{Id, Table};
use crate::model::{Broker, BrokerKind, LockProtocol, Model, Scheduling};
use crate::plan::defaults::default_quantity;
use crate::plan::{BrokerPlan, CpuUse, DatabasePlan, Location, Plan};
use crate::units::Nanos;

/// Adds the broker of a layout, its machines over the zones in turn.
pub(in crate::plan) fn add_broker(model: &Model, broker: &Broker, plan: &mut Plan) {
    let zones = plan.site.zones.max(1);
    let machines = (0..broker.machines).map(|number| {
        let location = Location { node: None, zone: number % zones };
        add_machine(model, broker, number, location, plan)
    });
    let machines = machines.collect();
    let request_cpu = plan.add_sampler(&broker.request_cpu);
    plan.messaging.broker = Some(BrokerPlan {
        machines,
        acks: broker.acks,
        linger: broker.linger.0,
        batch: broker.batch.0,
        capacity: broker.capacity,
        request_cpu,
        message_cpu: broker.message_cpu.0,
        rebalance: broker.rebalance.0,
        exclusive: *broker.kind == BrokerKind::Kafka,
    });
}

fn add_machine(
    model: &Model,
    broker: &Broker,
    number: u32,
    location: Location,
    plan: &mut Plan,
) -> Id<DatabasePlan> {
    let id = plan.site.databases.next_id();
    let scheduling = Scheduling::ProcessorSharing;
    let cpu = add_cpu(plan, model, CpuUse::Database(id), broker.cpu, 1.0, scheduling);
    let engine = match *broker.kind {
        BrokerKind::Kafka => "kafka",
        BrokerKind::RabbitMq => "rabbitmq",
    };
    let storage = &broker.storage;
    // Where a message counts as written in memory, what the system writes later is waited for by nobody.
    let flush = plan.add_sampler(&storage.flush).filter(|_| broker.flushed);
    plan.site.databases.push(DatabasePlan {
        name: format!("{engine}-{}", number + 1),
        is_broker: true,
        cpu,
        location,
        read: None,
        flush,
        mean_read: 0.0,
        mean_flush: plan.mean_of(flush),
        parallelism: storage.parallelism,
        iops: storage.iops.filter(|_| broker.flushed),
        iops_burst_ns: default_quantity::<Nanos>("database.iops_burst").0,
        commit_cpu: None,
        flush_cpu: None,
        requeue_cpu: None,
        wake_cpu: None,
        weight: 1.0,
        locks: LockProtocol::Fifo,
        deadlock_timeout: 0,
        commit_delay: 0,
        commit_siblings: 0,
        tables: Table::new(),
        engine,
        class: broker.class.as_ref().map(|class| class.value.clone()),
        storage_kind: storage.kind.value.clone(),
        storage_bytes: storage.size.0,
    })
}
