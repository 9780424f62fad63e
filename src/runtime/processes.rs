//! Outside requests of sources that are more than a gap after each request: states, batches, profiles,
//! traces.
//!
//! Each source has one event pending: its next requests, or its next change of state, whichever comes
//! first. Changes are events, so that the limit on events ends what changes without end.

use super::world::{World, kind};
use crate::events::Target;
use crate::ids::Id;
use crate::model::Trace;
use crate::plan::{EndpointPlan, Process, SourcePlan};
use crate::random::{Draws, Key, Place, Sampler, Stream};

/// Where a source stands in its process.
#[derive(Debug)]
pub(super) enum Course {
    /// Poisson, deterministic or closed: nowhere.
    Plain,
    /// In a state.
    Modulated {
        /// Which.
        state: u32,
        /// When it ends (ns).
        until: u64,
        /// How long each state lasts, whatever the rates are.
        stays: Stream,
    },
    /// Between batches.
    Batches {
        /// Keys their sizes, whatever their rate is.
        sizes: Key,
        /// Batches that came.
        count: u64,
    },
    /// At a place of its profile.
    Varying(Place),
    /// Before an instant of its trace.
    Replayed {
        /// Rounds that are over.
        round: u64,
        /// Number of the next instant in this one.
        next: usize,
    },
}

impl Course {
    /// The beginning of a source's process.
    pub(super) fn new(process: &Process, key: Key) -> Self {
        match process {
            Process::Plain => Course::Plain,
            Process::Modulated(states) => {
                // In equilibrium: a state by its share of the time. What is left of an exponential
                // stay is as long as a whole one.
                let mut stays = Stream::new(key.named("states"));
                let pick = stays.uniform();
                let state = states.iter().position(|state| pick < state.cumulative);
                let state = state.unwrap_or(states.len() - 1) as u32;
                Course::Modulated { state, until: 0, stays }
            }
            Process::Varying(_) => Course::Varying(Place::default()),
            Process::Replayed(_) => Course::Replayed { round: 0, next: 0 },
            Process::Batches { .. } => Course::Batches { sizes: key.named("batches"), count: 0 },
        }
    }
}

impl World<'_> {
    /// Schedules the first event of a source, if it has a process.
    pub(super) fn start_process(&mut self, index: Id<SourcePlan>) {
        match self.sources[index].course {
            Course::Plain => {}
            Course::Modulated { state, .. } => self.enter_state(index, state),
            Course::Batches { .. } | Course::Varying(_) | Course::Replayed { .. } => {
                self.schedule_process(index);
            }
        }
    }

    /// What was pending for a source happens.
    #[inline(never)]
    pub(super) fn process_moves(&mut self, index: Id<SourcePlan>) {
        match self.sources[index].course {
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
                        let key = self.next_key(index);
                        self.request(endpoint, key, None);
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
        let source = &mut self.sources[index];
        let stream = &mut source.stream;
        let after = |gap: Option<Id<Sampler>>, stream: &mut Stream| match gap {
            None => u64::MAX,
            Some(gap) => now.saturating_add(plan.samplers[gap].draw(stream)),
        };
        let next = match (&plan.sources[index].process, &mut source.course) {
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
        self.events.push(next, Target::new(kind::PROCESS, index.number()));
    }

    /// The key of the next request of a source.
    fn next_key(&mut self, index: Id<SourcePlan>) -> Key {
        let source = &mut self.sources[index];
        let key = source.key.child(source.count);
        source.count += 1;
        key
    }

    /// What the trace of a source says that a request of it asks for.
    fn named(&self, index: Id<SourcePlan>, instant: usize) -> Option<Id<EndpointPlan>> {
        match &self.plan.sources[index].process {
            Process::Replayed(trace) => Some(Id::new(trace.endpoints.as_ref()?[instant] as usize)),
            _ => None,
        }
    }

    /// The next request of a source comes.
    fn next_request(&mut self, index: Id<SourcePlan>) {
        let key = self.next_key(index);
        self.request(self.choose_endpoint(index, key), key, None);
    }

    /// So many requests come at this instant. Each counts as an event: a batch may be larger than the
    /// limits allow.
    fn next_requests(&mut self, index: Id<SourcePlan>, count: u32) {
        for _ in 0..count {
            self.event_count += 1;
            if self.event_count > self.look_at && self.must_end() || self.frames.overflowed {
                return;
            }
            self.next_request(index);
        }
    }

    /// A modulated source enters a state; behind the last comes the first.
    fn enter_state(&mut self, index: Id<SourcePlan>, entered: u32) {
        let plan = self.plan;
        let now = self.events.now();
        let source = &mut self.sources[index];
        if let (Process::Modulated(states), Course::Modulated { state, until, stays }) =
            (&plan.sources[index].process, &mut source.course)
        {
            *state = entered % states.len() as u32;
            let stay = &plan.samplers[states[*state as usize].stay];
            *until = now.saturating_add(stay.draw(stays));
        }
        self.schedule_process(index);
    }

    /// Requests of the next batch beyond its first.
    fn requests_beyond_the_first(&mut self, index: Id<SourcePlan>) -> u32 {
        match (&self.plan.sources[index].process, &mut self.sources[index].course) {
            (Process::Batches { more, .. }, Course::Batches { sizes, count }) => {
                let mut draws = Draws::at(sizes.child(*count), 0);
                *count += 1;
                more.draw(&mut draws)
            }
            _ => 0,
        }
    }
}

/// The next instant of a trace (ns), behind the last that of the next round; `None`: it is over.
fn replayed(trace: &Trace, round: &mut u64, next: &mut usize) -> Option<u64> {
    if *next == trace.instants.len() {
        (*round, *next) = (*round + 1, 0);
    }
    let start = match (*round, trace.every) {
        (0, _) => 0,
        (_, None) => return None,
        (round, Some(every)) => round.saturating_mul(every.0),
    };
    let instant = trace.instants[*next];
    *next += 1;
    Some(start.saturating_add(instant.0))
}
