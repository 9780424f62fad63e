//! Events and what carries them, as they are compiled.

use super::{DatabasePlan, EnqueuedPlan, Message, Outboxed, ServicePlan, Step, Topic, ViewPlan};
use crate::ids::{Id, Table};
use crate::model::{Acks, Outbox};
use crate::random::{RowSampler, Sampler};

/// The broker of a layout with what it carries; empty without one.
#[derive(Debug, Clone, Default)]
pub struct MessagingPlan {
    /// The broker.
    pub broker: Option<BrokerPlan>,
    /// Events.
    pub topics: Table<TopicPlan, Topic>,
    /// Services that subscribe to any.
    pub groups: Table<GroupPlan>,
    /// Databases that keep events until a relay has them.
    pub outboxes: Table<OutboxPlan, Outboxed>,
    /// Events that are kept so, each with where.
    pub enqueued: Table<EnqueuedPlan>,
}

/// A broker. Its machines stand behind the databases of the layout, each a server of its own.
#[derive(Debug, Clone)]
pub struct BrokerPlan {
    /// Its machines.
    pub machines: Vec<Id<DatabasePlan>>,
    /// What a publisher waits for.
    pub acks: Acks,
    /// How long events for a partition are collected (ns).
    pub linger: u64,
    /// Bytes at which they are sent before that.
    pub batch: u64,
    /// Messages of a partition that are not done with; `None`: any number.
    pub capacity: Option<u32>,
    /// CPU of a machine for a request.
    pub request_cpu: Option<Id<Sampler>>,
    /// CPU of a machine for each message (ns).
    pub message_cpu: u64,
    /// How long a group takes nothing when a consumer has come or gone (ns).
    pub rebalance: u64,
    /// Whether each partition is read by one consumer of a group; else its consumers share one queue.
    pub exclusive: bool,
}

/// A database that keeps events until a relay has them.
#[derive(Debug, Clone)]
pub struct OutboxPlan {
    /// Which.
    pub database: Id<DatabasePlan>,
    /// How its relay finds them.
    pub outbox: Outbox,
    /// CPU of the database for a look of the relay.
    pub look: Option<Id<Sampler>>,
    /// CPU of the database for each event that the relay finds, to read it and to strike it out (ns).
    pub found_cpu: u64,
    /// Where the steps of the relay begin.
    pub relay: Id<Step>,
}

/// An event.
#[derive(Debug, Clone)]
pub struct TopicPlan {
    /// Name.
    pub name: String,
    /// A message that tells of one.
    pub message: Id<Message>,
    /// What says that it has been written.
    pub receipt: Id<Message>,
    /// Parts that are each in order.
    pub partitions: u32,
    /// Which row one is about; `None`: of none, and in no order.
    pub key: Option<RowSampler>,
    /// Where the steps of a request to each machine begin, in the order of the machines.
    pub couriers: Vec<Id<Step>>,
    /// Who takes it.
    pub deliveries: Vec<DeliveryPlan>,
    /// Whether it leads a saga by choreography on to its next part.
    pub leads_on: bool,
    /// Views that it feeds.
    pub feeds: Vec<Id<ViewPlan>>,
}

/// A group that takes an event.
#[derive(Debug, Clone)]
pub struct DeliveryPlan {
    /// Which.
    pub group: Id<GroupPlan>,
    /// What it does with each, one after the other.
    pub handlers: Vec<HandlerPlan>,
}

/// An operation that subscribes to an event.
#[derive(Debug, Clone, Copy)]
pub struct HandlerPlan {
    /// Where it starts.
    pub entry: Id<Step>,
    /// Keys its frames, counted from the site of the step that published: the same wherever it runs.
    pub site: u32,
}

/// The consumers of a service, or of a view that it keeps up.
#[derive(Debug, Clone)]
pub struct GroupPlan {
    /// What they are called: as their service, or `view` and its name.
    pub name: String,
    /// Whose.
    pub service: Id<ServicePlan>,
    /// The view that they keep up, and nothing else.
    pub view: Option<Id<ViewPlan>>,
    /// Consumers in each instance.
    pub concurrency: u32,
    /// Messages that each may have and is not done with.
    pub prefetch: u32,
    /// Messages that it takes at once; `None`: one after the other.
    pub batch: Option<u32>,
    /// What a batch takes beside its messages.
    pub batch_time: Option<Id<Sampler>>,
    /// How often a message is handled once more after a failure.
    pub retries: u32,
    /// Pause before (ns).
    pub retry_after: u64,
    /// Whether a message that fails for good is kept aside.
    pub dead_letters: bool,
}
