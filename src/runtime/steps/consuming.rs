//! Consumers of a broker: who is sent which message, what they do with it, and what becomes of one that fails.

use crate::ids::Id;
use crate::measure::Kind;
use crate::plan::{DeliveryPlan, GroupPlan, HandlerPlan, ServicePlan};
use crate::random::Draws;
use crate::runtime::control::Happening;
use crate::runtime::crowd::{FrameStart, Stay, Upon};
use crate::runtime::fleet::{Instance, State};
use crate::runtime::frame_id::FrameId;
use crate::runtime::resources::allotment::Allotted;
use crate::runtime::stores::{Carried, Consumer, InHand};
use crate::runtime::world::World;

/// Where the time of a batch is drawn: apart from what is drawn for the request (its endpoint, its patience).
const SITE_BATCH: u32 = u32::MAX - 3;

impl<'p> World<'p> {
    /// A message has been written: each group that takes such is told.
    pub(super) fn offer(&mut self, message: Id<Carried>) {
        let (now, plan) = (self.events.now(), self.plan);
        let Carried { topic, partition, .. } = self.stores.topics.messages[message];
        let deliveries = &plan.messaging.topics[topic].deliveries;
        for DeliveryPlan { group, .. } in deliveries {
            let own = &mut self.stores.topics.groups[*group];
            own.record.comes(now);
            if let Some((taker, waiting)) = own.backlog.append(partition, message) {
                let consumer = own.consumers[taker];
                self.send_to(consumer, waiting);
            }
        }
        if deliveries.is_empty() {
            self.message_ends(message);
        }
    }

    /// A message is on its way to a consumer.
    fn send_to(&mut self, consumer: Id<Consumer>, waiting: Allotted<Id<Carried>>) {
        if self.plan.site.links.is_empty() {
            return self.arrives_at_consumer(consumer, waiting);
        }
        let now = self.events.now();
        let Carried { topic, partition, .. } = self.stores.topics.messages[waiting.message];
        let leader = self.leader_of(partition - self.stores.topics.first[topic]);
        let from = self.plan.site.databases[leader].location;
        let to = self.fleet.instances[self.stores.topics.consumers[consumer].instance].location;
        let locality = self.net.between(from, to);
        let time = self.way_of(self.plan.messaging.topics[topic].message, locality);
        let own = &mut self.stores.topics.consumers[consumer];
        own.arrives_at = own.arrives_at.max(now.saturating_add(time));
        let at = own.arrives_at;
        self.agenda.enter(&mut self.events, None, at, Happening::Delivered(consumer, waiting));
    }

    /// A message has reached a consumer; one whose partition has gone to another meanwhile gives it back.
    pub(in crate::runtime) fn arrives_at_consumer(
        &mut self,
        consumer: Id<Consumer>,
        waiting: Allotted<Id<Carried>>,
    ) {
        let topics = &mut self.stores.topics;
        let own = &mut topics.consumers[consumer];
        let group = own.group;
        if topics.groups[group].backlog.owns(own.number, waiting.partition) {
            own.inbox.push_back(waiting);
            self.consume(consumer);
        } else {
            topics.groups[group].backlog.give_back(own.number, waiting);
            self.send_what_waits(group);
        }
    }

    /// A consumer that has nothing in hand takes what has reached it.
    fn consume(&mut self, consumer: Id<Consumer>) {
        let (now, plan) = (self.events.now(), self.plan);
        let topics = &mut self.stores.topics;
        let own = &mut topics.consumers[consumer];
        let group = &mut topics.groups[own.group];
        if !own.hand.is_empty() || own.inbox.is_empty() || group.pauses > 0 {
            return;
        }
        let settings = &plan.messaging.groups[own.group];
        let count = own.inbox.len().min(settings.batch.unwrap_or(1) as usize);
        for Allotted { message, .. } in own.inbox.drain(..count) {
            let wait = now - topics.messages[message].written_at;
            group.record.waits.record(wait);
            group.record.wait_sum += u128::from(wait);
            own.hand.push(InHand { message, failed: false });
        }
        (own.at, own.handler, own.failures) = (0, 0, 0);
        group.record.taken += count as u64;
        group.record.takes += 1;
        group.record.busy[own.number].enter(now);
        let key = topics.messages[own.hand[0].message].key;
        let time = settings
            .batch_time
            .map_or(0, |law| plan.program.samplers[law].draw(&mut Draws::at(key, SITE_BATCH)));
        self.handle_after(consumer, time);
    }

    /// A consumer goes on with the message in its hand in so long (ns).
    fn handle_after(&mut self, consumer: Id<Consumer>, time: u64) {
        if time == 0 {
            return self.handle(consumer);
        }
        let at = self.events.now().saturating_add(time);
        self.agenda.enter(&mut self.events, None, at, Happening::Handles(consumer));
    }

    /// A consumer begins with an operation that the message in its hand is for.
    pub(in crate::runtime) fn handle(&mut self, consumer: Id<Consumer>) {
        let topics = &self.stores.topics;
        let own = &topics.consumers[consumer];
        let Carried { key, site, .. } = topics.messages[own.hand[own.at].message];
        let handler = self.handlers(consumer)[own.handler];
        let pc = handler.entry;
        // As wherever else it runs; another try draws anew.
        let mut key = key.child(u64::from(site.wrapping_add(handler.site)));
        if own.failures > 0 {
            key = key.child(u64::from(own.failures));
        }
        let (instance, upon) = (own.instance, Upon::Consumer(consumer));
        let (path, call, scope) = (self.crowd.paths.detached(), None, None);
        let (stay, is_far) = (Stay::None, false);
        let start = FrameStart { key, upon, path, instance, pc, call, scope, stay, is_far };
        let (frame, _) = self.crowd.start(start);
        self.start_later(frame, self.events.now());
    }

    /// What the group of a consumer does with the message in its hand.
    fn handlers(&self, consumer: Id<Consumer>) -> &'p [HandlerPlan] {
        let topics = &self.stores.topics;
        let own = &topics.consumers[consumer];
        let topic = topics.messages[own.hand[own.at].message].topic;
        let mut deliveries = self.plan.messaging.topics[topic].deliveries.iter();
        let delivery = deliveries.find(|delivery| delivery.group == own.group);
        delivery.map_or(&[], |delivery| &delivery.handlers)
    }

    /// An operation for a message has ended: the next one, another try, or the next message.
    pub(super) fn handled(&mut self, frame: FrameId, consumer: Id<Consumer>) {
        let failure = self.crowd.frames.remove(frame).failure;
        let handlers = self.handlers(consumer).len();
        let topics = &mut self.stores.topics;
        let own = &mut topics.consumers[consumer];
        let group = &mut topics.groups[own.group];
        let settings = &self.plan.messaging.groups[own.group];
        if failure == Kind::Ok {
            (own.handler, own.failures) = (own.handler + 1, 0);
            if own.handler < handlers {
                return self.handle(consumer);
            }
        } else if own.failures < settings.retries {
            own.failures += 1;
            group.record.retried += 1;
            return self.handle_after(consumer, settings.retry_after);
        } else {
            own.hand[own.at].failed = true;
        }
        (own.at, own.handler, own.failures) = (own.at + 1, 0, 0);
        if own.at < own.hand.len() { self.handle(consumer) } else { self.empties_hand(consumer) }
    }

    /// A consumer is done with all that it has in hand, and is sent more.
    fn empties_hand(&mut self, consumer: Id<Consumer>) {
        let now = self.events.now();
        let topics = &mut self.stores.topics;
        let own = &mut topics.consumers[consumer];
        let (number, id, instance) = (own.number, own.group, own.instance);
        let hand = std::mem::take(&mut own.hand);
        let settings = &self.plan.messaging.groups[id];
        let record = &mut topics.groups[id].record;
        record.busy[number].leave(now);
        for InHand { message, failed } in hand {
            let record = &mut self.stores.topics.groups[id].record;
            record.is_done_with_one(now);
            match (failed, settings.dead_letters) {
                (false, _) => record.delivered += 1,
                (true, true) => record.dead += 1,
                (true, false) => record.lost += 1,
            }
            let carried = &mut self.stores.topics.messages[message];
            carried.given_up |= failed;
            carried.groups_left -= 1;
            if carried.groups_left == 0 {
                self.message_ends(message);
            }
            if let Some(next) = self.stores.topics.groups[id].backlog.release(number) {
                self.send_to(consumer, next);
            }
        }
        self.consume(consumer);
        if self.fleet.instances[instance].drains() {
            self.goes_if_idle(instance);
        }
    }

    /// All groups are done with a message.
    fn message_ends(&mut self, message: Id<Carried>) {
        self.told_for_nothing(message);
        let now = self.events.now();
        let topics = &mut self.stores.topics;
        let &Carried { topic, partition, published_at, given_up, saga, .. } =
            topics.messages.remove(message);
        let record = &mut topics.records[topic];
        record.present.leave(now);
        if given_up {
            record.given_up += 1;
        } else {
            record.completion.record(now - published_at);
            record.completion_sum += u128::from(now - published_at);
        }
        topics.partitions[partition as usize].count -= 1;
        self.saga_is_cut_off(saga);
        let topics = &self.stores.topics;
        if !topics.partitions[partition as usize].line.is_empty() {
            self.room_in(partition as usize);
        }
    }

    /// Sends what waits to all who have room.
    fn send_what_waits(&mut self, group: Id<GroupPlan>) {
        for number in 0..self.stores.topics.groups[group].consumers.len() {
            let consumer = self.stores.topics.groups[group].consumers[number];
            while let Some(next) = self.stores.topics.groups[group].backlog.next_for(number) {
                self.send_to(consumer, next);
            }
        }
    }

    /// An instance has come: its consumers join their group.
    pub(super) fn consumers_join(&mut self, instance: Id<Instance>) {
        let service = self.fleet.instances[instance].service;
        for (group, settings) in self.groups_of(service) {
            for _ in 0..settings.concurrency {
                let topics = &mut self.stores.topics;
                topics.groups[group].backlog.join();
                topics.groups[group].record.busy.push(Default::default());
                topics.add_consumer(group, instance);
            }
            self.rebalance(group);
        }
    }

    /// An instance drains: its consumers finish what they have in hand, and leave their group.
    pub(super) fn consumers_leave(&mut self, instance: Id<Instance>) {
        debug_assert!(self.fleet.instances[instance].state == State::Draining);
        let service = self.fleet.instances[instance].service;
        for (group, _) in self.groups_of(service) {
            let topics = &mut self.stores.topics;
            for consumer in &topics.groups[group].consumers.clone() {
                let own = &topics.consumers[*consumer];
                if own.instance == instance {
                    topics.groups[group].backlog.leave(own.number);
                }
            }
            self.rebalance(group);
        }
    }

    /// The groups whose consumers run in a service.
    fn groups_of(
        &self,
        service: Id<ServicePlan>,
    ) -> impl Iterator<Item = (Id<GroupPlan>, &'p GroupPlan)> + use<'p> {
        let plan = self.plan;
        plan.messaging.groups.entries().filter(move |(_, group)| group.service == service)
    }

    /// Partitions have been dealt out anew: what nobody has begun with goes back, and is sent again after a pause.
    fn rebalance(&mut self, id: Id<GroupPlan>) {
        let topics = &mut self.stores.topics;
        let group = &mut topics.groups[id];
        group.backlog.stop();
        group.pauses += 1;
        for consumer in &group.consumers {
            let own = &mut topics.consumers[*consumer];
            own.inbox.drain(..).for_each(|it| group.backlog.give_back(own.number, it));
        }
        let at = self.events.now().saturating_add(self.broker().rebalance);
        self.agenda.enter(&mut self.events, None, at, Happening::Rebalanced(id));
    }

    /// Consumers take messages again, unless others have come or gone meanwhile.
    pub(in crate::runtime) fn rebalanced(&mut self, id: Id<GroupPlan>) {
        let group = &mut self.stores.topics.groups[id];
        group.pauses -= 1;
        if group.pauses > 0 {
            return;
        }
        group.backlog.resume();
        self.send_what_waits(id);
        for consumer in self.stores.topics.groups[id].consumers.clone() {
            self.consume(consumer);
        }
    }
}
