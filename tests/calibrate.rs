//! Calibration: known costs come back from the lone clients of a scenario that has them, what cannot be known is told,
//! and what is written is what was predicted.

mod by_hand;
mod program;
mod recovery;
mod shipped;

use cutline::scenario::{Document, Edit, Measurements, read_measured};
use cutline::study::{
    CalibrationFindings, CalibrationOptions, EndpointFindings, PredictedMetric, PredictionFindings,
    Progress, RunFindings, Subject, Unfinished, UnknownFindings, Workers,
};
use cutline::study::{calibrate, run};

struct Silent;

impl Progress for Silent {
    fn note(&self, _: &str) {}
}

fn no_files(name: &str) -> Result<String, String> {
    Err(format!("no {name}"))
}

/// Header of the rows that these tests write.
const HEAD: &str = "case,layout,endpoint,clients,rate_per_s,throughput_per_s,mean_ms,p50_ms,p90_ms,p99_ms,cpu_us,set\n";

fn document(text: &str) -> Document {
    Document::parse(text, "scenario").unwrap_or_else(|refused| panic!("{refused}"))
}

fn options() -> CalibrationOptions {
    CalibrationOptions { measured: "measured.csv".into(), error: 0.03, draws: 8, only: Vec::new() }
}

fn measurements(document: &Document, csv: &str, error: f64) -> Measurements {
    let reading = document.model(&no_files).unwrap_or_else(|refused| panic!("{refused}"));
    let context = (&reading.model, &reading.sources);
    let read = read_measured(csv.as_bytes(), "measured.csv", context, error);
    read.unwrap_or_else(|refused| panic!("{refused}"))
}

/// What the calibration of a scenario to these rows (with their header) comes to.
fn outcome(
    text: &str,
    csv: &str,
    options: &CalibrationOptions,
) -> Result<CalibrationFindings, Unfinished> {
    let document = document(text);
    let measured = measurements(&document, csv, options.error);
    calibrate(Subject::new(&document, &no_files), &measured, options, &Silent)
}

fn calibrated(text: &str, csv: &str, options: &CalibrationOptions) -> CalibrationFindings {
    outcome(text, csv, options).unwrap_or_else(|unfinished| panic!("{unfinished:?}"))
}

/// The same by so many threads.
fn on_threads(count: usize, text: &str, csv: &str) -> CalibrationFindings {
    let workers = Workers::new(count).expect("threads");
    workers.run(|| calibrated(text, csv, &options()))
}

/// Why there is none, as messages.
fn refused(text: &str, csv: &str, options: &CalibrationOptions) -> Vec<String> {
    match outcome(text, csv, options) {
        Err(Unfinished::Refused(found)) => found
            .iter()
            .map(|one| {
                let also: Vec<&str> = one.secondary.iter().map(|(_, text)| text.as_str()).collect();
                format!("{}: {} {also:?} {:?}", one.code, one.message, one.hint)
            })
            .collect(),
        other => panic!("it is refused: {other:?}"),
    }
}

/// A run of a scenario after some edits, of one layout.
fn ran(text: &str, edits: &[(&str, &str)], layout: &str) -> RunFindings {
    let document = document(text);
    let edit = |(path, value): &(&str, &str)| Edit { path: (*path).into(), value: (*value).into() };
    let edits: Vec<Edit> = edits.iter().map(edit).collect();
    let subject = Subject::new(&document, &no_files);
    let model = subject.read(&edits).unwrap_or_else(|refused| panic!("{refused}"));
    let position = model.layouts.iter().position(|own| *own.name == *layout);
    run(&model, &[position.expect("there is that layout")], &Silent).expect("it can be run")
}

/// All endpoints of the only layout of a run.
fn all(found: &RunFindings) -> &EndpointFindings {
    found.layouts.0[0].1.endpoints.get("all").expect("all together")
}

fn unknown<'f>(found: &'f CalibrationFindings, path: &str) -> &'f UnknownFindings {
    let paths: Vec<&str> = found.unknowns.iter().map(|own| own.path.as_str()).collect();
    let own = found.unknowns.iter().find(|own| own.path == path);
    own.unwrap_or_else(|| panic!("no {path} in {paths:?}"))
}

fn prediction<'f>(found: &'f CalibrationFindings, case: &str) -> &'f PredictionFindings {
    let own = found.predictions.iter().find(|own| own.case == case);
    own.unwrap_or_else(|| panic!("no {case}"))
}

fn metric<'f>(found: &'f PredictionFindings, name: &str) -> &'f PredictedMetric {
    let own = found.metrics.iter().find(|own| own.metric == name);
    own.unwrap_or_else(|| panic!("no {name} of {}", found.case))
}
