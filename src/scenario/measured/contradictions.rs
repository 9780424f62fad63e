//! Figures that cannot all be true: Little's law, the order of percentiles, what comes against what is answered, and
//! the same measured twice.

use super::row::{MeasuredLoad, MeasuredRow};
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};
use crate::units::significant;

/// How far throughput × mean may be off the number of clients, as a share of it.
const LITTLE: f64 = 0.15;

/// How much more may be answered than comes, as a share of it.
const BEYOND_OFFERED: f64 = 0.10;

/// How many standard deviations of a measurement two of the same may differ by.
const MOST_APART: f64 = 4.0;

/// Everything that contradicts. `error`: standard deviation of a measurement, as a share.
pub(super) fn of(rows: &[MeasuredRow], error: f64) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = rows.iter().flat_map(of_row).collect();
    for (index, row) in rows.iter().enumerate() {
        let before = rows[..index].iter().find(|other| row.is_lone() && row.is_of_the_same(other));
        found.extend(before.and_then(|other| apart(other, row, error)));
    }
    found
}

fn of_row(row: &MeasuredRow) -> Vec<Diagnostic> {
    let figures = row.figures;
    let mut found = Vec::new();
    let mut tell = |message: String, hint: &str| {
        let message = format!("{}: {message}", quoted(&row.case));
        found.push(Diagnostic::new(Code::Contradiction, message, row.span).hint(hint));
    };
    let percentiles = [("p50_ms", figures.p50), ("p90_ms", figures.p90), ("p99_ms", figures.p99)];
    let known: Vec<(&str, f64)> =
        percentiles.iter().filter_map(|(name, value)| Some((*name, (*value)?))).collect();
    for pair in known.windows(2) {
        let [(low, less), (high, more)] = [pair[0], pair[1]];
        if less > more {
            let [less, more] = [less, more].map(|time| significant(1e3 * time, 4));
            tell(
                format!("{low} is {less} and {high} {more}, but percentiles rise"),
                "were the columns exchanged?",
            );
        }
    }
    match row.load {
        MeasuredLoad::Clients(clients) => {
            if let (Some(throughput), Some(mean)) = (figures.throughput, figures.mean) {
                let present = throughput * mean;
                if (present / f64::from(clients) - 1.0).abs() > LITTLE {
                    let present = significant(present, 3);
                    tell(
                        format!(
                            "throughput × mean is {present}, so by Little's law {present} clients were \
                             waiting on average, and not {clients}"
                        ),
                        "measure without a think time, and latency and throughput of the same requests",
                    );
                }
            }
        }
        MeasuredLoad::Rate(rate) => {
            if let Some(throughput) =
                figures.throughput.filter(|t| *t > (1.0 + BEYOND_OFFERED) * rate)
            {
                let [throughput, rate] = [throughput, rate].map(|value| significant(value, 4));
                tell(
                    format!("{throughput}/s were answered and only {rate}/s came"),
                    "write the rate at which requests were sent",
                );
            }
        }
    }
    found
}

/// Two measurements of the same that differ by more than chance.
fn apart(first: &MeasuredRow, second: &MeasuredRow, error: f64) -> Option<Diagnostic> {
    let mean = |row: &MeasuredRow| row.figures.mean.or(row.figures.throughput.map(f64::recip));
    let pairs =
        [("mean", mean(first), mean(second)), ("CPU", first.figures.cpu, second.figures.cpu)];
    let (what, one, other) = pairs.into_iter().find_map(|(what, one, other)| {
        let (one, other) = (one?, other?);
        ((one / other).ln().abs() > MOST_APART * error).then_some((what, one, other))
    })?;
    let [one, other] = [one, other].map(|time| significant(1e3 * time, 4));
    let message = format!(
        "{} and {} measured the same with one client, and came to a {what} of {one} and of {other} ms",
        quoted(&first.case),
        quoted(&second.case)
    );
    let most = significant(100.0 * MOST_APART * error, 3);
    let hint = format!(
        "more than {most} % apart is no chance at this --error: leave one out, or say in `set` what differed"
    );
    let diagnostic = Diagnostic::new(Code::Contradiction, message, second.span).hint(hint);
    Some(diagnostic.also(first.span, "the other one"))
}
