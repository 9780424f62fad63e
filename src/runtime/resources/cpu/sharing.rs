//! Processor sharing: each of n jobs on c cores runs at min(1, c/n) × speed × e(n).
//!
//! All jobs attain work at the same pace, so a job ends when the work attained since the CPU was
//! last idle (its "virtual time") reaches a mark fixed at arrival: an arrival costs O(log n), and
//! a change of pace touches no job. Kleinrock, Queueing Systems vol. 2, 1976, section 4.4.
//!
//! e(n) = slice / (slice + switch) is what context switches leave when more jobs than cores share
//! them, with the kernel's slice at that n: `slice_ns` over the jobs of a core, at least
//! `least_slice_ns`. A lone job never switches, on a fraction of a core neither.
//!
//! Rounding: virtual time is exact for the paces as they are; a mark is rounded up by less than
//! 2⁻¹⁰ ns of work and a wake-up to the next whole ns. So the CPU behaves exactly as an ideal one
//! whose demands are longer, each by less than 2⁻¹⁰ ns and what its pace attains in 1 ns: no job
//! ends early. Alone at speed 1, d ns take d ns.

use super::pace::{BUSY_BITS, Pace, WORK_BITS};
use super::spec::{CpuSpec, LONGEST_DEMAND, NEVER};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Bits of attained work that a mark leaves out: a mark counts 2⁻¹⁰ ns.
const MARK_SHIFT: u32 = WORK_BITS - 10;

/// Attained work from which the count starts again, so that no mark overflows.
const FULL: u128 = 1 << (62 + MARK_SHIFT);

/// Paces are remembered up to this many jobs; beyond, they are computed anew.
const REMEMBERED: usize = 1024;

#[derive(Debug, Clone)]
pub(super) struct Sharing {
    spec: CpuSpec,
    /// By number of jobs, as far as there were so many.
    paces: Vec<Pace>,
    /// Of the jobs present.
    pace: Pace,
    /// Each with its mark, the earliest on top.
    jobs: BinaryHeap<Reverse<u128>>,
    /// [2⁻⁵² ns] work that a job present since the CPU was last idle has attained.
    attained: u128,
    /// [2⁻³² core-ns] busy time up to `updated_at`.
    busy: u128,
    /// (ns) to which `attained` and `busy` are true.
    updated_at: u64,
    /// Arrivals since the CPU was last idle.
    sequence: u32,
    /// (ns) of the wake-up due.
    pub(super) due: u64,
}

impl Sharing {
    pub(super) fn new(spec: CpuSpec) -> Self {
        Self {
            spec,
            paces: vec![Pace::IDLE],
            pace: Pace::IDLE,
            jobs: BinaryHeap::new(),
            attained: 0,
            busy: 0,
            updated_at: 0,
            sequence: 0,
            due: NEVER,
        }
    }

    #[inline]
    pub(super) fn arrive(&mut self, now: u64, job: u32, demand: u64) -> Option<u64> {
        self.advance(now);
        if self.attained >= FULL {
            self.count_again();
        }
        // No demand is at its mark already, whatever the fraction.
        let round_up = if demand == 0 { 0 } else { (1 << MARK_SHIFT) - 1 };
        let attained = (self.attained + round_up) >> MARK_SHIFT;
        let mark = attained as u64 + (demand.min(LONGEST_DEMAND) << 10);
        let job = entry(mark, self.sequence, job);
        self.sequence = self.sequence.wrapping_add(1);
        let behind = self.jobs.peek().is_some_and(|&Reverse(first)| first <= job);
        self.jobs.push(Reverse(job));
        self.change_pace();
        // Behind another, it can only slow down the one that ends first.
        if behind { None } else { self.wake_earlier() }
    }

    #[inline]
    pub(super) fn wake(&mut self, now: u64, mut finished: impl FnMut(u32)) -> Option<u64> {
        self.advance(now);
        let reached = (self.attained >> MARK_SHIFT) as u64;
        let before = self.jobs.len();
        while let Some(&Reverse(first)) = self.jobs.peek()
            && end_of(first) <= reached
        {
            finished(job_of(first));
            self.jobs.pop();
        }
        if self.jobs.len() < before {
            self.change_pace();
        }
        if self.jobs.is_empty() {
            self.rest();
            return None;
        }
        self.due = self.next_end();
        Some(self.due)
    }

    pub(super) fn remove(&mut self, now: u64, job: u32) -> Option<u64> {
        self.advance(now);
        self.jobs.retain(|&Reverse(entry)| job_of(entry) != job);
        self.change_pace();
        if self.jobs.is_empty() {
            self.rest();
            return None;
        }
        self.wake_earlier()
    }

    pub(super) fn set_speed(&mut self, now: u64, speed: f64) -> Option<u64> {
        self.advance(now);
        self.spec.speed = speed;
        self.paces.truncate(1);
        self.change_pace();
        if self.jobs.is_empty() { None } else { self.wake_earlier() }
    }

    pub(super) fn busy_core_ns(&self, now: u64) -> u128 {
        (self.busy + self.pace.busy(now - self.updated_at)) >> BUSY_BITS
    }

    pub(super) fn present(&self) -> usize {
        self.jobs.len()
    }

    #[inline]
    fn advance(&mut self, now: u64) {
        debug_assert!(now >= self.updated_at, "time never moves back");
        let elapsed = now - self.updated_at;
        self.attained += self.pace.work(elapsed);
        self.busy += self.pace.busy(elapsed);
        self.updated_at = now;
    }

    /// Moves the wake-up when the first job ends before it.
    #[inline]
    fn wake_earlier(&mut self) -> Option<u64> {
        let end = self.next_end();
        if end >= self.due {
            return None;
        }
        self.due = end;
        Some(end)
    }

    /// (ns) when the first job ends if none comes or goes; `NEVER` without a job.
    #[inline]
    fn next_end(&self) -> u64 {
        let Some(&Reverse(first)) = self.jobs.peek() else {
            return NEVER;
        };
        let mark = u128::from(end_of(first)) << MARK_SHIFT;
        let missing = mark.saturating_sub(self.attained);
        self.updated_at + self.pace.duration(missing)
    }

    /// An idle CPU counts from zero again, which keeps marks small and a lone job exact.
    fn rest(&mut self) {
        self.attained = 0;
        self.sequence = 0;
        self.due = NEVER;
    }

    #[inline]
    fn change_pace(&mut self) {
        let jobs = self.jobs.len();
        self.pace = match self.paces.get(jobs) {
            Some(&pace) => pace,
            None => self.new_pace(jobs),
        };
    }

    #[cold]
    fn new_pace(&mut self, jobs: usize) -> Pace {
        let pace = pace_of(&self.spec, jobs as f64);
        if jobs == self.paces.len() && jobs <= REMEMBERED {
            self.paces.push(pace);
        }
        pace
    }

    /// Subtracts the attained work, in whole units of a mark, from everything that counts it.
    #[cold]
    fn count_again(&mut self) {
        let units = (self.attained >> MARK_SHIFT) as u64;
        self.attained -= u128::from(units) << MARK_SHIFT;
        let shift = |Reverse(job): Reverse<u128>| {
            // One that ended just now and waits for its wake-up stays ended.
            let mark = end_of(job).saturating_sub(units);
            Reverse(u128::from(mark) << 64 | u128::from(job as u64))
        };
        self.jobs = self.jobs.drain().map(shift).collect();
    }
}

/// The pace of each of `jobs` jobs, at least 1.
fn pace_of(spec: &CpuSpec, jobs: f64) -> Pace {
    let share = (spec.cores / jobs).min(1.0);
    Pace::new(share * spec.speed * spec.efficiency(jobs), spec.cores.min(jobs))
}

/// A job in its heap: one comparison orders by `end`, then by arrival.
fn entry(end: u64, sequence: u32, job: u32) -> u128 {
    u128::from(end) << 64 | u128::from(sequence) << 32 | u128::from(job)
}

/// At what a job of this entry ends, as given to `entry`.
fn end_of(entry: u128) -> u64 {
    (entry >> 64) as u64
}

/// Which job this entry is.
fn job_of(entry: u128) -> u32 {
    entry as u32
}
