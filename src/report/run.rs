//! What a run found, told: results.json, its sheets, tables and charts.

use super::chart::{self, Figure};
use super::export;
use super::focus::Focus;
use super::json::json;
use super::sheet::Sheet;
use super::table::{self, Tables};
use super::told::Told;
use crate::study::RunFindings;

impl Told for RunFindings {
    fn json(&self) -> String {
        json(self)
    }

    fn sheets(&self) -> Vec<Sheet> {
        export::of_run(self, &Focus::default())
    }

    fn tables(&self) -> Tables {
        table::of_run(self, &Focus::default())
    }

    fn figures(&self) -> Vec<Figure> {
        chart::of_run(self, &Focus::default())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::report::sample;
    use crate::study::Estimate;

    fn has(value: &Value, keys: &[&str]) {
        for key in keys {
            assert!(value.get(key).is_some(), "{key} is missing in {value}");
        }
    }

    /// A number, or a value with its interval, or null.
    fn is_estimate(value: &Value) {
        if value.is_null() {
            return;
        }
        assert!(value["value"].is_number(), "{value}");
        let interval = &value["ci95"];
        assert!(
            interval.is_null() || interval.as_array().is_some_and(|ends| ends.len() == 2),
            "{value}"
        );
    }

    fn all_estimates(value: &Value, keys: &[&str]) {
        has(value, keys);
        keys.iter().for_each(|key| is_estimate(&value[key]));
    }

    #[test]
    fn the_document_has_every_key_of_the_published_shape() {
        let text = sample::three_layouts().json();
        let document: Value = serde_json::from_str(&text).unwrap();
        has(&document, &["cutline", "format", "scenario", "seed", "layouts", "comparison"]);
        for layout in document["layouts"].as_object().unwrap().values() {
            has(layout, &["verdict", "converged", "replications", "simulated_seconds"]);
            has(layout, &["warmup_seconds", "events", "endpoints", "services", "databases"]);
            has(layout, &["cost", "diagnostics"]);
            assert!(
                ["stable", "unstable", "undecided"].contains(&layout["verdict"].as_str().unwrap())
            );
            assert!(layout["endpoints"].get("all").is_some());
            layout["endpoints"].as_object().unwrap().values().for_each(endpoint_shape);
            for service in layout["services"].as_object().unwrap().values() {
                has(service, &["replicas_mean"]);
                all_estimates(service, &["cpu_utilisation", "thread_utilisation"]);
                all_estimates(service, &["queue_length_mean", "in_service_mean"]);
                all_estimates(service, &["arrivals_per_second", "rejected_share"]);
                all_estimates(service, &["abandoned_share"]);
                let percentiles = ["mean", "p50", "p90", "p99", "p999"];
                all_estimates(&service["queue_wait_seconds"], &percentiles);
                all_estimates(service, &["waited_share"]);
                all_estimates(&service["served_wait_seconds"], &percentiles);
            }
            for database in layout["databases"].as_object().unwrap().values() {
                all_estimates(database, &["cpu_utilisation", "storage_utilisation"]);
                all_estimates(database, &["commits_per_second"]);
                all_estimates(&database["pool_wait_seconds"], &["mean"]);
                all_estimates(&database["lock_wait_seconds"], &["mean"]);
                assert!(database["hit_share"].is_object());
            }
            cost_shape(&layout["cost"]);
            for remark in layout["diagnostics"].as_array().unwrap() {
                has(remark, &["code", "message"]);
            }
        }
        for pair in document["comparison"].as_array().unwrap() {
            has(pair, &["a", "b", "metric", "verdict"]);
            all_estimates(pair, &["difference"]);
        }
    }

    fn endpoint_shape(endpoint: &Value) {
        all_estimates(endpoint, &["offered_per_second", "throughput_per_second", "error_share"]);
        has(&endpoint["outcomes"], &["ok", "rejected", "timeout", "failed", "abandoned"]);
        let latency = &endpoint["latency_seconds"];
        all_estimates(latency, &["mean", "p50", "p90", "p95", "p99", "p999"]);
        has(latency, &["max"]);
        all_estimates(&endpoint["queue_wait_seconds"], &["mean"]);
        let attribution = endpoint["attribution_seconds"].as_object().unwrap();
        assert!(attribution.values().all(Value::is_number));
    }

    fn cost_shape(cost: &Value) {
        has(cost, &["currency", "per_month", "per_million_requests", "idle_share", "lines"]);
        for line in cost["lines"].as_array().unwrap() {
            has(line, &["item", "quantity", "unit", "unit_price", "per_month", "source"]);
        }
    }

    #[test]
    fn what_is_not_a_number_is_written_as_null() {
        let mut findings = sample::three_layouts();
        findings.comparison[0].difference =
            Estimate { value: f64::NAN, ci95: Some([f64::NEG_INFINITY, f64::INFINITY]) };
        let text = findings.json();
        let document: Value = serde_json::from_str(&text).unwrap();
        assert!(document["comparison"][0]["difference"]["value"].is_null());
        assert!(document["comparison"][0]["difference"]["ci95"][1].is_null());
        assert!(!text.contains("NaN") && !text.contains("inf,"));
    }

    #[test]
    fn a_number_comes_back_with_the_same_bits() {
        let mut findings = sample::three_layouts();
        let awkward = 0.1 + 0.2;
        findings.layouts.0[0].1.cost.per_month = awkward;
        let document: Value = serde_json::from_str(&findings.json()).unwrap();
        let name = &findings.layouts.0[0].0;
        assert_eq!(document["layouts"][name]["cost"]["per_month"].as_f64(), Some(awkward));
    }
}
