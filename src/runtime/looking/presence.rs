//! Who is present at the edges of the measured time, and since when: what Little's law needs to be exact.
//! Looked for at two instants of a replication; costs nothing in between.

use crate::measure::Left;
use crate::runtime::crowd::{Stay, Wait};
use crate::runtime::world::World;

impl World<'_> {
    /// Adds the ages at `now` (ns) of all who are present, times `sign`, to the records.
    pub(in crate::runtime) fn count_ages(&mut self, now: u64, sign: i128) {
        let age = |since: u64| i128::from(now - since) * sign;
        for request in self.crowd.paths.requests() {
            if let Some(endpoint) = request.endpoint {
                self.tally.endpoints[endpoint].ages += age(request.started);
            }
        }
        for instance in &self.fleet.instances {
            let record = &mut self.fleet.services[instance.service].record;
            for frame in instance.threads.iter().flat_map(|threads| threads.waiting()) {
                record.queue_ages += age(self.crowd.frames[frame].since);
            }
        }
        for connections in &self.fleet.connections {
            let record = &mut self.stores.databases[connections.database].record;
            for frame in connections.places.waiting() {
                record.pool_ages += age(self.crowd.frames[frame].since);
            }
        }
        for (_, session) in self.stores.sessions.entries() {
            self.stores.databases[session.database].record.held_ages += age(session.since);
        }
        for (_, read) in self.stores.reads.entries() {
            self.stores.databases[read.database].record.read_ages += age(read.at.min(now));
        }
        for database in self.stores.databases.iter_mut() {
            database.record.capped_ns += i128::from(database.volume.capped_ns(now)) * sign;
        }
        for (_, visit) in self.visits.entries() {
            self.thirds[visit.external].record.ages += age(visit.since);
        }
        for (_, frame) in self.crowd.frames.entries() {
            if frame.stay == Stay::Served {
                let service = self.fleet.instances[frame.instance].service;
                let record = &mut self.fleet.services[service].record;
                let age = (now as u32).wrapping_sub(frame.served_since);
                let age = if sign < 0 { age.wrapping_neg() } else { age };
                record.served_ns = record.served_ns.wrapping_add(age);
            }
            if let Wait::Row(database) = frame.wait {
                self.stores.databases[database].record.lock_ages += age(frame.since);
            }
            if let Wait::Core(host) = frame.wait {
                let end = frame.since.saturating_add(frame.work);
                let left = i128::from(end.saturating_sub(now));
                self.fleet.hosts[host].busy_later(left * sign);
            }
        }
    }

    /// What is taken and not given back.
    pub(in crate::runtime) fn left(&self) -> Left {
        let threads =
            || self.fleet.instances.iter().filter_map(|instance| instance.threads.as_ref());
        let places = || self.fleet.connections.iter().map(|connections| &connections.places);
        let sum = |counts: &mut dyn Iterator<Item = u64>| counts.sum::<u64>();
        let locks = || self.stores.databases.iter().map(|database| &database.locks);
        let shared = self.fleet.hosts.iter().filter_map(|host| host.shared.as_ref());
        Left {
            frames: self.crowd.frames.count() as u64,
            paths: self.crowd.paths.count() as u64,
            threads: sum(&mut threads().map(|pool| u64::from(pool.in_use()))),
            thread_waits: sum(&mut threads().map(|pool| u64::from(pool.queued()))),
            connections: sum(&mut places().map(|pool| u64::from(pool.in_use()))),
            connection_waits: sum(&mut places().map(|pool| u64::from(pool.queued()))),
            locks: sum(&mut locks().map(|locks| locks.held_count() as u64)),
            lock_waits: sum(&mut locks().map(|locks| locks.waiting_count() as u64)),
            jobs: sum(&mut shared.map(|cpu| cpu.running() as u64)),
        }
    }
}
