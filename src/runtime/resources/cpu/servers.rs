//! Servers of a CPU that gives each to one job: as many as started cores.
//!
//! A limit in fractions of a core is a smooth cap, as processor sharing has it: no job runs faster than a core,
//! and all together no faster than the cores there are. On 1.5 cores a lone job has a whole core, and two have
//! 0.75 each. So a pace depends on whether all servers are busy, where the number of cores is no whole one.

use super::pace::Pace;
use super::spec::CpuSpec;

#[derive(Debug, Clone)]
pub(super) struct Servers {
    /// How many there are.
    pub(super) count: usize,
    /// Of a job [reference cores at speed 1] while a server is free, and while none is.
    shares: [f64; 2],
    /// The same at the speed there is.
    paces: [Pace; 2],
}

impl Servers {
    pub(super) fn new(spec: &CpuSpec) -> Self {
        let count = spec.cores.ceil();
        let shares = [spec.cores.min(1.0), spec.cores / count];
        let mut servers = Self { count: count as usize, shares, paces: [Pace::IDLE; 2] };
        servers.set_speed(spec.speed);
        servers
    }

    /// Of each of so many jobs that run.
    #[inline]
    pub(super) fn pace(&self, running: usize) -> Pace {
        self.paces[usize::from(running == self.count)]
    }

    /// Whether one job more or less may change the pace of the others.
    #[inline]
    pub(super) fn is_fractional(&self) -> bool {
        self.shares[0] != self.shares[1]
    }

    pub(super) fn set_speed(&mut self, speed: f64) {
        self.paces = self.shares.map(|share| Pace::new(share * speed, share));
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Anyone, Cpu, CpuSpec, Discipline};

    fn cpu(cores: f64, discipline: Discipline) -> Cpu {
        let (switch_ns, slice_ns, least_slice_ns) = (0, 0, 0);
        Cpu::new(&CpuSpec { cores, speed: 1.0, discipline, switch_ns, slice_ns, least_slice_ns })
    }

    #[test]
    fn a_lone_job_has_a_whole_core_of_one_and_a_half_whoever_shares_them() {
        let by_class = |preemptive| Discipline::ByClass { preemptive };
        for discipline in [
            Discipline::ProcessorSharing,
            Discipline::FirstComeFirstServed,
            by_class(false),
            by_class(true),
        ] {
            let mut cpu = cpu(1.5, discipline);
            let mut finished = Vec::new();
            assert_eq!(cpu.arrive(0, 1, 12_000, &Anyone), Some(12_000), "{discipline:?}");
            assert_eq!(cpu.wake(12_000, |job| finished.push(job)), None);
            // Two have three quarters each; when one has left, the other one has a core again.
            assert_eq!(cpu.arrive(20_000, 2, 6_000, &Anyone), Some(26_000));
            assert_eq!(cpu.arrive(22_000, 3, 6_000, &Anyone), None);
            assert_eq!(cpu.wake(26_000, |job| finished.push(job)), Some(27_334), "{discipline:?}");
            assert_eq!(cpu.wake(27_334, |job| finished.push(job)), Some(29_334), "{discipline:?}");
            assert_eq!(cpu.wake(29_334, |job| finished.push(job)), None);
            assert_eq!(finished, [1, 2, 3], "{discipline:?}");
            assert_eq!(cpu.busy_core_ns(40_000), 24_001, "{discipline:?}");
        }
    }
}
