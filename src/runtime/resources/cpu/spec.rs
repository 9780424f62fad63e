//! What a CPU is made of, and the limits that all kinds of CPUs keep.

/// How a CPU divides itself among its jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Discipline {
    /// Every job advances at the same pace.
    ProcessorSharing,
    /// A thread keeps its core until it waits or its slice is over; whoever has run least is next.
    TimeSlices,
    /// Processes share the cores by weight, and the jobs of each what it has.
    FairShare,
    /// A job keeps its core to its end; the others wait in the order they came.
    FirstComeFirstServed,
    /// The best class first; within a class in the order they came.
    ByClass {
        /// Whether a better class interrupts a job; else a job keeps its core to its end.
        preemptive: bool,
    },
}

/// What a CPU is made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CpuSpec {
    /// Cores, above 0. A fraction is a smooth cap: a lone job on half a core runs at half speed, on one and a
    /// half at that of one core, as it is faster on none.
    pub(crate) cores: f64,
    /// Speed of a core relative to the reference core, above 0 and at most 1,000.
    pub(crate) speed: f64,
    /// How jobs share the cores.
    pub(crate) discipline: Discipline,
    /// Time in ns lost at each context switch; only where more jobs than cores share them.
    pub(crate) switch_ns: u64,
    /// Time in ns that the runnable jobs of one core divide among themselves.
    pub(crate) slice_ns: u64,
    /// Time in ns below which a job's slice does not fall; with time slices the slice itself.
    pub(crate) least_slice_ns: u64,
}

impl CpuSpec {
    /// What context switches leave of the cores where so many jobs share them.
    pub(super) fn efficiency(&self, jobs: f64) -> f64 {
        let jobs_per_core = jobs / self.cores.max(1.0);
        if jobs_per_core <= 1.0 || self.switch_ns == 0 {
            return 1.0;
        }
        let slice = (self.slice_ns as f64 / jobs_per_core).max(self.least_slice_ns as f64);
        slice / (slice + self.switch_ns as f64)
    }
}

/// The wake-up of a CPU that has none.
pub(super) const NEVER: u64 = u64::MAX;

/// Longest demand [ns on a reference core]. A scenario that asks for more is refused; only what a law draws less
/// than once in 10¹³ times is cut to this.
pub(super) const LONGEST_DEMAND: u64 = crate::model::LONGEST_WORK.0;
