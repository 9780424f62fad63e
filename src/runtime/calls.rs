//! Calls between services: choosing an instance, the hop there, a thread, the reply.

use super::frames::{Frame, Role};
use super::resources::pool::Acquired;
use super::world::{World, kind};
use crate::events::Target;
use crate::ids::Id;
use crate::measure::{Category, Kind};
use crate::model::{Balancing, Locality};
use crate::plan::{
    ANSWER_STEP, CallSite, EndpointPlan, InstancePlan, JOIN_STEP, Message, OWN_KEY, ServicePlan,
    Step,
};
use crate::random::{Key, Sampler};

impl<'p> World<'p> {
    #[inline(always)]
    pub(super) fn rpc(&mut self, frame: u32, call: Id<CallSite>, site: u32) -> Option<u32> {
        let plan = self.plan;
        let target = &plan.calls[call];
        let place = &self.frames[frame];
        let (caller, path) = (place.instance, place.path);
        let key = if site == OWN_KEY { place.key } else { place.key.child(u64::from(site)) };
        let instance = self.choose_instance(target);
        let callee = self.add_request(key, frame, path, call, instance, Role::Remote);
        if !target.hops {
            return self.enter_now(callee, instance, target);
        }
        self.send_request(callee, target.request, caller, instance);
        None
    }

    /// The request of a call is under way between two instances; its reply will take as long.
    #[inline(never)]
    pub(super) fn send_request(
        &mut self,
        callee: u32,
        message: Id<Message>,
        caller: Id<InstancePlan>,
        instance: Id<InstancePlan>,
    ) {
        let locality = self.between(caller, instance);
        let latency = self.one_way(locality);
        self.frames[callee].latency = latency;
        self.send_within(callee, message, locality, latency);
    }

    /// A frame that comes to `instance` as a request.
    #[inline(always)]
    pub(super) fn add_request(
        &mut self,
        key: Key,
        parent: u32,
        path: u32,
        call: Id<CallSite>,
        instance: Id<InstancePlan>,
        role: Role,
    ) -> u32 {
        self.instances[instance].outstanding += 1;
        self.frames.add(Frame {
            key,
            since: 0,
            work: 0,
            awaited: 0,
            pc: self.plan.calls[call].entry,
            parent,
            path,
            instance,
            call: Some(call),
            session: None,
            latency: 0,
            turns: 0,
            body: ANSWER_STEP,
            counter: 0,
            role,
            category: Category::Network,
            failure: 0,
            served: false,
            served_since: 0,
        })
    }

    /// A message is under way; the frame goes on when it arrives.
    pub(super) fn send(&mut self, frame: u32, message: Id<Message>, locality: usize) {
        let latency = self.one_way(locality);
        self.send_within(frame, message, locality, latency);
    }

    /// A draw of the latency of one way (ns): half a round trip. A constant one is part of the hop's own
    /// time, so nothing is drawn for it.
    #[inline(always)]
    pub(super) fn one_way(&mut self, locality: usize) -> u64 {
        let rtt = &self.plan.links[locality].rtt;
        if rtt.constant().is_some() { 0 } else { rtt.draw(&mut self.network) / 2 }
    }

    /// The reply to a call is under way between two instances. It takes as long as its request took, so
    /// that the two make up one draw of the round trip.
    #[inline(never)]
    fn send_reply(
        &mut self,
        frame: u32,
        message: Id<Message>,
        (from, to): (Id<InstancePlan>, Id<InstancePlan>),
        latency: u64,
    ) {
        let locality = self.between(from, to);
        self.send_within(frame, message, locality, latency);
    }

    /// A message is under way, and its latency (ns) is known.
    #[inline(always)]
    fn send_within(&mut self, frame: u32, message: Id<Message>, locality: usize, latency: u64) {
        let now = self.events.now();
        let hop = self.hop(message, locality);
        let (time, bytes, lane) = (now.saturating_add(hop.time), hop.bytes, hop.lane);
        self.bytes[locality] += bytes;
        let target = Target::new(kind::FRAME, frame);
        let awaited = self.schedule(lane, time.saturating_add(latency), target);
        self.park_for(frame, Category::Network, u64::MAX, awaited);
    }

    /// The instance that takes the next request of a call site.
    #[inline(always)]
    pub(super) fn choose_instance(&mut self, call: &CallSite) -> Id<InstancePlan> {
        match call.only_instance {
            Some(instance) => instance,
            None => self.balance(call.service),
        }
    }

    fn balance(&mut self, service: Id<ServicePlan>) -> Id<InstancePlan> {
        let plan = &self.plan.services[service];
        let first = plan.first_instance.number();
        let nth = |number: u32| Id::new(number as usize);
        match plan.balancing {
            Balancing::RoundRobin => {
                let turn = &mut self.services[service].turn;
                let chosen = nth(first + *turn);
                *turn = if *turn + 1 == plan.replicas { 0 } else { *turn + 1 };
                chosen
            }
            Balancing::Random => nth(first + self.balancer.below(plan.replicas)),
            Balancing::LeastOutstanding => {
                let all = self.instances.rest(plan.first_instance).iter().enumerate();
                let least = all.take(plan.replicas as usize);
                let least = least.min_by_key(|(_, instance)| instance.outstanding);
                nth(first + least.map_or(0, |(index, _)| index as u32))
            }
            Balancing::PowerOfTwo => {
                let one = self.balancer.below(plan.replicas);
                // Uniform among the others.
                let other = (one + 1 + self.balancer.below(plan.replicas - 1)) % plan.replicas;
                let outstanding = |index: u32| self.instances[nth(first + index)].outstanding;
                nth(first + if outstanding(other) < outstanding(one) { other } else { one })
            }
        }
    }

    #[inline]
    pub(super) fn enter(&mut self, frame: u32) -> Option<u32> {
        self.enter_at(frame, self.frames[frame].instance)
    }

    /// A call that takes no time has reached the instance: the step that every entry begins with is done
    /// without a round of dispatch.
    #[inline(always)]
    pub(super) fn enter_now(
        &mut self,
        frame: u32,
        instance: Id<InstancePlan>,
        target: &CallSite,
    ) -> Option<u32> {
        debug_assert_eq!(self.plan.steps[target.entry], Step::Enter);
        self.frames[frame].pc = target.entry.next();
        self.enter_at(frame, instance)
    }

    /// A request has reached the instance: a thread, the queue, or no.
    #[inline(always)]
    fn enter_at(&mut self, frame: u32, instance: Id<InstancePlan>) -> Option<u32> {
        let now = self.events.now();
        let instance = &mut self.instances[instance];
        let record = &mut self.services[instance.service].record;
        record.arrivals += 1;
        let Some(threads) = &mut instance.threads else {
            record.serving.enter(now);
            self.frames[frame].is_served_from(now);
            return Some(frame);
        };
        match threads.acquire(frame) {
            Acquired::Granted => {
                record.serving.enter(now);
                self.frames[frame].is_served_from(now);
                record.waits.record(0);
                Some(frame)
            }
            Acquired::Queued => {
                record.queue.enter(now);
                let special_line = instance.special_line;
                self.park(frame, Category::ThreadQueue, u64::MAX);
                if special_line {
                    self.join_special_line(frame);
                }
                None
            }
            Acquired::Refused => {
                record.rejected += 1;
                instance.outstanding -= 1;
                self.frames[frame].failure = Kind::Rejected as u8;
                self.reply(frame)
            }
        }
    }

    #[inline(never)]
    pub(super) fn server_cpu(&mut self, frame: u32) -> Option<u32> {
        let place = &self.frames[frame];
        let cpu = self.instances[place.instance].cpu;
        let call = self.call_of(frame);
        let demand = call.bytes_cpu + self.protocol_draw(call.server_cpu);
        self.compute(frame, cpu, demand, Category::Serialisation)
    }

    #[inline(never)]
    pub(super) fn client_cpu(&mut self, frame: u32, call: Id<CallSite>) -> Option<u32> {
        let cpu = self.instances[self.frames[frame].instance].cpu;
        let call = &self.plan.calls[call];
        let demand = call.bytes_cpu + self.protocol_draw(call.client_cpu);
        self.compute(frame, cpu, demand, Category::Serialisation)
    }

    /// A draw that only a layout has: from the network's stream, so that it shifts no demand.
    fn protocol_draw(&mut self, sampler: Option<Id<Sampler>>) -> u64 {
        match sampler {
            None => 0,
            Some(sampler) => self.plan.samplers[sampler].draw(&mut self.network),
        }
    }

    #[inline(never)]
    pub(super) fn local_hop(&mut self, frame: u32) -> Option<u32> {
        let plan = self.plan;
        let hop = plan.local_hop.as_ref()?;
        let delay = hop.draw(&mut self.network) / 2;
        self.park(frame, Category::Network, u64::MAX);
        let time = self.events.now().saturating_add(delay);
        self.frames[frame].awaited = self.events.push(time, Target::new(kind::FRAME, frame));
        None
    }

    /// A request at the instance has been served: its thread goes to the next in line.
    #[inline(always)]
    pub(super) fn leave(&mut self, frame: u32, instance: Id<InstancePlan>) {
        let now = self.events.now();
        let instance = &mut self.instances[instance];
        instance.outstanding -= 1;
        let record = &mut self.services[instance.service].record;
        record.serving.leave(now);
        record.answered += 1;
        let place = &mut self.frames[frame];
        place.served = false;
        record.served_ns =
            record.served_ns.wrapping_add((now as u32).wrapping_sub(place.served_since));
        if let Some(next) = instance.threads.as_mut().and_then(|threads| threads.release()) {
            let next_place = &mut self.frames[next];
            next_place.is_served_from(now);
            let wait = now - next_place.since;
            record.queue.leave(now);
            record.serving.enter(now);
            record.waits.record(wait);
            record.wait_sum += u128::from(wait);
            self.ready.push(next);
        }
    }

    /// The answer of a frame that came as a request goes back, well or not.
    #[inline(always)]
    pub(super) fn reply(&mut self, frame: u32) -> Option<u32> {
        let place = &self.frames[frame];
        let (parent, instance, failure) = (place.parent, place.instance, place.failure);
        let latency = place.latency;
        let call = self.call_of(frame);
        if place.role == Role::Request {
            return self.answer_client(frame);
        }
        if place.role == Role::RemoteBranch {
            return self.reply_to_fork(frame);
        }
        self.frames.remove(frame);
        let caller = &mut self.frames[parent];
        caller.failure = failure;
        if call.hops {
            let way = (instance, caller.instance);
            self.send_reply(parent, call.reply, way, latency);
            return None;
        }
        if failure == 0 { Some(parent) } else { self.fail(parent) }
    }

    /// The reply of a branch travels with the branch's own frame: its caller waits for others too.
    pub(super) fn reply_to_fork(&mut self, frame: u32) -> Option<u32> {
        let call = self.call_of(frame);
        let place = &mut self.frames[frame];
        place.role = Role::Branch;
        let (instance, parent, latency) = (place.instance, place.parent, place.latency);
        if !call.hops {
            return self.join(frame);
        }
        place.pc = JOIN_STEP;
        let way = (instance, self.frames[parent].instance);
        self.send_reply(frame, call.reply, way, latency);
        None
    }

    /// The answer of an outside request leaves; it is recorded when the client has it.
    pub(super) fn answer_client(&mut self, frame: u32) -> Option<u32> {
        let plan = self.plan;
        let endpoint = &plan.endpoints[self.endpoint_of(frame)];
        let call = &plan.calls[endpoint.call];
        match endpoint.client {
            Some(client) if call.hops => {
                self.frames[frame].call = None;
                self.send(frame, call.reply, client as usize);
                // The failure, if any, must not be taken for one of the hop.
                let place = &mut self.frames[frame];
                place.counter = u32::from(place.failure);
                place.failure = 0;
                place.pc = ANSWER_STEP;
                None
            }
            _ => self.record_answer(frame),
        }
    }

    /// The call as which a frame came.
    pub(super) fn call_of(&self, frame: u32) -> &'p CallSite {
        let Some(call) = self.frames[frame].call else { unreachable!("it came as a request") };
        &self.plan.calls[call]
    }

    /// What the outside request asks for that a frame is.
    fn endpoint_of(&self, frame: u32) -> Id<EndpointPlan> {
        let Some(endpoint) = self.paths[self.frames[frame].path].endpoint else {
            unreachable!("it is an outside request")
        };
        endpoint
    }

    /// Bytes and locality of the hop from a client, if its requests travel.
    pub(super) fn client_hop(&self, endpoint: Id<EndpointPlan>) -> Option<(Id<Message>, Locality)> {
        let endpoint = &self.plan.endpoints[endpoint];
        let call = &self.plan.calls[endpoint.call];
        endpoint.client.filter(|_| call.hops).map(|client| (call.request, client))
    }
}
