//! Who is under way: frames, the paths that their time is noted on, the attempts of calls with an end to
//! their patience, and the scopes that unwind when a frame fails. Nothing here knows a resource.

mod attempts;
mod frames;
mod paths;
mod scopes;
mod waits;

pub(super) use attempts::Attempt;
pub(super) use frames::{Frame, FrameStart, Stay};
pub(super) use paths::{Path, Paths};
pub(super) use scopes::{Scope, ScopeKind};
pub(super) use waits::{Started, Told, Upon, Wait};

use crate::ids::Slab;
use crate::runtime::frame_id::{FrameId, FrameKind, FrameRef};

/// Everything that is under way in a replication.
pub(super) struct Crowd {
    pub(super) frames: Slab<Frame, FrameKind>,
    pub(super) paths: Paths,
    pub(super) attempts: Slab<Attempt>,
    pub(super) scopes: Slab<Scope>,
    /// Frames that go on at this instant, in the order in which they were freed; `None` in the place of
    /// one that was killed before its turn.
    pub(super) ready: Vec<Option<FrameId>>,
    /// Entries of `ready` that have had their turn.
    turns: usize,
    /// Frames that may be under way.
    most: usize,
}

impl Crowd {
    /// Nobody yet; at most so many frames may be under way.
    pub(super) fn new(most: u32) -> Self {
        Crowd {
            frames: Slab::new(),
            paths: Paths::new(),
            attempts: Slab::new(),
            scopes: Slab::new(),
            ready: Vec::new(),
            turns: 0,
            most: most as usize,
        }
    }

    /// A frame that is about to run.
    #[inline(always)]
    pub(super) fn start(&mut self, start: FrameStart) -> (FrameId, &mut Frame) {
        self.frames.start(start, Frame::new, Frame::start_again)
    }

    /// Whether there have been more frames than may be: the run must end. Places are added only when all are
    /// taken, so their number is the most that there ever were.
    #[inline(always)]
    pub(super) fn overflowed(&self) -> bool {
        self.frames.place_count() > self.most
    }

    /// The frame goes on at this instant, after those freed before it.
    #[inline(always)]
    pub(super) fn free(&mut self, frame: FrameId) {
        self.ready.push(Some(frame));
    }

    /// The next of those that go on at this instant. When there is none left, or when there are too many frames,
    /// nobody is in line any more.
    #[inline(always)]
    pub(super) fn next_freed(&mut self) -> Option<FrameId> {
        match *self.ready {
            [] => None,
            // Mostly there is but one.
            [only @ Some(_)] if !self.overflowed() => {
                self.ready.clear();
                only
            }
            _ => self.next_in_line(),
        }
    }

    #[inline]
    fn next_in_line(&mut self) -> Option<FrameId> {
        while !self.overflowed()
            && let Some(entry) = self.ready.get(self.turns)
        {
            let entry = *entry;
            self.turns += 1;
            if self.turns == self.ready.len() {
                self.ready.clear();
                self.turns = 0;
            }
            if entry.is_some() {
                return entry;
            }
        }
        self.ready.clear();
        self.turns = 0;
        None
    }

    /// The frame does not go on after all.
    pub(super) fn hold_back(&mut self, frame: FrameId) {
        let entries = self.ready.iter_mut().filter(|entry| **entry == Some(frame));
        entries.for_each(|entry| *entry = None);
    }

    /// The frames that a frame has started and waits for.
    pub(super) fn below(&self, frame: FrameId) -> Vec<FrameId> {
        match self.frames[frame].wait.started() {
            Started::One(child) => vec![child],
            Started::Branches => self.branches(frame),
            Started::Attempt(attempt) => {
                self.frames.find(self.attempts[attempt].callee).into_iter().collect()
            }
            Started::None => Vec::new(),
        }
    }

    /// The frame that waits for a frame, if one does.
    pub(super) fn above(&self, frame: FrameId) -> Option<FrameId> {
        match self.frames[frame].upon {
            Upon::Caller(above) | Upon::Nest(above) | Upon::Turn(above) | Upon::Fork(above) => {
                self.frames.find(above)
            }
            Upon::Attempt(attempt) => {
                let attempt = self.attempts.find(attempt)?;
                self.frames.find(self.attempts[attempt].caller)
            }
            Upon::Client
            | Upon::Change(_)
            | Upon::Request(_)
            | Upon::Relay(_)
            | Upon::Consumer(_)
            | Upon::Nobody => None,
        }
    }

    /// The branches of a fork that have not ended, in the order of their places. Costs a look at all frames.
    fn branches(&self, frame: FrameId) -> Vec<FrameId> {
        let own = Upon::Fork(self.frames.refer(frame));
        let branches = self.frames.entries().filter(|(_, branch)| branch.upon == own);
        branches.map(|(branch, _)| branch).collect()
    }

    /// A frame goes on within one more scope: after a failure, where that may be tried again, from where it is now.
    #[inline(always)]
    pub(super) fn open_scope(&mut self, frame: FrameId, tries_left: u32, kind: ScopeKind) {
        let owner = self.refer(frame);
        let place = &mut self.frames[frame];
        let (outer, resume) = (place.scope, place.pc);
        place.scope = Some(self.scopes.add(Scope { owner, outer, resume, tries_left, kind }));
    }

    /// What refers to a frame.
    #[inline(always)]
    pub(super) fn refer(&self, frame: FrameId) -> FrameRef {
        self.frames.refer(frame)
    }
}
