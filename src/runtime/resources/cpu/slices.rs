//! Time slices, as the fair scheduler of Linux deals them out: a thread keeps its core until it waits or its slice
//! is over; then whoever has run least is next.
//!
//! Each thread has a run time (ns on a core). Whoever becomes runnable begins at the mean run time of those who are:
//! one that slept has no claim on the cores, and owes none. Nobody is interrupted within a slice. Who has ended its
//! job keeps its core to the end of this instant, as its thread may go on with more work, in the same slice. A thread
//! that waited for its core pays a context switch when it gets it.
//! Simplified: one queue for all cores (Linux: one a core, balanced now and then), no weights, and no thread is owed
//! anything when it has slept.
//! Stoica & Abdel-Wahab 1995 (lag, virtual time); Linux documentation, sched-eevdf and sched-design-CFS.
//! Twin for tests: `tests::Slow`.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::pace::{BUSY_BITS, Pace, WORK_BITS};
use super::servers::Servers;
use super::spec::{CpuSpec, LONGEST_DEMAND, NEVER};

/// Who works: the jobs of a thread come one after the other.
pub(crate) type ThreadKey = u64;

/// A runnable thread with its job; ordered by who is next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Runnable {
    /// (ns) how long it has run.
    ran: u64,
    /// Of two that have run as long, the one that queued first.
    sequence: u64,
    key: ThreadKey,
    job: u32,
    /// [2⁻⁵² ns of a reference core] work that is left.
    left: u128,
}

/// A thread on a core.
#[derive(Debug, Clone, Copy)]
struct OnCore {
    /// `ran` and `left` are true at `since`.
    thread: Runnable,
    /// (ns)
    since: u64,
    /// (ns) when its work begins or goes on: later than `since` by what a switch takes.
    works_from: u64,
    /// (ns) when its slice began.
    taken_at: u64,
    /// (ns) when its job ends, unless it is interrupted.
    end: u64,
    /// Its job has ended at this instant.
    between: bool,
}

#[derive(Debug, Clone)]
pub(super) struct TimeSlices {
    servers: Servers,
    /// (ns) how long a thread keeps its core while others wait for it.
    slice: u64,
    /// (ns) what a thread pays that waited for its core.
    switch: u64,
    pace: Pace,
    running: Vec<OnCore>,
    /// Who has run least on top.
    queue: BinaryHeap<Reverse<Runnable>>,
    /// (ns) run times of all runnable threads together, up to `updated_at`.
    ran_sum: u128,
    /// [2⁻³² core-ns] busy time up to `updated_at`.
    busy: u128,
    /// (ns) to which `busy` and `ran_sum` are true.
    updated_at: u64,
    /// Threads that queued so far.
    sequence: u64,
    /// (ns) of the wake-up due.
    pub(super) due: u64,
}

impl TimeSlices {
    pub(super) fn new(spec: &CpuSpec) -> Self {
        let servers = Servers::new(spec);
        Self {
            pace: servers.pace(0),
            servers,
            slice: spec.least_slice_ns.max(1),
            switch: spec.switch_ns,
            running: Vec::new(),
            queue: BinaryHeap::new(),
            ran_sum: 0,
            busy: 0,
            updated_at: 0,
            sequence: 0,
            due: NEVER,
        }
    }

    #[inline(never)]
    pub(super) fn arrive(
        &mut self,
        now: u64,
        job: u32,
        demand: u64,
        key: ThreadKey,
    ) -> Option<u64> {
        self.advance(now);
        let left = u128::from(demand.min(LONGEST_DEMAND)) << WORK_BITS;
        let goes_on = |running: &&mut OnCore| running.between && running.thread.key == key;
        if let Some(running) = self.running.iter_mut().find(goes_on) {
            running.between = false;
            running.thread = Runnable { job, left, ..running.ran(now) };
            (running.since, running.works_from) = (now, now);
            running.end = now + self.pace.duration(left);
        } else {
            let ran = self.mean();
            let thread = Runnable { ran, sequence: self.sequence, key, job, left };
            self.sequence += 1;
            self.ran_sum += u128::from(ran);
            if self.running.len() < self.servers.count {
                self.running.push(self.on_core(thread, 0));
            } else {
                self.queue.push(Reverse(thread));
            }
        }
        self.end_slices();
        self.settle();
        self.wake_earlier()
    }

    #[inline(never)]
    pub(super) fn wake(&mut self, now: u64, mut finished: impl FnMut(u32)) -> Option<u64> {
        self.advance(now);
        // Whose job had ended before this instant's last wake-up, and has no other, waits.
        let mut left = 0;
        self.running.retain(|running| {
            if running.between {
                left += u128::from(running.ran(now).ran);
            }
            !running.between
        });
        self.ran_sum -= left;
        let ended = |running: &OnCore| !running.between && running.end <= now;
        while let Some(place) = self.first_to_end().filter(|place| ended(&self.running[*place])) {
            self.running[place].between = true;
            finished(self.running[place].thread.job);
        }
        self.end_slices();
        self.fill();
        self.due = self.next_due();
        (self.due != NEVER).then_some(self.due)
    }

    pub(super) fn remove(&mut self, now: u64, job: u32) -> Option<u64> {
        self.advance(now);
        let is_it = |running: &OnCore| !running.between && running.thread.job == job;
        if let Some(place) = self.running.iter().position(is_it) {
            self.ran_sum -= u128::from(self.running.remove(place).ran(now).ran);
        }
        let mut left = 0;
        self.queue.retain(|Reverse(thread)| {
            if thread.job == job {
                left += u128::from(thread.ran);
            }
            thread.job != job
        });
        self.ran_sum -= left;
        self.fill();
        if self.running.is_empty() {
            self.due = NEVER;
            return None;
        }
        self.wake_earlier()
    }

    /// What each thread has attained so far stays its own; the rest goes on at the new speed.
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
        self.queue.len() + self.running.iter().filter(|running| !running.between).count()
    }

    fn advance(&mut self, now: u64) {
        debug_assert!(now >= self.updated_at, "time never moves back");
        let (running, elapsed) = (self.running.len() as u128, now - self.updated_at);
        self.busy += running * self.pace.busy(elapsed);
        self.ran_sum += running * u128::from(elapsed);
        self.updated_at = now;
    }

    /// (ns) Mean run time of those who are runnable.
    fn mean(&self) -> u64 {
        let runnable = self.running.len() + self.queue.len();
        (self.ran_sum / runnable.max(1) as u128) as u64
    }

    /// Whose slice is over makes room, if somebody who waits has run less; else it has another slice. Of several, who
    /// has run most is first.
    fn end_slices(&mut self) {
        let now = self.updated_at;
        while let Some(Reverse(next)) = self.queue.peek().copied()
            && let Some(place) = self.first_over()
        {
            self.running[place].taken_at = now;
            let thread = self.running[place].attained(now, self.pace);
            if next.ran < thread.ran {
                self.queue.pop();
                self.queue.push(Reverse(Runnable { sequence: self.sequence, ..thread }));
                self.sequence += 1;
                self.running[place] = self.on_core(next, self.switch);
            }
        }
    }

    /// Place of the thread whose slice is over. A job whose end is now is not interrupted: it would be told much
    /// later.
    fn first_over(&self) -> Option<usize> {
        let now = self.updated_at;
        let is_over = |running: &OnCore| {
            !running.between
                && running.end > now
                && running.taken_at.saturating_add(self.slice) <= now
        };
        let over = self.running.iter().enumerate().filter(|(_, running)| is_over(running));
        let most = over.max_by_key(|(_, running)| (running.ran(now).ran, running.thread.sequence));
        most.map(|(place, _)| place)
    }

    /// Gives free cores to whoever is next.
    fn fill(&mut self) {
        while self.running.len() < self.servers.count
            && let Some(Reverse(next)) = self.queue.pop()
        {
            self.running.push(self.on_core(next, self.switch));
        }
        self.settle();
    }

    /// A thread that gets a core now, and works on it after a switch (ns).
    fn on_core(&self, thread: Runnable, switch: u64) -> OnCore {
        let now = self.updated_at;
        let works_from = now + switch;
        let end = works_from + self.pace.duration(thread.left);
        OnCore { thread, since: now, works_from, taken_at: now, end, between: false }
    }

    /// The pace of so many threads, where it depends on how many there are.
    fn settle(&mut self) {
        if self.servers.is_fractional() && self.pace != self.servers.pace(self.running.len()) {
            self.change_pace();
        }
    }

    fn change_pace(&mut self) {
        let now = self.updated_at;
        let pace = self.servers.pace(self.running.len());
        let old = std::mem::replace(&mut self.pace, pace);
        for running in &mut self.running {
            running.thread = running.attained(now, old);
            running.since = now;
            running.works_from = running.works_from.max(now);
            running.end = running.works_from + pace.duration(running.thread.left);
        }
    }

    fn wake_earlier(&mut self) -> Option<u64> {
        let due = self.next_due();
        if due >= self.due {
            return None;
        }
        self.due = due;
        Some(due)
    }

    /// Place of the thread whose job ends first, among those that have one.
    fn first_to_end(&self) -> Option<usize> {
        let working = self.running.iter().enumerate().filter(|(_, running)| !running.between);
        let first = working.min_by_key(|(_, running)| (running.end, running.thread.sequence));
        first.map(|(place, _)| place)
    }

    /// (ns) When a job ends, a slice is over that somebody waits for, or this instant, if a job has ended in it.
    fn next_due(&self) -> u64 {
        let slice = if self.queue.is_empty() { NEVER } else { self.slice };
        let due = |running: &OnCore| match running.between {
            true => self.updated_at,
            false => running.end.min(running.taken_at.saturating_add(slice)).max(self.updated_at),
        };
        self.running.iter().map(due).min().unwrap_or(NEVER)
    }
}

impl OnCore {
    /// Its thread with what it has run by now.
    fn ran(&self, now: u64) -> Runnable {
        Runnable { ran: self.thread.ran + (now - self.since), ..self.thread }
    }

    /// The same with the work that it has left.
    fn attained(&self, now: u64, pace: Pace) -> Runnable {
        let work = pace.work(now.saturating_sub(self.works_from));
        Runnable { left: self.thread.left.saturating_sub(work), ..self.ran(now) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::draws::Draws;
    use super::super::Discipline;
    use super::*;

    fn spec(cores: f64, slice: u64, switch_ns: u64) -> CpuSpec {
        let discipline = Discipline::TimeSlices;
        CpuSpec { cores, speed: 1.0, discipline, switch_ns, slice_ns: 0, least_slice_ns: slice }
    }

    fn cpu(cores: f64, slice: u64, switch: u64) -> TimeSlices {
        TimeSlices::new(&spec(cores, slice, switch))
    }

    /// Slow and obvious: all threads in one list, and time that passes nanosecond by nanosecond.
    struct Slow {
        cores: usize,
        slice: u64,
        switch: u64,
        threads: Vec<Thread>,
        queued: u64,
    }

    #[derive(Clone, Copy, PartialEq)]
    enum Doing {
        Sleeps,
        Queues,
        Runs { slice: u64, switching: u64 },
        Between { slice: u64 },
    }

    #[derive(Clone, Copy)]
    struct Thread {
        key: ThreadKey,
        ran: u64,
        left: u64,
        job: u32,
        order: u64,
        doing: Doing,
    }

    impl Slow {
        fn mean(&self) -> u64 {
            let up = self.threads.iter().filter(|thread| thread.doing != Doing::Sleeps);
            let up: Vec<u64> = up.map(|thread| thread.ran).collect();
            up.iter().sum::<u64>() / up.len().max(1) as u64
        }

        fn on_cores(&self) -> usize {
            self.runners().len()
        }

        /// Who has a core, and how long it has run.
        fn runners(&self) -> Vec<(ThreadKey, u64)> {
            let on = |thread: &&Thread| {
                matches!(thread.doing, Doing::Runs { .. } | Doing::Between { .. })
            };
            let on = self.threads.iter().filter(on);
            let mut on: Vec<(ThreadKey, u64)> = on.map(|thread| (thread.key, thread.ran)).collect();
            on.sort_unstable();
            on
        }

        fn queue(&mut self, thread: usize) {
            self.threads[thread].doing = Doing::Queues;
            self.threads[thread].order = self.queued;
            self.queued += 1;
        }

        fn next(&self) -> Option<usize> {
            let waits = |thread: &usize| self.threads[*thread].doing == Doing::Queues;
            let waiting = (0..self.threads.len()).filter(waits);
            waiting.min_by_key(|thread| (self.threads[*thread].ran, self.threads[*thread].order))
        }

        fn arrive(&mut self, job: u32, demand: u64, key: ThreadKey) {
            let mean = self.mean();
            let known = self.threads.iter().position(|thread| thread.key == key);
            let place = known.unwrap_or(self.threads.len());
            if known.is_none() {
                let doing = Doing::Sleeps;
                self.threads.push(Thread { key, ran: mean, left: 0, job, order: 0, doing });
            }
            let free = self.on_cores() < self.cores;
            let thread = &mut self.threads[place];
            (thread.job, thread.left) = (job, demand);
            match thread.doing {
                Doing::Between { slice } => thread.doing = Doing::Runs { slice, switching: 0 },
                Doing::Sleeps => {
                    thread.ran = mean;
                    self.queue(place);
                    if free {
                        self.threads[place].doing = Doing::Runs { slice: 0, switching: 0 };
                    }
                }
                Doing::Queues | Doing::Runs { .. } => panic!("a thread has one job at a time"),
            }
        }

        /// What is due at this instant: `Some(jobs)` that have ended, in the order in which they got their cores.
        fn look(&mut self) -> Vec<u32> {
            for thread in &mut self.threads {
                if let Doing::Between { .. } = thread.doing {
                    thread.doing = Doing::Sleeps;
                }
            }
            let mut ended: Vec<(u64, u32)> = Vec::new();
            for thread in &mut self.threads {
                if let Doing::Runs { slice, switching: 0 } = thread.doing
                    && thread.left == 0
                {
                    thread.doing = Doing::Between { slice };
                    ended.push((thread.order, thread.job));
                }
            }
            ended.sort_unstable();
            ended.into_iter().map(|(_, job)| job).collect()
        }

        /// Whose slice is over and whose job is not; of several, who has run most.
        fn over(&self) -> Option<usize> {
            let is_over = |place: &usize| match self.threads[*place].doing {
                Doing::Runs { slice, switching } => {
                    slice >= self.slice && (switching > 0 || self.threads[*place].left > 0)
                }
                Doing::Sleeps | Doing::Queues | Doing::Between { .. } => false,
            };
            let over = (0..self.threads.len()).filter(is_over);
            over.max_by_key(|place| (self.threads[*place].ran, self.threads[*place].order))
        }

        /// Slices that are over, and cores that are free.
        fn deal(&mut self) {
            while let (Some(next), Some(place)) = (self.next(), self.over()) {
                let Doing::Runs { switching, .. } = self.threads[place].doing else { panic!() };
                self.threads[place].doing = Doing::Runs { slice: 0, switching };
                if self.threads[next].ran < self.threads[place].ran {
                    self.queue(place);
                    self.threads[next].doing = Doing::Runs { slice: 0, switching: self.switch };
                }
            }
            while self.on_cores() < self.cores
                && let Some(next) = self.next()
            {
                self.threads[next].doing = Doing::Runs { slice: 0, switching: self.switch };
            }
        }

        /// A nanosecond passes.
        fn pass(&mut self) {
            for thread in &mut self.threads {
                if let Doing::Runs { slice, switching } = &mut thread.doing {
                    (thread.ran, *slice) = (thread.ran + 1, *slice + 1);
                    if *switching > 0 {
                        *switching -= 1;
                    } else {
                        thread.left -= 1;
                    }
                }
            }
        }
    }

    #[test]
    fn it_does_what_threads_in_a_list_do_nanosecond_by_nanosecond() {
        for seed in 0..400 {
            let mut draws = Draws::new(seed);
            let cores = 1 + draws.below(2);
            let (slice, switch) = (5 + draws.below(30), draws.below(3));
            let mut quick = cpu(cores as f64, slice, switch);
            let mut slow =
                Slow { cores: cores as usize, slice, switch, threads: vec![], queued: 0 };
            // What each of six threads does: a job at a time, then more at once or after a while.
            let mut begins: Vec<(u64, u64)> =
                (0..6).map(|thread| (draws.below(40), thread)).collect();
            let (mut due, mut job, mut busy) = (None, 0u32, 0);
            for now in 0..2_000 {
                slow_and_quick_end(&mut slow, &mut quick, (now, &mut due), |ended| {
                    let wait = [0, 0, draws.below(20), draws.below(80)][draws.below(4) as usize];
                    begins.push((now + wait, ended));
                });
                begins.sort_unstable();
                while let Some(place) = begins.iter().position(|begin| begin.0 <= now) {
                    let (_, key) = begins.remove(place);
                    let demand = 1 + draws.below(40);
                    let number = job * 6 + key as u32;
                    job += 1;
                    due = quick.arrive(now, number, demand, key).or(due);
                    slow.arrive(number, demand, key);
                    slow.deal();
                }
                // What has ended and goes on with nothing waits from here on.
                slow_and_quick_end(&mut slow, &mut quick, (now, &mut due), |_| {
                    panic!("nothing ends twice at an instant")
                });
                let mut on_cores: Vec<(u64, u64)> = quick
                    .running
                    .iter()
                    .map(|running| (running.thread.key, running.ran(now).ran))
                    .collect();
                on_cores.sort_unstable();
                assert_eq!(on_cores, slow.runners(), "seed {seed} at {now}");
                busy += slow.on_cores() as u128;
                slow.pass();
                assert_eq!(quick.busy_core_ns(now + 1), busy, "seed {seed} at {now}");
            }
        }
    }

    /// Both look what is due, and must say the same; who has ended is told by its thread.
    fn slow_and_quick_end(
        slow: &mut Slow,
        quick: &mut TimeSlices,
        (now, due): (u64, &mut Option<u64>),
        mut ended: impl FnMut(u64),
    ) {
        let mut jobs = Vec::new();
        if *due == Some(now) {
            *due = quick.wake(now, |job| jobs.push(job));
        }
        let mut told = slow.look();
        slow.deal();
        jobs.sort_unstable();
        told.sort_unstable();
        assert_eq!(jobs, told, "at {now}");
        jobs.into_iter().for_each(|job| ended(u64::from(job % 6)));
    }

    #[test]
    fn a_thread_that_goes_on_at_once_keeps_its_slice_and_one_that_waits_does_not() {
        let (mut cpu, mut finished) = (cpu(1.0, 100, 0), Vec::new());
        assert_eq!(cpu.arrive(0, 1, 30, 1), Some(30));
        assert_eq!(cpu.arrive(10, 2, 50, 2), None);
        assert_eq!(cpu.wake(30, |job| finished.push(job)), Some(30), "its thread may go on");
        assert_eq!(cpu.arrive(30, 3, 40, 1), None);
        assert_eq!(cpu.wake(30, |job| finished.push(job)), Some(70));
        assert_eq!(cpu.wake(70, |job| finished.push(job)), Some(70));
        assert_eq!(cpu.wake(70, |job| finished.push(job)), Some(120), "it waits: the other runs");
        assert_eq!(finished, [1, 3]);
    }

    #[test]
    fn whose_slice_is_over_makes_room_for_who_has_run_less_and_pays_a_switch() {
        let (mut cpu, mut finished) = (cpu(1.0, 100, 5), Vec::new());
        assert_eq!(cpu.arrive(0, 1, 250, 1), Some(250));
        assert_eq!(cpu.arrive(40, 2, 30, 2), Some(100), "at the end of its slice");
        assert_eq!(cpu.wake(100, |job| finished.push(job)), Some(135), "a switch and 30");
        assert_eq!(cpu.wake(135, |job| finished.push(job)), Some(135));
        assert_eq!(cpu.wake(135, |job| finished.push(job)), Some(290), "a switch and 150");
        assert_eq!(cpu.busy_core_ns(290), 290);
        assert_eq!(finished, [2]);
    }

    #[test]
    fn who_is_killed_leaves_its_core_to_the_next() {
        let (mut cpu, mut finished) = (cpu(1.0, 100, 0), Vec::new());
        assert_eq!(cpu.arrive(0, 1, 80, 1), Some(80));
        assert_eq!(cpu.arrive(0, 2, 20, 2), None);
        assert_eq!(cpu.arrive(0, 3, 20, 3), None);
        assert_eq!(cpu.remove(10, 2), None, "it waited");
        assert_eq!(cpu.remove(10, 1), Some(30));
        assert_eq!(cpu.wake(30, |job| finished.push(job)), Some(30));
        assert_eq!(cpu.wake(30, |job| finished.push(job)), None);
        assert_eq!((finished, cpu.present()), (vec![3], 0));
    }

    #[test]
    fn two_on_one_and_a_half_cores_have_three_quarters_each_and_a_slower_core_takes_longer() {
        let (mut cpu, mut finished) = (cpu(1.5, 1_000, 0), Vec::new());
        assert_eq!(cpu.arrive(0, 1, 120, 1), Some(120), "a lone job has a core");
        assert_eq!(cpu.arrive(20, 2, 60, 2), Some(100));
        assert_eq!(cpu.wake(100, |job| finished.push(job)), Some(100));
        assert_eq!(cpu.wake(100, |job| finished.push(job)), Some(140), "40 are left");
        assert_eq!(cpu.set_speed(110, 0.5), None, "the wake-up that stands comes too early");
        assert_eq!(cpu.wake(140, |job| finished.push(job)), Some(170));
        assert_eq!(cpu.set_speed(150, 2.0), Some(155), "10 are left");
        assert_eq!(cpu.wake(155, |job| finished.push(job)), Some(155));
        assert_eq!(finished, [2, 1]);
    }

    /// Mean response in mean demands of constant demands that come at random, every one with a thread of its own.
    fn mean_response(slice: u64, load: f64) -> f64 {
        const DEMAND: u64 = 100_000;
        let (mut cpu, mut draws) = (cpu(1.0, slice, 0), Draws::new(3));
        let (mut came, mut due, mut told, mut ended) = (Vec::new(), None, 0.0, 0u32);
        let mut next = 0;
        while ended < 200_000 {
            match due {
                Some(now) if now <= next => {
                    due = cpu.wake(now, |job| {
                        told += (now - came[job as usize]) as f64;
                        ended += 1;
                    });
                }
                _ => {
                    let job = came.len() as u32;
                    came.push(next);
                    due = cpu.arrive(next, job, DEMAND, u64::from(job)).or(due);
                    next += draws.exponential(DEMAND as f64 / load);
                }
            }
        }
        told / f64::from(ended) / DEMAND as f64
    }

    #[test]
    fn slices_without_end_are_first_come_first_served_and_tiny_ones_are_sharing() {
        // Pollaczek-Khinchine for constants, and M/G/1 with processor sharing.
        let first_come = mean_response(1 << 40, 0.7);
        assert!((first_come / (1.0 + 0.7 / 0.6) - 1.0).abs() < 0.02, "{first_come}");
        let shared = mean_response(1_000, 0.7);
        assert!((shared / (1.0 / 0.3) - 1.0).abs() < 0.03, "{shared}");
    }
}
