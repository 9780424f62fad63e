//! Looks at a terminating run at clock times: moments, and the ends of windows.
//!
//! A run that asks for none has no event of these, and no recorder to ask on an answer.

use crate::measure::{Kind, RequestTotals, Totals};
use crate::runtime::control::Happening;
use crate::runtime::world::World;

impl World<'_> {
    /// All probes, in one lane: only the next of them is in the heap.
    pub(in crate::runtime) fn schedule_probes(&mut self) {
        let Some(recorder) = &self.tally.recorder else {
            return;
        };
        let end = self.run.replication.duration.0;
        let moments = self.plan.run.watch.moments.iter().map(|at| (at.0, Happening::Moment));
        let ends = recorder.ends().map(|at| (at, Happening::Window));
        let mut probes: Vec<(u64, Happening)> =
            moments.chain(ends).filter(|(at, _)| *at <= end).collect();
        // A moment that a window ends at comes first, as it does here.
        probes.sort_by_key(|(at, _)| *at);
        let lane = self.events.lane();
        for (at, probe) in probes {
            self.agenda.enter(&mut self.events, Some(lane), at, probe);
        }
    }

    #[cold]
    pub(in crate::runtime) fn note_moment(&mut self) {
        let (now, totals) = (self.events.now(), self.totals());
        if let Some(recorder) = &mut self.tally.recorder {
            recorder.note(now, &totals);
        }
    }

    #[cold]
    pub(in crate::runtime) fn close_window(&mut self) {
        let totals = self.totals();
        if let Some(recorder) = &mut self.tally.recorder {
            recorder.close_window(totals);
        }
    }

    /// What has happened up to now.
    fn totals(&self) -> Totals {
        let now = self.events.now();
        let mut totals = Totals::default();
        for record in &self.tally.endpoints {
            let own = RequestTotals {
                arrivals: record.arrivals,
                good: record.answers[Kind::Ok as usize],
                completions: record.answers.iter().sum(),
                in_system: record.in_flight().max(0) as u64,
            };
            totals.all.arrivals += own.arrivals;
            totals.all.good += own.good;
            totals.all.completions += own.completions;
            totals.endpoints.push(own);
        }
        totals.all.in_system = self.tally.in_flight.max(0) as u64;
        for service in &self.fleet.services {
            let (serving, queue) = (&service.record.serving, &service.record.queue);
            totals.services.push((serving.area(now), queue.area(now)));
            totals.present.push((serving.level().max(0) as u64, queue.level().max(0) as u64));
        }
        totals.cpu_busy = self.fleet.busy(self.plan, now);
        totals
    }
}
