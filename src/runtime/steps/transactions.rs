//! Sessions and their transactions: a connection taken, rows committed or rolled back, the connection given
//! back. A transaction is a scope of the frame that began it.

use super::two_phase::Belongs;
use crate::ids::Id;
use crate::measure::{Category, Kind};
use crate::plan::{DatabasePlan, Step};
use crate::runtime::control::Due;
use crate::runtime::crowd::{Scope, ScopeKind, Wait};
use crate::runtime::fleet::{Connections, Instance};
use crate::runtime::frame_id::FrameId;
use crate::runtime::resources::pool::Acquired;
use crate::runtime::stores::Session;
use crate::runtime::world::World;

impl World<'_> {
    #[inline(never)]
    pub(in crate::runtime) fn begin(
        &mut self,
        frame: FrameId,
        database: Id<DatabasePlan>,
        retries: u32,
    ) -> Option<FrameId> {
        let place = &self.crowd.frames[frame];
        if place.scope.is_some() {
            if self.session_on(place.scope, database).is_some() {
                return Some(frame); // part of the transaction that is open
            }
            if self.belongs(place.scope) == Belongs::ToNothing {
                return self.business_failure(frame);
            }
        }
        let id = self.connections_of(place.instance, database);
        let record = &mut self.stores.databases[database].record;
        record.acquires += 1;
        let connections = &mut self.fleet.connections[id];
        if connections.places.acquire(frame) == Acquired::Granted {
            self.open(frame, id, retries);
            return Some(frame);
        }
        let now = self.events.now();
        record.pool_queue.enter(now);
        let timeout = connections.timeout;
        self.crowd.frames[frame].park(now, Wait::Connection(id), Category::PoolWait, u64::MAX);
        if let Some((timeout, lane)) = timeout {
            let end = now.saturating_add(timeout);
            let awaited = self.schedule(Some(lane), end, Due::Connection(frame));
            self.crowd.frames[frame].awaited = awaited;
        }
        None
    }

    /// The connections that an instance has to a database.
    fn connections_of(
        &self,
        instance: Id<Instance>,
        database: Id<DatabasePlan>,
    ) -> Id<Connections> {
        let Some(connections) = self.fleet.instances[instance].connections[database] else {
            unreachable!("a service that opens sessions has connections")
        };
        connections
    }

    /// The frame has a connection: its session begins, and a scope that unwinds with it.
    fn open(&mut self, frame: FrameId, connections: Id<Connections>, retries: u32) {
        let now = self.events.now();
        let Connections { of, database, .. } = self.fleet.connections[connections];
        self.fleet.pools[of].enter(now);
        let session = self.stores.sessions.add(Session {
            database,
            connections,
            owner: frame,
            wrote: false,
            since: now,
            wrote_at: None,
            held: None,
            is_ending: false,
            prepared_at: 0,
        });
        self.stores.databases[database].record.connections.enter(now);
        if self.crowd.frames[frame].scope.is_some() {
            match self.belongs(self.crowd.frames[frame].scope) {
                Belongs::ToFrame => {}
                Belongs::To(spanning) => return self.enlist_session(spanning, frame, session),
                Belongs::ToNothing => self.crowd.frames[frame].failure = Kind::Failed,
            }
        }
        self.crowd.open_scope(frame, retries, ScopeKind::Transaction(session));
    }

    #[inline(never)]
    pub(in crate::runtime) fn connection_timeout(&mut self, frame: FrameId) {
        let Wait::Connection(connections) = self.crowd.frames[frame].wait else {
            unreachable!("the event of a wait for a connection")
        };
        self.fleet.connections[connections].places.cancel(frame);
        self.note_connection_wait(frame, connections);
        self.crowd.frames[frame].failure = Kind::Timeout;
        self.resume(frame);
    }

    /// A wait for a connection is over.
    pub(super) fn note_connection_wait(&mut self, frame: FrameId, connections: Id<Connections>) {
        let now = self.events.now();
        let database = self.fleet.connections[connections].database;
        let record = &mut self.stores.databases[database].record;
        record.pool_queue.leave(now);
        record.pool_wait_sum += u128::from(now - self.crowd.frames[frame].since);
    }

    /// The innermost open session on `database`, from `scope` outward. Mostly it is that of the innermost scope.
    #[inline(always)]
    pub(super) fn session_on(
        &self,
        scope: Option<Id<Scope>>,
        database: Id<DatabasePlan>,
    ) -> Option<Id<Session>> {
        if let ScopeKind::Transaction(session) = self.crowd.scopes[scope?].kind
            && self.stores.sessions[session].database == database
        {
            return Some(session);
        }
        self.session_further_out(scope, database)
    }

    #[cold]
    #[inline(never)]
    fn session_further_out(
        &self,
        scope: Option<Id<Scope>>,
        database: Id<DatabasePlan>,
    ) -> Option<Id<Session>> {
        let mut scopes = std::iter::successors(scope, |scope| self.crowd.scopes[*scope].outer);
        scopes.find_map(|scope| match self.crowd.scopes[scope].kind {
            ScopeKind::Transaction(session) => {
                Some(session).filter(|it| self.stores.sessions[*it].database == database)
            }
            ScopeKind::Spanning(spanning) => self.enlisted_on(spanning, database),
            ScopeKind::Joined(whole) => {
                self.enlisted_on(self.stores.spannings.find(whole)?, database)
            }
            ScopeKind::Part(_) | ScopeKind::Gathering(_) => None,
        })
    }

    /// The innermost open session of all, from `scope` outward.
    pub(super) fn transaction_around(&self, scope: Id<Scope>) -> Option<Id<Session>> {
        let mut scopes = std::iter::successors(Some(scope), |it| self.crowd.scopes[*it].outer);
        scopes.find_map(|scope| match self.crowd.scopes[scope].kind {
            ScopeKind::Transaction(session) => Some(session),
            ScopeKind::Spanning(_)
            | ScopeKind::Joined(_)
            | ScopeKind::Part(_)
            | ScopeKind::Gathering(_) => None,
        })
    }

    /// The session of this frame on the database, if the frame itself opened it and is to end it: one of a two-phase
    /// commit ends in rounds.
    pub(super) fn own_session(
        &self,
        frame: FrameId,
        database: Id<DatabasePlan>,
    ) -> Option<Id<Session>> {
        let scope = self.crowd.frames[frame].scope;
        let session = self.session_on(scope, database)?;
        let mut scopes = std::iter::successors(scope, |it| self.crowd.scopes[*it].outer);
        let is_own = self.stores.sessions[session].owner == frame
            && scopes.any(|it| {
                matches!(self.crowd.scopes[it].kind, ScopeKind::Transaction(own) if own == session)
            });
        is_own.then_some(session)
    }

    #[inline(never)]
    pub(in crate::runtime) fn release(
        &mut self,
        frame: FrameId,
        database: Id<DatabasePlan>,
    ) -> Option<FrameId> {
        if self.own_session(frame, database).is_some() {
            self.close_scope(frame);
        }
        Some(frame)
    }

    /// Ends the innermost scope of a frame that opened it.
    pub(super) fn close_scope(&mut self, frame: FrameId) {
        let Some(scope) = self.crowd.frames[frame].scope else {
            return;
        };
        let Scope { outer, kind, .. } = self.crowd.scopes[scope];
        self.crowd.scopes.remove(scope);
        self.crowd.frames[frame].scope = outer;
        match kind {
            ScopeKind::Transaction(session) => self.close_session(session),
            ScopeKind::Spanning(spanning) => {
                self.end_enlisted(spanning);
                self.stores.spannings.remove(spanning);
            }
            ScopeKind::Gathering(gathering) => self.gathering_ends(frame, gathering),
            ScopeKind::Joined(_) | ScopeKind::Part(_) => {}
        }
    }

    /// Ends a session: its connection goes to the next in line.
    pub(super) fn close_session(&mut self, session: Id<Session>) {
        let now = self.events.now();
        let Session { database, connections, since, .. } = self.stores.sessions[session];
        self.events_roll_back(session);
        self.stores.sessions.remove(session);
        if !self.stores.followed.trails.are_none() {
            self.stores.followed.trails.forget(session);
        }
        let record = &mut self.stores.databases[database].record;
        record.connections.leave(now);
        record.held_sum += u128::from(now - since);
        self.fleet.pools[self.fleet.connections[connections].of].leave(now);
        if let Some(next) = self.fleet.connections[connections].places.release() {
            self.note_connection_wait(next, connections);
            let Step::Begin { retries, .. } = self.step_before(next) else {
                unreachable!("only a step that begins a session waits for a connection")
            };
            self.open(next, connections, retries);
            self.crowd.frames[next].wait = Wait::Nothing;
            self.crowd.free(next);
        }
    }

    /// Ends at once all that a frame has open.
    pub(super) fn unwind(&mut self, frame: FrameId) {
        while let Some(kind) = self.innermost_own(frame) {
            match kind {
                ScopeKind::Transaction(session) => self.roll_back_session(session),
                ScopeKind::Spanning(spanning) => self.cut_off(spanning),
                ScopeKind::Part(saga) => self.saga_is_cut_off(saga),
                ScopeKind::Joined(_) | ScopeKind::Gathering(_) => {}
            }
            self.close_scope(frame);
        }
    }

    /// Undoes all that a failed frame has open, up to a scope in which the frame goes on: the victim of a deadlock may
    /// start its transaction again, and one over several databases undoes what has committed.
    #[inline(always)]
    pub(super) fn unwinds_to_another_try(&mut self, frame: FrameId) -> bool {
        while let Some(kind) = self.innermost_own(frame) {
            match kind {
                ScopeKind::Transaction(session) => {
                    self.roll_back_session(session);
                    if self.tries_again(frame) {
                        return true;
                    }
                }
                ScopeKind::Spanning(spanning) => {
                    self.unwinds_spanning(frame, spanning);
                    return true;
                }
                ScopeKind::Part(saga) => {
                    if self.unwinds_part(frame, saga) {
                        return true;
                    }
                }
                ScopeKind::Joined(_) | ScopeKind::Gathering(_) => {}
            }
            self.close_scope(frame);
        }
        false
    }

    /// What the innermost scope of a frame holds, if the frame itself opened it.
    fn innermost_own(&self, frame: FrameId) -> Option<ScopeKind> {
        let scope = self.crowd.scopes[self.crowd.frames[frame].scope?];
        (scope.owner.place() == frame).then_some(scope.kind)
    }

    /// Undoes what a session has written. It stays open.
    pub(super) fn roll_back_session(&mut self, session: Id<Session>) {
        if !self.stores.followed.trails.are_none() {
            self.stores.followed.trails.forget(session);
        }
        self.unlock(session);
        let open = &mut self.stores.sessions[session];
        (open.wrote, open.held) = (false, None);
        self.events_roll_back(session);
    }

    /// Whether a failed frame goes on where its innermost scope begins.
    fn tries_again(&mut self, frame: FrameId) -> bool {
        let place = &mut self.crowd.frames[frame];
        let Some(scope) = place.scope.map(|scope| &mut self.crowd.scopes[scope]) else {
            return false;
        };
        let again = place.failure.may_mend() && scope.tries_left > 0;
        if again {
            scope.tries_left -= 1;
            place.failure = Kind::Ok;
            place.counter = 0;
            place.pc = scope.resume;
        }
        again
    }
}
