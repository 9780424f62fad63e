//! What a record says of the measured time of its replication: mean levels, rates, shares and means.

use crate::ids::Id;
use crate::measure::{Gauge, Outcome};
use crate::plan::{CpuPlan, CpuUse, Plan};

/// The measured time of a replication, or of several that were put together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measured {
    /// How long it is (ns), at least 1.
    ns: f64,
    ended_at: u64,
}

impl Measured {
    pub(super) fn of(outcome: &Outcome) -> Self {
        Measured { ns: outcome.measured_ns.max(1) as f64, ended_at: outcome.ended_at }
    }

    /// How long it is (s).
    pub(super) fn seconds(self) -> f64 {
        self.ns / 1e9
    }

    /// Mean number of things present.
    pub(super) fn level(self, gauge: &Gauge) -> f64 {
        gauge.area(self.ended_at) / self.ns
    }

    /// The same of a sum of busy times [things × ns].
    pub(super) fn busy(self, sum: f64) -> f64 {
        sum / self.ns
    }

    /// How often a second something happened.
    pub(super) fn rate(self, count: u64) -> f64 {
        count as f64 / self.seconds()
    }

    /// Mean stay (s) of those that left, by Little's law: the number present over the rate of leaving.
    pub(super) fn stay(self, gauges: &[&Gauge], left: u64) -> f64 {
        let present: f64 = gauges.iter().map(|gauge| gauge.area(self.ended_at)).sum();
        present / left.max(1) as f64 / 1e9
    }
}

/// Mean (s) of so many times with this sum (ns); `None` of none.
pub(super) fn mean_seconds(sum: u128, count: u64) -> Option<f64> {
    (count > 0).then(|| sum as f64 / count as f64 / 1e9)
}

/// A part of a count (0 to 1); 0 of nothing.
pub(super) fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// The CPUs that are used in one way.
pub(super) struct Cores {
    cpus: Vec<Id<CpuPlan>>,
    /// How many cores they have together at the start.
    pub(super) count: f64,
}

impl Cores {
    /// `None` where there are none.
    pub(super) fn of(plan: &Plan, used_by: &CpuUse) -> Option<Self> {
        let own = plan.site.cpus.entries().filter(|(_, cpu)| cpu.used_by == *used_by);
        let cpus: Vec<_> = own.map(|(id, _)| id).collect();
        let count: f64 = cpus.iter().map(|cpu| plan.site.cpus[*cpu].cores).sum();
        (count > 0.0).then_some(Cores { cpus, count })
    }

    /// How many cores they had together, mean over the measured time.
    pub(super) fn mean(&self, outcome: &Outcome) -> f64 {
        let each = self.cpus.iter().map(|cpu| outcome.capacities.cores[cpu.index()]);
        each.map(|cores| cores.mean(outcome.measured_ns)).sum()
    }

    /// Their part of the busy times of all CPUs [core-ns].
    pub(super) fn busy(&self, cpu_busy: &[f64]) -> f64 {
        self.cpus.iter().map(|cpu| cpu_busy[cpu.index()]).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_rates_and_stays_are_those_of_the_measured_time() {
        let mut gauge = Gauge::default();
        gauge.enter(1_000_000_000);
        gauge.leave(2_500_000_000);
        gauge.enter(4_000_000_000);
        let measured = Measured { ns: 2e9, ended_at: 4_500_000_000 };
        // 1.5 s and 0.5 s of somebody's presence in 2 s.
        assert_eq!((measured.level(&gauge), measured.seconds()), (1.0, 2.0));
        assert_eq!((measured.rate(5), measured.busy(3e9)), (2.5, 1.5));
        assert_eq!(measured.stay(&[&gauge, &gauge], 4), 1.0);
        assert_eq!((mean_seconds(3_000_000_000, 2), mean_seconds(0, 0)), (Some(1.5), None));
        assert_eq!((share(1, 4), share(0, 0)), (0.25, 0.0));
    }
}
