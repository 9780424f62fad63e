//! Changes on their way to a view: for each group of rows, when those were committed that it does not show yet.
//! Twin for tests: `tests::All`, a list that is searched.

use std::collections::BTreeMap;

/// A group of rows: the position of its table in the join, and its number there.
pub(in crate::runtime) type RowGroup = (u32, u64);

/// Changes on their way to one view.
#[derive(Debug, Default)]
pub(in crate::runtime) struct Lag {
    /// When they were committed (ns), the oldest first.
    on_their_way: BTreeMap<RowGroup, Vec<u64>>,
}

impl Lag {
    /// A change of `group` is committed at `now` (ns), which never moves back.
    pub(in crate::runtime) fn commits(&mut self, group: RowGroup, now: u64) {
        self.on_their_way.entry(group).or_default().push(now);
    }

    /// The view shows the change of `group` from `committed` (ns).
    pub(in crate::runtime) fn shows(&mut self, group: RowGroup, committed: u64) {
        let Some(times) = self.on_their_way.get_mut(&group) else { return };
        if let Ok(place) = times.binary_search(&committed) {
            times.remove(place);
        }
        if times.is_empty() {
            self.on_their_way.remove(&group);
        }
    }

    /// When the oldest change of `group` was committed (ns) that the view does not show.
    pub(in crate::runtime) fn oldest(&self, group: RowGroup) -> Option<u64> {
        self.on_their_way.get(&group)?.first().copied()
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// The twin: every change in one list.
    #[derive(Default)]
    struct All(Vec<(RowGroup, u64)>);

    impl All {
        fn shows(&mut self, change: (RowGroup, u64)) {
            if let Some(place) = self.0.iter().position(|known| *known == change) {
                self.0.remove(place);
            }
        }

        fn oldest(&self, group: RowGroup) -> Option<u64> {
            let own = self.0.iter().filter(|(of, _)| *of == group);
            own.map(|(_, time)| *time).min()
        }
    }

    proptest! {
        #[test]
        fn it_knows_the_oldest_change_of_each_group_as_a_plain_list_does(
            acts in vec((0u32..2, 0u64..3, 0u64..3, any::<bool>(), 0usize..30), 0..200),
        ) {
            let (mut lag, mut all) = (Lag::default(), All::default());
            let mut now = 0;
            for (table, row, passes, commits, pick) in acts {
                now += passes;
                let group = (table, row);
                if commits {
                    lag.commits(group, now);
                    all.0.push((group, now));
                } else if let Some(known) = all.0.get(pick).copied() {
                    lag.shows(known.0, known.1);
                    all.shows(known);
                }
                prop_assert_eq!(lag.oldest(group), all.oldest(group));
            }
            for (group, time) in std::mem::take(&mut all.0) {
                lag.shows(group, time);
            }
            prop_assert!(lag.on_their_way.is_empty());
        }
    }
}
