//! Frames and paths: executions of operations, and where the time of their requests went.

use crate::measure::Category;
use crate::plan::NONE;
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
    /// (ns) When it reached its service.
    pub(super) entered: u64,
    /// Sequence number of the event that may wake it; 0: none.
    pub(super) awaited: u64,
    /// Next step.
    pub(super) pc: u32,
    /// Who started it.
    pub(super) parent: u32,
    /// Where its time is noted.
    pub(super) path: u32,
    /// Where it runs.
    pub(super) instance: u32,
    /// Call site, for frames that came as a request.
    pub(super) call: u32,
    /// Innermost database session that is open.
    pub(super) session: u32,
    /// Turns left, of a turn of a repeat.
    pub(super) turns: u32,
    /// Branches, page reads or row locks that the present step still needs.
    pub(super) counter: u32,
    /// What it is to its parent.
    pub(super) role: Role,
    /// What it waits for.
    pub(super) category: Category,
    /// How what it waits for went wrong, as a `Kind`; 0 is well.
    pub(super) failure: u8,
}

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
    /// A turn of a repeat.
    Turn,
    /// Nobody waits for it.
    Detached,
}

/// The frames under way; freed places are used again.
#[derive(Debug, Default)]
pub(super) struct Frames {
    places: Vec<Frame>,
    free: Vec<u32>,
}

impl Frames {
    /// Takes a place for a frame.
    #[inline]
    pub(super) fn add(&mut self, frame: Frame) -> u32 {
        if let Some(place) = self.free.pop() {
            self.places[place as usize] = frame;
            place
        } else {
            self.places.push(frame);
            self.places.len() as u32 - 1
        }
    }

    /// Gives the place back; wake-ups on their way to it become stale.
    #[inline]
    pub(super) fn remove(&mut self, frame: u32) {
        self.places[frame as usize].awaited = 0;
        self.free.push(frame);
    }

    /// Frames under way.
    #[inline]
    pub(super) fn present(&self) -> usize {
        self.places.len() - self.free.len()
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
    /// (ns) by category.
    pub(super) spent: [u64; Category::COUNT],
    /// (ns) When the request began.
    pub(super) started: u64,
    /// Which endpoint it is for.
    pub(super) endpoint: u32,
    /// Which user of a closed source it is for.
    pub(super) user: u32,
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
            started: 0,
            endpoint: NONE,
            user: NONE,
        };
        Paths {
            places: vec![detached],
            free: Vec::new(),
        }
    }

    /// Takes a place for a path on which no time was spent yet.
    #[inline]
    pub(super) fn add(&mut self, started: u64, endpoint: u32, user: u32) -> u32 {
        let path = Path {
            spent: [0; _],
            started,
            endpoint,
            user,
        };
        if let Some(place) = self.free.pop() {
            self.places[place as usize] = path;
            place
        } else {
            self.places.push(path);
            self.places.len() as u32 - 1
        }
    }

    /// Gives the place back.
    #[inline]
    pub(super) fn remove(&mut self, path: u32) {
        self.free.push(path);
    }

    /// Adds what was spent on the branch that ended last to the path that waited for it.
    pub(super) fn join(&mut self, into: u32, branch: u32) {
        let spent = self.places[branch as usize].spent;
        for (sum, part) in self.places[into as usize].spent.iter_mut().zip(spent) {
            *sum = sum.wrapping_add(part);
        }
    }
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
