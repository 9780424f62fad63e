//! Calls between services: choosing an instance, the hop there, a thread, the reply.

use super::frames::{Frame, Role};
use super::resources::pool::Acquired;
use super::world::{World, kind};
use crate::events::Target;
use crate::measure::{Category, Kind};
use crate::model::{Balancing, Locality};
use crate::plan::{ANSWER_STEP, CallSite, JOIN_STEP, NONE, Step};
use crate::random::Key;

impl World<'_> {
    #[inline(always)]
    pub(super) fn rpc(&mut self, frame: u32, call: u32, site: u32) -> Option<u32> {
        let plan = self.plan;
        let target = &plan.calls[call as usize];
        let place = &self.frames[frame];
        let (caller, path) = (place.instance, place.path);
        let key = if site == NONE { place.key } else { place.key.child(u64::from(site)) };
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
    pub(super) fn send_request(&mut self, callee: u32, message: u32, caller: u32, instance: u32) {
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
        call: u32,
        instance: u32,
        role: Role,
    ) -> u32 {
        self.instances[instance as usize].outstanding += 1;
        self.frames.add(Frame {
            key,
            since: 0,
            work: 0,
            awaited: 0,
            pc: self.plan.calls[call as usize].entry,
            parent,
            path,
            instance,
            call,
            session: NONE,
            latency: 0,
            turns: 0,
            counter: 0,
            role,
            category: Category::Network,
            failure: 0,
            served: false,
            served_since: 0,
        })
    }

    /// A message is under way; the frame goes on when it arrives.
    pub(super) fn send(&mut self, frame: u32, message: u32, locality: usize) {
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
    fn send_reply(&mut self, frame: u32, message: u32, (from, to): (u32, u32), latency: u64) {
        let locality = self.between(from, to);
        self.send_within(frame, message, locality, latency);
    }

    /// A message is under way, and its latency (ns) is known.
    #[inline(always)]
    fn send_within(&mut self, frame: u32, message: u32, locality: usize, latency: u64) {
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
    pub(super) fn choose_instance(&mut self, call: &CallSite) -> u32 {
        if call.only_instance != NONE {
            return call.only_instance;
        }
        self.balance(call.service)
    }

    fn balance(&mut self, service: u32) -> u32 {
        let plan = &self.plan.services[service as usize];
        let first = plan.first_instance;
        match plan.balancing {
            Balancing::RoundRobin => {
                let turn = &mut self.services[service as usize].turn;
                let chosen = first + *turn;
                *turn = if *turn + 1 == plan.replicas { 0 } else { *turn + 1 };
                chosen
            }
            Balancing::Random => first + self.balancer.below(plan.replicas),
            Balancing::LeastOutstanding => {
                let range = first as usize..(first + plan.replicas) as usize;
                let least = self.instances[range].iter().enumerate();
                let least = least.min_by_key(|(_, instance)| instance.outstanding);
                first + least.map_or(0, |(index, _)| index as u32)
            }
            Balancing::PowerOfTwo => {
                let one = self.balancer.below(plan.replicas);
                // Uniform among the others.
                let other = (one + 1 + self.balancer.below(plan.replicas - 1)) % plan.replicas;
                let outstanding = |index: u32| self.instances[(first + index) as usize].outstanding;
                first + if outstanding(other) < outstanding(one) { other } else { one }
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
        instance: u32,
        target: &CallSite,
    ) -> Option<u32> {
        debug_assert_eq!(self.plan.steps[target.entry as usize], Step::Enter);
        self.frames[frame].pc = target.entry + 1;
        self.enter_at(frame, instance)
    }

    /// A request has reached the instance: a thread, the queue, or no.
    #[inline(always)]
    fn enter_at(&mut self, frame: u32, instance: u32) -> Option<u32> {
        let now = self.events.now();
        let instance = &mut self.instances[instance as usize];
        let record = &mut self.services[instance.service as usize].record;
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
        let cpu = self.instances[place.instance as usize].cpu;
        let call = &self.plan.calls[place.call as usize];
        let demand = call.bytes_cpu + self.protocol_draw(call.server_cpu);
        self.compute(frame, cpu, demand, Category::Serialisation)
    }

    #[inline(never)]
    pub(super) fn client_cpu(&mut self, frame: u32, call: u32) -> Option<u32> {
        let cpu = self.instances[self.frames[frame].instance as usize].cpu;
        let call = &self.plan.calls[call as usize];
        let demand = call.bytes_cpu + self.protocol_draw(call.client_cpu);
        self.compute(frame, cpu, demand, Category::Serialisation)
    }

    /// A draw that only a layout has: from the network's stream, so that it shifts no demand.
    fn protocol_draw(&mut self, sampler: u32) -> u64 {
        match sampler {
            NONE => 0,
            sampler => self.plan.samplers[sampler as usize].draw(&mut self.network),
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
    pub(super) fn leave(&mut self, frame: u32, instance: u32) {
        let now = self.events.now();
        let instance = &mut self.instances[instance as usize];
        instance.outstanding -= 1;
        let record = &mut self.services[instance.service as usize].record;
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
        let plan = self.plan;
        let place = &self.frames[frame];
        let (parent, instance, failure) = (place.parent, place.instance, place.failure);
        let latency = place.latency;
        let call = &plan.calls[place.call as usize];
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
        let plan = self.plan;
        let place = &mut self.frames[frame];
        place.role = Role::Branch;
        let (instance, parent, latency) = (place.instance, place.parent, place.latency);
        let call = &plan.calls[place.call as usize];
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
        let path = self.frames[frame].path;
        let endpoint = &plan.endpoints[self.paths[path].endpoint as usize];
        let call = &plan.calls[endpoint.call as usize];
        match endpoint.client {
            Some(client) if call.hops => {
                self.frames[frame].call = NONE;
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

    /// Bytes and locality of the hop from a client, if its requests travel.
    pub(super) fn client_hop(&self, endpoint: u32) -> Option<(u32, Locality)> {
        let endpoint = &self.plan.endpoints[endpoint as usize];
        let call = &self.plan.calls[endpoint.call as usize];
        endpoint.client.filter(|_| call.hops).map(|client| (call.request, client))
    }
}
