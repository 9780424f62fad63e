//! Calls between services: a request to an instance, its thread, the protocol's share of the CPU.

use super::compute::work_alone;
use crate::ids::{Id, Occupied};
use crate::measure::{Category, Kind, ServiceRecord};
use crate::plan::{CallSite, FirstWork, OWN_KEY, Step};
use crate::random::{Draws, Key, Sampler};
use crate::runtime::crowd::{Frame, FrameStart, Path, Stay, Upon, Wait};
use crate::runtime::fleet::{Fleet, Instance};
use crate::runtime::frame_id::{FrameId, FrameKind, FrameRef};
use crate::runtime::resources::pool::Acquired;
use crate::runtime::world::World;

/// What becomes of a request that has reached its instance.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reception {
    /// It goes on with its next step.
    GoesOn,
    /// It works, on a core that it has to itself.
    Works,
    /// It waits for a thread, in a line in which all are alike.
    InLine,
    /// The same where they have priorities or lose patience.
    InSpecialLine,
    /// It is turned away.
    TurnedAway,
}

/// What a call takes from the frame that makes it.
pub(in crate::runtime) struct Caller {
    frame: FrameRef,
    key: Key,
    path: Id<Path>,
    instance: Id<Instance>,
}

impl Caller {
    #[inline(always)]
    pub(in crate::runtime) fn of(place: &Occupied<'_, Frame, FrameKind>) -> Self {
        let (key, path, instance) = (place.key, place.path, place.instance);
        Caller { frame: place.reference(), key, path, instance }
    }
}

impl<'p> World<'p> {
    /// The frame waits for an operation of another service: for the next frame that is started, unless that waits no
    /// longer than a time.
    #[inline(always)]
    pub(in crate::runtime) fn rpc(
        &mut self,
        Caller { frame, key, path, instance: caller }: Caller,
        call: Id<CallSite>,
        site: u32,
    ) -> Option<FrameId> {
        let plan = self.plan;
        let target = &plan.program.calls[call];
        let key = if site == OWN_KEY { key } else { key.child(u64::from(site)) };
        if let Some(timeout) = target.timeout {
            return self.attempt(frame.place(), key, call, timeout.0);
        }
        let upon = Upon::Caller(frame);
        if target.hops {
            let instance = self.choose_instance(Some(caller), target);
            let callee = self.add_request(key, upon, path, call, instance);
            self.send_request(callee, target.request, caller, instance);
            return None;
        }
        let (callee, reception) = self.comes_at_once(Some(caller), key, upon, path, (call, target));
        debug_assert_eq!(self.crowd.frames[frame.place()].wait, Wait::Below(callee));
        self.received(callee, reception)
    }

    /// The instance that takes the next request of a call site.
    #[inline(always)]
    pub(super) fn choose_instance(
        &mut self,
        caller: Option<Id<Instance>>,
        call: &CallSite,
    ) -> Id<Instance> {
        let Fleet { services, instances, .. } = &mut self.fleet;
        services[call.service].next(caller, instances, self.plan, &mut self.net.balancer)
    }

    /// A frame that comes to `instance` as a request, on its way.
    #[inline(always)]
    pub(super) fn add_request(
        &mut self,
        key: Key,
        upon: Upon,
        path: Id<Path>,
        call: Id<CallSite>,
        instance: Id<Instance>,
    ) -> FrameId {
        self.fleet.instances[instance].outstanding += 1;
        let &CallSite { entry: pc, hops: is_far, .. } = &self.plan.program.calls[call];
        let (call, scope, stay) = (Some(call), None, Stay::Coming);
        let start = FrameStart { key, upon, path, instance, pc, call, scope, stay, is_far };
        self.crowd.start(start).0
    }

    /// The same where the way takes no time: the request is there, so the step that every entry begins with, and
    /// the work behind it, need no round of dispatch.
    #[inline(always)]
    pub(super) fn comes_at_once(
        &mut self,
        caller: Option<Id<Instance>>,
        key: Key,
        upon: Upon,
        path: Id<Path>,
        (call, target): (Id<CallSite>, &CallSite),
    ) -> (FrameId, Reception) {
        debug_assert_eq!(self.plan.program.steps[target.entry], Step::Enter);
        let now = self.events.now();
        let Fleet { services, instances, hosts, .. } = &mut self.fleet;
        let service = &mut services[target.service];
        let at = service.next(caller, instances, self.plan, &mut self.net.balancer);
        let (pc, call, scope, stay) = (target.entry.next(), Some(call), None, Stay::Coming);
        let (instance, is_far) = (at, false);
        let start = FrameStart { key, upon, path, instance, pc, call, scope, stay, is_far };
        let (frame, place) = self.crowd.start(start);
        let instance = &mut instances[at];
        instance.outstanding += 1;
        let reception = receive(frame, place, instance, &mut service.record, now);
        if reception != Reception::GoesOn {
            return (frame, reception);
        }
        let Some(FirstWork { law, site }) = &target.first_work else {
            return (frame, reception);
        };
        let host = &mut hosts[instance.host];
        if host.shared.is_some() {
            return (frame, reception);
        }
        let demand = law.draw(&mut Draws::at(key, *site));
        let host = (instance.host, host);
        if !work_alone(frame, place, host, &mut self.events, demand, Category::Cpu) {
            // The step is still to come, and draws the same once more.
            return (frame, reception);
        }
        place.pc = place.pc.next();
        (frame, Reception::Works)
    }

    #[inline]
    pub(in crate::runtime) fn enter(&mut self, frame: FrameId) -> Option<FrameId> {
        let place = &mut self.crowd.frames[frame];
        let instance = &mut self.fleet.instances[place.instance];
        let record = &mut self.fleet.services[instance.service].record;
        let reception = receive(frame, place, instance, record, self.events.now());
        self.received(frame, reception)
    }

    /// The frame that goes on when a request has been received, if one does.
    #[inline(always)]
    pub(super) fn received(&mut self, frame: FrameId, reception: Reception) -> Option<FrameId> {
        match reception {
            Reception::GoesOn => Some(frame),
            Reception::Works | Reception::InLine => None,
            Reception::InSpecialLine => {
                self.join_special_line(frame);
                None
            }
            Reception::TurnedAway => {
                self.crowd.frames[frame].failure = Kind::Rejected;
                self.fail(frame)
            }
        }
    }

    /// A request at its instance has been served. Whether the instance drains.
    pub(super) fn leave(&mut self, frame: FrameId) -> bool {
        let place = &mut self.crowd.frames[frame];
        place.stay = Stay::None;
        let (at, since) = (place.instance, place.served_since);
        self.leave_instance(at, since)
    }

    /// A request at an instance has been served, since then (ns, modulo 2³²): its thread goes to the next in line.
    /// Whether the instance drains.
    #[inline(always)]
    pub(super) fn leave_instance(&mut self, at: Id<Instance>, since: u32) -> bool {
        let now = self.events.now();
        let instance = &mut self.fleet.instances[at];
        instance.outstanding -= 1;
        let drains = instance.drains();
        let record = &mut self.fleet.services[instance.service].record;
        record.answered += 1;
        let served = (now as u32).wrapping_sub(since);
        record.served_ns = record.served_ns.wrapping_add(served);
        // The next in line is served in its place: as many are served as before.
        if let Some(next) = instance.threads.as_mut().and_then(|threads| threads.release()) {
            let place = &mut self.crowd.frames[next];
            place.wait = Wait::Nothing;
            place.is_served_from(now);
            let wait = now - place.since;
            record.queue.leave(now);
            record.waits.record(wait);
            record.wait_sum += u128::from(wait);
            self.crowd.free(next);
        } else {
            record.serving.leave(now);
        }
        drains
    }

    #[inline(never)]
    pub(in crate::runtime) fn server_cpu(&mut self, frame: FrameId) -> Option<FrameId> {
        let host = self.fleet.instances[self.crowd.frames[frame].instance].host;
        let call = self.call_of(frame);
        let demand = call.bytes_cpu + self.protocol_draw(call.server_cpu);
        self.compute(frame, host, demand, Category::Serialisation)
    }

    #[inline(never)]
    pub(in crate::runtime) fn client_cpu(
        &mut self,
        frame: FrameId,
        call: Id<CallSite>,
    ) -> Option<FrameId> {
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
    pub(super) fn call_of(&self, frame: FrameId) -> &'p CallSite {
        let Some(call) = self.crowd.frames[frame].call else {
            unreachable!("it came as a request")
        };
        &self.plan.program.calls[call]
    }
}

/// A request has reached the instance: a thread, the queue, or no.
#[inline(always)]
fn receive(
    frame: FrameId,
    place: &mut Frame,
    instance: &mut Instance,
    record: &mut ServiceRecord,
    now: u64,
) -> Reception {
    record.arrivals += 1;
    if let Some(threads) = &mut instance.threads {
        match threads.acquire(frame) {
            Acquired::Granted => record.waits.record(0),
            Acquired::Queued => {
                record.queue.enter(now);
                place.park(now, Wait::Thread, Category::ThreadQueue, u64::MAX);
                let special = instance.special_line;
                return if special { Reception::InSpecialLine } else { Reception::InLine };
            }
            Acquired::Refused => {
                record.rejected += 1;
                return Reception::TurnedAway;
            }
        }
    }
    record.serving.enter(now);
    place.is_served_from(now);
    Reception::GoesOn
}
