//! What a month costs: bill lines stacked by group, a bar for each layout, the total after it.

use std::collections::BTreeSet;

use super::drawing::Drawing;
use super::layouts::{entries, incomplete, left_out, subtitle, title};
use super::page::Surroundings;
use super::palette;
use super::stacked::{self, Bar, Part, Stack};
use crate::cost::Expense;
use crate::report::finding::verdict::cheapest;
use crate::report::names::shown;
use crate::report::numbers::Quantity;
use crate::study::RunFindings;

/// The figure.
pub(super) fn draw(findings: &RunFindings) -> Drawing {
    let layouts = entries(findings);
    let lines = || layouts.iter().flat_map(|entry| &entry.found.cost.lines);
    let groups: BTreeSet<Expense> = lines().map(|line| line.group).collect();
    let part = |group: &Expense| Part {
        name: group.name().to_owned(),
        colour: palette::bill_group(*group),
    };
    let parts = groups.iter().map(part).collect();
    let bars: Vec<Bar> = layouts
        .iter()
        .map(|entry| {
            let lines = &entry.found.cost.lines;
            let sum = |group: &Expense| {
                lines.iter().filter(|line| line.group == *group).map(|line| line.per_month).sum()
            };
            Bar {
                name: entry.name.clone(),
                amounts: (!lines.is_empty()).then(|| groups.iter().map(sum).collect()),
                instead: if entry.is_unstable() { "UNSTABLE" } else { "nothing priced" },
            }
        })
        .collect();
    let currency = layouts.iter().map(|entry| shown(&entry.found.cost.currency));
    let stack = Stack {
        words: Surroundings {
            title: title(cheapest(findings), "Cost per month by layout".to_owned()),
            subtitle: subtitle(findings, "cost per month by layout, usage × price"),
            legend: Vec::new(),
            notes: incomplete(&layouts)
                .into_iter()
                .chain(left_out(findings.layouts.0.len()))
                .collect(),
        },
        quantity: Quantity::Money(currency.into_iter().next().unwrap_or_default()),
        axis_title: "cost of a month of 730 hours",
        nothing: "No layout has a bill: nothing in this scenario has a price.",
    };
    stacked::draw(stack, parts, &bars)
}
