//! Two-phase commit: callees that take part, the rounds in which databases vote and commit, the decision.

use super::calls::Caller;
use super::spanning::AsideStart;
use crate::ids::{Id, Ref};
use crate::measure::Kind;
use crate::plan::{CallSite, CommitRound, DatabasePlan, Message, Togetherness};
use crate::runtime::crowd::{Scope, ScopeKind, Started, Wait};
use crate::runtime::frame_id::FrameId;
use crate::runtime::stores::{Enlisted, Session, Spanning};
use crate::runtime::world::World;

/// What a new session belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Belongs {
    /// The frame that opens it.
    ToFrame,
    /// A two-phase commit.
    To(Id<Spanning>),
    /// One that is over.
    ToNothing,
}

impl World<'_> {
    /// A call whose callee takes part in the two-phase commit that its caller works in.
    pub(super) fn enlist(
        &mut self,
        frame: FrameId,
        call: Id<CallSite>,
        site: u32,
    ) -> Option<FrameId> {
        let belongs = self.belongs(self.crowd.frames[frame].scope);
        if belongs == Belongs::ToNothing {
            return self.business_failure(frame);
        }
        let mut place = self.crowd.frames.occupied(frame);
        // It knows whom it waits for before that is there.
        place.wait = Wait::Below(place.next_place());
        let caller = Caller::of(&place);
        let next = self.rpc(caller, call, site);
        let callee = match self.crowd.frames[frame].wait.started() {
            Started::One(callee) => Some(callee),
            Started::Attempt(attempt) => {
                self.crowd.frames.find(self.crowd.attempts[attempt].callee)
            }
            Started::Branches | Started::None => None,
        };
        if let (Some(callee), Belongs::To(spanning)) = (callee, belongs) {
            let whole = self.stores.spannings.refer(spanning);
            self.crowd.open_scope(callee, 0, ScopeKind::Joined(whole));
        }
        next
    }

    /// What a session belongs to that is opened within a scope.
    pub(super) fn belongs(&self, scope: Option<Id<Scope>>) -> Belongs {
        let scopes = std::iter::successors(scope, |scope| self.crowd.scopes[*scope].outer);
        for scope in scopes {
            match self.crowd.scopes[scope].kind {
                ScopeKind::Transaction(_) | ScopeKind::Gathering(_) => {}
                ScopeKind::Part(_) => return Belongs::ToFrame,
                ScopeKind::Spanning(spanning) => {
                    let plan = self.stores.spannings[spanning].plan;
                    return match self.plan.program.spannings[plan].how {
                        Togetherness::TwoPhase => Belongs::To(spanning),
                        Togetherness::Apart
                        | Togetherness::Local
                        | Togetherness::Saga { .. }
                        | Togetherness::Choreography { .. } => Belongs::ToFrame,
                    };
                }
                ScopeKind::Joined(whole) => {
                    let whole = self.stores.spannings.find(whole);
                    return whole.map_or(Belongs::ToNothing, Belongs::To);
                }
            }
        }
        Belongs::ToFrame
    }

    /// The session of a two-phase commit on a database, if one is open.
    pub(super) fn enlisted_on(
        &self,
        spanning: Id<Spanning>,
        database: Id<DatabasePlan>,
    ) -> Option<Id<Session>> {
        let enlisted = self.stores.spannings[spanning].enlisted.iter();
        let mut open = enlisted.filter_map(|it| self.stores.sessions.find(it.session));
        open.find(|session| self.stores.sessions[*session].database == database)
    }

    /// A session stays open until all have voted.
    pub(super) fn enlist_session(
        &mut self,
        spanning: Id<Spanning>,
        frame: FrameId,
        id: Id<Session>,
    ) {
        let session: Ref<Session> = self.stores.sessions.refer(id);
        let instance = self.crowd.frames[frame].instance;
        let spanning = &mut self.stores.spannings[spanning];
        spanning.enlisted.push(Enlisted { session, instance });
        self.stores.sessions[id].owner = spanning.owner.place();
    }

    /// A callee has done its share.
    pub(super) fn enlisted_ends(&mut self, frame: FrameId) -> Option<FrameId> {
        let scope = self.crowd.frames[frame].scope.map(|scope| self.crowd.scopes[scope]);
        if let Some(Scope { owner, kind: ScopeKind::Joined(_), .. }) = scope
            && owner.place() == frame
        {
            self.close_scope(frame);
        }
        Some(frame)
    }

    /// Asks every database of the transaction, each by who has opened its session.
    pub(super) fn ask_all(&mut self, frame: FrameId, round: CommitRound) -> Option<FrameId> {
        let place = &self.crowd.frames[frame];
        let Belongs::To(spanning) = self.belongs(place.scope) else {
            return Some(frame);
        };
        let key = place.key;
        let enlisted = self.stores.spannings[spanning].enlisted.iter();
        let open = enlisted.filter_map(|it| Some((self.stores.sessions.find(it.session)?, it)));
        let starts: Vec<AsideStart> = open
            .filter_map(|(session, enlisted)| {
                let database = self.stores.sessions[session].database;
                let mut rounds = self.plan.program.rounds.iter();
                let asked = rounds.find(|asked| asked.database == database)?;
                Some(AsideStart { entry: asked.entry(round), instance: enlisted.instance, key })
            })
            .collect();
        self.aside(frame, &starts)
    }

    /// A message between the coordinator and the instance that has the session.
    pub(super) fn round_hop(&mut self, frame: FrameId, message: Id<Message>) -> Option<FrameId> {
        let Some(coordinator) = self.crowd.above(frame) else { return Some(frame) };
        let from = self.crowd.frames[coordinator].instance;
        let to = self.crowd.frames[frame].instance;
        if from == to {
            return Some(frame);
        }
        self.send_between(frame, message, (from, to));
        None
    }

    /// Takes up the session of the transaction on a database.
    pub(super) fn take_up(
        &mut self,
        frame: FrameId,
        database: Id<DatabasePlan>,
    ) -> Option<FrameId> {
        let coordinator = self.crowd.above(frame);
        let scope = coordinator.and_then(|it| self.crowd.frames[it].scope);
        let Belongs::To(spanning) = self.belongs(scope) else {
            return self.business_failure(frame);
        };
        let Some(session) = self.enlisted_on(spanning, database) else {
            return self.business_failure(frame);
        };
        self.fail_waiting(session);
        let open = &mut self.stores.sessions[session];
        (open.owner, open.is_ending) = (frame, true);
        let owner = self.crowd.refer(frame);
        let place = &mut self.crowd.frames[frame];
        place.scope = Some(self.crowd.scopes.add(Scope {
            owner,
            outer: None,
            resume: place.pc,
            tries_left: 0,
            kind: ScopeKind::Transaction(session),
        }));
        Some(frame)
    }

    /// The database has promised to commit, and is in doubt from now on; one that has only read leaves.
    pub(super) fn vote(&mut self, frame: FrameId) -> Option<FrameId> {
        let Some(session) = self.session_of_round(frame) else { return Some(frame) };
        let Session { wrote, .. } = self.stores.sessions[session];
        if !wrote {
            self.unlock(session);
            self.close_scope(frame);
            return Some(frame);
        }
        let now = self.events.now();
        let coordinator = self.crowd.above(frame);
        let scope = coordinator.and_then(|it| self.crowd.frames[it].scope);
        if let Belongs::To(spanning) = self.belongs(scope) {
            let session = &mut self.stores.sessions[session];
            let spanning = &mut self.stores.spannings[spanning];
            session.prepared_at = now;
            session.owner = spanning.owner.place();
            spanning.part_on(session.database).votes = Some(now);
        }
        if let Some(scope) = self.crowd.frames[frame].scope.take() {
            self.crowd.scopes.remove(scope);
        }
        Some(frame)
    }

    /// The database learns that all have promised: it is in doubt no more.
    pub(super) fn learn(&mut self, frame: FrameId) -> Option<FrameId> {
        let whole = self.whole_of(frame);
        if let (Some(session), Some(whole)) = (self.session_of_round(frame), whole) {
            let now = self.events.now();
            let Session { database, prepared_at, .. } = self.stores.sessions[session];
            let doubt = now - prepared_at;
            let spanning = &mut self.stores.spannings[whole];
            spanning.part_on(database).learns = Some(now);
            let record = &mut self.stores.spanning_records[spanning.plan];
            record.doubt.record(doubt);
            record.doubt_sum += u128::from(doubt);
        }
        Some(frame)
    }

    /// The database forgets what was written.
    pub(super) fn roll_back(&mut self, frame: FrameId) -> Option<FrameId> {
        if let Some(session) = self.session_of_round(frame) {
            self.roll_back_session(session);
        }
        Some(frame)
    }

    fn session_of_round(&self, frame: FrameId) -> Option<Id<Session>> {
        match self.crowd.scopes[self.crowd.frames[frame].scope?].kind {
            ScopeKind::Transaction(session) => Some(session),
            ScopeKind::Spanning(_)
            | ScopeKind::Joined(_)
            | ScopeKind::Part(_)
            | ScopeKind::Gathering(_) => None,
        }
    }

    /// A transaction is over before its time: what its sessions wait for and hold is given back, and whoever still
    /// works for it fails.
    pub(super) fn end_enlisted(&mut self, spanning: Id<Spanning>) {
        for Enlisted { session, .. } in
            std::mem::take(&mut self.stores.spannings[spanning].enlisted)
        {
            let Some(session) = self.stores.sessions.find(session) else { continue };
            self.fail_waiting(session);
            self.unlock(session);
            self.close_session(session);
        }
    }

    /// Whoever still waits for a row for a transaction that comes to its end has lost its caller, and fails.
    fn fail_waiting(&mut self, session: Id<Session>) {
        let database = self.stores.sessions[session].database;
        let locks = &mut self.stores.databases[database].locks;
        let Some(frame) = locks.cancel(session.number()) else { return };
        self.note_lock_wait(frame);
        let place = &mut self.crowd.frames[frame];
        (place.counter, place.awaited) = (0, 0);
        place.failure = Kind::Failed;
        self.crowd.free(frame);
    }
}
