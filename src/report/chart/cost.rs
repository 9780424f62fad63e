//! What a month costs: bill lines stacked by group, a bar for each layout, the total after it. What is the same in
//! every layout is the base of all bars; colours are for what differs.

use std::collections::BTreeSet;

use super::drawing::Drawing;
use super::layouts::{ShownLayout, entries, incomplete, left_out, subtitle, title};
use super::page::Surroundings;
use super::palette;
use super::stacked::{self, Bar, Part, Stack};
use crate::cost::{Expense, Line};
use crate::report::finding::verdict::cheapest;
use crate::report::names::shown;
use crate::report::numbers::Quantity;
use crate::study::RunFindings;

/// The figure.
pub(super) fn draw(findings: &RunFindings) -> Drawing {
    let layouts = entries(findings);
    let base = base(&layouts);
    let lines = || layouts.iter().flat_map(|entry| &entry.found.cost.lines);
    let others = lines().filter(|line| !base.iter().any(|same| is_same(same, line)));
    let groups: BTreeSet<Expense> = others.map(|line| line.group).collect();
    let part = |group: &Expense| Part {
        name: group.name().to_owned(),
        colour: palette::bill_group(*group),
    };
    let below = Part { name: "the same in every layout".to_owned(), colour: palette::SAND };
    let parts = std::iter::once(below).chain(groups.iter().map(part)).collect();
    let shared: f64 = base.iter().map(|line| line.per_month).sum();
    let bars: Vec<Bar> = layouts
        .iter()
        .map(|entry| {
            let lines = &entry.found.cost.lines;
            let own = own(lines, &base);
            let sum = |group: &Expense| {
                own.iter().filter(|line| line.group == *group).map(|line| line.per_month).sum()
            };
            let amounts = || std::iter::once(shared).chain(groups.iter().map(sum)).collect();
            Bar {
                name: entry.name.clone(),
                amounts: (!lines.is_empty()).then(amounts),
                instead: if entry.is_unstable() { "UNSTABLE" } else { "nothing priced" },
            }
        })
        .collect();
    let currency = layouts.iter().map(|entry| shown(&entry.found.cost.currency));
    let stack = Stack {
        words: Surroundings {
            title: title(
                cheapest(findings).or_else(|| cost_of_one(&layouts)),
                "Cost per month by layout".to_owned(),
            ),
            subtitle: subtitle(findings, "cost per month by layout, usage × price"),
            legend: Vec::new(),
            notes: base_words(&base)
                .into_iter()
                .chain(incomplete(&layouts))
                .chain(left_out(findings.layouts.0.len()))
                .collect(),
        },
        quantity: Quantity::Money(currency.into_iter().next().unwrap_or_default()),
        axis_title: "cost of a month of 730 hours",
        nothing: "No layout has a bill: nothing in this scenario has a price.",
    };
    stacked::draw(stack, parts, &bars)
}

/// The bill of the only layout that there is.
fn cost_of_one(layouts: &[ShownLayout]) -> Option<String> {
    let [only] = layouts else { return None };
    let bill = Some(&only.found.cost).filter(|bill| bill.is_whole() && !only.is_unstable())?;
    let sum = Quantity::Money(shown(&bill.currency)).write(bill.per_month);
    (!bill.lines.is_empty()).then(|| format!("{} costs {sum} for a month of 730 hours", only.name))
}

/// The lines that every bill has. None where there is one bill only, or where bills do not differ: there each group
/// tells more by itself.
fn base<'f>(layouts: &[ShownLayout<'f>]) -> Vec<&'f Line> {
    let bills: Vec<&[Line]> = layouts
        .iter()
        .map(|entry| entry.found.cost.lines.as_slice())
        .filter(|lines| !lines.is_empty())
        .collect();
    let [first, rest @ ..] = bills.as_slice() else { return Vec::new() };
    let count = |lines: &[Line], line: &Line| lines.iter().filter(|one| is_same(one, line)).count();
    let is_everywhere =
        |line: &&Line| rest.iter().all(|lines| count(lines, line) == count(first, line));
    let base: Vec<&Line> = first.iter().filter(is_everywhere).collect();
    let differ = bills.iter().any(|lines| lines.len() != base.len());
    if rest.is_empty() || !differ { Vec::new() } else { base }
}

/// Whether two lines are the same thing for the same money.
fn is_same(a: &Line, b: &Line) -> bool {
    let cent = 1e-9 * a.per_month.abs().max(b.per_month.abs());
    a.group == b.group && a.item == b.item && (a.per_month - b.per_month).abs() <= cent
}

/// The lines of a bill that are not in the base.
fn own<'l>(lines: &'l [Line], base: &[&Line]) -> Vec<&'l Line> {
    lines.iter().filter(|line| !base.iter().any(|same| is_same(same, line))).collect()
}

/// What the base has, where there is one.
fn base_words(base: &[&Line]) -> Option<String> {
    let groups: BTreeSet<Expense> = base.iter().map(|line| line.group).collect();
    let names: Vec<&str> = groups.iter().map(|group| group.name()).collect();
    (!names.is_empty()).then(|| format!("The same in every layout: {}.", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::super::drawing::Mark;
    use super::*;
    use crate::report::sample;

    fn sands(drawing: &Drawing) -> usize {
        let is_sand = |mark: &&Mark| matches!(mark, Mark::Rectangle { colour, .. } if *colour == palette::SAND);
        drawing.marks.iter().filter(is_sand).count()
    }

    #[test]
    fn what_every_bill_has_is_one_base_and_what_differs_has_colours() {
        let findings = sample::three_layouts();
        let layouts = entries(&findings);
        // The load balancer and the control plane cost the same whatever the size.
        let base = base(&layouts);
        assert_eq!(base.len(), 2);
        let words = "The same in every layout: load balancer, control plane.";
        assert_eq!(base_words(&base).unwrap(), words);
        let first = &layouts[0].found.cost;
        let own: f64 = own(&first.lines, &base).iter().map(|line| line.per_month).sum();
        let shared: f64 = base.iter().map(|line| line.per_month).sum();
        assert!((own + shared - first.per_month).abs() < 1e-9);
        // A bar in each layout, and a patch in the legend.
        assert_eq!(sands(&draw(&findings)), 3 + 1);
    }

    #[test]
    fn bills_that_are_alone_or_equal_have_no_base() {
        let one = sample::run(vec![("a", sample::layout(0.01, 0.5, 1.0))]);
        assert_eq!(sands(&draw(&one)), 0);
        let layout = || sample::layout(0.01, 0.5, 1.0);
        assert_eq!(sands(&draw(&sample::run(vec![("a", layout()), ("b", layout())]))), 0);
    }
}
