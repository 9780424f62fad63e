//! From the outcomes of replications to when the parts of transactions begin and commit.

use super::estimate::Estimate;
use super::findings::LayoutFindings;
use super::measured::mean_seconds;
use super::named::Named;
use super::summary::estimate_of_some;
use super::time_line_findings::{PartFindings, TimeLineFindings};
use super::transactions::word;
use crate::measure::{Outcome, PartRecord};
use crate::plan::{Plan, Togetherness};

/// Each transaction whose parts are watched and that ever committed, by its name; nothing where nothing is steady.
pub(super) fn time_lines(
    plan: &Plan,
    outcomes: &[Outcome],
    steady: bool,
) -> Named<TimeLineFindings> {
    let each = plan.program.spannings.iter().enumerate();
    let whole = each.filter(|(_, spanning)| steady && !spanning.is_part);
    let told = whole.filter_map(|(index, spanning)| {
        Some((spanning.name.clone(), time_line(plan, outcomes, index, spanning.how)?))
    });
    Named(told.collect())
}

fn time_line(
    plan: &Plan,
    outcomes: &[Outcome],
    index: usize,
    how: Togetherness,
) -> Option<TimeLineFindings> {
    let over_seconds = estimate_of_some(outcomes, |outcome| {
        let record = &outcome.spannings[index];
        mean_seconds(record.over_sum, record.committed)
    })?;
    let parts = plan.site.databases.iter().enumerate().filter_map(|(at, database)| {
        Some((
            database.name.clone(),
            part(outcomes, |outcome| &outcome.spannings[index].parts[at])?,
        ))
    });
    let mut parts: Vec<(String, PartFindings)> = parts.collect();
    let begins = |part: &(String, PartFindings)| part.1.begins_seconds.value;
    parts.sort_by(|a, b| begins(a).total_cmp(&begins(b)));
    Some(TimeLineFindings { how: word(how).to_string(), over_seconds, parts: Named(parts) })
}

/// `None` where nothing ever committed on the database.
fn part(outcomes: &[Outcome], of: impl Fn(&Outcome) -> &PartRecord) -> Option<PartFindings> {
    let mean = |sum: fn(&PartRecord) -> u128, count: fn(&PartRecord) -> u64| -> Option<Estimate> {
        estimate_of_some(outcomes, |outcome| {
            let record = of(outcome);
            mean_seconds(sum(record), count(record))
        })
    };
    Some(PartFindings {
        begins_seconds: mean(|record| record.began_sum, |record| record.count)?,
        locks_seconds: mean(|record| record.locked_sum, |record| record.count)?,
        prepared_seconds: mean(|record| record.voted_sum, |record| record.votes),
        decided_seconds: mean(|record| record.learned_sum, |record| record.votes),
        committed_seconds: mean(|record| record.committed_sum, |record| record.count)?,
    })
}

/// Leaves out transactions that one database keeps together in every layout: they have no parts to compare.
pub(super) fn keep_spread(layouts: &mut [(String, LayoutFindings)]) {
    let all = layouts.iter().flat_map(|(_, found)| found.time_lines.iter());
    let spread: Vec<String> =
        all.filter(|(_, line)| line.how != "local").map(|(name, _)| name.to_string()).collect();
    for (_, found) in layouts {
        found.time_lines.0.retain(|(name, _)| spread.contains(name));
    }
}
