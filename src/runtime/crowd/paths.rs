//! Paths: where the time of a request went, along one sequential thread of control.

use crate::ids::{Id, Slab};
use crate::measure::Category;
use crate::plan::EndpointPlan;
use crate::runtime::outside::User;

/// One sequential thread of control of a request: where its time went.
#[derive(Debug, Clone)]
pub(in crate::runtime) struct Path {
    /// (ns) by category.
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

/// What a path begins with.
struct PathStart {
    started: u64,
    endpoint: Option<Id<EndpointPlan>>,
    user: Option<Id<User>>,
    is_part: bool,
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
        let nobody = PathStart { started: 0, endpoint: None, user: None, is_part: true };
        let detached = places.add(Path::new(nobody));
        Paths { places, detached }
    }

    /// The path of frames that nobody ever waited for.
    pub(in crate::runtime) fn detached(&self) -> Id<Path> {
        self.detached
    }

    /// Takes a place for a path of a whole request, on which no time was spent yet.
    #[inline(always)]
    pub(in crate::runtime) fn add_request(
        &mut self,
        started: u64,
        endpoint: Id<EndpointPlan>,
        user: Option<Id<User>>,
    ) -> Id<Path> {
        let start = PathStart { started, endpoint: Some(endpoint), user, is_part: false };
        self.places.start(start, Path::new, Path::start_again).0
    }

    /// The same for a part of a request.
    #[inline]
    pub(in crate::runtime) fn add_part(
        &mut self,
        started: u64,
        endpoint: Option<Id<EndpointPlan>>,
    ) -> Id<Path> {
        let start = PathStart { started, endpoint, user: None, is_part: true };
        self.places.start(start, Path::new, Path::start_again).0
    }

    /// Gives the place back; that of nobody stays. Answers what was there.
    #[inline(always)]
    pub(in crate::runtime) fn remove(&mut self, path: Id<Path>) -> &Path {
        if path == self.detached { &self.places[path] } else { self.places.remove(path) }
    }

    /// The same for a path that was added, as that of a frame which somebody waits for is.
    #[inline(always)]
    pub(in crate::runtime) fn remove_added(&mut self, path: Id<Path>) -> &Path {
        debug_assert!(path != self.detached, "somebody waits for what nobody waits for");
        self.places.remove(path)
    }

    /// Paths under way, that of nobody left out.
    pub(in crate::runtime) fn count(&self) -> usize {
        self.places.count() - 1
    }

    /// Every path under way that is a whole request's, in order. Costs a look at all places.
    pub(in crate::runtime) fn requests(&self) -> impl Iterator<Item = &Path> {
        self.places.entries().map(|(_, path)| path).filter(|path| !path.is_part)
    }

    /// Adds what was spent on a part that the other path waited for to that other path.
    pub(in crate::runtime) fn join(&mut self, into: Id<Path>, part: Id<Path>) {
        for category in bits(self.places[part].used) {
            let spent = self.places[part].spent[category];
            self.places[into].spend(category, spent);
        }
    }

    /// The same, all as one category.
    pub(in crate::runtime) fn join_as(
        &mut self,
        into: Id<Path>,
        part: Id<Path>,
        category: Category,
    ) {
        let time = self.places[part].spent().map(|(_, time)| time).fold(0, u64::wrapping_add);
        self.places[into].spend(category as usize, time);
    }
}

impl Path {
    fn new(start: PathStart) -> Self {
        let PathStart { started, endpoint, user, is_part } = start;
        Path { spent: [0; _], used: 0, started, endpoint, user, is_part }
    }

    /// The same in a place that is used again.
    #[inline(always)]
    fn start_again(&mut self, start: PathStart) {
        let PathStart { started, endpoint, user, is_part } = start;
        (self.spent, self.used) = ([0; _], 0);
        (self.started, self.endpoint) = (started, endpoint);
        (self.user, self.is_part) = (user, is_part);
    }

    /// What the outside request asks for that this path is the whole of.
    #[inline(always)]
    pub(in crate::runtime) fn asks_for(&self) -> Id<EndpointPlan> {
        let Some(endpoint) = self.endpoint else {
            unreachable!("an outside request asks for something")
        };
        endpoint
    }

    /// Time was spent on a category, by its number (ns).
    #[inline(always)]
    pub(in crate::runtime) fn spend(&mut self, category: usize, time: u64) {
        let spent = &mut self.spent[category];
        *spent = spent.wrapping_add(time);
        self.used |= 1 << category;
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
