//! A case of the oracle file: its scenario in the language, and where each metric is read.

use super::oracles::{Oracle, oracle};
use super::seen::{ReadValue, Seen};

/// A metric of the oracle file and how it is read from the findings.
pub type MetricReader = (&'static str, Reader);

/// How a metric is read from the findings.
pub type Reader = fn(&Seen) -> ReadValue;

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
    pub metrics: &'static [MetricReader],
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
    pub metrics: &'static [MetricReader],
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

/// The platform of a queueing model: no network, no bill, no loss to context switches.
const NOTHING_ELSE: &str = "platform: { network: none, prices: none, context_switch: none }\n";

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
