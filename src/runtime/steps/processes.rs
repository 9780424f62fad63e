//! Outside requests of sources that are more than a gap after each request: states, batches, profiles,
//! traces.
//!
//! Each source has one event pending: its next requests, or its next change of state, whichever comes
//! first. Changes are events, so that the limit on events ends what changes without end.

use super::requests::choose_endpoint;
use crate::ids::Id;
use crate::plan::{EndpointPlan, Process, SourcePlan};
use crate::random::{Draws, Key, Sampler, Stream};
use crate::runtime::control::Due;
use crate::runtime::outside::{Course, replayed};
use crate::runtime::world::World;

impl World<'_> {
    /// Schedules the first event of a source, if it has a process.
    pub(super) fn start_process(&mut self, index: Id<SourcePlan>) {
        match self.sources.all[index].course {
            Course::Plain => {}
            Course::Modulated { state, .. } => self.enter_state(index, state),
            Course::Batches { .. } | Course::Varying(_) | Course::Replayed { .. } => {
                self.schedule_process(index);
            }
        }
    }

    /// What was pending for a source happens.
    #[inline(never)]
    pub(in crate::runtime) fn process_moves(&mut self, index: Id<SourcePlan>) {
        match self.sources.all[index].course {
            Course::Plain => unreachable!("source {index:?} has no process"),
            Course::Modulated { state, until, .. } if self.events.now() == until => {
                self.enter_state(index, state + 1);
            }
            Course::Modulated { .. } | Course::Varying(_) => {
                self.schedule_process(index);
                self.next_request(index);
            }
            Course::Replayed { next, .. } => {
                self.schedule_process(index);
                // `next` was that behind the instant that is now.
                match self.named(index, next - 1) {
                    Some(endpoint) => {
                        let key = self.sources.next_key(index);
                        self.comes(endpoint, key);
                    }
                    None => self.next_request(index),
                }
            }
            Course::Batches { .. } => {
                let more = self.requests_beyond_the_first(index);
                self.schedule_process(index);
                self.next_request(index);
                self.next_requests(index, more);
            }
        }
    }

    /// The next event of a source.
    fn schedule_process(&mut self, index: Id<SourcePlan>) {
        let plan = self.plan;
        let now = self.events.now();
        let source = &mut self.sources.all[index];
        let stream = &mut source.stream;
        let after = |gap: Option<Id<Sampler>>, stream: &mut Stream| match gap {
            None => u64::MAX,
            Some(gap) => now.saturating_add(plan.program.samplers[gap].draw(stream)),
        };
        let next = match (&plan.load.sources[index].process, &mut source.course) {
            // The next request, unless the state ends before: then the law of the next state counts,
            // which the gap that was drawn says nothing about.
            (Process::Modulated(states), Course::Modulated { state, until, .. }) => {
                after(states[*state as usize].gap, stream).min(*until)
            }
            (Process::Batches { gap, .. }, Course::Batches { .. }) => after(Some(*gap), stream),
            (Process::Varying(profile), Course::Varying(place)) => {
                match profile.after(place, stream.exponential()) {
                    Some(time) => time.max(now),
                    None => return,
                }
            }
            (Process::Replayed(trace), Course::Replayed { round, next }) => {
                match replayed(trace, round, next) {
                    Some(time) => time.max(now),
                    None => return,
                }
            }
            (process, course) => unreachable!("{course:?} is nowhere in {process:?}"),
        };
        self.events.push(next, Due::Process(index).target());
    }

    /// What the trace of a source says that a request of it asks for.
    fn named(&self, index: Id<SourcePlan>, instant: usize) -> Option<Id<EndpointPlan>> {
        match &self.plan.load.sources[index].process {
            Process::Replayed(trace) => Some(Id::new(trace.endpoints.as_ref()?[instant] as usize)),
            _ => None,
        }
    }

    /// The next request of a source comes.
    fn next_request(&mut self, index: Id<SourcePlan>) {
        let key = self.sources.next_key(index);
        self.comes(choose_endpoint(&self.plan.load.sources[index], key), key);
    }

    /// A request comes, and goes as far as it gets at once.
    fn comes(&mut self, endpoint: Id<EndpointPlan>, key: Key) {
        if let Some(frame) = self.request(endpoint, key, None) {
            self.advance(frame);
        }
    }

    /// So many requests come at this instant. Each counts as an event: a batch may be larger than the
    /// limits allow.
    fn next_requests(&mut self, index: Id<SourcePlan>, count: u32) {
        for _ in 0..count {
            if self.run.counts_event() && self.must_end() || self.crowd.overflowed() {
                return;
            }
            self.next_request(index);
        }
    }

    /// A modulated source enters a state; behind the last comes the first.
    fn enter_state(&mut self, index: Id<SourcePlan>, entered: u32) {
        let plan = self.plan;
        let now = self.events.now();
        let source = &mut self.sources.all[index];
        if let (Process::Modulated(states), Course::Modulated { state, until, stays }) =
            (&plan.load.sources[index].process, &mut source.course)
        {
            *state = entered % states.len() as u32;
            let stay = &plan.program.samplers[states[*state as usize].stay];
            *until = now.saturating_add(stay.draw(stays));
        }
        self.schedule_process(index);
    }

    /// Requests of the next batch beyond its first.
    fn requests_beyond_the_first(&mut self, index: Id<SourcePlan>) -> u32 {
        match (&self.plan.load.sources[index].process, &mut self.sources.all[index].course) {
            (Process::Batches { more, .. }, Course::Batches { sizes, count }) => {
                let mut draws = Draws::at(sizes.child(*count), 0);
                *count += 1;
                more.draw(&mut draws)
            }
            _ => 0,
        }
    }
}
