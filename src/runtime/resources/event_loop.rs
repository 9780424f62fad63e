//! Workers that run what is ready, each in turn to its next wait: an event loop, or a pool of threads over one queue.
//!
//! The caller runs the workers on a CPU and says when one has done its piece of work. Until it has also said that
//! this instant is over, the worker stays with whoever asks next, as one does who goes on with more work at once.
//! Then it takes the next in line, in the order in which they became ready, or sleeps.
//! Theory for tests: with one worker and a core of its own, first come first served by visit. Twin: `tests::Slow`.

use std::collections::VecDeque;

/// The workers of one instance.
#[derive(Debug, Clone)]
pub(crate) struct EventLoop<J> {
    asleep: u32,
    /// Workers whose piece of work has ended at this instant.
    between: u32,
    ready: VecDeque<Ready<J>>,
}

/// Who is ready to run, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ready<J> {
    /// Who.
    pub(crate) job: J,
    /// Its work [ns on a reference core].
    pub(crate) demand: u64,
}

/// What becomes of a job that is ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WorkerAnswer {
    /// A worker goes on with it at once.
    Runs,
    /// A worker that slept wakes for it.
    Wakes,
    /// All workers are busy: it is in line.
    InLine,
}

impl<J: Copy + PartialEq> EventLoop<J> {
    /// So many workers, asleep.
    pub(crate) fn new(workers: u32) -> Self {
        EventLoop { asleep: workers, between: 0, ready: VecDeque::new() }
    }

    /// A job has work to do.
    pub(crate) fn ready(&mut self, job: J, demand: u64) -> WorkerAnswer {
        if self.between > 0 {
            self.between -= 1;
            WorkerAnswer::Runs
        } else if self.asleep > 0 {
            self.asleep -= 1;
            WorkerAnswer::Wakes
        } else {
            self.ready.push_back(Ready { job, demand });
            WorkerAnswer::InLine
        }
    }

    /// The piece of work of a worker has ended, or was taken away. True: the caller must say when this instant is
    /// over.
    pub(crate) fn ended(&mut self) -> bool {
        self.between += 1;
        self.between == 1
    }

    /// The instant is over for a worker: the next in line, which it runs; `None` when no worker is left that has
    /// none, as each of those sleeps now.
    pub(crate) fn next(&mut self) -> Option<Ready<J>> {
        while self.between > 0 {
            self.between -= 1;
            if let Some(next) = self.ready.pop_front() {
                return Some(next);
            }
            self.asleep += 1;
        }
        None
    }

    /// A job leaves the line. False when it was not in it.
    pub(crate) fn cancel(&mut self, job: J) -> bool {
        let before = self.ready.len();
        self.ready.retain(|ready| ready.job != job);
        self.ready.len() < before
    }
}

#[cfg(test)]
mod tests {
    use super::super::draws::Draws;
    use super::*;

    /// Slow and obvious: what each worker does, as a list, and the line.
    struct Slow {
        workers: Vec<Doing>,
        line: Vec<Ready<u32>>,
    }

    #[derive(Clone, Copy, PartialEq)]
    enum Doing {
        Sleeps,
        Runs,
        Between,
    }

    impl Slow {
        fn take(&mut self, from: Doing, to: Doing) -> bool {
            let found = self.workers.iter_mut().find(|worker| **worker == from);
            found.map(|worker| *worker = to).is_some()
        }

        fn ready(&mut self, job: u32, demand: u64) -> WorkerAnswer {
            if self.take(Doing::Between, Doing::Runs) {
                WorkerAnswer::Runs
            } else if self.take(Doing::Sleeps, Doing::Runs) {
                WorkerAnswer::Wakes
            } else {
                self.line.push(Ready { job, demand });
                WorkerAnswer::InLine
            }
        }

        fn next(&mut self) -> Option<Ready<u32>> {
            if !self.line.is_empty() && self.take(Doing::Between, Doing::Runs) {
                return Some(self.line.remove(0));
            }
            while self.take(Doing::Between, Doing::Sleeps) {}
            None
        }
    }

    #[test]
    fn it_answers_as_a_list_of_workers_does() {
        for seed in 0..300 {
            let mut draws = Draws::new(seed);
            let workers = 1 + draws.below(4) as u32;
            let mut quick = EventLoop::new(workers);
            let mut slow = Slow { workers: vec![Doing::Sleeps; workers as usize], line: vec![] };
            for job in 0..400u32 {
                match draws.below(8) {
                    0..=3 => {
                        let demand = draws.below(100);
                        assert_eq!(
                            quick.ready(job, demand),
                            slow.ready(job, demand),
                            "seed {seed}"
                        );
                    }
                    4 | 5 if slow.workers.contains(&Doing::Runs) => {
                        let first = !slow.workers.contains(&Doing::Between);
                        assert!(slow.take(Doing::Runs, Doing::Between));
                        assert_eq!(quick.ended(), first);
                    }
                    6 => assert_eq!(quick.next(), slow.next(), "seed {seed}"),
                    _ => {
                        let job = draws.below(u64::from(job) + 1) as u32;
                        let waits = slow.line.iter().any(|ready| ready.job == job);
                        slow.line.retain(|ready| ready.job != job);
                        assert_eq!(quick.cancel(job), waits);
                    }
                }
                let count = |what| slow.workers.iter().filter(|worker| **worker == what).count();
                assert_eq!(quick.asleep as usize, count(Doing::Sleeps));
                assert_eq!(quick.between as usize, count(Doing::Between));
                assert_eq!(Vec::from(quick.ready.clone()), slow.line);
            }
        }
    }
}
