//! Outboxes: events that are rows of a database from their transaction on, until a relay has sent them.

use std::collections::BTreeMap;

use super::publishing::partition_of;
use crate::ids::Id;
use crate::measure::Category;
use crate::model::Outbox;
use crate::plan::{DatabasePlan, EnqueuedPlan, Outboxed};
use crate::runtime::control::Happening;
use crate::runtime::crowd::{FrameStart, Stay, Upon};
use crate::runtime::frame_id::FrameId;
use crate::runtime::stores::{Carried, Enqueued, Sending, Session, Topics};
use crate::runtime::world::World;

impl World<'_> {
    /// Enters the first look of every relay that polls into the agenda.
    pub(super) fn start_relays(&mut self) {
        for outbox in self.plan.messaging.outboxes.ids() {
            self.schedule_look(outbox);
        }
    }

    /// The next look of a relay that polls.
    fn schedule_look(&mut self, outbox: Id<Outboxed>) {
        if let Outbox::Poll(every) = self.plan.messaging.outboxes[outbox].outbox {
            let at = self.events.now().saturating_add(every.0);
            self.agenda.enter(&mut self.events, None, at, Happening::Relays(outbox));
        }
    }

    /// An event is a row of the session that is open on the database of its outbox.
    #[inline(never)]
    pub(in crate::runtime) fn enqueue(
        &mut self,
        frame: FrameId,
        enqueued: Id<EnqueuedPlan>,
        site: u32,
    ) -> Option<FrameId> {
        let EnqueuedPlan { topic, outbox } = self.plan.messaging.enqueued[enqueued];
        let database = self.plan.messaging.outboxes[outbox].database;
        let place = &self.crowd.frames[frame];
        let (key, scope) = (place.key, place.scope);
        let Some(session) = self.session_on(scope, database) else {
            unreachable!("a row is written in a session")
        };
        let plan = &self.plan.messaging.topics[topic];
        let now = self.events.now();
        let saga = if plan.leads_on { self.saga_of_part(scope) } else { None };
        let topics = &mut self.stores.topics;
        let message = topics.messages.add(Carried {
            topic,
            partition: topics.first[topic] + partition_of(plan, key, site),
            key,
            site,
            published_at: now,
            written_at: now,
            groups_left: plan.deliveries.len() as u32,
            given_up: false,
            is_kept: true,
            saga,
        });
        topics.pending.entry(session).or_default().push(Enqueued { outbox, message });
        if !plan.feeds.is_empty() {
            self.tell_views(frame, message, &plan.feeds);
        }
        Some(frame)
    }

    /// What a session has written is committed: its events can be found.
    #[inline(always)]
    pub(super) fn events_commit(&mut self, session: Id<Session>) {
        let topics = &self.stores.topics;
        if !topics.pending.is_empty() || !topics.ahead.is_empty() {
            self.events_of_session_commit(session);
        }
    }

    #[inline(never)]
    fn events_of_session_commit(&mut self, session: Id<Session>) {
        let now = self.events.now();
        for (topic, since) in self.stores.topics.ahead.remove(&session).unwrap_or_default() {
            let record = &mut self.stores.topics.records[topic];
            record.ahead.record(now - since);
            record.ahead_sum += u128::from(now - since);
        }
        let Some(pending) = self.stores.topics.pending.remove(&session) else { return };
        for Enqueued { outbox, message } in pending {
            let topics = &mut self.stores.topics;
            let record = &mut topics.records[topics.messages[message].topic];
            record.published += 1;
            record.present.enter(now);
            topics.messages[message].written_at = now;
            topics.outboxes[outbox].committed.push(message);
            if let Outbox::Cdc(delay) = self.plan.messaging.outboxes[outbox].outbox {
                let at = now.saturating_add(delay.0);
                self.agenda.enter(&mut self.events, None, at, Happening::Relays(outbox));
            }
        }
    }

    /// What a session has written is forgotten, its events too.
    #[inline(always)]
    pub(super) fn events_roll_back(&mut self, session: Id<Session>) {
        let topics = &self.stores.topics;
        if !topics.pending.is_empty() || !topics.ahead.is_empty() {
            self.events_of_session_roll_back(session);
        }
    }

    #[inline(never)]
    fn events_of_session_roll_back(&mut self, session: Id<Session>) {
        for (topic, _) in self.stores.topics.ahead.remove(&session).unwrap_or_default() {
            self.stores.topics.records[topic].made_up += 1;
        }
        for Enqueued { message, .. } in
            self.stores.topics.pending.remove(&session).unwrap_or_default()
        {
            self.told_is_rolled_back(session, message);
            self.stores.topics.messages.remove(message);
        }
    }

    /// A relay looks what its database keeps, unless it has not ended with what it found before.
    pub(in crate::runtime) fn relays(&mut self, outbox: Id<Outboxed>) {
        self.schedule_look(outbox);
        let own = &mut self.stores.topics.outboxes[outbox];
        if own.relay.is_some() {
            return;
        }
        let pc = self.plan.messaging.outboxes[outbox].relay;
        // It stands beside its database; whose instance it is said to be has no meaning.
        let (key, instance) = (self.run.replication.key, Id::new(0));
        let (path, upon) = (self.crowd.paths.detached(), Upon::Relay(outbox));
        let (call, scope, stay, is_far) = (None, None, Stay::None, false);
        let start = FrameStart { key, upon, path, instance, pc, call, scope, stay, is_far };
        let (frame, _) = self.crowd.start(start);
        self.stores.topics.outboxes[outbox].relay = Some(frame);
        self.start_later(frame, self.events.now());
    }

    /// A relay has ended. One that reads a log goes on with what has committed meanwhile.
    pub(super) fn relay_ends(&mut self, outbox: Id<Outboxed>) {
        let own = &mut self.stores.topics.outboxes[outbox];
        own.relay = None;
        // What one that was killed had found is still in the database.
        let mut found = std::mem::take(&mut own.found);
        found.append(&mut own.committed);
        own.committed = found;
        let first = own.committed.first().map(|it| self.stores.topics.messages[*it].written_at);
        let how = self.plan.messaging.outboxes[outbox].outbox;
        if let (Some(first), Outbox::Cdc(delay)) = (first, how) {
            let at = first.saturating_add(delay.0).max(self.events.now());
            self.agenda.enter(&mut self.events, None, at, Happening::Relays(outbox));
        }
    }

    fn outbox_of(&self, database: Id<DatabasePlan>) -> Id<Outboxed> {
        let mut outboxes = self.plan.messaging.outboxes.entries();
        match outboxes.find(|(_, outbox)| outbox.database == database) {
            Some((id, _)) => id,
            None => unreachable!("a relay has an outbox"),
        }
    }

    /// A relay finds what has committed.
    pub(super) fn relay_looks(
        &mut self,
        frame: FrameId,
        database: Id<DatabasePlan>,
    ) -> Option<FrameId> {
        let id = self.outbox_of(database);
        let plan = &self.plan.messaging.outboxes[id];
        // Who reads the log is so far behind; who asks sees all.
        let (now, behind) = match plan.outbox {
            Outbox::Cdc(delay) => (self.events.now(), delay.0),
            Outbox::Poll(_) | Outbox::DualWrite => (self.events.now(), 0),
        };
        let Topics { outboxes, messages, .. } = &mut self.stores.topics;
        let own = &mut outboxes[id];
        let is_there = |it: &Id<Carried>| messages[*it].written_at.saturating_add(behind) <= now;
        let count = own.committed.partition_point(is_there);
        own.found.extend(own.committed.drain(..count));
        own.count = own.found.len() as u64;
        own.record.looks += 1;
        own.record.found += own.count;
        own.record.empty += u64::from(own.count == 0);
        let reads = match plan.outbox {
            Outbox::Poll(_) | Outbox::DualWrite => 0,
            Outbox::Cdc(_) => plan.found_cpu.saturating_mul(own.count),
        };
        let demand = self.stores.draw_work(self.plan, database, plan.look).saturating_add(reads);
        self.compute_in(database, frame, demand, Category::DatabaseCpu)
    }

    /// A relay sends what it has found, a request for each partition.
    pub(super) fn relay(&mut self, frame: FrameId, database: Id<DatabasePlan>) -> Option<FrameId> {
        let id = self.outbox_of(database);
        let found = std::mem::take(&mut self.stores.topics.outboxes[id].found);
        let mut by_partition: BTreeMap<u32, Vec<Id<Carried>>> = BTreeMap::new();
        for message in found {
            let partition = self.stores.topics.messages[message].partition;
            by_partition.entry(partition).or_default().push(message);
        }
        let (from, instance) =
            (self.plan.site.databases[database].location, self.crowd.frames[frame].instance);
        for (place, messages) in by_partition {
            let topics = &mut self.stores.topics;
            let topic = topics.messages[messages[0]].topic;
            let partition = place - topics.first[topic];
            let new = Sending::new((topic, partition), instance, from);
            let request = topics.requests.add(Sending { messages, ..new });
            self.depart(request);
        }
        Some(frame)
    }

    /// A relay strikes out what it has sent.
    pub(super) fn strike(&mut self, frame: FrameId, database: Id<DatabasePlan>) -> Option<FrameId> {
        let id = self.outbox_of(database);
        let count = self.stores.topics.outboxes[id].count;
        let demand = self.plan.messaging.outboxes[id].found_cpu.saturating_mul(count);
        self.compute_in(database, frame, demand, Category::DatabaseCpu)
    }

    /// Waits until the log holds what a relay has struck out, if that is anything.
    pub(super) fn log_of_relay(
        &mut self,
        frame: FrameId,
        database: Id<DatabasePlan>,
    ) -> Option<FrameId> {
        let count = self.stores.topics.outboxes[self.outbox_of(database)].count;
        if count > 0 { self.decide(frame, database) } else { Some(frame) }
    }
}
