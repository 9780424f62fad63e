//! The comparison of layouts as a grid, and p99 endpoint by endpoint.

use super::grid::{Cell, Emphasis, Grid};
use crate::report::export::verdict;
use crate::report::finding::NAME;
use crate::report::finding::best::{self, Contest};
use crate::report::focus::{Focus, Whom};
use crate::report::names::{shortened, shown};
use crate::report::numbers::Quantity;
use crate::study::{EndpointFindings, Estimate, LayoutFindings, Missing, RunFindings, Verdict};

/// More endpoints than this are left to the files.
const MOST_ENDPOINTS: usize = 16;

/// The figure that tells how much of what is paid for does nothing.
const IDLE: &str = "idle share";

/// One figure of every layout.
struct Metric<'w> {
    name: &'static str,
    quantity: Quantity,
    /// Name in the comparison of the study, where lower is better and it may be compared.
    compared: Option<String>,
    /// Who takes part where the lowest is marked.
    contest: Option<Contest<'w>>,
    of: fn(&LayoutFindings, &Whom) -> Option<Estimate>,
}

impl Metric<'_> {
    fn is_of_bill(&self) -> bool {
        matches!(self.quantity, Quantity::Money(_)) || self.name == IDLE
    }
}

fn metrics<'w>(currency: &str, whom: &'w Whom) -> Vec<Metric<'w>> {
    let speed = Some(Contest::Speed(whom));
    let time = |name, compared: Option<&str>, of| Metric {
        name,
        quantity: Quantity::Time,
        compared: compared.map(|metric| whom.metric(metric)),
        contest: speed,
        of,
    };
    let unranked =
        |name, quantity, of| Metric { name, quantity, compared: None, contest: None, of };
    let mut metrics = vec![
        unranked("throughput", Quantity::Rate, |found, whom| {
            Some(own(found, whom)?.throughput_per_second)
        }),
        time("mean", Some("latency.mean"), |found, whom| steady(found, whom)?.latency_seconds.mean),
        time("p50", None, |found, whom| steady(found, whom)?.latency_seconds.p50),
        time("p95", None, |found, whom| steady(found, whom)?.latency_seconds.p95),
        time("p99", Some("latency.p99"), best::p99),
        Metric {
            name: "errors",
            quantity: Quantity::Share,
            compared: Some(whom.metric("error_share")),
            contest: speed,
            of: |found, whom| steady(found, whom)?.error_share,
        },
        Metric {
            name: "cost per month",
            quantity: Quantity::Money(currency.to_owned()),
            compared: Some("cost.per_month".to_owned()),
            contest: Some(Contest::Cost),
            of: |found, _| exact(best::cost(found)),
        },
    ];
    // The bill is one of all requests: beside those of one endpoint, so many of them have no price of their own.
    if whom.is_all() {
        // It is compared with nothing, so that none is the best.
        metrics.push(unranked("per million", Quantity::Money(currency.to_owned()), |found, _| {
            exact(best::cost(found).and(found.cost.per_million_requests))
        }));
    }
    metrics.push(unranked(IDLE, Quantity::Share, |found, _| exact(found.cost.idle_share)));
    metrics
}

fn own<'f>(found: &'f LayoutFindings, whom: &Whom) -> Option<&'f EndpointFindings> {
    found.endpoints.get(whom.key())
}

fn steady<'f>(found: &'f LayoutFindings, whom: &Whom) -> Option<&'f EndpointFindings> {
    own(found, whom).filter(|_| found.verdict != Verdict::Unstable)
}

fn exact(value: Option<f64>) -> Option<Estimate> {
    value.map(|value| Estimate { value, ci95: None })
}

/// A row for each figure, a column for each layout. `short`: without intervals.
pub(super) fn comparison(findings: &RunFindings, whom: &Whom, short: bool) -> Grid {
    let currency = findings.layouts.iter().map(|(_, found)| shown(&found.cost.currency)).next();
    let winner = best::overall(findings, whom);
    let name = |(name, _): (&str, &LayoutFindings)| {
        let is_best = winner == Some(name);
        let emphasis = if is_best { Emphasis::Best } else { Emphasis::Plain };
        Cell::new(shortened(&shown(name), NAME), emphasis)
    };
    let mut head = vec![Cell::plain(whom.words())];
    head.extend(findings.layouts.iter().map(name));
    let mut rows = vec![verdicts(findings)];
    for metric in metrics(&currency.unwrap_or_default(), whom) {
        let has_any = findings.layouts.iter().any(|(_, found)| (metric.of)(found, whom).is_some());
        // Without prices nobody wants to read of money; that there is no latency is news.
        if has_any || !metric.is_of_bill() {
            rows.push(row(findings, whom, &metric, short));
        }
    }
    Grid { keys: 1, head, rows }
}

fn verdicts(findings: &RunFindings) -> Vec<Cell> {
    let cell = |(_, found): (&str, &LayoutFindings)| {
        let text = match (found.verdict, found.converged) {
            (Verdict::Unstable, _) => "UNSTABLE".to_owned(),
            (other, true) => verdict(other).to_owned(),
            (other, false) => format!("{}, not converged", verdict(other)),
        };
        let is_bad = found.verdict == Verdict::Unstable;
        Cell::new(text, if is_bad { Emphasis::Bad } else { Emphasis::Plain })
    };
    let cells = findings.layouts.iter().map(cell);
    std::iter::once(Cell::plain("verdict")).chain(cells).collect()
}

fn row(findings: &RunFindings, whom: &Whom, metric: &Metric, short: bool) -> Vec<Cell> {
    let values: Vec<Option<Estimate>> =
        findings.layouts.iter().map(|(_, found)| (metric.of)(found, whom)).collect();
    let name = |index: usize| findings.layouts.0[index].0.as_str();
    let marks = match metric.contest {
        Some(contest) => {
            let admitted =
                |(value, (name, found)): (&Option<Estimate>, (&str, &LayoutFindings))| {
                    value.filter(|_| contest.admits(findings, name, found))
                };
            let rivals: Vec<_> = values.iter().zip(findings.layouts.iter()).map(admitted).collect();
            best::lowest(&rivals, |a, b| {
                best::tied(findings, metric.compared.as_deref()?, name(a), name(b))
            })
        }
        None => vec![false; values.len()],
    };
    let lacks = |found: &LayoutFindings| metric.is_of_bill() && !found.cost.missing.is_empty();
    let cell = |((value, is_best), (_, found)): ((&Option<Estimate>, bool), (&str, &_))| {
        let text = match value {
            None if metric.is_of_bill() => "–".to_owned(),
            None => missing(found, whom.key()),
            Some(value) if lacks(found) => {
                format!("{}, incomplete", metric.quantity.write(value.value))
            }
            Some(value) if short => metric.quantity.write(value.value),
            Some(value) if metric.is_of_bill() => metric.quantity.write_estimate(value),
            Some(value) => metric.quantity.write_uncertain(value),
        };
        Cell::new(text, if is_best { Emphasis::Best } else { Emphasis::Plain })
    };
    let cells = values.iter().zip(marks).zip(findings.layouts.iter()).map(cell);
    std::iter::once(Cell::plain(metric.name)).chain(cells).collect()
}

/// What the mark of an estimate without an interval means, where one of these runs has such.
pub(super) fn without_interval<'f>(
    findings: impl IntoIterator<Item = &'f RunFindings>,
    focus: &Focus,
) -> &'static str {
    let lacks = |run: &RunFindings| focus.whoms().iter().any(|whom| lacks_intervals(run, whom));
    match findings.into_iter().any(lacks) {
        true => "; ≈ without one: too few replications, or too few values",
        false => "",
    }
}

/// Whether a latency, a throughput or a share of errors is told without an interval.
fn lacks_intervals(findings: &RunFindings, whom: &Whom) -> bool {
    findings.layouts.iter().filter_map(|(_, found)| steady(found, whom)).any(|own| {
        let latency = own.latency_seconds;
        let figures = [latency.mean, latency.p50, latency.p95, latency.p99, own.error_share];
        let told = figures.into_iter().flatten().chain([own.throughput_per_second]);
        told.into_iter().any(|figure| figure.ci95.is_none())
    })
}

/// Why a figure of an endpoint is not there, in a word.
pub(super) fn missing(found: &LayoutFindings, endpoint: &str) -> String {
    match found.endpoints.get(endpoint).map(|own| own.missing(found.verdict)) {
        // The verdict stands above it.
        Some(Missing::Unstable) | None => "–".to_owned(),
        Some(why) => why.word().to_owned(),
    }
}

/// p99 of every endpoint, or of those that were asked for, a column for each layout; `None` where one says
/// everything. With the grid, how many endpoints it leaves out.
pub(super) fn by_endpoint(
    findings: &RunFindings,
    focus: &Focus,
    short: bool,
) -> Option<(Grid, usize)> {
    let mut endpoints: Vec<&str> = Vec::new();
    for (name, _) in findings.layouts.iter().flat_map(|(_, found)| found.endpoints.iter()) {
        if name != "all" && focus.has(name) && !endpoints.contains(&name) {
            endpoints.push(name);
        }
    }
    if endpoints.len() < 2 {
        return None;
    }
    let left_out = endpoints.len().saturating_sub(MOST_ENDPOINTS);
    let names = findings.layouts.iter().map(|(name, _)| shortened(&shown(name), NAME));
    let head = std::iter::once(Cell::plain("p99")).chain(names.map(Cell::plain)).collect();
    let row = |endpoint: &&str| {
        let p99 = |found: &LayoutFindings| {
            let found_endpoint = found.endpoints.get(endpoint);
            found_endpoint.filter(|_| found.verdict != Verdict::Unstable)?.latency_seconds.p99
        };
        let values: Vec<_> = findings.layouts.iter().map(|(_, found)| p99(found)).collect();
        let admitted = |(value, (name, found)): (&Option<Estimate>, (&str, &LayoutFindings))| {
            value.filter(|_| Contest::Speed(&Whom::all()).admits(findings, name, found))
        };
        let rivals: Vec<_> = values.iter().zip(findings.layouts.iter()).map(admitted).collect();
        let marks = best::lowest(&rivals, |_, _| None);
        let cell = |((value, is_best), (_, found)): ((&Option<Estimate>, bool), (&str, &_))| {
            let text = match value {
                None => missing(found, endpoint),
                Some(value) if short => Quantity::Time.write(value.value),
                Some(value) => Quantity::Time.write_uncertain(value),
            };
            Cell::new(text, if is_best { Emphasis::Best } else { Emphasis::Plain })
        };
        let name = Cell::plain(shortened(&shown(endpoint), NAME));
        let cells = values.iter().zip(marks).zip(findings.layouts.iter()).map(cell);
        std::iter::once(name).chain(cells).collect()
    };
    let rows = endpoints.iter().take(MOST_ENDPOINTS).map(row).collect();
    Some((Grid { keys: 1, head, rows }, left_out))
}
