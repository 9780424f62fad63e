//! How long the hottest row of a table is held, by those that lock it at one step.

/// The hottest row of a table, as it is locked at one step of a frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct HeldRow {
    /// How often (1/s).
    pub(super) rate: f64,
    /// How often the second hottest is, over that.
    pub(super) second: f64,
    /// From the lock to the commit, without the flush (s).
    pub(super) before: f64,
    /// Of the flush (s).
    pub(super) flush: f64,
}

impl HeldRow {
    /// Share of the time that the row is held for this step if everything comes `scale` times as often. `others`:
    /// how often transactions that hold other rows come to the log of the database (1/s).
    ///
    /// A row that is always waited for passes on at the end of a flush. If another commit waits then, the next flush
    /// begins at that moment: the new holder's commit finds it under way, and waits for its end before its own. None
    /// waits if none came at random during the flush, and nobody holds the second hottest row, who would.
    pub(super) fn utilisation(self, others: f64, scale: f64) -> f64 {
        let HeldRow { rate, second, before, flush } = self;
        let none_came = (-scale * others * flush).exp();
        let rest = (flush - before).max(0.0);
        let least = scale * rate * (before + flush + (1.0 - none_came) * rest);
        // The second row is held for `second` times the share that the first one is, which is what is asked for.
        let (longer, most) =
            (scale * rate * none_came * rest, scale * rate * (before + flush + rest));
        if longer * second < 1.0 { (least / (1.0 - longer * second)).min(most) } else { most }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, known: f64) {
        assert!((found / known - 1.0).abs() < 1e-6, "{found}, not {known}");
    }

    #[test]
    fn a_row_is_held_for_one_flush_where_nobody_else_commits_and_for_two_where_many_do() {
        let row = HeldRow { rate: 100.0, second: 0.0, before: 0.0001, flush: 0.00165 };
        near(row.utilisation(0.0, 1.0), 100.0 * 0.00175);
        near(row.utilisation(1e6, 1.0), 100.0 * 0.0033);
        // Whoever holds it for longer than a flush finds the next one at any stage.
        let long = HeldRow { rate: 10.0, second: 0.0, before: 0.01, flush: 0.001 };
        near(long.utilisation(1e6, 2.0), 20.0 * 0.011);
    }

    #[test]
    fn rows_that_are_all_waited_for_take_turns_at_the_log() {
        // Four rows alike and nobody else: each is held for two flushes when all are always held.
        let row = HeldRow { rate: 1.0 / 0.46e-3, second: 1.0, before: 0.0, flush: 0.23e-3 };
        near(row.utilisation(3.0 * row.rate, 1.0), 1.0);
        assert!(row.utilisation(3.0 * row.rate, 0.1) < 0.08);
    }
}
