//! How much of the work of a study is done and how much is to come, so that it can be told how long it will take.
//!
//! Work is counted in events as a single thread would meet them. What a layout takes is measured as soon as it is
//! simulated, be it in a pilot; before that arithmetic says it, set right by those that are measured. A run to a
//! precision is told as if the pilot that runs were its last, or those that are sure to follow: once a third of the run
//! is done, this is so, since each pilot is as long as all before it and production twice as long as the last.

use crate::runtime::Metered;
use crate::units::Nanos;

/// Work done and work planned, in one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WorkDone {
    /// Done so far.
    pub done: f64,
    /// To be done in all, as far as can be told; at least what is done.
    pub planned: f64,
}

impl WorkDone {
    /// Share of the work that is done (0 to 1).
    pub fn share(self) -> f64 {
        if self.planned > 0.0 { self.done / self.planned } else { 0.0 }
    }

    /// How long what is left will take if what is done took `elapsed` (s); `None` where nothing is done.
    pub fn left(self, elapsed: f64) -> Option<f64> {
        (self.done > 0.0).then(|| elapsed * (self.planned - self.done) / self.done)
    }
}

/// Simulations of one layout that run beside each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::study) struct WorkStage {
    /// Position of the layout in the run.
    pub(in crate::study) layout: usize,
    /// Simulated time of each replication.
    pub(in crate::study) duration: Nanos,
}

/// What is known of the work of one layout.
#[derive(Debug, Clone, Copy)]
struct LayoutWork {
    /// Events in a second of simulated time, by arithmetic.
    expected: f64,
    /// What was simulated of it.
    met: Metered,
}

/// The work of one run.
#[derive(Debug, Clone)]
pub(in crate::study) struct RunWork {
    layouts: Vec<LayoutWork>,
    side_by_side: SideBySide,
    /// Work of the stages that are over.
    spent: f64,
    running: Option<WorkStage>,
    /// In the order in which they come.
    to_come: Vec<WorkStage>,
}

/// How many replications there are and on how many threads.
#[derive(Debug, Clone, Copy)]
pub(in crate::study) struct SideBySide {
    pub(in crate::study) replications: u32,
    pub(in crate::study) threads: u32,
}

impl SideBySide {
    /// How many times as long all replications take as on threads that are never idle: three on two threads 4/3.
    fn stretch(self) -> f64 {
        let (count, threads) = (self.replications.max(1), self.threads.max(1));
        f64::from(count.div_ceil(threads)) * f64::from(threads) / f64::from(count)
    }

    /// Share of the time that has passed when this share of the work of all replications is done: the last of them do
    /// not keep every thread busy.
    fn share_of_time(self, share_of_work: f64) -> f64 {
        let (count, threads) = (self.replications.max(1), self.threads.max(1));
        let (rounds, rest) = (f64::from(count / threads), f64::from(count % threads));
        let done = share_of_work.clamp(0.0, 1.0) * f64::from(count);
        let busy = rounds * f64::from(threads);
        if done <= busy {
            return done / f64::from(threads) / f64::from(count.div_ceil(threads));
        }
        (rounds + (done - busy) / rest) / f64::from(count.div_ceil(threads))
    }
}

impl RunWork {
    /// Of layouts of which each takes so many events in a second of simulated time, by arithmetic.
    pub(in crate::study) fn new(
        expected: impl IntoIterator<Item = f64>,
        side_by_side: SideBySide,
    ) -> Self {
        let layout = |expected: f64| LayoutWork {
            expected: if expected > 0.0 { expected } else { 1.0 },
            met: Metered::default(),
        };
        RunWork {
            layouts: expected.into_iter().map(layout).collect(),
            side_by_side,
            spent: 0.0,
            running: None,
            to_come: Vec::new(),
        }
    }

    /// From now on these are to come.
    pub(in crate::study) fn plan(&mut self, stages: Vec<WorkStage>) {
        self.to_come = stages;
    }

    /// The first that is to come begins.
    pub(in crate::study) fn begin(&mut self) {
        if !self.to_come.is_empty() {
            self.running = Some(self.to_come.remove(0));
        }
    }

    /// What runs is over, after so much of it; a limit may have ended it early.
    pub(in crate::study) fn end(&mut self, met: Metered) {
        if let Some(stage) = self.running.take() {
            self.spent += met.events * self.side_by_side.stretch();
            let own = &mut self.layouts[stage.layout].met;
            own.events += met.events;
            own.simulated_seconds += met.simulated_seconds;
        }
    }

    /// The work, after so much of what runs.
    pub(in crate::study) fn work(&self, met: Metered) -> WorkDone {
        let mut known = self.clone();
        let mut work = WorkDone { done: self.spent, planned: self.spent };
        if let Some(stage) = self.running {
            let own = &mut known.layouts[stage.layout].met;
            own.events += met.events;
            own.simulated_seconds += met.simulated_seconds;
            let whole = stage.duration.seconds() * f64::from(self.side_by_side.replications.max(1));
            let share = met.simulated_seconds / whole.max(f64::MIN_POSITIVE);
            let planned = known.of(stage);
            work.done += planned * self.side_by_side.share_of_time(share);
            work.planned += planned;
        }
        work.planned += self.to_come.iter().map(|stage| known.of(*stage)).sum::<f64>();
        work
    }

    /// Work of a stage as a whole.
    fn of(&self, stage: WorkStage) -> f64 {
        let LayoutWork { expected, met } = self.layouts[stage.layout];
        let per_second = match met.simulated_seconds > 0.0 {
            true => met.events / met.simulated_seconds,
            false => expected * self.times_expected(),
        };
        let seconds = stage.duration.seconds() * f64::from(self.side_by_side.replications.max(1));
        per_second * seconds * self.side_by_side.stretch()
    }

    /// How many times as many events there were as arithmetic has it.
    fn times_expected(&self) -> f64 {
        let sum = |part: fn(&LayoutWork) -> f64| self.layouts.iter().map(part).sum::<f64>();
        let expected = sum(|layout| layout.expected * layout.met.simulated_seconds);
        if expected > 0.0 { sum(|layout| layout.met.events) / expected } else { 1.0 }
    }
}

/// The work of a study of several runs, of each of which arithmetic says how large it is beside the others.
#[derive(Debug, Clone, Default)]
pub(in crate::study) struct StudyWork {
    /// Sizes of the runs, in their order; empty for a single run.
    sizes: Vec<f64>,
    /// How many are over.
    over: usize,
    /// Sizes and work of those that are over and were simulated: others were known.
    simulated: f64,
    spent: f64,
    run: Option<RunWork>,
}

impl StudyWork {
    pub(in crate::study) fn of_runs(sizes: Vec<f64>) -> Self {
        StudyWork { sizes, ..StudyWork::default() }
    }

    /// The number of the run that goes on, from 1, and how many there are; `None` for a single run.
    pub(in crate::study) fn place(&self) -> Option<(usize, usize)> {
        let count = self.sizes.len();
        (count > 0).then(|| ((self.over + 1).min(count), count))
    }

    pub(in crate::study) fn begin_run(&mut self, run: RunWork) {
        self.run = Some(run);
    }

    pub(in crate::study) fn run(&mut self) -> Option<&mut RunWork> {
        self.run.as_mut()
    }

    /// The run is over, or what it finds was known.
    pub(in crate::study) fn end_run(&mut self) {
        if let Some(run) = self.run.take() {
            self.simulated += self.sizes.get(self.over).copied().unwrap_or(0.0);
            self.spent += run.work(Metered::default()).done;
        }
        self.over += 1;
    }

    /// The work, after so much of what runs.
    pub(in crate::study) fn work(&self, met: Metered) -> WorkDone {
        let here = self.run.as_ref().map(|run| run.work(met));
        let here = here.unwrap_or(WorkDone { done: 0.0, planned: 0.0 });
        let mut work =
            WorkDone { done: self.spent + here.done, planned: self.spent + here.planned };
        let mut met_sizes = self.simulated;
        if here.planned > 0.0 {
            met_sizes += self.sizes.get(self.over).copied().unwrap_or(0.0);
        }
        if met_sizes > 0.0 {
            let next = self.over + usize::from(self.run.is_some());
            let later: f64 = self.sizes.iter().skip(next).sum();
            work.planned += later * work.planned / met_sizes;
        }
        work
    }
}
