//! Hosts: CPUs that are there at a time, and how busy they were.

use crate::ids::Id;
use crate::model::Scheduling;
use crate::plan::CpuPlan;
use crate::runtime::resources::cpu::{Cpu, CpuSpec, Discipline};

/// A CPU: of an instance, of a machine that several share, of a database server.
#[derive(Debug)]
pub(in crate::runtime) struct Host {
    /// What it was made from, and is counted as.
    pub(in crate::runtime) of: Id<CpuPlan>,
    /// `None`: never more frames than cores, so nobody ever waits. Apart, so that a host without one is small.
    pub(in crate::runtime) shared: Option<Box<Cpu>>,
    /// Sequence number of the wake-up that stands.
    pub(in crate::runtime) awaited: u64,
    /// Whether it is asked who works: some frames share workers, or waking up costs.
    pub(in crate::runtime) knows_workers: bool,
    /// (ns) When work on it ended last, where that is asked.
    pub(in crate::runtime) ended_at: u64,
    /// Speed of a core against the reference core.
    pub(in crate::runtime) speed: f64,
    /// Busy core time of an uncontended CPU since the warm-up [core-ns]: noted when work begins, and put right at
    /// the edges of the measured time for work that reaches across them.
    pub(in crate::runtime) busy: u128,
    /// Busy core time of a shared CPU up to the end of the warm-up [core-ns].
    busy_before: u128,
}

impl Host {
    /// An idle one. One that is `watched` tells how busy it was up to any moment; else one on which nobody
    /// ever waits need not.
    pub(in crate::runtime) fn new(of: Id<CpuPlan>, plan: &CpuPlan, watched: bool) -> Self {
        Host {
            of,
            shared: (watched || !plan.uncontended).then(|| Box::new(Cpu::new(&spec(plan)))),
            awaited: 0,
            knows_workers: plan.knows_workers,
            ended_at: u64::MAX,
            speed: plan.speed,
            busy: 0,
            busy_before: 0,
        }
    }

    /// How long work of `demand` [ns on a reference core] takes a core that does nothing else (ns).
    #[inline(always)]
    pub(in crate::runtime) fn alone(&self, demand: u64) -> u64 {
        match self.speed {
            1.0 => demand,
            speed => (demand as f64 / speed).round() as u64,
        }
    }

    /// So much of the work that was noted (ns) is done later than now; below 0: was noted before what is measured,
    /// and is done in it.
    pub(in crate::runtime) fn busy_later(&mut self, left: i128) {
        self.busy = self.busy.saturating_add_signed(-left);
    }

    /// What was before `now` (ns) does not count as busy.
    pub(in crate::runtime) fn restart(&mut self, now: u64) {
        self.busy = 0;
        self.busy_before = self.shared.as_ref().map_or(0, |shared| shared.busy_core_ns(now));
    }

    /// Busy core time since the restart [core-ns].
    pub(in crate::runtime) fn busy(&self, now: u64) -> f64 {
        match &self.shared {
            Some(shared) => (shared.busy_core_ns(now) - self.busy_before) as f64,
            None => self.busy as f64,
        }
    }
}

fn spec(plan: &CpuPlan) -> CpuSpec {
    CpuSpec {
        cores: plan.cores,
        speed: plan.speed,
        discipline: match plan.scheduling {
            Scheduling::ProcessorSharing => Discipline::ProcessorSharing,
            Scheduling::TimeSlices => Discipline::TimeSlices,
            Scheduling::FairShare => Discipline::FairShare,
            Scheduling::FirstComeFirstServed => Discipline::FirstComeFirstServed,
            Scheduling::Priority => Discipline::ByClass { preemptive: false },
            Scheduling::PreemptivePriority => Discipline::ByClass { preemptive: true },
        },
        switch_ns: plan.switch_ns,
        slice_ns: plan.slice_ns,
        least_slice_ns: plan.least_slice_ns,
    }
}
