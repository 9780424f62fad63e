//! Disturbances: what is done to those who are there, at an instant.

use crate::ids::Id;
use crate::plan::{ANSWER_STEP, JOIN_STEP};
use crate::runtime::control::{Disturbed, Due};
use crate::runtime::crowd::{Frame, Stay, Upon, Wait};
use crate::runtime::fleet::{Host, Instance, State};
use crate::runtime::frame_id::FrameId;
use crate::runtime::stores::Consumer;
use crate::runtime::world::World;

impl World<'_> {
    #[cold]
    pub(in crate::runtime) fn disturb(&mut self, what: Disturbed) {
        match what {
            Disturbed::Kill { pick, answer } => {
                if let Some(frame) = self.picked(pick) {
                    self.kill(frame, answer);
                }
            }
            Disturbed::Orphan { pick, answer } => {
                let request = self.picked(pick).and_then(|frame| self.request_around(frame));
                if let Some(frame) = request {
                    self.orphan(frame, answer);
                }
            }
            Disturbed::Join { service } => {
                let (now, plan) = (self.events.now(), self.plan);
                let instance = self.fleet.join(plan, service, now, &mut self.events);
                self.consumers_join(instance);
            }
            Disturbed::Drain { pick } => {
                let count = self.fleet.instances.len() as u64;
                if let Some(place) = pick.checked_rem(count) {
                    self.drain(Id::new(place as usize));
                }
            }
            Disturbed::Speed { pick, speed } => {
                let count = self.fleet.hosts.len() as u64;
                if let Some(place) = pick.checked_rem(count) {
                    self.set_speed(Id::new(place as usize), speed);
                }
            }
            Disturbed::Nodes { class, more } => {
                let now = self.events.now();
                self.fleet.capacities.nodes[class.index()].change(now, more);
            }
        }
    }

    /// An instance gets no new request, and goes when it has finished what it has.
    pub(super) fn drain(&mut self, instance: Id<Instance>) {
        if self.fleet.drain(instance) {
            self.consumers_leave(instance);
            self.goes_if_idle(instance);
        }
    }

    /// An instance that drains goes once nothing runs on it, nor is on its way there.
    #[cold]
    pub(super) fn goes_if_idle(&mut self, instance: Id<Instance>) {
        let idle = self.fleet.instances[instance].state == State::Draining
            && self.fleet.instances[instance].outstanding == 0;
        // What nobody waits for is not outstanding, and runs there all the same unless it is an answer under way.
        let runs_there = |frame: &Frame| {
            let answers = frame.pc == JOIN_STEP || frame.pc == ANSWER_STEP;
            frame.instance == instance && frame.upon.outlives_requests() && !answers
        };
        let consumes =
            |consumer: &Consumer| consumer.instance == instance && !consumer.hand.is_empty();
        let idle = idle && !self.stores.topics.consumers.iter().any(consumes);
        if idle && !self.crowd.frames.entries().any(|(_, frame)| runs_there(frame)) {
            self.fleet.remove(self.plan, instance, self.events.now());
            self.place_is_left(instance);
        }
    }

    /// The cores of a host have another speed from now on; what was done so far is done.
    pub(super) fn set_speed(&mut self, at: Id<Host>, speed: f64) {
        let now = self.events.now();
        let host = &mut self.fleet.hosts[at];
        let before = std::mem::replace(&mut host.speed, speed);
        if let Some(shared) = &mut host.shared {
            if let Some(time) = shared.set_speed(now, speed) {
                host.awaited = self.events.push(time, Due::Host(at).target());
            }
            return;
        }
        // Whoever has a core to itself has an event of its own, which comes sooner or later now.
        let working = self.crowd.frames.entries();
        let working = working.filter(|(_, frame)| frame.wait == Wait::Core(at));
        let working: Vec<FrameId> = working.map(|(frame, _)| frame).collect();
        for frame in working {
            let place = &mut self.crowd.frames[frame];
            let left = (place.since + place.work).saturating_sub(now);
            let changed = (left as f64 * before / speed).round() as u64;
            host.busy = host.busy + u128::from(changed) - u128::from(left);
            place.work = now + changed - place.since;
            place.awaited = self.events.push(now + changed, Due::Frame(frame).target());
        }
    }

    /// One of the frames that are there.
    fn picked(&self, pick: u64) -> Option<FrameId> {
        let count = self.crowd.frames.count() as u64;
        let place = pick.checked_rem(count)?;
        self.crowd.frames.entries().nth(place as usize).map(|(frame, _)| frame)
    }

    /// The frame that came to its instance as a request and has not left, of those that wait for a frame.
    fn request_around(&self, frame: FrameId) -> Option<FrameId> {
        let mut all = std::iter::successors(Some(frame), |frame| self.crowd.above(*frame));
        let request = all.find(|frame| self.crowd.frames[*frame].stay != Stay::None)?;
        (self.crowd.frames[request].upon != Upon::Nobody).then_some(request)
    }
}
