//! Attempts: a call whose caller waits no longer than a time. The callee then works on for nobody, its time on
//! a path of its own.

use crate::ids::{Id, Ref};
use crate::measure::Kind;
use crate::plan::CallSite;
use crate::random::Key;
use crate::runtime::control::Due;
use crate::runtime::crowd::{Attempt, Upon, Wait};
use crate::runtime::frame_id::FrameId;
use crate::runtime::world::World;

impl World<'_> {
    /// A call that is given up after `timeout` (ns).
    #[inline(never)]
    pub(super) fn attempt(
        &mut self,
        frame: FrameId,
        key: Key,
        call: Id<CallSite>,
        timeout: u64,
    ) -> Option<FrameId> {
        let plan = self.plan;
        let target = &plan.program.calls[call];
        let now = self.events.now();
        let (caller, endpoint) = {
            let place = &self.crowd.frames[frame];
            (place.instance, self.crowd.paths[place.path].endpoint)
        };
        let path = self.crowd.paths.add_part(now, endpoint);
        let instance = self.choose_instance(Some(caller), target);
        let callee = self.add_request(key, Upon::Nobody, path, call, instance);
        let attempt = self.crowd.attempts.add(Attempt {
            caller: self.crowd.refer(frame),
            callee: self.crowd.refer(callee),
            path,
            awaited: 0,
        });
        self.crowd.frames[callee].upon = Upon::Attempt(self.crowd.attempts.refer(attempt));
        self.crowd.frames[frame].wait = Wait::Attempt(attempt);
        // Only the next end of this length is among the events that others wait behind; most come to nothing.
        let lane = self.events.lane_of(timeout);
        let end = now.saturating_add(timeout);
        let awaited = self.schedule(Some(lane), end, Due::Attempt(attempt));
        self.crowd.attempts[attempt].awaited = awaited;
        if !target.hops {
            // Goes on with the step that every entry begins with.
            return Some(callee);
        }
        self.send_request(callee, target.request, caller, instance);
        None
    }

    /// A caller has waited long enough, unless it was answered before.
    #[inline(never)]
    pub(in crate::runtime) fn attempt_ends(&mut self, attempt: Id<Attempt>, sequence: u64) {
        let stands = self.crowd.attempts.is_taken(attempt)
            && self.crowd.attempts[attempt].awaited == sequence;
        if stands {
            self.give_up(attempt, Kind::Timeout);
        }
    }

    /// The caller of an attempt is told `answer`; the callee, if it is still there, works on for nobody.
    pub(super) fn give_up(&mut self, attempt: Id<Attempt>, answer: Kind) {
        if let Some(caller) = self.drop_attempt(attempt) {
            self.tell_answer(caller, answer);
        }
    }

    /// The attempt is over without an answer: what its path has come to so far goes to the caller's.
    /// The caller, if it is still there.
    pub(super) fn drop_attempt(&mut self, attempt: Id<Attempt>) -> Option<FrameId> {
        let Attempt { caller, callee, path, .. } = self.crowd.attempts[attempt];
        self.crowd.attempts.remove(attempt);
        let caller = self.crowd.frames.find(caller);
        if let Some(caller) = caller {
            let into = self.crowd.frames[caller].path;
            self.crowd.paths.join(into, path);
            if let Some(callee) = self.crowd.frames.find(callee) {
                self.note_below(callee, into);
            }
        }
        if let Some(callee) = self.crowd.frames.find(callee) {
            self.crowd.frames[callee].upon = Upon::Nobody;
        }
        caller
    }

    /// The answer of an attempt has reached its caller.
    pub(super) fn attempt_answers(
        &mut self,
        callee: FrameId,
        attempt: Ref<Attempt>,
    ) -> Option<FrameId> {
        let failure = self.crowd.frames[callee].failure;
        self.crowd.frames.remove(callee);
        let attempt = self.crowd.attempts.find(attempt)?;
        let Attempt { caller, path, .. } = self.crowd.attempts[attempt];
        self.crowd.attempts.remove(attempt);
        if let Some(caller) = self.crowd.frames.find(caller) {
            self.crowd.paths.join(self.crowd.frames[caller].path, path);
        }
        self.crowd.paths.remove(path);
        self.tell(caller, failure)
    }
}
