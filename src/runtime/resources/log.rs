//! Write-ahead log with group commit: the commits that arrive during one flush share the next.
//!
//! The caller times a flush (and takes its operation from the volume); the log knows who is in it.
//! No limit on a batch; a commit that finds the log idle is flushed alone, at once.
//! Theory for tests: case `groupcommit-det` of `tests/oracles.json`.

/// The log of one database.
#[derive(Debug, Clone)]
pub(crate) struct Log<J> {
    flushing: Vec<J>,
    waiting: Vec<J>,
    runs: bool,
}

impl<J: Copy + PartialEq> Log<J> {
    /// An idle log.
    pub(crate) fn new() -> Self {
        Log { flushing: Vec::new(), waiting: Vec::new(), runs: false }
    }

    /// `frame` wants its commit on disk. True: the caller starts a flush now; false: one runs, and
    /// the frame is part of the next.
    pub(crate) fn commit(&mut self, frame: J) -> bool {
        if self.runs {
            self.waiting.push(frame);
            return false;
        }
        self.flushing.push(frame);
        self.runs = true;
        true
    }

    /// The flush ended. Tells `done` its frames, in the order of their commits.
    /// True: commits came meanwhile and the caller starts the next flush at once.
    ///
    /// # Panics
    /// When no flush runs.
    pub(crate) fn flushed(&mut self, mut done: impl FnMut(J)) -> bool {
        assert!(self.runs, "a flush ends that never started");
        self.flushing.drain(..).for_each(&mut done);
        std::mem::swap(&mut self.flushing, &mut self.waiting);
        self.runs = !self.flushing.is_empty();
        self.runs
    }

    /// `frame` no longer waits for its commit, as after a kill: what it wrote is flushed with the others all
    /// the same, but nobody is told. False when it does not wait.
    pub(crate) fn forget(&mut self, frame: J) -> bool {
        let before = self.flushing.len() + self.waiting.len();
        self.flushing.retain(|own| *own != frame);
        self.waiting.retain(|own| *own != frame);
        self.flushing.len() + self.waiting.len() < before
    }
}

#[cfg(test)]
mod tests {
    use super::super::draws::Draws;
    use super::*;

    /// Drives a log with Poisson commits; the instants (ns) of each commit and of its answer.
    fn drive(draws: &mut Draws, between_ns: f64, flush_ns: u64, count: usize) -> Vec<(u64, u64)> {
        let mut log = Log::new();
        let mut commits = vec![(0, 0); count];
        let mut done = Vec::new();
        let (mut now, mut flush_end, mut next, mut answered) = (0, u64::MAX, 0, 0);
        let mut arrival = draws.exponential(between_ns);
        while answered < count {
            if next < count && arrival < flush_end {
                now = arrival;
                commits[next].0 = now;
                if log.commit(next as u32) {
                    flush_end = now + flush_ns;
                }
                next += 1;
                arrival = now + draws.exponential(between_ns);
            } else {
                assert!(log.runs && flush_end >= now);
                now = flush_end;
                let more = log.flushed(|frame| done.push(frame));
                for frame in done.drain(..) {
                    commits[frame as usize].1 = now;
                    answered += 1;
                }
                flush_end = if more { now + flush_ns } else { u64::MAX };
            }
        }
        assert!(!log.runs);
        commits
    }

    #[test]
    fn commits_are_answered_as_a_walk_over_the_list_says() {
        for seed in 0..50 {
            let mut draws = Draws::new(seed);
            let commits = drive(&mut draws, 1e6, 3_000_000, 200);
            // Twin: from the list of commits alone, flush after flush.
            let mut first = 0;
            let mut free_at = 0;
            while first < commits.len() {
                let start = commits[first].0.max(free_at);
                let alone = commits[first].0 >= free_at;
                let end = start + 3_000_000;
                let mut last = first;
                while !alone && last + 1 < commits.len() && commits[last + 1].0 < start {
                    last += 1;
                }
                for commit in &commits[first..=last] {
                    assert_eq!(commit.1, end, "seed {seed}");
                }
                (first, free_at) = (last + 1, end);
            }
        }
    }

    /// Twin: two lists of names, those that are being flushed and those that wait.
    #[test]
    fn whoever_is_forgotten_is_never_told_and_all_others_are() {
        for seed in 0..200 {
            let mut draws = Draws::new(seed);
            let (mut log, mut twin) = (Log::new(), (Vec::new(), Vec::new()));
            for frame in 0..300u32 {
                match draws.below(6) {
                    0..=2 => {
                        let starts = twin.0.is_empty() && !log.runs;
                        assert_eq!(log.commit(frame), starts);
                        if starts { twin.0.push(frame) } else { twin.1.push(frame) }
                    }
                    3 if log.runs => {
                        let mut done = Vec::new();
                        let more = log.flushed(|frame| done.push(frame));
                        assert_eq!(done, twin.0, "seed {seed}");
                        twin = (twin.1, Vec::new());
                        assert_eq!(more, !twin.0.is_empty());
                    }
                    _ => {
                        let frame = draws.below(u64::from(frame) + 1) as u32;
                        let waits = twin.0.contains(&frame) || twin.1.contains(&frame);
                        assert_eq!(log.forget(frame), waits);
                        twin.0.retain(|own| *own != frame);
                        twin.1.retain(|own| *own != frame);
                    }
                }
            }
        }
    }

    #[test]
    fn the_mean_response_of_group_commit_is_that_of_theory() {
        let commits = drive(&mut Draws::new(1), 2.5e6, 5_000_000, 1_000_000);
        let total: u64 = commits.iter().map(|&(came, answered)| answered - came).sum();
        let mean = total as f64 / commits.len() as f64 / 1e9;
        assert!((mean / 0.00734155265417 - 1.0).abs() < 0.002, "{mean}");
        let mut ends: Vec<u64> = commits.iter().map(|commit| commit.1).collect();
        ends.dedup();
        let batch = commits.len() as f64 / ends.len() as f64;
        assert!((batch / 2.13533528324 - 1.0).abs() < 0.002, "{batch}");
    }

    #[test]
    #[should_panic(expected = "never started")]
    fn a_flush_that_ends_without_a_start_is_our_own_bug() {
        Log::<u32>::new().flushed(|_| ());
    }
}
