//! Promises of the file, kept or not.

use super::grid::{Cell, Emphasis, Grid};
use crate::report::finding::NAME;
use crate::report::names::{shortened, shown};
use crate::report::numbers::Quantity;
use crate::study::{Missing, RunFindings, SloFinding};

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
        rows: promises.into_iter().map(|promise| row(findings, promise)).collect(),
    })
}

fn row(findings: &RunFindings, promise: &SloFinding) -> Vec<Cell> {
    let quantity = match promise.metric.as_str() {
        "errors" => Quantity::Share,
        _ => Quantity::Time,
    };
    let name = |text: &str| Cell::plain(shortened(&shown(text), NAME));
    let found = match promise.found {
        Some(found) => quantity.write(found),
        None => missing(findings, promise).to_owned(),
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

/// Why nothing was found of what was promised.
fn missing(findings: &RunFindings, promise: &SloFinding) -> &'static str {
    let layout = findings.layouts.get(&promise.layout);
    let endpoint = layout.and_then(|layout| layout.endpoints.get(&promise.endpoint));
    match layout.zip(endpoint).map(|(layout, own)| own.missing(layout.verdict)) {
        Some(Missing::Unstable) | None => "no steady state",
        Some(Missing::NobodyCame) => "nobody asked",
        Some(Missing::Unanswered) => "no answer by the end",
        Some(Missing::NoneGood) => "no good answer",
        Some(Missing::TooFew | Missing::Open) => "too few answers",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::study::{Outcomes, Verdict};

    #[test]
    fn a_promise_without_a_figure_says_why_there_is_none() {
        let mut findings = sample::three_layouts();
        let promise = SloFinding { found: None, ..findings.slo[0].clone() };
        let words = |findings: &RunFindings| row(findings, &promise)[3].text.clone();
        let place = findings.layouts.0.iter().position(|(name, _)| *name == promise.layout);
        let of = |findings: &mut RunFindings, outcomes| {
            let layout = &mut findings.layouts.0[place.unwrap()].1;
            let own = layout.endpoints.0.iter_mut().find(|(name, _)| *name == promise.endpoint);
            own.unwrap().1.outcomes = outcomes;
        };
        of(&mut findings, Outcomes::default());
        assert_eq!(words(&findings), "nobody asked");
        of(&mut findings, Outcomes { failed: 7, ..Outcomes::default() });
        assert_eq!(words(&findings), "no good answer");
        of(&mut findings, Outcomes { in_flight: 7, ..Outcomes::default() });
        assert_eq!(words(&findings), "no answer by the end");
        findings.layouts.0[place.unwrap()].1.verdict = Verdict::Unstable;
        assert_eq!(words(&findings), "no steady state");
    }

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
