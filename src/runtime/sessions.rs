//! Database sessions: a connection with its transaction, from `Begin` to `Release`.

use super::resources::pool::Acquired;
use super::world::{World, kind};
use crate::events::Target;
use crate::ids::Id;
use crate::measure::{Category, Kind};
use crate::plan::{DatabasePlan, InstancePlan, PoolPlan, Step};

/// An open session.
#[derive(Debug, Clone, Copy)]
pub(super) struct Session {
    pub(super) database: Id<DatabasePlan>,
    /// Pool its connection goes back to.
    pub(super) pool: Id<PoolPlan>,
    /// Frame that opened it and will end it.
    pub(super) owner: u32,
    /// Session that was open around it.
    outer: Option<Id<Session>>,
    /// Whether there is something to commit.
    pub(super) wrote: bool,
    /// How often a deadlock victim may still try again, and where it starts.
    retries: u32,
    first_step: Id<Step>,
    /// (ns) Since when it holds its connection.
    pub(super) since: u64,
}

/// The open sessions; freed places are used again.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    places: Vec<Session>,
    free: Vec<Id<Session>>,
}

impl Sessions {
    fn add(&mut self, session: Session) -> Id<Session> {
        if let Some(place) = self.free.pop() {
            self.places[place.index()] = session;
            place
        } else {
            self.places.push(session);
            Id::new(self.places.len() - 1)
        }
    }

    /// Every open session, in order. Costs a look at all places.
    pub(super) fn open(&self) -> impl Iterator<Item = &Session> {
        let mut open = vec![true; self.places.len()];
        self.free.iter().for_each(|place| open[place.index()] = false);
        self.places.iter().zip(open).filter(|(_, open)| *open).map(|(session, _)| session)
    }

    /// The innermost open session on `database`, from `session` outward.
    pub(super) fn on(
        &self,
        mut session: Option<Id<Session>>,
        database: Id<DatabasePlan>,
    ) -> Option<Id<Session>> {
        while let Some(open) = session {
            let place = &self[open];
            if place.database == database {
                break;
            }
            session = place.outer;
        }
        session
    }
}

impl std::ops::Index<Id<Session>> for Sessions {
    type Output = Session;
    fn index(&self, session: Id<Session>) -> &Session {
        &self.places[session.index()]
    }
}

impl std::ops::IndexMut<Id<Session>> for Sessions {
    fn index_mut(&mut self, session: Id<Session>) -> &mut Session {
        &mut self.places[session.index()]
    }
}

/// What became of the sessions of a failed frame.
pub(super) enum Ended {
    /// They are gone, and what they wrote with them.
    RolledBack,
    /// A deadlock victim starts its transaction again.
    TriesAgain,
}

impl World<'_> {
    #[inline(never)]
    pub(super) fn begin(
        &mut self,
        frame: u32,
        database: Id<DatabasePlan>,
        retries: u32,
    ) -> Option<u32> {
        let place = &self.frames[frame];
        if self.sessions.on(place.session, database).is_some() {
            return Some(frame); // part of the transaction that is open
        }
        let pool = self.pool_of(place.instance, database);
        let record = &mut self.databases[database].record;
        record.acquires += 1;
        if self.pools[pool].acquire(frame) == Acquired::Granted {
            self.open(frame, database, pool, retries);
            return Some(frame);
        }
        record.pool_queue.enter(self.events.now());
        self.park(frame, Category::PoolWait, u64::MAX);
        if let Some(timeout) = self.plan.pools[pool].timeout {
            let time = self.events.now().saturating_add(timeout);
            let target = Target::new(kind::POOL_TIMEOUT, frame);
            self.frames[frame].awaited = self.schedule(self.pool_lanes[pool], time, target);
        }
        None
    }

    /// The pool in which an instance keeps its connections to a database.
    fn pool_of(&self, instance: Id<InstancePlan>, database: Id<DatabasePlan>) -> Id<PoolPlan> {
        let Some(pool) = self.plan.instances[instance].pools[database] else {
            unreachable!("a service that opens sessions has connections")
        };
        pool
    }

    fn open(&mut self, frame: u32, database: Id<DatabasePlan>, pool: Id<PoolPlan>, retries: u32) {
        let place = &self.frames[frame];
        let (outer, first_step) = (place.session, place.pc);
        let now = self.events.now();
        self.frames[frame].session = Some(self.sessions.add(Session {
            database,
            pool,
            owner: frame,
            outer,
            wrote: false,
            retries,
            first_step,
            since: now,
        }));
        self.databases[database].record.connections.enter(now);
    }

    #[inline(never)]
    pub(super) fn connection_timeout(&mut self, frame: u32) {
        let Step::Begin { database, .. } = self.step_before(frame) else {
            unreachable!("only a step that begins a session waits for a connection")
        };
        let instance = self.frames[frame].instance;
        let pool = self.pool_of(instance, database);
        self.pools[pool].cancel(frame);
        let now = self.events.now();
        let record = &mut self.databases[database].record;
        record.pool_queue.leave(now);
        record.pool_wait_sum += u128::from(now - self.frames[frame].since);
        self.frames[frame].failure = Kind::Timeout as u8;
        self.resume(frame);
    }

    /// The session of this frame on the database, if the frame itself opened it.
    pub(super) fn own_session(
        &self,
        frame: u32,
        database: Id<DatabasePlan>,
    ) -> Option<Id<Session>> {
        let session = self.sessions.on(self.frames[frame].session, database)?;
        (self.sessions[session].owner == frame).then_some(session)
    }

    #[inline(never)]
    pub(super) fn release(&mut self, frame: u32, database: Id<DatabasePlan>) -> Option<u32> {
        if let Some(session) = self.own_session(frame, database) {
            self.close_session(frame, session);
        }
        Some(frame)
    }

    /// Gives the connection back; it goes to the next in line.
    fn close_session(&mut self, frame: u32, session: Id<Session>) {
        let now = self.events.now();
        let Session { database, pool, outer, since, .. } = self.sessions[session];
        self.frames[frame].session = outer;
        self.sessions.free.push(session);
        let record = &mut self.databases[database].record;
        record.connections.leave(now);
        record.held_sum += u128::from(now - since);
        if let Some(next) = self.pools[pool].release() {
            record.pool_queue.leave(now);
            record.pool_wait_sum += u128::from(now - self.frames[next].since);
            let Step::Begin { retries, .. } = self.step_before(next) else {
                unreachable!("only a step that begins a session waits for a connection")
            };
            self.open(next, database, pool, retries);
            self.ready.push(next);
        }
    }

    /// Rolls back every session that this failed frame opened.
    pub(super) fn end_sessions(&mut self, frame: u32) -> Ended {
        loop {
            let session = self.frames[frame].session;
            let Some(session) = session.filter(|own| self.sessions[*own].owner == frame) else {
                return Ended::RolledBack;
            };
            self.unlock(session);
            let deadlock = self.frames[frame].failure == Kind::Deadlock as u8;
            let place = &mut self.sessions[session];
            place.wrote = false;
            if deadlock && place.retries > 0 {
                place.retries -= 1;
                let first_step = place.first_step;
                let frame = &mut self.frames[frame];
                frame.failure = 0;
                frame.counter = 0;
                frame.pc = first_step;
                return Ended::TriesAgain;
            }
            self.close_session(frame, session);
        }
    }
}
