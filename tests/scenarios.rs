//! Every file of scenarios/ against what was published for it.

mod hot_row;
mod two_tier;

use cutline::model::Study;
use cutline::scenario::{self, Edit};
use cutline::study::{self, LayoutFindings, Progress, Verdict};

/// Listens to nothing.
struct Silent;

impl Progress for Silent {
    fn note(&self, _: &str) {}
}

fn edit(path: &str, value: &str) -> Edit {
    Edit {
        path: path.into(),
        value: value.into(),
    }
}

/// The study of that name that the scenario declares.
fn declared(text: &str, name: &str) -> Study {
    let reading = scenario::read(text, name, &[], &no_files).expect("the scenario reads");
    let mut studies = reading.model.studies.into_iter();
    studies
        .find(|study| study.name.as_str() == name)
        .expect("the scenario declares the study")
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
