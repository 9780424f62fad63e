//! A case of the oracle file: its scenario in the language, and where each metric is read.

use cutline::scenario::{self, Edit};
use cutline::study::{self, Progress};
use serde_json::Value;

use super::rule::{REPLICATIONS, miss};
use super::seen::{Figure, Seen};

/// A metric of the oracle file and how it is read from the findings.
pub(super) type Metric = (&'static str, Reading);

/// How a metric is read from the findings.
pub(super) type Reading = fn(&Seen) -> Figure;

/// One case.
pub(super) struct Case {
    /// Its name in the oracle file.
    pub(super) id: &'static str,
    /// Application, workload, layouts and, unless it is [`NOTHING_ELSE`], platform.
    pub(super) scenario: &'static str,
    /// Simulated time of each replication [min], a tenth of it to warm up. Chosen from
    /// `effort_requests_1pct`: 1.4 times the effort of the hardest metric that is read, over all
    /// replications, gives ±2 % at 99.9 % with something to spare.
    pub(super) minutes: u32,
    /// Where metrics are read; those that the case does not have are left alone.
    pub(super) metrics: &'static [Metric],
    /// Metrics that are read but need more requests than a quick test can give: an ignored test
    /// checks them over [`Case::long_minutes`].
    pub(super) too_long: &'static [&'static str],
    /// Simulated time of each replication that `too_long` needs [min].
    pub(super) long_minutes: u32,
    /// Metrics that are not read here, and why.
    pub(super) apart: &'static [(&'static str, &'static str)],
}

/// What most cases have in common.
pub(super) const CASE: Case = Case {
    id: "",
    scenario: "",
    minutes: 0,
    metrics: &[],
    too_long: &[],
    long_minutes: 0,
    apart: &[],
};

/// Metrics that the tool does not report for any scenario.
pub(super) const NOT_TOLD: &[&str] = &[
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

/// Makes a list of cases and a test of each.
macro_rules! cases {
    ($($test:ident: $case:expr;)+) => {
        /// The cases of this file.
        pub(super) const CASES: &[Case] = &[$($case),+];
        $(
            #[test]
            fn $test() {
                const THIS: Case = $case;
                THIS.check();
            }
        )+
    };
}
pub(super) use cases;

struct Silence;

impl Progress for Silence {
    fn note(&self, _: &str) {}
}

impl Case {
    /// Seeds of the first run and of the one that repeats what missed, from the case's place in the
    /// oracle file: one unlucky stream of arrivals must not meet every case.
    fn seeds(&self) -> [u64; 2] {
        let oracles = super::oracles();
        let cases = oracles["cases"].as_array().expect("the file holds cases");
        let place = cases.iter().position(|case| case["id"] == self.id);
        let place = place.expect("the oracle file has this case") as u64;
        [2 * place + 1, 2 * place + 2]
    }

    /// Exact values by metric.
    pub(super) fn expected(&self) -> Vec<(String, f64)> {
        let oracles = super::oracles();
        let cases = oracles["cases"].as_array().expect("the file holds cases");
        let mut named = cases.iter().filter(|case| case["id"] == self.id);
        let case = named.next().expect("the oracle file has this case");
        let values = case["expected"].as_object().expect("metrics by name");
        let value = |value: &Value| value.as_f64().expect("a metric is a number");
        values.iter().map(|(name, v)| (name.clone(), value(v))).collect()
    }

    /// Exact values of what is read, each with how; of either the long run or the usual one.
    fn readings(&self, long: bool) -> Vec<(String, f64, Reading)> {
        let expected = self.expected().into_iter();
        let wanted = expected.filter(|(name, _)| self.too_long.contains(&name.as_str()) == long);
        let with_reading = wanted.filter_map(|(name, truth)| {
            let reading = self.metrics.iter().find(|(known, _)| *known == name)?.1;
            Some((name, truth, reading))
        });
        with_reading.collect()
    }

    /// Runs the case; whatever misses is run once more, with the second seed.
    pub(super) fn check(&self) {
        self.check_readings(&[], self.readings(false));
    }

    /// Checks in a long run what is too long for the usual one.
    pub(super) fn check_long(&self) {
        let duration = format!("{}min", self.long_minutes);
        self.check_readings(&[("run.fixed.duration", &duration)], self.readings(true));
    }

    /// Checks one metric that needs the scenario edited.
    pub(super) fn check_apart(&self, metric: &str, edits: &[(&str, &str)], reading: Reading) {
        let expected = self.expected();
        let found = expected.iter().find(|(name, _)| name == metric);
        let (name, truth) = found.expect("the case has this metric").clone();
        self.check_readings(edits, vec![(name, truth, reading)]);
    }

    fn check_readings(&self, edits: &[(&str, &str)], mut readings: Vec<(String, f64, Reading)>) {
        assert!(!readings.is_empty(), "{} checks nothing", self.id);
        let mut misses = Vec::new();
        for seed in self.seeds() {
            let seen = self.run(seed, edits);
            misses.clear();
            readings.retain(|(name, truth, reading)| {
                let missed = self.judge(name, *truth, reading(&seen));
                misses.extend(missed.clone());
                missed.is_some()
            });
            if readings.is_empty() {
                return;
            }
        }
        panic!("{} missed twice: {}", self.id, misses.join("; "));
    }

    /// Why a figure does not pass, told to whoever looks at the test's output.
    pub(super) fn judge(&self, metric: &str, truth: f64, figure: Figure) -> Option<String> {
        let missed = match figure {
            Some(estimate) => {
                println!("{} {metric}: {:.6} of {truth}", self.id, estimate.value);
                miss(metric, truth, estimate)
            }
            None => Some(format!("{metric} is not told")),
        };
        if let Some(words) = &missed {
            println!("{} missed: {words}", self.id);
        }
        missed
    }

    /// Simulates the scenario, edited.
    pub(super) fn run(&self, seed: u64, edits: &[(&str, &str)]) -> Seen {
        let text = self.text(seed);
        let edits: Vec<Edit> = edits
            .iter()
            .map(|(path, value)| Edit { path: path.to_string(), value: value.to_string() })
            .collect();
        let loader = |_: &str| Err("a case is one text".to_string());
        let model = match scenario::read(&text, self.id, &edits, &loader) {
            Ok(reading) => reading.model,
            Err(refused) => panic!("{text}\n{refused:?}"),
        };
        let layouts: Vec<usize> = (0..model.layouts.len()).collect();
        match study::run(&model, &layouts, &Silence) {
            Ok(findings) => Seen(findings),
            Err(diagnostics) => panic!("{text}\n{diagnostics:?}"),
        }
    }

    fn text(&self, seed: u64) -> String {
        let (id, body, minutes) = (self.id, self.scenario, self.minutes);
        let platform = if body.contains("platform:") { "" } else { NOTHING_ELSE };
        format!(
            "cutline: 1\nname: {id}\n{}\n{platform}run: {{ seed: {seed}, \
             fixed: {{ duration: {minutes}min, replications: {REPLICATIONS} }} }}\n",
            body.trim_end()
        )
    }
}
