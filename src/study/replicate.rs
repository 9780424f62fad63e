//! Independent replications of one plan, in parallel.

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

use crate::measure::Outcome;
use crate::plan::Plan;
use crate::random::Key;
use crate::runtime::{Replication, simulate};
use crate::units::Nanos;

/// What replications are for: each purpose has random numbers of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To find out how long to run.
    Pilot,
    /// To report.
    Production,
}

impl Purpose {
    /// Keys the random numbers of all replications for this purpose.
    pub fn key(self, seed: u64) -> Key {
        Key(seed).named(match self {
            Purpose::Pilot => "pilot",
            Purpose::Production => "production",
        })
    }
}

/// Simulates `count` replications of `duration`, of which `warmup` is not measured.
/// The same replication number has the same random numbers in every plan: results are paired.
pub fn replicate(
    plan: &Plan,
    seed: u64,
    purpose: Purpose,
    count: u32,
    (duration, warmup): (Nanos, Nanos),
) -> Vec<Outcome> {
    let key = purpose.key(seed);
    (0..count)
        .into_par_iter()
        .map(|number| {
            simulate(plan, Replication { key: key.child(u64::from(number)), duration, warmup })
        })
        .collect()
}

/// The threads that replications run on.
#[derive(Debug)]
pub struct Threads(ThreadPool);

impl Threads {
    /// So many threads; 0: one for each processor.
    /// Errors: the system gives no more threads.
    pub fn new(count: usize) -> Result<Self, ThreadPoolBuildError> {
        Ok(Threads(ThreadPoolBuilder::new().num_threads(count).build()?))
    }

    /// Runs a study on them.
    pub fn run<T: Send>(&self, study: impl FnOnce() -> T + Send) -> T {
        self.0.install(study)
    }
}

/// The work on every item, on as many threads as there are; results in the order of the items.
pub fn side_by_side<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    items.par_iter().map(work).collect()
}
