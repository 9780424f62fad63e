//! First come, first served: as many servers as started cores, a job keeps its server to its end.
//!
//! What a fraction of a core means is said in `servers`.
//! Nothing is switched, so nothing is lost to switches. A job's end is known when it starts, unless the pace
//! changes, and rounded up to a whole ns: an ideal CPU whose demands are longer by what 1 ns attains.

use super::pace::{BUSY_BITS, Pace, WORK_BITS};
use super::servers::Servers;
use super::spec::{CpuSpec, LONGEST_DEMAND, NEVER};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// A job on a server; ordered by its end, then by its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct OnServer {
    /// (ns) when it ends, if the speed stays what it is.
    end: u64,
    sequence: u32,
    job: u32,
    /// (ns) to which `left` is true.
    since: u64,
    /// [2⁻⁵² ns of a reference core] work that is left.
    left: u128,
}

#[derive(Debug, Clone)]
pub(super) struct FirstCome {
    servers: Servers,
    /// Of each job on a server.
    pace: Pace,
    /// The earliest end on top.
    running: BinaryHeap<Reverse<OnServer>>,
    /// Job and its demand (ns), the longest waiting in front.
    waiting: VecDeque<(u32, u64)>,
    /// [2⁻³² core-ns] busy time up to `updated_at`.
    busy: u128,
    /// (ns) to which `busy` is true.
    updated_at: u64,
    /// Starts since the CPU was last idle; jobs start in the order they came.
    sequence: u32,
    /// (ns) of the wake-up due.
    pub(super) due: u64,
}

impl FirstCome {
    pub(super) fn new(spec: &CpuSpec) -> Self {
        let servers = Servers::new(spec);
        Self {
            pace: servers.pace(0),
            servers,
            running: BinaryHeap::new(),
            waiting: VecDeque::new(),
            busy: 0,
            updated_at: 0,
            sequence: 0,
            due: NEVER,
        }
    }

    #[inline]
    pub(super) fn arrive(&mut self, now: u64, job: u32, demand: u64) -> Option<u64> {
        self.advance(now);
        if self.running.len() == self.servers.count {
            self.waiting.push_back((job, demand));
            return None;
        }
        self.start(job, demand);
        self.settle();
        self.wake_earlier()
    }

    #[inline]
    pub(super) fn wake(&mut self, now: u64, mut finished: impl FnMut(u32)) -> Option<u64> {
        self.advance(now);
        while let Some(&Reverse(first)) = self.running.peek()
            && first.end <= now
        {
            finished(first.job);
            self.running.pop();
            if let Some((job, demand)) = self.waiting.pop_front() {
                self.start(job, demand);
            }
            self.settle();
        }
        if self.running.is_empty() {
            self.sequence = 0;
        }
        self.due = self.next_end();
        (self.due != NEVER).then_some(self.due)
    }

    pub(super) fn remove(&mut self, now: u64, job: u32) -> Option<u64> {
        self.advance(now);
        self.waiting.retain(|&(waiting, _)| waiting != job);
        self.running.retain(|Reverse(running)| running.job != job);
        while self.running.len() < self.servers.count
            && let Some((job, demand)) = self.waiting.pop_front()
        {
            self.start(job, demand);
        }
        self.settle();
        if self.running.is_empty() {
            self.due = NEVER;
            return None;
        }
        self.wake_earlier()
    }

    /// What each job on a server has attained so far stays its own; the rest goes on at the new speed.
    pub(super) fn set_speed(&mut self, now: u64, speed: f64) -> Option<u64> {
        self.advance(now);
        self.servers.set_speed(speed);
        self.change_pace();
        if self.running.is_empty() { None } else { self.wake_earlier() }
    }

    pub(super) fn busy_core_ns(&self, now: u64) -> u128 {
        let running = self.running.len() as u128;
        (self.busy + running * self.pace.busy(now - self.updated_at)) >> BUSY_BITS
    }

    pub(super) fn present(&self) -> usize {
        self.running.len() + self.waiting.len()
    }

    #[inline]
    fn advance(&mut self, now: u64) {
        debug_assert!(now >= self.updated_at, "time never moves back");
        let running = self.running.len() as u128;
        self.busy += running * self.pace.busy(now - self.updated_at);
        self.updated_at = now;
    }

    #[inline]
    fn start(&mut self, job: u32, demand: u64) {
        let left = u128::from(demand.min(LONGEST_DEMAND)) << WORK_BITS;
        let since = self.updated_at;
        let end = since + self.pace.duration(left);
        let sequence = self.sequence;
        self.running.push(Reverse(OnServer { end, sequence, job, since, left }));
        self.sequence = self.sequence.wrapping_add(1);
    }

    /// The pace of so many jobs, where it depends on how many there are.
    #[inline]
    fn settle(&mut self) {
        if self.servers.is_fractional() && self.pace != self.servers.pace(self.running.len()) {
            self.change_pace();
        }
    }

    #[cold]
    fn change_pace(&mut self) {
        let now = self.updated_at;
        let pace = self.servers.pace(self.running.len());
        let old = std::mem::replace(&mut self.pace, pace);
        let running = self.running.drain().map(|Reverse(mut running)| {
            running.left = running.left.saturating_sub(old.work(now - running.since));
            running.since = now;
            running.end = now + pace.duration(running.left);
            Reverse(running)
        });
        self.running = running.collect();
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

    /// (ns) when the first job ends; `NEVER` without a job.
    #[inline]
    fn next_end(&self) -> u64 {
        self.running.peek().map_or(NEVER, |Reverse(first)| first.end)
    }
}
