//! Outside requests of sources that are more than a gap after each request: a state that changes.
//!
//! Each source has one event pending: its next request, or its next change of state, whichever comes
//! first. Changes are events, so that a limit on events ends what changes without end.

use super::world::{World, kind};
use crate::events::Target;
use crate::plan::{NONE, Process};
use crate::random::{Key, Stream};

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
        }
    }
}

impl World<'_> {
    /// Schedules the first event of a source, if it has a process.
    pub(super) fn start_process(&mut self, index: u32) {
        match self.sources[index as usize].course {
            Course::Plain => {}
            Course::Modulated { state, .. } => self.enter_state(index, state),
        }
    }

    /// What was pending for a source happens.
    #[inline(never)]
    pub(super) fn process_moves(&mut self, index: u32) {
        match self.sources[index as usize].course {
            Course::Plain => unreachable!("source {index} has no process"),
            Course::Modulated { state, until, .. } if self.events.now() == until => {
                self.enter_state(index, state + 1);
            }
            Course::Modulated { .. } => {
                self.schedule_modulated(index);
                self.next_request(index);
            }
        }
    }

    /// The next request of a source comes.
    fn next_request(&mut self, index: u32) {
        let source = &mut self.sources[index as usize];
        let key = source.key.child(source.count);
        source.count += 1;
        self.request(self.choose_endpoint(index, key), key, NONE);
    }

    /// A modulated source enters a state; behind the last comes the first.
    fn enter_state(&mut self, index: u32, entered: u32) {
        let plan = self.plan;
        let now = self.events.now();
        let Process::Modulated(states) = &plan.sources[index as usize].process else {
            return;
        };
        let Course::Modulated { state, until, stays } = &mut self.sources[index as usize].course
        else {
            return;
        };
        *state = entered % states.len() as u32;
        let stay = &plan.samplers[states[*state as usize].stay as usize];
        *until = now.saturating_add(stay.draw(stays));
        self.schedule_modulated(index);
    }

    /// The next request, unless the state ends before: then the law of the next state counts, which
    /// the gap that was drawn says nothing about.
    fn schedule_modulated(&mut self, index: u32) {
        let plan = self.plan;
        let now = self.events.now();
        let source = &mut self.sources[index as usize];
        let (Process::Modulated(states), Course::Modulated { state, until, .. }) =
            (&plan.sources[index as usize].process, &source.course)
        else {
            return;
        };
        let next = match states[*state as usize].gap {
            NONE => *until,
            gap => now.saturating_add(plan.samplers[gap as usize].draw(&mut source.stream)),
        };
        self.events.push(next.min(*until), Target::new(kind::PROCESS, index));
    }
}
