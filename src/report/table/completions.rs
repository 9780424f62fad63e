//! By how much events are complete later in one layout than in another, in sentences.

use crate::report::finding::NAME;
use crate::report::names::{shortened, shown};
use crate::report::numbers::{Quantity, interval};
use crate::study::{Comparison, RunFindings};

/// Events that are told of; results.json has all.
const MOST_EVENTS: usize = 5;

/// With more pairs than this, an event is told of in the one that differs most.
const MOST_PAIRS: usize = 3;

/// For each event the pairs of layouts whose brokers carry it, by mean completion.
pub(super) fn differences(findings: &RunFindings) -> Vec<String> {
    let mut events: Vec<&str> = Vec::new();
    for (event, _) in findings.layouts.iter().flat_map(|(_, found)| found.published.iter()) {
        if !events.contains(&event) {
            events.push(event);
        }
    }
    events.into_iter().take(MOST_EVENTS).flat_map(|event| of_event(findings, event)).collect()
}

fn of_event(findings: &RunFindings, event: &str) -> Vec<String> {
    let metric = format!("{event}.completion.mean");
    let mut pairs: Vec<&Comparison> =
        findings.comparison.iter().filter(|pair| pair.metric == metric).collect();
    let more = pairs.len() > MOST_PAIRS;
    if more {
        // What is not shown differs least, whatever its value.
        let size = |pair: &&Comparison| (is_shown(pair), pair.difference.value.abs());
        pairs.sort_by(|a, b| size(b).0.cmp(&size(a).0).then(size(b).1.total_cmp(&size(a).1)));
        pairs.truncate(1);
    }
    let mut said: Vec<String> = pairs.into_iter().map(|pair| sentence(event, pair)).collect();
    if let (true, Some(last)) = (more, said.last_mut()) {
        last.push_str(" The other pairs are in results.json.");
    }
    said
}

fn is_shown(pair: &Comparison) -> bool {
    pair.verdict != "no difference shown" && pair.difference.value != 0.0
}

fn sentence(event: &str, pair: &Comparison) -> String {
    let name = |text: &str| shortened(&shown(text), NAME);
    let value = pair.difference.value;
    // The later one is the subject.
    let (late, early) = if value >= 0.0 { (&pair.a, &pair.b) } else { (&pair.b, &pair.a) };
    let toward_late =
        |[low, high]: [f64; 2]| if value >= 0.0 { [low, high] } else { [-high, -low] };
    let certainty = match interval(&pair.difference).map(toward_late) {
        Some(ends) if Quantity::Time.is_point(ends) => " (exact: in every replication)".to_owned(),
        Some(ends) => format!(" (95 % interval {})", Quantity::Time.write_interval(ends)),
        None => String::new(),
    };
    let (event, late, early) = (name(event), name(late), name(early));
    if is_shown(pair) {
        let by = Quantity::Time.write(value.abs());
        format!("{event} is complete {by} later on average in {late} than in {early}{certainty}.")
    } else {
        format!(
            "No difference in how late {event} is complete is shown between {late} and {early}{certainty}."
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::study::Estimate;

    fn pair(a: &str, b: &str, value: f64, verdict: &str) -> Comparison {
        Comparison {
            a: a.to_owned(),
            b: b.to_owned(),
            metric: "order-placed.completion.mean".to_owned(),
            difference: Estimate { value, ci95: Some([value - 0.01, value + 0.01]) },
            verdict: verdict.to_owned(),
            variance_cut: None,
        }
    }

    fn said(pairs: Vec<Comparison>) -> Vec<String> {
        let mut findings = sample::followed();
        findings.comparison = pairs;
        differences(&findings)
    }

    #[test]
    fn the_later_layout_is_the_subject_with_its_interval() {
        let expected = "order-placed is complete 120 ms later on average in outbox than in kafka \
                        (95 % interval 110 … 130 ms).";
        assert_eq!(said(vec![pair("outbox", "kafka", 0.12, "b lower")]), [expected]);
        assert_eq!(said(vec![pair("kafka", "outbox", -0.12, "a lower")]), [expected]);
        let none = said(vec![pair("kafka", "outbox", -0.005, "no difference shown")]);
        assert!(none[0].starts_with("No difference in how late order-placed is complete is shown"));
        assert!(said(Vec::new()).is_empty());
    }

    #[test]
    fn of_many_pairs_the_one_that_differs_most_among_those_shown_is_told() {
        let all = said(vec![
            pair("a", "b", 0.02, "b lower"),
            pair("a", "c", 0.05, "b lower"),
            pair("a", "d", 0.9, "no difference shown"),
            pair("b", "c", 0.03, "b lower"),
        ]);
        let [only] = &all[..] else { panic!("{all:?}") };
        assert!(only.starts_with("order-placed is complete 50 ms later on average in a than in c"));
        assert!(only.ends_with("The other pairs are in results.json."));
    }
}
