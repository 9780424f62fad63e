//! Steps that only take time: CPU work, waits, third parties.

use super::workers::{DoneBy, JobOf, work_ended};
use crate::events::{EventQueue, Lane};
use crate::ids::Id;
use crate::measure::{Category, Kind};
use crate::plan::{DatabasePlan, ExternalPlan, Step};
use crate::random::{Draws, Sampler};
use crate::runtime::control::Due;
use crate::runtime::crowd::{Frame, Wait};
use crate::runtime::fleet::{Fleet, Host};
use crate::runtime::frame_id::FrameId;
use crate::runtime::outside::Visit;
use crate::runtime::resources::pool::Acquired;
use crate::runtime::world::World;

/// Purpose of the draw that decides whether a third party fails, per step number.
const PURPOSE_FAILURE: u32 = 1;

impl World<'_> {
    #[inline(always)]
    pub(in crate::runtime) fn cpu(
        &mut self,
        frame: FrameId,
        sampler: Id<Sampler>,
        site: u32,
    ) -> Option<FrameId> {
        let place = &mut self.crowd.frames[frame];
        let demand = self.plan.program.samplers[sampler].draw(&mut Draws::at(place.key, site));
        let at = self.fleet.instances[place.instance].host;
        let host = &mut self.fleet.hosts[at];
        if work_alone(frame, place, (at, host), &mut self.events, demand, Category::Cpu) {
            return None;
        }
        self.compute(frame, at, demand, Category::Cpu)
    }

    /// CPU work of `demand` [ns on a reference core].
    #[inline(never)]
    pub(in crate::runtime) fn compute(
        &mut self,
        frame: FrameId,
        at: Id<Host>,
        demand: u64,
        category: Category,
    ) -> Option<FrameId> {
        if demand == 0 {
            return Some(frame);
        }
        let now = self.events.now();
        let host = &mut self.fleet.hosts[at];
        if host.shared.is_some() {
            if host.knows_workers {
                self.work_as_worker(frame, at, demand, category);
                return None;
            }
            let work = host.alone(demand);
            self.put_on(at, frame, demand, DoneBy::Instance);
            self.crowd.frames[frame].park(now, Wait::Cpu(at), category, work);
        } else {
            let place = &mut self.crowd.frames[frame];
            work_alone(frame, place, (at, host), &mut self.events, demand, category);
        }
        None
    }

    /// CPU work of a database of `demand` [ns on a reference core].
    #[inline(never)]
    pub(super) fn compute_in(
        &mut self,
        database: Id<DatabasePlan>,
        frame: FrameId,
        demand: u64,
        category: Category,
    ) -> Option<FrameId> {
        if demand == 0 {
            return Some(frame);
        }
        let at = self.fleet.host_of(self.plan.site.databases[database].cpu);
        let work = self.fleet.hosts[at].alone(demand);
        self.put_on(at, frame, demand, DoneBy::Database(database));
        self.crowd.frames[frame].park(self.events.now(), Wait::Cpu(at), category, work);
        None
    }

    /// Puts the work of a frame on a CPU that others use, too.
    #[inline(always)]
    pub(super) fn put_on(&mut self, at: Id<Host>, frame: FrameId, demand: u64, by: DoneBy) {
        let now = self.events.now();
        let Fleet { hosts, instances, .. } = &mut self.fleet;
        let host = &mut hosts[at];
        let whose = JobOf { crowd: &self.crowd, instances, plan: self.plan, frame, by };
        let next = host.shared.as_mut();
        let next = next.and_then(|shared| shared.arrive(now, frame.number(), demand, &whose));
        if let Some(time) = next {
            host.awaited = self.events.push(time, Due::Host(at).target());
        }
    }

    /// A host looks whose work has ended, unless an arrival has moved this wake-up forward.
    #[inline(never)]
    pub(in crate::runtime) fn wake_host(&mut self, at: Id<Host>, sequence: u64) {
        let Fleet { hosts, instances, .. } = &mut self.fleet;
        let host = &mut hosts[at];
        if host.awaited != sequence {
            return;
        }
        let Some(shared) = &mut host.shared else {
            return;
        };
        let now = self.events.now();
        let (crowd, events) = (&mut self.crowd, &mut self.events);
        let next = shared.wake(now, |job| {
            let frame = Id::new(job as usize);
            if host.knows_workers {
                host.ended_at = now;
                work_ended(&crowd.frames[frame], instances, events);
            }
            crowd.frames[frame].wait = Wait::Nothing;
            crowd.free(frame);
        });
        if let Some(time) = next {
            host.awaited = self.events.push(time, Due::Host(at).target());
        }
    }

    /// Takes the job of a frame off a CPU, unfinished.
    pub(super) fn take_off(&mut self, at: Id<Host>, frame: FrameId) {
        let now = self.events.now();
        let host = &mut self.fleet.hosts[at];
        let next = host.shared.as_mut().and_then(|shared| shared.remove(now, frame.number()));
        if let Some(time) = next {
            host.awaited = self.events.push(time, Due::Host(at).target());
        }
    }

    #[inline(never)]
    pub(in crate::runtime) fn wait(
        &mut self,
        frame: FrameId,
        sampler: Id<Sampler>,
        site: u32,
    ) -> Option<FrameId> {
        let key = self.crowd.frames[frame].key;
        let now = self.events.now();
        let delay = self.plan.program.samplers[sampler].draw(&mut Draws::at(key, site));
        let lane = self.sampler_lanes[sampler];
        let awaited = self.schedule(lane, now.saturating_add(delay), Due::Frame(frame));
        let place = &mut self.crowd.frames[frame];
        place.park(now, Wait::Timer, Category::Delay, u64::MAX);
        place.awaited = awaited;
        None
    }

    /// Schedules an event, in the lane of its constant delay where it has one; its sequence number.
    #[inline(always)]
    pub(super) fn schedule(&mut self, lane: Option<Lane>, time: u64, due: Due) -> u64 {
        match lane {
            Some(lane) => self.events.push_lane(lane, time, due.target()),
            None => self.events.push(time, due.target()),
        }
    }

    #[inline(never)]
    pub(in crate::runtime) fn external(
        &mut self,
        frame: FrameId,
        external: Id<ExternalPlan>,
        site: u32,
    ) -> Option<FrameId> {
        let now = self.events.now();
        let place = &mut self.crowd.frames[frame];
        place.park(now, Wait::Third(external), Category::External, u64::MAX);
        let places = self.thirds[external].places.as_mut();
        if places.is_none_or(|places| places.acquire(frame) == Acquired::Granted) {
            self.ask_external(frame, external, site);
        }
        None
    }

    /// The third party starts on the frame's call.
    fn ask_external(&mut self, frame: FrameId, external: Id<ExternalPlan>, site: u32) {
        let plan = &self.plan.site.externals[external];
        let key = self.crowd.frames[frame].key;
        let failed =
            plan.failure > 0.0 && Draws::at(key, site + PURPOSE_FAILURE).uniform() < plan.failure;
        let delay = plan.latency.map_or(0, |sampler| {
            self.plan.program.samplers[sampler].draw(&mut Draws::at(key, site))
        });
        let now = self.events.now();
        self.thirds[external].record.busy.enter(now);
        let visit = Visit { external, frame: self.crowd.refer(frame), since: now, failed };
        let visit = self.visits.add(visit);
        self.events.push(now.saturating_add(delay), Due::Third(visit).target());
    }

    /// A third party answers whoever asked, if that still waits for it, and takes the next: the answer of one that
    /// was killed may be under way.
    #[inline(never)]
    pub(in crate::runtime) fn external_answers(&mut self, visit: Id<Visit>) {
        let Visit { external, frame, since, failed } = self.visits[visit];
        self.visits.remove(visit);
        let now = self.events.now();
        let third = &mut self.thirds[external];
        third.record.busy.leave(now);
        third.record.time_sum += u128::from(now - since);
        let next = third.places.as_mut().and_then(|places| places.release());
        if let Some(next) = next {
            let Step::External { site, .. } = self.step_before(next) else {
                unreachable!("only an external step waits for a third party")
            };
            self.ask_external(next, external, site);
        }
        let waits = |frame: &FrameId| self.crowd.frames[*frame].wait == Wait::Third(external);
        if let Some(frame) = self.crowd.frames.find(frame).filter(waits) {
            if failed {
                self.crowd.frames[frame].failure = Kind::Failed;
            }
            self.resume(frame);
        }
    }

    /// The step that a waiting frame stands in.
    pub(super) fn step_before(&self, frame: FrameId) -> Step {
        self.plan.program.steps[self.crowd.frames[frame].pc.before()]
    }
}

/// A frame works on a core that it has to itself, if there is any work and the host gives it such a core. Whether it
/// works now.
#[inline(always)]
pub(in crate::runtime) fn work_alone(
    frame: FrameId,
    place: &mut Frame,
    (at, host): (Id<Host>, &mut Host),
    events: &mut EventQueue,
    demand: u64,
    category: Category,
) -> bool {
    if demand == 0 || host.shared.is_some() {
        return false;
    }
    let (now, work) = (events.now(), host.alone(demand));
    host.busy += u128::from(work);
    place.park(now, Wait::Core(at), category, work);
    place.awaited = events.push(now.saturating_add(work), Due::Frame(frame).target());
    true
}
