//! What a sweep found, told: its JSON, one sheet with the varied values as columns, a grid, charts.

use super::chart::{self, Figure};
use super::export;
use super::focus::Focus;
use super::json::json;
use super::sheet::Sheet;
use super::table::{self, Tables};
use super::told::Told;
use crate::study::SweepFindings;

impl Told for SweepFindings {
    fn json(&self) -> String {
        json(self)
    }

    fn sheets(&self) -> Vec<Sheet> {
        vec![export::of_sweep(self, &Focus::default())]
    }

    fn tables(&self) -> Tables {
        table::of_sweep(self, &Focus::default())
    }

    fn figures(&self) -> Vec<Figure> {
        chart::of_sweep(self, &Focus::default())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::report::sample;

    #[test]
    fn a_sweep_names_its_paths_and_gives_every_point_its_values() {
        let findings = sample::sweep();
        let document: Value = serde_json::from_str(&findings.json()).unwrap();
        assert_eq!(document["paths"][0], "workload.arrivals.poisson");
        let points = document["points"].as_array().unwrap();
        assert_eq!(points.len(), findings.points.len());
        assert_eq!(points[1]["values"][0], findings.points[1].values[0].as_str());
        assert!(points[1]["run"]["layouts"].is_object());
    }
}
