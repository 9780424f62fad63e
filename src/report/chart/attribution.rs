//! Where the time of the critical path goes: stacked mean times by category, a bar for each layout.

use super::drawing::Drawing;
use super::layouts::{entries, notes, subtitle};
use super::page::Surroundings;
use super::palette;
use super::stacked::{self, Bar, Part, Stack};
use crate::report::categories;
use crate::report::focus::Whom;
use crate::report::numbers::Quantity;
use crate::study::RunFindings;

/// The figure.
pub(super) fn draw(findings: &RunFindings, whom: &Whom) -> Drawing {
    let layouts = entries(findings);
    let stable = || layouts.iter().filter(|entry| !entry.is_unstable());
    let lists = stable().filter_map(|entry| entry.of(whom)).map(|own| &own.attribution_seconds);
    let keys = categories::ordered(lists.flat_map(|list| list.iter().map(|(key, _)| key)));
    let parts = keys
        .iter()
        .map(|key| Part { name: categories::name(key), colour: palette::attribution(key) })
        .collect();
    let bars: Vec<Bar> = layouts
        .iter()
        .map(|entry| {
            let found = entry.of(whom).map(|own| &own.attribution_seconds);
            let found = found.filter(|list| !entry.is_unstable() && list.iter().next().is_some());
            Bar {
                name: entry.name.clone(),
                amounts: found.map(|list| {
                    keys.iter().map(|key| list.get(key).copied().unwrap_or(0.0)).collect()
                }),
                instead: if entry.is_unstable() { "unstable" } else { "no answers" },
            }
        })
        .collect();
    let stack = Stack {
        words: Surroundings {
            title: whom.titled("Where the time goes"),
            subtitle: subtitle(
                findings,
                &format!("critical path of good answers, {}", whom.words()),
            ),
            legend: Vec::new(),
            notes: notes(findings),
        },
        quantity: Quantity::Time,
        axis_title: "mean latency",
        nothing: "No layout has an attribution to show.",
    };
    stacked::draw(stack, parts, &bars)
}
