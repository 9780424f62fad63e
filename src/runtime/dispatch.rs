//! The dispatch loop: pops an event, wakes what it is for, moves frames on until they must wait.

use std::sync::atomic::Ordering;

use super::control::{Due, Happening};
use super::crowd::{Frame, Path, Wait};
use super::looking::Witness;
use super::world::{FirstLook, World};
use crate::events::{Event, Target};
use crate::ids::Id;
use crate::measure::{Ending, Kind, Limit, Outcome};
use crate::plan::Step;

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
        (!self.run.stopped).then(|| self.close())
    }

    /// Schedules what the replication begins with.
    pub(super) fn start(&mut self) {
        self.schedule_controls();
        self.start_sources();
    }

    /// Runs until the replication ends or its witness has enough for now.
    #[inline(always)]
    pub(super) fn go<W: Witness>(&mut self, witness: &mut W) {
        while self.run.ending.is_none() {
            let Some(event) = self.events.pop() else {
                break;
            };
            self.run.event_count += 1;
            if self.run.event_count > self.run.look_at && self.must_end() {
                break;
            }
            if W::WATCHES {
                self.dispatch_watched(event, witness);
            } else {
                self.dispatch(event);
            }
            if !self.crowd.ready.is_empty() {
                self.run_ready(witness);
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
        let numbers_end = self.events.numbers_left() < LEAST_NUMBERS;
        if self.run.stopped || self.run.event_count > limits.events || numbers_end {
            self.end_early(Limit::Events);
            return true;
        }
        if now > self.run.first_look.time {
            self.run.first_look = FirstLook { time: now, events: self.run.event_count };
        } else if self.run.event_count - self.run.first_look.events > limits.simultaneous {
            self.end_early(Limit::Simultaneous);
            return true;
        }
        self.run.look_at = (self.run.event_count + LOOK_EVERY).min(limits.events);
        false
    }

    #[inline]
    pub(super) fn dispatch(&mut self, event: Event) {
        let Event { sequence, target, .. } = event;
        let due = Due::of(target);
        // Most events are for a frame: asked for first, they need no jump through a table.
        if let Due::Frame(frame) = due {
            if self.crowd.frames[frame].awaited == sequence {
                self.resume(frame);
            }
            return;
        }
        match due {
            Due::Frame(_) => {}
            Due::Host(host) => self.wake_host(host, sequence),
            Due::Arrival(source) => self.arrive(source),
            Due::User(user) => self.user_returns(user),
            Due::Process(source) => self.process_moves(source),
            Due::Page(read) => self.page_read(read),
            Due::Flush(database) => self.flushed(database),
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
            Due::Agenda(entry) => {
                let happening = self.agenda.take(entry);
                self.happen(happening);
            }
        }
    }

    #[inline(never)]
    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Warm => self.start_measuring(),
            Happening::Half => {
                self.tally.backlog_at_half = self.tally.in_flight;
                self.tally.arrivals_second_half = 0;
            }
            Happening::End => self.run.ending = Some(Ending::Finished),
            Happening::Moment => self.note_moment(),
            Happening::Window => self.close_window(),
            Happening::Disturbed(what) => self.disturb(what),
        }
    }

    /// Moves on every frame that was freed at this instant, and those that they free.
    #[inline(never)]
    fn run_ready<W: Witness>(&mut self, witness: &mut W) {
        let mut next = 0;
        while next < self.crowd.ready.len() && !self.crowd.overflowed() {
            let entry = self.crowd.ready[next];
            next += 1;
            if let Some(frame) = entry {
                if W::WATCHES {
                    witness.note(self.freed(frame));
                }
                self.resume(frame);
            }
        }
        self.crowd.ready.clear();
    }

    /// A frame's wait is over: notes where the time went, and moves the frame on.
    #[inline(always)]
    pub(super) fn resume(&mut self, frame: Id<Frame>) {
        self.settle(frame);
        let place = &mut self.crowd.frames[frame];
        place.awaited = 0;
        place.wait = Wait::Nothing;
        if place.failure == Kind::Ok {
            self.advance(frame);
        } else if let Some(next) = self.fail(frame) {
            self.advance(next);
        }
    }

    /// Attributes the time of the frame's present wait.
    #[inline(always)]
    pub(super) fn settle(&mut self, frame: Id<Frame>) {
        self.note(frame, self.crowd.frames[frame].path);
    }

    /// Notes on a path what the frame's present wait has come to.
    #[inline(always)]
    pub(super) fn note(&mut self, frame: Id<Frame>, onto: Id<Path>) {
        let now = self.events.now();
        let place = &self.crowd.frames[frame];
        let elapsed = now - place.since;
        if elapsed == 0 {
            return;
        }
        let work = place.work.min(elapsed);
        let category = place.category;
        let path = &mut self.crowd.paths[onto];
        if work < elapsed {
            path.spend(category.waiting() as usize, elapsed - work);
        }
        path.spend(category as usize, work);
    }

    /// Runs steps of the frame, and of those that go on in its place, until one must wait.
    pub(super) fn advance(&mut self, mut frame: Id<Frame>) {
        let steps = &self.plan.program.steps;
        loop {
            let place = &mut self.crowd.frames[frame];
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
                Step::Rpc { call, site } => self.rpc(frame, call, site),
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
                Step::Flush { database } => self.flush(frame, database),
                Step::Commit { database } => self.commit(frame, database),
                Step::Release { database } => self.release(frame, database),
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
