//! Sagas that nobody leads: a part belongs to the frame that runs it until the event has committed that leads the saga on,
//! and then to that event, until a consumer takes it on.

use crate::ids::{Id, Ref};
use crate::measure::Kind;
use crate::plan::{OWN_KEY, Step};
use crate::runtime::crowd::{Scope, ScopeKind, Upon};
use crate::runtime::frame_id::FrameId;
use crate::runtime::stores::{Spanning, Stage};
use crate::runtime::world::World;

impl World<'_> {
    /// A frame begins a saga, and runs its first part.
    pub(super) fn begin_saga(&mut self, frame: FrameId, saga: Id<Spanning>, unwind: Id<Step>) {
        let record = &mut self.stores.spanning_records[self.stores.spannings[saga].plan];
        record.begun += 1;
        record.present.enter(self.events.now());
        let saga = self.stores.spannings.refer(saga);
        self.open_part(frame, saga, unwind);
    }

    fn open_part(&mut self, frame: FrameId, saga: Ref<Spanning>, unwind: Id<Step>) {
        let owner = self.crowd.refer(frame);
        let place = &mut self.crowd.frames[frame];
        place.scope = Some(self.crowd.scopes.add(Scope {
            owner,
            outer: place.scope,
            resume: unwind,
            tries_left: 0,
            kind: ScopeKind::Part(Some(saga)),
        }));
    }

    /// A consumer takes a saga on from the message in its hand. Where that has been done before, or the saga is over,
    /// nothing is left to do.
    pub(super) fn take_on(&mut self, frame: FrameId, unwind: Id<Step>) -> Option<FrameId> {
        let Upon::Consumer(consumer) = self.crowd.frames[frame].upon else {
            unreachable!("consumers alone take sagas on")
        };
        let topics = &mut self.stores.topics;
        let own = &topics.consumers[consumer];
        let saga = topics.messages[own.hand[own.at].message].saga.take();
        let found = saga.and_then(|saga| self.stores.spannings.find(saga));
        let (Some(saga), Some(found)) = (saga, found) else { return self.end(frame) };
        self.crowd.frames[frame].key = self.stores.spannings[found].key;
        self.open_part(frame, saga, unwind);
        Some(frame)
    }

    /// The part that a frame runs itself, in its innermost scope, with the saga that is still its own.
    fn own_part(&self, frame: FrameId) -> Option<Option<Id<Spanning>>> {
        let scope = self.crowd.scopes[self.crowd.frames[frame].scope?];
        match scope.kind {
            ScopeKind::Part(saga) if scope.owner.place() == frame => {
                Some(saga.and_then(|saga| self.stores.spannings.find(saga)))
            }
            ScopeKind::Part(_)
            | ScopeKind::Spanning(_)
            | ScopeKind::Transaction(_)
            | ScopeKind::Gathering(_)
            | ScopeKind::Joined(_) => None,
        }
    }

    /// The innermost scope from `scope` outward that holds a part.
    fn scope_of_part(&self, scope: Option<Id<Scope>>) -> Option<Id<Scope>> {
        let mut scopes = std::iter::successors(scope, |scope| self.crowd.scopes[*scope].outer);
        scopes.find(|scope| matches!(self.crowd.scopes[*scope].kind, ScopeKind::Part(_)))
    }

    /// The saga whose part is run within a scope.
    pub(super) fn saga_of_part(&self, scope: Option<Id<Scope>>) -> Option<Ref<Spanning>> {
        match self.crowd.scopes[self.scope_of_part(scope)?].kind {
            ScopeKind::Part(saga) => saga,
            ScopeKind::Spanning(_)
            | ScopeKind::Transaction(_)
            | ScopeKind::Gathering(_)
            | ScopeKind::Joined(_) => None,
        }
    }

    /// The saga is the frame's no more: whoever takes on the event that leads on has it.
    pub(super) fn take_saga(&mut self, frame: FrameId) -> Option<Ref<Spanning>> {
        let scope = self.crowd.frames[frame].scope;
        let saga = self.saga_of_part(scope);
        if let Some(scope) = self.scope_of_part(scope) {
            self.crowd.scopes[scope].kind = ScopeKind::Part(None);
        }
        saga
    }

    /// The event that leads a saga on has committed.
    pub(super) fn hand_on(&mut self, frame: FrameId) -> Option<FrameId> {
        self.take_saga(frame);
        Some(frame)
    }

    /// The frame works under the key of a call, or of the saga.
    pub(super) fn under(&mut self, frame: FrameId, site: u32) -> Option<FrameId> {
        let saga = self.saga_of_part(self.crowd.frames[frame].scope);
        let saga = saga.and_then(|saga| self.stores.spannings.find(saga));
        let place = &mut self.crowd.frames[frame];
        if site != OWN_KEY {
            place.key = place.key.child(u64::from(site));
        } else if let Some(saga) = saga {
            place.key = self.stores.spannings[saga].key;
        }
        Some(frame)
    }

    /// The frame has undone a part.
    pub(super) fn part_undone(&mut self, frame: FrameId) -> Option<FrameId> {
        if let Some(saga) = self.whole_of(frame) {
            self.stores.spannings[saga].undone += 1;
        }
        Some(frame)
    }

    /// The frame is done with its part; where no event leads on, the saga is over, and all of it has committed or has
    /// been undone.
    pub(super) fn part_ends(&mut self, frame: FrameId) {
        let Some(saga) = self.own_part(frame) else { return };
        if let Some(saga) = saga {
            let Spanning { stage, failure, .. } = self.stores.spannings[saga];
            let failure = if stage == Stage::Going { Kind::Ok } else { failure };
            self.saga_is_over(saga, failure);
        }
        self.close_scope(frame);
    }

    fn saga_is_over(&mut self, saga: Id<Spanning>, failure: Kind) {
        self.record_end(saga, failure);
        self.stores.spannings.remove(saga);
    }

    /// The first part has failed, before anything had committed: so has the frame that began the saga.
    pub(super) fn saga_fails(&mut self, frame: FrameId) -> Option<FrameId> {
        let Some(Some(saga)) = self.own_part(frame) else { return self.business_failure(frame) };
        let failure = self.stores.spannings[saga].failure;
        self.saga_is_over(saga, failure);
        self.close_scope(frame);
        self.crowd.frames[frame].failure = failure;
        self.fail(frame)
    }

    /// A frame has failed in a part that it runs: it goes on with what answers that, if the saga is still its own.
    pub(super) fn unwinds_part(&mut self, frame: FrameId, saga: Option<Ref<Spanning>>) -> bool {
        let Some(saga) = saga.and_then(|saga| self.stores.spannings.find(saga)) else {
            return false;
        };
        let Some(scope) = self.crowd.frames[frame].scope else { return false };
        let resume = self.crowd.scopes[scope].resume;
        let place = &mut self.crowd.frames[frame];
        let failure = std::mem::replace(&mut place.failure, Kind::Ok);
        (place.counter, place.pc) = (0, resume);
        let spanning = &mut self.stores.spannings[saga];
        if spanning.stage == Stage::Going {
            (spanning.stage, spanning.failure) = (Stage::Failed, failure);
        } else {
            spanning.stage = Stage::Pauses;
            spanning.undo_failures += 1;
            self.stores.spanning_records[spanning.plan].undo_failures += 1;
        }
        true
    }

    /// What answers a failure begins, at once the first time and after a pause when it has failed itself.
    pub(super) fn answer_failure(&mut self, frame: FrameId, redraws: bool) -> Option<FrameId> {
        let Some(Some(saga)) = self.own_part(frame) else { return Some(frame) };
        let spanning = &mut self.stores.spannings[saga];
        let (key, tries, plan) = (spanning.key, spanning.undo_failures, spanning.plan);
        let pauses = spanning.stage == Stage::Pauses;
        spanning.stage = Stage::Failed;
        self.crowd.frames[frame].key = if redraws && tries > 0 { key.child(tries) } else { key };
        if pauses {
            self.pause(frame, plan);
            return None;
        }
        Some(frame)
    }

    /// A saga stops where it is: the frame or the event that it belonged to is gone.
    pub(super) fn saga_is_cut_off(&mut self, saga: Option<Ref<Spanning>>) {
        if let Some(saga) = saga.and_then(|saga| self.stores.spannings.find(saga)) {
            self.cut_off(saga);
            self.stores.spannings.remove(saga);
        }
    }
}
