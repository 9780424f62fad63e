//! What is said under the table: which layout to take, which is cheapest and which fastest, each with
//! its condition; and which bills are incomplete.

use super::NAME;
use super::best::{self, Contest, Lead};
use crate::report::focus::Whom;
use crate::report::names::{shortened, shown};
use crate::report::numbers::Quantity;
use crate::scenario::Code;
use crate::study::{LayoutFindings, RunFindings, Verdict};
use crate::units::Nanos;

/// Things that an incomplete bill lacks and that are named.
const MOST_MISSING: usize = 2;

fn name(layout: &str) -> String {
    shortened(&shown(layout), NAME)
}

/// Who takes part, and whether there is more to say.
enum Entrants<'f> {
    /// Not at all: there is one, or nothing is shown.
    Nothing,
    /// This is all that can be said.
    Said(String),
    /// These carry their load and keep their promises.
    Several(Vec<(&'f str, &'f LayoutFindings)>),
}

fn entrants<'f>(findings: &'f RunFindings, whom: &Whom) -> Entrants<'f> {
    let layouts = || findings.layouts.iter();
    if layouts().count() < 2 {
        return Entrants::Nothing;
    }
    if layouts().all(|(_, found)| found.replications < 2) {
        let nothing =
            "One replication shows no difference: no layout is called fastest or cheapest.";
        return Entrants::Said(nothing.to_owned());
    }
    let admitted =
        layouts().filter(|(name, found)| Contest::Speed(whom).admits(findings, name, found));
    let admitted: Vec<(&str, &LayoutFindings)> = admitted.collect();
    match admitted.as_slice() {
        [] if findings.slo.is_empty() => Entrants::Nothing,
        [] => Entrants::Said("No layout keeps every promise.".to_owned()),
        [(only, found)] => Entrants::Said(alone(findings, only, found)),
        _ => Entrants::Several(admitted),
    }
}

/// Which layout to take and why, as far as the comparison shows it, only among layouts that carry
/// their load and keep their promises, in cost among whole bills. Nothing for a single layout.
pub(in crate::report) fn verdict(findings: &RunFindings, whom: &Whom) -> Option<String> {
    match entrants(findings, whom) {
        Entrants::Nothing => None,
        Entrants::Said(words) => Some(words),
        Entrants::Several(several) => leaders(findings, whom, &several),
    }
}

/// What of it is about p99.
pub(in crate::report) fn fastest(findings: &RunFindings, whom: &Whom) -> Option<String> {
    match entrants(findings, whom) {
        Entrants::Nothing => None,
        Entrants::Said(words) => Some(words),
        Entrants::Several(several) => speed(findings, whom, &several),
    }
}

/// What of it is about the bill.
pub(in crate::report) fn cheapest(findings: &RunFindings) -> Option<String> {
    match entrants(findings, &Whom::all()) {
        Entrants::Nothing => None,
        Entrants::Said(words) => Some(words),
        Entrants::Several(several) => cost(findings, &several),
    }
}

/// Under which conditions somebody leads.
struct Conditions {
    /// The promises that there are.
    promised: &'static str,
    /// The bills that are whole.
    whole: &'static str,
    is_partial: bool,
    /// The sizes that were given.
    sized: &'static str,
}

impl Conditions {
    fn of(findings: &RunFindings, several: &[(&str, &LayoutFindings)]) -> Self {
        let promised =
            if findings.slo.is_empty() { "" } else { " of those that keep every promise" };
        // Who has no price at all is not left out of anything: nothing is.
        let is_partial = several.iter().any(|(_, found)| !found.cost.is_whole());
        let whole = match (is_partial, promised.is_empty()) {
            (false, _) => "",
            (true, true) => " of those with a whole bill",
            (true, false) => " and have a whole bill",
        };
        let sized = findings.remarks.iter().any(|said| said.code == Code::Sizes);
        let sized = if sized { " (as they are sized: see the remarks)" } else { "" };
        Conditions { promised, whole, is_partial, sized }
    }
}

fn alone(findings: &RunFindings, only: &str, found: &LayoutFindings) -> String {
    let does =
        if findings.slo.is_empty() { "is shown to carry the load" } else { "keeps every promise" };
    let price = match price(found) {
        Some(price) if found.cost.is_whole() => format!(": {price}"),
        _ => String::new(),
    };
    format!("{} is the only layout that {does}{price}.", name(only))
}

fn of_whom(whom: &Whom) -> String {
    if whom.is_all() { String::new() } else { format!(" of {}", whom.words()) }
}

fn leaders(
    findings: &RunFindings,
    whom: &Whom,
    several: &[(&str, &LayoutFindings)],
) -> Option<String> {
    let Conditions { promised, is_partial, sized, .. } = Conditions::of(findings, several);
    let (cheapest, fastest) = (Contest::Cost.lead(findings), Contest::Speed(whom).lead(findings));
    if let (Lead::Shown(cheapest), Lead::Shown(fastest)) = (cheapest, fastest)
        && cheapest == fastest
        && !is_partial
    {
        let (of, slips) = (of_whom(whom), slips(findings, fastest, several));
        let price = price(findings.layouts.get(cheapest)?)?;
        let name = name(cheapest);
        return Some(format!(
            "{name} is both cheapest and fastest at p99{of}{promised}{sized}{slips}: {price}."
        ));
    }
    let said = [speed(findings, whom, several), cost(findings, several)];
    let said: Vec<String> = said.into_iter().flatten().collect();
    Some(said.join(" ")).filter(|said| !said.is_empty())
}

/// Which layout is fastest, or between which no difference is shown.
fn speed(
    findings: &RunFindings,
    whom: &Whom,
    several: &[(&str, &LayoutFindings)],
) -> Option<String> {
    let Conditions { promised, .. } = Conditions::of(findings, several);
    let of = of_whom(whom);
    match Contest::Speed(whom).lead(findings) {
        Lead::Shown(fastest) => {
            let p99 = best::p99(findings.layouts.get(fastest)?, whom)?;
            let slips = slips(findings, fastest, several);
            let (name, p99) = (name(fastest), Quantity::Time.write(p99.value));
            Some(format!("Fastest at p99{of}{promised} is {name} with {p99}{slips}."))
        }
        Lead::Tied(tied) => Some(unshown(&format!("at p99{of}"), promised, &tied, several.len())),
        Lead::Nobody | Lead::Alone(_) => None,
    }
}

/// Which layout is cheapest, or between which no difference is shown.
fn cost(findings: &RunFindings, several: &[(&str, &LayoutFindings)]) -> Option<String> {
    let Conditions { promised, whole, is_partial, sized } = Conditions::of(findings, several);
    match Contest::Cost.lead(findings) {
        Lead::Shown(cheapest) => {
            let (name, price) = (name(cheapest), price(findings.layouts.get(cheapest)?)?);
            Some(format!("Cheapest{promised}{whole}{sized} is {name} with {price}."))
        }
        Lead::Tied(tied) => {
            Some(unshown("in cost", &format!("{promised}{whole}"), &tied, several.len()))
        }
        Lead::Alone(_) => Some("No cheapest is named: only one bill is whole.".to_owned()),
        Lead::Nobody
            if is_partial && several.iter().any(|(_, found)| best::cost(found).is_some()) =>
        {
            Some("No cheapest is named: no bill is whole.".to_owned())
        }
        Lead::Nobody => None,
    }
}

/// That none of some is shown to lead. `all`: how many could.
fn unshown(what: &str, condition: &str, tied: &[&str], all: usize) -> String {
    if tied.len() == all {
        let condition = condition.strip_prefix(" of those").unwrap_or(condition);
        return format!("No difference {what} is shown between the layouts{condition}.");
    }
    let named: Vec<String> = tied.iter().map(|layout| name(layout)).collect();
    let named = named.join(", ");
    format!("Lowest {what}{condition} are {named}, between which no difference is shown.")
}

/// What the fastest pays with: more errors than another, where that is shown.
fn slips(findings: &RunFindings, fastest: &str, several: &[(&str, &LayoutFindings)]) -> String {
    let errors = |found: &LayoutFindings| Some(found.endpoints.get("all")?.error_share?.value);
    let own = findings.layouts.get(fastest).and_then(errors);
    let better = several.iter().filter(|(other, _)| {
        best::tied(findings, "all.error_share", fastest, other) == Some(false)
    });
    let better = better.filter_map(|(other, found)| Some((*other, errors(found)?)));
    let least = better.min_by(|a, b| a.1.total_cmp(&b.1));
    match (own, least) {
        (Some(own), Some((other, others))) if own > others => {
            let by = Quantity::Share.write(own - others);
            format!(", though it loses {by} more of its requests to errors than {}", name(other))
        }
        _ => String::new(),
    }
}

/// A bill with what it is for: a month, or one of nothing but the run.
fn price(found: &LayoutFindings) -> Option<String> {
    let price = Quantity::Money(shown(&found.cost.currency)).write(best::cost(found)?);
    Some(match found.verdict {
        Verdict::Terminating => {
            let run = Nanos::from_seconds(found.simulated_seconds);
            format!("{price} for a month of nothing but this run of {run}")
        }
        Verdict::Stable | Verdict::Unstable | Verdict::Undecided => format!("{price} a month"),
    })
}

/// What speaks for a layout and is in no figure, where one of several is named.
pub(in crate::report) fn beyond(findings: &RunFindings) -> Option<String> {
    let whom = Whom::all();
    let leads =
        |contest: Contest<'_>| matches!(contest.lead(findings), Lead::Shown(_) | Lead::Alone(_));
    let is_named = leads(Contest::Cost) || leads(Contest::Speed(&whom));
    let words = "Failures of machines, deploys and teams are not simulated: what speaks for more replicas or more \
                 services besides load and cost is for you to judge.";
    (is_named && findings.layouts.0.len() > 1).then(|| words.to_owned())
}

/// Which bills are incomplete, with what they lack.
pub(in crate::report) fn incomplete(findings: &RunFindings) -> Vec<String> {
    let bills = findings.layouts.iter().map(|(name, found)| (name, &found.cost));
    let lacking = bills.filter(|(_, bill)| !bill.missing.is_empty());
    lacking
        .map(|(layout, bill)| {
            let named = bill.missing.iter().take(MOST_MISSING).map(|missing| shown(&missing.item));
            let named: Vec<String> = named.collect();
            let more = match bill.missing.len().saturating_sub(MOST_MISSING) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let named = named.join("; ");
            format!("The bill of {} is incomplete: it leaves out {named}{more}.", name(layout))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn of_all(findings: &RunFindings) -> Option<String> {
        verdict(findings, &Whom::all())
    }

    fn without_promises() -> RunFindings {
        let mut findings = sample::three_layouts();
        findings.slo.clear();
        findings
    }

    #[test]
    fn the_layout_to_take_is_named_or_what_speaks_against_all() {
        let mut findings = sample::three_layouts();
        let said = of_all(&findings).unwrap();
        assert_eq!(said, "monolith is the only layout that keeps every promise: $1,083 a month.");
        findings.slo.iter_mut().for_each(|promise| promise.met = false);
        assert_eq!(of_all(&findings).unwrap(), "No layout keeps every promise.");
        findings = without_promises();
        let said = of_all(&findings).unwrap();
        assert_eq!(said, "monolith is both cheapest and fastest at p99: $1,083 a month.");
        let mut cost =
            findings.comparison.iter_mut().filter(|pair| pair.metric == "cost.per_month");
        cost.by_ref().for_each(|pair| pair.verdict = "a lower".to_owned());
        findings.layouts.0[0].1.cost.per_month = 5000.0;
        assert_eq!(
            of_all(&findings).unwrap(),
            "Fastest at p99 is monolith with 62.1 ms. Cheapest is distributed-monolith with $1,381 a month.",
        );
    }

    #[test]
    fn what_is_not_simulated_is_said_where_a_layout_is_named() {
        assert!(beyond(&sample::three_layouts()).unwrap().starts_with("Failures of machines"));
        assert_eq!(beyond(&sample::run(vec![("a", sample::layout(0.01, 0.5, 1.0))])), None);
        let mut findings = sample::three_layouts();
        findings.layouts.0.iter_mut().for_each(|(_, found)| found.replications = 1);
        assert_eq!(beyond(&findings), None);
    }

    #[test]
    fn promises_are_the_condition_of_the_sentence() {
        let mut findings = sample::three_layouts();
        findings.slo.iter_mut().for_each(|promise| promise.met = true);
        let said = of_all(&findings).unwrap();
        let expected = "monolith is both cheapest and fastest at p99 of those that keep every promise: $1,083 a month.";
        assert_eq!(said, expected);
    }

    #[test]
    fn an_incomplete_bill_is_no_cheapest_and_says_what_it_lacks() {
        let mut findings = without_promises();
        findings.layouts.0[0].1.cost.missing.push(sample::missing());
        assert_eq!(
            of_all(&findings).unwrap(),
            "Fastest at p99 is monolith with 62.1 ms. Cheapest of those with a whole bill is \
             distributed-monolith with $1,381 a month.",
        );
        assert_eq!(
            incomplete(&findings),
            ["The bill of monolith is incomplete: it leaves out 3 × n2-standard-4."]
        );
        findings.layouts.0[1].1.cost.missing.push(sample::missing());
        assert!(of_all(&findings).unwrap().ends_with("only one bill is whole."));
        findings.layouts.0[2].1.cost.missing = vec![sample::missing(); 4];
        assert!(of_all(&findings).unwrap().ends_with("no bill is whole."));
        assert!(incomplete(&findings)[2].ends_with("and 2 more."));
    }

    #[test]
    fn a_headline_that_the_comparison_denies_is_not_said() {
        let mut findings = without_promises();
        for pair in &mut findings.comparison {
            pair.verdict = "no difference shown".to_owned();
        }
        assert_eq!(
            of_all(&findings).unwrap(),
            "No difference at p99 is shown between the layouts. No difference in cost is shown between \
             the layouts.",
        );
        let mut findings = without_promises();
        for pair in findings.comparison.iter_mut().filter(|pair| pair.b == "msa") {
            pair.verdict = "no difference shown".to_owned();
        }
        let said = of_all(&findings).unwrap();
        assert!(said.starts_with("Lowest at p99 are monolith, msa, between which"), "{said}");
        let mut findings = sample::three_layouts();
        findings.slo.iter_mut().for_each(|promise| promise.met = true);
        let pairs = findings.comparison.iter_mut();
        pairs.for_each(|pair| pair.verdict = "no difference shown".to_owned());
        let said = of_all(&findings).unwrap();
        let all = "No difference at p99 is shown between the layouts that keep every promise.";
        assert!(said.starts_with(all), "{said}");
    }

    #[test]
    fn one_replication_names_no_winner() {
        let mut findings = without_promises();
        findings.layouts.0.iter_mut().for_each(|(_, found)| found.replications = 1);
        assert!(of_all(&findings).unwrap().starts_with("One replication shows no difference"));
    }

    #[test]
    fn minutes_are_not_called_a_month() {
        let mut findings = without_promises();
        for (_, found) in &mut findings.layouts.0 {
            found.verdict = Verdict::Terminating;
            found.simulated_seconds = 180.0;
        }
        let said = of_all(&findings).unwrap();
        assert!(said.ends_with("$1,083 for a month of nothing but this run of 3 min."), "{said}");
    }

    #[test]
    fn the_fastest_says_what_it_loses() {
        let mut findings = without_promises();
        let all = findings.layouts.0[0].1.endpoints.0.iter_mut().find(|(name, _)| name == "all");
        all.unwrap().1.error_share = Some(crate::study::Estimate { value: 0.3, ci95: None });
        for pair in findings.comparison.iter_mut().filter(|pair| pair.metric == "all.error_share") {
            pair.verdict = "b lower".to_owned();
        }
        let said = of_all(&findings).unwrap();
        assert!(said.contains(", though it loses 3"), "{said}");
    }
}
