//! A made-up run of a transaction that one database keeps together in one layout, and several in others.

use super::{about, layout, run};
use crate::study::{LayoutFindings, Named, PartFindings, RunFindings, TimeLineFindings};

/// An order in a monolith, by two-phase commit, and as a saga.
pub(crate) fn spread_out() -> RunFindings {
    let timed = |how: &str, over: f64, parts: Vec<(&str, PartFindings)>| -> LayoutFindings {
        let parts = parts.into_iter().map(|(name, part)| (name.to_owned(), part)).collect();
        let (how, over_seconds) = (how.to_owned(), about(over, 0.02));
        let line = TimeLineFindings { how, over_seconds, parts: Named(parts) };
        let mut found = layout(0.01, 0.6, 1.0);
        found.time_lines = Named(vec![("orders.place".to_owned(), line)]);
        found
    };
    let voting = |begins: f64| part(begins, Some((0.015, 0.025)), 0.035);
    run(vec![
        ("monolith", timed("local", 0.014, vec![("main", part(0.0, None, 0.014))])),
        (
            "two-phase",
            timed(
                "2pc",
                0.035,
                vec![("orders", voting(0.0)), ("stock", voting(0.004)), ("card", voting(0.008))],
            ),
        ),
        (
            "saga",
            timed(
                "saga",
                0.05,
                vec![
                    ("orders", part(0.0, None, 0.011)),
                    ("stock", part(0.013, None, 0.025)),
                    ("card", part(0.03, None, 0.042)),
                ],
            ),
        ),
    ])
}

/// The part of a database from `begins` to `commits`, with its vote and when it learns of all in between.
fn part(begins: f64, doubt: Option<(f64, f64)>, commits: f64) -> PartFindings {
    let time = |value: f64| about(value, 0.02);
    PartFindings {
        begins_seconds: time(begins),
        locks_seconds: time(begins + 0.002),
        prepared_seconds: doubt.map(|(voted, _)| time(voted)),
        decided_seconds: doubt.map(|(_, learned)| time(learned)),
        committed_seconds: time(commits),
    }
}
