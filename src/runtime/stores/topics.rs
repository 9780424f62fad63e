//! What a broker carries: messages, the requests that bring them, the partitions that they lie in, and the consumers
//! of each group.

use std::collections::{BTreeMap, VecDeque};

use super::{Session, Spanning};
use crate::ids::{Id, Ref, Slab, Table};
use crate::measure::{GroupRecord, OutboxRecord, TopicRecord};
use crate::plan::{GroupPlan, Location, Outboxed, Plan, Topic};
use crate::random::Key;
use crate::runtime::fleet::{Fleet, Instance};
use crate::runtime::frame_id::{FrameId, FrameRef};
use crate::runtime::resources::allotment::{Allotment, Allotted};

/// Everything that the broker of a layout carries; empty without one.
#[derive(Debug)]
pub(in crate::runtime) struct Topics {
    pub(in crate::runtime) messages: Slab<Carried>,
    pub(in crate::runtime) requests: Slab<Sending>,
    /// Requests that still collect messages, by who publishes, topic and partition of it.
    pub(in crate::runtime) open: BTreeMap<(Id<Instance>, Id<Topic>, u32), Id<Sending>>,
    pub(in crate::runtime) groups: Table<GroupState, GroupPlan>,
    pub(in crate::runtime) consumers: Table<Consumer>,
    /// Partitions of all topics, one topic after the other.
    pub(in crate::runtime) partitions: Vec<Partition>,
    /// Where those of each topic begin.
    pub(in crate::runtime) first: Table<u32, Topic>,
    pub(in crate::runtime) records: Table<TopicRecord, Topic>,
    /// Events of sessions that have not committed.
    pub(in crate::runtime) pending: BTreeMap<Id<Session>, Vec<Enqueued>>,
    pub(in crate::runtime) outboxes: Table<OutboxState, Outboxed>,
    /// Events that were published within transactions that go on, with when (ns): no outbox keeps them.
    pub(in crate::runtime) ahead: BTreeMap<Id<Session>, Vec<(Id<Topic>, u64)>>,
}

/// An event of a session, with the outbox that keeps it once that has committed.
#[derive(Debug, Clone, Copy)]
pub(in crate::runtime) struct Enqueued {
    pub(in crate::runtime) outbox: Id<Outboxed>,
    pub(in crate::runtime) message: Id<Carried>,
}

/// What a database keeps for its relay.
#[derive(Debug, Default)]
pub(in crate::runtime) struct OutboxState {
    /// Committed, and not found yet.
    pub(in crate::runtime) committed: Vec<Id<Carried>>,
    /// Found, and not sent yet.
    pub(in crate::runtime) found: Vec<Id<Carried>>,
    /// How many were found last.
    pub(in crate::runtime) count: u64,
    /// The relay at work.
    pub(in crate::runtime) relay: Option<FrameId>,
    pub(in crate::runtime) record: OutboxRecord,
}

/// A message.
#[derive(Debug, Clone, Copy)]
pub(in crate::runtime) struct Carried {
    pub(in crate::runtime) topic: Id<Topic>,
    /// Its partition among those of all topics.
    pub(in crate::runtime) partition: u32,
    /// Keys what is done with it.
    pub(in crate::runtime) key: Key,
    /// Number of the step that published it, which keys that too.
    pub(in crate::runtime) site: u32,
    /// (ns)
    pub(in crate::runtime) published_at: u64,
    /// (ns) When consumers could take it.
    pub(in crate::runtime) written_at: u64,
    /// Groups that are not done with it.
    pub(in crate::runtime) groups_left: u32,
    /// Whether some group gave it up.
    pub(in crate::runtime) given_up: bool,
    /// Whether an outbox keeps it until the broker has it.
    pub(in crate::runtime) is_kept: bool,
    /// The saga by choreography that it leads on, until a consumer has taken that on.
    pub(in crate::runtime) saga: Option<Ref<Spanning>>,
}

/// A request of a publisher to the broker.
#[derive(Debug, Clone)]
pub(in crate::runtime) struct Sending {
    pub(in crate::runtime) topic: Id<Topic>,
    /// Partition of the topic.
    pub(in crate::runtime) partition: u32,
    pub(in crate::runtime) instance: Id<Instance>,
    /// Where it comes from.
    pub(in crate::runtime) from: Location,
    pub(in crate::runtime) messages: Vec<Id<Carried>>,
    /// Frames that wait for its receipt.
    pub(in crate::runtime) waiting: Vec<FrameRef>,
    /// Whether it still collects messages.
    pub(in crate::runtime) is_open: bool,
    /// Whether consumers may take them.
    pub(in crate::runtime) is_written: bool,
}

impl Sending {
    /// One without a message, which collects none.
    pub(in crate::runtime) fn new(
        (topic, partition): (Id<Topic>, u32),
        instance: Id<Instance>,
        from: Location,
    ) -> Self {
        let (messages, waiting) = (Vec::new(), Vec::new());
        let (is_open, is_written) = (false, false);
        Sending { topic, partition, instance, from, messages, waiting, is_open, is_written }
    }
}

/// A part of a topic.
#[derive(Debug, Clone, Default)]
pub(in crate::runtime) struct Partition {
    /// Messages that some group is not done with.
    pub(in crate::runtime) count: u32,
    /// Requests that wait for room, with the frames that bring them.
    pub(in crate::runtime) line: VecDeque<FrameId>,
}

/// The consumers of a service.
#[derive(Debug)]
pub(in crate::runtime) struct GroupState {
    pub(in crate::runtime) backlog: Allotment<Id<Carried>>,
    /// By their numbers in the backlog.
    pub(in crate::runtime) consumers: Vec<Id<Consumer>>,
    /// Partitions are being dealt out anew until that event: nobody begins with anything.
    pub(in crate::runtime) pauses: u32,
    pub(in crate::runtime) record: GroupRecord,
}

/// A consumer of an instance.
#[derive(Debug)]
pub(in crate::runtime) struct Consumer {
    pub(in crate::runtime) group: Id<GroupPlan>,
    /// Its number in the group.
    pub(in crate::runtime) number: usize,
    pub(in crate::runtime) instance: Id<Instance>,
    /// Messages that have reached it.
    pub(in crate::runtime) inbox: VecDeque<Allotted<Id<Carried>>>,
    /// (ns) When the last of those on their way arrives: none overtakes another.
    pub(in crate::runtime) arrives_at: u64,
    /// What it works on: one message, or a batch.
    pub(in crate::runtime) hand: Vec<InHand>,
    /// Which of them at present.
    pub(in crate::runtime) at: usize,
    /// Which of the operations that the message is for.
    pub(in crate::runtime) handler: usize,
    /// How often that has failed.
    pub(in crate::runtime) failures: u32,
}

/// A message that a consumer works on.
#[derive(Debug, Clone, Copy)]
pub(in crate::runtime) struct InHand {
    pub(in crate::runtime) message: Id<Carried>,
    /// Whether handling it has failed for good.
    pub(in crate::runtime) failed: bool,
}

impl Topics {
    /// Nothing yet, in a replication of `duration` (ns).
    pub(in crate::runtime) fn new(plan: &Plan, fleet: &Fleet, duration: u64) -> Self {
        let mut topics = Topics {
            messages: Slab::new(),
            requests: Slab::new(),
            open: BTreeMap::new(),
            groups: Table::new(),
            consumers: Table::new(),
            partitions: Vec::new(),
            first: Table::new(),
            records: Table::filled(TopicRecord::default(), &plan.messaging.topics),
            pending: BTreeMap::new(),
            ahead: BTreeMap::new(),
            outboxes: plan.messaging.outboxes.iter().map(|_| OutboxState::default()).collect(),
        };
        for topic in &plan.messaging.topics {
            topics.first.push(topics.partitions.len() as u32);
            let all = topics.partitions.len() + topic.partitions as usize;
            topics.partitions.resize(all, Partition::default());
        }
        let exclusive = plan.messaging.broker.as_ref().is_some_and(|broker| broker.exclusive);
        let partitions: Vec<u32> =
            plan.messaging.topics.iter().map(|topic| topic.partitions).collect();
        for (id, group) in plan.messaging.groups.entries() {
            let instances = fleet.instances.entries();
            let own = instances.filter(|(_, instance)| instance.service == group.service);
            let own: Vec<Id<Instance>> = own
                .flat_map(|(id, _)| std::iter::repeat_n(id, group.concurrency as usize))
                .collect();
            let backlog = Allotment::new(partitions.clone(), own.len(), group.prefetch, !exclusive);
            let record = GroupRecord::new(own.len(), duration);
            let consumers = Vec::new();
            topics.groups.push(GroupState { backlog, consumers, pauses: 0, record });
            own.into_iter().for_each(|instance| topics.add_consumer(id, instance));
        }
        topics
    }

    /// One more consumer, of which the lines of its group knows.
    pub(in crate::runtime) fn add_consumer(&mut self, group: Id<GroupPlan>, at: Id<Instance>) {
        let number = self.groups[group].consumers.len();
        let consumer = self.consumers.push(Consumer {
            group,
            number,
            instance: at,
            inbox: VecDeque::new(),
            arrives_at: 0,
            hand: Vec::new(),
            at: 0,
            handler: 0,
            failures: 0,
        });
        self.groups[group].consumers.push(consumer);
    }

    /// Partition of a topic among those of all.
    pub(in crate::runtime) fn place_of(&self, topic: Id<Topic>, partition: u32) -> usize {
        (self.first[topic] + partition) as usize
    }
}
