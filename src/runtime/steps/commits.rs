//! How a transaction ends: its rows unlocked, its commit in the log, its work done, in the order of its steps.

use crate::ids::Id;
use crate::measure::Category;
use crate::model::LockProtocol;
use crate::plan::{CourierAct, DatabasePlan, SpanStep, Step};
use crate::random::Draws;
use crate::runtime::control::Due;
use crate::runtime::crowd::Wait;
use crate::runtime::frame_id::FrameId;
use crate::runtime::resources::log::{Forgotten, Phase};
use crate::runtime::stores::{Session, Store};
use crate::runtime::world::World;

impl World<'_> {
    /// Whether this frame itself opened the session on the database, and something was written there.
    fn wrote(&self, frame: FrameId, database: Id<DatabasePlan>) -> bool {
        let session = self.own_session(frame, database);
        session.is_some_and(|session| self.stores.sessions[session].wrote)
    }

    /// CPU of a commit, if there is something to commit.
    #[inline(never)]
    pub(in crate::runtime) fn commit_cpu(
        &mut self,
        frame: FrameId,
        database: Id<DatabasePlan>,
        site: u32,
    ) -> Option<FrameId> {
        let plan = &self.plan.site.databases[database];
        let Some(law) = plan.commit_cpu else { return Some(frame) };
        if !self.wrote(frame, database) {
            return Some(frame);
        }
        if self.wakes_core(frame, database) {
            return None;
        }
        let mut draws = Draws::at(self.crowd.frames[frame].key, site);
        let demand = self.plan.program.samplers[law].draw(&mut draws);
        self.compute_in(database, frame, demand, Category::DatabaseCpu)
    }

    /// The transaction is committed in memory, and its rows are free for others before its flush.
    #[inline(never)]
    pub(in crate::runtime) fn unlock_early(
        &mut self,
        frame: FrameId,
        database: Id<DatabasePlan>,
    ) -> Option<FrameId> {
        if let Some(session) = self.own_session(frame, database) {
            if !self.stores.followed.trails.are_none() && self.stores.sessions[session].wrote {
                self.commit_events(session);
            }
            self.unlock(session);
        }
        Some(frame)
    }

    #[inline(never)]
    pub(in crate::runtime) fn commit(
        &mut self,
        frame: FrameId,
        database: Id<DatabasePlan>,
    ) -> Option<FrameId> {
        if let Some(session) = self.own_session(frame, database) {
            if std::mem::take(&mut self.stores.sessions[session].wrote) {
                self.stores.databases[database].record.commits += 1;
                if !self.stores.followed.trails.are_none() {
                    self.commit_events(session);
                    self.commit_changes(session);
                }
            }
            self.events_commit(session);
            self.unlock(session);
        }
        Some(frame)
    }

    /// Gives up all row locks of the session, to those who wait for them.
    pub(super) fn unlock(&mut self, session: Id<Session>) {
        let now = self.events.now();
        let open = &mut self.stores.sessions[session];
        let database = open.database;
        let plan = &self.plan.site.databases[database];
        if let Some(wrote_at) = open.wrote_at.take() {
            open.held = Some((wrote_at, now));
            let record = &mut self.stores.databases[database].record;
            record.locked += 1;
            record.locked_sum += u128::from(now - wrote_at);
        }
        let mut waiting = std::mem::take(&mut self.stores.woken);
        // Where it takes no work to ask anew, the one that waits longest is there first.
        let all_ask_anew = plan.locks == LockProtocol::Postgres && plan.requeue_cpu.is_some();
        let Store { locks, record, .. } = &mut self.stores.databases[database];
        if all_ask_anew {
            locks.free_all(session.number(), &mut waiting);
        } else {
            locks.release_all(session.number(), &mut waiting);
        }
        for table in locks.freed_hottest() {
            record.hottest[table as usize].leave(now);
        }
        for (_, frame) in waiting.drain(..) {
            self.note_lock_wait(frame);
            self.crowd.frames[frame].awaited = 0;
            if all_ask_anew {
                self.ask_for_row_anew(frame, database);
            } else {
                self.crowd.frames[frame].wait = Wait::Nothing;
                self.crowd.free(frame);
            }
        }
        self.stores.woken = waiting;
    }

    /// A frame wakes because the row that it waits for has a new version: it finds that, which is work, and asks
    /// for it. All that wake do so at the same time, and the first one there has the row.
    fn ask_for_row_anew(&mut self, frame: FrameId, database: Id<DatabasePlan>) {
        self.settle(frame);
        let place = &mut self.crowd.frames[frame];
        place.counter -= 1;
        place.park(self.events.now(), Wait::Nothing, Category::Requeue, 0);
        let plan = &self.plan.site.databases[database];
        let demand = self.stores.draw_work(self.plan, database, plan.requeue_cpu);
        if self.compute_in(database, frame, demand, Category::Requeue).is_some() {
            self.crowd.free(frame);
        }
    }

    /// Waits for the log, if there is something to commit.
    #[inline(never)]
    pub(in crate::runtime) fn flush(
        &mut self,
        frame: FrameId,
        database: Id<DatabasePlan>,
    ) -> Option<FrameId> {
        self.wait_for_log(frame, database, |world| world.wrote(frame, database))
    }

    /// Waits until the log holds the decision of a two-phase commit.
    #[inline(never)]
    pub(super) fn decide(&mut self, frame: FrameId, database: Id<DatabasePlan>) -> Option<FrameId> {
        if self.plan.site.databases[database].flush.is_none() {
            return Some(frame);
        }
        self.wait_for_log(frame, database, |_| true)
    }

    /// Waits for the log, if there is something to write. Whoever leads a flush comes here again behind its work.
    #[inline(always)]
    fn wait_for_log(
        &mut self,
        frame: FrameId,
        database: Id<DatabasePlan>,
        wrote: impl FnOnce(&Self) -> bool,
    ) -> Option<FrameId> {
        let led = self.stores.databases[database].log.led_by(frame);
        // Whoever leads has worked for the flush now, or has only woken to.
        let has_woken = self.crowd.frames[frame].category == Category::DatabaseWakeUp;
        if led == Some(Phase::After) && !has_woken {
            self.end_flush(database);
            return Some(frame);
        }
        if led.is_none() && !wrote(self) {
            return Some(frame);
        }
        let now = self.events.now();
        self.crowd.frames[frame].park(now, Wait::Flush(database), Category::Commit, u64::MAX);
        if led == Some(Phase::After) {
            self.work_behind_flush(frame, database);
        } else if led == Some(Phase::Before) && has_woken {
            self.work_and_write(frame, database);
        } else if led == Some(Phase::Before) {
            self.write_log(database);
        } else if self.stores.databases[database].log.commit(frame) {
            self.lead_flush(frame, database);
        }
        None
    }

    /// A frame that waits for the log leads its next flush: it waits, where it is to, and works, and all that come
    /// meanwhile join.
    fn lead_flush(&mut self, frame: FrameId, database: Id<DatabasePlan>) {
        if self.plan.site.databases[database].commit_delay > 0 && self.waits_for_others(database) {
            return;
        }
        self.work_and_write(frame, database);
    }

    /// Whoever leads a flush waits for others, if enough of them have written.
    #[inline(never)]
    fn waits_for_others(&mut self, database: Id<DatabasePlan>) -> bool {
        let plan = &self.plan.site.databases[database];
        let sessions = self.stores.sessions.entries().map(|(_, session)| session);
        let writing = sessions.filter(|session| session.database == database && session.wrote);
        // The leader is one of them.
        let waits = writing.count() > plan.commit_siblings as usize;
        let at = self.events.now().saturating_add(plan.commit_delay);
        self.stores.databases[database].gathers = match waits {
            true => self.events.push(at, Due::Gathered(database).target()),
            false => 0,
        };
        waits
    }

    /// The leader of a flush has waited long enough for others, if it is still the one that waited.
    #[inline(never)]
    pub(in crate::runtime) fn gathered(&mut self, database: Id<DatabasePlan>, sequence: u64) {
        let state = &self.stores.databases[database];
        let leader = state.log.leader().filter(|_| state.gathers == sequence);
        if let Some(leader) = leader {
            self.work_and_write(leader, database);
        }
    }

    /// Whoever leads a flush works, and then the volume writes.
    fn work_and_write(&mut self, frame: FrameId, database: Id<DatabasePlan>) {
        if !self.work_for_log(frame, database) {
            self.write_log(database);
        }
    }

    /// A frame that waits for the log does half of the work of a flush, or first wakes to do it, and comes back to its
    /// step then. False where there is no work.
    fn work_for_log(&mut self, frame: FrameId, database: Id<DatabasePlan>) -> bool {
        let plan = &self.plan.site.databases[database];
        if plan.flush_cpu.is_some() && self.wakes_core(frame, database) {
            return true;
        }
        let demand = self.stores.draw_work(self.plan, database, plan.flush_cpu) / 2;
        if demand == 0 {
            return false;
        }
        self.settle(frame);
        let place = &mut self.crowd.frames[frame];
        place.pc = place.pc.before();
        self.compute_in(database, frame, demand, Category::DatabaseCpu);
        true
    }

    /// The volume writes all that waits for the log.
    fn write_log(&mut self, database: Id<DatabasePlan>) {
        let now = self.events.now();
        let time = self.stores.draw_time(self.plan, self.plan.site.databases[database].flush);
        let state = &mut self.stores.databases[database];
        state.log.write();
        state.record.flushes += 1;
        state.record.operations += 1;
        state.record.flushing.enter(now);
        let at = state.volume.take_token(now).saturating_add(time);
        self.events.push(at, Due::Flush(database).target());
    }

    /// The volume has written the log.
    #[inline(never)]
    pub(in crate::runtime) fn flushed(&mut self, database: Id<DatabasePlan>) {
        let state = &mut self.stores.databases[database];
        state.record.flushing.leave(self.events.now());
        match state.log.written() {
            Some(leader) => self.work_behind_flush(leader, database),
            None => self.end_flush(database),
        }
    }

    /// Whoever leads a flush works behind it, and the flush is over.
    fn work_behind_flush(&mut self, leader: FrameId, database: Id<DatabasePlan>) {
        if !self.work_for_log(leader, database) {
            self.end_flush(database);
        }
    }

    /// A flush is over: those in it go on, and of those that came meanwhile the first leads the next.
    fn end_flush(&mut self, database: Id<DatabasePlan>) {
        let crowd = &mut self.crowd;
        let next = self.stores.databases[database].log.end(|frame| {
            // The leader may be at work already.
            if crowd.frames[frame].wait == Wait::Flush(database) {
                crowd.frames[frame].wait = Wait::Nothing;
                crowd.free(frame);
            }
        });
        if let Some(next) = next {
            self.lead_flush(next, database);
        }
    }

    /// A frame gives up its commit, of which the log knows, or its work for a flush that it leads.
    pub(super) fn leave_log(&mut self, frame: FrameId, database: Id<DatabasePlan>) {
        match self.stores.databases[database].log.forget(frame) {
            Forgotten::Nobody | Forgotten::Waiting | Forgotten::Before(None) => {}
            Forgotten::Before(Some(next)) => self.lead_flush(next, database),
            Forgotten::After => self.end_flush(database),
        }
    }

    /// The same for a frame whose work has ended, if that was for a log.
    pub(super) fn leave_log_at_work(&mut self, frame: FrameId) {
        let step = self.plan.program.steps[self.crowd.frames[frame].pc];
        if let Step::Flush { database }
        | Step::Spanning(SpanStep::Decide { database })
        | Step::Courier { machine: database, act: CourierAct::Log } = step
        {
            self.leave_log(frame, database);
        }
    }
}
