//! Every file of scenarios/ against what was published for it.

mod boutique;
mod choreography;
mod effort;
mod events;
mod hot_row;
mod measured;
mod prepare;
mod scaling;
mod shop;
mod startup;
mod two_tier;
mod views;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use cutline::model::{Model, Study};
use cutline::scenario::{self, Edit};
use cutline::study::{self, LayoutFindings, Progress, RunFindings, Verdict};
use cutline::verify::{CaseFindings, publication};

/// Listens to nothing.
struct Silent;

impl Progress for Silent {
    fn note(&self, _: &str) {}
}

fn edit(path: &str, value: &str) -> Edit {
    Edit { path: path.into(), value: value.into() }
}

/// The study of that name that the scenario declares.
fn declared(text: &str, name: &str) -> Study {
    let reading = scenario::read(text, name, &[], &no_files).expect("the scenario reads");
    let mut studies = reading.model.studies.into_iter();
    studies.find(|study| study.name.as_str() == name).expect("the scenario declares the study")
}

/// What the first layout of a scenario does after some edits; it must carry its load.
fn measured(text: &str, name: &str, edits: &[Edit]) -> LayoutFindings {
    let reading = scenario::read(text, name, edits, &no_files).expect("the scenario reads");
    let found = study::run(&reading.model, &[0], &Silent).expect("the scenario compiles");
    let (_, layout) = found.layouts.0.into_iter().next().expect("one layout ran");
    assert_eq!(layout.verdict, Verdict::Stable, "{name} with {edits:?}");
    layout
}

fn no_files(name: &str) -> Result<String, String> {
    Err(format!("this scenario names no file, but asks for {name}"))
}

/// Fails unless `found` is within `tolerance` (a share) of what was published.
#[track_caller]
fn assert_within(what: &str, found: f64, published: f64, tolerance: f64) {
    let off = found / published - 1.0;
    assert!(
        off.abs() <= tolerance,
        "{what}: published {published}, found {found}: off by {:+.1} %, allowed {:.0} %",
        100.0 * off,
        100.0 * tolerance
    );
}

/// Texts of the files in a folder of the repository, by name.
fn texts(folder: &str) -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut texts = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder can be listed").path();
        let name = path.file_name().expect("a file has a name");
        let text = fs::read_to_string(&path).expect("the file is text");
        texts.insert(name.to_string_lossy().into_owned(), text);
    }
    texts
}

/// Checks a scenario against the table of what was published for it, and fails where a figure is missed.
fn as_published(id: &str) -> CaseFindings {
    let publication = publication(id).expect("figures were published for it");
    let shipped = &texts("scenarios")[&format!("{id}.yaml")];
    assert_eq!(publication.scenario, shipped, "`verify` ships the file as it is");
    let found = publication.check(None, &Silent);
    let missed: Vec<_> = found.missed().collect();
    assert!(missed.is_empty(), "{id}: {missed:#?}");
    found
}

/// A simulated figure of a published case.
fn figure(found: &CaseFindings, metric: &str) -> f64 {
    let metric = found.metrics.iter().find(|known| known.metric == metric);
    metric.and_then(|metric| metric.estimate).expect("the figure was read")
}

/// The values that the points of a published case give to a path.
fn values_of(id: &str, path: &str) -> Vec<String> {
    let publication = publication(id).expect("figures were published for it");
    let edits = publication.points.iter().flat_map(|point| point.edits);
    edits.filter(|(edited, _)| *edited == path).map(|(_, value)| value.to_string()).collect()
}

/// The model of a file in `scenarios`.
fn model(file: &str) -> Model {
    let text = &texts("scenarios")[file];
    match scenario::read(text, file, &[], &no_files) {
        Ok(reading) => {
            let warnings: Vec<_> = reading.warnings.iter().map(|w| &w.message).collect();
            assert!(warnings.is_empty(), "{file}: {warnings:?}");
            reading.model
        }
        Err(refused) => panic!("{file} is refused: {:?}", refused.diagnostics),
    }
}

/// A run of every layout of a file in `scenarios`, as the command line does it.
fn run(file: &str) -> RunFindings {
    let model = model(file);
    let layouts: Vec<usize> = (0..model.layouts.len()).collect();
    let findings = study::run(&model, &layouts, &Silent).expect("every layout can be simulated");
    assert_eq!(findings.layouts.0.len(), layouts.len());
    findings
}

/// A layout of a run, which must carry its load.
fn stable<'f>(findings: &'f RunFindings, layout: &str) -> &'f LayoutFindings {
    let found = findings.layouts.get(layout).expect("the layout is there");
    let words = &found.diagnostics;
    assert_eq!(found.verdict, Verdict::Stable, "{layout}: {words:?}");
    assert!(found.converged, "{layout}: {words:?}");
    found
}

/// The verdict on a metric of two layouts, named in file order.
fn verdict<'f>(findings: &'f RunFindings, a: &str, b: &str, metric: &str) -> &'f str {
    let mut pairs = findings.comparison.iter();
    let pair = pairs.find(|pair| pair.a == a && pair.b == b && pair.metric == metric);
    &pair.expect("the two are compared").verdict
}

/// The attribution of every endpoint must sum to its mean latency.
fn assert_attribution_sums_to_the_mean(layout: &LayoutFindings) {
    for (name, endpoint) in layout.endpoints.iter() {
        let Some(mean) = endpoint.latency_seconds.mean else {
            continue;
        };
        let parts = endpoint.attribution_seconds.iter().map(|(_, part)| part);
        let sum: f64 = parts.sum();
        assert!(
            (sum - mean.value).abs() <= 1e-6 * mean.value,
            "{name}: parts sum to {sum}, the mean is {}",
            mean.value
        );
    }
}

#[test]
fn every_file_in_scenarios_is_run_by_a_test() {
    let tests = texts("tests/scenarios");
    let scenarios = texts("scenarios");
    for name in scenarios.keys() {
        let tested = tests.values().any(|test| test.contains(name.as_str()));
        assert!(tested, "no test in tests/scenarios names {name}");
    }
    assert!(!scenarios.is_empty());
}

#[test]
fn every_scenario_opens_with_what_it_is_for() {
    for (name, text) in texts("scenarios") {
        assert!(text.starts_with("# "), "{name} opens with a comment");
    }
}
