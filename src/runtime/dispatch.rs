//! The dispatch loop: pops an event, wakes what it is for, moves frames on until they must wait.

use std::sync::atomic::Ordering;

use super::control::{Due, Happening};
use super::crowd::{Path, Wait};
use super::large::LARGE;
use super::looking::Witness;
use super::meter::NOTE_EVERY;
use super::steps::{Caller, Gone, work_alone};
use super::world::{FirstLook, World};
use crate::events::{Occurrence, Target};
use crate::ids::Id;
use crate::measure::{Category, Ending, EndpointRecord, Kind, Limit, Outcome};
use crate::plan::Step;
use crate::random::Draws;
use crate::runtime::frame_id::FrameId;

/// Events between two looks at whether to go on. Few, as one event may start a fork of many branches.
const LOOK_EVERY: u64 = 64;
/// Sequence numbers that one event may use up, and so those that must be left when it is looked: each of its
/// frames may schedule some.
const LEAST_NUMBERS: u64 = 4 * Target::MOST as u64;

impl World<'_> {
    /// Runs the replication to its end.
    pub(super) fn run(mut self) -> Option<Outcome> {
        self.start();
        self.go(&mut ());
        self.run.note_work(self.events.now());
        (!self.run.stopped).then(|| self.close())
    }

    /// Schedules what the replication begins with.
    pub(super) fn start(&mut self) {
        self.schedule_controls();
        self.begin_scaling();
        self.start_sources();
    }

    /// Runs until the replication ends or its witness has enough for now.
    #[inline(always)]
    pub(super) fn go<W: Witness>(&mut self, witness: &mut W) {
        while self.run.ending.is_none() {
            let Some(event) = self.events.pop() else {
                break;
            };
            if self.run.counts_event() && self.must_end() {
                break;
            }
            let mut next =
                if W::WATCHES { self.meet_watched(event, witness) } else { self.meet(event) };
            // The one place where frames go on in a run: what it calls is compiled into it.
            loop {
                if let Some(frame) = next {
                    self.run_steps(frame);
                }
                let Some(freed) = self.crowd.next_freed() else {
                    break;
                };
                if W::WATCHES {
                    witness.note(self.freed(freed));
                }
                next = self.set_to_work(freed);
            }
            if self.crowd.overflowed() {
                self.end_early(Limit::Frames);
            }
            if W::WATCHES && witness.has_enough() {
                break;
            }
        }
    }

    /// Whether the replication has met its end, a limit of events is passed, or nobody wants an outcome any
    /// more; else says when to look again.
    #[cold]
    pub(super) fn must_end(&mut self) -> bool {
        if self.run.ending.is_some() {
            return true;
        }
        let (limits, now) = (self.plan.run.limits, self.events.now());
        self.run.stopped = self.run.stop.load(Ordering::Relaxed);
        if self.run.turn.is_none()
            && self.crowd.frames.place_count() > LARGE
            && let Some(large) = self.run.large
        {
            self.run.turn = large.take(self.run.stop);
            self.run.stopped |= self.run.turn.is_none();
        }
        let event_count = self.run.event_count();
        if event_count - self.run.noted.events >= NOTE_EVERY {
            self.run.note_work(now);
        }
        let numbers_end = self.events.numbers_left() < LEAST_NUMBERS;
        if self.run.stopped || event_count > limits.events || numbers_end {
            self.end_early(Limit::Events);
            return true;
        }
        if now > self.run.first_look.time {
            self.run.first_look = FirstLook { time: now, events: event_count };
        } else if event_count - self.run.first_look.events > limits.simultaneous {
            self.end_early(Limit::Simultaneous);
            return true;
        }
        self.run.look_after((event_count + LOOK_EVERY).min(limits.events));
        false
    }

    /// Does what an event asks for; the frame that goes on at once, if one does.
    #[inline(always)]
    pub(super) fn meet(&mut self, event: Occurrence) -> Option<FrameId> {
        let Occurrence { sequence, target, .. } = event;
        // Most events are for a frame or bring a request: asked for first, they need no jump through a table,
        // which processors foresee badly.
        if let Some(frame) = Due::frame(target) {
            return self.meet_frame(frame, sequence);
        }
        if let Some(source) = Due::arrival(target) {
            return self.arrive(source);
        }
        self.meet_rarer(Due::of(target), sequence)
    }

    /// The same for an event that is for a frame.
    #[inline(always)]
    fn meet_frame(&mut self, frame: FrameId, sequence: u64) -> Option<FrameId> {
        let now = self.events.now();
        let mut place = self.crowd.frames.occupied(frame);
        if place.awaited != sequence {
            return None;
        }
        place.note(now, &mut self.crowd.paths[place.path]);
        // What most wait for is the last thing that they do, and they do it well.
        if place.failure == Kind::Ok
            && let Step::Return = self.plan.program.steps[place.pc]
            && let Some(told) = place.tells_at_once()
        {
            let gone = Gone::of(place.remove());
            return self.end_served(told, gone);
        }
        if place.goes_on() { Some(frame) } else { self.fail(frame) }
    }

    /// The same for what is none of the most frequent.
    #[inline(never)]
    fn meet_rarer(&mut self, due: Due, sequence: u64) -> Option<FrameId> {
        match due {
            Due::Frame(_) | Due::Arrival(_) => unreachable!("it is met above"),
            Due::Host(host) => self.wake_host(host, sequence),
            Due::User(user) => return self.user_returns(user),
            Due::Process(source) => self.process_moves(source),
            Due::Page(read) => self.page_read(read),
            Due::Flush(database) => self.flushed(database),
            Due::Gathered(database) => self.gathered(database, sequence),
            Due::Deadlock(frame) => {
                if self.crowd.frames[frame].awaited == sequence {
                    self.look_for_deadlock(frame);
                }
            }
            Due::Connection(frame) => {
                if self.crowd.frames[frame].awaited == sequence {
                    self.connection_timeout(frame);
                }
            }
            Due::Third(visit) => self.external_answers(visit),
            Due::Patience(instance) => self.patience_ends(instance, sequence),
            Due::Attempt(attempt) => self.attempt_ends(attempt, sequence),
            Due::Workers(instance) => self.workers_go_on(instance),
            Due::Agenda(entry) => {
                let happening = self.agenda.take(entry);
                self.happen(happening);
            }
        }
        None
    }

    #[inline(never)]
    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Warm => self.start_measuring(),
            Happening::Half => {
                self.tally.backlog_at_half = self.tally.in_flight;
                let under_way = self.crowd.frames.count() + self.stores.topics.messages.count();
                self.tally.frames_at_half = under_way as i64;
                self.tally.endpoints.iter_mut().for_each(EndpointRecord::half);
            }
            Happening::End => self.run.ending = Some(Ending::Finished),
            Happening::Moment => self.note_moment(),
            Happening::Window => self.close_window(),
            Happening::Lingered(request) => self.lingered(request),
            Happening::Delivered(consumer, waiting) => self.arrives_at_consumer(consumer, waiting),
            Happening::Handles(consumer) => self.handle(consumer),
            Happening::Relays(outbox) => self.relays(outbox),
            Happening::Rebalanced(group) => self.rebalanced(group),
            Happening::Disturbed(what) => self.disturb(what),
            Happening::Arrives(change) => self.change_arrives(change),
            Happening::Scales(service) => self.scale(service),
            Happening::Starts(service, number) => self.instance_starts(service, number),
            Happening::Warmed(instance) => self.set_pace(instance, 1.0),
            Happening::Unneeded(node) => self.node_goes(node),
        }
    }

    /// A frame's wait is over: it goes on now.
    pub(super) fn resume(&mut self, frame: FrameId) {
        if let Some(next) = self.wake(frame) {
            self.advance(next);
        }
    }

    /// A frame's wait is over: notes where the time went. The frame that goes on.
    #[inline(always)]
    fn wake(&mut self, frame: FrameId) -> Option<FrameId> {
        let now = self.events.now();
        let place = &mut self.crowd.frames[frame];
        if place.wakes(now, &mut self.crowd.paths[place.path]) {
            Some(frame)
        } else {
            self.fail(frame)
        }
    }

    /// The same for a frame that was freed: one that goes on with work, as most do that were in line for a
    /// thread, is set to work.
    #[inline(always)]
    fn set_to_work(&mut self, frame: FrameId) -> Option<FrameId> {
        let now = self.events.now();
        let place = &mut self.crowd.frames[frame];
        if !place.wakes(now, &mut self.crowd.paths[place.path]) {
            return self.fail(frame);
        }
        let Step::Cpu { sampler, site } = self.plan.program.steps[place.pc] else {
            return Some(frame);
        };
        place.pc = place.pc.next();
        let law = &self.plan.program.samplers[sampler];
        let demand = law.draw(&mut Draws::at(place.key, site));
        let at = self.fleet.instances[place.instance].host;
        let host = &mut self.fleet.hosts[at];
        if work_alone(frame, place, (at, host), &mut self.events, demand, Category::Cpu) {
            return None;
        }
        self.compute(frame, at, demand, Category::Cpu)
    }

    /// Notes on the frame's own path what its present wait has come to.
    pub(super) fn settle(&mut self, frame: FrameId) {
        self.note(frame, self.crowd.frames[frame].path);
    }

    /// Notes on a path what the frame's present wait has come to.
    pub(super) fn note(&mut self, frame: FrameId, onto: Id<Path>) {
        let now = self.events.now();
        self.crowd.frames[frame].note(now, &mut self.crowd.paths[onto]);
    }

    /// Runs steps of the frame, and of those that go on in its place, until one must wait.
    #[inline(never)]
    pub(super) fn advance(&mut self, frame: FrameId) {
        self.run_steps(frame);
    }

    #[inline(always)]
    fn run_steps(&mut self, mut frame: FrameId) {
        let steps = &self.plan.program.steps;
        loop {
            let mut place = self.crowd.frames.occupied(frame);
            let step = &steps[place.pc];
            place.pc = place.pc.next();
            let next = match *step {
                Step::Enter => self.enter(frame),
                Step::ServerCpu => self.server_cpu(frame),
                Step::ClientCpu { call } => self.client_cpu(frame, call),
                Step::Cpu { sampler, site } => self.cpu(frame, sampler, site),
                Step::Wait { sampler, site } => self.wait(frame, sampler, site),
                Step::Local { entry, site } => self.local(frame, entry, site),
                Step::LocalHop => self.local_hop(frame),
                Step::Rpc { call, site } => {
                    // It knows whom it waits for before that is there.
                    place.wait = Wait::Below(place.next_place());
                    let caller = Caller::of(&place);
                    self.rpc(caller, call, site)
                }
                Step::Spawn { entry, site } => self.spawn(frame, entry, site),
                Step::Fork { fork, site } => self.fork(frame, fork, site),
                Step::Choose { choice, site } => self.choose(frame, choice, site),
                Step::Jump { to } => {
                    place.pc = to;
                    Some(frame)
                }
                Step::Repeat { count, site } => self.repeat(frame, count, site),
                Step::External { external, site } => self.external(frame, external, site),
                Step::Fail => self.business_failure(frame),
                Step::Begin { database, retries } => self.begin(frame, database, retries),
                Step::DatabaseHop { database, message } => {
                    self.database_hop(frame, database, message)
                }
                Step::DatabaseCpu { statement, site } => self.database_cpu(frame, statement, site),
                Step::Pages { statement, site } => self.pages(frame, statement, site),
                Step::Lock { statement, site } => self.lock(frame, statement, site),
                Step::RowsCpu { statement } => self.rows_cpu(frame, statement),
                Step::CommitCpu { database, site } => self.commit_cpu(frame, database, site),
                Step::Unlock { database } => self.unlock_early(frame, database),
                Step::Flush { database } => self.flush(frame, database),
                Step::Commit { database } => self.commit(frame, database),
                Step::Release { database } => self.release(frame, database),
                Step::Spanning(step) => self.spanning_step(frame, step),
                Step::Trail { trail, site } => self.trail(frame, trail, site),
                Step::Publish { topic, site } => self.publish(frame, topic, site),
                Step::Enqueue { enqueued, site } => self.enqueue(frame, enqueued, site),
                Step::Courier { machine, act } => self.courier(frame, machine, act),
                Step::Return => self.end(frame),
                Step::Answer => self.answer_arrives(frame),
                Step::Join => self.arrive_with_answer(frame),
            };
            match next {
                Some(next) => frame = next,
                None => return,
            }
        }
    }

    /// A limit was reached: the replication ends at this instant.
    #[cold]
    pub(super) fn end_early(&mut self, limit: Limit) {
        self.run.ending.get_or_insert(Ending::Limited(limit, self.events.now()));
    }
}
