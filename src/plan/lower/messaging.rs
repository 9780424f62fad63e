//! Lowering of events that a broker carries: topics with those who take them, and what a request to the broker does.

use super::lowering::{Lowering, OPEN, part_site};
use super::place::Place;
use super::taking_part::LeadingOn;
use crate::ids::Id;
use crate::model::{self, Acks, Consumers, Event, EventId, Messaging, OperationId, Outbox};
use crate::plan::defaults::default_quantity;
use crate::plan::{
    BrokerPlan, CourierAct, DatabasePlan, DeliveryPlan, EnqueuedPlan, Fork, GroupPlan, HandlerPlan,
    Message, OutboxPlan, Outboxed, Remark, ServicePlan, SpanStep, Step, Topic, TopicPlan, ViewPlan,
};
use crate::random::RowSampler;
use crate::scenario::Code;
use crate::units::Bytes;

impl Lowering<'_> {
    /// Every event as a topic of the broker, if the layout has one; who takes it is still open.
    pub(super) fn topics(&mut self) {
        let Some(messaging) = &self.layout.messaging else { return };
        for (number, event) in (0u32..).zip(&self.model.application.events) {
            let feeds = self.followed.told.get(&EventId(number)).cloned().unwrap_or_default();
            let message = self.message(size_of(event).0);
            let receipt = self.message(default_quantity::<Bytes>("database.statement_message").0);
            let key = event.key.as_ref().map(|table| {
                let table = &self.model.application.tables[table.index()];
                RowSampler::new(table.rows, table.skew)
            });
            self.plan.messaging.topics.push(TopicPlan {
                name: event.name.value.clone(),
                message,
                receipt,
                partitions: *messaging.broker.partitions,
                key,
                couriers: Vec::new(),
                deliveries: Vec::new(),
                leads_on: false,
                feeds,
            });
        }
    }

    /// One more topic, for what leads a saga on; who takes it is still open.
    pub(super) fn leading_topic(&mut self, name: String, message: Id<Message>) -> Id<Topic> {
        let receipt = self.message(default_quantity::<Bytes>("database.statement_message").0);
        let partitions = self.layout.messaging.as_ref().map_or(1, |it| *it.broker.partitions);
        self.plan.messaging.topics.push(TopicPlan {
            name,
            message,
            receipt,
            partitions,
            key: None,
            couriers: Vec::new(),
            deliveries: Vec::new(),
            leads_on: true,
            feeds: Vec::new(),
        })
    }

    /// Who takes an event that leads a saga on.
    fn leads(&mut self, topic: Id<Topic>, chosen: &Messaging) -> Vec<DeliveryPlan> {
        let leads = self.taking_part.leads.clone().into_iter().filter(|lead| lead.topic == topic);
        let deliveries = leads.map(|LeadingOn { service, entry, .. }| {
            let group = self.group(service, chosen);
            DeliveryPlan { group, handlers: vec![HandlerPlan { entry, site: 0 }] }
        });
        deliveries.collect()
    }

    /// Who takes an event, service by service; the operations are written.
    fn deliveries(&mut self, subscribers: &[OperationId], chosen: &Messaging) -> Vec<DeliveryPlan> {
        let mut deliveries: Vec<DeliveryPlan> = Vec::new();
        for (number, subscriber) in subscribers.iter().enumerate() {
            let group = self.group(self.service_of(*subscriber), chosen);
            let entry = self.local_entry[subscriber.index()];
            let handler = HandlerPlan { entry, site: part_site(0, number) };
            match deliveries.iter_mut().find(|delivery| delivery.group == group) {
                Some(delivery) => delivery.handlers.push(handler),
                None => deliveries.push(DeliveryPlan { group, handlers: vec![handler] }),
            }
        }
        deliveries
    }

    /// The group of a service.
    fn group(&mut self, service: Id<ServicePlan>, messaging: &Messaging) -> Id<GroupPlan> {
        let known = self.find_group(|group| group.service == service && group.view.is_none());
        if let Some(known) = known {
            return known;
        }
        let name = self.plan.site.services[service].name.clone();
        let own = messaging.consumers_of(&name);
        self.add_group(name, (service, None), own)
    }

    fn find_group(&self, is_it: impl Fn(&GroupPlan) -> bool) -> Option<Id<GroupPlan>> {
        let mut known = self.plan.messaging.groups.entries();
        known.find(|(_, group)| is_it(group)).map(|(id, _)| id)
    }

    /// The group that keeps a view up: consumers in each instance of the service whose join it answers.
    fn group_of_view(&mut self, view: Id<ViewPlan>, messaging: &Messaging) -> Id<GroupPlan> {
        if let Some(known) = self.find_group(|group| group.view == Some(view)) {
            return known;
        }
        let ViewPlan { name, join, .. } = self.plan.followed.views[view].clone();
        let service = self.deployment.service_of_module[self.module_of(&join).index()];
        let own = messaging.consumers_of(&name);
        self.add_group(format!("view {name}"), (service, Some(view)), own)
    }

    fn add_group(
        &mut self,
        name: String,
        (service, view): (Id<ServicePlan>, Option<Id<ViewPlan>>),
        own: &Consumers,
    ) -> Id<GroupPlan> {
        let batch_time = self.plan.add_sampler(&own.batch_time);
        self.plan.messaging.groups.push(GroupPlan {
            name,
            service,
            view,
            concurrency: own.concurrency,
            prefetch: own.prefetch,
            batch: own.batch,
            batch_time,
            retries: own.retries,
            retry_after: own.retry_after.0,
            dead_letters: own.dead_letters,
        })
    }

    /// Sends an event to the broker, or keeps it in the outbox of the database that what is done here is written to.
    pub(super) fn send_event(&mut self, event: model::EventId, site: u32, place: Place) {
        let name = &self.model.application.events[event.index()].name;
        let service = &self.plan.site.services[place.service].name;
        match self.kept_at(place) {
            Kept::Sent => {
                if place.transaction.is_some() {
                    let message = format!(
                        "event {} is published within a transaction of {service} and is no part of it: a rollback \
                         does not take it back, and a crash may lose or make up one (`outbox: cdc`)",
                        **name
                    );
                    self.plan.remarks.push(Remark { code: Code::DualWrite, message });
                }
            }
            Kept::Nowhere => {
                let message = format!(
                    "event {} of {service} is sent to the broker as it is: its module has no table, and so no \
                     database for an outbox",
                    **name
                );
                self.plan.remarks.push(Remark { code: Code::DualWrite, message });
            }
            Kept::In(database) => {
                return self.enqueue(Id::new(event.index()), database, site, place);
            }
        }
        self.emit(Step::Publish { topic: Id::new(event.index()), site }, place.service);
    }

    /// What keeps an event that is published at a place until the broker has it.
    pub(super) fn kept_at(&self, place: Place) -> Kept {
        let outbox = self.layout.messaging.as_ref().map_or(Outbox::DualWrite, |it| it.outbox);
        if outbox == Outbox::DualWrite {
            return Kept::Sent;
        }
        let tables = self.model.application.tables.iter().enumerate();
        let mut own = tables.filter(|(_, table)| table.module == place.module);
        let own = own.next().map(|(table, _)| self.deployment.database_of_table[table]);
        place.transaction.or(own).map_or(Kept::Nowhere, Kept::In)
    }

    /// Keeps an event as a row of a database.
    pub(super) fn enqueue(
        &mut self,
        topic: Id<Topic>,
        database: Id<DatabasePlan>,
        site: u32,
        place: Place,
    ) {
        let outbox = self.outbox_of(database);
        let known = &self.plan.messaging.enqueued;
        let found = known.entries().find(|(_, it)| (it.topic, it.outbox) == (topic, outbox));
        let enqueued = match found.map(|(id, _)| id) {
            Some(known) => known,
            None => self.plan.messaging.enqueued.push(EnqueuedPlan { topic, outbox }),
        };
        let TopicPlan { ref name, message, leads_on, .. } = self.plan.messaging.topics[topic];
        let label = format!("write {name} to the outbox");
        let statement = self.added_row(label, database);
        let row = self.statement_message(self.plan.program.messages[message].bytes);
        let reply = self.statement_message(0);
        let alone = place.transaction != Some(database);
        if alone {
            self.emit(Step::Begin { database, retries: 0 }, place.service);
        }
        self.hop(database, row, place);
        self.emit(Step::DatabaseCpu { statement, site }, place.service);
        self.emit(Step::Lock { statement, site }, place.service);
        if self.plan.program.statements[statement].locked_cpu > 0 {
            self.emit(Step::RowsCpu { statement }, place.service);
        }
        self.emit(Step::Enqueue { enqueued, site }, place.service);
        if alone {
            self.commit(database, site, place);
        }
        if alone && leads_on {
            self.emit_spanning(SpanStep::HandOn, place);
        }
        self.hop(database, reply, place);
        if alone {
            self.emit(Step::Release { database }, place.service);
        }
    }

    /// The outbox of a database.
    fn outbox_of(&mut self, database: Id<DatabasePlan>) -> Id<Outboxed> {
        let known = &self.plan.messaging.outboxes;
        if let Some(place) = known.iter().position(|outbox| outbox.database == database) {
            return Id::new(place);
        }
        let costs = &self.layout.databases[database.index()].costs;
        let outbox = self.layout.messaging.as_ref().map_or(Outbox::DualWrite, |it| it.outbox);
        let (look, found_cpu) = match outbox {
            Outbox::Poll(_) => (
                self.plan.add_sampler(&costs.statement),
                costs.row_read.0.saturating_add(costs.row_write.0),
            ),
            // Who reads the log asks for no statement, and strikes nothing out.
            Outbox::Cdc(_) | Outbox::DualWrite => (None, costs.row_read.0),
        };
        let relay = OPEN;
        self.plan.messaging.outboxes.push(OutboxPlan { database, outbox, look, found_cpu, relay })
    }

    /// Writes what relays do.
    fn relays(&mut self) {
        let outboxes: Vec<_> = self.plan.messaging.outboxes.ids().collect();
        for id in outboxes {
            let OutboxPlan { database, outbox, .. } = self.plan.messaging.outboxes[id];
            let name = format!("relay of {}", self.plan.site.databases[database].name);
            let relay = self.unentered(name, Id::new(0));
            let mut acts = vec![CourierAct::Look, CourierAct::Relay];
            if let Outbox::Poll(_) = outbox {
                acts.push(CourierAct::Strike);
                if self.plan.site.databases[database].flush.is_some() {
                    acts.push(CourierAct::Log);
                }
            }
            for act in acts {
                self.emit_for(Step::Courier { machine: database, act }, None);
            }
            self.emit_for(Step::Return, None);
            self.plan.messaging.outboxes[id].relay = relay;
        }
    }

    /// Writes what requests to the broker do, and links the operations that subscribe.
    pub(super) fn couriers(&mut self) {
        let (Some(broker), Some(chosen)) =
            (self.plan.messaging.broker.clone(), &self.layout.messaging)
        else {
            return;
        };
        let topics: Vec<_> = self.plan.messaging.topics.ids().collect();
        for topic in topics {
            let machines = broker.machines.len().min(self.leaders(topic));
            let couriers = (0..machines).map(|leader| self.courier(topic, &broker, leader));
            let couriers = couriers.collect();
            let model = self.model;
            let mut deliveries = match model.application.events.get(topic.index()) {
                Some(event) => self.deliveries(&event.subscribers, chosen),
                None => self.leads(topic, chosen),
            };
            for view in self.plan.messaging.topics[topic].feeds.clone() {
                let entry = self.plan.followed.applies[view];
                let handlers = vec![HandlerPlan { entry, site: 0 }];
                deliveries.push(DeliveryPlan { group: self.group_of_view(view, chosen), handlers });
            }
            let plan = &mut self.plan.messaging.topics[topic];
            (plan.couriers, plan.deliveries) = (couriers, deliveries);
        }
        self.relays();
    }

    /// Machines at most that lead a partition of a topic.
    fn leaders(&self, topic: Id<Topic>) -> usize {
        self.plan.messaging.topics[topic].partitions as usize
    }

    /// The steps of a request to the machine of that number.
    fn courier(&mut self, topic: Id<Topic>, broker: &BrokerPlan, leader: usize) -> Id<Step> {
        let machine = broker.machines[leader];
        let copies = self.copies(broker, leader);
        let name = format!(
            "send {} to {}",
            self.plan.messaging.topics[topic].name, self.plan.site.databases[machine].name
        );
        // Any service sends it; the listing names the first.
        let entry = self.unentered(name, Id::new(0));
        let hops = !self.plan.site.links.is_empty();
        let act = |lowering: &mut Self, act: CourierAct| {
            lowering.emit_for(Step::Courier { machine, act }, None);
        };
        if hops {
            act(self, CourierAct::Go);
        }
        self.arrives_at(machine, broker);
        let mut confirmed = vec![CourierAct::Return, CourierAct::Confirm];
        confirmed.retain(|act| hops || *act != CourierAct::Return);
        let mut forks = Vec::new();
        match broker.acks {
            Acks::All => {
                forks.extend(self.fork_to(copies));
                act(self, CourierAct::Write);
                confirmed.into_iter().for_each(|it| act(self, it));
            }
            Acks::Leader | Acks::None => {
                act(self, CourierAct::Write);
                // Nobody waits for the copies.
                confirmed.into_iter().for_each(|it| act(self, it));
                forks.extend(self.fork_to(copies));
            }
        }
        self.emit_for(Step::Return, None);
        for (fork, copies) in forks {
            let branches = copies.into_iter().map(|copy| self.copy(copy, broker, hops));
            self.plan.program.forks[fork].branches = branches.collect();
        }
        entry
    }

    /// The other machines that copy what the machine of that number leads.
    fn copies(&self, broker: &BrokerPlan, leader: usize) -> Vec<Id<DatabasePlan>> {
        let copies = self.layout.messaging.as_ref().map_or(1, |it| it.broker.replication);
        let others = (1..copies as usize).map(|next| (leader + next) % broker.machines.len());
        others.map(|other| broker.machines[other]).collect()
    }

    /// Work and log of a machine that a request has reached.
    fn arrives_at(&mut self, machine: Id<DatabasePlan>, broker: &BrokerPlan) {
        if broker.request_cpu.is_some() || broker.message_cpu > 0 {
            self.emit_for(Step::Courier { machine, act: CourierAct::Work }, None);
        }
        if self.plan.site.databases[machine].flush.is_some() {
            self.emit_for(Step::Courier { machine, act: CourierAct::Log }, None);
        }
    }

    /// A fork to those that copy, if there are any; its branches are written later.
    fn fork_to(
        &mut self,
        copies: Vec<Id<DatabasePlan>>,
    ) -> Option<(Id<Fork>, Vec<Id<DatabasePlan>>)> {
        if copies.is_empty() {
            return None;
        }
        let (branches, calls) = (Vec::new(), Vec::new());
        let fork = self.plan.program.forks.push(Fork { branches, calls });
        self.emit_for(Step::Fork { fork, site: 0 }, None);
        Some((fork, copies))
    }

    /// The steps of one copy.
    fn copy(&mut self, machine: Id<DatabasePlan>, broker: &BrokerPlan, hops: bool) -> Id<Step> {
        let entry = self.next_pc();
        if hops {
            self.emit_for(Step::Courier { machine, act: CourierAct::Copy }, None);
        }
        self.arrives_at(machine, broker);
        if hops {
            self.emit_for(Step::Courier { machine, act: CourierAct::Copied }, None);
        }
        self.emit_for(Step::Return, None);
        entry
    }
}

/// What keeps an event until the broker has it.
#[derive(Clone, Copy)]
pub(super) enum Kept {
    /// Nothing: it is sent as it is.
    Sent,
    /// An outbox would, and its publisher has no database for one.
    Nowhere,
    /// The outbox of a database.
    In(Id<DatabasePlan>),
}

/// Size of a message that tells of an event.
pub(super) fn size_of(event: &Event) -> Bytes {
    event.size.unwrap_or_else(|| default_quantity("call.request"))
}
