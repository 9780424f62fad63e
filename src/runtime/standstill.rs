//! Deadlocks across resources: requests that hold threads, connections and rows and wait, in what they called,
//! for something that only they can give back. Looked for once, at the end of a replication; costs nothing in
//! between.
//!
//! Reduction of the graph of who holds and who waits (Holt 1972): whoever can go on gives back what it holds;
//! what is left never can. Waits for CPUs and third parties end, and so do those that a timeout, an end to
//! patience or the database's own search for deadlocks breaks.

use super::frames::Role;
use super::resources::pool::Pool;
use super::sessions::Session;
use super::world::World;
use crate::ids::{Id, Table};
use crate::measure::{Deadlock, Held};
use crate::plan::{CallSite, DatabasePlan, InstancePlan, PoolPlan};

/// Something that frames wait for and leave in no other way than with it.
struct Line {
    what: What,
    waiting: Vec<u32>,
}

enum What {
    /// Threads of an instance.
    Threads(Id<InstancePlan>),
    /// Connections of a pool.
    Pool(Id<PoolPlan>),
    /// A row of a database that a session holds.
    Row { database: Id<DatabasePlan>, holder: Id<Session> },
}

impl World<'_> {
    /// What no request will ever give back, if there is anything.
    pub(super) fn deadlock(&self) -> Option<Deadlock> {
        let mut stuck = self.lines();
        loop {
            let before = stuck.len();
            let waits = self.frames_that_wait(&stuck);
            let holders = self.holders(&waits);
            stuck.retain(|line| match line.what {
                What::Threads(instance) => self
                    .threads(instance)
                    .is_some_and(|it| it.in_use() == holders.threads[instance]),
                What::Pool(pool) => self.pools[pool].in_use() == holders.connections[pool],
                What::Row { holder, .. } => waits[self.sessions[holder].owner as usize],
            });
            if stuck.len() == before {
                break;
            }
        }
        // Requests from outside wait in the same lines as the calls that close the ring: the longest way
        // tells most, the first of them.
        let waiting = stuck.iter().flat_map(|line| &line.waiting);
        let mut ways = waiting.map(|frame| self.way_to(*frame));
        let first = ways.next()?;
        let path =
            ways.fold(first, |longest, way| if way.len() > longest.len() { way } else { longest });
        let mut held: Vec<Held> = stuck.iter().map(|line| self.held(&line.what)).collect();
        held.sort_unstable();
        held.dedup();
        Some(Deadlock { held, path })
    }

    fn threads(&self, instance: Id<InstancePlan>) -> Option<&Pool> {
        self.instances[instance].threads.as_ref()
    }

    /// Everything that is waited for without an end.
    fn lines(&self) -> Vec<Line> {
        let patient = |instance: &Id<InstancePlan>| {
            let service = self.instances[*instance].service;
            self.plan.services[service].patience.is_none()
        };
        let threads = self.plan.instances.ids().filter(patient).filter_map(|instance| {
            let waiting = self.threads(instance)?.waiting().collect();
            Some(Line { what: What::Threads(instance), waiting })
        });
        let endless = |pool: &Id<PoolPlan>| self.plan.pools[*pool].timeout.is_none();
        let pools = self.plan.pools.ids().filter(endless).map(|pool| Line {
            what: What::Pool(pool),
            waiting: self.pools[pool].waiting().collect(),
        });
        let rows = self.plan.databases.ids().zip(&self.databases).flat_map(|(database, state)| {
            let locks = &state.locks;
            // A cycle of row locks is broken by the database.
            let waits = locks.waits().filter(|(session, ..)| locks.in_cycle(*session).is_none());
            waits.map(move |(_, frame, holder)| {
                let what = What::Row { database, holder: Id::new(holder as usize) };
                Line { what, waiting: vec![frame] }
            })
        });
        let mut lines: Vec<Line> = threads.chain(pools).chain(rows).collect();
        lines.retain(|line| !line.waiting.is_empty());
        lines
    }

    /// Whether each frame waits in one of the lines, itself or in what it called.
    fn frames_that_wait(&self, lines: &[Line]) -> Vec<bool> {
        let frames = self.frames.places();
        let mut waits = vec![false; frames.len()];
        for frame in lines.iter().flat_map(|line| &line.waiting) {
            let mut frame = *frame;
            while !std::mem::replace(&mut waits[frame as usize], true) {
                match frames[frame as usize].role {
                    Role::Request | Role::Detached => break,
                    _ => frame = frames[frame as usize].parent,
                }
            }
        }
        waits
    }

    /// How many threads of each instance and connections of each pool are held by frames that wait.
    fn holders(&self, waits: &[bool]) -> Holders {
        let mut holders = Holders {
            threads: Table::filled(0, &self.plan.instances),
            connections: Table::filled(0, &self.plan.pools),
        };
        for (frame, waits) in self.frames.places().iter().zip(waits) {
            if *waits && frame.served {
                holders.threads[frame.instance] += 1;
            }
        }
        for session in self.sessions.open() {
            if waits[session.owner as usize] {
                holders.connections[session.pool] += 1;
            }
        }
        holders
    }

    fn held(&self, what: &What) -> Held {
        match *what {
            What::Threads(instance) => Held::Threads(self.instances[instance].service),
            What::Pool(pool) => Held::Connections(self.plan.pools[pool].database),
            What::Row { database, .. } => Held::Rows(database),
        }
    }

    /// The call sites that led to a frame, the outermost first.
    fn way_to(&self, mut frame: u32) -> Vec<Id<CallSite>> {
        let mut path = Vec::new();
        loop {
            let place = &self.frames[frame];
            match place.role {
                Role::Request | Role::Detached => {
                    path.extend(place.call.filter(|_| place.role == Role::Request));
                    path.reverse();
                    return path;
                }
                Role::Remote | Role::RemoteBranch => path.extend(place.call),
                Role::Local | Role::Branch | Role::Turn => {}
            }
            frame = place.parent;
        }
    }
}

struct Holders {
    threads: Table<u32, InstancePlan>,
    connections: Table<u32, PoolPlan>,
}
