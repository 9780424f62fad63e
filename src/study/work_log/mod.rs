//! How far a study has come: the study writes it down as it goes on, and who shows it to people reads it from another
//! thread. It has no clock, and no figure depends on it.

mod pilots;
#[cfg(test)]
mod tests;
mod work;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub(super) use pilots::{FEWER, ahead, sure_to_need};
pub use work::WorkDone;
pub(super) use work::{RunWork, SideBySide, WorkStage};

use work::StudyWork;

use crate::runtime::{Meter, Metered};

/// How far one study has come.
#[derive(Debug, Default)]
pub struct WorkLog {
    written: Mutex<StudyWork>,
    /// What is done of the stage that runs.
    meter: Meter,
}

/// A look at a [`WorkLog`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WorkSeen {
    /// The number of the run that goes on, from 1, and how many the study has; `None` for a study of one run.
    pub place: Option<(usize, usize)>,
    /// Its work.
    pub work: WorkDone,
}

impl WorkLog {
    /// Nothing is done, and nothing planned.
    pub fn new() -> Self {
        WorkLog::default()
    }

    /// How far it is by now.
    pub fn look(&self) -> WorkSeen {
        let written = self.written();
        WorkSeen { place: written.place(), work: written.work(self.meter.read()) }
    }

    /// Begins a study of runs of these sizes, in any unit.
    pub(super) fn begin_study(&self, sizes: Vec<f64>) {
        *self.written() = StudyWork::of_runs(sizes);
    }

    /// Begins a run, of a study or by itself.
    pub(super) fn begin_run(&self, run: RunWork) {
        self.written().begin_run(run);
    }

    /// The run is over, or what it finds was known before.
    pub(super) fn end_run(&self) {
        self.written().end_run();
    }

    /// What is to come of the run from now on.
    pub(super) fn plan(&self, stages: Vec<WorkStage>) {
        if let Some(run) = self.written().run() {
            run.plan(stages);
        }
    }

    /// Does the next of what was planned, which notes in the meter what it has done.
    pub(super) fn stage<T>(&self, simulate: impl FnOnce(&Meter) -> T) -> T {
        self.meter.reset();
        if let Some(run) = self.written().run() {
            run.begin();
        }
        let found = simulate(&self.meter);
        let mut written = self.written();
        let met: Metered = self.meter.read();
        self.meter.reset();
        if let Some(run) = written.run() {
            run.end(met);
        }
        found
    }

    fn written(&self) -> MutexGuard<'_, StudyWork> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
