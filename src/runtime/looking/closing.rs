//! The start and the end of what is measured.

use crate::ids::Id;
use crate::measure::{Backlog, ClientBytes, Ending, Outcome, Recorded};
use crate::plan::Message;
use crate::runtime::control::{Disturbance, Happening};
use crate::runtime::fleet::Scaler;
use crate::runtime::world::World;

impl World<'_> {
    /// Enters into the agenda what every replication has in store.
    pub(in crate::runtime) fn schedule_controls(&mut self) {
        let replication = self.run.replication;
        let (duration, warmup) = (replication.duration.0, replication.warmup.0);
        let watched = self.plan.load.watched_before_end(warmup, duration);
        let half = watched.map_or(warmup.midpoint(duration), |time| duration - time);
        // Before all other events: what happens at the very instant of a probe belongs to the time after.
        self.schedule_probes();
        let moments =
            [(warmup, Happening::Warm), (half, Happening::Half), (duration, Happening::End)];
        for (time, moment) in moments {
            self.agenda.enter(&mut self.events, None, time, moment);
        }
    }

    /// Enters into the agenda what is to be done to those who are there then.
    pub(in crate::runtime) fn schedule_disturbances(&mut self, disturbances: &[Disturbance]) {
        for Disturbance { at, what } in disturbances {
            self.agenda.enter(&mut self.events, None, *at, Happening::Disturbed(*what));
        }
    }

    /// The warm-up is over: what was recorded so far is forgotten; those who are there stay.
    pub(in crate::runtime) fn start_measuring(&mut self) {
        let now = self.events.now();
        self.tally.measured_from = now;
        self.tally.endpoints.iter_mut().for_each(|endpoint| endpoint.restart(now));
        self.fleet.services.iter_mut().for_each(|service| service.record.restart(now));
        self.stores.databases.iter_mut().for_each(|database| database.record.restart(now));
        self.thirds.iter_mut().for_each(|third| third.record.restart(now));
        self.stores.spanning_records.iter_mut().for_each(|record| record.restart(now));
        let followed = &mut self.stores.followed;
        followed.logs.iter_mut().for_each(|log| log.record.restart(now));
        followed.views.iter_mut().for_each(|view| view.record.restart(now));
        self.stores.topics.records.iter_mut().for_each(|record| record.restart(now));
        self.stores.topics.groups.iter_mut().for_each(|group| group.record.restart(now));
        self.stores.topics.outboxes.iter_mut().for_each(|outbox| outbox.record.restart(now));
        self.fleet.restart_scaling(self.plan, now);
        self.fleet.hosts.iter_mut().for_each(|host| host.restart(now));
        self.fleet.capacities.each_mut().for_each(|capacity| capacity.restart(now));
        self.fleet.pools.iter_mut().for_each(|pool| pool.restart(now));
        self.net.bytes = [0; _];
        self.count_ages(now, -1);
    }

    /// Closes all records.
    pub(in crate::runtime) fn close(mut self) -> Outcome {
        let ending = self.run.ending.unwrap_or(Ending::Finished);
        let now = match ending {
            Ending::Finished => self.run.replication.duration.0,
            Ending::Limited(_, time) => time,
        };
        self.tally.series.advance(now, self.tally.in_flight);
        for record in self.tally.endpoints.iter_mut() {
            if let Some(series) = &mut record.series {
                series.advance(now, record.present.level());
            }
        }
        for group in self.stores.topics.groups.iter_mut() {
            group.record.course.advance(now, group.record.lag.level());
        }
        self.count_ages(now, 1);
        let left = self.left();
        let open =
            self.crowd.attempts.count() + self.crowd.scopes.count() + self.stores.spannings.count();
        debug_assert!(left.frames > 0 || open == 0, "an attempt or a scope outlives its frames");
        let waited_for = left.thread_waits + left.connection_waits + left.lock_waits > 0;
        let deadlock = if waited_for { self.deadlock() } else { None };
        let client_bytes = self.client_bytes();
        self.fleet.capacities.each_mut().for_each(|capacity| capacity.close(now));
        let (tally, databases) = (self.tally, self.stores.databases);
        let spannings = self.stores.spanning_records;
        let followed = self.stores.followed;
        debug_assert!(followed.logs.iter().all(|log| log.versions.adds_up()), "an event is lost");
        let carried = self.stores.topics.messages.count() as i64;
        let (topics, groups) = (self.stores.topics.records, self.stores.topics.groups);
        let outboxes = self.stores.topics.outboxes;
        Outcome {
            replications: 1,
            ending,
            ended_at: now,
            measured_ns: now.saturating_sub(tally.measured_from),
            events: self.run.event_count(),
            cpu_busy: self.fleet.busy(self.plan, now),
            pools: self.fleet.pools.into_iter().collect(),
            capacities: self.fleet.capacities,
            endpoints: tally.endpoints.into_iter().collect(),
            services: self.fleet.services.into_iter().map(|service| service.record).collect(),
            databases: databases.into_iter().map(|database| database.record).collect(),
            externals: self.thirds.into_iter().map(|third| third.record).collect(),
            spannings: spannings.into_iter().collect(),
            logs: followed.logs.into_iter().map(|log| log.record).collect(),
            views: followed.views.into_iter().map(|view| view.record).collect(),
            topics: topics.into_iter().collect(),
            groups: groups.into_iter().map(|group| group.record).collect(),
            scalings: self.fleet.scalers.into_iter().map(Scaler::closed).collect(),
            outboxes: outboxes.into_iter().map(|outbox| outbox.record).collect(),
            bytes: self.net.bytes,
            client_bytes,
            series: tally.series,
            timeline: tally.recorder.map(|recorder| recorder.finish()).unwrap_or_default(),
            backlog: Backlog { at_half: tally.backlog_at_half, at_end: tally.in_flight },
            frames: Backlog { at_half: tally.frames_at_half, at_end: left.frames as i64 + carried },
            left,
            deadlock,
        }
    }

    /// Bytes of the requests that came and of the answers that left.
    fn client_bytes(&self) -> ClientBytes {
        let plan = self.plan;
        let mut sum = ClientBytes::default();
        for (endpoint, record) in plan.load.endpoints.iter().zip(&self.tally.endpoints) {
            let call = &plan.program.calls[endpoint.call];
            let bytes = |message: Id<Message>| plan.program.messages[message].bytes;
            let answers: u64 = record.answers.iter().sum();
            sum.requests += record.arrivals.saturating_mul(bytes(call.request));
            sum.replies += answers.saturating_mul(bytes(call.reply));
        }
        sum
    }
}
