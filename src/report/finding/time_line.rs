//! How long transactions take that several databases share in some layout, layout by layout.

use super::NAME;
use crate::report::names::{shortened, shown};
use crate::report::numbers::Quantity;
use crate::study::{LayoutFindings, RunFindings};

/// Layouts that a sentence tells of one by one.
const MOST_NAMED: usize = 3;

/// The transactions whose parts are told, those of most layouts first.
pub(in crate::report) fn transactions(findings: &RunFindings) -> Vec<&str> {
    let mut names: Vec<(&str, usize)> = Vec::new();
    for (name, _) in findings.layouts.iter().flat_map(|(_, found)| found.time_lines.iter()) {
        match names.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => names.push((name, 1)),
        }
    }
    names.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    names.into_iter().map(|(name, _)| name).collect()
}

/// How long a transaction takes in each layout, or in the quickest and in the slowest of many.
pub(in crate::report) fn over(findings: &RunFindings, transaction: &str) -> Option<String> {
    let of = |(layout, found): (_, &LayoutFindings)| {
        let line = found.time_lines.get(transaction)?;
        Some((layout, line.over_seconds.value))
    };
    let mut known: Vec<(&str, f64)> = findings.layouts.iter().filter_map(of).collect();
    let mut places = [""; MOST_NAMED];
    if known.len() > MOST_NAMED {
        known.sort_by(|(_, a), (_, b)| a.total_cmp(b));
        known = [known.first(), known.last()].into_iter().flatten().copied().collect();
        places[..2].copy_from_slice(&[" at the soonest", " at the latest"]);
    }
    let name = |text: &str| shortened(&shown(text), NAME);
    let told = known.iter().zip(places).enumerate().map(|(index, ((layout, time), place))| {
        let on_average = if index == 0 { " on average" } else { "" };
        format!("{}{on_average} in {}{place}", Quantity::Time.write(*time), name(layout))
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| format!("{} is over after {}", name(transaction), told.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn the_transaction_that_most_layouts_have_comes_first() {
        let mut findings = sample::spread_out();
        assert_eq!(transactions(&findings), ["orders.place"]);
        let (_, line) = findings.layouts.0[0].1.time_lines.0[0].clone();
        findings.layouts.0[1].1.time_lines.0.insert(0, ("orders.cancel".to_owned(), line));
        assert_eq!(transactions(&findings), ["orders.place", "orders.cancel"]);
        assert!(transactions(&sample::three_layouts()).is_empty());
    }

    #[test]
    fn few_layouts_are_told_one_by_one_and_of_many_the_quickest_and_the_slowest() {
        let mut findings = sample::spread_out();
        let few = "orders.place is over after 14 ms on average in monolith, 35 ms in two-phase, 50 ms in saga";
        assert_eq!(over(&findings, "orders.place").unwrap(), few);
        let copy = findings.layouts.0[1].clone();
        findings.layouts.0.push(("fourth".to_owned(), copy.1));
        let many = "orders.place is over after 14 ms on average in monolith at the soonest, 50 ms in saga at the \
                    latest";
        assert_eq!(over(&findings, "orders.place").unwrap(), many);
        assert_eq!(over(&findings, "nobody"), None);
    }
}
