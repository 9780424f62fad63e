//! Frames: executions of operations.

use super::{Path, Scope, Told, Upon, Wait};
use crate::ids::Id;
use crate::measure::{Category, Kind};
use crate::plan::{CallSite, Step};
use crate::random::Key;
use crate::runtime::fleet::Instance;

/// One execution of an operation, of a branch, or of the turns of a repeat.
#[derive(Debug, Clone)]
pub(in crate::runtime) struct Frame {
    /// Keys its draws and its children.
    pub(in crate::runtime) key: Key,
    /// (ns) When the present wait began.
    pub(in crate::runtime) since: u64,
    /// (ns) The part of the present wait that is work, where a core is waited for.
    pub(in crate::runtime) work: u64,
    /// (ns) One way between its caller and it, for frames that came as a request.
    pub(in crate::runtime) latency: u64,
    /// Sequence number of the event that may wake it; 0: none.
    pub(in crate::runtime) awaited: u64,
    /// What it waits for.
    pub(in crate::runtime) wait: Wait,
    /// Whom it answers.
    pub(in crate::runtime) upon: Upon,
    /// Next step.
    pub(in crate::runtime) pc: Id<Step>,
    /// Where its time is noted.
    pub(in crate::runtime) path: Id<Path>,
    /// Where it runs.
    pub(in crate::runtime) instance: Id<Instance>,
    /// Call site, for frames that came as a request.
    pub(in crate::runtime) call: Option<Id<CallSite>>,
    /// Innermost scope that is open, its own or that of a frame above in its process.
    pub(in crate::runtime) scope: Option<Id<Scope>>,
    /// Turns left, of the turns of a repeat.
    pub(in crate::runtime) turns: u32,
    /// Where each of them starts.
    pub(in crate::runtime) body: Id<Step>,
    /// Branches, page reads or row locks that the present step still needs.
    pub(in crate::runtime) counter: u32,
    /// (ns, modulo 2³²) Since when its instance serves it.
    pub(in crate::runtime) served_since: u32,
    /// What the time of its wait is noted as.
    pub(in crate::runtime) category: Category,
    /// How what it waited for, or it itself, went wrong.
    pub(in crate::runtime) failure: Kind,
    /// Where it stands with the instance that it came to as a request.
    pub(in crate::runtime) stay: Stay,
    /// Whether its answer takes time to go back to whoever called it.
    pub(in crate::runtime) is_far: bool,
}

/// Where a frame stands with the instance that it came to as a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::runtime) enum Stay {
    /// Not as a request, or it has left.
    None,
    /// On its way there, or in line for a thread.
    Coming,
    /// Served.
    Served,
}

/// What a frame begins with.
pub(in crate::runtime) struct FrameStart {
    pub(in crate::runtime) key: Key,
    pub(in crate::runtime) upon: Upon,
    pub(in crate::runtime) path: Id<Path>,
    pub(in crate::runtime) instance: Id<Instance>,
    pub(in crate::runtime) pc: Id<Step>,
    pub(in crate::runtime) call: Option<Id<CallSite>>,
    pub(in crate::runtime) scope: Option<Id<Scope>>,
    pub(in crate::runtime) stay: Stay,
    pub(in crate::runtime) is_far: bool,
}

impl Frame {
    /// A frame that is about to run.
    pub(in crate::runtime) fn new(start: FrameStart) -> Self {
        let FrameStart { key, upon, path, instance, pc, call, scope, stay, is_far } = start;
        Frame {
            key,
            since: 0,
            work: 0,
            latency: 0,
            awaited: 0,
            wait: Wait::Nothing,
            upon,
            pc,
            path,
            instance,
            call,
            scope,
            turns: 0,
            body: pc,
            counter: 0,
            served_since: 0,
            category: Category::Cpu,
            failure: Kind::Ok,
            stay,
            is_far,
        }
    }

    /// The same in a place that is used again: what a frame writes before anybody reads it (when its present wait
    /// began, its turns, since when it is served) is left as it is.
    #[inline(always)]
    pub(super) fn start_again(&mut self, start: FrameStart) {
        let FrameStart { key, upon, path, instance, pc, call, scope, stay, is_far } = start;
        (self.key, self.upon, self.path) = (key, upon, path);
        (self.instance, self.pc, self.call) = (instance, pc, call);
        (self.scope, self.stay, self.is_far) = (scope, stay, is_far);
        (self.wait, self.awaited, self.counter) = (Wait::Nothing, 0, 0);
        (self.failure, self.latency, self.category) = (Kind::Ok, 0, Category::Cpu);
    }

    /// The instance that it came to as a request serves it from `now` (ns) on.
    #[inline(always)]
    pub(in crate::runtime) fn is_served_from(&mut self, now: u64) {
        self.stay = Stay::Served;
        self.served_since = now as u32;
    }

    /// It waits from `now` (ns) on. `work` (ns) of it is work where a core is waited for.
    #[inline(always)]
    pub(in crate::runtime) fn park(&mut self, now: u64, wait: Wait, category: Category, work: u64) {
        self.since = now;
        self.wait = wait;
        self.category = category;
        self.work = work;
    }

    /// Its wait is over at `now` (ns): notes on its path what it has come to. Whether it goes on well.
    #[inline(always)]
    pub(in crate::runtime) fn wakes(&mut self, now: u64, path: &mut Path) -> bool {
        self.note(now, path);
        self.goes_on()
    }

    /// Its wait is over, and noted. Whether it goes on well.
    #[inline(always)]
    pub(in crate::runtime) fn goes_on(&mut self) -> bool {
        self.awaited = 0;
        self.wait = Wait::Nothing;
        self.failure == Kind::Ok
    }

    /// Who is told when it ends, if it is a request that its instance serves and its place can be given back at
    /// once: no answer travels with it.
    #[inline(always)]
    pub(in crate::runtime) fn tells_at_once(&self) -> Option<Told> {
        if self.stay != Stay::Served {
            return None;
        }
        // Asked for first, a caller needs no jump through a table.
        if let Upon::Caller(caller) = self.upon {
            return Some(Told::Caller(caller));
        }
        match self.upon {
            Upon::Client if !self.is_far => Some(Told::Client),
            Upon::Fork(parent) if !self.is_far => Some(Told::Fork(parent)),
            Upon::Client | Upon::Fork(_) | Upon::Caller(_) => None,
            Upon::Nest(_)
            | Upon::Turn(_)
            | Upon::Attempt(_)
            | Upon::Change(_)
            | Upon::Request(_)
            | Upon::Relay(_)
            | Upon::Consumer(_)
            | Upon::Nobody => None,
        }
    }

    /// Notes on a path what its present wait has come to by `now` (ns).
    #[inline(always)]
    pub(in crate::runtime) fn note(&self, now: u64, path: &mut Path) {
        let elapsed = now - self.since;
        if elapsed == 0 {
            return;
        }
        let work = self.work.min(elapsed);
        if work < elapsed {
            path.spend(self.category.waiting() as usize, elapsed - work);
        }
        path.spend(self.category as usize, work);
    }
}
