//! What the metrics of the oracle file are measured in.

use serde::Serialize;

/// What a metric is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Dimension {
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
const NAMED: [(&str, Dimension); 32] = [
    ("rate", Dimension::Rate),
    ("throughput", Dimension::Rate),
    ("goodput", Dimension::Rate),
    ("utilization", Dimension::Share),
    ("prob", Dimension::Share),
    ("blocking", Dimension::Share),
    ("availability", Dimension::Share),
    ("hit_ratio", Dimension::Share),
    ("_in_system", Dimension::Number),
    ("_in_queue", Dimension::Number),
    ("_in_orbit", Dimension::Number),
    ("_completions", Dimension::Number),
    ("_instances", Dimension::Number),
    ("_users", Dimension::Number),
    ("mean_up", Dimension::Number),
    ("slowdown", Dimension::Number),
    ("batch_size", Dimension::Number),
    ("attempts_per", Dimension::Number),
    ("amplitude", Dimension::Number),
    ("batches_per_second", Dimension::Rate),
    ("lost_per_second", Dimension::Rate),
    ("duplicates_per_second", Dimension::Rate),
    ("share", Dimension::Share),
    ("lost_per_million", Dimension::Number),
    ("duplicates_per_crash", Dimension::Number),
    ("events_per_poll", Dimension::Number),
    ("mean_lag", Dimension::Number),
    ("compensations_per", Dimension::Number),
    ("mean_sagas", Dimension::Number),
    ("stale_read_share", Dimension::Share),
    ("_in_flight", Dimension::Number),
    ("event", Dimension::Number),
];

impl Dimension {
    /// What the metric of that name is measured in.
    pub fn of(metric: &str) -> Self {
        if matches!(metric, "stable" | "in_system_p99") {
            return Dimension::Number;
        }
        let named = NAMED.iter().find(|(part, _)| metric.contains(part));
        named.map_or(Dimension::Time, |(_, unit)| *unit)
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
            let words = [
                "response",
                "wait",
                "time",
                "lag",
                "duration",
                "delay",
                "minus",
                "latency",
                "hold",
                "round",
                "window",
                "staleness",
                "completion",
            ];
            let is_time = words.iter().any(|word| metric.contains(word));
            match Dimension::of(metric) {
                Dimension::Time => assert!(is_time, "{metric}"),
                Dimension::Share => assert!((0.0..=1.0).contains(value), "{metric} is {value}"),
                Dimension::Rate | Dimension::Number => {
                    assert!(!metric.ends_with("response"), "{metric}")
                }
            }
        }
        assert_eq!(Dimension::of("stage1_utilization"), Dimension::Share);
        assert_eq!(Dimension::of("mean_response_per_attempt"), Dimension::Time);
        assert_eq!(Dimension::of("prob_wait"), Dimension::Share);
        assert_eq!(Dimension::of("queue_growth_rate"), Dimension::Rate);
    }
}
