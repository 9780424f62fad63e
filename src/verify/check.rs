//! The check of a case: its runs, and what becomes of each of its metrics by the rule.

use super::case::{Case, MetricReader, Reader};
use super::dimension::Dimension;
use super::findings::{CaseFindings, Judgement, MetricFindings};
use super::rule::{interval, miss};
use super::seen::{ReadValue, Seen};
use super::theory::{FAMILIES, Family};
use crate::scenario::{self, Edit};
use crate::study::{self, Progress};

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
struct EditedRun {
    edits: Vec<(&'static str, String)>,
    readings: Vec<Wanted>,
}

/// A metric to be read.
#[derive(Clone, Copy)]
struct Wanted {
    metric: &'static str,
    exact: f64,
    reading: Reader,
}

impl Case {
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
            Some((_, why)) => (Judgement::NotRead, *why),
            None if NOT_TOLD.contains(&metric) => (Judgement::NotRead, NO_RUN_TELLS),
            None => (Judgement::LeftOut, "needs a longer run"),
        };
        MetricFindings {
            metric: metric.to_string(),
            unit: Dimension::of(metric),
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
    fn parts(&self, depth: Depth) -> Vec<EditedRun> {
        let mut parts = Vec::new();
        if depth != Depth::LongOnly {
            parts.push(EditedRun { edits: Vec::new(), readings: self.wanted(self.metrics, false) });
            parts.extend(self.edited.iter().map(|run| {
                let edits = run.edits.iter().map(|(path, value)| (*path, value.to_string()));
                EditedRun { edits: edits.collect(), readings: self.wanted(run.metrics, false) }
            }));
        }
        if depth != Depth::Usual && !self.too_long.is_empty() {
            let edits = vec![("run.fixed.duration", format!("{}min", self.long_minutes))];
            parts.push(EditedRun { edits, readings: self.wanted(self.metrics, true) });
        }
        parts
    }

    /// Those of the metrics that the case has, either for the usual run or for the long one.
    fn wanted(&self, metrics: &[MetricReader], long: bool) -> Vec<Wanted> {
        let oracle = self.oracle();
        let wanted = metrics.iter().filter_map(|(metric, reading)| {
            let exact = oracle.value(metric)?;
            let wanted = Wanted { metric, exact, reading: *reading };
            (self.too_long.contains(metric) == long).then_some(wanted)
        });
        wanted.collect()
    }

    fn check_part(
        &self,
        part: &EditedRun,
        base: u64,
        progress: &dyn Progress,
    ) -> Vec<MetricFindings> {
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
                return MetricFindings {
                    outcome: Judgement::Missed,
                    reason: Some(breach),
                    ..judged
                };
            }
            judged
        };
        let mut judged: Vec<MetricFindings> =
            part.readings.iter().map(|wanted| judge(wanted, &seen)).collect();
        if judged.iter().any(|judged| judged.outcome == Judgement::Missed) {
            let seen = self.run(second, &edits, progress);
            for (judged, wanted) in judged.iter_mut().zip(&part.readings) {
                if judged.outcome == Judgement::Missed {
                    *judged = judge(wanted, &seen);
                }
            }
        }
        judged
    }

    /// What becomes of a figure by the rule, wherever it is from.
    pub fn judge(&self, metric: &str, exact: f64, figure: ReadValue) -> MetricFindings {
        let reason = match figure {
            Some(estimate) => miss(metric, exact, estimate, self.replications),
            None => Some("the run does not tell it".to_string()),
        };
        MetricFindings {
            metric: metric.to_string(),
            unit: Dimension::of(metric),
            expected: exact,
            estimate: figure.map(|estimate| estimate.value),
            interval: figure.and_then(|estimate| interval(estimate, self.replications)),
            tolerance: None,
            outcome: if reason.is_some() { Judgement::Missed } else { Judgement::Passed },
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
}
