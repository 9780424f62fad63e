//! Views: what their readers miss, and the way of a change from its commit into the view.

use super::trails::drawn;
use crate::ids::{Id, Ref};
use crate::measure::{Category, Kind};
use crate::plan::TrailPlan;
use crate::random::Draws;
use crate::runtime::control::Happening;
use crate::runtime::crowd::{FrameStart, Stay, Upon};
use crate::runtime::frame_id::FrameId;
use crate::runtime::resources::lag::RowGroup;
use crate::runtime::stores::{Change, Session};
use crate::runtime::world::World;

impl World<'_> {
    /// Rows of a view are read: notes the age of the oldest commit that they do not show.
    pub(super) fn look(&mut self, frame: FrameId, trail: &TrailPlan, site: u32) -> Option<FrameId> {
        let Some(view) = trail.view else { return Some(frame) };
        let state = &mut self.stores.followed.views[view];
        let (lag, tables) = (&state.lag, &self.plan.followed.views[view].tables);
        let missed = drawn(trail, self.crowd.frames[frame].key, site).flat_map(move |row| {
            let groups = (0u32..).zip(tables).map(move |(table, own)| (table, own.of_view(row)));
            groups.filter_map(move |group| lag.oldest(group))
        });
        let oldest = missed.min();
        let now = self.events.now();
        state.record.read(oldest.map(|committed| now - committed));
        Some(frame)
    }

    /// What a session has changed is on its way to the views from now on: it has committed, on disk.
    pub(super) fn commit_changes(&mut self, session: Id<Session>) {
        let followed = &mut self.stores.followed;
        let Some(open) = followed.trails.find(session) else { return };
        let mut changed = std::mem::take(&mut open.changed);
        changed.sort_unstable();
        changed.dedup();
        for of_view in changed.chunk_by(|(one, _), (other, _)| one == other) {
            let rows: Vec<RowGroup> = of_view.iter().map(|(_, row)| *row).collect();
            let now = self.events.now();
            let view = of_view[0].0;
            let followed = &mut self.stores.followed;
            let state = &mut followed.views[view];
            rows.iter().for_each(|row| state.lag.commits(*row, now));
            state.record.changes += 1;
            state.record.on_their_way.enter(now);
            let lag = self.plan.followed.views[view]
                .lag
                .map_or(0, |lag| self.plan.program.samplers[lag].draw(&mut followed.random));
            let key = followed.key();
            let change = followed.changes.add(Change { view, at: now, rows, key });
            if self.plan.followed.views[view].is_told {
                self.tell_change(session, change);
                continue;
            }
            let what = Happening::Arrives(change);
            self.agenda.enter(&mut self.events, None, now.saturating_add(lag), what);
        }
    }

    /// A change is there to be applied: a frame of the view does that, for which nobody waits. One that ends before its
    /// time is followed by another.
    pub(in crate::runtime) fn change_arrives(&mut self, change: Id<Change>) {
        let upon = Upon::Change(self.stores.followed.changes.refer(change));
        let Change { view, key, .. } = self.stores.followed.changes[change];
        let path = self.crowd.paths.detached();
        // It works on the database alone; the instance only gives it a place.
        let (instance, pc) = (Id::new(0), self.plan.followed.applies[view]);
        let (call, scope, stay, is_far) = (None, None, Stay::None, false);
        let start = FrameStart { key, upon, path, instance, pc, call, scope, stay, is_far };
        let (applies, _) = self.crowd.start(start);
        self.start_later(applies, self.events.now());
    }

    /// Work for the commit of a change, and for its rows behind the first.
    pub(super) fn apply(&mut self, frame: FrameId, trail: &TrailPlan) -> Option<FrameId> {
        let place = &self.crowd.frames[frame];
        let Some(view) = trail.view else { return Some(frame) };
        let Upon::Change(change) = place.upon else {
            let rows = self.rows_told(frame, view);
            let row = self.plan.followed.views[view].row;
            let work = row.saturating_mul(rows.saturating_sub(1));
            return self.compute_in(trail.database, frame, work, Category::DatabaseCpu);
        };
        let changes = &self.stores.followed.changes;
        let rows = changes.find(change).map_or(1, |change| changes[change].rows.len() as u64);
        let commit = self.plan.site.databases[trail.database].commit_cpu;
        let commit = commit.map_or(0, |law| {
            self.plan.program.samplers[law].draw(&mut Draws::at(place.key, COMMIT_SITE))
        });
        let rows = self.plan.followed.views[view].row.saturating_mul(rows.saturating_sub(1));
        let work = commit.saturating_add(rows);
        self.compute_in(trail.database, frame, work, Category::DatabaseCpu)
    }

    /// A frame that took a change into its view has ended: the view shows it, unless that frame did not come to its end.
    pub(super) fn change_applied(&mut self, change: Ref<Change>, failure: Kind) {
        let Some(change) = self.stores.followed.changes.find(change) else { return };
        match failure {
            Kind::Ok => self.change_shown(change),
            Kind::Rejected
            | Kind::Timeout
            | Kind::Failed
            | Kind::Deadlock
            | Kind::Abandoned
            | Kind::Conflict => self.change_arrives(change),
        }
    }

    /// A view shows a change.
    pub(super) fn change_shown(&mut self, change: Id<Change>) {
        let now = self.events.now();
        let followed = &mut self.stores.followed;
        let Change { view, at, ref rows, .. } = *followed.changes.remove(change);
        let state = &mut followed.views[view];
        rows.iter().for_each(|row| state.lag.shows(*row, at));
        state.record.shown(now - at);
        state.record.on_their_way.leave(now);
    }
}

/// Keys the draw of the work of a commit, apart from that of the statement before it.
const COMMIT_SITE: u32 = 4;
