//! Work where it is asked who does it: workers that frames share, and what it costs to wake them.

use super::class_of;
use crate::events::EventQueue;
use crate::ids::{Id, Table};
use crate::measure::Category;
use crate::model::WakeUp;
use crate::plan::{DatabasePlan, Plan};
use crate::runtime::control::Due;
use crate::runtime::crowd::{Crowd, Frame, Wait};
use crate::runtime::fleet::{Host, Instance};
use crate::runtime::frame_id::FrameId;
use crate::runtime::resources::cpu::{Claim, ThreadKey, Whose};
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
            return self.put_on(at, frame, demand, DoneBy::Instance);
        }
        // It comes back to its step when it is awake.
        place.pc = place.pc.before();
        place.park(now, wait, Category::WakeUp, self.fleet.hosts[at].alone(waking));
        self.put_on(at, frame, waking, DoneBy::Instance);
    }

    /// Workers of an instance whose work has ended take the next in line, or sleep.
    #[inline(never)]
    pub(in crate::runtime) fn workers_go_on(&mut self, instance: Id<Instance>) {
        let host = self.fleet.instances[instance].host;
        while let Some(workers) = &mut self.fleet.instances[instance].workers
            && let Some(ready) = workers.next()
        {
            self.put_on(host, ready.job, ready.demand, DoneBy::Instance);
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

    /// A session of a database is to work. Where a core is idle it wakes that first, which is work by itself, and comes
    /// back to its step. Whether it does.
    pub(super) fn wakes_core(&mut self, frame: FrameId, database: Id<DatabasePlan>) -> bool {
        let DatabasePlan { cpu, wake_cpu, .. } = self.plan.site.databases[database];
        if wake_cpu.is_none() {
            return false;
        }
        let now = self.events.now();
        let at = self.fleet.host_of(cpu);
        let host = &self.fleet.hosts[at];
        let running = host.shared.as_ref().map_or(0, |shared| shared.running());
        let all_work = running > 0 && (running + 1) as f64 > self.plan.site.cpus[cpu].cores;
        // Who goes on at the instant at which work has ended here finds the core awake.
        if all_work || host.ended_at == now {
            return false;
        }
        let demand = self.stores.draw_work(self.plan, database, wake_cpu);
        if demand == 0 {
            return false;
        }
        if self.crowd.frames[frame].wait != Wait::Nothing {
            self.settle(frame);
        }
        let place = &mut self.crowd.frames[frame];
        place.pc = place.pc.before();
        self.compute_in(database, frame, demand, Category::DatabaseWakeUp);
        true
    }

    /// Work of a database [ns on a reference core] before a statement that comes after a gap: its caches are cold.
    pub(super) fn cold_work(&self, gap: u64) -> u64 {
        waking(self.plan.site.wake_up.map(|wake_up| WakeUp { cost: Nanos::ZERO, ..wake_up }), gap)
    }
}

/// By which process work is done.
#[derive(Debug, Clone, Copy)]
pub(super) enum DoneBy {
    /// The instance of the frame.
    Instance,
    /// A database server.
    Database(Id<DatabasePlan>),
}

/// Whose a job on a CPU is.
pub(super) struct JobOf<'a> {
    pub(super) crowd: &'a Crowd,
    pub(super) instances: &'a Table<Instance>,
    pub(super) plan: &'a Plan,
    pub(super) frame: FrameId,
    pub(super) by: DoneBy,
}

impl Whose for JobOf<'_> {
    #[inline(always)]
    fn class(&self) -> u8 {
        class_of(self.crowd, self.plan, self.frame)
    }

    /// The workers of its instance, or a thread of its own.
    #[inline(never)]
    fn thread(&self) -> ThreadKey {
        let place = &self.crowd.frames[self.frame];
        if let Wait::Worker(_) = place.wait {
            u64::from(place.instance.number()) << 1 | 1
        } else {
            u64::from(self.frame.number()) << 1
        }
    }

    #[inline(never)]
    fn claim(&self) -> Claim {
        match self.by {
            DoneBy::Instance => {
                let instance = self.crowd.frames[self.frame].instance;
                let weight = self.plan.site.services[self.instances[instance].service].weight;
                Claim { process: u64::from(instance.number()) << 1, weight }
            }
            DoneBy::Database(database) => {
                let weight = self.plan.site.databases[database].weight;
                Claim { process: u64::from(database.number()) << 1 | 1, weight }
            }
        }
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
