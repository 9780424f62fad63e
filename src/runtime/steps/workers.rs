//! Work where it is asked who does it: workers that frames share, and what it costs to wake them.

use crate::events::EventQueue;
use crate::ids::{Id, Table};
use crate::measure::Category;
use crate::model::WakeUp;
use crate::runtime::control::Due;
use crate::runtime::crowd::{Crowd, Frame, Wait};
use crate::runtime::fleet::{Host, Instance};
use crate::runtime::frame_id::FrameId;
use crate::runtime::resources::cpu::ThreadKey;
use crate::runtime::resources::event_loop::WorkerAnswer;
use crate::runtime::world::World;
use crate::units::Nanos;

impl World<'_> {
    /// Work of an instance [ns on a reference core]: a worker that slept wakes first, which is work by itself.
    pub(super) fn work_as_worker(
        &mut self,
        frame: FrameId,
        at: Id<Host>,
        demand: u64,
        category: Category,
    ) {
        let now = self.events.now();
        let (work, goes_on) = {
            let host = &self.fleet.hosts[at];
            (host.alone(demand), host.ended_at == now)
        };
        let place = &mut self.crowd.frames[frame];
        let instance = &mut self.fleet.instances[place.instance];
        let (placed, wait) = match &mut instance.workers {
            Some(workers) => (workers.ready(frame, demand), Wait::Worker(at)),
            // Who goes on at the instant at which work has ended here has not slept.
            None if goes_on => (WorkerAnswer::Runs, Wait::Cpu(at)),
            None => (WorkerAnswer::Wakes, Wait::Cpu(at)),
        };
        let waking = match placed {
            WorkerAnswer::Runs => 0,
            WorkerAnswer::Wakes => waking(self.plan.site.wake_up, now - instance.worked_until),
            WorkerAnswer::InLine => return place.park(now, wait, category, work),
        };
        if waking == 0 {
            place.park(now, wait, category, work);
            return self.put_on(at, frame, demand);
        }
        // It comes back to its step when it is awake.
        place.pc = place.pc.before();
        place.park(now, wait, Category::WakeUp, self.fleet.hosts[at].alone(waking));
        self.put_on(at, frame, waking);
    }

    /// Workers of an instance whose work has ended take the next in line, or sleep.
    #[inline(never)]
    pub(in crate::runtime) fn workers_go_on(&mut self, instance: Id<Instance>) {
        let host = self.fleet.instances[instance].host;
        while let Some(workers) = &mut self.fleet.instances[instance].workers
            && let Some(ready) = workers.next()
        {
            self.put_on(host, ready.job, ready.demand);
        }
    }

    /// A frame gives up its work, or its place in the line for a worker.
    pub(super) fn leave_worker(&mut self, at: Id<Host>, frame: FrameId) {
        let instance = self.crowd.frames[frame].instance;
        let Some(workers) = &mut self.fleet.instances[instance].workers else {
            unreachable!("who waits for a worker is of an instance that has some")
        };
        if workers.cancel(frame) {
            return;
        }
        if workers.ended() {
            self.events.push(self.events.now(), Due::Workers(instance).target());
        }
        self.take_off(at, frame);
    }

    /// Work of a database [ns on a reference core] before a statement that comes after a gap: its caches are cold.
    pub(super) fn cold_work(&self, gap: u64) -> u64 {
        waking(self.plan.site.wake_up.map(|wake_up| WakeUp { cost: Nanos::ZERO, ..wake_up }), gap)
    }
}

/// Who works for a frame, where its CPU asks: the workers of its instance, or a thread of its own.
#[inline(never)]
pub(super) fn thread_of(crowd: &Crowd, frame: FrameId) -> ThreadKey {
    let place = &crowd.frames[frame];
    if let Wait::Worker(_) = place.wait {
        u64::from(place.instance.number()) << 1 | 1
    } else {
        u64::from(frame.number()) << 1
    }
}

/// The work of a frame has ended on a CPU that is asked who works.
pub(super) fn work_ended(frame: &Frame, instances: &mut Table<Instance>, events: &mut EventQueue) {
    let now = events.now();
    if !frame.category.is_of_a_service() {
        return;
    }
    let instance = &mut instances[frame.instance];
    instance.worked_until = now;
    if let (Wait::Worker(_), Some(workers)) = (frame.wait, &mut instance.workers)
        && workers.ended()
    {
        events.push(now, Due::Workers(frame.instance).target());
    }
}

/// What it costs to wake in a process that has not worked for so long (ns) [ns on a reference core].
fn waking(wake_up: Option<WakeUp>, gap: u64) -> u64 {
    let Some(WakeUp { cost, cold, cold_within }) = wake_up else { return 0 };
    let gaps = gap as f64 / (cold_within.0.max(1)) as f64;
    cost.0 + (cold.0 as f64 * -(-gaps).exp_m1()) as u64
}
