//! Rows that are followed one by one: versions of event-sourced keys, and changes on their way to views.

use super::{DatabasePlan, TablePlan};
use crate::ids::Id;
use crate::random::{RowSampler, Sampler};

/// Rows that a statement touches and that somebody follows.
#[derive(Debug, Clone)]
pub struct TrailPlan {
    /// What is done with them.
    pub act: TrailAct,
    /// What it is, for the listing.
    pub label: String,
    /// Database of the rows.
    pub database: Id<DatabasePlan>,
    /// How many.
    pub rows: u32,
    /// Which.
    pub row: RowSampler,
    /// The log whose keys they are.
    pub log: Option<Id<EventLogPlan>>,
    /// Views that show them.
    pub feeds: Vec<FeedPlan>,
    /// The view whose rows they are.
    pub view: Option<Id<ViewPlan>>,
}

/// What is done with rows that are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrailAct {
    /// The events behind the snapshots of keys are read, and their versions noted.
    Load,
    /// These events are applied, one after the other, by the service.
    Replay,
    /// An event is added to each key, unless another one was since it was loaded.
    Append,
    /// The session changes rows that views show.
    Change,
    /// Rows of a view are read, as new as they are.
    Look,
    /// A view takes a change in.
    Apply,
    /// What an operation commits from here on is told by the events that it publishes.
    Gather,
    /// Up to here.
    Scatter,
    /// A view shows what the event has told that its consumer has in hand.
    Show,
}

/// A table that is kept as events.
#[derive(Debug, Clone)]
pub struct EventLogPlan {
    /// `module.table`.
    pub name: String,
    /// Position of the table in the application: the same in every layout.
    pub number: u32,
    /// Events of a key from one snapshot to the next.
    pub snapshot_every: u32,
    /// Mean number of events behind the snapshot of a key.
    pub mean_replayed: f64,
    /// CPU of the database for each event that is read (ns).
    pub read: u64,
    /// CPU of the service for each event that is applied (ns).
    pub replay: u64,
    /// CPU of the database for a snapshot that is stored (ns).
    pub snapshot: u64,
}

/// A join that is kept ready in one database.
#[derive(Debug, Clone)]
pub struct ViewPlan {
    /// Its name in the layout.
    pub name: String,
    /// `module.join`.
    pub join: String,
    /// Where it is kept.
    pub database: Id<DatabasePlan>,
    /// Its table there.
    pub table: Id<TablePlan>,
    /// Time from a commit until the change is there to be applied; `None` is no time.
    pub lag: Option<Id<Sampler>>,
    /// Whether events tell it of changes, which its consumers take in.
    pub is_told: bool,
    /// CPU of the view's database for each row of a change behind its first (ns).
    pub row: u64,
    /// For each table of the join, how its rows belong to those of the view.
    pub tables: Vec<ViewTable>,
    /// Time to fill it anew from its tables, with nothing else to do and all in memory (s).
    pub rebuild: f64,
}

/// How rows of a table belong to those of a view. Rows are told apart as far as both do: where one table has more, several
/// of them belong to one row of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ViewTable {
    /// Rows of the table.
    pub rows: u64,
    /// Rows of the view.
    pub view_rows: u64,
}

impl ViewTable {
    /// The group of rows that a row of the table belongs to.
    pub fn of_table(self, row: u64) -> u64 {
        self.scaled(row, self.rows)
    }

    /// The group of rows that a row of the view belongs to.
    pub fn of_view(self, row: u64) -> u64 {
        self.scaled(row, self.view_rows)
    }

    fn scaled(self, row: u64, of: u64) -> u64 {
        let groups = u128::from(self.rows.min(self.view_rows));
        (u128::from(row) * groups / u128::from(of.max(1))) as u64
    }
}

/// A view that shows a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedPlan {
    /// Which view.
    pub view: Id<ViewPlan>,
    /// Position of the table in its join.
    pub table: u32,
}

#[cfg(test)]
mod tests {
    use super::ViewTable;

    #[test]
    fn rows_belong_together_in_proportion() {
        let lines = ViewTable { rows: 1000, view_rows: 100 };
        assert_eq!((lines.of_table(0), lines.of_table(9), lines.of_table(10)), (0, 0, 1));
        assert_eq!((lines.of_view(0), lines.of_view(99)), (0, 99));
        let customers = ViewTable { rows: 10, view_rows: 100 };
        assert_eq!((customers.of_table(9), customers.of_view(9), customers.of_view(10)), (9, 0, 1));
        let own = ViewTable { rows: u64::MAX, view_rows: u64::MAX };
        assert_eq!((own.of_table(7), own.of_view(u64::MAX - 1)), (7, u64::MAX - 1));
    }
}
