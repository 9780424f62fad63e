//! What the cells of a row mean.

use super::cells::CellLine;
use super::row::{MeasuredFigures, MeasuredLoad, MeasuredRow};
use crate::model::{Model, Span};
use crate::scenario::nearest::did_you_mean;
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic, Edit};

/// Word for all endpoints by their shares.
const ALL: &str = "all";

/// Greatest number that a cell may hold: a day in milliseconds, a hundred million requests per second.
const GREATEST: f64 = 1e8;

/// Reads a row; what is wrong with it comes to `found`.
pub(super) fn row(
    line: &CellLine<'_>,
    model: &Model,
    found: &mut Vec<Diagnostic>,
) -> Option<MeasuredRow> {
    let before = found.len();
    if line.too_many() > 0 {
        let message = "the row has more cells than there are columns";
        let hint = "put a text with a comma between double quotes";
        found.push(Diagnostic::new(Code::BadMeasurement, message, line.whole()).hint(hint));
    }
    let case = line.get("case");
    if case.is_empty() {
        let message = "the row has no `case`, which names it";
        found.push(Diagnostic::new(Code::BadMeasurement, message, line.place("case")));
    }
    let layout = layout(line, model, found);
    let endpoint = endpoint(line, model, found);
    let load = load(line, model, found);
    let figures = figures(line, found);
    let edits = edits(line, found);
    if found.len() > before {
        return None;
    }
    let row = MeasuredRow {
        case: case.to_string(),
        layout: layout?,
        endpoint,
        load: load?,
        figures,
        edits,
        source: line.get("source").to_string(),
        span: line.whole(),
    };
    if row.is_lone() && figures.mean.or(figures.throughput).or(figures.cpu).is_none() {
        let message =
            "a lone client needs `mean_ms`, `throughput_per_s` or `cpu_us` to be fitted to";
        found.push(Diagnostic::new(Code::BadMeasurement, message, row.span));
        return None;
    }
    Some(row)
}

fn layout(line: &CellLine<'_>, model: &Model, found: &mut Vec<Diagnostic>) -> Option<String> {
    let name = line.get("layout");
    let known: Vec<&str> = model.layouts.iter().map(|layout| layout.name.as_str()).collect();
    if known.contains(&name) {
        return Some(name.to_string());
    }
    let message = format!("no layout is called {}", quoted(name));
    let diagnostic = Diagnostic::new(Code::UnknownLayout, message, line.place("layout"));
    found.push(diagnostic.maybe_hint(did_you_mean(name, &known)));
    None
}

/// The only endpoint that is asked; `None` for all of them, and for what is refused.
fn endpoint(line: &CellLine<'_>, model: &Model, found: &mut Vec<Diagnostic>) -> Option<String> {
    let name = line.get("endpoint");
    let endpoints = &model.workload.endpoints;
    let known: Vec<&str> = endpoints.iter().map(|endpoint| endpoint.name.as_str()).collect();
    if name.is_empty() || name == ALL {
        let shared = model.workload.sources.iter().find(|source| source.name.is_empty());
        let is_whole = shared.is_some_and(|shared| shared.endpoints.len() == known.len());
        if !is_whole && known.len() > 1 {
            let message = "the endpoints have arrivals of their own, so there are no shares to ask \
                           all of them by";
            let diagnostic = Diagnostic::new(Code::BadMeasurement, message, line.place("endpoint"));
            found.push(diagnostic.hint("name one endpoint in each row"));
        }
        return None;
    }
    if known.contains(&name) {
        return Some(name.to_string());
    }
    let message = format!("no endpoint is called {}", quoted(name));
    let diagnostic = Diagnostic::new(Code::UnknownEndpoint, message, line.place("endpoint"));
    found.push(diagnostic.maybe_hint(did_you_mean(name, &[known.as_slice(), &[ALL]].concat())));
    None
}

fn load(line: &CellLine<'_>, model: &Model, found: &mut Vec<Diagnostic>) -> Option<MeasuredLoad> {
    let [clients, rate] = ["clients", "rate_per_s"].map(|column| line.get(column));
    match (clients.is_empty(), rate.is_empty()) {
        (false, true) => {
            let most = model.run.limits.users;
            let count = clients.parse::<u32>().ok().filter(|count| (1..=most).contains(count));
            if count.is_none() {
                let message = format!(
                    "clients are a whole number from 1 to {most}; found {}",
                    quoted(clients)
                );
                let place = line.place("clients");
                found.push(Diagnostic::new(Code::BadMeasurement, message, place));
            }
            count.map(MeasuredLoad::Clients)
        }
        (true, false) => number(line, "rate_per_s", found).map(MeasuredLoad::Rate),
        (false, false) => {
            let message = "the row has both `clients` and `rate_per_s`";
            let diagnostic = Diagnostic::new(Code::BadMeasurement, message, line.place("clients"));
            let hint = "clients ask again when they are answered, a rate is kept whatever happens: \
                        leave one of them empty";
            found.push(diagnostic.hint(hint).also(line.place("rate_per_s"), "the rate"));
            None
        }
        (true, true) => {
            let message = "the row has neither `clients` nor `rate_per_s`";
            let diagnostic = Diagnostic::new(Code::BadMeasurement, message, line.whole());
            found.push(
                diagnostic.hint("write how many clients asked, or at what rate requests came"),
            );
            None
        }
    }
}

fn figures(line: &CellLine<'_>, found: &mut Vec<Diagnostic>) -> MeasuredFigures {
    let mut figure = |column: &str, unit: f64| {
        let empty = line.get(column).is_empty();
        if empty { None } else { number(line, column, found).map(|value| value * unit) }
    };
    MeasuredFigures {
        throughput: figure("throughput_per_s", 1.0),
        mean: figure("mean_ms", 1e-3),
        p50: figure("p50_ms", 1e-3),
        p90: figure("p90_ms", 1e-3),
        p99: figure("p99_ms", 1e-3),
        cpu: figure("cpu_us", 1e-6),
    }
}

/// A plain number above zero.
fn number(line: &CellLine<'_>, column: &str, found: &mut Vec<Diagnostic>) -> Option<f64> {
    let text = line.get(column);
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
    let what = match number {
        Some(number) if number > 0.0 && number <= GREATEST => return Some(number),
        Some(number) if number > 0.0 => "is beyond what can be measured",
        Some(_) => "must be above zero",
        None => "must be a plain number",
    };
    let message = format!("`{column}` {what}; found {}", quoted(text));
    let diagnostic = Diagnostic::new(Code::BadMeasurement, message, line.place(column));
    let hint = "write it like `0.424`, without a unit, or leave the cell empty where it is unknown";
    found.push(diagnostic.hint(hint));
    None
}

/// `path=value; path=value`.
fn edits(line: &CellLine<'_>, found: &mut Vec<Diagnostic>) -> Vec<Edit> {
    let place: Span = line.place("set");
    let parts = line.get("set").split(';').map(str::trim).filter(|part| !part.is_empty());
    let mut edits = Vec::new();
    for part in parts {
        match part.parse::<Edit>() {
            Ok(edit) => edits.push(edit),
            Err(error) => {
                let message = format!("`set`: {}", error.problem);
                let diagnostic = Diagnostic::new(Code::BadMeasurement, message, place);
                found.push(diagnostic.hint(error.hint));
            }
        }
    }
    edits
}
