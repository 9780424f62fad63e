//! Write-ahead log with group commit: the commits that arrive during one flush share the next.
//!
//! The caller times a flush (and takes its operation from the volume); the log knows who is in it.
//! No limit on a batch; a commit that finds the log idle is flushed alone, at once.
//! Theory for tests: case `groupcommit-det` of `tests/oracles.json`.

/// The log of one database.
#[derive(Debug, Clone, Default)]
pub struct Log {
    flushing: Vec<u32>,
    waiting: Vec<u32>,
    runs: bool,
    flush_count: u64,
    commit_count: u64,
}

impl Log {
    /// An idle log.
    pub fn new() -> Self {
        Self::default()
    }

    /// `frame` wants its commit on disk. True: the caller starts a flush now; false: one runs, and
    /// the frame is part of the next.
    pub fn commit(&mut self, frame: u32) -> bool {
        self.commit_count += 1;
        if self.runs {
            self.waiting.push(frame);
            return false;
        }
        self.flushing.push(frame);
        self.begin();
        true
    }

    /// The flush ended. Appends its frames to `done`, in the order of their commits.
    /// True: commits came meanwhile and the caller starts the next flush at once.
    ///
    /// # Panics
    /// When no flush runs.
    pub fn flushed(&mut self, done: &mut Vec<u32>) -> bool {
        assert!(self.runs, "a flush ends that never started");
        self.runs = false;
        done.append(&mut self.flushing);
        std::mem::swap(&mut self.flushing, &mut self.waiting);
        if !self.flushing.is_empty() {
            self.begin();
        }
        self.runs
    }

    /// Whether a flush runs.
    pub fn is_flushing(&self) -> bool {
        self.runs
    }

    /// Flushes started.
    pub fn flush_count(&self) -> u64 {
        self.flush_count
    }

    /// Commits asked for.
    pub fn commit_count(&self) -> u64 {
        self.commit_count
    }

    fn begin(&mut self) {
        self.runs = true;
        self.flush_count += 1;
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
                assert!(log.is_flushing() && flush_end >= now);
                now = flush_end;
                let more = log.flushed(&mut done);
                for frame in done.drain(..) {
                    commits[frame as usize].1 = now;
                    answered += 1;
                }
                flush_end = if more { now + flush_ns } else { u64::MAX };
            }
        }
        assert!(!log.is_flushing());
        assert_eq!(log.commit_count(), count as u64);
        let mut ends: Vec<u64> = commits.iter().map(|commit| commit.1).collect();
        ends.dedup();
        assert_eq!(log.flush_count(), ends.len() as u64);
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
        Log::new().flushed(&mut Vec::new());
    }
}
