//! Steps of a statement on its database: hop, CPU, pages, row locks, log, commit.

use super::resources::lock::Acquired;
use super::resources::volume::Submitted;
use super::sessions::Session;
use super::world::{World, kind};
use crate::events::Target;
use crate::ids::Id;
use crate::measure::{Category, Kind, Limit};
use crate::plan::{DatabasePlan, Message, PageReads, StatementPlan, Step};
use crate::random::{Draws, Key, binomial};

impl World<'_> {
    #[inline(never)]
    pub(super) fn database_hop(
        &mut self,
        frame: u32,
        database: Id<DatabasePlan>,
        message: Id<Message>,
    ) -> Option<u32> {
        let here = self.place_of(self.frames[frame].instance);
        let there = self.plan.databases[database].location;
        let locality = self.locality(here, there);
        self.send(frame, message, locality);
        None
    }

    #[inline(never)]
    pub(super) fn database_cpu(
        &mut self,
        frame: u32,
        statement: Id<StatementPlan>,
        site: u32,
    ) -> Option<u32> {
        let statement = &self.plan.statements[statement];
        let key = self.frames[frame].key;
        let own = match statement.cpu {
            None => 0,
            Some(sampler) => self.plan.samplers[sampler].draw(&mut Draws::at(key, site)),
        };
        let database = statement.database;
        self.databases[database].record.statements += 1;
        let cpu = self.plan.databases[database].cpu;
        self.compute(frame, cpu, own.saturating_add(statement.rows_cpu), Category::DatabaseCpu)
    }

    #[inline(never)]
    pub(super) fn pages(
        &mut self,
        frame: u32,
        statement: Id<StatementPlan>,
        site: u32,
    ) -> Option<u32> {
        let statement = &self.plan.statements[statement];
        let mut draws = Draws::at(self.frames[frame].key, site);
        let missed = statement.pages.iter().map(|part| missed(part, &mut draws));
        let misses = missed.fold(0, u32::saturating_add);
        if misses == 0 {
            return Some(frame);
        }
        self.frames[frame].counter = misses;
        self.park(frame, Category::Storage, u64::MAX);
        self.submit(frame, statement.database);
        None
    }

    fn submit(&mut self, frame: u32, database: Id<DatabasePlan>) {
        let now = self.events.now();
        let submitted = self.databases[database].volume.submit(now, frame);
        if let Submitted::Start { at } = submitted {
            self.start_read(frame, database, at);
        }
    }

    /// The volume serves this frame's page read from `at` on.
    fn start_read(&mut self, frame: u32, database: Id<DatabasePlan>, at: u64) {
        let plan = &self.plan.databases[database];
        let time = match plan.read {
            None => 0,
            Some(sampler) => self.plan.samplers[sampler].draw(&mut self.storage),
        };
        let record = &mut self.databases[database].record;
        record.read_ns += u128::from(time);
        record.operations += 1;
        self.events.push(at.saturating_add(time), Target::new(kind::PAGE, frame));
    }

    #[inline(never)]
    pub(super) fn page_read(&mut self, frame: u32) {
        let Step::Pages { statement, .. } = self.step_before(frame) else {
            unreachable!("only a step that reads pages waits for storage")
        };
        let database = self.plan.statements[statement].database;
        let now = self.events.now();
        if let Some((next, at)) = self.databases[database].volume.complete(now) {
            self.start_read(next, database, at);
        }
        self.frames[frame].counter -= 1;
        if self.frames[frame].counter > 0 {
            self.submit(frame, database);
        } else {
            self.resume(frame);
        }
    }

    /// Locks the rows of a write one after the other; a row that is taken parks the frame in this step.
    #[inline(never)]
    pub(super) fn lock(
        &mut self,
        frame: u32,
        statement: Id<StatementPlan>,
        site: u32,
    ) -> Option<u32> {
        let plan = self.plan;
        let statement = &plan.statements[statement];
        let database = statement.database;
        let Some(session) = self.sessions.on(self.frames[frame].session, statement.database) else {
            unreachable!("a write runs in a session")
        };
        self.sessions[session].wrote = true;
        let Some(locks) = &statement.locks else {
            return Some(frame);
        };
        let held = self.databases[database].locks.held_count();
        let wanted = locks.rows - self.frames[frame].counter;
        if held + wanted as usize > plan.limits.locks as usize {
            self.end_early(Limit::Locks);
            return None;
        }
        let Key(key) = self.frames[frame].key;
        while self.frames[frame].counter < locks.rows {
            let number = self.frames[frame].counter;
            self.frames[frame].counter += 1;
            let row = locks.row.draw(&mut Draws::at(Key(key).child(u64::from(number)), site));
            let state = &mut self.databases[database];
            state.record.locks[locks.table.index()] += 1;
            if state.locks.acquire(session.number(), locks.table.number(), row, frame)
                == Acquired::Queued
            {
                let time =
                    self.events.now().saturating_add(plan.databases[database].deadlock_timeout);
                let target = Target::new(kind::DEADLOCK, frame);
                let awaited = self.events.push_lane(state.deadlock_lane, time, target);
                let place = &mut self.frames[frame];
                place.awaited = awaited;
                place.pc = place.pc.before();
                state.record.lock_queue.enter(self.events.now());
                self.park(frame, Category::LockWait, u64::MAX);
                return None;
            }
        }
        self.frames[frame].counter = 0;
        Some(frame)
    }

    #[inline(never)]
    pub(super) fn look_for_deadlock(&mut self, frame: u32) {
        // A frame that waits for a lock stands before its step, to come back to it.
        let step = self.plan.steps[self.frames[frame].pc];
        let Step::Lock { statement, .. } = step else {
            unreachable!("only a step that locks rows waits for a lock")
        };
        let database = self.plan.statements[statement].database;
        let session = self.sessions.on(self.frames[frame].session, database);
        let state = &mut self.databases[database];
        let Some(session) =
            session.filter(|session| state.locks.in_cycle(session.number()).is_some())
        else {
            return;
        };
        state.record.deadlocks += 1;
        state.locks.cancel(session.number());
        self.note_lock_wait(frame, statement);
        self.frames[frame].counter = 0;
        self.frames[frame].failure = Kind::Deadlock as u8;
        self.resume(frame);
    }

    fn note_lock_wait(&mut self, frame: u32, statement: Id<StatementPlan>) {
        let statement = &self.plan.statements[statement];
        let Some(locks) = &statement.locks else {
            return;
        };
        let now = self.events.now();
        let waited = now - self.frames[frame].since;
        let record = &mut self.databases[statement.database].record;
        record.lock_queue.leave(now);
        record.lock_wait_sum[locks.table.index()] += u128::from(waited);
    }

    /// Hands all row locks of the session to whoever waits for them.
    pub(super) fn unlock(&mut self, session: Id<Session>) {
        let database = self.sessions[session].database;
        let mut granted = std::mem::take(&mut self.granted);
        self.databases[database].locks.release_all(session.number(), &mut granted);
        for (_, frame) in granted.drain(..) {
            if let Step::Lock { statement, .. } = self.plan.steps[self.frames[frame].pc] {
                self.note_lock_wait(frame, statement);
            }
            self.frames[frame].awaited = 0;
            self.ready.push(frame);
        }
        self.granted = granted;
    }

    #[inline(never)]
    pub(super) fn flush(&mut self, frame: u32, database: Id<DatabasePlan>) -> Option<u32> {
        let session = self.own_session(frame, database);
        if session.is_none_or(|session| !self.sessions[session].wrote) {
            return Some(frame);
        }
        self.park(frame, Category::Commit, u64::MAX);
        if self.databases[database].log.commit(frame) {
            self.start_flush(database);
        }
        None
    }

    fn start_flush(&mut self, database: Id<DatabasePlan>) {
        let now = self.events.now();
        let state = &mut self.databases[database];
        let time = match self.plan.databases[database].flush {
            None => 0,
            Some(sampler) => self.plan.samplers[sampler].draw(&mut self.storage),
        };
        state.record.flushes += 1;
        state.record.operations += 1;
        state.record.flushing.enter(now);
        let at = state.volume.take_token(now).saturating_add(time);
        self.events.push(at, Target::new(kind::FLUSH, database.number()));
    }

    #[inline(never)]
    pub(super) fn flushed(&mut self, database: Id<DatabasePlan>) {
        let state = &mut self.databases[database];
        state.record.flushing.leave(self.events.now());
        if state.log.flushed(&mut self.ready) {
            self.start_flush(database);
        }
    }

    #[inline(never)]
    pub(super) fn commit(&mut self, frame: u32, database: Id<DatabasePlan>) -> Option<u32> {
        if let Some(session) = self.own_session(frame, database) {
            if std::mem::take(&mut self.sessions[session].wrote) {
                self.databases[database].record.commits += 1;
            }
            self.unlock(session);
        }
        Some(frame)
    }
}

/// Pages of one part of a statement that are drawn one by one.
const MOST_DRAWN: u32 = 1_024;

/// Pages of one part of a statement that the buffer cache does not hold.
fn missed(part: &PageReads, draws: &mut Draws) -> u32 {
    if part.miss <= 0.0 {
        return 0;
    }
    match part.count {
        // One draw a page: raising the hit share of a layout turns misses into hits and nothing else.
        count @ 0..=MOST_DRAWN => (0..count).filter(|_| draws.uniform() < part.miss).count() as u32,
        count => binomial(count, part.miss, draws),
    }
}
