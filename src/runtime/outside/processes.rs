//! Where sources stand in processes that are more than a gap after each request: states, batches, profiles,
//! traces.

use crate::model::Trace;
use crate::plan::Process;
use crate::random::{Key, ProfilePlace, Stream};

/// Where a source stands in its process.
#[derive(Debug)]
pub(in crate::runtime) enum Course {
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
    Varying(ProfilePlace),
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
    pub(in crate::runtime) fn new(process: &Process, key: Key) -> Self {
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
            Process::Varying(_) => Course::Varying(ProfilePlace::default()),
            Process::Replayed(_) => Course::Replayed { round: 0, next: 0 },
            Process::Batches { .. } => Course::Batches { sizes: key.named("batches"), count: 0 },
        }
    }
}

/// The next instant of a trace (ns), behind the last that of the next round; `None`: it is over.
pub(in crate::runtime) fn replayed(
    trace: &Trace,
    round: &mut u64,
    next: &mut usize,
) -> Option<u64> {
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
