//! Steps that only take time: CPU work, waits, third parties.

use super::lines::class_of;
use super::world::{World, kind};
use crate::events::{Lane, Target};
use crate::ids::Id;
use crate::measure::{Category, Kind};
use crate::plan::{CpuPlan, ExternalPlan, Step};
use crate::random::{Draws, Sampler};
use crate::runtime::resources::pool::Acquired;

/// Purpose of the draw that decides whether a third party fails, per step number.
const PURPOSE_FAILURE: u32 = 1;

impl World<'_> {
    #[inline(always)]
    pub(super) fn cpu(&mut self, frame: u32, sampler: Id<Sampler>, site: u32) -> Option<u32> {
        let place = &self.frames[frame];
        let cpu = self.instances[place.instance].cpu;
        let demand = self.plan.samplers[sampler].draw(&mut Draws::at(place.key, site));
        self.compute(frame, cpu, demand, Category::Cpu)
    }

    /// CPU work of `demand` [ns on a reference core].
    #[inline(always)]
    pub(super) fn compute(
        &mut self,
        frame: u32,
        cpu: Id<CpuPlan>,
        demand: u64,
        category: Category,
    ) -> Option<u32> {
        if demand == 0 {
            return Some(frame);
        }
        let now = self.events.now();
        let processor = &mut self.cpus[cpu];
        let work = if processor.speed == 1.0 {
            demand
        } else {
            (demand as f64 / processor.speed).round() as u64
        };
        if let Some(shared) = &mut processor.shared {
            let class = || class_of(&self.frames, &self.paths, self.plan, frame);
            if let Some(time) = shared.arrive(now, frame, demand, class) {
                processor.awaited = self.events.push(time, Target::new(kind::CPU, cpu.number()));
            }
            self.park(frame, category, work);
        } else {
            processor.busy += u128::from(work);
            let target = Target::new(kind::FRAME, frame);
            let awaited = self.events.push(now.saturating_add(work), target);
            self.park_for(frame, category, work, awaited);
        }
        None
    }

    #[inline(never)]
    pub(super) fn wake_cpu(&mut self, cpu: Id<CpuPlan>, sequence: u64) {
        let processor = &mut self.cpus[cpu];
        if processor.awaited != sequence {
            return; // an arrival has moved the wake-up forward
        }
        let Some(shared) = &mut processor.shared else {
            return;
        };
        let now = self.events.now();
        if let Some(time) = shared.wake(now, &mut self.ready) {
            processor.awaited = self.events.push(time, Target::new(kind::CPU, cpu.number()));
        }
    }

    #[inline(never)]
    pub(super) fn wait(&mut self, frame: u32, sampler: Id<Sampler>, site: u32) -> Option<u32> {
        let key = self.frames[frame].key;
        let delay = self.plan.samplers[sampler].draw(&mut Draws::at(key, site));
        self.park(frame, Category::Delay, u64::MAX);
        self.wake_after(frame, delay, sampler);
        None
    }

    /// Wakes the frame after `delay` (ns), a draw of `sampler`.
    pub(super) fn wake_after(&mut self, frame: u32, delay: u64, sampler: Id<Sampler>) {
        let time = self.events.now().saturating_add(delay);
        let target = Target::new(kind::FRAME, frame);
        let lane = self.sampler_lanes[sampler];
        self.frames[frame].awaited = self.schedule(lane, time, target);
    }

    /// Schedules an event, in the lane of its constant delay where it has one; its sequence number.
    #[inline(always)]
    pub(super) fn schedule(&mut self, lane: Option<Lane>, time: u64, target: Target) -> u64 {
        match lane {
            Some(lane) => self.events.push_lane(lane, time, target),
            None => self.events.push(time, target),
        }
    }

    #[inline(never)]
    pub(super) fn external(
        &mut self,
        frame: u32,
        external: Id<ExternalPlan>,
        site: u32,
    ) -> Option<u32> {
        self.park(frame, Category::External, u64::MAX);
        let limit = self.externals[external].as_mut();
        if limit.is_none_or(|limit| limit.acquire(frame) == Acquired::Granted) {
            self.ask_external(frame, external, site);
        }
        None
    }

    /// The third party starts on the frame's call.
    fn ask_external(&mut self, frame: u32, external: Id<ExternalPlan>, site: u32) {
        let plan = &self.plan.externals[external];
        let key = self.frames[frame].key;
        let failed =
            plan.failure > 0.0 && Draws::at(key, site + PURPOSE_FAILURE).uniform() < plan.failure;
        self.frames[frame].failure = if failed { Kind::Failed as u8 } else { 0 };
        let delay = match plan.latency {
            None => 0,
            Some(sampler) => self.plan.samplers[sampler].draw(&mut Draws::at(key, site)),
        };
        let now = self.events.now();
        self.third_parties[external].busy.enter(now);
        // What was waited before was for a place, of which there may be few.
        self.frames[frame].work = now - self.frames[frame].since;
        let time = now.saturating_add(delay);
        self.frames[frame].awaited = self.events.push(time, Target::new(kind::EXTERNAL, frame));
    }

    #[inline(never)]
    pub(super) fn external_answers(&mut self, frame: u32) {
        let Step::External { external, .. } = self.step_before(frame) else {
            unreachable!("only an external step is answered by a third party")
        };
        let now = self.events.now();
        let place = &self.frames[frame];
        let record = &mut self.third_parties[external];
        record.busy.leave(now);
        record.time_sum += u128::from(now - place.since - place.work);
        let next = self.externals[external].as_mut().and_then(|limit| limit.release());
        if let Some(next) = next {
            let Step::External { site, .. } = self.step_before(next) else {
                unreachable!("only an external step waits for a third party")
            };
            self.ask_external(next, external, site);
        }
        self.resume(frame);
    }

    /// The step that a waiting frame stands in.
    pub(super) fn step_before(&self, frame: u32) -> Step {
        self.plan.steps[self.frames[frame].pc.before()]
    }
}
