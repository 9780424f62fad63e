//! How frames end, well or not: the one way out, by which whoever waits for a frame is told.

use crate::ids::Id;
use crate::measure::{Category, Kind};
use crate::plan::{ANSWER_STEP, CallSite, JOIN_STEP};
use crate::runtime::crowd::{Frame, Path, Stay, Told, Upon, Wait};
use crate::runtime::fleet::Instance;
use crate::runtime::frame_id::{FrameId, FrameRef};
use crate::runtime::world::World;

/// What is told of a request that its instance has served and whose frame is gone.
#[derive(Clone, Copy)]
pub(in crate::runtime) struct Gone {
    path: Id<Path>,
    failure: Kind,
    instance: Id<Instance>,
    /// (ns, modulo 2³²) Since when it was served.
    since: u32,
    way: WayBack,
}

/// The way back of an answer.
#[derive(Clone, Copy)]
struct WayBack {
    /// The call that it answers, where the way takes time.
    call: Option<Id<CallSite>>,
    /// Where it comes from.
    from: Id<Instance>,
    /// (ns) How long a message takes.
    latency: u64,
}

impl Gone {
    #[inline(always)]
    pub(in crate::runtime) fn of(frame: &Frame) -> Self {
        let &Frame { path, failure, instance, served_since: since, .. } = frame;
        Gone { path, failure, instance, since, way: WayBack::of(frame) }
    }
}

impl WayBack {
    #[inline(always)]
    fn of(frame: &Frame) -> Self {
        let call = frame.call.filter(|_| frame.is_far);
        WayBack { call, from: frame.instance, latency: frame.latency }
    }
}

impl World<'_> {
    /// The frame has done its last step.
    #[inline(never)]
    pub(in crate::runtime) fn end(&mut self, frame: FrameId) -> Option<FrameId> {
        let place = self.crowd.frames.occupied(frame);
        if let Some(told) = place.tells_at_once() {
            let gone = Gone::of(place.remove());
            return self.end_served(told, gone);
        }
        let next = self.finish(frame)?;
        // All is well with the frame itself, but a branch beside it may have failed.
        if self.crowd.frames[next].failure == Kind::Ok { Some(next) } else { self.fail(next) }
    }

    /// The same for a request that its instance has served and whose place was given back at once: what `finish`
    /// does. Whoever waits is told before the thread goes to the next in line, who goes on later.
    #[inline(always)]
    pub(in crate::runtime) fn end_served(&mut self, told: Told, gone: Gone) -> Option<FrameId> {
        let Gone { path, failure, instance, since, way } = gone;
        let (next, is_well) = match told {
            Told::Caller(caller) => (self.reply_to(caller, failure, way), true),
            Told::Fork(parent) => {
                let parent = self.join_path(parent, path, failure);
                // All is well with the branch, but one beside it may have failed.
                let is_well = |parent: FrameId| self.crowd.frames[parent].failure == Kind::Ok;
                (parent, parent.is_none_or(is_well))
            }
            Told::Client => {
                self.record_answer_of(path, failure);
                (None, true)
            }
        };
        if self.leave_instance(instance, since) {
            self.goes_if_idle(instance);
        }
        if is_well { next } else { next.and_then(|next| self.fail(next)) }
    }

    #[inline(never)]
    pub(in crate::runtime) fn business_failure(&mut self, frame: FrameId) -> Option<FrameId> {
        self.crowd.frames[frame].failure = Kind::Failed;
        self.fail(frame)
    }

    /// The frame has failed: its scopes unwind, and the failure goes to whoever waits for it, and on from
    /// there. The frame that goes on instead, if one does: the victim of a deadlock, for one, may start its
    /// transaction again.
    #[inline(never)]
    pub(in crate::runtime) fn fail(&mut self, mut frame: FrameId) -> Option<FrameId> {
        loop {
            if self.unwinds_to_another_try(frame) {
                return Some(frame);
            }
            frame = self.finish(frame)?;
            if self.crowd.frames[frame].failure == Kind::Ok {
                return Some(frame);
            }
        }
    }

    /// A frame that waits is told that what it waits for is over, and whoever goes on then goes on.
    pub(super) fn tell_answer(&mut self, frame: FrameId, answer: Kind) {
        let place = &mut self.crowd.frames[frame];
        place.wait = Wait::Nothing;
        place.failure = answer;
        self.go_on(frame);
    }

    /// A frame goes on with what it was told; if that is a failure, whoever goes on instead does.
    pub(super) fn go_on(&mut self, frame: FrameId) {
        let well = self.crowd.frames[frame].failure == Kind::Ok;
        if let Some(next) = if well { Some(frame) } else { self.fail(frame) } {
            self.advance(next);
        }
    }

    /// The frame is over, with its failure if it has one: it leaves the instance that it came to, and whoever
    /// waits for it is told. Answers the frame that goes on at once, with the failure that it was told.
    #[inline(always)]
    pub(super) fn finish(&mut self, frame: FrameId) -> Option<FrameId> {
        let place = &self.crowd.frames[frame];
        let at = place.instance;
        let goes = match place.stay {
            Stay::None => place.upon.outlives_requests() && self.fleet.instances[at].drains(),
            Stay::Served => self.leave(frame),
            Stay::Coming => self.turn_away(frame),
        };
        let next = self.answer(frame);
        if goes {
            self.goes_if_idle(at);
        }
        next
    }

    /// A request ends before its instance has served it. Whether it was the last of an instance that drains.
    #[inline(never)]
    fn turn_away(&mut self, frame: FrameId) -> bool {
        let place = &mut self.crowd.frames[frame];
        place.stay = Stay::None;
        let instance = &mut self.fleet.instances[place.instance];
        instance.outstanding -= 1;
        instance.drains()
    }

    /// Whoever waits for the frame is told that it is over.
    #[inline(always)]
    fn answer(&mut self, frame: FrameId) -> Option<FrameId> {
        let place = &self.crowd.frames[frame];
        match place.upon {
            Upon::Caller(caller) => self.reply(frame, caller),
            Upon::Client => self.answer_client(frame),
            Upon::Nest(parent) => {
                let failure = self.crowd.frames.remove(frame).failure;
                self.tell(parent, failure)
            }
            Upon::Turn(parent) => self.turn_ends(frame, parent),
            Upon::Fork(parent) => self.branch_ends(frame, parent),
            Upon::Attempt(_) => self.reply_with_own_frame(frame),
            Upon::Change(_) | Upon::Request(_) | Upon::Relay(_) | Upon::Consumer(_) => {
                self.ends_aside(frame);
                None
            }
            Upon::Nobody => {
                let path = self.crowd.frames.remove(frame).path;
                self.crowd.paths.remove(path);
                None
            }
        }
    }

    /// What a frame waited for is over; the frame, if it is still there.
    #[inline(always)]
    pub(super) fn tell(&mut self, parent: FrameRef, failure: Kind) -> Option<FrameId> {
        let place = self.crowd.frames.find_mut(parent)?;
        place.wait = Wait::Nothing;
        place.failure = failure;
        Some(parent.place())
    }

    /// The answer of a call goes back: the caller waits for it by itself from now on.
    #[inline(always)]
    fn reply(&mut self, frame: FrameId, caller: FrameRef) -> Option<FrameId> {
        let gone = self.crowd.frames.remove(frame);
        let (failure, way) = (gone.failure, WayBack::of(gone));
        self.reply_to(caller, failure, way)
    }

    /// The same where the callee is gone.
    #[inline(always)]
    fn reply_to(&mut self, caller: FrameRef, failure: Kind, way: WayBack) -> Option<FrameId> {
        let caller = self.tell(caller, failure)?;
        let Some(call) = way.call else {
            return Some(caller);
        };
        let call = &self.plan.program.calls[call];
        let ends = (way.from, self.crowd.frames[caller].instance);
        self.send_reply(caller, call.reply, ends, way.latency);
        None
    }

    /// A branch is over. One that is nothing but a call has a way back.
    #[inline(always)]
    fn branch_ends(&mut self, frame: FrameId, parent: FrameRef) -> Option<FrameId> {
        let place = &self.crowd.frames[frame];
        if place.is_far && place.call.is_some() {
            return self.reply_with_own_frame(frame);
        }
        self.join(frame, parent)
    }

    /// The answer of a call travels with the callee's own frame: its caller waits for others, too, or may
    /// have gone on when it arrives.
    fn reply_with_own_frame(&mut self, frame: FrameId) -> Option<FrameId> {
        let Some(call) = self.crowd.frames[frame].call.take() else {
            return self.arrives(frame);
        };
        let call = &self.plan.program.calls[call];
        if !call.hops {
            return self.arrives(frame);
        }
        let place = &mut self.crowd.frames[frame];
        place.pc = JOIN_STEP;
        let (instance, latency) = (place.instance, place.latency);
        // A branch or an attempt: those who wait for others, too, or no longer than a time.
        let caller = self.crowd.above(frame);
        let to = caller.map_or(instance, |caller| self.crowd.frames[caller].instance);
        self.send_reply(frame, call.reply, (instance, to), latency);
        None
    }

    /// An answer that travelled with the callee's own frame has arrived.
    pub(in crate::runtime) fn arrives(&mut self, frame: FrameId) -> Option<FrameId> {
        match self.crowd.frames[frame].upon {
            Upon::Fork(parent) => self.join(frame, parent),
            Upon::Attempt(attempt) => self.attempt_answers(frame, attempt),
            Upon::Client
            | Upon::Caller(_)
            | Upon::Nest(_)
            | Upon::Turn(_)
            | Upon::Change(_)
            | Upon::Request(_)
            | Upon::Relay(_)
            | Upon::Consumer(_)
            | Upon::Nobody => {
                let path = self.crowd.frames.remove(frame).path;
                self.crowd.paths.remove(path);
                None
            }
        }
    }

    /// The step at which such an answer arrives.
    pub(in crate::runtime) fn arrive_with_answer(&mut self, frame: FrameId) -> Option<FrameId> {
        let next = self.arrives(frame)?;
        if self.crowd.frames[next].failure == Kind::Ok { Some(next) } else { self.fail(next) }
    }

    /// A branch has ended; the last one lets its parent go on.
    #[inline(never)]
    pub(super) fn join(&mut self, branch: FrameId, parent: FrameRef) -> Option<FrameId> {
        let gone = self.crowd.frames.remove(branch);
        let (path, failure) = (gone.path, gone.failure);
        self.join_path(parent, path, failure)
    }

    /// The time of a branch that is over goes to its parent, if it was the last one.
    #[inline(always)]
    pub(super) fn join_path(
        &mut self,
        parent: FrameRef,
        path: Id<Path>,
        failure: Kind,
    ) -> Option<FrameId> {
        let Some(waiting) = self.crowd.frames.find_mut(parent) else {
            self.crowd.paths.remove_added(path);
            return None;
        };
        waiting.counter -= 1;
        if waiting.failure == Kind::Ok {
            waiting.failure = failure;
        }
        let (last, own_path) = (waiting.counter == 0, waiting.path);
        if last {
            if std::mem::replace(&mut waiting.wait, Wait::Nothing) == Wait::Aside {
                self.crowd.paths.join_as(own_path, path, Category::Coordination);
            } else {
                self.crowd.paths.join(own_path, path);
            }
        }
        self.crowd.paths.remove_added(path);
        last.then_some(parent.place())
    }

    /// The answer of an outside request leaves; it is recorded when the client has it.
    #[inline(always)]
    fn answer_client(&mut self, frame: FrameId) -> Option<FrameId> {
        let plan = self.plan;
        let place = &mut self.crowd.frames[frame];
        if !place.is_far {
            self.record_answer(frame);
            return None;
        }
        let endpoint = &plan.load.endpoints[self.crowd.paths[place.path].asks_for()];
        let call = &plan.program.calls[endpoint.call];
        match endpoint.client {
            Some(client) if place.call.take().is_some() => {
                // The failure, if any, must not be taken for one of the hop.
                place.counter = place.failure as u32;
                place.failure = Kind::Ok;
                place.pc = ANSWER_STEP;
                self.send(frame, call.reply, client as usize);
            }
            _ => self.record_answer(frame),
        }
        None
    }

    /// The answer has reached a client that is far away: its failure, if any, counts again.
    pub(in crate::runtime) fn answer_arrives(&mut self, frame: FrameId) -> Option<FrameId> {
        let place = &mut self.crowd.frames[frame];
        place.failure = Kind::ALL[place.counter as usize];
        // Its client may have gone meanwhile.
        match place.upon {
            Upon::Client => self.record_answer(frame),
            Upon::Caller(_)
            | Upon::Nest(_)
            | Upon::Turn(_)
            | Upon::Fork(_)
            | Upon::Attempt(_)
            | Upon::Change(_)
            | Upon::Request(_)
            | Upon::Relay(_)
            | Upon::Consumer(_)
            | Upon::Nobody => {
                let path = self.crowd.frames.remove(frame).path;
                self.crowd.paths.remove(path);
            }
        }
        None
    }

    /// The client has its answer.
    #[inline(always)]
    fn record_answer(&mut self, frame: FrameId) {
        let gone = self.crowd.frames.remove(frame);
        let (path, failure) = (gone.path, gone.failure);
        self.record_answer_of(path, failure);
    }

    /// The request of this path is over.
    #[inline(always)]
    pub(super) fn record_answer_of(&mut self, path: Id<Path>, failure: Kind) {
        let now = self.events.now();
        let request = self.crowd.paths.remove_added(path);
        let endpoint = request.asks_for();
        let latency = now - request.started;
        let user = request.user;
        let tally = &mut self.tally;
        let record = &mut tally.endpoints[endpoint];
        record.present.leave(now);
        tally.in_flight -= 1;
        if failure == Kind::Ok {
            debug_assert_eq!(
                request.spent().map(|(_, time)| time).sum::<u64>(),
                latency,
                "time went nowhere"
            );
            record.answer(latency, request.spent());
            tally.series.answer(now, latency, tally.in_flight);
            if let Some(series) = &mut record.series {
                series.answer(now, latency, record.present.level());
            }
        } else {
            record.answers[failure as usize] += 1;
            record.other_latency_sum += u128::from(latency);
        }
        if let Some(recorder) = &mut tally.recorder {
            recorder.answer(now - latency, endpoint.index(), failure as u8, latency);
        }
        if let Some(user) = user {
            self.user_thinks(user);
        }
    }
}
