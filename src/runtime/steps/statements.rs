//! Steps of a statement on its database: CPU, pages, row locks.

use crate::ids::Id;
use crate::measure::{Category, Kind, Limit};
use crate::plan::{DatabasePlan, PageReads, StatementPlan, Step, TablePlan};
use crate::random::{Draws, Key, binomial};
use crate::runtime::control::Due;
use crate::runtime::crowd::Wait;
use crate::runtime::frame_id::FrameId;
use crate::runtime::resources::lock::{HOTTEST, LockAnswer};
use crate::runtime::resources::volume::Submitted;
use crate::runtime::stores::{Read, Session};
use crate::runtime::world::World;

impl World<'_> {
    #[inline(never)]
    pub(in crate::runtime) fn database_cpu(
        &mut self,
        frame: FrameId,
        statement: Id<StatementPlan>,
        site: u32,
    ) -> Option<FrameId> {
        let statement = &self.plan.program.statements[statement];
        if self.wakes_core(frame, statement.database) {
            return None;
        }
        let key = self.crowd.frames[frame].key;
        let own = match statement.cpu {
            None => 0,
            Some(sampler) => self.plan.program.samplers[sampler].draw(&mut Draws::at(key, site)),
        };
        let database = statement.database;
        let rows = statement.rows_cpu;
        let state = &mut self.stores.databases[database];
        state.record.statements += 1;
        let gap = self.events.now() - std::mem::replace(&mut state.asked_at, self.events.now());
        let demand = match own.saturating_add(rows) {
            0 => 0,
            work => work.saturating_add(self.cold_work(gap)),
        };
        self.compute_in(database, frame, demand, Category::DatabaseCpu)
    }

    /// CPU of the rows that a write has locked.
    #[inline(never)]
    pub(in crate::runtime) fn rows_cpu(
        &mut self,
        frame: FrameId,
        statement: Id<StatementPlan>,
    ) -> Option<FrameId> {
        let statement = &self.plan.program.statements[statement];
        if statement.locked_cpu > 0 && self.wakes_core(frame, statement.database) {
            return None;
        }
        self.compute_in(statement.database, frame, statement.locked_cpu, Category::DatabaseCpu)
    }

    #[inline(never)]
    pub(in crate::runtime) fn pages(
        &mut self,
        frame: FrameId,
        statement: Id<StatementPlan>,
        site: u32,
    ) -> Option<FrameId> {
        let statement = &self.plan.program.statements[statement];
        let place = &mut self.crowd.frames[frame];
        let mut draws = Draws::at(place.key, site);
        let missed = statement.pages.iter().map(|part| missed(part, &mut draws));
        let misses = missed.fold(0, u32::saturating_add);
        if misses == 0 {
            return Some(frame);
        }
        let database = statement.database;
        place.counter = misses;
        place.park(self.events.now(), Wait::Page(database), Category::Storage, u64::MAX);
        self.submit(frame, database);
        None
    }

    fn submit(&mut self, frame: FrameId, database: Id<DatabasePlan>) {
        let now = self.events.now();
        let submitted = self.stores.databases[database].volume.submit(now, frame);
        if let Submitted::Start { at } = submitted {
            self.start_read(frame, database, at);
        }
    }

    /// The volume serves this frame's page read from `at` on.
    fn start_read(&mut self, frame: FrameId, database: Id<DatabasePlan>, at: u64) {
        let time = self.stores.draw_time(self.plan, self.plan.site.databases[database].read);
        let record = &mut self.stores.databases[database].record;
        record.operations += 1;
        let read = Read { database, frame: self.crowd.refer(frame), at };
        let read = self.stores.reads.add(read);
        self.events.push(at.saturating_add(time), Due::Page(read).target());
    }

    /// A page has been read, whoever still waits for it: the answer of one that was killed may be under way.
    #[inline(never)]
    pub(in crate::runtime) fn page_read(&mut self, read: Id<Read>) {
        let &Read { database, frame, at } = self.stores.reads.remove(read);
        let now = self.events.now();
        let state = &mut self.stores.databases[database];
        state.record.read_ns += u128::from(now - at);
        if let Some((next, at)) = state.volume.complete(now) {
            self.start_read(next, database, at);
        }
        let Some(frame) = self.crowd.frames.find(frame) else {
            return;
        };
        let place = &mut self.crowd.frames[frame];
        if place.wait != Wait::Page(database) {
            return;
        }
        place.counter -= 1;
        if place.counter > 0 {
            self.submit(frame, database);
        } else {
            self.resume(frame);
        }
    }

    /// Locks the rows of a write one after the other; a row that is taken parks the frame in this step.
    #[inline(never)]
    pub(in crate::runtime) fn lock(
        &mut self,
        frame: FrameId,
        statement: Id<StatementPlan>,
        site: u32,
    ) -> Option<FrameId> {
        let plan = self.plan;
        let statement = &plan.program.statements[statement];
        let database = statement.database;
        let session = self.session_on(self.crowd.frames[frame].scope, database);
        let Some(session) = session.filter(|it| !self.stores.sessions[*it].is_ending) else {
            // The transaction that it works for is over, or about to be: its caller has gone.
            return self.business_failure(frame);
        };
        let now = self.events.now();
        let open = &mut self.stores.sessions[session];
        open.wrote = true;
        let Some(locks) = &statement.locks else {
            open.wrote_at.get_or_insert(now);
            return Some(frame);
        };
        let state = &mut self.stores.databases[database];
        let place = &mut self.crowd.frames[frame];
        let wanted = locks.rows - place.counter;
        if state.locks.held_count() + wanted as usize > plan.run.limits.locks as usize {
            self.end_early(Limit::Locks);
            return None;
        }
        let Key(key) = place.key;
        // Who has been woken asks for the same row again, which is no other request.
        let mut asks_anew = place.category == Category::Requeue;
        place.category = Category::LockWait;
        if place.counter > 0 {
            // It holds the row that it has waited for.
            self.stores.sessions[session].wrote_at.get_or_insert(now);
        }
        while place.counter < locks.rows {
            let number = place.counter;
            place.counter += 1;
            let row = locks.row.draw(&mut Draws::at(Key(key).child(u64::from(number)), site));
            state.record.locks[locks.table.index()] += u64::from(!std::mem::take(&mut asks_anew));
            let table = locks.table.number();
            let answer = state.locks.acquire(session.number(), table, row, frame);
            if answer == LockAnswer::Granted {
                self.stores.sessions[session].wrote_at.get_or_insert(now);
            }
            if answer == LockAnswer::Granted && row == HOTTEST {
                state.record.hottest[locks.table.index()].enter(self.events.now());
            }
            if answer == LockAnswer::Queued {
                let now = self.events.now();
                let time = now.saturating_add(plan.site.databases[database].deadlock_timeout);
                let due = Due::Deadlock(frame).target();
                place.awaited = self.events.push_lane(state.deadlock_lane, time, due);
                place.pc = place.pc.before();
                state.record.lock_queue.enter(now);
                place.park(now, Wait::Row(database), Category::LockWait, u64::MAX);
                return None;
            }
        }
        place.counter = 0;
        Some(frame)
    }

    #[inline(never)]
    pub(in crate::runtime) fn look_for_deadlock(&mut self, frame: FrameId) {
        let place = &self.crowd.frames[frame];
        let Wait::Row(database) = place.wait else { unreachable!("the event of a wait for a row") };
        let session = self.session_on(place.scope, database);
        let state = &mut self.stores.databases[database];
        let in_cycle = |session: &Id<Session>| state.locks.in_cycle(session.number()).is_some();
        if session.as_ref().is_none_or(|session| !in_cycle(session)) {
            return;
        }
        state.record.deadlocks += 1;
        self.leave_row(frame, database);
        if let Some(session) = session.filter(|it| self.stores.sessions[*it].owner != frame) {
            // The database aborts its share of a two-phase commit at once.
            self.roll_back_session(session);
        }
        let place = &mut self.crowd.frames[frame];
        place.counter = 0;
        place.failure = Kind::Deadlock;
        self.resume(frame);
    }

    /// A frame gives up its wait for a row.
    pub(super) fn leave_row(&mut self, frame: FrameId, database: Id<DatabasePlan>) {
        if let Some(session) = self.session_on(self.crowd.frames[frame].scope, database) {
            self.stores.databases[database].locks.cancel(session.number());
        }
        self.note_lock_wait(frame);
    }

    /// A wait for a row is over.
    pub(super) fn note_lock_wait(&mut self, frame: FrameId) {
        let Some((database, table)) = self.row_asked_for(frame) else { return };
        let now = self.events.now();
        let record = &mut self.stores.databases[database].record;
        record.lock_queue.leave(now);
        record.lock_wait_sum[table.index()] += u128::from(now - self.crowd.frames[frame].since);
    }

    /// Where the row is that a frame waits for. Who waits for one stands before its step, to come back to it.
    fn row_asked_for(&self, frame: FrameId) -> Option<(Id<DatabasePlan>, Id<TablePlan>)> {
        let Step::Lock { statement, .. } = self.plan.program.steps[self.crowd.frames[frame].pc]
        else {
            unreachable!("only a step that locks rows waits for a lock")
        };
        let statement = &self.plan.program.statements[statement];
        Some((statement.database, statement.locks.as_ref()?.table))
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
