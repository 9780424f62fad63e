//! Frames and paths: executions of operations, and where the time of their requests went.

use super::sessions::Session;
use super::world::User;
use crate::ids::Id;
use crate::measure::Category;
use crate::plan::{CallSite, EndpointPlan, InstancePlan, Step};
use crate::random::Key;

/// One execution of an operation, of a branch, or of a turn of a repeat.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// Keys its draws and its children.
    pub(super) key: Key,
    /// (ns) When the present wait began.
    pub(super) since: u64,
    /// (ns) The part of the present wait that is work, where a core is waited for.
    pub(super) work: u64,
    /// (ns) One way between its caller and it, for frames that came as a request.
    pub(super) latency: u64,
    /// Sequence number of the event that may wake it; 0: none.
    pub(super) awaited: u64,
    /// Next step.
    pub(super) pc: Id<Step>,
    /// Who started it.
    pub(super) parent: u32,
    /// Where its time is noted.
    pub(super) path: u32,
    /// Where it runs.
    pub(super) instance: Id<InstancePlan>,
    /// Call site, for frames that came as a request.
    pub(super) call: Option<Id<CallSite>>,
    /// Innermost database session that is open.
    pub(super) session: Option<Id<Session>>,
    /// Turns left, of a turn of a repeat.
    pub(super) turns: u32,
    /// Where each of them starts.
    pub(super) body: Id<Step>,
    /// Branches, page reads or row locks that the present step still needs.
    pub(super) counter: u32,
    /// What it is to its parent.
    pub(super) role: Role,
    /// What it waits for.
    pub(super) category: Category,
    /// How what it waits for went wrong, as a `Kind`; 0 is well.
    pub(super) failure: u8,
    /// Whether its instance serves it, for frames that came as a request.
    pub(super) served: bool,
    /// (ns, modulo 2³²) Since when.
    pub(super) served_since: u32,
}

impl Frame {
    /// The instance that it came to as a request serves it from `now` (ns) on.
    #[inline(always)]
    pub(super) fn is_served_from(&mut self, now: u64) {
        self.served = true;
        self.served_since = now as u32;
    }
}

/// In the place of the parent, of a frame that has none.
pub(super) const NOBODY: u32 = u32::MAX;

/// What a frame is to whoever started it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// An outside request.
    Request,
    /// A call from another service.
    Remote,
    /// A call in the same process.
    Local,
    /// A branch of a fork.
    Branch,
    /// A branch of a fork that is nothing but this call from another service.
    RemoteBranch,
    /// A turn of a repeat.
    Turn,
    /// Nobody waits for it.
    Detached,
}

/// The frames under way; freed places are used again.
#[derive(Debug)]
pub(super) struct Frames {
    places: Vec<Frame>,
    free: Vec<u32>,
    most: usize,
    /// Whether there were more than the limit: the run must end.
    pub(super) overflowed: bool,
}

impl Frames {
    /// No frames yet; at most so many may be under way.
    pub(super) fn new(most: u32) -> Self {
        Frames { places: Vec::new(), free: Vec::new(), most: most as usize, overflowed: false }
    }

    /// Takes a place for a frame.
    #[inline]
    pub(super) fn add(&mut self, frame: Frame) -> u32 {
        if let Some(place) = self.free.pop() {
            self.places[place as usize] = frame;
            place
        } else {
            // Places are added only when all are taken, so their number is that of the frames.
            self.overflowed |= self.places.len() >= self.most;
            self.places.push(frame);
            self.places.len() as u32 - 1
        }
    }

    /// Every place, whether a frame has it or not.
    pub(super) fn places(&self) -> &[Frame] {
        &self.places
    }

    /// Frames under way.
    pub(super) fn count(&self) -> usize {
        self.places.len() - self.free.len()
    }

    /// Gives the place back; wake-ups on their way to it become stale.
    #[inline]
    pub(super) fn remove(&mut self, frame: u32) {
        self.places[frame as usize].awaited = 0;
        self.free.push(frame);
    }
}

impl std::ops::Index<u32> for Frames {
    type Output = Frame;
    #[inline(always)]
    fn index(&self, frame: u32) -> &Frame {
        &self.places[frame as usize]
    }
}

impl std::ops::IndexMut<u32> for Frames {
    #[inline(always)]
    fn index_mut(&mut self, frame: u32) -> &mut Frame {
        &mut self.places[frame as usize]
    }
}

/// One sequential thread of control of a request: where its time went.
#[derive(Debug, Clone)]
pub(super) struct Path {
    /// (ns) by category; only those marked in `used` count.
    spent: [u64; Category::COUNT],
    /// Categories that any time was spent on, a bit each.
    used: u32,
    /// (ns) When the request began.
    pub(super) started: u64,
    /// Which endpoint it is for, of a branch too.
    pub(super) endpoint: Option<Id<EndpointPlan>>,
    /// Which user of a closed source it is for.
    pub(super) user: Option<Id<User>>,
    /// Whether it is a branch of a request and no whole one.
    pub(super) is_branch: bool,
}

/// The paths under way. Path 0 takes what nobody waits for.
#[derive(Debug)]
pub(super) struct Paths {
    places: Vec<Path>,
    free: Vec<u32>,
}

impl Paths {
    /// The path of frames that nobody waits for.
    pub(super) const DETACHED: u32 = 0;

    pub(super) fn new() -> Self {
        let detached = Path {
            spent: [0; _],
            used: 0,
            started: 0,
            endpoint: None,
            user: None,
            is_branch: false,
        };
        Paths { places: vec![detached], free: Vec::new() }
    }

    /// Takes a place for a path on which no time was spent yet.
    #[inline]
    pub(super) fn add(
        &mut self,
        started: u64,
        endpoint: Option<Id<EndpointPlan>>,
        user: Option<Id<User>>,
        is_branch: bool,
    ) -> u32 {
        if let Some(place) = self.free.pop() {
            let path = &mut self.places[place as usize];
            (path.used, path.started) = (0, started);
            (path.endpoint, path.user, path.is_branch) = (endpoint, user, is_branch);
            place
        } else {
            self.places.push(Path { spent: [0; _], used: 0, started, endpoint, user, is_branch });
            self.places.len() as u32 - 1
        }
    }

    /// Gives the place back.
    #[inline]
    pub(super) fn remove(&mut self, path: u32) {
        self.free.push(path);
    }

    /// Paths under way, that of nobody left out.
    pub(super) fn count(&self) -> usize {
        self.places.len() - self.free.len() - 1
    }

    /// Every path under way that is a whole request's, in order. Costs a look at all places.
    pub(super) fn requests(&self) -> impl Iterator<Item = &Path> {
        let mut under_way = vec![true; self.places.len()];
        self.free.iter().for_each(|place| under_way[*place as usize] = false);
        let places = self.places.iter().zip(under_way).skip(1);
        places.filter(|(path, under_way)| *under_way && !path.is_branch).map(|(path, _)| path)
    }

    /// Adds what was spent on the branch that ended last to the path that waited for it.
    pub(super) fn join(&mut self, into: u32, branch: u32) {
        for category in bits(self.places[branch as usize].used) {
            let spent = self.places[branch as usize].spent[category];
            self.places[into as usize].spend(category, spent);
        }
    }
}

impl Path {
    /// Time was spent on a category, by its number (ns).
    #[inline(always)]
    pub(super) fn spend(&mut self, category: usize, time: u64) {
        let bit = 1 << category;
        // A place that is used again still holds old times; the first one of a category replaces them.
        let before = if self.used & bit == 0 { 0 } else { self.spent[category] };
        self.spent[category] = before.wrapping_add(time);
        self.used |= bit;
    }

    /// Categories that time was spent on, by number, and the times (ns).
    #[inline(always)]
    pub(super) fn spent(&self) -> impl Iterator<Item = (usize, u64)> + '_ {
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

impl std::ops::Index<u32> for Paths {
    type Output = Path;
    #[inline(always)]
    fn index(&self, path: u32) -> &Path {
        &self.places[path as usize]
    }
}

impl std::ops::IndexMut<u32> for Paths {
    #[inline(always)]
    fn index_mut(&mut self, path: u32) -> &mut Path {
        &mut self.places[path as usize]
    }
}
