//! Fair shares by process, as the weights of control groups deal cores out: the processes that have work share the
//! cores by weight, and the jobs of a process share what it has.
//!
//! No job runs on more than a core, so a process uses no more cores than it has jobs; what one leaves, the others
//! share by weight. Within a process all jobs attain work at the same pace: each ends when the work attained since its
//! process was last idle reaches a mark fixed at its arrival. Generalised processor sharing: Parekh and Gallager 1993;
//! two processes on one core: Fayolle and Iasnogorodski 1979. What context switches leave is as with processor sharing.
//! Simplified: shares hold at any instant; Linux reaches them over some milliseconds.
//! Twin for tests: `tests::shares`.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::pace::{BUSY_BITS, Pace, WORK_BITS};
use super::spec::{CpuSpec, LONGEST_DEMAND, NEVER};

/// A process, and its claim on the cores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Claim {
    /// Which process, by a number of its own.
    pub(crate) process: u64,
    /// Above 0.
    pub(crate) weight: f64,
}

#[derive(Debug, Clone)]
pub(super) struct FairShare {
    spec: CpuSpec,
    /// Those that have jobs.
    processes: Vec<Claimant>,
    /// Jobs of all of them.
    present: usize,
    /// [2⁻³² core-ns] busy time up to `updated_at`.
    busy: u128,
    /// (ns) to which `busy` and what processes have attained are true.
    updated_at: u64,
    /// Arrivals so far.
    sequence: u64,
    /// (ns) of the wake-up due.
    pub(super) due: u64,
}

#[derive(Debug, Clone)]
struct Claimant {
    claim: Claim,
    /// Each with its mark, the earliest on top.
    jobs: BinaryHeap<Reverse<Job>>,
    /// [2⁻⁵² ns] work that a job present since the process was last idle has attained.
    attained: u128,
    /// Of each of its jobs.
    pace: Pace,
}

/// A job; ordered by what is attained when it ends, then by arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Job {
    /// [2⁻⁵² ns] what its process has attained when it ends.
    mark: u128,
    sequence: u64,
    number: u32,
}

impl FairShare {
    pub(super) fn new(spec: &CpuSpec) -> Self {
        Self {
            spec: *spec,
            processes: Vec::new(),
            present: 0,
            busy: 0,
            updated_at: 0,
            sequence: 0,
            due: NEVER,
        }
    }

    pub(super) fn arrive(
        &mut self,
        now: u64,
        number: u32,
        demand: u64,
        claim: Claim,
    ) -> Option<u64> {
        self.advance(now);
        let own = |process: &Claimant| process.claim.process == claim.process;
        let place = self.processes.iter().position(own).unwrap_or_else(|| {
            let (jobs, pace) = (BinaryHeap::new(), Pace::IDLE);
            self.processes.push(Claimant { claim, jobs, attained: 0, pace });
            self.processes.len() - 1
        });
        let process = &mut self.processes[place];
        let mark = process.attained + (u128::from(demand.min(LONGEST_DEMAND)) << WORK_BITS);
        process.jobs.push(Reverse(Job { mark, sequence: self.sequence, number }));
        self.sequence += 1;
        self.present += 1;
        self.deal();
        self.wake_earlier()
    }

    pub(super) fn wake(&mut self, now: u64, mut finished: impl FnMut(u32)) -> Option<u64> {
        self.advance(now);
        let mut ended: Vec<Job> = Vec::new();
        for process in &mut self.processes {
            while let Some(&Reverse(first)) = process.jobs.peek()
                && first.mark <= process.attained
            {
                process.jobs.pop();
                ended.push(first);
            }
        }
        ended.sort_unstable_by_key(|job| job.sequence);
        ended.iter().for_each(|job| finished(job.number));
        self.present -= ended.len();
        if !ended.is_empty() {
            self.deal();
        }
        self.due = self.next_end();
        (self.due != NEVER).then_some(self.due)
    }

    pub(super) fn remove(&mut self, now: u64, number: u32) -> Option<u64> {
        self.advance(now);
        for process in &mut self.processes {
            let before = process.jobs.len();
            process.jobs.retain(|Reverse(job)| job.number != number);
            self.present -= before - process.jobs.len();
        }
        self.deal();
        if self.present == 0 {
            self.due = NEVER;
            return None;
        }
        self.wake_earlier()
    }

    pub(super) fn set_speed(&mut self, now: u64, speed: f64) -> Option<u64> {
        self.advance(now);
        self.spec.speed = speed;
        self.deal();
        if self.present == 0 { None } else { self.wake_earlier() }
    }

    pub(super) fn busy_core_ns(&self, now: u64) -> u128 {
        (self.busy + self.busy_in(now - self.updated_at)) >> BUSY_BITS
    }

    pub(super) fn present(&self) -> usize {
        self.present
    }

    fn advance(&mut self, now: u64) {
        debug_assert!(now >= self.updated_at, "time never moves back");
        let elapsed = now - self.updated_at;
        self.busy += self.busy_in(elapsed);
        for process in &mut self.processes {
            process.attained += process.pace.work(elapsed);
        }
        self.updated_at = now;
    }

    /// [2⁻³² core-ns] busy time of all processes in `elapsed` ns.
    fn busy_in(&self, elapsed: u64) -> u128 {
        self.processes.iter().map(|process| process.pace.busy(elapsed)).sum()
    }

    /// Deals the cores out anew: the processes that cannot use their share first, each with a core a job, then the
    /// others by weight.
    fn deal(&mut self) {
        let efficiency = self.spec.efficiency(self.present as f64);
        let mut cores = self.spec.cores.min(self.present as f64);
        self.processes.retain(|process| !process.jobs.is_empty());
        // Who needs the most weight for a core a job comes last: it is the first to get less.
        self.processes.sort_by(|a, b| a.level().total_cmp(&b.level()));
        let mut weights: f64 = self.processes.iter().map(|process| process.claim.weight).sum();
        for process in &mut self.processes {
            let (jobs, weight) = (process.jobs.len() as f64, process.claim.weight);
            // What is left of a sum of floats may come to less than the last one of them.
            let own = (cores * weight / weights.max(weight)).min(jobs).min(cores);
            process.pace = Pace::new(own / jobs * self.spec.speed * efficiency, own);
            cores -= own;
            weights -= weight;
        }
    }

    /// Moves the wake-up when the first job ends before it.
    fn wake_earlier(&mut self) -> Option<u64> {
        let end = self.next_end();
        if end >= self.due {
            return None;
        }
        self.due = end;
        Some(end)
    }

    /// (ns) when the first job ends if none comes or goes; `NEVER` without a job.
    fn next_end(&self) -> u64 {
        let end = |process: &Claimant| {
            let Reverse(first) = process.jobs.peek()?;
            let missing = first.mark.saturating_sub(process.attained);
            Some(self.updated_at + process.pace.duration(missing))
        };
        self.processes.iter().filter_map(end).min().unwrap_or(NEVER)
    }
}

impl Claimant {
    /// Cores for each unit of weight from which on it cannot use more.
    fn level(&self) -> f64 {
        self.jobs.len() as f64 / self.claim.weight
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::draws::Draws;
    use super::super::{Anyone, Cpu, Discipline};
    use super::*;

    fn spec(cores: f64, switch_ns: u64) -> CpuSpec {
        let discipline = Discipline::FairShare;
        let (slice_ns, least_slice_ns) = (6_000, 700);
        CpuSpec { cores, speed: 1.0, discipline, switch_ns, slice_ns, least_slice_ns }
    }

    fn of(process: u64, weight: f64) -> Claim {
        Claim { process, weight }
    }

    /// Cores of each process with so many jobs and such a weight, by another way: all have the same cores for a unit
    /// of weight but those that cannot use it, and that level is found by halving.
    fn shares(cores: f64, processes: &[(usize, f64)]) -> Vec<f64> {
        let at = |level: f64| -> Vec<f64> {
            processes.iter().map(|(jobs, weight)| (*jobs as f64).min(weight * level)).collect()
        };
        let (mut low, mut high) = (0.0, 1e9);
        for _ in 0..200 {
            let level = (low + high) / 2.0;
            if at(level).iter().sum::<f64>() < cores { low = level } else { high = level }
        }
        at(low)
    }

    #[test]
    fn cores_are_dealt_out_as_a_level_that_rises_deals_them() {
        let mut draws = Draws::new(1);
        for _ in 0..2_000 {
            let cores = 0.5 + 8.0 * draws.share();
            let mut cpu = FairShare::new(&spec(cores, 0));
            let claims: Vec<(usize, f64)> = (0..1 + draws.below(6))
                .map(|_| (1 + draws.below(7) as usize, 0.1 + 5.0 * draws.share()))
                .collect();
            let mut number = 0;
            for (process, (jobs, weight)) in claims.iter().enumerate() {
                for _ in 0..*jobs {
                    cpu.arrive(0, number, 1 << 40, of(process as u64, *weight));
                    number += 1;
                }
            }
            cpu.advance(1 << 20);
            for (process, (expected, (jobs, _))) in
                shares(cores, &claims).iter().zip(&claims).enumerate()
            {
                let own = |found: &&Claimant| found.claim.process == process as u64;
                let process = cpu.processes.iter().find(own).expect("it has jobs");
                let each = process.attained as f64 / 2f64.powi(WORK_BITS as i32) / 2f64.powi(20);
                assert!((each * *jobs as f64 - expected).abs() < 1e-9, "{claims:?} on {cores}");
            }
            let all = cpu.busy_core_ns(1 << 20) as f64 / 2f64.powi(20);
            assert!((all - cores.min(f64::from(number))).abs() < 1e-5, "{all} of {cores}");
        }
    }

    #[test]
    fn a_tiny_weight_beside_great_ones_has_what_they_leave_and_who_is_gone_is_forgotten() {
        let mut cpu = FairShare::new(&spec(3.0, 0));
        for (process, weight) in [(1, 0.1), (2, 0.3), (3, 0.6), (4, 1e-17)] {
            cpu.arrive(0, process, 1_000, of(u64::from(process), weight));
        }
        cpu.remove(0, 1);
        assert_eq!(cpu.processes.len(), 3);
        // Three jobs on three cores: each has one, whatever its weight.
        let mut ended = Vec::new();
        assert_eq!(cpu.wake(1_000, |job| ended.push(job)), None);
        assert_eq!((ended, cpu.processes.len()), (vec![2, 3, 4], 0));
    }

    /// When each job ends: `(arrival (ns), demand (ns), process)` in order, weights by process. Slow and obvious: from
    /// one arrival or end to the next, all jobs of a process lose the same work.
    fn slowly(cores: f64, weights: &[f64], arrivals: &[(u64, u64, usize)]) -> Vec<f64> {
        let mut left: Vec<f64> = arrivals.iter().map(|arrival| arrival.1 as f64).collect();
        let mut ends = vec![0.0; arrivals.len()];
        let (mut now, mut next) = (0.0, 0);
        let mut here: Vec<usize> = Vec::new();
        while next < arrivals.len() || !here.is_empty() {
            let jobs =
                |process: usize| here.iter().filter(|job| arrivals[**job].2 == process).count();
            let claims: Vec<(usize, f64)> = weights
                .iter()
                .enumerate()
                .map(|(process, weight)| (jobs(process), *weight))
                .collect();
            let cores = shares(cores.min(here.len() as f64), &claims);
            let pace = |job: usize| cores[arrivals[job].2] / claims[arrivals[job].2].0 as f64;
            let mut step =
                arrivals.get(next).map_or(f64::INFINITY, |arrival| arrival.0 as f64 - now);
            step = here.iter().map(|job| left[*job] / pace(*job)).fold(step, f64::min);
            for job in &here {
                left[*job] -= step * pace(*job);
            }
            now += step;
            here.retain(|job| {
                let works = left[*job] > 1e-6;
                if !works {
                    ends[*job] = now;
                }
                works
            });
            while arrivals.get(next).is_some_and(|arrival| arrival.0 as f64 <= now) {
                here.push(next);
                next += 1;
            }
        }
        ends
    }

    #[test]
    fn jobs_end_as_they_do_in_a_fluid_of_floats() {
        for seed in 0..150 {
            let mut draws = Draws::new(seed);
            let cores = [0.5, 1.0, 2.0, 2.5, 4.0][draws.below(5) as usize];
            let weights: Vec<f64> =
                (0..1 + draws.below(4)).map(|_| 0.2 + 4.0 * draws.share()).collect();
            let mut now = 0;
            let arrivals: Vec<(u64, u64, usize)> = (0..200)
                .map(|_| {
                    now += draws.exponential(45_000.0 / cores);
                    let process = draws.below(weights.len() as u64) as usize;
                    (now, 1 + draws.exponential(40_000.0), process)
                })
                .collect();
            let expected = slowly(cores, &weights, &arrivals);
            let mut cpu = FairShare::new(&spec(cores, 0));
            let mut ends = vec![0; arrivals.len()];
            let (mut due, mut next) = (None, 0);
            while next < arrivals.len() || due.is_some() {
                let coming = arrivals.get(next).map_or(NEVER, |arrival| arrival.0);
                match due {
                    Some(now) if now <= coming => {
                        due = cpu.wake(now, |job| ends[job as usize] = now)
                    }
                    _ => {
                        let (now, demand, process) = arrivals[next];
                        let share = of(process as u64, weights[process]);
                        let moved = cpu.arrive(now, next as u32, demand, share);
                        (due, next) = (moved.or(due), next + 1);
                    }
                }
            }
            for (job, (end, expected)) in ends.iter().zip(expected).enumerate() {
                // Each end comes up to 1 ns late, and whoever shares with it by its share later, at most 20 times that.
                let late = *end as f64 - expected;
                assert!((-0.01..4_000.0).contains(&late), "seed {seed}, job {job}: {late}");
            }
        }
    }

    #[test]
    fn one_process_is_processor_sharing_with_its_switches() {
        let fair = spec(2.0, 30);
        let sharing = CpuSpec { discipline: Discipline::ProcessorSharing, ..fair };
        let ends = |spec: &CpuSpec| {
            let (mut cpu, mut draws, mut ends) = (Cpu::new(spec), Draws::new(4), vec![0; 2_000]);
            let (mut now, mut due) = (0, None);
            for job in 0..2_000 {
                now += draws.exponential(30_000.0);
                while let Some(woken) = due
                    && woken <= now
                {
                    due = cpu.wake(woken, |job| ends[job as usize] = woken);
                }
                due = cpu.arrive(now, job, 1 + draws.exponential(50_000.0), &Anyone).or(due);
            }
            (ends, cpu.busy_core_ns(now))
        };
        let ((fair, busy), (shared, shared_busy)) = (ends(&fair), ends(&sharing));
        assert!(busy.abs_diff(shared_busy) < 500, "{busy} {shared_busy}");
        for (job, (fair, shared)) in fair.iter().zip(shared).enumerate() {
            // Marks are rounded in one of them.
            assert!(fair.abs_diff(shared) < 20, "{job}: {fair} {shared}");
        }
    }

    #[test]
    fn who_is_killed_leaves_its_share_to_the_others_and_a_slower_core_takes_longer() {
        let (mut cpu, mut finished) = (FairShare::new(&spec(1.0, 0)), Vec::new());
        assert_eq!(cpu.arrive(0, 1, 300, of(1, 3.0)), Some(300));
        assert_eq!(cpu.arrive(0, 2, 300, of(2, 1.0)), None);
        assert_eq!(cpu.arrive(0, 3, 300, of(2, 1.0)), None);
        // By 80 ns the first has run 60, and the others 10 each.
        assert_eq!(cpu.remove(80, 1), None);
        assert_eq!(cpu.wake(300, |job| finished.push(job)), Some(660));
        assert_eq!(cpu.remove(300, 2), Some(480), "180 of the last one are left");
        assert_eq!(cpu.set_speed(400, 0.5), None, "the wake-up that stands comes too early");
        assert_eq!(cpu.wake(480, |job| finished.push(job)), Some(560));
        assert_eq!(cpu.wake(560, |job| finished.push(job)), None);
        assert_eq!((finished, cpu.present()), (vec![3], 0));
    }
}
