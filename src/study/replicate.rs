//! Independent replications of one plan, in parallel.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

use super::progress::{NEVER, Progress, Stopped};
use super::work_log::SideBySide;
use crate::measure::{Ending, Outcome};
use crate::plan::Plan;
use crate::random::Key;
use crate::runtime::{Beside, LargeRuns, Meter, Replication, simulate_beside};
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

/// Whose turn it is to be large, of all replications of this process.
static LARGE_RUNS: LargeRuns = LargeRuns::new();

/// Most records that are kept of a run.
const MOST_RECORDS: u32 = 1_000;
/// Most windows of all records together, unless so few records would be left.
const MOST_WINDOW_RECORDS: u32 = 20_000;
const LEAST_RECORDS: u32 = 20;

/// Simulates `count` replications of `duration`, of which `warmup` is not measured.
/// The same replication number has the same random numbers in every plan: results are paired. Once a limit of the
/// scenario has ended a replication, it is the last.
pub fn replicate(
    plan: &Plan,
    seed: u64,
    purpose: Purpose,
    count: u32,
    length: (Nanos, Nanos),
) -> Vec<Outcome> {
    let beside = Beside { large: &LARGE_RUNS, stop: &NEVER, meter: &Meter::new() };
    match put_together(beside, plan, purpose.key(seed), (count, count), length) {
        Ok(outcomes) => outcomes,
        Err(Stopped) => unreachable!("nobody sets the flag"),
    }
}

/// The same for whom a record of each is too much: where there are more than memory should hold, neighbours
/// are put together in groups of equal size (but for one replication), in order. Given up soon after `stop`
/// is set.
pub(super) fn replicate_in_bounds(
    stop: &AtomicBool,
    plan: &Plan,
    (seed, purpose): (u64, Purpose),
    count: u32,
    length: (Nanos, Nanos),
) -> Result<Vec<Outcome>, Stopped> {
    let records = records(plan, length.0, count);
    let beside = Beside { large: &LARGE_RUNS, stop, meter: &Meter::new() };
    put_together(beside, plan, purpose.key(seed), (count, records), length)
}

/// The same as the next stage of a study, where somebody follows it.
pub(super) fn replicate_followed(
    progress: &dyn Progress,
    plan: &Plan,
    (seed, purpose): (u64, Purpose),
    count: u32,
    length: (Nanos, Nanos),
) -> Result<Vec<Outcome>, Stopped> {
    let Some(log) = progress.work_log() else {
        return replicate_in_bounds(progress.stop(), plan, (seed, purpose), count, length);
    };
    let records = records(plan, length.0, count);
    log.stage(|meter| {
        let beside = Beside { large: &LARGE_RUNS, stop: progress.stop(), meter };
        put_together(beside, plan, purpose.key(seed), (count, records), length)
    })
}

/// How so many replications come to run beside each other on the threads of whoever asks.
pub(super) fn side_by_side_of(replications: u32) -> SideBySide {
    SideBySide { replications, threads: rayon::current_num_threads() as u32 }
}

fn put_together(
    beside: Beside<'_>,
    plan: &Plan,
    key: Key,
    (count, records): (u32, u32),
    (duration, warmup): (Nanos, Nanos),
) -> Result<Vec<Outcome>, Stopped> {
    let one = |number: u64| {
        let replication = Replication { key: key.child(number), duration, warmup };
        simulate_beside(beside, plan, replication).ok_or(Stopped)
    };
    let first = |record: u32| u64::from(record) * u64::from(count) / u64::from(records);
    // The least number of a replication that a limit has ended so far. Those behind it do not start, and where some
    // have, they do not count: what comes out depends on no thread.
    let limited = AtomicU64::new(u64::MAX);
    let found: Result<Vec<Option<Outcome>>, Stopped> = (0..records)
        .into_par_iter()
        .map(|record| {
            let mut sum: Option<Outcome> = None;
            for number in first(record)..first(record + 1) {
                if number > limited.load(Ordering::Relaxed) {
                    break;
                }
                let outcome = one(number)?;
                if outcome.ending != Ending::Finished {
                    limited.fetch_min(number, Ordering::Relaxed);
                }
                match &mut sum {
                    Some(sum) => sum.merge(&outcome),
                    None => sum = Some(outcome),
                }
            }
            Ok(sum)
        })
        .collect();
    let counts = (0..records).filter(|record| first(*record) <= limited.load(Ordering::Relaxed));
    let found = found?.into_iter().take(counts.count());
    Ok(found.flatten().collect())
}

/// How many records are kept of so many replications.
fn records(plan: &Plan, duration: Nanos, count: u32) -> u32 {
    let windows = plan.run.watch.window.map_or(1, |window| duration.0.div_ceil(window.0.max(1)));
    let windows = u32::try_from(windows.max(1)).unwrap_or(u32::MAX);
    count.min((MOST_WINDOW_RECORDS / windows).clamp(LEAST_RECORDS, MOST_RECORDS))
}

/// The threads that replications run on.
#[derive(Debug)]
pub struct Workers(ThreadPool);

impl Workers {
    /// So many threads; 0: one for each processor.
    /// Errors: the system gives no more threads.
    pub fn new(count: usize) -> Result<Self, ThreadPoolBuildError> {
        Ok(Workers(ThreadPoolBuilder::new().num_threads(count).build()?))
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
