//! How frames end, well or not, and what is recorded of the requests they were for.

use super::frames::Role;
use super::sessions::Ended;
use super::world::{World, control, kind};
use crate::events::Target;
use crate::ids::Id;
use crate::measure::{Backlog, ClientBytes, Ending, Kind, Outcome};
use crate::plan::Message;

impl World<'_> {
    /// The frame has done its last step: whoever waits for it goes on.
    #[inline(always)]
    pub(super) fn end(&mut self, frame: u32) -> Option<u32> {
        let place = &self.frames[frame];
        match place.role {
            Role::Remote => {
                let (parent, instance) = (place.parent, place.instance);
                let hops = self.call_of(frame).hops;
                self.leave(frame, instance);
                if hops {
                    return self.reply(frame);
                }
                self.frames.remove(frame);
                Some(parent)
            }
            Role::Request => {
                let instance = place.instance;
                self.leave(frame, instance);
                self.answer_client(frame)
            }
            Role::RemoteBranch => {
                let instance = place.instance;
                let hops = self.call_of(frame).hops;
                self.leave(frame, instance);
                if hops { self.reply_to_fork(frame) } else { self.join(frame) }
            }
            Role::Local => {
                let parent = place.parent;
                self.frames.remove(frame);
                Some(parent)
            }
            Role::Turn => self.next_turn(frame),
            Role::Branch => self.join(frame),
            Role::Detached => {
                self.frames.remove(frame);
                None
            }
        }
    }

    #[inline(never)]
    pub(super) fn business_failure(&mut self, frame: u32) -> Option<u32> {
        self.frames[frame].failure = Kind::Failed as u8;
        self.fail(frame)
    }

    /// The frame has failed: its sessions are rolled back, and the failure goes to whoever waits for it.
    /// The victim of a deadlock goes on at the start of its transaction where it may try again.
    #[inline(never)]
    pub(super) fn fail(&mut self, mut frame: u32) -> Option<u32> {
        loop {
            match self.end_sessions(frame) {
                Ended::TriesAgain => return Some(frame),
                Ended::RolledBack => {}
            }
            let place = &self.frames[frame];
            let (parent, failure) = (place.parent, place.failure);
            match place.role {
                Role::Remote | Role::RemoteBranch | Role::Request => {
                    let instance = place.instance;
                    self.leave(frame, instance);
                    return self.reply(frame);
                }
                Role::Local | Role::Turn => {
                    self.frames.remove(frame);
                    self.frames[parent].failure = failure;
                    frame = parent;
                }
                Role::Branch => return self.join(frame),
                Role::Detached => {
                    self.frames.remove(frame);
                    return None;
                }
            }
        }
    }

    /// The answer has reached a client that is far away: its failure, if any, counts again.
    pub(super) fn answer_arrives(&mut self, frame: u32) -> Option<u32> {
        let place = &mut self.frames[frame];
        place.failure = place.counter as u8;
        self.record_answer(frame)
    }

    /// The client has its answer.
    #[inline(always)]
    pub(super) fn record_answer(&mut self, frame: u32) -> Option<u32> {
        let now = self.events.now();
        let place = &self.frames[frame];
        let kind = place.failure;
        let path = place.path;
        self.frames.remove(frame);
        let request = &self.paths[path];
        let latency = now - request.started;
        let user = request.user;
        let Some(endpoint) = request.endpoint else { unreachable!("it is an outside request") };
        let record = &mut self.endpoints[endpoint];
        record.present.leave(now);
        self.in_flight -= 1;
        if kind == Kind::Ok as u8 {
            debug_assert_eq!(
                request.spent().map(|(_, time)| time).sum::<u64>(),
                latency,
                "time went nowhere"
            );
            record.answer(latency, request.spent());
            self.series.answer(now, latency, self.in_flight);
            if let Some(series) = &mut record.series {
                series.answer(now, latency, record.present.level());
            }
        } else {
            record.answers[kind as usize] += 1;
            record.other_latency_sum += u128::from(latency);
        }
        if let Some(recorder) = &mut self.recorder {
            recorder.answer(now - latency, kind, latency);
        }
        self.paths.remove(path);
        if let Some(user) = user {
            self.user_thinks(user);
        }
        None
    }

    pub(super) fn schedule_controls(&mut self) {
        let (duration, warmup) = (self.replication.duration.0, self.replication.warmup.0);
        let comparable = self.plan.rhythm.comparable(duration.saturating_sub(warmup));
        let half = comparable.map_or(warmup.midpoint(duration), |time| duration - time);
        // Before all other events: what happens at the very instant of a probe belongs to the time after.
        self.schedule_probes();
        let moments = [(warmup, control::WARM), (half, control::HALF), (duration, control::END)];
        for (time, moment) in moments {
            self.events.push(time, Target::new(kind::CONTROL, moment));
        }
    }

    /// The warm-up is over: what was recorded so far is forgotten, who is there stays.
    pub(super) fn start_measuring(&mut self) {
        let now = self.events.now();
        self.measured_from = now;
        self.endpoints.iter_mut().for_each(|endpoint| endpoint.restart(now));
        self.services.iter_mut().for_each(|service| service.record.restart(now));
        self.databases.iter_mut().for_each(|database| database.record.restart(now));
        self.third_parties.iter_mut().for_each(|record| record.restart(now));
        for cpu in self.cpus.iter_mut() {
            cpu.busy = 0;
            cpu.busy_before = cpu.shared.as_ref().map_or(0, |shared| shared.busy_core_ns(now));
        }
        self.bytes = [0; 6];
        self.count_ages(now, -1);
    }

    /// Closes all records.
    pub(super) fn close(mut self) -> Outcome {
        let ending = self.ending.unwrap_or(Ending::Finished);
        let now = match ending {
            Ending::Finished => self.replication.duration.0,
            Ending::Limited(_, time) => time,
        };
        self.series.advance(now, self.in_flight);
        for record in self.endpoints.iter_mut() {
            if let Some(series) = &mut record.series {
                series.advance(now, record.present.level());
            }
        }
        self.count_ages(now, 1);
        let left = self.left();
        let waited_for = left.thread_waits + left.connection_waits + left.lock_waits > 0;
        let deadlock = if waited_for { self.deadlock() } else { None };
        let client_bytes = self.client_bytes();
        let cpu_busy = self.cpus.iter().map(|cpu| match &cpu.shared {
            Some(shared) => (shared.busy_core_ns(now) - cpu.busy_before) as f64,
            None => cpu.busy as f64,
        });
        Outcome {
            replications: 1,
            ending,
            ended_at: now,
            measured_ns: now.saturating_sub(self.measured_from),
            events: self.event_count,
            cpu_busy: cpu_busy.collect(),
            endpoints: self.endpoints.into_iter().collect(),
            services: self.services.into_iter().map(|service| service.record).collect(),
            databases: self.databases.into_iter().map(|database| database.record).collect(),
            externals: self.third_parties.into_iter().collect(),
            bytes: self.bytes,
            client_bytes,
            series: self.series,
            timeline: self.recorder.map(|recorder| recorder.finish()).unwrap_or_default(),
            backlog: Backlog { at_half: self.backlog_at_half, at_end: self.in_flight },
            arrivals_second_half: self.arrivals_second_half,
            left,
            deadlock,
        }
    }

    fn client_bytes(&self) -> ClientBytes {
        let plan = self.plan;
        let mut sum = ClientBytes::default();
        for (endpoint, record) in plan.endpoints.iter().zip(&self.endpoints) {
            let call = &plan.calls[endpoint.call];
            let bytes = |message: Id<Message>| plan.messages[message].bytes;
            let answers: u64 = record.answers.iter().sum();
            sum.requests += record.arrivals.saturating_mul(bytes(call.request));
            sum.replies += answers.saturating_mul(bytes(call.reply));
        }
        sum
    }
}
