//! `broker` and `consumers` of a layout: what carries events, and who takes them.

use super::database::STORAGES;
use super::members::EACH;
use super::{Decoder, Fields, Path};
use crate::model::{Acks, At, Broker, BrokerKind, Consumers, Messaging, Outbox, Platform, Span};
use crate::scenario::form::{Fielded, LeftOut, Shape, choice, form, names};
use crate::scenario::nearest::did_you_mean;
use crate::scenario::node::{Entry, Node};
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};
use crate::units::{Bytes, Nanos};

/// What brokers are called, as their defaults and prices are.
pub(super) const KINDS: [(&str, BrokerKind); 2] =
    [("kafka", BrokerKind::Kafka), ("rabbitmq", BrokerKind::RabbitMq)];

const ACKS: [(&str, Acks); 3] =
    [("all", Acks::All), ("leader", Acks::Leader), ("none", Acks::None)];

/// Most machines of a broker, and copies of a message.
const MOST_MACHINES: u32 = 1000;
/// Most partitions of a topic, and consumers of an instance.
const MOST_PARTITIONS: u32 = 10_000;
/// Most messages that a consumer is sent before it is done with any.
const MOST_PREFETCHED: u32 = 1_000_000;

const NONE: Shape = Shape::Word(&["none"]);

choice! { BrokerChoice "broker" "a broker" {
    "kafka": Shape::Map("broker fields"),
        "Topics of partitions, each in order and each read by one consumer of a service.";
    "rabbitmq": Shape::Map("broker fields"),
        "A queue for each service, from which its consumers take as they are free.";
} }

form! { BrokerFields "broker fields" "a broker" {
    MACHINES "machines": Shape::Whole, LeftOut::Means("as many as copies of a message"),
        "Machines of the broker, over the zones of the platform in turn.";
    CPU "cpu": Shape::Number, LeftOut::Default("broker.cpu"),
        "Cores of each; where a class is written, left out they are those of the class.";
    CLASS "class": Shape::Name, LeftOut::Means("no machine is paid for"),
        "Priced class of each, such as `m6i.large`.";
    STORAGE "storage": Shape::Either(&[Shape::Word(STORAGES), NONE, Shape::Keyed(STORAGES, &Shape::Size), Shape::Map("storage")]),
        LeftOut::Default("database.storage"),
        "Volume of each, which its log is written to.";
    PARTITIONS "partitions": Shape::Whole, LeftOut::DefaultOf("broker.*.partitions", &names(&KINDS)),
        "Parts of a topic, each in order; events are spread over them by their key, or at random without one.";
    REPLICATION "replication": Shape::Whole, LeftOut::DefaultOf("broker.*.replication", &names(&KINDS)),
        "Copies of each message, on as many machines.";
    ACKS "acks": Shape::Word(&names(&ACKS)), LeftOut::DefaultOf("broker.*.acks", &names(&KINDS)),
        "What a publisher waits for: that all copies are written, that the first one is, or nothing.";
    LINGER "linger": Shape::Duration, LeftOut::DefaultOf("broker.*.linger", &names(&KINDS)),
        "How long an instance collects events for a partition before it sends them together.";
    BATCH "batch": Shape::Size, LeftOut::DefaultOf("broker.*.batch", &names(&KINDS)),
        "How much it collects before it sends sooner.";
    CAPACITY "capacity": Shape::Either(&[Shape::Whole, NONE]), LeftOut::DefaultOf("broker.*.capacity", &names(&KINDS)),
        "Messages of a partition that some service is not done with; publishers wait for room beyond.";
    FLUSHED "flushed": Shape::Truth, LeftOut::DefaultOf("broker.*.flushed", &names(&KINDS)),
        "Whether a message is on disk, and not in memory alone, before it counts as written.";
    REQUEST_CPU "request_cpu": Shape::Law, LeftOut::DefaultOf("broker.*.request_cpu", &names(&KINDS)),
        "CPU of a machine for each request of a publisher, or of a machine that copies.";
    MESSAGE_CPU "message_cpu": Shape::Duration, LeftOut::DefaultOf("broker.*.message_cpu", &names(&KINDS)),
        "CPU of a machine for each message in it.";
    REBALANCE "rebalance": Shape::Duration, LeftOut::DefaultOf("broker.*.rebalance", &names(&KINDS)),
        "How long nobody of a service takes any message when one of its consumers has come or gone.";
} }

form! { OutboxFields "outbox" "an outbox" {
    POLL "poll": Shape::Duration, LeftOut::Means("its relay reads the log of the database"),
        "How often its relay asks the database which events have committed.";
    CDC "cdc": Shape::Duration, LeftOut::Default("outbox.cdc"),
        "How long after a commit a relay that reads the log of the database has the event.";
} }

form! { ConsumerFields "consumers" "consumers of a service" {
    CONCURRENCY "concurrency": Shape::Whole, LeftOut::Default("consumers.concurrency"),
        "Consumers in each instance; each handles one message at a time.";
    PREFETCH "prefetch": Shape::Whole, LeftOut::DefaultOf("consumers.*.prefetch", &names(&KINDS)),
        "Messages that each may have been sent and is not done with.";
    BATCH "batch": Shape::Either(&[Shape::Whole, NONE]), LeftOut::Default("consumers.batch"),
        "Messages that it takes at once, at the most, and is done with at the end of all.";
    BATCH_TIME "batch_time": Shape::Law, LeftOut::Default("consumers.batch_time"),
        "What each batch takes beside its messages, such as one commit for all.";
    RETRIES "retries": Shape::Whole, LeftOut::Default("consumers.retries"),
        "How often a message is handled once more after a failure; later ones wait meanwhile.";
    RETRY_AFTER "retry_after": Shape::Duration, LeftOut::Default("consumers.retry_after"),
        "Pause before.";
    DEAD_LETTERS "dead_letters": Shape::Truth, LeftOut::Default("consumers.dead_letters"),
        "Whether a message that fails for good is kept aside; else it is lost, and counted.";
} not_built &["idempotent"] }

/// What a layout says of its events, node by node.
pub(super) struct MessagingNodes<'n> {
    pub(super) broker: Option<&'n Node>,
    pub(super) outbox: Option<&'n Node>,
    pub(super) consumers: Option<&'n Node>,
}

impl Decoder<'_> {
    /// What carries the events of a layout, if anything does.
    pub(super) fn messaging(
        &mut self,
        nodes: &MessagingNodes<'_>,
        takers: &[&str],
        platform: &Platform,
        path: &Path<'_>,
    ) -> Option<Messaging> {
        let Some(broker) = nodes.broker else {
            let said = [
                (nodes.outbox, "`outbox` says how events get to a broker"),
                (nodes.consumers, "`consumers` take from a broker"),
            ];
            for (node, what) in said {
                let Some(node) = node else { continue };
                let message = format!("{what}, and this layout has none");
                let diagnostic = Diagnostic::new(Code::WithoutBroker, message, node.span);
                self.tell(diagnostic.hint("write `broker: kafka` beside it, or leave it out"));
            }
            return None;
        };
        let broker = self.broker(broker, platform, path)?;
        let kind = word_of(*broker.kind);
        let outbox = match nodes.outbox {
            Some(node) => self.outbox(node, path)?,
            None => Outbox::DualWrite,
        };
        let (mut named, mut others) = (Vec::new(), None);
        let path = path.to("consumers");
        let entries = nodes.consumers.and_then(|node| self.map(node, "a map of consumers"));
        for entry in entries.unwrap_or_default() {
            let consumers = self.consumers(&entry.value, kind, &path.to(&entry.key));
            if entry.key.as_str() == EACH {
                others = consumers;
                continue;
            }
            if !takers.contains(&entry.key.as_str()) {
                let message = format!("this layout has no service {}", quoted(&entry.key));
                let diagnostic = Diagnostic::new(Code::UnknownService, message, entry.key.span);
                self.tell(diagnostic.maybe_hint(did_you_mean(&entry.key, takers)));
                continue;
            }
            named.extend(consumers.map(|consumers| (entry.key.clone(), consumers)));
        }
        let others = match others {
            Some(others) => others,
            None => {
                let nothing = Node::map(Vec::new(), broker.kind.span);
                self.consumers(&nothing, kind, &path.to(EACH))?
            }
        };
        Some(Messaging { broker, outbox, consumers: named, others })
    }

    /// `none`, `cdc`, `{ cdc: 20ms }` or `{ poll: 500ms }`.
    fn outbox(&mut self, node: &Node, path: &Path<'_>) -> Option<Outbox> {
        let nothing = Node::map(Vec::new(), node.span);
        let mut written = node;
        if node.entries().is_none() {
            if !self.word(node, "an outbox", &[("none", false), ("cdc", true)])? {
                return Some(Outbox::DualWrite);
            }
            written = &nothing;
        }
        let fields = self.fields::<OutboxFields>(written, &path.to("outbox"))?;
        self.finish(&fields);
        let Some(node) = fields.get(OutboxFields::POLL) else {
            return fields.or(self, OutboxFields::CDC, Self::quantity::<Nanos>).map(Outbox::Cdc);
        };
        if let Some(cdc) = fields.get(OutboxFields::CDC) {
            let message = "a relay polls, or it reads the log";
            let diagnostic = Diagnostic::new(Code::Conflict, message, cdc.span);
            self.tell(diagnostic.hint("leave out `poll` or `cdc`").also(node.span, "it polls"));
        }
        let every: Nanos = self.quantity(node)?;
        if every == Nanos::ZERO {
            let message = "a relay that polls needs some time between two looks";
            let diagnostic = Diagnostic::new(Code::OutOfRange, message, node.span);
            self.tell(diagnostic.hint("write it like `poll: 500ms`"));
            return None;
        }
        Some(Outbox::Poll(every))
    }

    /// `kafka`, or `{ kafka: { … } }`.
    fn broker(&mut self, node: &Node, platform: &Platform, path: &Path<'_>) -> Option<Broker> {
        let path = path.to("broker");
        let what = "a broker";
        let nothing = Node::map(Vec::new(), node.span);
        if node.entries().is_none() {
            let kind = self.word(node, what, &KINDS)?;
            let path = path.to(word_of(kind));
            return self.broker_of(At::new(kind, node.span), &nothing, platform, &path);
        }
        let Entry { key, value } = self.one_key(node, what)?;
        let Some((_, kind)) = KINDS.iter().find(|(name, _)| *name == key.as_str()) else {
            let message = format!("{what} is never {}", quoted(key));
            let known = BrokerChoice::FORM.names();
            self.unknown(Code::UnknownWord, message, key.span, key, &known);
            return None;
        };
        self.broker_of(At::new(*kind, key.span), value, platform, &path.to(key))
    }

    fn broker_of(
        &mut self,
        kind: At<BrokerKind>,
        node: &Node,
        platform: &Platform,
        path: &Path<'_>,
    ) -> Option<Broker> {
        let fields = self.fields::<BrokerFields>(node, path)?;
        self.finish(&fields);
        let word = word_of(*kind);
        let copies =
            |d: &mut Self, node: &Node| d.whole32(node, "a number of copies", 1..=MOST_MACHINES);
        let replication = fields.or_of(self, BrokerFields::REPLICATION, word, copies)?;
        let machines = match fields.get(BrokerFields::MACHINES) {
            Some(node) => self.whole32(node, "a number of machines", 1..=MOST_MACHINES)?,
            None => replication,
        };
        self.refuse_too_many_copies(machines, replication, &fields);
        let (cpu, class) = self.broker_server(&fields, word, platform)?;
        let partitions = |d: &mut Self, node: &Node| {
            d.whole32(node, "a number of partitions", 1..=MOST_PARTITIONS)
        };
        let span = fields.get(BrokerFields::PARTITIONS).map_or(kind.span, |node| node.span);
        let partitions =
            At::new(fields.or_of(self, BrokerFields::PARTITIONS, word, partitions)?, span);
        let acks = |d: &mut Self, node: &Node| d.word(node, "what is waited for", &ACKS);
        let acks = fields.or_of(self, BrokerFields::ACKS, word, acks)?;
        let linger = fields.or_of(self, BrokerFields::LINGER, word, Self::quantity)?;
        let batch = fields.or_of(self, BrokerFields::BATCH, word, Self::size_above_zero)?;
        let flushed = |d: &mut Self, node: &Node| d.truth(node, "`flushed`");
        Some(Broker {
            machines,
            cpu,
            class,
            storage: self.storage(fields.get(BrokerFields::STORAGE), kind.span, path)?,
            partitions,
            replication,
            acks,
            linger,
            batch,
            capacity: fields.or_of(self, BrokerFields::CAPACITY, word, Self::most_messages)?,
            flushed: fields.or_of(self, BrokerFields::FLUSHED, word, flushed)?,
            request_cpu: fields.or_of(self, BrokerFields::REQUEST_CPU, word, Self::distribution)?,
            message_cpu: fields.or_of(self, BrokerFields::MESSAGE_CPU, word, Self::quantity)?,
            rebalance: fields.or_of(self, BrokerFields::REBALANCE, word, Self::quantity)?,
            kind,
        })
    }

    fn refuse_too_many_copies(
        &mut self,
        machines: u32,
        replication: u32,
        fields: &Fields<'_, BrokerFields>,
    ) {
        let Some(node) = fields.get(BrokerFields::MACHINES) else { return };
        if machines < replication {
            let message = format!(
                "{replication} copies of a message lie on as many machines, and the broker has {machines}"
            );
            let diagnostic = Diagnostic::new(Code::TooFewMachines, message, node.span);
            self.tell(diagnostic.hint("write more `machines`, or a smaller `replication`"));
        }
    }

    /// Cores and class of each machine.
    fn broker_server(
        &mut self,
        fields: &Fields<'_, BrokerFields>,
        kind: &str,
        platform: &Platform,
    ) -> Option<(f64, Option<At<String>>)> {
        let cpu = match fields.get(BrokerFields::CPU) {
            Some(node) => Some(self.positive(node, "a number of cores", 1e4)?),
            None => None,
        };
        let Some(node) = fields.get(BrokerFields::CLASS) else {
            let cores = |d: &mut Self, node: &Node| d.positive(node, "a number of cores", 1e4);
            return Some((fields.or(self, BrokerFields::CPU, cores)?, None));
        };
        let class = self.scalar(node, "a class of machine")?.to_string();
        let prices = platform.prices.as_ref();
        // Its memory is the page cache of its system, which is not simulated.
        let (cpu, _) = self.class_size(&class, node, prices, cpu, Some(Bytes::ZERO))?;
        if let Some(prices) = prices
            && prices.server(kind, &class).is_none()
        {
            let message = format!(
                "{} has no price for a {kind} machine of class {}: the bill leaves it out",
                quoted(&prices.name),
                quoted(&class)
            );
            self.tell(Diagnostic::new(Code::UnpricedClass, message, node.span));
        }
        Some((cpu, Some(At::new(class, node.span))))
    }

    /// A number of messages; `none` for any number.
    fn most_messages(&mut self, node: &Node) -> Option<Option<u32>> {
        if node.is_word("none") {
            return Some(None);
        }
        self.whole32(node, "a number of messages", 1..=u32::MAX).map(Some)
    }

    fn consumers(&mut self, node: &Node, kind: &str, path: &Path<'_>) -> Option<Consumers> {
        let fields = self.fields::<ConsumerFields>(node, path)?;
        self.finish(&fields);
        let concurrency = |d: &mut Self, node: &Node| {
            d.whole32(node, "a number of consumers", 1..=MOST_PARTITIONS)
        };
        let prefetch = |d: &mut Self, node: &Node| {
            d.whole32(node, "a number of messages", 1..=MOST_PREFETCHED)
        };
        let retries =
            |d: &mut Self, node: &Node| d.whole32(node, "a number of retries", 0..=1_000_000);
        let dead_letters = |d: &mut Self, node: &Node| d.truth(node, "`dead_letters`");
        let consumers = Consumers {
            concurrency: fields.or(self, ConsumerFields::CONCURRENCY, concurrency)?,
            prefetch: fields.or_of(self, ConsumerFields::PREFETCH, kind, prefetch)?,
            batch: fields.or(self, ConsumerFields::BATCH, Self::most_messages)?,
            batch_time: fields.or(self, ConsumerFields::BATCH_TIME, Self::distribution)?,
            retries: fields.or(self, ConsumerFields::RETRIES, retries)?,
            retry_after: fields.or(self, ConsumerFields::RETRY_AFTER, Self::quantity)?,
            dead_letters: fields.or(self, ConsumerFields::DEAD_LETTERS, dead_letters)?,
        };
        self.refuse_contradictory_consumers(&fields, &consumers);
        Some(consumers)
    }

    /// A consumer takes no batch of more than it is sent, and does nothing for batches that it does not take.
    fn refuse_contradictory_consumers(
        &mut self,
        fields: &Fields<'_, ConsumerFields>,
        consumers: &Consumers,
    ) {
        let mut conflict = |at: Span, message: String, hint: &str| {
            self.tell(Diagnostic::new(Code::Conflict, message, at).hint(hint));
        };
        if let (Some(batch), Some(node)) = (consumers.batch, fields.get(ConsumerFields::BATCH))
            && batch > consumers.prefetch
        {
            let message = format!(
                "a batch of {batch} is never full where a consumer is sent {} messages at the most",
                consumers.prefetch
            );
            conflict(node.span, message, "write a larger `prefetch`, or a smaller `batch`");
        }
        if let (None, Some(node)) = (consumers.batch, fields.get(ConsumerFields::BATCH_TIME)) {
            let message = "`batch_time` is for batches, and messages are taken one by one".into();
            conflict(node.span, message, "write `batch: 50` beside it, or leave it out");
        }
        if let (0, Some(node)) = (consumers.retries, fields.get(ConsumerFields::RETRY_AFTER)) {
            let message = "nothing is tried again, so `retry_after` says nothing".into();
            conflict(node.span, message, "write `retries: 3` beside it, or leave it out");
        }
    }
}

/// What a kind of broker is called.
fn word_of(kind: BrokerKind) -> &'static str {
    match kind {
        BrokerKind::Kafka => KINDS[0].0,
        BrokerKind::RabbitMq => KINDS[1].0,
    }
}
