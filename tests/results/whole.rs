//! Findings → JSON → findings: nothing is lost, and nothing is told otherwise.

use cutline::report::{Told, read_run, read_sweep};
use serde_json::Value;

use super::{runs, sweep, told};

/// Holds that what is told of both is the same.
fn alike(name: &str, one: &dyn Told, other: &dyn Told) {
    for ((what, one), (_, other)) in told(one).into_iter().zip(told(other)) {
        assert!(one == other, "{name}: {what} is told otherwise");
    }
}

#[test]
fn every_run_comes_back_from_its_json_as_it_was_and_tells_the_same() {
    for (name, found) in runs() {
        let again = read_run(found.json().as_bytes()).expect(name);
        assert!(again == *found, "{name} has changed");
        alike(name, found, &again);
    }
}

#[test]
fn a_sweep_comes_back_from_its_json_as_it_was_and_tells_the_same() {
    let again = read_sweep(sweep().json().as_bytes()).expect("it was written whole");
    assert!(again == *sweep());
    alike("the sweep", sweep(), &again);
}

/// A histogram is as large as it has buckets, and an interval is a line.
#[test]
fn results_stay_small() {
    for (name, found) in runs() {
        let text = found.json();
        let document: Value = serde_json::from_str(&text).expect("JSON");
        let mut histograms = 0;
        for layout in document["layouts"].as_object().expect("a map").values() {
            for endpoint in layout["endpoints"].as_object().expect("a map").values() {
                let histogram = endpoint["histogram"].to_string();
                let runs = endpoint["histogram"]["runs_ns"].as_array().expect("a list");
                let numbers: usize =
                    runs.iter().map(|run| run.as_array().map_or(0, Vec::len)).sum();
                assert!(histogram.len() < 60 + 12 * runs.len() + 9 * numbers, "{name}");
                histograms += histogram.len();
            }
        }
        assert!(histograms > 100, "{name} has latencies");
        assert!(histograms < text.len() / 2, "{name}: {histograms} of {} bytes", text.len());
    }
}
