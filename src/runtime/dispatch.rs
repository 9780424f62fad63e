//! The dispatch loop: pops an event, wakes what it is for, moves frames on until they must wait.

use std::sync::atomic::Ordering;

use super::witness::Witness;
use super::world::{FirstLook, World, control, kind};
use crate::events::Event;
use crate::ids::Id;
use crate::measure::{Category, Ending, Limit, Outcome};
use crate::plan::Step;

/// Events between two looks at whether to go on. Few, as one event may start a fork of many branches.
const LOOK_EVERY: u64 = 64;

impl World<'_> {
    /// Runs the replication to its end.
    pub(super) fn run(mut self) -> Option<Outcome> {
        self.start();
        self.go(&mut ());
        (!self.stopped).then(|| self.close())
    }

    /// Schedules what the replication begins with.
    pub(super) fn start(&mut self) {
        self.schedule_controls();
        self.start_sources();
    }

    /// Runs until the replication ends or its witness has enough for now.
    #[inline(always)]
    pub(super) fn go<W: Witness>(&mut self, witness: &mut W) {
        while self.ending.is_none() {
            let Some(event) = self.events.pop() else {
                break;
            };
            self.event_count += 1;
            if self.event_count > self.look_at && self.must_end() {
                break;
            }
            if W::WATCHES {
                self.dispatch_watched(event, witness);
            } else {
                self.dispatch(event);
            }
            if !self.ready.is_empty() {
                self.run_ready(witness);
            }
            if self.frames.overflowed {
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
        if self.ending.is_some() {
            return true;
        }
        let (limits, now) = (self.plan.limits, self.events.now());
        self.stopped = self.stop.load(Ordering::Relaxed);
        if self.stopped || self.event_count > limits.events {
            self.end_early(Limit::Events);
            return true;
        }
        if now > self.first_look.time {
            self.first_look = FirstLook { time: now, events: self.event_count };
        } else if self.event_count - self.first_look.events > limits.simultaneous {
            self.end_early(Limit::Simultaneous);
            return true;
        }
        self.look_at = (self.event_count + LOOK_EVERY).min(limits.events);
        false
    }

    #[inline]
    pub(super) fn dispatch(&mut self, event: Event) {
        let index = event.target.index();
        if event.target.kind() == kind::FRAME {
            if self.frames[index].awaited == event.sequence {
                self.resume(index);
            }
            return;
        }
        match event.target.kind() {
            kind::CPU => self.wake_cpu(id(index), event.sequence),
            kind::ARRIVAL => self.arrive(id(index)),
            kind::USER => self.user_returns(id(index)),
            kind::PROCESS => self.process_moves(id(index)),
            kind::PAGE => self.page_read(index),
            kind::FLUSH => self.flushed(id(index)),
            kind::DEADLOCK => {
                if self.frames[index].awaited == event.sequence {
                    self.look_for_deadlock(index);
                }
            }
            kind::POOL_TIMEOUT => {
                if self.frames[index].awaited == event.sequence {
                    self.connection_timeout(index);
                }
            }
            kind::PATIENCE => self.patience_ends(id(index), event.sequence),
            kind::EXTERNAL => self.external_answers(index),
            kind::CONTROL => self.control(index),
            other => unreachable!("no event has kind {other}"),
        }
    }

    fn control(&mut self, moment: u32) {
        match moment {
            control::WARM => self.start_measuring(),
            control::HALF => {
                self.backlog_at_half = self.in_flight;
                self.arrivals_second_half = 0;
            }
            control::END => self.ending = Some(Ending::Finished),
            control::MOMENT => self.note_moment(),
            control::WINDOW => self.close_window(),
            other => unreachable!("no control has number {other}"),
        }
    }

    /// Moves on every frame that was freed at this instant, and those that they free.
    #[inline(never)]
    fn run_ready<W: Witness>(&mut self, witness: &mut W) {
        let mut next = 0;
        while next < self.ready.len() && !self.frames.overflowed {
            let frame = self.ready[next];
            next += 1;
            if W::WATCHES {
                witness.note(self.freed(frame));
            }
            self.resume(frame);
        }
        self.ready.clear();
    }

    /// A frame's wait is over: notes where the time went, and moves the frame on.
    #[inline(always)]
    pub(super) fn resume(&mut self, frame: u32) {
        self.settle(frame);
        let place = &mut self.frames[frame];
        place.awaited = 0;
        if place.failure == 0 {
            self.advance(frame);
        } else if let Some(next) = self.fail(frame) {
            self.advance(next);
        }
    }

    /// Attributes the time of the frame's present wait.
    #[inline(always)]
    pub(super) fn settle(&mut self, frame: u32) {
        let now = self.events.now();
        let place = &self.frames[frame];
        let elapsed = now - place.since;
        if elapsed == 0 {
            return;
        }
        let work = place.work.min(elapsed);
        let category = place.category;
        let path = &mut self.paths[place.path];
        if work < elapsed {
            path.spend(category.waiting() as usize, elapsed - work);
        }
        path.spend(category as usize, work);
    }

    /// The frame waits from now on. `work` (ns) of it is work where a core is waited for.
    #[inline(always)]
    pub(super) fn park(&mut self, frame: u32, category: Category, work: u64) {
        let now = self.events.now();
        let place = &mut self.frames[frame];
        place.since = now;
        place.category = category;
        place.work = work;
    }

    /// The frame waits from now on, for the event of this sequence number.
    #[inline(always)]
    pub(super) fn park_for(&mut self, frame: u32, category: Category, work: u64, awaited: u64) {
        let now = self.events.now();
        let place = &mut self.frames[frame];
        place.since = now;
        place.category = category;
        place.work = work;
        place.awaited = awaited;
    }

    /// Runs steps of the frame, and of those that go on in its place, until one must wait.
    pub(super) fn advance(&mut self, mut frame: u32) {
        let steps = &self.plan.steps;
        loop {
            let place = &mut self.frames[frame];
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
                Step::Join => self.join(frame),
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
        self.ending.get_or_insert(Ending::Limited(limit, self.events.now()));
    }
}

/// What an event is for, by its number.
fn id<T>(number: u32) -> Id<T> {
    Id::new(number as usize)
}
