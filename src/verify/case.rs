//! A case of the oracle file: its scenario in the language, where each metric is read, and its check.

use super::findings::{CaseFindings, MetricFindings, Outcome};
use super::oracles::{Oracle, oracle};
use super::rule::{interval, miss};
use super::seen::{Figure, Seen};
use super::theory::{FAMILIES, Family};
use super::unit::Unit;
use crate::scenario::{self, Edit};
use crate::study::{self, Progress};

/// A metric of the oracle file and how it is read from the findings.
pub type Metric = (&'static str, Reading);

/// How a metric is read from the findings.
pub type Reading = fn(&Seen) -> Figure;

/// One case.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// Its name in the oracle file.
    pub id: &'static str,
    /// Application, workload, layouts and, unless nothing but the model takes time, platform.
    pub scenario: &'static str,
    /// Simulated time of each replication (min), a tenth of it to warm up. Chosen from
    /// `effort_requests_1pct`: 1.4 times the effort of the hardest metric that is read, over all
    /// replications, gives ±2 % at 99.9 % with something to spare.
    pub minutes: u32,
    /// Instead of `minutes`: how to run, as it stands in `run` beside the seed and without the
    /// replications, such as `until: 3s`.
    pub run: &'static str,
    /// Replications; at least 10 by the rule.
    pub replications: u32,
    /// Where metrics are read; those that the case does not have are left alone.
    pub metrics: &'static [Metric],
    /// Metrics that are read but need more requests than the usual run can give: they are checked over
    /// [`Case::long_minutes`].
    pub too_long: &'static [&'static str],
    /// Simulated time of each replication that `too_long` needs (min).
    pub long_minutes: u32,
    /// Metrics of the scenario changed in some places.
    pub edited: &'static [Edited],
    /// Whether it is part of a short check: a few seconds of two cores.
    pub quick: bool,
    /// Metrics that are not read here, and why.
    pub apart: &'static [(&'static str, &'static str)],
}

/// Metrics that belong to the case's scenario changed in some places.
#[derive(Debug, Clone, Copy)]
pub struct Edited {
    /// Paths and their values.
    pub edits: &'static [(&'static str, &'static str)],
    /// Where metrics are read.
    pub metrics: &'static [Metric],
}

/// What most cases have in common.
pub(super) const CASE: Case = Case {
    id: "",
    scenario: "",
    minutes: 0,
    run: "",
    replications: 30,
    metrics: &[],
    too_long: &[],
    long_minutes: 0,
    edited: &[],
    quick: false,
    apart: &[],
};

/// Metrics that the tool does not report for any scenario.
pub const NOT_TOLD: &[&str] = &[
    "prob_system_empty",
    "prob_in_system_gt_15",
    "in_system_p99",
    "response_std",
    "prob_exceeds_single_p99",
];

/// Why these are not read.
const NO_RUN_TELLS: &str = "no run tells it";

/// The platform of a queueing model: no network, no bill, no loss to context switches.
const NOTHING_ELSE: &str = "platform: { network: none, prices: none, context_switch: none }\n";

/// How much of a case is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// All but what needs hundreds of millions of requests.
    Usual,
    /// Everything.
    Whole,
    /// Only what [`Depth::Usual`] leaves out.
    LongOnly,
}

/// Metrics that one run of the scenario, edited, gives.
struct Part {
    edits: Vec<(&'static str, String)>,
    readings: Vec<Wanted>,
}

/// A metric to be read.
#[derive(Clone, Copy)]
struct Wanted {
    metric: &'static str,
    exact: f64,
    reading: Reading,
}

impl Case {
    /// Its model and exact values.
    pub fn oracle(&self) -> &'static Oracle {
        match oracle(self.id) {
            Some((_, oracle)) => oracle,
            None => unreachable!("the oracle file has {}", self.id),
        }
    }

    /// Seeds of the first run and of the one that repeats what missed, from the case's place in the
    /// oracle file: one unlucky stream of arrivals must not meet every case. `base`: 1 for the usual
    /// ones, another number for others.
    pub fn seeds(&self, base: u64) -> [u64; 2] {
        let place = oracle(self.id).map_or(0, |(place, _)| place as u64);
        let first = base.wrapping_sub(1).wrapping_mul(1000).wrapping_add(2 * place + 1);
        [first, first.wrapping_add(1)]
    }

    /// Runs the case and judges its metrics; whatever misses is run once more, with the second seed.
    /// `base`: as of [`Case::seeds`].
    pub fn check(&self, depth: Depth, base: u64, progress: &dyn Progress) -> CaseFindings {
        let mut found: Vec<MetricFindings> = Vec::new();
        for part in self.parts(depth) {
            found.extend(self.check_part(&part, base, progress));
        }
        let oracle = self.oracle();
        let metrics = oracle.expected.iter().map(|(metric, exact)| {
            let place = found.iter().position(|found| found.metric == *metric);
            place.map_or_else(|| self.unread(metric, *exact), |place| found.swap_remove(place))
        });
        CaseFindings {
            id: self.id,
            family: self.family(),
            model: oracle.model.clone(),
            reference: oracle.reference.clone(),
            metrics: metrics.collect(),
        }
    }

    /// The family it belongs to.
    fn family(&self) -> &'static str {
        let has = |family: &&Family| family.cases.iter().any(|case| case.id == self.id);
        FAMILIES.iter().find(has).map_or("", |family| family.name)
    }

    /// Why a metric is not read.
    fn unread(&self, metric: &str, exact: f64) -> MetricFindings {
        let apart = self.apart.iter().find(|(name, _)| *name == metric);
        let (outcome, reason) = match apart {
            Some((_, why)) => (Outcome::NotRead, *why),
            None if NOT_TOLD.contains(&metric) => (Outcome::NotRead, NO_RUN_TELLS),
            None => (Outcome::LeftOut, "needs a longer run"),
        };
        MetricFindings {
            metric: metric.to_string(),
            unit: Unit::of(metric),
            expected: exact,
            estimate: None,
            interval: None,
            tolerance: None,
            outcome,
            fit: None,
            reason: Some(reason.to_string()),
            seed: None,
            scenario_hash: None,
        }
    }

    /// The runs that a check takes.
    fn parts(&self, depth: Depth) -> Vec<Part> {
        let mut parts = Vec::new();
        if depth != Depth::LongOnly {
            parts.push(Part { edits: Vec::new(), readings: self.wanted(self.metrics, false) });
            parts.extend(self.edited.iter().map(|run| {
                let edits = run.edits.iter().map(|(path, value)| (*path, value.to_string()));
                Part { edits: edits.collect(), readings: self.wanted(run.metrics, false) }
            }));
        }
        if depth != Depth::Usual && !self.too_long.is_empty() {
            let edits = vec![("run.fixed.duration", format!("{}min", self.long_minutes))];
            parts.push(Part { edits, readings: self.wanted(self.metrics, true) });
        }
        parts
    }

    /// Those of the metrics that the case has, either for the usual run or for the long one.
    fn wanted(&self, metrics: &[Metric], long: bool) -> Vec<Wanted> {
        let oracle = self.oracle();
        let wanted = metrics.iter().filter_map(|(metric, reading)| {
            let exact = oracle.value(metric)?;
            let wanted = Wanted { metric, exact, reading: *reading };
            (self.too_long.contains(metric) == long).then_some(wanted)
        });
        wanted.collect()
    }

    fn check_part(&self, part: &Part, base: u64, progress: &dyn Progress) -> Vec<MetricFindings> {
        assert!(!part.readings.is_empty(), "{} has a run that nothing is read from", self.id);
        let edits = part.edits.iter().map(|(path, value)| (*path, value.as_str()));
        let edits: Vec<(&str, &str)> = edits.collect();
        let [first, second] = self.seeds(base);
        let seen = self.run(first, &edits, progress);
        let judge = |wanted: &Wanted, seen: &Seen| {
            let figure = (wanted.reading)(seen);
            let from = &seen.0.provenance;
            let judged = MetricFindings {
                seed: Some(from.seed),
                scenario_hash: Some(from.scenario_hash.clone()),
                ..self.judge(wanted.metric, wanted.exact, figure)
            };
            if let Some(breach) = seen.breach() {
                return MetricFindings { outcome: Outcome::Missed, reason: Some(breach), ..judged };
            }
            judged
        };
        let mut judged: Vec<MetricFindings> =
            part.readings.iter().map(|wanted| judge(wanted, &seen)).collect();
        if judged.iter().any(|judged| judged.outcome == Outcome::Missed) {
            let seen = self.run(second, &edits, progress);
            for (judged, wanted) in judged.iter_mut().zip(&part.readings) {
                if judged.outcome == Outcome::Missed {
                    *judged = judge(wanted, &seen);
                }
            }
        }
        judged
    }

    /// What becomes of a figure by the rule, wherever it is from.
    pub fn judge(&self, metric: &str, exact: f64, figure: Figure) -> MetricFindings {
        let reason = match figure {
            Some(estimate) => miss(metric, exact, estimate, self.replications),
            None => Some("the run does not tell it".to_string()),
        };
        MetricFindings {
            metric: metric.to_string(),
            unit: Unit::of(metric),
            expected: exact,
            estimate: figure.map(|estimate| estimate.value),
            interval: figure.and_then(|estimate| interval(estimate, self.replications)),
            tolerance: None,
            outcome: if reason.is_some() { Outcome::Missed } else { Outcome::Passed },
            fit: None,
            reason,
            seed: None,
            scenario_hash: None,
        }
    }

    /// Simulates the scenario, edited.
    pub fn run(&self, seed: u64, edits: &[(&str, &str)], progress: &dyn Progress) -> Seen {
        let text = self.text(seed);
        let edits: Vec<Edit> = edits
            .iter()
            .map(|(path, value)| Edit { path: path.to_string(), value: value.to_string() })
            .collect();
        let no_files = |_: &str| Err("a case is one text".to_string());
        let model = match scenario::read(&text, self.id, &edits, &no_files) {
            Ok(reading) => reading.model,
            Err(refused) => unreachable!("{text}\n{refused:?}"),
        };
        let layouts: Vec<usize> = (0..model.layouts.len()).collect();
        match study::run(&model, &layouts, progress) {
            Ok(findings) => Seen(findings),
            Err(diagnostics) => unreachable!("{text}\n{diagnostics:?}"),
        }
    }

    /// The whole scenario behind comments that say what it is, and what is exact.
    pub(super) fn described(&self, base: u64) -> String {
        let Oracle { model, scenario, reference, expected, .. } = self.oracle();
        let mut text = format!("# {model}. {scenario}\n# Source: {reference}\n# Exact:\n");
        for (metric, value) in expected {
            text += &format!("#   {metric} = {value}\n");
        }
        for Edited { edits, metrics } in self.edited {
            let names: Vec<&str> = metrics.iter().map(|(name, _)| *name).collect();
            text += &format!("# For {}, change:\n", names.join(", "));
            let edits = edits.iter().map(|(path, value)| format!("#   --set '{path}={value}'\n"));
            text.extend(edits);
        }
        if !self.too_long.is_empty() {
            let (names, minutes) = (self.too_long.join(", "), self.long_minutes);
            text += &format!("# For {names}:\n#   --set run.fixed.duration={minutes}min\n");
        }
        text + &self.text(self.seeds(base)[0])
    }

    /// The whole scenario, as `cutline run` takes it.
    pub fn text(&self, seed: u64) -> String {
        let Case { id, scenario, minutes, replications, .. } = self;
        let platform = if scenario.contains("platform:") { "" } else { NOTHING_ELSE };
        let run = if self.run.is_empty() {
            format!("fixed: {{ duration: {minutes}min, replications: {replications} }}")
        } else {
            format!("{}, replications: {replications}", self.run)
        };
        format!(
            "cutline: 1\nname: {id}\n{}\n{platform}run: {{ seed: {seed}, {run} }}\n",
            scenario.trim_end()
        )
    }
}
