//! A scenario that ships and the figures that were published for it: its runs, and its check.

use crate::model::Model;
use crate::scenario::{self, Edit};
use crate::study::{self, Progress, Verdict};
use crate::verify::dimension::Dimension;
use crate::verify::findings::{CaseFindings, Fit, Judgement, MetricFindings};
use crate::verify::rule::interval;
use crate::verify::seen::{ReadValue, Seen};

/// What most published cases stand under.
pub(super) const FAMILY: &str = "Published figures";

/// A scenario and the figures that were published for it.
#[derive(Debug, Clone, Copy)]
pub struct Publication {
    /// Name of the scenario.
    pub id: &'static str,
    /// What it stands under.
    pub family: &'static str,
    /// The scenario.
    pub scenario: &'static str,
    /// What was measured or simulated there, in words.
    pub model: &'static str,
    /// Where it was published.
    pub reference: &'static str,
    /// Its runs.
    pub points: &'static [PublishedRun],
    /// Whether it is part of a short check.
    pub quick: bool,
}

/// One run of a scenario, edited, and what was published for it.
#[derive(Debug, Clone, Copy)]
pub struct PublishedRun {
    /// The layout that was published for; `None`: every one.
    pub layout: Option<&'static str>,
    /// Paths and their values.
    pub edits: &'static [(&'static str, &'static str)],
    /// What was published.
    pub figures: &'static [Published],
}

/// A published figure.
#[derive(Debug, Clone, Copy)]
pub struct Published {
    /// What it is.
    pub metric: &'static str,
    /// What it is measured in.
    pub unit: Dimension,
    /// The published value.
    pub value: f64,
    /// How far the simulated one may be off, as a share.
    pub tolerance: f64,
    /// What it has to do with the numbers of the scenario.
    pub fit: Fit,
    /// Why it is known to be off, where it is.
    pub known: Option<&'static str>,
    /// Where it is read.
    pub reading: fn(&Seen, &Model) -> ReadValue,
}

impl Publication {
    /// Runs the scenario as often as it takes and compares. `seed`: of the random numbers; the
    /// scenario's own where none is given.
    pub fn check(&self, seed: Option<u64>, progress: &dyn Progress) -> CaseFindings {
        let metrics = self.points.iter().flat_map(|point| self.check_point(point, seed, progress));
        CaseFindings {
            id: self.id,
            family: self.family,
            model: self.model.to_string(),
            reference: self.reference.to_string(),
            metrics: metrics.collect(),
        }
    }

    fn check_point(
        &self,
        point: &PublishedRun,
        seed: Option<u64>,
        progress: &dyn Progress,
    ) -> Vec<MetricFindings> {
        let seed = seed.map(|seed| ("run.seed", seed.to_string()));
        let edits = point.edits.iter().map(|(path, value)| (*path, value.to_string()));
        let model = self.model(edits.chain(seed));
        let is_meant =
            |layout: &usize| point.layout.is_none_or(|name| *model.layouts[*layout].name == name);
        let layouts: Vec<usize> = (0..model.layouts.len()).filter(is_meant).collect();
        let seen = match study::run(&model, &layouts, progress) {
            Ok(findings) => Seen(findings),
            Err(diagnostics) => unreachable!("{} cannot be run: {diagnostics:?}", self.id),
        };
        point.figures.iter().map(|figure| figure.judge(&seen, &model)).collect()
    }

    /// The model of the scenario, edited.
    pub fn model(&self, edits: impl IntoIterator<Item = (&'static str, String)>) -> Model {
        let edits = edits.into_iter().map(|(path, value)| Edit { path: path.to_string(), value });
        let edits: Vec<Edit> = edits.collect();
        let no_files = |_: &str| Err("a scenario that ships names no file".to_string());
        match scenario::read(self.scenario, self.id, &edits, &no_files) {
            Ok(reading) => reading.model,
            Err(refused) => unreachable!("{} cannot be read: {refused:?}", self.id),
        }
    }
}

impl Published {
    /// The simulated figure beside the published one.
    pub fn judge(&self, seen: &Seen, model: &Model) -> MetricFindings {
        let figure = (self.reading)(seen, model);
        let off = figure.map(|figure| (figure.value / self.value - 1.0).abs());
        let unstable = seen.0.layouts.iter().find(|(_, found)| found.verdict != Verdict::Stable);
        let (outcome, reason) = match (off, unstable) {
            _ if seen.breach().is_some() => (Judgement::Missed, seen.breach()),
            (_, Some((layout, _))) => {
                (Judgement::Missed, Some(format!("{layout} does not carry its load")))
            }
            (None, _) => (Judgement::Missed, Some("the run does not tell it".to_string())),
            (Some(off), _) if off > self.tolerance => {
                let most = 100.0 * self.tolerance;
                (Judgement::Missed, Some(format!("off by more than {most:.1} %")))
            }
            _ if self.known.is_some() => (Judgement::Approximate, self.known.map(str::to_string)),
            _ => (Judgement::Passed, None),
        };
        MetricFindings {
            metric: self.metric.to_string(),
            unit: self.unit,
            expected: self.value,
            estimate: figure.map(|figure| figure.value),
            interval: figure.and_then(|figure| interval(figure, model.run.replications)),
            tolerance: Some(self.tolerance),
            outcome,
            fit: Some(self.fit),
            reason,
            seed: Some(seen.0.provenance.seed),
            scenario_hash: Some(seen.0.provenance.scenario_hash.clone()),
        }
    }
}
