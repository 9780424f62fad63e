//! Where the time of the critical path goes: stacked mean times by category, a bar for each layout.

use super::drawing::Drawing;
use super::layouts::{entries, notes, subtitle, title};
use super::page::Surroundings;
use super::palette;
use super::stacked::{self, Bar, Part, Stack};
use crate::report::categories;
use crate::report::focus::Whom;
use crate::report::numbers::Quantity;
use crate::study::RunFindings;

/// Layouts that a title tells apart.
const MOST_NAMED: usize = 4;

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
            title: title(most_goes(whom, &keys, &bars), whom.titled("Where the time goes")),
            subtitle: subtitle(
                findings,
                &format!("where the time goes, critical path of good answers, {}", whom.words()),
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

/// What most of the time goes to: one thing with its shares, or what it is in each layout.
fn most_goes(whom: &Whom, keys: &[&str], bars: &[Bar]) -> Option<String> {
    let largest = |bar: &Bar| -> Option<(usize, f64)> {
        let amounts = bar.amounts.as_ref()?;
        let (index, amount) = amounts.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
        Some((index, amount / amounts.iter().sum::<f64>()))
    };
    let found: Vec<(&Bar, (usize, f64))> =
        bars.iter().filter_map(|bar| Some((bar, largest(bar)?))).collect();
    let [(_, (first, _)), ..] = found[..] else { return None };
    let shares = || found.iter().map(|(_, (_, share))| *share);
    let (least, most) = (shares().fold(1.0, f64::min), shares().fold(0.0, f64::max));
    let name = |index: usize| categories::name(keys[index]);
    let of = if whom.is_all() { String::new() } else { format!(" of {}", whom.words()) };
    if found.iter().all(|(_, (index, _))| *index == first) {
        let [least, most] = [least, most].map(|share| Quantity::Share.write(share));
        let shares = if least == most { most } else { format!("{least} … {most}") };
        return Some(format!("The largest part of the time{of} is {}: {shares}", name(first)));
    }
    let each = found.iter().map(|(bar, (index, share))| {
        format!("{} {} in {}", name(*index), Quantity::Share.write(*share), bar.name)
    });
    let each: Vec<String> = each.take(MOST_NAMED).collect();
    (found.len() <= MOST_NAMED)
        .then(|| format!("The largest part of the time{of} is {}", each.join(", ")))
}
