//! A case of the oracle file: its scenario in the language, where each metric is read, and its check.

use super::findings::{CaseFindings, MetricFindings, Outcome};
use super::oracles::{Oracle, oracle};
use super::rule::{interval, miss};
use super::seen::{Figure, Seen};
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
    apart: &[],
};

/// Metrics that the tool does not report for any scenario.
pub const NOT_TOLD: &[&str] = &[
    "prob_wait",
    "prob_wait_for_worker",
    "prob_all_threads_busy",
    "prob_system_empty",
    "prob_in_system_gt_15",
    "in_system_p99",
    "wait_p50",
    "wait_p90",
    "wait_p999",
    "response_std",
    "prob_exceeds_single_p99",
];

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
    readings: Vec<(&'static str, f64, Reading)>,
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
            found.extend(self.check_part(part, base, progress));
        }
        let metrics = self.oracle().expected.iter().map(|(metric, exact)| {
            let place = found.iter().position(|found| found.metric == *metric);
            place.map_or_else(|| self.unread(metric, *exact), |place| found.swap_remove(place))
        });
        CaseFindings { id: self.id, metrics: metrics.collect() }
    }

    /// Why a metric is not read.
    fn unread(&self, metric: &str, exact: f64) -> MetricFindings {
        let apart = self.apart.iter().find(|(name, _)| *name == metric);
        let (outcome, reason) = match apart {
            Some((_, why)) => (Outcome::NotRead, *why),
            None if NOT_TOLD.contains(&metric) => (Outcome::NotRead, "not told by any run"),
            None => (Outcome::LeftOut, "needs a longer run"),
        };
        MetricFindings {
            metric: metric.to_string(),
            exact,
            estimate: None,
            interval: None,
            outcome,
            reason: Some(reason.to_string()),
            seed: None,
        }
    }

    /// The runs that a check takes.
    fn parts(&self, depth: Depth) -> Vec<Part> {
        let oracle = self.oracle();
        let part = |edits: &[(&'static str, &str)], metrics: &[Metric], long: bool| {
            let readings = metrics.iter().filter_map(|(name, reading)| {
                let exact = oracle.value(name)?;
                (self.too_long.contains(name) == long).then_some((*name, exact, *reading))
            });
            let edits = edits.iter().map(|(path, value)| (*path, value.to_string()));
            Part { edits: edits.collect(), readings: readings.collect() }
        };
        let mut parts = Vec::new();
        if depth != Depth::LongOnly {
            parts.push(part(&[], self.metrics, false));
            parts.extend(self.edited.iter().map(|run| part(run.edits, run.metrics, false)));
        }
        if depth != Depth::Usual && !self.too_long.is_empty() {
            let duration = format!("{}min", self.long_minutes);
            parts.push(part(&[("run.fixed.duration", &duration)], self.metrics, true));
        }
        parts
    }

    fn check_part(&self, part: Part, base: u64, progress: &dyn Progress) -> Vec<MetricFindings> {
        let Part { edits, readings } = part;
        let edits: Vec<(&str, &str)> =
            edits.iter().map(|(path, to)| (*path, to.as_str())).collect();
        assert!(!readings.is_empty(), "{} has a run that nothing is read from", self.id);
        let mut judged: Vec<MetricFindings> = Vec::new();
        for seed in self.seeds(base) {
            let again = |name: &str| judged.iter().find(|earlier| earlier.metric == name);
            let open = |name: &str| again(name).is_none_or(|it| it.outcome == Outcome::Missed);
            let wanted: Vec<_> = readings.iter().filter(|(name, ..)| open(name)).collect();
            if wanted.is_empty() {
                break;
            }
            let seen = self.run(seed, &edits, progress);
            for (name, exact, reading) in wanted {
                let now = self.judge(name, *exact, reading(&seen), seed);
                judged.retain(|earlier| earlier.metric != *name);
                judged.push(now);
            }
        }
        judged
    }

    /// What becomes of a figure.
    pub fn judge(&self, metric: &str, exact: f64, figure: Figure, seed: u64) -> MetricFindings {
        let reason = match figure {
            Some(estimate) => miss(metric, exact, estimate, self.replications),
            None => Some("the run does not tell it".to_string()),
        };
        MetricFindings {
            metric: metric.to_string(),
            exact,
            estimate: figure.map(|estimate| estimate.value),
            interval: figure.and_then(|estimate| interval(estimate, self.replications)),
            outcome: if reason.is_some() { Outcome::Missed } else { Outcome::Passed },
            reason,
            seed: Some(seed),
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
