//! What the metrics of the oracle file are measured in.

use serde::Serialize;

/// What a metric is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Unit {
    /// Seconds.
    #[serde(rename = "s")]
    Time,
    /// A share from 0 to 1.
    #[serde(rename = "share")]
    Share,
    /// Events per second.
    #[serde(rename = "1/s")]
    Rate,
    /// A count or a ratio.
    #[serde(rename = "1")]
    Number,
}

/// Parts of the names of metrics that are no times; the first that fits says which.
const NAMED: [(&str, Unit); 19] = [
    ("rate", Unit::Rate),
    ("throughput", Unit::Rate),
    ("goodput", Unit::Rate),
    ("utilization", Unit::Share),
    ("prob", Unit::Share),
    ("blocking", Unit::Share),
    ("availability", Unit::Share),
    ("hit_ratio", Unit::Share),
    ("_in_system", Unit::Number),
    ("_in_queue", Unit::Number),
    ("_in_orbit", Unit::Number),
    ("_completions", Unit::Number),
    ("_instances", Unit::Number),
    ("_users", Unit::Number),
    ("mean_up", Unit::Number),
    ("slowdown", Unit::Number),
    ("batch_size", Unit::Number),
    ("attempts_per", Unit::Number),
    ("amplitude", Unit::Number),
];

impl Unit {
    /// What the metric of that name is measured in.
    pub fn of(metric: &str) -> Self {
        if matches!(metric, "stable" | "in_system_p99") {
            return Unit::Number;
        }
        let named = NAMED.iter().find(|(part, _)| metric.contains(part));
        named.map_or(Unit::Time, |(_, unit)| *unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::oracles;

    #[test]
    fn every_metric_of_the_oracle_file_that_is_no_time_is_known() {
        let all = oracles().iter().flat_map(|oracle| &oracle.expected);
        for (metric, value) in all {
            let words = ["response", "wait", "time", "lag", "duration", "delay", "minus"];
            let is_time = words.iter().any(|word| metric.contains(word));
            match Unit::of(metric) {
                Unit::Time => assert!(is_time, "{metric}"),
                Unit::Share => assert!((0.0..=1.0).contains(value), "{metric} is {value}"),
                Unit::Rate | Unit::Number => assert!(!metric.ends_with("response"), "{metric}"),
            }
        }
        assert_eq!(Unit::of("stage1_utilization"), Unit::Share);
        assert_eq!(Unit::of("mean_response_per_attempt"), Unit::Time);
        assert_eq!(Unit::of("prob_wait"), Unit::Share);
        assert_eq!(Unit::of("queue_growth_rate"), Unit::Rate);
    }
}
