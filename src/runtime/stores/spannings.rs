//! Transactions over several databases that are under way.

use super::Session;
use crate::ids::{Id, Ref};
use crate::measure::{Kind, PartTimes};
use crate::plan::{DatabasePlan, SpanningPlan, Step};
use crate::random::Key;
use crate::runtime::fleet::Instance;
use crate::runtime::frame_id::FrameRef;

/// A transaction over several databases, or a part of one that has parts of its own.
#[derive(Debug, Clone)]
pub(in crate::runtime) struct Spanning {
    /// Which.
    pub(in crate::runtime) plan: Id<SpanningPlan>,
    /// (ns) When it began, however often it is tried.
    pub(in crate::runtime) began: u64,
    /// The frame that began it and will end it.
    pub(in crate::runtime) owner: FrameRef,
    /// Where that goes on after a failure.
    pub(in crate::runtime) unwind: Id<Step>,
    /// Key of that frame.
    pub(in crate::runtime) key: Key,
    /// Sessions that stay open until all have voted, with where they were opened.
    pub(in crate::runtime) enlisted: Vec<Enlisted>,
    /// Parts that are done, the last one last.
    pub(in crate::runtime) done: Vec<PartDone>,
    /// How far it has come.
    pub(in crate::runtime) stage: Stage,
    /// Why it failed, once it has.
    pub(in crate::runtime) failure: Kind,
    /// (ns) When the first and the last part committed, those of its parts and of what undid them too.
    pub(in crate::runtime) window: Option<(u64, u64)>,
    /// Parts that were undone.
    pub(in crate::runtime) undone: u64,
    /// Tries to undo a part that failed.
    pub(in crate::runtime) undo_failures: u64,
    /// How far its parts have come, by database.
    pub(in crate::runtime) parts: Vec<(Id<DatabasePlan>, PartTimes)>,
}

/// A session that takes part in a two-phase commit.
#[derive(Debug, Clone, Copy)]
pub(in crate::runtime) struct Enlisted {
    pub(in crate::runtime) session: Ref<Session>,
    pub(in crate::runtime) instance: Id<Instance>,
}

/// A part that is done.
#[derive(Debug, Clone, Copy)]
pub(in crate::runtime) struct PartDone {
    /// What undoes it, if anything does.
    pub(in crate::runtime) undo: Option<PartUndo>,
    /// Key of the frame that did it.
    pub(in crate::runtime) key: Key,
}

/// What undoes a part.
#[derive(Debug, Clone, Copy)]
pub(in crate::runtime) struct PartUndo {
    /// Where its steps begin.
    pub(in crate::runtime) entry: Id<Step>,
    /// Whether another try draws anew.
    pub(in crate::runtime) redraws: bool,
}

/// How far a transaction over several databases has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::runtime) enum Stage {
    /// Its steps are under way.
    Going,
    /// It has failed, and the next part is to be undone.
    Failed,
    /// The last part that is done is being undone.
    Undoing,
    /// Undoing it has failed: it is tried again after a pause.
    Pauses,
}

impl Spanning {
    /// One that began at `began` (ns) and of which nothing is done.
    pub(in crate::runtime) fn new(
        plan: Id<SpanningPlan>,
        began: u64,
        owner: FrameRef,
        unwind: Id<Step>,
        key: Key,
    ) -> Self {
        Spanning {
            plan,
            began,
            owner,
            unwind,
            key,
            enlisted: Vec::new(),
            done: Vec::new(),
            stage: Stage::Going,
            failure: Kind::Ok,
            window: None,
            undone: 0,
            undo_failures: 0,
            parts: Vec::new(),
        }
    }

    /// How far its part on a database has come.
    pub(in crate::runtime) fn part_on(&mut self, database: Id<DatabasePlan>) -> &mut PartTimes {
        let known = self.parts.iter().position(|(on, _)| *on == database);
        let place = known.unwrap_or_else(|| {
            self.parts.push((database, PartTimes::default()));
            self.parts.len() - 1
        });
        &mut self.parts[place].1
    }

    /// A part has committed at `now` (ns).
    pub(in crate::runtime) fn commits(&mut self, now: u64) {
        let (first, _) = self.window.unwrap_or((now, now));
        self.window = Some((first, now));
    }
}
