//! A sweep as one grid: a row for each point and layout.

use super::grid::{Cell, Emphasis, Grid};
use super::layouts::{missing, without_interval};
use crate::report::finding::best::{self, Contest};
use crate::report::finding::{NAME, verdict};
use crate::report::focus::{Focus, Whom};
use crate::report::names::{shortened, shown};
use crate::report::numbers::Quantity;
use crate::report::provenance;
use crate::study::{
    Estimate, FailedPoint, LayoutFindings, SweepFindings, SweepPoint, SweepStep, Verdict,
};

/// Columns of money.
const PER_MONTH: &str = "per month";
const PER_MILLION: &str = "per million";

/// A row for each point and layout; the best p99 and cost of each point are marked. Where nothing has a
/// price there are no columns of money; `short`: without the one that follows from others.
pub(super) fn grid(findings: &SweepFindings, whom: &Whom, short: bool) -> Grid {
    let whole = whole(findings, whom);
    let is_kept = |column: &usize| {
        let is_empty = || whole.rows.iter().all(|row| row[*column].text == "–");
        match whole.head[*column].text.as_str() {
            _ if *column < whole.keys => true,
            // A bill is one of all requests.
            PER_MILLION if short || !whom.is_all() => false,
            PER_MONTH | PER_MILLION => !is_empty(),
            _ => true,
        }
    };
    let kept: Vec<usize> = (0..whole.head.len()).filter(is_kept).collect();
    let pick = |row: &Vec<Cell>| kept.iter().map(|column| row[*column].clone()).collect();
    Grid { keys: whole.keys, head: pick(&whole.head), rows: whole.rows.iter().map(pick).collect() }
}

fn whole(findings: &SweepFindings, whom: &Whom) -> Grid {
    let heads = short_paths(&findings.paths).into_iter().map(Cell::plain);
    let rest = ["layout", "p50", "p99", "errors", PER_MONTH, PER_MILLION, "throughput"];
    Grid {
        keys: findings.paths.len() + 1,
        head: heads.chain(rest.map(Cell::plain)).collect(),
        rows: findings.points.iter().flat_map(|point| rows(point, whom)).collect(),
    }
}

/// What the signs mean, and which short name stands for which path where paths were shortened.
pub(super) fn legend(findings: &SweepFindings, focus: &Focus) -> Vec<String> {
    let pairs = short_paths(&findings.paths).into_iter().zip(&findings.paths);
    let shortened = pairs.filter(|(short, path)| *short != shown(path));
    let mut legend: Vec<String> =
        shortened.map(|(short, path)| format!("{short} is {}", shown(path))).collect();
    let layouts = || findings.points.iter().flat_map(|point| point.run.layouts.iter());
    if layouts().any(|(_, found)| found.verdict == Verdict::Undecided) {
        legend.push("? the run cannot tell whether the layout carries this load".to_owned());
    }
    legend.extend(incomplete(findings));
    let several = findings.points.iter().any(|point| point.run.layouts.0.len() > 1);
    let promised = findings.points.iter().any(|point| !point.run.slo.is_empty());
    let best = match (several, promised) {
        (false, _) => "",
        (true, false) => "* best of its point, or not shown to differ from it; ",
        (true, true) => {
            "* best of those that keep every promise at its point, or not shown to differ from it; "
        }
    };
    let alone = without_interval(findings.points.iter().map(|point| &point.run), focus);
    legend.push(format!("{best}± half of a 95 % interval{alone}"));
    legend.push(provenance::whole(&findings.provenance));
    legend
}

/// What bills leave out, at any point, each layout once.
fn incomplete(findings: &SweepFindings) -> Vec<String> {
    let mut said = Vec::new();
    for sentence in findings.points.iter().flat_map(|point| verdict::incomplete(&point.run)) {
        if !said.contains(&sentence) && said.len() < MOST_INCOMPLETE {
            said.push(sentence);
        }
    }
    said
}

/// Incomplete bills that are told at the most.
const MOST_INCOMPLETE: usize = 8;

/// Steps that are told at the most.
const MOST_STEPS: usize = 8;

/// The steps from a point to the next at which the runs show no difference at p99: what varies there may
/// do nothing.
pub(super) fn flat_steps(findings: &SweepFindings, whom: &Whom) -> Vec<String> {
    let metric = whom.metric("latency.p99");
    let flat: Vec<&SweepStep> = findings
        .steps
        .iter()
        .filter(|step| step.metric == metric && step.verdict == "no difference shown")
        .collect();
    let words = |step: &&SweepStep| {
        let point = |values: &[String]| shown(&values.join(", "));
        format!("{} from {} to {}", shown(&step.layout), point(&step.a), point(&step.b))
    };
    let mut told: Vec<String> = flat.iter().take(MOST_STEPS).map(words).collect();
    if flat.len() > MOST_STEPS {
        told.push(format!("{} more", flat.len() - MOST_STEPS));
    }
    match told.as_slice() {
        [] => Vec::new(),
        told => {
            let of = if whom.is_all() { String::new() } else { format!(" of {}", whom.words()) };
            vec![format!("No difference at p99{of} is shown for {}.", told.join("; "))]
        }
    }
}

/// Which points could not be simulated, and why.
pub(super) fn failed(findings: &SweepFindings) -> Vec<String> {
    let words = |point: &FailedPoint| {
        format!("{}: {}", shown(&point.values.join(", ")), shown(&point.reasons.join("; ")))
    };
    findings.failed.iter().map(words).collect()
}

/// The last word of every path, or all of it where two would read the same.
fn short_paths(paths: &[String]) -> Vec<String> {
    let last = |path: &str| shown(path.rsplit('.').next().unwrap_or(path));
    let lasts: Vec<String> = paths.iter().map(|path| last(path)).collect();
    let is_alone = |word: &String| lasts.iter().filter(|other| *other == word).count() == 1;
    let short = |(word, path): (&String, &String)| {
        if is_alone(word) { word.clone() } else { shown(path) }
    };
    lasts.iter().zip(paths).map(short).collect()
}

fn rows(point: &SweepPoint, whom: &Whom) -> Vec<Vec<Cell>> {
    let layouts = || point.run.layouts.iter();
    let name = |index: usize| point.run.layouts.0[index].0.as_str();
    let marks =
        |contest: Contest, metric: &str, of: &dyn Fn(&LayoutFindings) -> Option<Estimate>| {
            let admitted = |(name, found): (&str, &LayoutFindings)| {
                of(found).filter(|_| contest.admits(&point.run, name, found))
            };
            let values: Vec<_> = layouts().map(admitted).collect();
            best::lowest(&values, |a, b| best::tied(&point.run, metric, name(a), name(b)))
        };
    let p99 = |found: &LayoutFindings| best::p99(found, whom);
    let fastest = marks(Contest::Speed(whom), &whom.metric("latency.p99"), &p99);
    let cheapest = marks(Contest::Cost, "cost.per_month", &|found| {
        best::cost(found).map(|value| Estimate { value, ci95: None })
    });
    let row = |(index, (layout, found)): (usize, (&str, &LayoutFindings))| {
        let mut cells: Vec<Cell> =
            point.values.iter().map(|value| Cell::plain(shortened(&shown(value), NAME))).collect();
        cells.push(Cell::plain(shortened(&shown(layout), NAME)));
        cells.extend(figures(found, whom, [fastest[index], cheapest[index]]));
        cells
    };
    layouts().enumerate().map(row).collect()
}

fn figures(found: &LayoutFindings, whom: &Whom, [is_fastest, is_cheapest]: [bool; 2]) -> Vec<Cell> {
    let is_unstable = found.verdict == Verdict::Unstable;
    let own = found.endpoints.get(whom.key());
    let steady = own.filter(|_| !is_unstable);
    let money = Quantity::Money(shown(&found.cost.currency));
    let mark = |is_best: bool| {
        if is_best { Emphasis::Best } else { Emphasis::Plain }
    };
    let number = |quantity: &Quantity, value: Option<f64>| match value {
        Some(value) => quantity.write(value),
        None => "–".to_owned(),
    };
    let bill = |value: Option<f64>| match value {
        Some(value) if !found.cost.missing.is_empty() => {
            format!("{}, incomplete", money.write(value))
        }
        value => number(&money, value),
    };
    let estimate = |value: Option<Estimate>| match value {
        Some(value) => Quantity::Time.write_uncertain(&value),
        None => missing(found, whom.key()),
    };
    let p99 = match found.verdict {
        Verdict::Unstable => Cell::new("UNSTABLE", Emphasis::Bad),
        Verdict::Undecided => {
            Cell::new(format!("{} ?", estimate(best::p99(found, whom))), mark(is_fastest))
        }
        Verdict::Stable | Verdict::Terminating => {
            Cell::new(estimate(best::p99(found, whom)), mark(is_fastest))
        }
    };
    let throughput = own.map(|own| own.throughput_per_second.value);
    let p50 = steady.and_then(|own| own.latency_seconds.p50).map(|p50| p50.value);
    let errors = steady.and_then(|own| own.error_share).map(|share| share.value);
    vec![
        Cell::plain(number(&Quantity::Time, p50)),
        p99,
        Cell::plain(number(&Quantity::Share, errors)),
        Cell::new(bill(best::cost(found)), mark(is_cheapest)),
        Cell::plain(bill(best::cost(found).and(found.cost.per_million_requests))),
        Cell::plain(number(&Quantity::Rate, throughput)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn every_point_has_a_row_for_each_layout_and_unstable_ones_have_no_latency() {
        let mut findings = sample::sweep();
        let alone = grid(&findings, &Whom::all(), false);
        assert_eq!(alone.rows[0][3].emphasis, Emphasis::Plain);
        findings.points.iter_mut().for_each(|point| point.run.slo.clear());
        let grid = grid(&findings, &Whom::all(), false);
        assert_eq!(grid.rows.len(), 15);
        let last: Vec<&str> = grid.rows[14].iter().map(|cell| cell.text.as_str()).collect();
        assert_eq!(last[..5], ["800/s", "msa", "–", "UNSTABLE", "–"]);
        assert_eq!(grid.rows[0][3].emphasis, Emphasis::Best);
    }

    #[test]
    fn money_stands_there_only_where_something_has_a_price() {
        let heads = |findings: &SweepFindings, short| -> Vec<String> {
            grid(findings, &Whom::all(), short).head.into_iter().map(|cell| cell.text).collect()
        };
        let mut findings = sample::sweep();
        assert!(heads(&findings, false).contains(&PER_MILLION.to_owned()));
        let short = heads(&findings, true);
        assert!(short.contains(&PER_MONTH.to_owned()) && !short.contains(&PER_MILLION.to_owned()));
        for (_, layout) in findings.points.iter_mut().flat_map(|point| &mut point.run.layouts.0) {
            layout.cost.lines.clear();
            layout.cost.per_month = 0.0;
            layout.cost.per_million_requests = None;
        }
        assert_eq!(heads(&findings, false).last().map(String::as_str), Some("throughput"));
        assert!(!heads(&findings, false).contains(&PER_MONTH.to_owned()));
    }

    #[test]
    fn steps_that_change_nothing_are_told() {
        let mut findings = sample::sweep();
        assert!(flat_steps(&findings, &Whom::all()).is_empty());
        let step = |layout: &str, metric: &str, verdict: &str| SweepStep {
            layout: layout.to_owned(),
            path: "workload.arrivals.poisson".to_owned(),
            a: vec!["50/s".to_owned()],
            b: vec!["100/s".to_owned()],
            metric: metric.to_owned(),
            difference: Estimate { value: -1e-4, ci95: Some([-3e-4, 1e-4]) },
            verdict: verdict.to_owned(),
            variance_cut: Some(3.0),
        };
        findings.steps = vec![
            step("monolith", "all.latency.p99", "no difference shown"),
            step("monolith", "all.latency.mean", "no difference shown"),
            step("msa", "all.latency.p99", "a lower"),
        ];
        let told = flat_steps(&findings, &Whom::all());
        assert_eq!(told, ["No difference at p99 is shown for monolith from 50/s to 100/s."]);
        findings.steps = vec![step("msa", "buy.latency.p99", "no difference shown")];
        let told = flat_steps(&findings, &Whom::one("buy"));
        assert_eq!(told, ["No difference at p99 of buy is shown for msa from 50/s to 100/s."]);
    }

    #[test]
    fn paths_that_end_alike_are_written_whole() {
        let paths = ["a.replicas", "b.replicas", "workload.poisson"].map(str::to_owned);
        assert_eq!(short_paths(&paths), ["a.replicas", "b.replicas", "poisson"]);
        assert_eq!(
            legend(&sample::sweep(), &Focus::default())[0],
            "poisson is workload.arrivals.poisson"
        );
    }
}
