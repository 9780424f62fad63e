//! What the numbers say, in sentences: differences, where the time goes, what is wrong.

use crate::cost::Omission;
use crate::report::categories;
use crate::report::finding::NAME;
use crate::report::finding::best;
use crate::report::focus::Whom;
use crate::report::names::{shortened, shown};
use crate::report::numbers::{Quantity, count, digits, interval};
use crate::scenario::Code;
use crate::study::{Comparison, LayoutFindings, Named, RunFindings, Verdict};

/// With more layouts than this, each is compared with the first one only.
const MOST_FOR_ALL_PAIRS: usize = 4;

/// Categories named for each layout; the rest is summed.
const NAMED_CATEGORIES: usize = 4;

/// Remarks printed for a layout.
const MOST_REMARKS: usize = 8;

fn name(layout: &str) -> String {
    shortened(&shown(layout), NAME)
}

/// How long was simulated: what the intervals rest on.
pub(super) fn effort(findings: &RunFindings) -> Option<String> {
    let length = |found: &LayoutFindings| {
        (found.replications, found.simulated_seconds, found.warmup_seconds)
    };
    let (_, first) = findings.layouts.0.first()?;
    let events = findings.layouts.iter().map(|(_, found)| found.events).sum();
    let events = format!("{} events in all", count(events));
    if findings.layouts.iter().any(|(_, found)| length(found) != length(first)) {
        return Some(format!("lengths differ between layouts: see results.json; {events}"));
    }
    let (replications, simulated, warmup) = length(first);
    let [simulated, warmup] = [simulated, warmup].map(|time| Quantity::Time.write(time));
    let plural = if replications == 1 { "" } else { "s" };
    if first.verdict == Verdict::Terminating {
        return Some(format!(
            "{replications} replication{plural} of {simulated} each, from an empty system on; {events}"
        ));
    }
    Some(format!(
        "{replications} replication{plural} of {simulated} each, the first {warmup} not measured; {events}"
    ))
}

/// One sentence for each pair that was compared, p99 of somebody's requests and cost together.
pub(super) fn differences(findings: &RunFindings, whom: &Whom) -> Vec<String> {
    let metric = whom.metric("latency.p99");
    let first = findings.layouts.0.first().map(|(name, _)| name.as_str());
    let all_pairs = findings.layouts.0.len() <= MOST_FOR_ALL_PAIRS;
    let wanted = |pair: &&Comparison| {
        pair.metric == metric
            && (all_pairs || Some(pair.a.as_str()) == first || Some(pair.b.as_str()) == first)
    };
    let pairs = findings.comparison.iter().filter(wanted);
    let mut sentences: Vec<String> = pairs.map(|pair| difference(findings, pair, whom)).collect();
    if !all_pairs && !sentences.is_empty() {
        sentences.push("The other pairs are in results.json.".to_owned());
    }
    sentences
}

/// For each endpoint with a promise the pair of layouts that differs most at its p99, as far as that is shown:
/// p99 of all endpoints may be that of another one.
pub(super) fn of_promised(findings: &RunFindings) -> Vec<String> {
    const MOST: usize = 5;
    let mut promised: Vec<&str> = Vec::new();
    for promise in findings.slo.iter().filter(|promise| promise.endpoint != "all") {
        if !promised.contains(&promise.endpoint.as_str()) {
            promised.push(&promise.endpoint);
        }
    }
    let p99 =
        |layout: &str, whom: &Whom| Some(best::p99(findings.layouts.get(layout)?, whom)?.value);
    let sentence = |endpoint: &&str| {
        let whom = Whom::one(endpoint);
        let metric = whom.metric("latency.p99");
        let is_shown =
            |pair: &&Comparison| pair.metric == metric && pair.verdict != "no difference shown";
        let pairs = findings.comparison.iter().filter(is_shown);
        let known = pairs.filter_map(|pair| {
            let [a, b] = [(&pair.a, p99(&pair.a, &whom)?), (&pair.b, p99(&pair.b, &whom)?)];
            Some(if a.1 > b.1 { (a, b) } else { (b, a) })
        });
        let ratio = |(slow, fast): &((&String, f64), (&String, f64))| slow.1 / fast.1;
        let known = known.filter(|pair| ratio(pair).is_finite());
        let (slow, fast) = known.max_by(|a, b| ratio(a).total_cmp(&ratio(b)))?;
        let [slow_p99, fast_p99] = [slow.1, fast.1].map(|time| Quantity::Time.write(time));
        Some(format!(
            "p99 of {} alone: {slow_p99} with {}, {fast_p99} with {}.",
            whom.words(),
            name(slow.0),
            name(fast.0)
        ))
    };
    promised.iter().filter_map(sentence).take(MOST).collect()
}

fn difference(findings: &RunFindings, pair: &Comparison, whom: &Whom) -> String {
    let value = pair.difference.value;
    let is_shown = pair.verdict != "no difference shown" && value.is_finite() && value != 0.0;
    // The slower layout is the subject, so that what is slower and what it costs read together.
    let (slow, fast) = if value >= 0.0 { (&pair.a, &pair.b) } else { (&pair.b, &pair.a) };
    let (subject, other) = (name(slow), name(fast));
    let toward_slow = |[low, high]: [f64; 2]| {
        if value >= 0.0 { [low, high] } else { [-high, -low] }
    };
    let ends = interval(&pair.difference).map(toward_slow);
    // Each interval is for its pair alone, the verdicts are for all of them together (Holm).
    let alone = ends.is_some_and(|[low, high]| low > 0.0 || high < 0.0) && !is_shown;
    let together = if alone {
        ", which is not enough: of so many pairs one lies beside zero by chance"
    } else {
        ""
    };
    let certainty = match ends {
        Some(ends) if Quantity::Time.is_point(ends) => " (exact: in every replication)".to_owned(),
        Some(ends) => format!(" (95 % interval {}{together})", Quantity::Time.write_interval(ends)),
        None => String::new(),
    };
    let cost = cost_ratio(findings, slow, fast);
    let mut sentence = if is_shown {
        let by = Quantity::Time.write(value.abs());
        let cost = cost.map(|(joint, words)| format!(" {joint} {words}")).unwrap_or_default();
        format!("{subject} answers {by} slower at p99 than {other}{certainty}{cost}.")
    } else {
        let cost = match cost {
            Some((_, words)) => format!("; {subject} {words}"),
            None => String::new(),
        };
        format!("No difference at p99 is shown between {subject} and {other}{certainty}{cost}.")
    };
    sentence.push_str(&errors(findings, whom, [&pair.a, &pair.b]));
    sentence
}

/// What the subject costs against the other, with the word that joins it to being slower; nothing where
/// a bill is incomplete.
fn cost_ratio(
    findings: &RunFindings,
    subject: &str,
    other: &str,
) -> Option<(&'static str, String)> {
    let cost = |layout: &str| {
        let found = findings.layouts.get(layout).filter(|found| found.cost.is_whole())?;
        Some((best::cost(found).filter(|cost| *cost > 0.0)?, &found.cost.currency))
    };
    let ((own, currency), (others, _)) = (cost(subject)?, cost(other)?);
    let ratio = own / others;
    if best::tied(findings, "cost.per_month", subject, other) == Some(true) && own != others {
        return Some(("and", "is not shown to differ in cost".to_owned()));
    }
    let money = Quantity::Money(shown(currency));
    Some(match ratio {
        _ if own == others => ("and", "costs the same".to_owned()),
        _ if ratio >= 1.1 => ("and", format!("costs {}× as much", factor(ratio))),
        _ if ratio >= 1.005 => {
            ("and", format!("costs {} more", Quantity::Share.write(ratio - 1.0)))
        }
        _ if ratio > 1.0 => ("and", format!("costs {} more a month", money.write(own - others))),
        _ if ratio > 0.995 => ("but", format!("costs {} less a month", money.write(others - own))),
        _ => ("but", format!("costs {} less", Quantity::Share.write(1.0 - ratio))),
    })
}

fn factor(ratio: f64) -> String {
    match ratio {
        _ if ratio >= 100.0 => digits(ratio, 0),
        _ if ratio >= 2.0 => digits(ratio, 1),
        _ => digits(ratio, 2),
    }
}

/// A further sentence where the pair differs in errors.
fn errors(findings: &RunFindings, whom: &Whom, [a, b]: [&str; 2]) -> String {
    let metric = whom.metric("error_share");
    let of_pair = |pair: &&Comparison| pair.metric == metric && pair.a == a && pair.b == b;
    let found = findings.comparison.iter().find(of_pair);
    match found.filter(|pair| pair.verdict != "no difference shown" && pair.difference.value != 0.0)
    {
        Some(pair) => {
            let worse = if pair.difference.value > 0.0 { a } else { b };
            let by = Quantity::Share.write(pair.difference.value.abs());
            format!(" {} loses {by} more of its requests to errors.", name(worse))
        }
        None => String::new(),
    }
}

/// For each layout the mean latency of somebody's requests and the largest parts of it.
pub(super) fn attribution(findings: &RunFindings, whom: &Whom) -> Vec<String> {
    let steady = findings.layouts.iter().filter(|(_, found)| found.verdict != Verdict::Unstable);
    let sentence = |(layout, found): (&str, &LayoutFindings)| {
        let list = &found.endpoints.get(whom.key())?.attribution_seconds;
        Some(format!("{}: {}", name(layout), parts(list)?))
    };
    steady.filter_map(sentence).collect()
}

fn parts(list: &Named<f64>) -> Option<String> {
    let positive = |(_, time): &(&str, &f64)| time.is_finite() && **time > 0.0;
    let mut parts: Vec<(&str, f64)> =
        list.iter().filter(positive).map(|(key, time)| (key, *time)).collect();
    let whole: f64 = parts.iter().map(|(_, time)| time).sum();
    if whole <= 0.0 {
        return None;
    }
    parts.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let share = |time: f64| Quantity::Share.write(time / whole);
    let named = parts.iter().take(NAMED_CATEGORIES);
    let mut words: Vec<String> =
        named.map(|(key, time)| format!("{} {}", categories::name(key), share(*time))).collect();
    let rest: f64 = parts.iter().skip(NAMED_CATEGORIES).map(|(_, time)| time).sum();
    if rest > 0.0 {
        words.push(format!("the rest {}", share(rest)));
    }
    Some(format!("{} = {}", Quantity::Time.write(whole), words.join(", ")))
}

/// What is wrong or worth knowing, layout by layout.
pub(super) fn remarks(findings: &RunFindings) -> Vec<String> {
    let of_all = findings.remarks.iter();
    let of_all = of_all.map(|said| format!("{} [{}]", shown(&said.message), said.code));
    let of_each = findings.layouts.iter().flat_map(|(layout, found)| of_layout(layout, found));
    of_each.chain(of_all).collect()
}

/// Share of a capacity below which nothing is called busy.
const LEAST_BUSY: f64 = 0.01;

/// What an unstable layout is busiest with, if with anything.
fn busiest(found: &LayoutFindings) -> String {
    let known = found.utilisation.iter().filter(|busy| busy.share.value.is_finite());
    match known.max_by(|a, b| a.share.value.total_cmp(&b.share.value)) {
        Some(busy) if busy.share.value >= LEAST_BUSY => {
            let share = Quantity::Share.write(busy.share.value);
            format!("Busiest is {} at {share}.", shown(&busy.resource))
        }
        Some(_) => "Nothing in it is busy: requests only wait.".to_owned(),
        None => "Nothing in it has a capacity.".to_owned(),
    }
}

fn of_layout(layout: &str, found: &LayoutFindings) -> Vec<String> {
    let name = name(layout);
    let mut remarks = Vec::new();
    if found.verdict == Verdict::Unstable {
        let busiest = busiest(found);
        remarks.push(format!(
            "{name} is UNSTABLE: it cannot carry this load, so it has no steady-state figures. {busiest}"
        ));
    }
    let why = [Code::NotConverged, Code::Limit];
    let says_so = found.diagnostics.iter().any(|said| why.contains(&said.code));
    if !found.converged && found.verdict != Verdict::Unstable && !says_so {
        remarks.push(format!("{name} has NOT CONVERGED: its intervals are not to be relied on."));
    }
    let diagnoses = found.diagnostics.iter().take(MOST_REMARKS);
    remarks
        .extend(diagnoses.map(|said| format!("{name}: {} [{}]", shown(&said.message), said.code)));
    let more = found.diagnostics.len().saturating_sub(MOST_REMARKS);
    if more > 0 {
        remarks.push(format!("{name}: {more} more remarks are in results.json"));
    }
    // Most of what a bill says is among the diagnostics already.
    let said = |remark: &String| !found.diagnostics.iter().any(|said| said.message == *remark);
    let of_bill = found.cost.missing.iter().map(Omission::words).chain(found.cost.remarks.clone());
    remarks.extend(of_bill.filter(said).map(|remark| format!("{name}: {}", shown(&remark))));
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::study::Estimate;

    fn of_all(findings: &RunFindings) -> Vec<String> {
        differences(findings, &Whom::all())
    }

    fn pair(value: f64, verdict: &str) -> RunFindings {
        let mut findings = sample::three_layouts();
        findings.layouts.0[0].1.cost.per_month = 1000.0;
        findings.layouts.0[2].1.cost.per_month = 1800.0;
        findings.comparison = vec![Comparison {
            a: "msa".to_owned(),
            b: "monolith".to_owned(),
            metric: "all.latency.p99".to_owned(),
            difference: Estimate { value, ci95: Some([value - 0.0004, value + 0.0004]) },
            verdict: verdict.to_owned(),
            variance_cut: Some(4.0),
        }];
        findings
    }

    #[test]
    fn a_difference_is_a_sentence_with_its_interval_and_its_price() {
        assert_eq!(
            of_all(&pair(0.0123, "b lower")),
            [
                "msa answers 12.3 ms slower at p99 than monolith (95 % interval 11.9 … 12.7 ms) and costs 1.80× as much."
            ],
        );
        assert_eq!(
            of_all(&pair(-0.0123, "a lower")),
            [
                "monolith answers 12.3 ms slower at p99 than msa (95 % interval 11.9 … 12.7 ms) but costs 44 % less."
            ],
        );
        let [none] = &of_all(&pair(0.0001, "no difference shown"))[..] else { panic!() };
        assert_eq!(
            none,
            "No difference at p99 is shown between msa and monolith (95 % interval −300 … 500 µs); msa costs 1.80× as much.",
        );
    }

    #[test]
    fn differences_of_an_endpoint_are_those_of_its_own_metric() {
        let mut findings = pair(0.0123, "b lower");
        assert!(differences(&findings, &Whom::one("buy")).is_empty());
        findings.comparison[0].metric = "buy.latency.p99".to_owned();
        assert!(differences(&findings, &Whom::one("buy"))[0].starts_with("msa answers 12.3 ms"));
        assert!(of_all(&findings).is_empty());
    }

    #[test]
    fn an_endpoint_with_a_promise_is_told_of_where_all_of_them_hide_it() {
        let mut findings = pair(0.0001, "no difference shown");
        assert!(of_promised(&findings).is_empty());
        let mut own = findings.comparison[0].clone();
        (own.metric, own.verdict) = ("buy.latency.p99".to_owned(), "b lower".to_owned());
        findings.comparison.push(own);
        findings.slo[0].endpoint = "buy".to_owned();
        for (layout, p99) in [("msa", 0.0186), ("monolith", 0.010)] {
            let found = findings.layouts.0.iter_mut().find(|(name, _)| name == layout);
            let (_, found) = found.expect("a layout");
            let mut own = found.endpoints.get("all").expect("all of them").clone();
            own.latency_seconds.p99 = Some(Estimate { value: p99, ci95: None });
            found.endpoints.0.push(("buy".to_owned(), own));
        }
        let expected = "p99 of buy alone: 18.6 ms with msa, 10 ms with monolith.";
        assert_eq!(of_promised(&findings), [expected]);
        findings.comparison[1].verdict = "no difference shown".to_owned();
        assert!(of_promised(&findings).is_empty());
    }

    #[test]
    fn bills_that_differ_are_not_called_the_same() {
        let said = |monolith: f64, msa: f64, change: &dyn Fn(&mut RunFindings)| {
            let mut findings = pair(0.0123, "b lower");
            findings.layouts.0[0].1.cost.per_month = monolith;
            findings.layouts.0[2].1.cost.per_month = msa;
            change(&mut findings);
            of_all(&findings).join(" ")
        };
        let nothing = |_: &mut RunFindings| {};
        assert!(said(1784.0, 1791.0, &nothing).ends_with(" and costs $7.00 more a month."));
        assert!(said(1791.0, 1784.0, &nothing).ends_with(" but costs $7.00 less a month."));
        assert!(said(1784.0, 1784.0, &nothing).ends_with(" and costs the same."));
        assert!(said(1000.0, 1050.0, &nothing).ends_with(" and costs 5.0 % more."));
        let unshown = |findings: &mut RunFindings| {
            let mut cost = findings.comparison[0].clone();
            cost.metric = "cost.per_month".to_owned();
            cost.verdict = "no difference shown".to_owned();
            findings.comparison.push(cost);
        };
        let unshown = said(1784.0, 1791.0, &unshown);
        assert!(unshown.ends_with(" and is not shown to differ in cost."), "{unshown}");
        let incomplete = |findings: &mut RunFindings| {
            findings.layouts.0[0].1.cost.missing.push(sample::missing())
        };
        assert!(!said(1784.0, 1791.0, &incomplete).contains("cost"));
    }

    #[test]
    fn an_interval_beside_zero_that_shows_nothing_says_why() {
        let said = of_all(&pair(0.0123, "no difference shown")).join(" ");
        assert!(
            said.contains("which is not enough: of so many pairs one lies beside zero by chance"),
            "{said}"
        );
    }

    #[test]
    fn the_effort_behind_the_figures_is_said() {
        assert_eq!(
            effort(&sample::three_layouts()).unwrap(),
            "10 replications of 600 s each, the first 60 s not measured; 37,037,034 events in all",
        );
    }

    #[test]
    fn the_largest_parts_of_the_time_are_named_and_the_rest_summed() {
        let said = attribution(&sample::three_layouts(), &Whom::all());
        assert_eq!(
            said[0],
            "monolith: 14.7 ms = CPU 24 %, network 17 %, database CPU 14 %, CPU wait 11 %, the rest 34 %",
        );
    }

    #[test]
    fn an_unstable_layout_is_said_to_be_so_with_what_it_lacks() {
        let said = remarks(&sample::run(vec![("msa", sample::unstable())])).join("\n");
        assert!(said.contains("msa is UNSTABLE") && said.contains("main cpu at 134 %"), "{said}");
        assert!(said.contains("database main would need 134 % of its CPU at 400/s"));
    }

    #[test]
    fn an_unstable_layout_with_nothing_busy_is_not_busiest_with_something() {
        let mut layout = sample::unstable();
        for busy in &mut layout.utilisation {
            busy.share = Estimate { value: 0.0, ci95: Some([0.0, 0.0]) };
        }
        let said = remarks(&sample::run(vec![("msa", layout)])).join("\n");
        assert!(said.contains("Nothing in it is busy") && !said.contains("Busiest"), "{said}");
    }

    #[test]
    fn many_layouts_are_compared_with_the_first_only() {
        let galleries = sample::gallery();
        let (_, twelve) = galleries.iter().find(|(name, _)| *name == "twelve").unwrap();
        assert_eq!(of_all(twelve).len(), 12);
    }
}
