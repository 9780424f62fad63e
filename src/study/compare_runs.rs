//! Two runs beside each other: of one scenario before and after a change, or of two. Where the same requests came in
//! both, replication by replication, the differences are paired; else they are those of independent runs.

use serde::{Deserialize, Serialize};

use super::compare::Judged;
use super::findings::{LayoutFindings, RunFindings};
use super::named::Named;
use super::provenance::Provenance;
use super::sample::Sample;
use super::{Estimate, compare};

/// Two runs, layout by layout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComparedRuns {
    /// The first run.
    pub a: ComparedSide,
    /// The second one.
    pub b: ComparedSide,
    /// Layouts that were compared.
    pub layouts: Vec<ComparedLayouts>,
    /// Layouts that stand in one of the runs only.
    pub not_compared: Vec<String>,
}

/// One of two runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedSide {
    /// Where it is from.
    pub place: String,
    /// Name of the scenario.
    pub scenario: String,
    /// What its figures are from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// A layout of the first run and one of the second.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComparedLayouts {
    /// Name of that of the first run.
    pub a: String,
    /// Name of that of the second.
    pub b: String,
    /// Whether the same requests came in both.
    pub paired: bool,
    /// Why they are not paired; left out where they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unpaired_because: Option<String>,
    /// Currency of the bills; empty without prices, or where they differ.
    pub currency: String,
    /// What was compared.
    pub metrics: Vec<ComparedMetric>,
    /// What only one of them has figures for, or none, such as latencies of a layout that does not carry its load.
    pub without_figures: Vec<String>,
}

/// One metric of both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComparedMetric {
    /// As `comparison` of results.json calls it.
    pub metric: String,
    /// Of the first run.
    pub a: f64,
    /// Of the second.
    pub b: f64,
    /// What b has minus what a has, in the unit of the metric: seconds, a share, messages, or money per month.
    pub difference: Estimate,
    /// `a lower`, `b lower` or `no difference shown`.
    pub verdict: String,
}

/// Compares the layouts that have one name in both, or the only one of each. `places`: where the runs are from.
pub fn compare_runs(a: &RunFindings, b: &RunFindings, places: [String; 2]) -> ComparedRuns {
    let pairs = pairs(a, b);
    let is_compared = |name: &str| pairs.iter().any(|(a, b)| *a == name || *b == name);
    let all = a.layouts.iter().chain(b.layouts.iter()).map(|(name, _)| name);
    let not_compared = all.filter(|name| !is_compared(name)).map(str::to_string).collect();
    let layouts = pairs.iter().filter_map(|(of_a, of_b)| layouts((a, of_a), (b, of_b))).collect();
    let [place_a, place_b] = places;
    let side = |run: &RunFindings, place| ComparedSide {
        place,
        scenario: run.scenario.clone(),
        provenance: run.provenance.clone(),
    };
    ComparedRuns { a: side(a, place_a), b: side(b, place_b), layouts, not_compared }
}

fn pairs<'r>(a: &'r RunFindings, b: &'r RunFindings) -> Vec<(&'r str, &'r str)> {
    if let ([(only_a, _)], [(only_b, _)]) = (a.layouts.0.as_slice(), b.layouts.0.as_slice()) {
        return vec![(only_a, only_b)];
    }
    let both = a.layouts.iter().filter_map(|(name, _)| Some((name, b.layouts.get(name)?)));
    both.map(|(name, _)| (name, name)).collect()
}

fn layouts(a: (&RunFindings, &str), b: (&RunFindings, &str)) -> Option<ComparedLayouts> {
    let (found_a, found_b) = (a.0.layouts.get(a.1)?, b.0.layouts.get(b.1)?);
    let because = why_unpaired((a.0, found_a), (b.0, found_b));
    let none = Named::default();
    let samples_a = a.0.samples.get(a.1).unwrap_or(&none);
    let samples_b = b.0.samples.get(b.1).unwrap_or(&none);
    let currency = match found_a.cost.currency == found_b.cost.currency {
        true => found_a.cost.currency.clone(),
        false => String::new(),
    };
    // The second first: what is told is what it has more.
    let judge = if because.is_none() { compare::judged } else { compare::judged_apart };
    let judged = judge(&[(samples_b, samples_a)]);
    let comparable = |found: &Judged| found.metric != "cost.per_month" || !currency.is_empty();
    let judged: Vec<Judged> = judged.into_iter().filter(comparable).collect();
    let missing = |samples: &Named<Sample>| -> Vec<String> {
        let lacks = |metric: &&str| !judged.iter().any(|found| found.metric == **metric);
        samples.iter().map(|(metric, _)| metric).filter(lacks).map(str::to_string).collect()
    };
    let mut without_figures = missing(samples_a);
    without_figures.extend(missing(samples_b));
    without_figures.sort_unstable();
    without_figures.dedup();
    let metrics = judged.into_iter().filter_map(|found| {
        let (a, b) = (samples_a.get(&found.metric)?, samples_b.get(&found.metric)?);
        Some(ComparedMetric {
            a: a.value,
            b: b.value,
            difference: found.difference,
            verdict: mirrored(&found.verdict).to_string(),
            metric: found.metric,
        })
    });
    Some(ComparedLayouts {
        a: a.1.to_string(),
        b: b.1.to_string(),
        paired: because.is_none(),
        unpaired_because: because,
        currency,
        metrics: metrics.collect(),
        without_figures,
    })
}

/// The verdict with both sides exchanged.
fn mirrored(verdict: &str) -> &str {
    match verdict {
        "a lower" => "b lower",
        "b lower" => "a lower",
        other => other,
    }
}

/// Why the replications of two layouts did not see the same requests; `None` where they did. What came is told to the
/// last digit: other arrivals, or another way to tell them apart, would show there.
fn why_unpaired(
    (run_a, a): (&RunFindings, &LayoutFindings),
    (run_b, b): (&RunFindings, &LayoutFindings),
) -> Option<String> {
    let (seed_a, seed_b) = (run_a.provenance.seed, run_b.provenance.seed);
    if seed_a != seed_b {
        return Some(format!("the seeds are {seed_a} and {seed_b}"));
    }
    if a.replications != b.replications {
        return Some(format!("there are {} and {} replications", a.replications, b.replications));
    }
    let times = |layout: &LayoutFindings| (layout.simulated_seconds, layout.warmup_seconds);
    if times(a) != times(b) {
        let (long, other) = (a.simulated_seconds, b.simulated_seconds);
        return Some(format!(
            "replications are of {long} s and {other} s, or measured from another time on"
        ));
    }
    let came = |layout: &LayoutFindings| -> Vec<(String, Estimate)> {
        let each = layout.endpoints.iter();
        each.map(|(name, found)| (name.to_string(), found.offered_per_second)).collect()
    };
    (came(a) != came(b)).then(|| "other requests came".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;
    use crate::study::{Progress, run};

    struct Silent;

    impl Progress for Silent {
        fn note(&self, _: &str) {}
    }

    fn found(edits: &[(&str, &str)]) -> RunFindings {
        const SMALL: &str = "\
cutline: 1
name: small
application: { modules: { a: { operations: { go: [ cpu: exp(5ms) ], to: [ cpu: 1ms ] } } } }
workload:
  arrivals: { poisson: 100/s }
  endpoints: { go: { share: 1, call: a.go }, to: { share: 1, call: a.to } }
layouts: { one: { services: { a: { cpu: 1, threads: 8 } } }, two: { services: { a: { cpu: 2 } } } }
platform: { network: none, prices: none }
run: { fixed: { duration: 20s, replications: 5 } }
";
        let edits: Vec<crate::scenario::Edit> = edits
            .iter()
            .map(|(path, value)| crate::scenario::Edit {
                path: path.to_string(),
                value: value.to_string(),
            })
            .collect();
        let no_files = |name: &str| Err(format!("no {name}"));
        let model: Model = crate::scenario::read(SMALL, "small", &edits, &no_files).unwrap().model;
        run(&model, &[0, 1], &Silent).unwrap_or_else(|_| panic!("it runs"))
    }

    fn compared(edits: &[(&str, &str)]) -> ComparedRuns {
        compare_runs(&found(&[]), &found(edits), ["a", "b"].map(str::to_string))
    }

    #[test]
    fn the_same_requests_pair_two_runs_and_a_slower_core_shows() {
        let runs = compared(&[("layouts.one.services.a.speed", "0.5")]);
        let [one, two] = runs.layouts.as_slice() else { panic!("{runs:?}") };
        assert!(one.paired && two.paired, "{:?}", one.unpaired_because);
        let mean = one.metrics.iter().find(|found| found.metric == "all.latency.mean").unwrap();
        assert_eq!(mean.verdict, "a lower");
        assert!(mean.difference.value > 0.0 && mean.b > mean.a);
        let same = two.metrics.iter().find(|found| found.metric == "all.latency.mean").unwrap();
        assert_eq!((same.difference.value, same.verdict.as_str()), (0.0, "no difference shown"));
    }

    #[test]
    fn other_seeds_lengths_and_arrivals_pair_nothing_and_say_why() {
        for (path, value, why) in [
            ("run.seed", "7", "the seeds are 42 and 7"),
            ("run.fixed.replications", "6", "there are 5 and 6 replications"),
            ("run.fixed.duration", "10s", "replications are of 20 s and 10 s"),
            ("workload.arrivals.poisson", "90/s", "other requests came"),
            ("workload.endpoints.to.share", "2", "other requests came"),
        ] {
            let runs = compared(&[(path, value)]);
            let because = runs.layouts[0].unpaired_because.as_deref().unwrap_or_default();
            assert!(because.starts_with(why), "{path}: {because}");
            assert!(!runs.layouts[0].metrics.is_empty(), "{path}");
        }
    }

    #[test]
    fn layouts_of_one_run_alone_are_told_and_two_lone_ones_are_compared() {
        let (mut a, mut b) = (found(&[]), found(&[]));
        a.layouts.0.remove(0);
        let runs = compare_runs(&a, &b, ["a", "b"].map(str::to_string));
        assert_eq!(
            (runs.layouts.len(), runs.not_compared.as_slice()),
            (1, &["one".to_string()][..])
        );
        b.layouts.0.remove(1);
        let runs = compare_runs(&a, &b, ["a", "b"].map(str::to_string));
        let [only] = runs.layouts.as_slice() else { panic!("{runs:?}") };
        assert_eq!((only.a.as_str(), only.b.as_str()), ("two", "one"));
    }
}
