//! Steps that lead on: nested frames, branches, choices, repeats.

use crate::ids::Id;
use crate::measure::Kind;
use crate::plan::{BranchCall, CallSite, Choice, Fork, Loop, Step};
use crate::random::{Draws, Key};
use crate::runtime::crowd::{FrameStart, Path, Stay, Upon, Wait};
use crate::runtime::fleet::Instance;
use crate::runtime::frame_id::{FrameId, FrameRef};
use crate::runtime::world::World;

impl World<'_> {
    /// A frame in the same process as `parent`, within the open scope of its parent.
    fn nested(
        &mut self,
        parent: FrameId,
        pc: Id<Step>,
        key: Key,
        path: Id<Path>,
        upon: Upon,
    ) -> FrameId {
        let place = &self.crowd.frames[parent];
        let (instance, scope) = (place.instance, place.scope);
        let (call, stay, is_far) = (None, Stay::None, false);
        let start = FrameStart { key, upon, path, instance, pc, call, scope, stay, is_far };
        self.crowd.start(start).0
    }

    #[inline(never)]
    pub(in crate::runtime) fn local(
        &mut self,
        frame: FrameId,
        entry: Id<Step>,
        site: u32,
    ) -> Option<FrameId> {
        let place = &self.crowd.frames[frame];
        let (key, path) = (place.key.child(u64::from(site)), place.path);
        let upon = Upon::Nest(self.crowd.refer(frame));
        let child = self.nested(frame, entry, key, path, upon);
        self.crowd.frames[frame].wait = Wait::Below(child);
        Some(child)
    }

    #[inline(never)]
    pub(in crate::runtime) fn spawn(
        &mut self,
        frame: FrameId,
        entry: Id<Step>,
        site: u32,
    ) -> Option<FrameId> {
        let place = &self.crowd.frames[frame];
        let (key, instance) = (place.key.child(u64::from(site)), place.instance);
        let path = self.crowd.paths.detached();
        let (upon, pc, call, scope) = (Upon::Nobody, entry, None, None);
        let (stay, is_far) = (Stay::None, false);
        let start = FrameStart { key, upon, path, instance, pc, call, scope, stay, is_far };
        let (spawned, _) = self.crowd.start(start);
        self.start_later(spawned, self.events.now());
        Some(frame)
    }

    #[inline(never)]
    pub(in crate::runtime) fn fork(
        &mut self,
        frame: FrameId,
        fork: Id<Fork>,
        site: u32,
    ) -> Option<FrameId> {
        let plan = self.plan;
        let Fork { branches, calls } = &plan.program.forks[fork];
        if branches.is_empty() {
            return Some(frame);
        }
        let now = self.events.now();
        let parent = self.crowd.refer(frame);
        let place = &mut self.crowd.frames[frame];
        let (key, caller) = (place.key.child(u64::from(site)), place.instance);
        // A branch belongs to the endpoint of its request, by which it may have a priority.
        let endpoint = self.crowd.paths[place.path].endpoint;
        place.counter = branches.len() as u32;
        place.wait = Wait::Branches;
        let mut freed = None;
        for (number, (entry, call)) in branches.iter().zip(calls).enumerate() {
            let path = self.crowd.paths.add_part(now, endpoint);
            let key = key.child(number as u64);
            let call = call.map(|call| (call, &plan.program.calls[call.call]));
            // The frame of a callee that may be given up cannot stand for the branch.
            if let Some((BranchCall { call, site }, target)) = call
                && target.timeout.is_none()
            {
                let key = key.child(u64::from(site));
                let next = self.call_branch(caller, parent, key, path, (call, target));
                if let Some(next) = next {
                    freed.get_or_insert(next);
                }
            } else {
                let branch = self.nested(frame, *entry, key, path, Upon::Fork(parent));
                self.start_later(branch, now);
            }
            if self.crowd.overflowed() {
                break;
            }
        }
        freed
    }

    /// A frame goes on at this instant, after those before it.
    pub(super) fn start_later(&mut self, frame: FrameId, now: u64) {
        let place = &mut self.crowd.frames[frame];
        place.since = now;
        place.work = u64::MAX;
        self.crowd.free(frame);
    }

    /// A branch that is nothing but a call: the callee's frame, on a path of its own. Where it is turned
    /// away and was the last branch, the frame that goes on instead.
    #[inline(always)]
    fn call_branch(
        &mut self,
        caller: Id<Instance>,
        parent: FrameRef,
        key: Key,
        path: Id<Path>,
        (call, target): (Id<CallSite>, &CallSite),
    ) -> Option<FrameId> {
        if target.hops {
            let instance = self.choose_instance(Some(caller), target);
            let callee = self.add_request(key, Upon::Fork(parent), path, call, instance);
            self.send_request(callee, target.request, caller, instance);
            return None;
        }
        let (callee, reception) =
            self.comes_at_once(Some(caller), key, Upon::Fork(parent), path, (call, target));
        let next = self.received(callee, reception)?;
        if next != callee {
            return Some(next);
        }
        // Most begin with work, which is handed over here without a round of dispatch.
        let first = target.entry.next();
        if let Step::Cpu { sampler, site } = self.plan.program.steps[first] {
            self.crowd.frames[callee].pc = first.next();
            self.cpu(callee, sampler, site)?;
        }
        self.start_later(callee, self.events.now());
        None
    }

    #[inline(never)]
    pub(in crate::runtime) fn choose(
        &mut self,
        frame: FrameId,
        choice: Id<Choice>,
        site: u32,
    ) -> Option<FrameId> {
        let place = &mut self.crowd.frames[frame];
        let pick = Draws::at(place.key, site).uniform();
        let ways = &self.plan.program.choices[choice].ways;
        if let Some(way) = ways.iter().find(|way| pick < way.cumulative) {
            place.pc = way.to;
        }
        Some(frame)
    }

    #[inline(never)]
    pub(in crate::runtime) fn repeat(
        &mut self,
        frame: FrameId,
        count: Id<Loop>,
        site: u32,
    ) -> Option<FrameId> {
        let plan = self.plan;
        let repeat = &plan.program.loops[count];
        let place = &self.crowd.frames[frame];
        let (key, path) = (place.key, place.path);
        let turns = repeat.times.draw(&mut Draws::at(key, site));
        if turns == 0 {
            return Some(frame);
        }
        let key = key.child(u64::from(site)).child(u64::from(turns));
        let upon = Upon::Turn(self.crowd.refer(frame));
        let turn = self.nested(frame, repeat.body, key, path, upon);
        let place = &mut self.crowd.frames[turn];
        (place.turns, place.body) = (turns, repeat.body);
        self.crowd.frames[frame].wait = Wait::Below(turn);
        Some(turn)
    }

    /// A turn has ended: the next one, or the frame that repeats it.
    #[inline(never)]
    pub(super) fn turn_ends(&mut self, turn: FrameId, parent: FrameRef) -> Option<FrameId> {
        let place = &self.crowd.frames[turn];
        let failure = place.failure;
        if failure == Kind::Ok {
            // Turns may take no time and schedule nothing, so they count against the limit of events.
            if self.run.counts_event() && self.must_end() {
                return None;
            }
            let place = &mut self.crowd.frames[turn];
            place.turns -= 1;
            if place.turns > 0 {
                // Each turn's key follows from the one before, so no count needs to be kept beside it.
                place.key = place.key.child(u64::from(place.turns));
                place.pc = place.body;
                return Some(turn);
            }
        }
        self.crowd.frames.remove(turn);
        self.tell(parent, failure)
    }
}
