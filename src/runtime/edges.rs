//! Who is present at the edges of the measured time, and since when: what Little's law needs to be exact.
//! Looked for at two instants of a replication; costs nothing in between.

use super::frames::Frame;
use super::world::World;
use crate::ids::Id;
use crate::measure::{Category, Left};
use crate::plan::Step;

impl World<'_> {
    /// Adds the ages at `now` (ns) of all who are present, times `sign`, to the records.
    pub(super) fn count_ages(&mut self, now: u64, sign: i128) {
        let age = |since: u64| i128::from(now - since) * sign;
        for request in self.paths.requests() {
            if let Some(endpoint) = request.endpoint {
                self.endpoints[endpoint].ages += age(request.started);
            }
        }
        for instance in &self.instances {
            let record = &mut self.services[instance.service].record;
            for frame in instance.threads.iter().flat_map(|threads| threads.waiting()) {
                record.queue_ages += age(self.frames[frame].since);
            }
        }
        for (plan, pool) in self.plan.pools.iter().zip(&self.pools) {
            let record = &mut self.databases[plan.database].record;
            for frame in pool.waiting() {
                record.pool_ages += age(self.frames[frame].since);
            }
        }
        for session in self.sessions.open() {
            self.databases[session.database].record.held_ages += age(session.since);
        }
        for frame in self.frames.places() {
            if frame.served {
                let service = self.instances[frame.instance].service;
                let record = &mut self.services[service].record;
                let age = (now as u32).wrapping_sub(frame.served_since);
                let age = if sign < 0 { age.wrapping_neg() } else { age };
                record.served_ns = record.served_ns.wrapping_add(age);
            }
            // A freed place awaits nothing, nor does who waits for its turn at a third party; who waits for
            // a lock awaits the search for deadlocks.
            if frame.awaited == 0 {
                continue;
            }
            match (frame.category, &self.plan.steps[waiting_step(frame)]) {
                (Category::LockWait, Step::Lock { statement, .. }) => {
                    let database = self.plan.statements[*statement].database;
                    self.databases[database].record.lock_ages += age(frame.since);
                }
                (Category::External, Step::External { external, .. }) => {
                    let since = frame.since + frame.work;
                    self.third_parties[*external].ages += age(since);
                }
                _ => {}
            }
        }
    }

    /// What is taken and not given back.
    pub(super) fn left(&self) -> Left {
        let threads = || self.instances.iter().filter_map(|instance| instance.threads.as_ref());
        let sum = |counts: &mut dyn Iterator<Item = u64>| counts.sum::<u64>();
        let locks = || self.databases.iter().map(|database| &database.locks);
        let shared = self.cpus.iter().filter_map(|cpu| cpu.shared.as_ref());
        Left {
            frames: self.frames.count() as u64,
            paths: self.paths.count() as u64,
            threads: sum(&mut threads().map(|pool| u64::from(pool.in_use()))),
            thread_waits: sum(&mut threads().map(|pool| u64::from(pool.queued()))),
            connections: sum(&mut self.pools.iter().map(|pool| u64::from(pool.in_use()))),
            connection_waits: sum(&mut self.pools.iter().map(|pool| u64::from(pool.queued()))),
            locks: sum(&mut locks().map(|locks| locks.held_count() as u64)),
            lock_waits: sum(&mut locks().map(|locks| locks.waiting_count() as u64)),
            jobs: sum(&mut shared.map(|cpu| cpu.running() as u64)),
        }
    }
}

/// The step that a frame waits in: who waits for a lock stands before it, to come back to it.
fn waiting_step(frame: &Frame) -> Id<Step> {
    let behind = frame.category != Category::LockWait;
    if behind { frame.pc.before() } else { frame.pc }
}
