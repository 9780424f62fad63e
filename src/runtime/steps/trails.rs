//! Rows that are followed one by one: event-sourced keys that are loaded and added to, rows of views that are read.

use crate::ids::Id;
use crate::measure::{Category, Kind};
use crate::plan::{TrailAct, TrailPlan};
use crate::random::{Draws, Key};
use crate::runtime::frame_id::FrameId;
use crate::runtime::stores::{LogState, Session};
use crate::runtime::world::World;

impl World<'_> {
    /// A step on rows that somebody follows.
    #[inline(never)]
    pub(in crate::runtime) fn trail(
        &mut self,
        frame: FrameId,
        trail: Id<TrailPlan>,
        site: u32,
    ) -> Option<FrameId> {
        let trail = &self.plan.followed.trails[trail];
        match trail.act {
            TrailAct::Load => self.load(frame, trail, site),
            TrailAct::Replay => self.replay(frame, trail),
            TrailAct::Append => self.append(frame, trail, site),
            TrailAct::Change => self.change(frame, trail, site),
            TrailAct::Look => self.look(frame, trail, site),
            TrailAct::Apply => self.apply(frame, trail),
            TrailAct::Gather => self.gather(frame),
            TrailAct::Scatter => self.scatter(frame),
            TrailAct::Show => self.show_told(frame, trail),
        }
    }

    /// The session that a frame works in on the database of a trail.
    fn session_of_trail(&self, frame: FrameId, trail: &TrailPlan) -> Option<Id<Session>> {
        self.session_on(self.crowd.frames[frame].scope, trail.database)
    }

    /// Reads the events behind the last snapshots of keys, and notes how many events each key has.
    fn load(&mut self, frame: FrameId, trail: &TrailPlan, site: u32) -> Option<FrameId> {
        let session = self.session_of_trail(frame, trail);
        let (Some(log), Some(session)) = (trail.log, session) else {
            return self.business_failure(frame);
        };
        let rows = drawn(trail, self.crowd.frames[frame].key, site);
        let followed = &mut self.stores.followed;
        let state = &mut followed.logs[log];
        let open = followed.trails.of(session);
        let mut events = 0u64;
        for row in rows {
            let behind = state.versions.behind_snapshot(row);
            state.record.load(behind);
            open.loaded.insert((log, row), state.versions.of(row));
            events += behind;
        }
        open.to_replay = events;
        let work = events.saturating_mul(self.plan.followed.logs[log].read);
        self.compute_in(trail.database, frame, work, Category::DatabaseCpu)
    }

    /// The service applies the events that were read.
    fn replay(&mut self, frame: FrameId, trail: &TrailPlan) -> Option<FrameId> {
        let (Some(log), Some(session)) = (trail.log, self.session_of_trail(frame, trail)) else {
            return Some(frame);
        };
        let open = self.stores.followed.trails.find(session);
        let events = open.map_or(0, |open| std::mem::take(&mut open.to_replay));
        let work = events.saturating_mul(self.plan.followed.logs[log].replay);
        let host = self.fleet.instances[self.crowd.frames[frame].instance].host;
        self.compute(frame, host, work, Category::Cpu)
    }

    /// Adds an event to each key, unless another one was added since the session loaded it.
    fn append(&mut self, frame: FrameId, trail: &TrailPlan, site: u32) -> Option<FrameId> {
        let session = self.session_of_trail(frame, trail);
        let (Some(log), Some(session)) = (trail.log, session) else {
            return self.business_failure(frame);
        };
        let rows: Vec<u64> = drawn(trail, self.crowd.frames[frame].key, site).collect();
        let followed = &mut self.stores.followed;
        let LogState { versions, record } = &mut followed.logs[log];
        let open = followed.trails.of(session);
        let is_newer = |row: &u64| {
            open.loaded.get(&(log, *row)).is_some_and(|loaded| *loaded != versions.of(*row))
        };
        if rows.iter().any(is_newer) {
            record.conflicts += 1;
            self.crowd.frames[frame].failure = Kind::Conflict;
            return self.fail(frame);
        }
        let mut snapshots = 0;
        for row in rows {
            let own = open.appended.iter().filter(|added| **added == (log, row)).count() as u64;
            snapshots += u64::from(versions.takes_snapshot(versions.of(row) + own + 1));
            open.appended.push((log, row));
        }
        self.change(frame, trail, site);
        let work = snapshots.saturating_mul(self.plan.followed.logs[log].snapshot);
        self.compute_in(trail.database, frame, work, Category::DatabaseCpu)
    }

    /// Notes which rows of views the session changes.
    fn change(&mut self, frame: FrameId, trail: &TrailPlan, site: u32) -> Option<FrameId> {
        let Some(session) = self.session_of_trail(frame, trail).filter(|_| !trail.feeds.is_empty())
        else {
            return Some(frame);
        };
        let open = self.stores.followed.trails.of(session);
        for row in drawn(trail, self.crowd.frames[frame].key, site) {
            for feed in &trail.feeds {
                let table = self.plan.followed.views[feed.view].tables[feed.table as usize];
                open.changed.push((feed.view, (feed.table, table.of_table(row))));
            }
        }
        Some(frame)
    }

    /// What a session has added to logs counts from now on: it has committed, in memory at the least.
    pub(super) fn commit_events(&mut self, session: Id<Session>) {
        let followed = &mut self.stores.followed;
        let Some(open) = followed.trails.find(session) else { return };
        for (log, row) in std::mem::take(&mut open.appended) {
            let LogState { versions, record } = &mut followed.logs[log];
            versions.add(row);
            record.appended += 1;
            record.snapshots += u64::from(versions.takes_snapshot(versions.of(row)));
        }
        open.loaded.clear();
    }
}

/// The rows of a trail, in the order of their numbers.
pub(super) fn drawn(trail: &TrailPlan, key: Key, site: u32) -> impl Iterator<Item = u64> + '_ {
    let row = move |number| trail.row.draw(&mut Draws::at(key.child(u64::from(number)), site));
    (0..trail.rows).map(row)
}
