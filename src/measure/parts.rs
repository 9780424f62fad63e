//! When the parts of transactions begin and commit. Times in nanoseconds.

use super::recorded::{Count, Sum, record};

/// When the part of one transaction on one database has come how far (ns); of several parts there, the first beginning and
/// the last of all that follows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PartTimes {
    /// It has a connection, and its first statement is on its way.
    pub begins: Option<u64>,
    /// Its first row is locked.
    pub locks: Option<u64>,
    /// The database has promised to commit, in a two-phase commit.
    pub votes: Option<u64>,
    /// The database learns that all have promised.
    pub learns: Option<u64>,
    /// It is committed.
    pub commits: Option<u64>,
}

record! {
    /// When the parts of a transaction on one database came how far, of those transactions that committed: sums of the
    /// times since the transaction began.
    #[derive(Debug, Clone, Copy, Default, PartialEq)]
    pub struct PartRecord {
        /// Transactions that committed there.
        pub count: Count,
        /// Until they had a connection (ns).
        pub began_sum: Sum,
        /// Until their first row was locked (ns).
        pub locked_sum: Sum,
        /// Those of them whose database voted.
        pub votes: Count,
        /// Until it had (ns).
        pub voted_sum: Sum,
        /// Until it learned that all had (ns).
        pub learned_sum: Sum,
        /// Until they were committed there (ns).
        pub committed_sum: Sum,
    }
}

impl PartRecord {
    /// A transaction that began at `began` (ns) has committed; without a commit on this database it is not counted here.
    pub fn add(&mut self, began: u64, times: &PartTimes) {
        let PartTimes { begins, locks, votes, learns, commits } = *times;
        let (Some(begins), Some(locks), Some(commits)) = (begins, locks, commits) else {
            return;
        };
        let since = |at: u64| u128::from(at - began);
        self.count += 1;
        self.began_sum += since(begins);
        self.locked_sum += since(locks);
        self.committed_sum += since(commits);
        if let (Some(votes), Some(learns)) = (votes, learns) {
            self.votes += 1;
            self.voted_sum += since(votes);
            self.learned_sum += since(learns);
        }
    }
}
