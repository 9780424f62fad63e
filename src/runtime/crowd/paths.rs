//! Paths: where the time of a request went, along one sequential thread of control.

use crate::ids::{Id, Slab};
use crate::measure::Category;
use crate::plan::EndpointPlan;
use crate::runtime::outside::User;

/// One sequential thread of control of a request: where its time went.
#[derive(Debug, Clone)]
pub(in crate::runtime) struct Path {
    /// (ns) by category; only those marked in `used` count.
    spent: [u64; Category::COUNT],
    /// Categories that any time was spent on, a bit each.
    used: u32,
    /// (ns) When the request began.
    pub(in crate::runtime) started: u64,
    /// Which endpoint it is for, of a branch too.
    pub(in crate::runtime) endpoint: Option<Id<EndpointPlan>>,
    /// Which user of a closed source it is for.
    pub(in crate::runtime) user: Option<Id<User>>,
    /// Whether it is a part of a request (a branch, an attempt, work that nobody waits for any more) and no
    /// whole one.
    pub(in crate::runtime) is_part: bool,
}

/// The paths under way.
#[derive(Debug)]
pub(in crate::runtime) struct Paths {
    places: Slab<Path>,
    /// Takes what nobody waits for from its beginning on.
    detached: Id<Path>,
}

impl Paths {
    pub(in crate::runtime) fn new() -> Self {
        let mut places = Slab::new();
        let detached = places.add(Path::new(0, None));
        Paths { places, detached }
    }

    /// The path of frames that nobody ever waited for.
    pub(in crate::runtime) fn detached(&self) -> Id<Path> {
        self.detached
    }

    /// Takes a place for a path of a whole request, on which no time was spent yet.
    #[inline]
    pub(in crate::runtime) fn add_request(
        &mut self,
        started: u64,
        endpoint: Id<EndpointPlan>,
        user: Option<Id<User>>,
    ) -> Id<Path> {
        let path = self.add(started, Some(endpoint));
        self.places[path].user = user;
        path
    }

    /// The same for a part of a request.
    #[inline]
    pub(in crate::runtime) fn add_part(
        &mut self,
        started: u64,
        endpoint: Option<Id<EndpointPlan>>,
    ) -> Id<Path> {
        let path = self.add(started, endpoint);
        self.places[path].is_part = true;
        path
    }

    #[inline]
    fn add(&mut self, started: u64, endpoint: Option<Id<EndpointPlan>>) -> Id<Path> {
        match self.places.reuse() {
            // Old times stay where they are: those of no category count.
            Some((place, path)) => {
                (path.used, path.started, path.endpoint) = (0, started, endpoint);
                (path.user, path.is_part) = (None, false);
                place
            }
            None => self.places.add(Path::new(started, endpoint)),
        }
    }

    /// Gives the place back; that of nobody stays.
    #[inline]
    pub(in crate::runtime) fn remove(&mut self, path: Id<Path>) {
        if path != self.detached {
            self.places.remove(path);
        }
    }

    /// What the outside request asks for that a path is the whole of.
    #[inline(always)]
    pub(in crate::runtime) fn endpoint(&self, path: Id<Path>) -> Id<EndpointPlan> {
        let Some(endpoint) = self.places[path].endpoint else {
            unreachable!("an outside request asks for something")
        };
        endpoint
    }

    /// Paths under way, that of nobody left out.
    pub(in crate::runtime) fn count(&self) -> usize {
        self.places.count() - 1
    }

    /// Every path under way that is a whole request's, in order. Costs a look at all places.
    pub(in crate::runtime) fn requests(&self) -> impl Iterator<Item = &Path> {
        let whole = |(id, path): &(Id<Path>, &Path)| *id != self.detached && !path.is_part;
        self.places.entries().filter(whole).map(|(_, path)| path)
    }

    /// Adds what was spent on a part that the other path waited for to that other path.
    pub(in crate::runtime) fn join(&mut self, into: Id<Path>, part: Id<Path>) {
        for category in bits(self.places[part].used) {
            let spent = self.places[part].spent[category];
            self.places[into].spend(category, spent);
        }
    }
}

impl Path {
    fn new(started: u64, endpoint: Option<Id<EndpointPlan>>) -> Self {
        Path { spent: [0; _], used: 0, started, endpoint, user: None, is_part: false }
    }

    /// Time was spent on a category, by its number (ns).
    #[inline(always)]
    pub(in crate::runtime) fn spend(&mut self, category: usize, time: u64) {
        let bit = 1 << category;
        // A place that is used again still holds old times; the first one of a category replaces them.
        let before = if self.used & bit == 0 { 0 } else { self.spent[category] };
        self.spent[category] = before.wrapping_add(time);
        self.used |= bit;
    }

    /// Categories that time was spent on, by number, and the times (ns).
    #[inline(always)]
    pub(in crate::runtime) fn spent(&self) -> impl Iterator<Item = (usize, u64)> + '_ {
        bits(self.used).map(|category| (category, self.spent[category]))
    }
}

/// Numbers of the bits that are set.
#[inline(always)]
fn bits(mut set: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = set.trailing_zeros();
        set &= set.wrapping_sub(1);
        (lowest < 32).then_some(lowest as usize)
    })
}

impl std::ops::Index<Id<Path>> for Paths {
    type Output = Path;
    #[inline(always)]
    fn index(&self, path: Id<Path>) -> &Path {
        &self.places[path]
    }
}

impl std::ops::IndexMut<Id<Path>> for Paths {
    #[inline(always)]
    fn index_mut(&mut self, path: Id<Path>) -> &mut Path {
        &mut self.places[path]
    }
}
