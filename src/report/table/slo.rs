//! Promises of the file, kept or not.

use super::grid::{Cell, Emphasis, Grid};
use super::layouts::NAME;
use crate::report::names::{shortened, shown};
use crate::report::numbers::Quantity;
use crate::study::{RunFindings, SloFinding};

/// How many promises were kept.
pub(super) fn title(findings: &RunFindings) -> String {
    let broken = findings.slo.iter().filter(|promise| !promise.met).count();
    match (broken, findings.slo.len()) {
        (0, 1) => "Promises (SLO): the only one is kept".to_owned(),
        (0, all) => format!("Promises (SLO): all {all} are kept"),
        (broken, all) => format!("Promises (SLO): {broken} of {all} are NOT kept"),
    }
}

/// A row for each promise and layout, broken ones first; `None` without promises.
pub(super) fn grid(findings: &RunFindings) -> Option<Grid> {
    if findings.slo.is_empty() {
        return None;
    }
    let mut promises: Vec<&SloFinding> = findings.slo.iter().collect();
    promises.sort_by_key(|promise| promise.met);
    let head = ["layout", "endpoint", "promise", "found", "kept"];
    Some(Grid {
        keys: 2,
        head: head.map(Cell::plain).into(),
        rows: promises.into_iter().map(row).collect(),
    })
}

fn row(promise: &SloFinding) -> Vec<Cell> {
    let quantity = match promise.metric.as_str() {
        "errors" => Quantity::Share,
        _ => Quantity::Time,
    };
    let name = |text: &str| Cell::plain(shortened(&shown(text), NAME));
    let found = match promise.found {
        Some(found) => quantity.write(found),
        None => "no steady state".to_owned(),
    };
    let kept = match promise.met {
        true => Cell::plain("yes"),
        false => Cell::new("NO", Emphasis::Bad),
    };
    vec![
        name(&promise.layout),
        name(&promise.endpoint),
        Cell::plain(format!("{} ≤ {}", shown(&promise.metric), quantity.write(promise.promised))),
        Cell::plain(found),
        kept,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn broken_promises_come_first_and_say_no() {
        let findings = sample::three_layouts();
        let grid = grid(&findings).unwrap();
        let texts: Vec<&str> = grid.rows[0].iter().map(|cell| cell.text.as_str()).collect();
        assert_eq!(texts, ["msa", "home", "p99 ≤ 80 ms", "91.2 ms", "NO"]);
        assert_eq!(title(&findings), "Promises (SLO): 1 of 3 are NOT kept");
        assert_eq!(grid.rows[2][2].text, "errors ≤ 0.50 %");
    }
}
