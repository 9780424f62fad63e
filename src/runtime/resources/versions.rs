//! Versions of event-sourced keys: how many events each has. A key that nobody has written yet is somewhere between two
//! snapshots, anywhere as likely, and the same in every layout. Twin for tests: a list with an entry for each key.

use std::collections::BTreeMap;

use crate::random::{Draws, Key};

/// Versions of the keys of one log.
#[derive(Debug)]
pub(in crate::runtime) struct Versions {
    /// Those that are written.
    known: BTreeMap<u64, u64>,
    /// Events from one snapshot to the next.
    every: u64,
    /// Keys the versions that keys begin with.
    key: Key,
    /// Events that were added to all keys.
    added: u64,
}

impl Versions {
    pub(in crate::runtime) fn new(every: u32, key: Key) -> Self {
        Versions { known: BTreeMap::new(), every: u64::from(every.max(1)), key, added: 0 }
    }

    /// How many events a key has, counted from some snapshot of it.
    pub(in crate::runtime) fn of(&self, row: u64) -> u64 {
        self.known.get(&row).copied().unwrap_or_else(|| self.first(row))
    }

    /// Events behind the last snapshot of a key.
    pub(in crate::runtime) fn behind_snapshot(&self, row: u64) -> u64 {
        self.of(row) % self.every
    }

    /// Whether a snapshot is stored with the event that brings a key to `version`.
    pub(in crate::runtime) fn takes_snapshot(&self, version: u64) -> bool {
        version.is_multiple_of(self.every)
    }

    /// One more event of a key is committed.
    pub(in crate::runtime) fn add(&mut self, row: u64) {
        let first = self.first(row);
        *self.known.entry(row).or_insert(first) += 1;
        self.added += 1;
    }

    /// Whether all that was added is in the versions of the keys.
    pub(in crate::runtime) fn adds_up(&self) -> bool {
        let gained = self.known.iter().map(|(row, version)| version - self.first(*row));
        gained.sum::<u64>() == self.added
    }

    fn first(&self, row: u64) -> u64 {
        let place = Draws::at(self.key.child(row), 0).uniform();
        ((place * self.every as f64) as u64).min(self.every - 1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn keys_keep_count_as_a_list_of_all_does(every in 1u32..6, adds in vec(0u64..5, 0..100)) {
            let mut versions = Versions::new(every, Key(7));
            let mut all: Vec<u64> = (0..5).map(|row| versions.of(row)).collect();
            prop_assert!(all.iter().all(|version| *version < u64::from(every)));
            for row in adds {
                versions.add(row);
                all[row as usize] += 1;
                prop_assert_eq!(versions.of(row), all[row as usize]);
                let behind = all[row as usize] % u64::from(every);
                prop_assert_eq!(versions.behind_snapshot(row), behind);
                prop_assert_eq!(versions.takes_snapshot(versions.of(row)), behind == 0);
                prop_assert!(versions.adds_up());
            }
        }
    }

    #[test]
    fn keys_begin_anywhere_between_two_snapshots() {
        let versions = Versions::new(50, Key(3));
        let mean = (0..10_000).map(|row| versions.of(row) as f64).sum::<f64>() / 10_000.0;
        // Five standard deviations of a mean of 10,000 whole numbers up to 49.
        assert!((mean - 24.5).abs() < 5.0 * 14.43 / 100.0, "{mean}");
    }
}
