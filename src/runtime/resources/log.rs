//! Write-ahead log with group commit: one of those whose commit waits leads, and flushes what is in the log when
//! it gets to it; the others join.
//!
//! The caller times the leader's work and the flush (and takes its operation from the volume); the log knows who
//! leads and who is in which flush. No limit on a batch. Where leading takes no work, the commits that come during
//! one flush share the next, and one that finds the log idle is flushed alone, at once.
//! Theory for tests: case `groupcommit-det` of `tests/oracles.json`.

/// The log of one database.
#[derive(Debug, Clone)]
pub(crate) struct Log<J> {
    flushing: Vec<J>,
    waiting: Vec<J>,
    phase: Phase,
    /// Who does the work of this flush; `None` outside one, and when it was killed during it.
    leader: Option<J>,
}

/// How far a flush has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// None is under way.
    Idle,
    /// The leader works, and whoever comes joins.
    Before,
    /// The volume writes.
    Writing,
    /// The leader works, and whoever comes waits for the next one.
    After,
}

/// What becomes of a log whose commit somebody gives up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Forgotten<J> {
    /// It did not wait for it.
    Nobody,
    /// It waited for others.
    Waiting,
    /// It led before the volume wrote; who leads now.
    Before(Option<J>),
    /// It led after the volume had written: the flush is at its end.
    After,
}

impl<J: Copy + PartialEq> Log<J> {
    /// An idle log.
    pub(crate) fn new() -> Self {
        Log { flushing: Vec::new(), waiting: Vec::new(), phase: Phase::Idle, leader: None }
    }

    /// `frame` wants its commit on disk. True: it leads a flush now; false: it waits for somebody who does.
    pub(crate) fn commit(&mut self, frame: J) -> bool {
        self.waiting.push(frame);
        let leads = self.phase == Phase::Idle;
        if leads {
            (self.phase, self.leader) = (Phase::Before, Some(frame));
        }
        leads
    }

    /// Who leads a flush at present.
    pub(crate) fn leader(&self) -> Option<J> {
        self.leader
    }

    /// The part of a flush that `frame` leads at present.
    pub(crate) fn led_by(&self, frame: J) -> Option<Phase> {
        (self.leader == Some(frame)).then_some(self.phase)
    }

    /// The leader has worked: the volume writes all that waits now.
    ///
    /// # Panics
    /// When nobody leads.
    pub(crate) fn write(&mut self) {
        assert!(self.phase == Phase::Before, "a flush begins that nobody leads");
        std::mem::swap(&mut self.flushing, &mut self.waiting);
        self.phase = Phase::Writing;
    }

    /// The volume has written. Who has the work behind it: the leader, or somebody else of the batch in its place.
    ///
    /// # Panics
    /// When no flush runs.
    pub(crate) fn written(&mut self) -> Option<J> {
        assert!(self.phase == Phase::Writing, "a flush ends that never started");
        self.phase = Phase::After;
        self.leader = self.leader.or(self.flushing.first().copied());
        self.leader
    }

    /// The flush is over. Tells `done` its frames, in the order of their commits. Who leads the next, if commits
    /// came meanwhile.
    ///
    /// # Panics
    /// When none has been written.
    pub(crate) fn end(&mut self, done: impl FnMut(J)) -> Option<J> {
        assert!(self.phase == Phase::After, "a flush ends that was not written");
        self.flushing.drain(..).for_each(done);
        self.next_leads()
    }

    /// `frame` no longer waits for its commit, as after a kill: what it wrote is flushed with the others all
    /// the same, but nobody is told. Where it led, the caller must see to what it leaves.
    pub(crate) fn forget(&mut self, frame: J) -> Forgotten<J> {
        let before = self.flushing.len() + self.waiting.len();
        self.flushing.retain(|own| *own != frame);
        self.waiting.retain(|own| *own != frame);
        let led = self.led_by(frame);
        if led.is_some() {
            self.leader = None;
        }
        match led {
            Some(Phase::Before) => Forgotten::Before(self.next_leads()),
            Some(Phase::After) => Forgotten::After,
            _ if self.flushing.len() + self.waiting.len() < before => Forgotten::Waiting,
            _ => Forgotten::Nobody,
        }
    }

    fn next_leads(&mut self) -> Option<J> {
        self.leader = self.waiting.first().copied();
        self.phase = if self.leader.is_some() { Phase::Before } else { Phase::Idle };
        self.leader
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
                    log.write();
                    flush_end = now + flush_ns;
                }
                next += 1;
                arrival = now + draws.exponential(between_ns);
            } else {
                assert!(log.phase == Phase::Writing && flush_end >= now);
                now = flush_end;
                assert!(log.written().is_some());
                let next = log.end(|frame| done.push(frame));
                for frame in done.drain(..) {
                    commits[frame as usize].1 = now;
                    answered += 1;
                }
                if next.is_some() {
                    log.write();
                }
                flush_end = if next.is_some() { now + flush_ns } else { u64::MAX };
            }
        }
        assert_eq!(log.phase, Phase::Idle);
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

    /// Twin: those in the flush, those that wait, who leads and how far it is, each as a plain value.
    #[test]
    fn whoever_is_forgotten_is_never_told_and_all_others_are() {
        for seed in 0..200 {
            let mut draws = Draws::new(seed);
            let mut log = Log::new();
            let (mut inside, mut waiting, mut leader) = (vec![], vec![], None);
            let mut phase = Phase::Idle;
            for frame in 0..300u32 {
                let next = |waiting: &[u32]| match waiting.first() {
                    Some(first) => (Some(*first), Phase::Before),
                    None => (None, Phase::Idle),
                };
                match draws.below(8) {
                    0..=3 => {
                        waiting.push(frame);
                        assert_eq!(log.commit(frame), phase == Phase::Idle);
                        if phase == Phase::Idle {
                            (leader, phase) = (Some(frame), Phase::Before);
                        }
                    }
                    4 | 5 => match phase {
                        Phase::Idle => {}
                        Phase::Before => {
                            log.write();
                            (inside, phase) = (std::mem::take(&mut waiting), Phase::Writing);
                        }
                        Phase::Writing => {
                            leader = leader.or(inside.first().copied());
                            assert_eq!(log.written(), leader);
                            phase = Phase::After;
                        }
                        Phase::After => {
                            let mut told = Vec::new();
                            (leader, phase) = next(&waiting);
                            assert_eq!(log.end(|frame| told.push(frame)), leader);
                            assert_eq!(told, std::mem::take(&mut inside), "seed {seed}");
                        }
                    },
                    _ => {
                        let frame = draws.below(u64::from(frame) + 1) as u32;
                        let waits = inside.contains(&frame) || waiting.contains(&frame);
                        inside.retain(|own| *own != frame);
                        waiting.retain(|own| *own != frame);
                        let expected = match (leader == Some(frame), phase) {
                            (true, Phase::Before) => {
                                (leader, phase) = next(&waiting);
                                Forgotten::Before(leader)
                            }
                            (true, Phase::After) => Forgotten::After,
                            _ if waits => Forgotten::Waiting,
                            _ => Forgotten::Nobody,
                        };
                        leader = leader.filter(|own| *own != frame);
                        assert_eq!(log.forget(frame), expected, "seed {seed}");
                    }
                }
                assert_eq!((log.phase, log.leader), (phase, leader));
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
        Log::<u32>::new().written();
    }
}
