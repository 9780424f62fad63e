//! Transactions over several databases: their beginning and end, the parts that commit on their own, and what is
//! undone after a failure.

use crate::ids::Id;
use crate::measure::{Category, Kind};
use crate::plan::{DatabasePlan, SpanStep, SpanningPlan, Step, Togetherness};
use crate::random::Key;
use crate::runtime::control::Due;
use crate::runtime::crowd::{FrameStart, Scope, ScopeKind, Stay, Upon, Wait};
use crate::runtime::fleet::Instance;
use crate::runtime::frame_id::FrameId;
use crate::runtime::stores::{PartDone, PartUndo, Spanning, Stage};
use crate::runtime::world::World;

/// Steps that run beside a frame which waits for them, and noted as coordination.
#[derive(Clone, Copy)]
pub(super) struct AsideStart {
    pub(super) entry: Id<Step>,
    pub(super) instance: Id<Instance>,
    pub(super) key: Key,
}

impl World<'_> {
    /// A step of a transaction over several databases.
    #[inline(never)]
    pub(in crate::runtime) fn spanning_step(
        &mut self,
        frame: FrameId,
        step: SpanStep,
    ) -> Option<FrameId> {
        match step {
            SpanStep::Begin { spanning, unwind } => self.span(frame, spanning, unwind),
            SpanStep::End => self.span_ends(frame),
            SpanStep::Enlist { call, site } => self.enlist(frame, call, site),
            SpanStep::EnlistedEnd => self.enlisted_ends(frame),
            SpanStep::Committed { database } => self.part_committed(frame, database),
            SpanStep::Done { undo, redraws } => {
                self.part_done(frame, Some(PartUndo { entry: undo, redraws }))
            }
            SpanStep::DoneForGood => self.part_done(frame, None),
            SpanStep::AskAll { round, .. } => self.ask_all(frame, round),
            SpanStep::Hop { message } => self.round_hop(frame, message),
            SpanStep::TakeUp { database } => self.take_up(frame, database),
            SpanStep::Vote => self.vote(frame),
            SpanStep::Learn => self.learn(frame),
            SpanStep::RollBack => self.roll_back(frame),
            SpanStep::Aside { entry } => self.step_aside(frame, entry),
            SpanStep::Decide { database } => self.decide(frame, database),
            SpanStep::Undo => self.undo(frame),
            SpanStep::TakeOn { unwind } => self.take_on(frame, unwind),
            SpanStep::Under { site } => self.under(frame, site),
            SpanStep::Undone => self.part_undone(frame),
            SpanStep::HandOn => self.hand_on(frame),
            SpanStep::Again { redraws } => self.answer_failure(frame, redraws),
            SpanStep::Fail => self.span_fails(frame),
        }
    }

    fn span(
        &mut self,
        frame: FrameId,
        plan: Id<SpanningPlan>,
        unwind: Id<Step>,
    ) -> Option<FrameId> {
        let owner = self.crowd.refer(frame);
        let now = self.events.now();
        let key = self.crowd.frames[frame].key;
        let spanning = self.stores.spannings.add(Spanning::new(plan, now, owner, unwind, key));
        if let Togetherness::Choreography { .. } = self.plan.program.spannings[plan].how {
            self.begin_saga(frame, spanning, unwind);
            return Some(frame);
        }
        let retries = self.plan.program.spannings[plan].retries;
        self.crowd.open_scope(frame, retries, ScopeKind::Spanning(spanning));
        if !self.plan.program.spannings[plan].is_part {
            let record = &mut self.stores.spanning_records[plan];
            record.begun += 1;
            record.present.enter(now);
        }
        Some(frame)
    }

    /// The innermost transaction over several databases that the frame itself began.
    fn own_spanning(&self, frame: FrameId) -> Option<Id<Spanning>> {
        let scope = self.crowd.scopes[self.crowd.frames[frame].scope?];
        match scope.kind {
            ScopeKind::Spanning(spanning) if scope.owner.place() == frame => Some(spanning),
            ScopeKind::Spanning(_)
            | ScopeKind::Transaction(_)
            | ScopeKind::Joined(_)
            | ScopeKind::Gathering(_)
            | ScopeKind::Part(_) => None,
        }
    }

    /// All parts have committed.
    fn span_ends(&mut self, frame: FrameId) -> Option<FrameId> {
        if let Some(spanning) = self.own_spanning(frame) {
            self.record_end(spanning, Kind::Ok);
            self.close_scope(frame);
        } else {
            self.part_ends(frame);
        }
        Some(frame)
    }

    /// It has failed, and undone what it can: another try after a deadlock that undid all, or the failure goes on.
    fn span_fails(&mut self, frame: FrameId) -> Option<FrameId> {
        let Some(id) = self.own_spanning(frame) else { return self.saga_fails(frame) };
        let spanning = &mut self.stores.spannings[id];
        let failure = spanning.failure;
        let place = &mut self.crowd.frames[frame];
        let scope = place.scope.map(|scope| &mut self.crowd.scopes[scope]);
        if let Some(scope) = scope
            && failure.may_mend()
            && scope.tries_left > 0
        {
            scope.tries_left -= 1;
            place.pc = scope.resume;
            let Spanning { plan, began, owner, unwind, key, .. } = *spanning;
            *spanning = Spanning::new(plan, began, owner, unwind, key);
            return Some(frame);
        }
        self.record_end(id, failure);
        self.close_scope(frame);
        self.crowd.frames[frame].failure = failure;
        self.fail(frame)
    }

    /// How a transaction has ended, unless it is part of another one.
    pub(super) fn record_end(&mut self, spanning: Id<Spanning>, failure: Kind) {
        let Spanning { plan, began, window, undone, ref done, ref parts, .. } =
            self.stores.spannings[spanning];
        let SpanningPlan { is_part, how, .. } = self.plan.program.spannings[plan];
        if is_part {
            return;
        }
        let now = self.events.now();
        let record = &mut self.stores.spanning_records[plan];
        record.present.leave(now);
        record.undone += undone;
        let is_left = how == Togetherness::Apart && (window.is_some() || !done.is_empty());
        if failure == Kind::Ok {
            record.committed += 1;
            record.over_sum += u128::from(now - began);
            for (database, times) in parts {
                record.parts[database.index()].add(began, times);
            }
        } else if is_left {
            record.half_done += 1;
            return;
        } else if undone > 0 {
            record.compensated += 1;
        } else {
            record.rolled_back += 1;
        }
        if let Some((first, last)) = window {
            record.window.record(last - first);
            record.window_sum += u128::from(last - first);
        }
    }

    /// A transaction is over because its frame was killed.
    pub(super) fn cut_off(&mut self, spanning: Id<Spanning>) {
        let plan = self.stores.spannings[spanning].plan;
        if !self.plan.program.spannings[plan].is_part {
            let record = &mut self.stores.spanning_records[plan];
            record.present.leave(self.events.now());
            record.cut_off += 1;
        }
    }

    /// A frame has failed within a transaction over several databases that it began: it goes on with what undoes it.
    pub(super) fn unwinds_spanning(&mut self, frame: FrameId, id: Id<Spanning>) {
        let place = &mut self.crowd.frames[frame];
        let failure = std::mem::replace(&mut place.failure, Kind::Ok);
        place.counter = 0;
        let spanning = &mut self.stores.spannings[id];
        place.pc = spanning.unwind;
        if spanning.stage == Stage::Going {
            (spanning.stage, spanning.failure) = (Stage::Failed, failure);
        } else {
            spanning.stage = Stage::Pauses;
            spanning.undo_failures += 1;
            let whole = self.whole_of(frame).map(|whole| self.stores.spannings[whole].plan);
            if let Some(whole) = whole {
                self.stores.spanning_records[whole].undo_failures += 1;
            }
        }
    }

    /// Undoes the last part that is done, or waits before another try; when nothing is left to undo the frame goes on.
    fn undo(&mut self, frame: FrameId) -> Option<FrameId> {
        let Some(id) = self.own_spanning(frame) else { return Some(frame) };
        let place = &mut self.crowd.frames[frame];
        let instance = place.instance;
        let spanning = &mut self.stores.spannings[id];
        debug_assert!(spanning.stage != Stage::Going, "it undoes only what has failed");
        if spanning.stage == Stage::Undoing {
            spanning.done.pop();
            spanning.undone += 1;
        }
        if spanning.stage == Stage::Pauses {
            spanning.stage = Stage::Failed;
            place.pc = place.pc.before();
            let plan = spanning.plan;
            self.pause(frame, plan);
            return None;
        }
        while let Some(PartDone { undo, key }) = spanning.done.last().copied() {
            if let Some(undo) = undo {
                spanning.stage = Stage::Undoing;
                place.pc = place.pc.before();
                let PartUndo { entry, redraws } = undo;
                let tries = spanning.undo_failures;
                let key = if redraws && tries > 0 { key.child(tries) } else { key };
                return self.aside(frame, &[AsideStart { entry, instance, key }]);
            }
            spanning.done.pop();
        }
        spanning.stage = Stage::Failed;
        Some(frame)
    }

    /// The frame waits before it tries again to undo a part.
    pub(super) fn pause(&mut self, frame: FrameId, of: Id<SpanningPlan>) {
        let how = self.plan.program.spannings[of].how;
        let pause = match how {
            Togetherness::Saga { retry_after } | Togetherness::Choreography { retry_after } => {
                retry_after
            }
            Togetherness::Apart | Togetherness::Local | Togetherness::TwoPhase => 0,
        };
        let now = self.events.now();
        let awaited = self.events.push(now.saturating_add(pause), Due::Frame(frame).target());
        let place = &mut self.crowd.frames[frame];
        place.park(now, Wait::Timer, Category::Backoff, u64::MAX);
        place.awaited = awaited;
    }

    /// Frames of their own for which the frame waits; all their time is coordination.
    pub(super) fn aside(&mut self, frame: FrameId, starts: &[AsideStart]) -> Option<FrameId> {
        if starts.is_empty() {
            return Some(frame);
        }
        let now = self.events.now();
        let upon = Upon::Fork(self.crowd.refer(frame));
        let place = &mut self.crowd.frames[frame];
        let endpoint = self.crowd.paths[place.path].endpoint;
        place.counter = starts.len() as u32;
        place.wait = Wait::Aside;
        let (call, scope, stay, is_far) = (None, None, Stay::None, false);
        for AsideStart { entry: pc, instance, key } in starts.iter().copied() {
            let path = self.crowd.paths.add_part(now, endpoint);
            let start = FrameStart { key, upon, path, instance, pc, call, scope, stay, is_far };
            let (branch, _) = self.crowd.start(start);
            self.start_later(branch, now);
            if self.crowd.overflowed() {
                break;
            }
        }
        None
    }

    fn step_aside(&mut self, frame: FrameId, entry: Id<Step>) -> Option<FrameId> {
        let place = &self.crowd.frames[frame];
        self.aside(frame, &[AsideStart { entry, instance: place.instance, key: place.key }])
    }

    /// A part has committed on a database.
    fn part_committed(&mut self, frame: FrameId, database: Id<DatabasePlan>) -> Option<FrameId> {
        let now = self.events.now();
        let session = self.own_session(frame, database);
        let session = session.map(|session| &self.stores.sessions[session]);
        let times = session.and_then(|session| Some((session.since, session.held?)));
        if let (Some(whole), Some((since, (from, to)))) = (self.whole_of(frame), times) {
            let held = to - from;
            let spanning = &mut self.stores.spannings[whole];
            spanning.commits(now);
            let part = spanning.part_on(database);
            part.begins.get_or_insert(since);
            part.locks.get_or_insert(from);
            part.commits = Some(now);
            let record = &mut self.stores.spanning_records[spanning.plan];
            let (times, sum) = &mut record.held[database.index()];
            times.record(held);
            *sum += u128::from(held);
        }
        Some(frame)
    }

    /// A part of the innermost transaction over several databases is done.
    fn part_done(&mut self, frame: FrameId, undo: Option<PartUndo>) -> Option<FrameId> {
        let key = self.crowd.frames[frame].key;
        if let Some(spanning) = self.innermost_spanning(frame) {
            self.stores.spannings[spanning].done.push(PartDone { undo, key });
        }
        Some(frame)
    }

    /// The innermost transaction over several databases that a frame of this process works in.
    fn innermost_spanning(&self, frame: FrameId) -> Option<Id<Spanning>> {
        self.spannings_around(self.crowd.frames[frame].scope).next()
    }

    /// The transaction over several databases that a frame works in, itself or through its callers, as a whole.
    pub(super) fn whole_of(&self, frame: FrameId) -> Option<Id<Spanning>> {
        let callers = std::iter::successors(Some(frame), |frame| self.crowd.above(*frame));
        let mut around =
            callers.flat_map(|frame| self.spannings_around(self.crowd.frames[frame].scope));
        around.find(|spanning| {
            let plan = self.stores.spannings[*spanning].plan;
            !self.plan.program.spannings[plan].is_part
        })
    }

    /// Those that scopes of this process belong to, from `scope` outward.
    fn spannings_around(
        &self,
        scope: Option<Id<Scope>>,
    ) -> impl Iterator<Item = Id<Spanning>> + '_ {
        let scopes = std::iter::successors(scope, |scope| self.crowd.scopes[*scope].outer);
        scopes.filter_map(|scope| match self.crowd.scopes[scope].kind {
            ScopeKind::Spanning(spanning) => Some(spanning),
            ScopeKind::Part(saga) => self.stores.spannings.find(saga?),
            ScopeKind::Transaction(_) | ScopeKind::Joined(_) | ScopeKind::Gathering(_) => None,
        })
    }
}
