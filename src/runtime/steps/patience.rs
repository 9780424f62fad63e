//! Waiting lines for a thread that are more than first come, first served: by priority, or with an end
//! to patience. What has neither never comes here.
//!
//! Cobham 1954 (priorities); Palm 1957, Baccelli & Hebuterne 1981 (patience).

use crate::ids::Id;
use crate::measure::Kind;
use crate::model::QueueDiscipline;
use crate::plan::Plan;
use crate::random::Draws;
use crate::runtime::control::Due;
use crate::runtime::crowd::{Crowd, Wait};
use crate::runtime::fleet::Instance;
use crate::runtime::frame_id::FrameId;
use crate::runtime::world::World;

/// Number of the draw of a request's patience, beyond those of any step.
const SITE_PATIENCE: u32 = u32::MAX - 2;

/// The class of work that belongs to no request, such as a subscriber that nobody waits for: the last.
const BACKGROUND: u8 = u8::MAX;

/// Class of the request that a frame works for; 0 is served first.
pub(in crate::runtime) fn class_of(crowd: &Crowd, plan: &Plan, frame: FrameId) -> u8 {
    let endpoint = crowd.paths[crowd.frames[frame].path].endpoint;
    endpoint.map_or(BACKGROUND, |endpoint| plan.load.endpoints[endpoint].class)
}

impl World<'_> {
    /// A frame waits for a thread, last of all so far: its priority gives it its place, and its patience
    /// an end.
    #[inline(never)]
    pub(super) fn join_special_line(&mut self, frame: FrameId) {
        let (plan, crowd) = (self.plan, &mut self.crowd);
        let at = crowd.frames[frame].instance;
        let instance = &mut self.fleet.instances[at];
        let service = &plan.site.services[instance.service];
        let Some(threads) = &mut instance.threads else {
            unreachable!("only threads are waited for in a line")
        };
        if service.discipline == QueueDiscipline::Priority {
            threads.rank_last(|waiting| class_of(crowd, plan, waiting));
        }
        if let Some(patience) = service.patience {
            let waiting = threads.queued() as usize;
            let mut draws = Draws::at(crowd.frames[frame].key, SITE_PATIENCE);
            let patience = plan.program.samplers[patience].draw(&mut draws);
            let end = self.events.now().saturating_add(patience);
            let ticket = self.events.number();
            crowd.frames[frame].awaited = ticket;
            let waits = |frame: FrameId, ticket: u64| crowd.frames[frame].awaited == ticket;
            let wake = instance.patience.deadlines.add((end, ticket, frame), waiting, waits);
            self.wake_patience(at, wake);
        }
    }

    fn wake_patience(&mut self, at: Id<Instance>, wake: Option<u64>) {
        if let Some(time) = wake {
            let sequence = self.events.push(time, Due::Patience(at).target());
            self.fleet.instances[at].patience.awaited = sequence;
        }
    }

    /// Those who have waited for a thread of the instance to the end of their patience leave, unless a
    /// shorter patience has moved this wake-up forward.
    #[inline(never)]
    pub(in crate::runtime) fn patience_ends(&mut self, at: Id<Instance>, sequence: u64) {
        if self.fleet.instances[at].patience.awaited != sequence {
            return;
        }
        let now = self.events.now();
        self.fleet.instances[at].patience.deadlines.wake();
        while let Some((frame, ticket)) = self.fleet.instances[at].patience.deadlines.expired(now) {
            if self.crowd.frames[frame].awaited == ticket {
                self.abandon(frame);
            }
        }
        let frames = &self.crowd.frames;
        let waits = |frame: FrameId, ticket: u64| frames[frame].awaited == ticket;
        let wake = self.fleet.instances[at].patience.deadlines.next(waits);
        self.wake_patience(at, wake);
    }

    /// Who is the first to lose patience at this wake-up of the instance, for those who look on.
    pub(in crate::runtime) fn next_without_patience(
        &self,
        at: Id<Instance>,
        sequence: u64,
    ) -> Option<FrameId> {
        let patience = &self.fleet.instances[at].patience;
        let now = self.events.now();
        let waits = |frame: FrameId, ticket: u64| self.crowd.frames[frame].awaited == ticket;
        let first = patience.deadlines.first_expired(now, waits);
        first.filter(|_| patience.awaited == sequence)
    }

    /// A frame has waited for a thread for as long as it would; its caller is told. One that was given a
    /// thread at this very instant stays.
    fn abandon(&mut self, frame: FrameId) {
        if self.crowd.frames[frame].wait != Wait::Thread {
            return;
        }
        self.settle(frame);
        self.leave_line(frame);
        let place = &mut self.crowd.frames[frame];
        place.awaited = 0;
        self.tell_answer(frame, Kind::Abandoned);
    }

    /// A frame leaves the line of its instance without having had a thread.
    pub(super) fn leave_line(&mut self, frame: FrameId) {
        let (plan, crowd) = (self.plan, &self.crowd);
        let instance = &mut self.fleet.instances[crowd.frames[frame].instance];
        let ranked = plan.site.services[instance.service].discipline == QueueDiscipline::Priority;
        let rank = |waiting: FrameId| {
            let class = if ranked { class_of(crowd, plan, waiting) } else { 0 };
            (class, crowd.frames[waiting].since)
        };
        let was_there =
            instance.threads.as_mut().is_some_and(|line| line.cancel_ranked(frame, rank));
        assert!(was_there, "a frame that waits for a thread stands in line");
        let now = self.events.now();
        let waited = now - crowd.frames[frame].since;
        let record = &mut self.fleet.services[instance.service].record;
        record.queue.leave(now);
        record.abandoned_waits.record(waited);
        record.abandoned_wait_sum += u128::from(waited);
    }
}
