//! Looks at a terminating run at clock times: moments, and the ends of windows.
//!
//! A run that asks for none has no event of these, and no recorder to ask on an answer.

use super::world::{World, control, kind};
use crate::events::Target;
use crate::measure::{Kind, Totals};

impl World<'_> {
    /// All probes, in one lane: only the next of them is in the heap.
    pub(super) fn schedule_probes(&mut self) {
        let Some(recorder) = &self.recorder else {
            return;
        };
        let end = self.replication.duration.0;
        let moments = self.plan.watch.moments.iter().map(|at| (at.0, control::MOMENT));
        let ends = recorder.ends().map(|at| (at, control::WINDOW));
        let mut probes: Vec<(u64, u32)> =
            moments.chain(ends).filter(|(at, _)| *at <= end).collect();
        probes.sort_unstable();
        let lane = self.events.lane();
        for (at, probe) in probes {
            self.events.push_lane(lane, at, Target::new(kind::CONTROL, probe));
        }
    }

    #[cold]
    pub(super) fn note_moment(&mut self) {
        let (now, totals) = (self.events.now(), self.totals());
        if let Some(recorder) = &mut self.recorder {
            recorder.note(now, &totals);
        }
    }

    #[cold]
    pub(super) fn close_window(&mut self) {
        let totals = self.totals();
        if let Some(recorder) = &mut self.recorder {
            recorder.close_window(totals);
        }
    }

    /// What has happened up to now.
    fn totals(&self) -> Totals {
        let now = self.events.now();
        let mut totals = Totals { in_system: self.in_flight.max(0) as u64, ..Totals::default() };
        for record in &self.endpoints {
            totals.arrivals += record.arrivals;
            totals.good += record.answers[Kind::Ok as usize];
            totals.completions += record.answers.iter().sum::<u64>();
        }
        for service in &self.services {
            let (serving, queue) = (&service.record.serving, &service.record.queue);
            totals.services.push((serving.area(now), queue.area(now)));
            totals.present.push((serving.level().max(0) as u64, queue.level().max(0) as u64));
        }
        let busy = self.cpus.iter().map(|cpu| match &cpu.shared {
            Some(shared) => (shared.busy_core_ns(now) - cpu.busy_before) as f64,
            None => cpu.busy as f64,
        });
        totals.cpu_busy = busy.collect();
        totals
    }
}
