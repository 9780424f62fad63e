//! Steps that lead on: nested frames, branches, choices, repeats.

use super::frames::{Frame, NOBODY, Paths, Role};
use super::world::World;
use crate::ids::Id;
use crate::measure::Category;
use crate::plan::{ANSWER_STEP, BranchCall, CallSite, Choice, Fork, Loop, Step};
use crate::random::{Draws, Key};

impl World<'_> {
    /// A frame in the same process as `parent`, with the open session of its parent.
    fn nested(&mut self, parent: u32, pc: Id<Step>, key: Key, path: u32, role: Role) -> u32 {
        let place = &self.frames[parent];
        let (instance, session) = (place.instance, place.session);
        self.frames.add(Frame {
            key,
            since: 0,
            work: 0,
            awaited: 0,
            pc,
            parent,
            path,
            instance,
            call: None,
            session,
            latency: 0,
            turns: 0,
            body: ANSWER_STEP,
            counter: 0,
            role,
            category: Category::Cpu,
            failure: 0,
            served: false,
            served_since: 0,
        })
    }

    #[inline(never)]
    pub(super) fn local(&mut self, frame: u32, entry: Id<Step>, site: u32) -> Option<u32> {
        let place = &self.frames[frame];
        let (key, path) = (place.key.child(u64::from(site)), place.path);
        Some(self.nested(frame, entry, key, path, Role::Local))
    }

    #[inline(never)]
    pub(super) fn spawn(&mut self, frame: u32, entry: Id<Step>, site: u32) -> Option<u32> {
        let key = self.frames[frame].key.child(u64::from(site));
        let spawned = self.nested(frame, entry, key, Paths::DETACHED, Role::Detached);
        let now = self.events.now();
        let place = &mut self.frames[spawned];
        place.session = None;
        place.parent = NOBODY;
        place.since = now;
        place.work = u64::MAX;
        self.ready.push(spawned);
        Some(frame)
    }

    #[inline(never)]
    pub(super) fn fork(&mut self, frame: u32, fork: Id<Fork>, site: u32) -> Option<u32> {
        let plan = self.plan;
        let Fork { branches, calls } = &plan.forks[fork];
        if branches.is_empty() {
            return Some(frame);
        }
        let now = self.events.now();
        let key = self.frames[frame].key.child(u64::from(site));
        // A branch belongs to the endpoint of its request, by which it may have a priority.
        let endpoint = self.paths[self.frames[frame].path].endpoint;
        self.frames[frame].counter = branches.len() as u32;
        let mut freed = None;
        for (number, (entry, call)) in branches.iter().zip(calls).enumerate() {
            let path = self.paths.add(now, endpoint, None, true);
            let key = key.child(number as u64);
            if let Some(BranchCall { call, site }) = *call {
                let next = self.call_branch(frame, key.child(u64::from(site)), path, call);
                freed = freed.or(next);
            } else {
                let branch = self.nested(frame, *entry, key, path, Role::Branch);
                self.start_branch(branch, now);
            }
            if self.frames.overflowed {
                break;
            }
        }
        freed
    }

    /// A branch goes on at this instant, after those before it.
    fn start_branch(&mut self, branch: u32, now: u64) {
        let place = &mut self.frames[branch];
        place.since = now;
        place.work = u64::MAX;
        self.ready.push(branch);
    }

    /// A branch that is nothing but a call: the callee's frame, on a path of its own. Where it is turned
    /// away and was the last branch, whoever goes on instead.
    fn call_branch(&mut self, frame: u32, key: Key, path: u32, call: Id<CallSite>) -> Option<u32> {
        let plan = self.plan;
        let target = &plan.calls[call];
        let instance = self.choose_instance(target);
        let callee = self.add_request(key, frame, path, call, instance, Role::RemoteBranch);
        if target.hops {
            let caller = self.frames[frame].instance;
            self.send_request(callee, target.request, caller, instance);
            return None;
        }
        let next = self.enter_now(callee, instance, target)?;
        if next != callee {
            return Some(next);
        }
        // Most begin with work, which is handed over here without a round of dispatch.
        if let Step::Cpu { sampler, site } = self.plan.steps[target.entry.next()] {
            let place = &mut self.frames[callee];
            place.pc = place.pc.next();
            self.cpu(callee, sampler, site)?;
        }
        self.start_branch(callee, self.events.now());
        None
    }

    /// A branch has ended; the last one lets its parent go on.
    #[inline(never)]
    pub(super) fn join(&mut self, branch: u32) -> Option<u32> {
        let place = &self.frames[branch];
        let (parent, path, failure) = (place.parent, place.path, place.failure);
        self.frames.remove(branch);
        let waiting = &mut self.frames[parent];
        waiting.counter -= 1;
        if failure != 0 && waiting.failure == 0 {
            waiting.failure = failure;
        }
        let (last, own_path, failed) = (waiting.counter == 0, waiting.path, waiting.failure != 0);
        if last {
            self.paths.join(own_path, path);
        }
        self.paths.remove(path);
        match (last, failed) {
            (false, _) => None,
            (true, false) => Some(parent),
            (true, true) => self.fail(parent),
        }
    }

    #[inline(never)]
    pub(super) fn choose(&mut self, frame: u32, choice: Id<Choice>, site: u32) -> Option<u32> {
        let place = &mut self.frames[frame];
        let pick = Draws::at(place.key, site).uniform();
        let ways = &self.plan.choices[choice].ways;
        if let Some(way) = ways.iter().find(|way| pick < way.cumulative) {
            place.pc = way.to;
        }
        Some(frame)
    }

    #[inline(never)]
    pub(super) fn repeat(&mut self, frame: u32, count: Id<Loop>, site: u32) -> Option<u32> {
        let plan = self.plan;
        let repeat = &plan.loops[count];
        let place = &self.frames[frame];
        let (key, path) = (place.key, place.path);
        let turns = repeat.times.draw(&mut Draws::at(key, site));
        if turns == 0 {
            return Some(frame);
        }
        let base = key.child(u64::from(site));
        let turn = self.nested(frame, repeat.body, base.child(u64::from(turns)), path, Role::Turn);
        self.frames[turn].turns = turns;
        self.frames[turn].body = repeat.body;
        Some(turn)
    }

    /// A turn has ended: the next one, or whoever repeats it.
    #[inline(never)]
    pub(super) fn next_turn(&mut self, turn: u32) -> Option<u32> {
        // Turns may take no time and schedule nothing, so they count against the limit of events.
        self.event_count += 1;
        if self.event_count > self.look_at && self.must_end() {
            return None;
        }
        let place = &mut self.frames[turn];
        place.turns -= 1;
        if place.turns == 0 {
            let parent = place.parent;
            self.frames.remove(turn);
            return Some(parent);
        }
        // Each turn's key follows from the one before, so no count needs to be kept beside it.
        place.key = place.key.child(u64::from(place.turns));
        place.pc = place.body;
        Some(turn)
    }
}
