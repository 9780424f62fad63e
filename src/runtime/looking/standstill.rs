//! Deadlocks across resources: requests that hold threads, connections and rows and wait, in what they called,
//! for something that only they can give back. Looked for once, at the end of a replication; costs nothing in
//! between.
//!
//! Reduction of the graph of who holds and who waits (Holt 1972): those that can go on give back what they hold;
//! those that are left never can. Waits for CPUs and third parties end, and so do those that a timeout, an end to
//! patience or the database's own search for deadlocks breaks.

use crate::ids::{Id, Table};
use crate::measure::{Deadlock, Held};
use crate::plan::{CallSite, DatabasePlan};
use crate::runtime::crowd::Stay;
use crate::runtime::fleet::{Connections, Instance};
use crate::runtime::frame_id::{FrameId, FrameKind};
use crate::runtime::resources::pool::Pool;
use crate::runtime::stores::Session;
use crate::runtime::world::World;

/// Something that frames wait for and leave in no other way than with it.
struct Line {
    what: Scarce,
    waiting: Vec<FrameId>,
}

/// Something of which there may be too little.
enum Scarce {
    /// Threads of an instance.
    Threads(Id<Instance>),
    /// Connections of an instance to a database.
    Connections(Id<Connections>),
    /// A row of a database that a session holds.
    Row { database: Id<DatabasePlan>, holder: Id<Session> },
}

impl World<'_> {
    /// What no request will ever give back, if there is anything.
    pub(in crate::runtime) fn deadlock(&self) -> Option<Deadlock> {
        let mut stuck = self.lines();
        loop {
            let before = stuck.len();
            let waits = self.frames_that_wait(&stuck);
            let holders = self.holders(&waits);
            stuck.retain(|line| match line.what {
                Scarce::Threads(instance) => self
                    .threads(instance)
                    .is_some_and(|it| it.in_use() == holders.threads[instance]),
                Scarce::Connections(id) => {
                    self.fleet.connections[id].places.in_use() == holders.connections[id]
                }
                Scarce::Row { holder, .. } => waits[self.stores.sessions[holder].owner],
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

    fn threads(&self, instance: Id<Instance>) -> Option<&Pool<FrameId>> {
        self.fleet.instances[instance].threads.as_ref()
    }

    /// Everything that is waited for without an end.
    fn lines(&self) -> Vec<Line> {
        let instances = self.fleet.instances.entries();
        let patient = instances
            .filter(|(_, instance)| self.plan.site.services[instance.service].patience.is_none());
        let threads = patient.filter_map(|(id, instance)| {
            let waiting = instance.threads.as_ref()?.waiting().collect();
            Some(Line { what: Scarce::Threads(id), waiting })
        });
        let connections = self.fleet.connections.entries();
        let endless = connections.filter(|(_, connections)| connections.timeout.is_none());
        let connections = endless.map(|(id, connections)| Line {
            what: Scarce::Connections(id),
            waiting: connections.places.waiting().collect(),
        });
        let rows = self.stores.databases.entries().flat_map(|(database, state)| {
            let locks = &state.locks;
            // A cycle of row locks is broken by the database.
            let waits = locks.waits().filter(|(session, ..)| locks.in_cycle(*session).is_none());
            waits.map(move |(_, frame, holder)| {
                let what = Scarce::Row { database, holder: Id::new(holder as usize) };
                Line { what, waiting: vec![frame] }
            })
        });
        let mut lines: Vec<Line> = threads.chain(connections).chain(rows).collect();
        lines.retain(|line| !line.waiting.is_empty());
        lines
    }

    /// Whether each frame waits in one of the lines, itself or in what it called.
    fn frames_that_wait(&self, lines: &[Line]) -> Table<bool, FrameKind> {
        let places = 0..self.crowd.frames.place_count();
        let mut waits: Table<bool, FrameKind> = places.map(|_| false).collect();
        for frame in lines.iter().flat_map(|line| &line.waiting) {
            let mut next = Some(*frame);
            while let Some(frame) = next.filter(|frame| !waits[*frame]) {
                waits[frame] = true;
                next = self.crowd.above(frame);
            }
        }
        waits
    }

    /// How many threads of each instance and connections of each kind are held by frames that wait.
    fn holders(&self, waits: &Table<bool, FrameKind>) -> Holders {
        let mut holders = Holders {
            threads: Table::filled(0, &self.fleet.instances),
            connections: Table::filled(0, &self.fleet.connections),
        };
        for (id, frame) in self.crowd.frames.entries() {
            if waits[id] && frame.stay == Stay::Served {
                holders.threads[frame.instance] += 1;
            }
        }
        for (_, session) in self.stores.sessions.entries() {
            if waits[session.owner] {
                holders.connections[session.connections] += 1;
            }
        }
        holders
    }

    fn held(&self, what: &Scarce) -> Held {
        match *what {
            Scarce::Threads(instance) => Held::Threads(self.fleet.instances[instance].service),
            Scarce::Connections(id) => Held::Connections(self.fleet.connections[id].database),
            Scarce::Row { database, .. } => Held::Rows(database),
        }
    }

    /// The call sites that led to a frame, the outermost first.
    fn way_to(&self, frame: FrameId) -> Vec<Id<CallSite>> {
        let above = std::iter::successors(Some(frame), |frame| self.crowd.above(*frame));
        let mut path: Vec<Id<CallSite>> =
            above.filter_map(|frame| self.crowd.frames[frame].call).collect();
        path.reverse();
        path
    }
}

/// What frames that wait hold.
struct Holders {
    threads: Table<u32, Instance>,
    connections: Table<u32, Connections>,
}
