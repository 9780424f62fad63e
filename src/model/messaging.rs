//! How a layout carries events: a broker, what consumers of each service do, and how an event leaves a transaction.

use super::{At, Storage};
use crate::random::Distribution;
use crate::units::{Bytes, Nanos};

/// What a layout says of its events.
#[derive(Debug, Clone, PartialEq)]
pub struct Messaging {
    /// What carries them.
    pub broker: Broker,
    /// How an event gets from a transaction to the broker.
    pub outbox: Outbox,
    /// What the consumers of a service do, by its name.
    pub consumers: Vec<(At<String>, Consumers)>,
    /// The same for all others.
    pub others: Consumers,
}

impl Messaging {
    /// What the consumers of a service do.
    pub fn consumers_of(&self, service: &str) -> &Consumers {
        let named = self.consumers.iter().find(|(name, _)| *name.value == *service);
        named.map_or(&self.others, |(_, consumers)| consumers)
    }
}

/// Kinds of brokers: parameter sets of one model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrokerKind {
    /// Each partition of a topic is read by one consumer of a group, in order.
    Kafka,
    /// The consumers of a group take from one queue.
    RabbitMq,
}

/// A broker.
#[derive(Debug, Clone, PartialEq)]
pub struct Broker {
    /// Which kind, and where it is said.
    pub kind: At<BrokerKind>,
    /// Its machines, at least as many as there are copies of a message.
    pub machines: u32,
    /// Cores of each.
    pub cpu: f64,
    /// Class that each is billed as.
    pub class: Option<At<String>>,
    /// Volume of each.
    pub storage: Storage,
    /// Parts of a topic that are each in order.
    pub partitions: At<u32>,
    /// Copies of each message, on as many machines.
    pub replication: u32,
    /// What a publisher waits for.
    pub acks: Acks,
    /// How long a publishing instance collects events for a partition before it sends them.
    pub linger: Nanos,
    /// Bytes at which it sends them before that.
    pub batch: Bytes,
    /// Messages of a partition that are not done with; publishers beyond wait. `None`: any number.
    pub capacity: Option<u32>,
    /// Whether a message is on disk before it counts as written.
    pub flushed: bool,
    /// CPU of a machine for a request of a publisher or of another machine.
    pub request_cpu: Distribution,
    /// CPU of a machine for each message that it writes.
    pub message_cpu: Nanos,
    /// How long nobody of a group takes anything when a consumer has come or gone.
    pub rebalance: Nanos,
}

/// What a publisher waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acks {
    /// That all copies are written.
    All,
    /// That one machine has written it.
    Leader,
    /// Nothing.
    None,
}

/// What the consumers of a service do.
#[derive(Debug, Clone, PartialEq)]
pub struct Consumers {
    /// Consumers in each instance; each handles one message, or one batch, at a time.
    pub concurrency: u32,
    /// Messages that each may have been sent and is not done with.
    pub prefetch: u32,
    /// Messages that it takes at once, at the most, and is done with together; `None`: one after the other.
    pub batch: Option<u32>,
    /// What each batch takes beside its messages.
    pub batch_time: Distribution,
    /// How often a message is handled once more after a failure.
    pub retries: u32,
    /// Pause before.
    pub retry_after: Nanos,
    /// Whether a message that fails for good is kept aside; else it is lost.
    pub dead_letters: bool,
}

/// How an event gets from a transaction to the broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outbox {
    /// By its publisher, at its step: a second write that no transaction covers.
    DualWrite,
    /// A row of the same transaction, which a relay finds that looks so often.
    Poll(Nanos),
    /// A row of the same transaction, which a relay reads from the log that long after the commit.
    Cdc(Nanos),
}
