//! Publishing at a broker: messages are collected, a request brings them to the machine that leads their partition,
//! others copy, and whoever published them goes on when it is told to.

use crate::ids::{Id, Ref};
use crate::measure::{Category, Kind};
use crate::model::Acks;
use crate::plan::{BrokerPlan, CourierAct, DatabasePlan, Location, Message, Topic, TopicPlan};
use crate::random::{Draws, Key, RowSampler};
use crate::runtime::control::Happening;
use crate::runtime::crowd::{FrameStart, Stay, Upon, Wait};
use crate::runtime::frame_id::FrameId;
use crate::runtime::stores::{Carried, Sending};
use crate::runtime::world::World;

/// Purpose of the draw of a partition, per step number.
const PURPOSE_PARTITION: u32 = 1;

impl<'p> World<'p> {
    pub(super) fn broker(&self) -> &'p BrokerPlan {
        let Some(broker) = &self.plan.messaging.broker else {
            unreachable!("only a layout with a broker has steps for one")
        };
        broker
    }

    /// The frame publishes an event, and waits for the receipt if anybody does.
    #[inline(never)]
    pub(in crate::runtime) fn publish(
        &mut self,
        frame: FrameId,
        topic: Id<Topic>,
        site: u32,
    ) -> Option<FrameId> {
        let (now, broker) = (self.events.now(), self.broker());
        let plan = &self.plan.messaging.topics[topic];
        let place = &self.crowd.frames[frame];
        let (key, instance, scope) = (place.key, place.instance, place.scope);
        let partition = partition_of(plan, key, site);
        let from = self.fleet.instances[instance].location;
        if let Some(session) = scope.and_then(|scope| self.transaction_around(scope)) {
            self.stores.topics.ahead.entry(session).or_default().push((topic, now));
        }
        // It does not belong to the frame any more.
        let saga = if plan.leads_on { self.take_saga(frame) } else { None };
        let topics = &mut self.stores.topics;
        let message = topics.messages.add(Carried {
            topic,
            partition: topics.first[topic] + partition,
            key,
            site,
            published_at: now,
            written_at: now,
            groups_left: plan.deliveries.len() as u32,
            given_up: false,
            is_kept: false,
            saga,
        });
        let record = &mut topics.records[topic];
        record.published += 1;
        record.present.enter(now);
        if !plan.feeds.is_empty() {
            self.tell_views(frame, message, &plan.feeds);
        }
        let topics = &mut self.stores.topics;
        let collects = broker.linger > 0;
        let open = topics.open.get(&(instance, topic, partition)).filter(|_| collects).copied();
        let request = open.unwrap_or_else(|| {
            let new = Sending::new((topic, partition), instance, from);
            topics.requests.add(Sending { is_open: collects, ..new })
        });
        let waits = broker.acks != Acks::None;
        let reference = self.crowd.refer(frame);
        let own = &mut topics.requests[request];
        own.messages.push(message);
        own.waiting.extend(waits.then_some(reference));
        let bytes = self.plan.program.messages[plan.message].bytes * own.messages.len() as u64;
        if waits {
            let place = &mut self.crowd.frames[frame];
            place.park(now, Wait::Receipt, Category::Broker, u64::MAX);
        }
        if !collects {
            self.depart(request);
        } else if bytes >= broker.batch {
            self.stores.topics.records[topic].full += 1;
            self.depart(request);
        } else if open.is_none() {
            self.stores.topics.open.insert((instance, topic, partition), request);
            let until = self.stores.topics.requests.refer(request);
            let time = now.saturating_add(broker.linger);
            self.agenda.enter(&mut self.events, None, time, Happening::Lingered(until));
        }
        (!waits).then_some(frame)
    }

    /// A request has collected messages for long enough, unless it was full before.
    pub(in crate::runtime) fn lingered(&mut self, request: Ref<Sending>) {
        let requests = &self.stores.topics.requests;
        let found = requests.find(request).filter(|request| requests[*request].is_open);
        if let Some(request) = found {
            self.depart(request);
        }
    }

    /// A request goes to the broker.
    pub(super) fn depart(&mut self, request: Id<Sending>) {
        let topics = &mut self.stores.topics;
        let own = &mut topics.requests[request];
        own.is_open = false;
        let Sending { topic, partition, instance, .. } = *own;
        topics.open.remove(&(instance, topic, partition));
        let record = &mut topics.records[topic];
        record.requests += 1;
        record.sent += topics.requests[request].messages.len() as u64;
        let key = topics.messages[topics.requests[request].messages[0]].key;
        let couriers = &self.plan.messaging.topics[topic].couriers;
        let pc = couriers[partition as usize % couriers.len()];
        let (path, upon) = (self.crowd.paths.detached(), Upon::Request(request));
        let (call, scope, stay, is_far) = (None, None, Stay::None, false);
        let start = FrameStart { key, upon, path, instance, pc, call, scope, stay, is_far };
        let (courier, _) = self.crowd.start(start);
        self.start_later(courier, self.events.now());
    }

    /// A step of a request to the broker.
    #[inline(never)]
    pub(in crate::runtime) fn courier(
        &mut self,
        frame: FrameId,
        machine: Id<DatabasePlan>,
        act: CourierAct,
    ) -> Option<FrameId> {
        match act {
            CourierAct::Look => return self.relay_looks(frame, machine),
            CourierAct::Relay => return self.relay(frame, machine),
            CourierAct::Strike => return self.strike(frame, machine),
            CourierAct::Log if !self.plan.site.databases[machine].is_broker => {
                return self.log_of_relay(frame, machine);
            }
            CourierAct::Go
            | CourierAct::Copy
            | CourierAct::Work
            | CourierAct::Log
            | CourierAct::Write
            | CourierAct::Copied
            | CourierAct::Return
            | CourierAct::Confirm => {}
        }
        self.courier_of_request(frame, machine, act)
    }

    fn courier_of_request(
        &mut self,
        frame: FrameId,
        machine: Id<DatabasePlan>,
        act: CourierAct,
    ) -> Option<FrameId> {
        let request = self.request_of_courier(frame);
        let Sending { topic, partition, from, ref messages, .. } =
            self.stores.topics.requests[request];
        let (count, topic) = (messages.len() as u64, &self.plan.messaging.topics[topic]);
        let leader = self.leader_of(partition);
        let stands = |machine: Id<DatabasePlan>| self.plan.site.databases[machine].location;
        let (leads, here) = (stands(leader), stands(machine));
        match act {
            CourierAct::Go => self.carry(frame, (topic.message, count), from, here),
            CourierAct::Copy => self.carry(frame, (topic.message, count), leads, here),
            CourierAct::Copied => self.carry(frame, (topic.receipt, 1), here, leads),
            CourierAct::Return => self.carry(frame, (topic.receipt, 1), here, from),
            CourierAct::Work => {
                let broker = self.broker();
                let request = self.stores.draw_work(self.plan, machine, broker.request_cpu);
                let demand = request.saturating_add(broker.message_cpu.saturating_mul(count));
                self.compute_in(machine, frame, demand, Category::Broker)
            }
            CourierAct::Log => self.decide(frame, machine),
            CourierAct::Write => self.write_when_there_is_room(frame, request),
            CourierAct::Confirm => {
                self.confirm(request, Kind::Ok);
                Some(frame)
            }
            CourierAct::Look | CourierAct::Relay | CourierAct::Strike => {
                unreachable!("a relay brings no request itself")
            }
        }
    }

    /// The request that a frame brings to the broker, itself or as one of those that copy it.
    fn request_of_courier(&self, frame: FrameId) -> Id<Sending> {
        let mut next = Some(frame);
        while let Some(at) = next {
            if let Upon::Request(request) = self.crowd.frames[at].upon {
                return request;
            }
            next = self.crowd.above(at);
        }
        unreachable!("a courier brings a request")
    }

    /// The machine that leads a partition of any topic.
    pub(super) fn leader_of(&self, partition: u32) -> Id<DatabasePlan> {
        let machines = &self.broker().machines;
        machines[partition as usize % machines.len()]
    }

    /// So many messages are on their way between two places.
    fn carry(
        &mut self,
        frame: FrameId,
        (message, count): (Id<Message>, u64),
        from: Location,
        to: Location,
    ) -> Option<FrameId> {
        let locality = self.net.between(from, to);
        let more = self.bytes_beyond_the_first(message, count, locality);
        self.send_with(frame, message, locality, more);
        None
    }

    /// Time (ns) that messages beyond the first take to be sent; their bytes are counted.
    fn bytes_beyond_the_first(&mut self, message: Id<Message>, count: u64, locality: usize) -> u64 {
        let plan = &self.plan.program.messages[message];
        self.net.bytes[locality] += plan.bytes * (count - 1);
        plan.transmission[locality].saturating_mul(count - 1)
    }

    /// A request is written once its partition has room for it; one that is larger than all room, once that is empty.
    fn write_when_there_is_room(
        &mut self,
        frame: FrameId,
        request: Id<Sending>,
    ) -> Option<FrameId> {
        if !self.has_room(request) {
            let place = self.place_of_request(request);
            self.stores.topics.partitions[place].line.push_back(frame);
            let now = self.events.now();
            self.crowd.frames[frame].park(now, Wait::Room, Category::Broker, u64::MAX);
            return None;
        }
        self.write_messages(request);
        Some(frame)
    }

    fn place_of_request(&self, request: Id<Sending>) -> usize {
        let Sending { topic, partition, .. } = self.stores.topics.requests[request];
        self.stores.topics.place_of(topic, partition)
    }

    fn has_room(&self, request: Id<Sending>) -> bool {
        let Some(capacity) = self.broker().capacity else { return true };
        let count = self.stores.topics.partitions[self.place_of_request(request)].count;
        let more = self.stores.topics.requests[request].messages.len() as u32;
        count == 0 || count.saturating_add(more) <= capacity
    }

    /// Some group is done with a message of a partition: whoever waits for room there may be written.
    pub(super) fn room_in(&mut self, place: usize) {
        while let Some(frame) = self.stores.topics.partitions[place].line.front().copied() {
            let request = self.request_of_courier(frame);
            if !self.has_room(request) {
                return;
            }
            self.stores.topics.partitions[place].line.pop_front();
            self.crowd.frames[frame].wait = Wait::Nothing;
            self.crowd.free(frame);
            self.write_messages(request);
        }
    }

    /// A frame that waits for room in a partition gives up.
    pub(super) fn leave_partition(&mut self, frame: FrameId) {
        let place = self.place_of_request(self.request_of_courier(frame));
        self.stores.topics.partitions[place].line.retain(|other| *other != frame);
    }

    /// The messages of a request lie in their partition from now on: consumers may take them.
    fn write_messages(&mut self, request: Id<Sending>) {
        let now = self.events.now();
        let place = self.place_of_request(request);
        let own = &mut self.stores.topics.requests[request];
        own.is_written = true;
        let messages = own.messages.clone();
        self.stores.topics.partitions[place].count += messages.len() as u32;
        for message in messages {
            let carried = &mut self.stores.topics.messages[message];
            carried.written_at = now;
            let Carried { topic, published_at, is_kept, .. } = *carried;
            if !is_kept {
                let record = &mut self.stores.topics.records[topic];
                record.exposed.record(now - published_at);
                record.exposed_sum += u128::from(now - published_at);
            }
            self.offer(message);
        }
    }

    /// A request is over, or was killed on its way: then its messages never reach the broker, and its publishers
    /// learn that.
    pub(super) fn request_ends(&mut self, request: Id<Sending>) {
        let own = &self.stores.topics.requests[request];
        if !own.is_written {
            let (now, topic) = (self.events.now(), own.topic);
            for message in own.messages.clone() {
                let record = &mut self.stores.topics.records[topic];
                record.present.leave(now);
                record.cut_off += 1;
                self.told_for_nothing(message);
                let saga = self.stores.topics.messages.remove(message).saga;
                self.saga_is_cut_off(saga);
            }
        }
        self.confirm(request, Kind::Failed);
        self.stores.topics.requests.remove(request);
    }

    /// Whoever waits for the receipt of a request goes on.
    fn confirm(&mut self, request: Id<Sending>, answer: Kind) {
        for frame in std::mem::take(&mut self.stores.topics.requests[request].waiting) {
            let waits = |frame: &FrameId| self.crowd.frames[*frame].wait == Wait::Receipt;
            if let Some(frame) = self.crowd.frames.find(frame).filter(waits) {
                let place = &mut self.crowd.frames[frame];
                (place.wait, place.failure) = (Wait::Nothing, answer);
                self.crowd.free(frame);
            }
        }
    }
}

/// The partition of an event: by the row that it is about, else any.
pub(super) fn partition_of(topic: &TopicPlan, key: Key, site: u32) -> u32 {
    let mut draws = Draws::at(key, site + PURPOSE_PARTITION);
    let any = RowSampler::Uniform(u64::from(topic.partitions));
    match &topic.key {
        Some(row) => (Key(row.draw(&mut draws)).child(0).0 % u64::from(topic.partitions)) as u32,
        None => any.draw(&mut draws) as u32,
    }
}
