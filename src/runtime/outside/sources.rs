//! Sources of requests, and the users of closed ones.

use super::Course;
use crate::ids::{Id, Table};
use crate::model::Arrivals;
use crate::plan::{Plan, SourcePlan};
use crate::random::{Key, Stream};

/// Everybody who sends requests.
#[derive(Debug)]
pub(in crate::runtime) struct Sources {
    pub(in crate::runtime) all: Table<SourceState, SourcePlan>,
    pub(in crate::runtime) users: Table<User>,
}

/// A stream of requests at run time.
#[derive(Debug)]
pub(in crate::runtime) struct SourceState {
    pub(in crate::runtime) key: Key,
    pub(in crate::runtime) stream: Stream,
    /// Requests that came.
    pub(in crate::runtime) count: u64,
    /// Position of its first user.
    pub(in crate::runtime) first_user: usize,
    /// Where it stands in a process that is more than a gap after each request.
    pub(in crate::runtime) course: Course,
}

/// A user of a closed source.
#[derive(Debug, Clone, Copy)]
pub struct User {
    pub(in crate::runtime) source: Id<SourcePlan>,
    /// Requests made.
    pub(in crate::runtime) count: u64,
}

impl Sources {
    pub(in crate::runtime) fn new(plan: &Plan, key: Key) -> Self {
        let mut sources = Sources { all: Table::new(), users: Table::new() };
        for (id, source) in plan.load.sources.entries() {
            let key = key.named("source").named(&source.name);
            let first_user = sources.users.len();
            if let Arrivals::Closed { users, .. } = source.arrivals {
                for _ in 0..users {
                    sources.users.push(User { source: id, count: 0 });
                }
            }
            let stream = Stream::new(key.named("arrivals"));
            let course = Course::new(&source.process, key);
            sources.all.push(SourceState { key, stream, count: 0, first_user, course });
        }
        sources
    }

    /// Key of the request that a user makes next. It does not depend on what other users do.
    pub(in crate::runtime) fn user_key(&self, user: Id<User>) -> (Id<SourcePlan>, Key) {
        let User { source, count } = self.users[user];
        let own = &self.all[source];
        (source, own.key.child((user.index() - own.first_user) as u64).child(count))
    }

    /// The key of the next request of an open source, which comes now.
    pub(in crate::runtime) fn next_key(&mut self, source: Id<SourcePlan>) -> Key {
        self.all[source].next_key()
    }
}

impl SourceState {
    /// The key of the next request, which comes now.
    #[inline(always)]
    pub(in crate::runtime) fn next_key(&mut self) -> Key {
        let key = self.key.child(self.count);
        self.count += 1;
        key
    }
}
