//! Waiting lines for a thread that are more than first come, first served: by priority, or with an end
//! to patience. What has neither never comes here.
//!
//! Cobham 1954 (priorities); Palm 1957, Baccelli & Hebuterne 1981 (patience).

use super::frames::{Frames, Paths};
use super::resources::deadlines::Deadlines;
use super::world::{World, kind};
use crate::events::Target;
use crate::ids::Id;
use crate::measure::Kind;
use crate::model::QueueDiscipline;
use crate::plan::{InstancePlan, Plan};
use crate::random::Draws;

/// Number of the draw of a request's patience, beyond those of any step.
const SITE_PATIENCE: u32 = u32::MAX - 2;

/// The class of work that belongs to no request, such as a subscriber that nobody waits for: the last.
const BACKGROUND: u8 = u8::MAX;

/// Those who lose patience at one instance.
#[derive(Debug, Clone, Default)]
pub(super) struct Patience {
    deadlines: Deadlines,
    /// Sequence number of the wake-up that stands.
    awaited: u64,
}

/// Class of the request that a frame works for; 0 is served first.
pub(super) fn class_of(frames: &Frames, paths: &Paths, plan: &Plan, frame: u32) -> u8 {
    let endpoint = paths[frames[frame].path].endpoint;
    endpoint.map_or(BACKGROUND, |endpoint| plan.endpoints[endpoint].class)
}

impl World<'_> {
    /// A frame waits for a thread, last of all so far: its priority gives it its place, and its patience
    /// an end.
    #[inline(never)]
    pub(super) fn join_special_line(&mut self, frame: u32) {
        let plan = self.plan;
        let at = self.frames[frame].instance;
        let instance = &mut self.instances[at];
        let service = &plan.services[instance.service];
        let Some(threads) = &mut instance.threads else {
            unreachable!("only threads are waited for in a line")
        };
        if service.discipline == QueueDiscipline::Priority {
            threads.rank_last(|waiting| class_of(&self.frames, &self.paths, plan, waiting));
        }
        if let Some(patience) = service.patience {
            let waiting = threads.queued() as usize;
            let mut draws = Draws::at(self.frames[frame].key, SITE_PATIENCE);
            let patience = plan.samplers[patience].draw(&mut draws);
            let end = self.events.now().saturating_add(patience);
            let ticket = self.events.number();
            self.frames[frame].awaited = ticket;
            let waits = |frame: u32, ticket: u64| self.frames[frame].awaited == ticket;
            let deadlines = &mut self.patience[at].deadlines;
            let wake = deadlines.add((end, ticket, frame), waiting, waits);
            self.wake_patience(at, wake);
        }
    }

    fn wake_patience(&mut self, instance: Id<InstancePlan>, wake: Option<u64>) {
        if let Some(time) = wake {
            let target = Target::new(kind::PATIENCE, instance.number());
            self.patience[instance].awaited = self.events.push(time, target);
        }
    }

    /// Whoever has waited for a thread of the instance to the end of its patience leaves.
    #[inline(never)]
    pub(super) fn patience_ends(&mut self, instance: Id<InstancePlan>, sequence: u64) {
        let at = instance;
        if self.patience[at].awaited != sequence {
            return; // a shorter patience has moved the wake-up forward
        }
        let now = self.events.now();
        self.patience[at].deadlines.wake();
        while let Some((frame, ticket)) = self.patience[at].deadlines.expired(now) {
            if self.frames[frame].awaited == ticket {
                self.abandon(frame);
            }
        }
        let waits = |frame: u32, ticket: u64| self.frames[frame].awaited == ticket;
        let wake = self.patience[at].deadlines.next(waits);
        self.wake_patience(instance, wake);
    }

    /// Who is the first to lose patience at this wake-up of the instance, for whoever looks on.
    pub(super) fn next_without_patience(
        &self,
        instance: Id<InstancePlan>,
        sequence: u64,
    ) -> Option<u32> {
        let patience = &self.patience[instance];
        let now = self.events.now();
        let waits = |frame: u32, ticket: u64| self.frames[frame].awaited == ticket;
        let first = patience.deadlines.first_expired(now, waits);
        first.filter(|_| patience.awaited == sequence)
    }

    /// A frame leaves the line of its instance without having had a thread; its caller is told.
    fn abandon(&mut self, frame: u32) {
        let plan = self.plan;
        let instance = &mut self.instances[self.frames[frame].instance];
        let service = instance.service;
        let ranked = plan.services[service].discipline == QueueDiscipline::Priority;
        let rank = |waiting: u32| {
            let class = if ranked { class_of(&self.frames, &self.paths, plan, waiting) } else { 0 };
            (class, self.frames[waiting].since)
        };
        let left = instance.threads.as_mut().is_some_and(|line| line.cancel_ranked(frame, rank));
        if !left {
            return; // whoever left at this instant, just before, has freed a thread for it
        }
        instance.outstanding -= 1;
        let now = self.events.now();
        let waited = now - self.frames[frame].since;
        let record = &mut self.services[service].record;
        record.queue.leave(now);
        record.abandoned_waits.record(waited);
        record.abandoned_wait_sum += u128::from(waited);
        self.settle(frame);
        let place = &mut self.frames[frame];
        place.awaited = 0;
        place.failure = Kind::Abandoned as u8;
        if let Some(next) = self.reply(frame) {
            self.advance(next);
        }
    }
}
