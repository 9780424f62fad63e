//! How long to simulate, what was promised, what is asked.

use super::At;
use crate::events::{EventQueue, Target};
use crate::ids::Slab;
use crate::units::{Nanos, Share};

/// How a run is made.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Seed of every random number.
    pub seed: u64,
    /// How long.
    pub length: Length,
    /// Independent replications, at least 1.
    pub replications: u32,
    /// What is looked at on the way, in a terminating run.
    pub watch: Watch,
    /// What a run may use up.
    pub limits: Limits,
}

/// How long a replication is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Length {
    /// As given.
    Fixed {
        /// Simulated time of a replication, warm-up included.
        duration: Nanos,
        /// Time at the start that is not measured.
        warmup: Nanos,
    },
    /// As long as it takes until half-widths of the 95 % intervals are within these shares.
    Precision {
        /// Of a mean.
        mean: f64,
        /// Of a p99.
        p99: f64,
    },
    /// A terminating run: from an empty system to this clock time, all of it measured.
    Until(Nanos),
}

/// Clock times that a terminating run is looked at. Nothing is watched in other runs.
#[derive(Debug, Clone, PartialEq, Eq, std::default::Default)]
pub struct Watch {
    /// Moments at which the state just before is noted, rising.
    pub moments: Vec<Nanos>,
    /// Length of the windows that the run is cut into, the last one cut short by the end; `None`: no
    /// windows.
    pub window: Option<Nanos>,
}

/// What a run may use up before it is ended, cut short or refused, and says so. Frames, events
/// and locks are those of one replication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Frames at the same time.
    pub frames: u32,
    /// Events in all.
    pub events: u64,
    /// Events at one and the same instant, beyond which time is taken to stand still.
    pub simultaneous: u64,
    /// Rows locked in one database at the same time.
    pub locks: u32,
    /// Users of closed sources, all together.
    pub users: u32,
    /// Moments, and windows, of a terminating run.
    pub windows: u32,
    /// Pairs of layouts that are compared; beyond it each layout is compared with the first.
    pub comparisons: u32,
    /// Points of a sweep.
    pub points: u32,
}

impl Limits {
    /// The greatest limit of frames: each has a place that an event can point at, and the operations that
    /// one step starts at an instant come on top of the limit before it is looked at.
    pub const MOST_FRAMES: u32 = Target::MOST - (1 << 20);
    /// The greatest limit of users: an event can point at each.
    pub const MOST_USERS: u32 = Target::MOST;
    /// The greatest limit of events. A replication that uses up the queue's sequence numbers before ends there,
    /// by this limit too.
    pub const MOST_EVENTS: u64 = i64::MAX as u64;
}

const _: () = assert!(Limits::MOST_FRAMES as usize <= Slab::<()>::MOST - (1 << 20));
const _: () = assert!(EventQueue::NUMBERS > 16_000_000_000, "an hour of events has numbers");

/// What the team promised for an endpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct Slo {
    /// Position in `Workload::endpoints`; `None` for `all`.
    pub endpoint: Option<u32>,
    /// Latency bounds: percentile in (0, 100) and bound; 0 stands for the mean.
    pub latency: Vec<(f64, Nanos)>,
    /// Most errors.
    pub errors: Option<Share>,
    /// Bounds of the completion of each event that a broker carries, in the same way.
    pub completion: Vec<(f64, Nanos)>,
}

/// A question declared in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Study {
    /// Unique name.
    pub name: At<String>,
    /// The grid of a sweep.
    pub sweep: Vec<Variation>,
}

/// One axis of a sweep: a path of the scenario and the values it takes, as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variation {
    /// Path, such as `workload.arrivals.poisson`.
    pub path: String,
    /// Values, as an author would write them.
    pub values: Vec<String>,
}

impl std::default::Default for Limits {
    /// Those of `data/defaults.csv`.
    fn default() -> Self {
        Limits {
            frames: 1_000_000,
            events: 1_000_000_000,
            simultaneous: 10_000_000,
            locks: 1_000_000,
            users: 10_000_000,
            windows: 1_000,
            comparisons: 5_000,
            points: 10_000,
        }
    }
}
