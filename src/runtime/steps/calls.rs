//! Calls between services: a request to an instance, its thread, the protocol's share of the CPU.

use crate::ids::Id;
use crate::measure::{Category, Kind};
use crate::plan::{CallSite, OWN_KEY, Step};
use crate::random::{Key, Sampler};
use crate::runtime::crowd::{Frame, FrameStart, Path, Stay, Upon, Wait};
use crate::runtime::fleet::Instance;
use crate::runtime::resources::pool::Acquired;
use crate::runtime::world::World;

impl<'p> World<'p> {
    #[inline(always)]
    pub(in crate::runtime) fn rpc(
        &mut self,
        frame: Id<Frame>,
        call: Id<CallSite>,
        site: u32,
    ) -> Option<Id<Frame>> {
        let plan = self.plan;
        let target = &plan.program.calls[call];
        let place = &self.crowd.frames[frame];
        let (caller, path) = (place.instance, place.path);
        let key = if site == OWN_KEY { place.key } else { place.key.child(u64::from(site)) };
        if let Some(timeout) = target.timeout {
            return self.attempt(frame, key, call, timeout.0);
        }
        let instance = self.choose_instance(target);
        let upon = Upon::Caller(self.crowd.refer(frame));
        let callee = self.add_request(key, upon, path, call, instance);
        self.crowd.frames[frame].wait = Wait::Below(callee);
        if !target.hops {
            return self.enter_now(callee, instance, target);
        }
        self.send_request(callee, target.request, caller, instance);
        None
    }

    /// A frame that comes to `instance` as a request.
    #[inline(always)]
    pub(super) fn add_request(
        &mut self,
        key: Key,
        upon: Upon,
        path: Id<Path>,
        call: Id<CallSite>,
        instance: Id<Instance>,
    ) -> Id<Frame> {
        self.fleet.instances[instance].outstanding += 1;
        let pc = self.plan.program.calls[call].entry;
        let (call, scope, stay) = (Some(call), None, Stay::Coming);
        self.crowd.start(FrameStart { key, upon, path, instance, pc, call, scope, stay })
    }

    /// The instance that takes the next request of a call site.
    #[inline(always)]
    pub(super) fn choose_instance(&mut self, call: &CallSite) -> Id<Instance> {
        match self.fleet.services[call.service].listed.as_slice() {
            [only] => *only,
            _ => {
                let balancing = self.plan.site.services[call.service].balancing;
                self.fleet.balance(call.service, balancing, &mut self.net.balancer)
            }
        }
    }

    #[inline]
    pub(in crate::runtime) fn enter(&mut self, frame: Id<Frame>) -> Option<Id<Frame>> {
        self.enter_at(frame, self.crowd.frames[frame].instance)
    }

    /// A call that takes no time has reached the instance: the step that every entry begins with is done
    /// without a round of dispatch.
    #[inline(always)]
    pub(super) fn enter_now(
        &mut self,
        frame: Id<Frame>,
        instance: Id<Instance>,
        target: &CallSite,
    ) -> Option<Id<Frame>> {
        debug_assert_eq!(self.plan.program.steps[target.entry], Step::Enter);
        self.crowd.frames[frame].pc = target.entry.next();
        self.enter_at(frame, instance)
    }

    /// A request has reached the instance: a thread, the queue, or no.
    #[inline(always)]
    fn enter_at(&mut self, frame: Id<Frame>, at: Id<Instance>) -> Option<Id<Frame>> {
        let now = self.events.now();
        let instance = &mut self.fleet.instances[at];
        let record = &mut self.fleet.services[instance.service].record;
        let place = &mut self.crowd.frames[frame];
        record.arrivals += 1;
        let Some(threads) = &mut instance.threads else {
            record.serving.enter(now);
            place.is_served_from(now);
            return Some(frame);
        };
        match threads.acquire(frame) {
            Acquired::Granted => {
                record.serving.enter(now);
                place.is_served_from(now);
                record.waits.record(0);
                Some(frame)
            }
            Acquired::Queued => {
                record.queue.enter(now);
                let special_line = instance.special_line;
                place.park(now, Wait::Thread, Category::ThreadQueue, u64::MAX);
                if special_line {
                    self.join_special_line(frame);
                }
                None
            }
            Acquired::Refused => {
                record.rejected += 1;
                place.failure = Kind::Rejected;
                self.fail(frame)
            }
        }
    }

    /// A request at the instance has been served: its thread goes to the next in line. Whether the instance
    /// drains.
    #[inline(always)]
    pub(super) fn leave(&mut self, frame: Id<Frame>) -> bool {
        let now = self.events.now();
        let place = &mut self.crowd.frames[frame];
        place.stay = Stay::None;
        let instance = &mut self.fleet.instances[place.instance];
        instance.outstanding -= 1;
        let drains = instance.drains();
        let record = &mut self.fleet.services[instance.service].record;
        record.serving.leave(now);
        record.answered += 1;
        let served = (now as u32).wrapping_sub(place.served_since);
        record.served_ns = record.served_ns.wrapping_add(served);
        if let Some(next) = instance.threads.as_mut().and_then(|threads| threads.release()) {
            let place = &mut self.crowd.frames[next];
            place.wait = Wait::Nothing;
            place.is_served_from(now);
            let wait = now - place.since;
            record.queue.leave(now);
            record.serving.enter(now);
            record.waits.record(wait);
            record.wait_sum += u128::from(wait);
            self.crowd.free(next);
        }
        drains
    }

    #[inline(never)]
    pub(in crate::runtime) fn server_cpu(&mut self, frame: Id<Frame>) -> Option<Id<Frame>> {
        let host = self.fleet.instances[self.crowd.frames[frame].instance].host;
        let call = self.call_of(frame);
        let demand = call.bytes_cpu + self.protocol_draw(call.server_cpu);
        self.compute(frame, host, demand, Category::Serialisation)
    }

    #[inline(never)]
    pub(in crate::runtime) fn client_cpu(
        &mut self,
        frame: Id<Frame>,
        call: Id<CallSite>,
    ) -> Option<Id<Frame>> {
        let host = self.fleet.instances[self.crowd.frames[frame].instance].host;
        let call = &self.plan.program.calls[call];
        let demand = call.bytes_cpu + self.protocol_draw(call.client_cpu);
        self.compute(frame, host, demand, Category::Serialisation)
    }

    /// A draw that only a layout has: from the network's stream, so that it shifts no demand.
    fn protocol_draw(&mut self, sampler: Option<Id<Sampler>>) -> u64 {
        sampler.map_or(0, |sampler| self.plan.program.samplers[sampler].draw(&mut self.net.random))
    }

    /// The call as which a frame came.
    pub(super) fn call_of(&self, frame: Id<Frame>) -> &'p CallSite {
        let Some(call) = self.crowd.frames[frame].call else {
            unreachable!("it came as a request")
        };
        &self.plan.program.calls[call]
    }
}
