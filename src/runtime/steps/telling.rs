//! Views that events feed: which commits an event tells, and when the view shows them. An event tells what its operation,
//! and what that calls, has committed since the last one, and what is committed together with it.

use crate::ids::Id;
use crate::plan::{TrailPlan, ViewPlan};
use crate::runtime::crowd::{Scope, ScopeKind, Upon};
use crate::runtime::frame_id::FrameId;
use crate::runtime::stores::{Carried, Change, Gathering, Session, ToldChanges, ToldView};
use crate::runtime::world::World;

impl World<'_> {
    /// What the operation of a frame commits from here on is told by its events.
    pub(super) fn gather(&mut self, frame: FrameId) -> Option<FrameId> {
        let gathering = self.stores.told.gatherings.add(Gathering::default());
        self.crowd.open_scope(frame, 0, ScopeKind::Gathering(gathering));
        Some(frame)
    }

    /// Up to here.
    pub(super) fn scatter(&mut self, frame: FrameId) -> Option<FrameId> {
        let scope = self.crowd.frames[frame].scope.map(|scope| self.crowd.scopes[scope]);
        if let Some(Scope { owner, kind: ScopeKind::Gathering(_), .. }) = scope
            && owner.place() == frame
        {
            self.close_scope(frame);
        }
        Some(frame)
    }

    /// An operation is over: what none of its events has told is for those of the operation that called it, or nobody
    /// learns of it.
    pub(super) fn gathering_ends(&mut self, frame: FrameId, gathering: Id<Gathering>) {
        let gatherings = &mut self.stores.told.gatherings;
        let changes = std::mem::take(&mut gatherings[gathering].changes);
        gatherings.remove(gathering);
        for change in changes {
            self.gather_change(frame, change);
        }
    }

    /// The innermost operation that a frame works for and whose events tell of commits.
    fn gathering_around(&self, frame: FrameId) -> Option<Id<Gathering>> {
        let mut callers = std::iter::successors(Some(frame), |frame| self.crowd.above(*frame));
        callers.find_map(|frame| {
            let own = self.crowd.frames[frame].scope;
            let mut scopes = std::iter::successors(own, |scope| self.crowd.scopes[*scope].outer);
            scopes.find_map(|scope| match self.crowd.scopes[scope].kind {
                ScopeKind::Gathering(gathering) => Some(gathering),
                ScopeKind::Transaction(_)
                | ScopeKind::Spanning(_)
                | ScopeKind::Joined(_)
                | ScopeKind::Part(_) => None,
            })
        })
    }

    /// A change waits for the next event of the operation that a frame works for.
    fn gather_change(&mut self, frame: FrameId, change: Id<Change>) {
        match self.gathering_around(frame) {
            Some(gathering) => {
                self.stores.told.gatherings[gathering].changes.push(change);
            }
            None => self.change_missed(change),
        }
    }

    /// A session has committed a change: it is told by an event that is committed with it, by one that was published
    /// while the session was open, or by the next one.
    pub(super) fn tell_change(&mut self, session: Id<Session>, change: Id<Change>) {
        let Session { owner, since, .. } = self.stores.sessions[session];
        let view = self.stores.followed.changes[change].view;
        let pending = self.stores.topics.pending.get(&session).into_iter().flatten();
        let by_message = &mut self.stores.told.by_message;
        let mut with_it = pending.rev().map(|kept| (kept.message, view));
        let with_it = with_it.find(|told| by_message.contains_key(told));
        if let Some(told) = with_it.and_then(|told| by_message.get_mut(&told)) {
            told.push(change);
            return;
        }
        let around = self.gathering_around(owner);
        let told = around.and_then(|around| {
            let told = self.stores.told.gatherings[around].told.iter();
            told.copied().find(|told| told.view == view && told.at >= since)
        });
        match told {
            Some(told) => self.told_by(told, change),
            None => self.gather_change(owner, change),
        }
    }

    /// An event that was published before tells of a change; where the view has taken it in already, it shows the change.
    fn told_by(&mut self, ToldView { view, message, .. }: ToldView, change: Id<Change>) {
        let message = self.stores.topics.messages.find(message);
        let by_message = &mut self.stores.told.by_message;
        match message.and_then(|message| by_message.get_mut(&(message, view))) {
            Some(told) => told.push(change),
            None => self.change_shown(change),
        }
    }

    /// An event that feeds views is published: it tells what its operation has committed since the last one.
    pub(super) fn tell_views(
        &mut self,
        frame: FrameId,
        message: Id<Carried>,
        views: &[Id<ViewPlan>],
    ) {
        let now = self.events.now();
        let reference = self.stores.topics.messages.refer(message);
        let around = self.gathering_around(frame);
        for view in views.iter().copied() {
            let ToldChanges { gatherings, by_message } = &mut self.stores.told;
            let told = by_message.entry((message, view)).or_default();
            let Some(around) = around else { continue };
            let own = &mut gatherings[around];
            let changes = &self.stores.followed.changes;
            told.extend(own.changes.extract_if(.., |change| changes[*change].view == view));
            own.told.retain(|told| told.view != view);
            own.told.push(ToldView { view, message: reference, at: now });
        }
    }

    /// What an event in the hand of a consumer tells to a view, taken from it.
    fn take_told(&mut self, frame: FrameId, view: Id<ViewPlan>) -> Vec<Id<Change>> {
        let message = self.message_in_hand(frame);
        let told = message.and_then(|it| self.stores.told.by_message.remove(&(it, view)));
        told.unwrap_or_default()
    }

    fn message_in_hand(&self, frame: FrameId) -> Option<Id<Carried>> {
        let Upon::Consumer(consumer) = self.crowd.frames[frame].upon else { return None };
        let own = &self.stores.topics.consumers[consumer];
        own.hand.get(own.at).map(|hand| hand.message)
    }

    /// Rows of a view that the event in the hand of a consumer has changed.
    pub(super) fn rows_told(&self, frame: FrameId, view: Id<ViewPlan>) -> u64 {
        let changes = &self.stores.followed.changes;
        let message = self.message_in_hand(frame);
        let told = message.and_then(|it| self.stores.told.by_message.get(&(it, view)));
        let rows = told.into_iter().flatten().map(|it| changes[*it].rows.len() as u64);
        rows.sum()
    }

    /// A consumer has committed what its event tells: the view shows it.
    pub(super) fn show_told(&mut self, frame: FrameId, trail: &TrailPlan) -> Option<FrameId> {
        if let Some(view) = trail.view {
            for change in self.take_told(frame, view) {
                self.change_shown(change);
            }
        }
        Some(frame)
    }

    /// An event is gone: what it has told to a view that has not taken it in, that never shows.
    pub(super) fn told_for_nothing(&mut self, message: Id<Carried>) {
        for change in self.forget_told(message) {
            self.change_missed(change);
        }
    }

    /// An event is rolled back: what it would have told waits for another one.
    pub(super) fn told_is_rolled_back(&mut self, session: Id<Session>, message: Id<Carried>) {
        let owner = self.stores.sessions[session].owner;
        for change in self.forget_told(message) {
            self.gather_change(owner, change);
        }
    }

    fn forget_told(&mut self, message: Id<Carried>) -> Vec<Id<Change>> {
        let by_message = &mut self.stores.told.by_message;
        if by_message.is_empty() {
            return Vec::new();
        }
        let topic = self.stores.topics.messages[message].topic;
        let views = self.plan.messaging.topics[topic].feeds.iter();
        let told = views.filter_map(|view| by_message.remove(&(message, *view)));
        told.flatten().collect()
    }

    /// Nobody tells the view of a change.
    fn change_missed(&mut self, change: Id<Change>) {
        let now = self.events.now();
        let followed = &mut self.stores.followed;
        let Change { view, at, ref rows, .. } = *followed.changes.remove(change);
        let state = &mut followed.views[view];
        rows.iter().for_each(|row| state.lag.shows(*row, at));
        state.record.missed += 1;
        state.record.on_their_way.leave(now);
    }
}
