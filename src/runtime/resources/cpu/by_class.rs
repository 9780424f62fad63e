//! By class of priority: as many servers as started cores; the best class that waits is next, within a
//! class whoever came first.
//!
//! A job keeps its server to its end, or, where the CPU preempts, until a better class needs the server:
//! it then resumes with the work that was left, before all of its class that came later. An interrupted
//! job has attained exactly its pace times its time, in units of 2⁻⁵² ns, so only its last end is rounded
//! up to a whole ns. As in `first_come`, nothing is lost to switches; what a
//! fraction of a core means is said in `servers`.
//! Cobham 1954 (not preemptive); White & Christie 1958 (preemptive resume).
//! Twin for tests: `tests::tell_slowly`, which ranks every job anew at every event.

use super::pace::{BUSY_BITS, Pace, WORK_BITS};
use super::servers::Servers;
use super::spec::{CpuSpec, LONGEST_DEMAND, NEVER};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A job that waits for a server; ordered by its rank, which no two jobs share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Waiting {
    /// Class, then arrival: the least is next.
    rank: (u8, u64),
    job: u32,
    /// [2⁻⁵² ns of a reference core] work that is left.
    left: u128,
}

/// A job on a server.
#[derive(Debug, Clone, Copy)]
struct Running {
    /// As it waited when the server took it.
    waited: Waiting,
    /// (ns) when the server took it.
    started: u64,
    /// (ns) when it ends, unless it is interrupted.
    end: u64,
}

#[derive(Debug, Clone)]
pub(super) struct ByClass {
    servers: Servers,
    preemptive: bool,
    /// Of each job on a server.
    pace: Pace,
    /// Best rank first. Searched through: a CPU has few servers.
    running: Vec<Running>,
    waiting: BinaryHeap<Reverse<Waiting>>,
    /// [2⁻³² core-ns] busy time up to `updated_at`.
    busy: u128,
    /// (ns) to which `busy` is true.
    updated_at: u64,
    /// Arrivals so far.
    arrivals: u64,
    /// (ns) of the wake-up due.
    pub(super) due: u64,
}

impl ByClass {
    pub(super) fn new(spec: &CpuSpec, preemptive: bool) -> Self {
        let servers = Servers::new(spec);
        Self {
            pace: servers.pace(0),
            servers,
            preemptive,
            running: Vec::new(),
            waiting: BinaryHeap::new(),
            busy: 0,
            updated_at: 0,
            arrivals: 0,
            due: NEVER,
        }
    }

    pub(super) fn arrive(&mut self, now: u64, job: u32, demand: u64, class: u8) -> Option<u64> {
        self.advance(now);
        let left = u128::from(demand.min(LONGEST_DEMAND)) << WORK_BITS;
        let arrived = Waiting { rank: (class, self.arrivals), job, left };
        self.arrivals += 1;
        if self.running.len() == self.servers.count && !self.makes_room(class) {
            self.waiting.push(Reverse(arrived));
            return None;
        }
        self.start(arrived);
        self.settle();
        self.wake_earlier()
    }

    pub(super) fn wake(&mut self, now: u64, mut finished: impl FnMut(u32)) -> Option<u64> {
        self.advance(now);
        while let Some(first) = self.first_to_end().filter(|&first| self.running[first].end <= now)
        {
            finished(self.running.remove(first).waited.job);
            self.fill();
        }
        self.due = self.next_end();
        (self.due != NEVER).then_some(self.due)
    }

    pub(super) fn remove(&mut self, now: u64, job: u32) -> Option<u64> {
        self.advance(now);
        self.waiting.retain(|Reverse(waiting)| waiting.job != job);
        self.running.retain(|running| running.waited.job != job);
        self.fill();
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

    fn advance(&mut self, now: u64) {
        debug_assert!(now >= self.updated_at, "time never moves back");
        let running = self.running.len() as u128;
        self.busy += running * self.pace.busy(now - self.updated_at);
        self.updated_at = now;
    }

    /// Interrupts the lowest job on a server for one of a better class. A job whose end is now and only
    /// waits for its wake-up is not interrupted: it would be told much later.
    fn makes_room(&mut self, class: u8) -> bool {
        let now = self.updated_at;
        let lower = |running: &Running| running.waited.rank.0 > class && running.end > now;
        let lowest = self.running.iter().rposition(lower).filter(|_| self.preemptive);
        let Some(lowest) = lowest else {
            return false;
        };
        let Running { mut waited, started, .. } = self.running.remove(lowest);
        waited.left = waited.left.saturating_sub(self.pace.work(now - started));
        self.waiting.push(Reverse(waited));
        true
    }

    /// Gives free servers to whoever is next.
    fn fill(&mut self) {
        while self.running.len() < self.servers.count
            && let Some(Reverse(next)) = self.waiting.pop()
        {
            self.start(next);
        }
        self.settle();
    }

    /// The pace of so many jobs, where it depends on how many there are.
    fn settle(&mut self) {
        if self.servers.is_fractional() && self.pace != self.servers.pace(self.running.len()) {
            self.change_pace();
        }
    }

    fn change_pace(&mut self) {
        let now = self.updated_at;
        let pace = self.servers.pace(self.running.len());
        let old = std::mem::replace(&mut self.pace, pace);
        for Running { waited, started, end } in &mut self.running {
            waited.left = waited.left.saturating_sub(old.work(now - *started));
            *started = now;
            *end = now + pace.duration(waited.left);
        }
    }

    fn start(&mut self, waited: Waiting) {
        let started = self.updated_at;
        let end = started + self.pace.duration(waited.left);
        let place = self.running.partition_point(|other| other.waited.rank < waited.rank);
        self.running.insert(place, Running { waited, started, end });
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

    /// Place of the job that ends first; of several, the one that came first.
    fn first_to_end(&self) -> Option<usize> {
        let ends = self.running.iter().enumerate();
        let first = ends.min_by_key(|(_, running)| (running.end, running.waited.rank.1));
        first.map(|(place, _)| place)
    }

    /// (ns) when the first job ends; `NEVER` without a job.
    fn next_end(&self) -> u64 {
        self.running.iter().map(|running| running.end).min().unwrap_or(NEVER)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::draws::Draws;
    use super::super::FirstCome;
    use super::*;

    fn spec(cores: f64, speed: f64, preemptive: bool) -> CpuSpec {
        let discipline = super::super::Discipline::ByClass { preemptive };
        CpuSpec { cores, speed, discipline, switch_ns: 0, slice_ns: 0, least_slice_ns: 0 }
    }

    fn cpu(cores: f64, preemptive: bool) -> ByClass {
        ByClass::new(&spec(cores, 1.0, preemptive), preemptive)
    }

    /// Arrivals (ns) in order, with demand (ns) and class; who is killed when; and what the speed becomes when.
    struct Story {
        arrivals: Vec<(u64, u64, u8)>,
        kills: Vec<(u64, u32)>,
        speeds: Vec<(u64, f64)>,
    }

    impl Story {
        /// Demands are multiples of `unit` (ns).
        fn invent(draws: &mut Draws, spec: &CpuSpec, unit: u64) -> Self {
            let between = 50_000.0 / (spec.cores * spec.speed * (0.6 + 0.6 * draws.share()));
            let nothing = Self { arrivals: Vec::new(), kills: Vec::new(), speeds: Vec::new() };
            let (mut now, mut story) = (0, nothing);
            for job in 0..150 {
                now += draws.exponential(between);
                let demand = unit * (1 + draws.exponential(50_000.0 / unit as f64));
                story.arrivals.push((now, demand, draws.below(4) as u8));
                if draws.below(12) == 0 {
                    story.kills.push((now + draws.exponential(2.0 * between), job));
                }
            }
            story.kills.sort_unstable();
            story
        }
    }

    /// Ends of all jobs (ns), `None` for those killed, and the busy time [core-ns].
    type Told = (Vec<Option<f64>>, f64);

    /// What both disciplines without sharing can do.
    trait Serves {
        fn arrive(&mut self, now: u64, job: u32, demand: u64, class: u8) -> Option<u64>;
        fn wake(&mut self, now: u64, finished: impl FnMut(u32)) -> Option<u64>;
        fn remove(&mut self, now: u64, job: u32) -> Option<u64>;
        fn set_speed(&mut self, now: u64, speed: f64) -> Option<u64>;
        fn present(&self) -> usize;
        fn busy_core_ns(&self, now: u64) -> u128;
    }

    macro_rules! serves {
        ($cpu:ident, $($class:ident)?) => {
            impl Serves for $cpu {
                fn arrive(&mut self, now: u64, job: u32, demand: u64, _class: u8) -> Option<u64> {
                    $(let $class = _class;)?
                    $cpu::arrive(self, now, job, demand $(, $class)?)
                }
                fn wake(&mut self, now: u64, finished: impl FnMut(u32)) -> Option<u64> {
                    $cpu::wake(self, now, finished)
                }
                fn remove(&mut self, now: u64, job: u32) -> Option<u64> {
                    $cpu::remove(self, now, job)
                }
                fn set_speed(&mut self, now: u64, speed: f64) -> Option<u64> {
                    $cpu::set_speed(self, now, speed)
                }
                fn present(&self) -> usize {
                    $cpu::present(self)
                }
                fn busy_core_ns(&self, now: u64) -> u128 {
                    $cpu::busy_core_ns(self, now)
                }
            }
        };
    }
    serves!(ByClass, class);
    serves!(FirstCome,);

    /// Tells a story to a CPU, as the engine would.
    fn drive(cpu: &mut impl Serves, story: &Story) -> Told {
        let mut last = 0;
        let mut ends = vec![None; story.arrivals.len()];
        let (mut due, mut next, mut kill, mut finished) = (None, 0, 0, Vec::new());
        let mut speeds = story.speeds.iter().peekable();
        loop {
            let came = story.arrivals.get(next).map_or(NEVER, |arrival| arrival.0);
            let shot = story.kills.get(kill).map_or(NEVER, |kill| kill.0);
            let changed = speeds.peek().map_or(NEVER, |change| change.0);
            let now = came.min(shot).min(changed).min(due.unwrap_or(NEVER));
            if now == NEVER {
                return (ends, cpu.busy_core_ns(last) as f64);
            }
            last = now;
            if due == Some(now) {
                due = cpu.wake(now, |job| finished.push(job));
                for job in finished.drain(..) {
                    assert_eq!(ends[job as usize].replace(now as f64), None);
                }
            } else if came == now {
                let (_, demand, class) = story.arrivals[next];
                due = cpu.arrive(now, next as u32, demand, class).or(due);
                next += 1;
            } else if let Some((_, speed)) = speeds.next_if(|change| change.0 == now) {
                due = cpu.set_speed(now, *speed).or(due);
            } else {
                due = cpu.remove(now, story.kills[kill].1).or(due.filter(|_| cpu.present() > 0));
                kill += 1;
            }
        }
    }

    /// Slow and obvious: at every event all jobs are ranked anew, and the best get the servers.
    fn tell_slowly(spec: &CpuSpec, preemptive: bool, story: &Story) -> Told {
        struct Job {
            number: usize,
            class: u8,
            left: f64,
            served: bool,
        }
        let servers = spec.cores.ceil() as usize;
        let mut ends = vec![None; story.arrivals.len()];
        let mut present: Vec<Job> = Vec::new();
        let (mut now, mut busy, mut next, mut kill) = (0.0, 0.0, 0, 0);
        loop {
            present.sort_by_key(|job| (!preemptive && !job.served, job.class, job.number));
            for (place, job) in present.iter_mut().enumerate() {
                job.served = place < servers;
            }
            let running = present.len().min(servers);
            let share = f64::min(1.0, spec.cores / running as f64);
            let pace = share * spec.speed;
            let ending = present[..running].iter().map(|job| now + job.left / pace);
            let end = ending.fold(f64::INFINITY, f64::min);
            let came = story.arrivals.get(next).map_or(f64::INFINITY, |job| job.0 as f64);
            let shot = story.kills.get(kill).map_or(f64::INFINITY, |kill| kill.0 as f64);
            let then = end.min(came).min(shot);
            if then == f64::INFINITY {
                return (ends, busy);
            }
            busy += (then - now) * f64::min(running as f64, spec.cores);
            for job in &mut present[..running] {
                job.left -= (then - now) * pace;
            }
            now = then;
            if now == end {
                present.retain(|job| {
                    if job.left == 0.0 {
                        ends[job.number] = Some(now);
                    }
                    job.left > 0.0
                });
            } else if now == came {
                let (_, demand, class) = story.arrivals[next];
                let left = demand as f64;
                present.push(Job { number: next, class, left, served: false });
                next += 1;
            } else {
                present.retain(|job| job.number != story.kills[kill].1 as usize);
                kill += 1;
            }
        }
    }

    #[test]
    fn it_agrees_with_ranking_every_job_at_every_event() {
        for seed in 0..600 {
            let mut draws = Draws::new(seed);
            let preemptive = seed % 2 == 0;
            let cores = [0.5, 1.0, 1.0, 2.0, 3.0][draws.below(5) as usize];
            // Paces and demands of which nothing is rounded: both must agree to the last bit.
            let spec = spec(cores, [1.0, 0.5, 2.0][draws.below(3) as usize], preemptive);
            let story = Story::invent(&mut draws, &spec, 4);
            let (ends, busy) = drive(&mut ByClass::new(&spec, preemptive), &story);
            let (slow_ends, slow_busy) = tell_slowly(&spec, preemptive, &story);
            assert_eq!(ends, slow_ends, "seed {seed}");
            assert!((busy - slow_busy).abs() < 1.0, "seed {seed}: {busy} {slow_busy}");
        }
    }

    #[test]
    fn with_one_class_it_is_first_come_first_served_to_the_nanosecond() {
        for seed in 0..200 {
            let mut draws = Draws::new(seed);
            let cores = [0.3, 1.0, 1.37, 2.0, 2.5][draws.below(5) as usize];
            let spec = spec(cores, [1.0, 0.7, 2.3][draws.below(3) as usize], true);
            let mut story = Story::invent(&mut draws, &spec, 1);
            story.arrivals.iter_mut().for_each(|arrival| arrival.2 = 7);
            for arrival in story.arrivals.iter().step_by(20) {
                let speed = [0.4, 1.0, 1.7][draws.below(3) as usize];
                story.speeds.push((arrival.0 + draws.below(5_000), speed));
            }
            story.speeds.sort_by_key(|change| change.0);
            let told = drive(&mut ByClass::new(&spec, seed % 2 == 0), &story);
            assert_eq!(told, drive(&mut FirstCome::new(&spec), &story), "seed {seed}");
        }
    }

    #[test]
    fn a_better_class_interrupts_and_the_interrupted_resumes_with_what_was_left() {
        let (mut cpu, mut finished) = (cpu(1.0, true), Vec::new());
        assert_eq!(cpu.arrive(0, 1, 100, 2), Some(100));
        assert_eq!(cpu.arrive(30, 2, 50, 2), None, "its own class waits behind it");
        assert_eq!(cpu.arrive(40, 3, 10, 0), Some(50), "the best class starts at once");
        assert_eq!(cpu.arrive(45, 4, 20, 1), None, "a class between waits for the best");
        assert_eq!(cpu.wake(50, |job| finished.push(job)), Some(70));
        assert_eq!(cpu.wake(70, |job| finished.push(job)), Some(130), "60 of 100 were left");
        assert_eq!(cpu.wake(130, |job| finished.push(job)), Some(180));
        assert_eq!(cpu.wake(180, |job| finished.push(job)), None);
        assert_eq!(finished, [3, 4, 1, 2]);
        assert_eq!(cpu.busy_core_ns(500), 180);
    }

    #[test]
    fn a_slower_core_keeps_what_was_attained_and_an_interrupted_job_too() {
        let (mut cpu, mut finished) = (cpu(1.0, true), Vec::new());
        assert_eq!(cpu.arrive(0, 1, 100, 1), Some(100));
        // 60 are left at half the speed; the wake-up that stands comes too early and does no harm.
        assert_eq!(cpu.set_speed(40, 0.5), None);
        assert_eq!(cpu.arrive(60, 2, 10, 0), Some(80), "50 of the first are left");
        assert_eq!(cpu.wake(80, |job| finished.push(job)), Some(180));
        assert_eq!(cpu.set_speed(100, 2.0), Some(120), "40 are left at twice the speed");
        assert_eq!(cpu.wake(120, |job| finished.push(job)), None);
        assert_eq!(finished, [2, 1]);
        assert_eq!(cpu.busy_core_ns(500), 120);
    }

    #[test]
    fn without_preemption_the_best_class_is_next_and_nobody_is_interrupted() {
        let (mut cpu, mut finished) = (cpu(1.0, false), Vec::new());
        assert_eq!(cpu.arrive(0, 1, 100, 2), Some(100));
        assert_eq!(cpu.arrive(30, 2, 50, 2), None);
        assert_eq!(cpu.arrive(40, 3, 10, 0), None);
        assert_eq!(cpu.wake(100, |job| finished.push(job)), Some(110));
        assert_eq!(cpu.wake(110, |job| finished.push(job)), Some(160));
        assert_eq!(cpu.wake(160, |job| finished.push(job)), None);
        assert_eq!(finished, [1, 3, 2]);
    }

    #[test]
    fn of_several_servers_the_lowest_and_latest_job_makes_room() {
        let (mut cpu, mut finished) = (cpu(2.0, true), Vec::new());
        assert_eq!(cpu.arrive(0, 1, 100, 1), Some(100));
        assert_eq!(cpu.arrive(0, 2, 100, 1), None);
        assert_eq!(cpu.arrive(10, 3, 20, 0), Some(30));
        assert_eq!(cpu.wake(30, |job| finished.push(job)), Some(100));
        assert_eq!(
            cpu.wake(100, |job| finished.push(job)),
            Some(120),
            "it lost 20 to the better class"
        );
        assert_eq!(cpu.wake(120, |job| finished.push(job)), None);
        assert_eq!(finished, [3, 1, 2]);
    }

    #[test]
    fn on_a_fraction_more_the_lowest_makes_room_and_all_who_run_share_what_there_is() {
        let (mut cpu, mut finished) = (cpu(1.5, true), Vec::new());
        assert_eq!(cpu.arrive(0, 1, 120, 1), Some(120), "a lone job has a core");
        assert_eq!(cpu.arrive(20, 2, 60, 2), Some(100), "two have three quarters each");
        assert_eq!(cpu.arrive(60, 3, 30, 0), None, "the second of them makes room");
        assert_eq!(cpu.wake(100, |job| finished.push(job)), Some(140), "30 at three quarters");
        assert_eq!(finished, [3]);
        assert_eq!(cpu.remove(110, 2), None, "the first is alone again: 32.5 of it are left");
        assert_eq!(cpu.wake(140, |job| finished.push(job)), Some(143));
        assert_eq!(cpu.wake(143, |job| finished.push(job)), None);
        assert_eq!(finished, [3, 1]);
    }

    #[test]
    fn a_job_that_ends_at_this_instant_is_not_interrupted() {
        let (mut cpu, mut finished) = (cpu(1.0, true), Vec::new());
        assert_eq!(cpu.arrive(0, 1, 100, 2), Some(100));
        assert_eq!(cpu.arrive(100, 2, 1000, 0), None);
        assert_eq!(cpu.wake(100, |job| finished.push(job)), Some(1100));
        assert_eq!(finished, [1]);
    }
}
