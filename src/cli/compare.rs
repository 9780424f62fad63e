//! `cutline compare`: two runs beside each other, each saved in a folder or simulated from its scenario.

use std::path::Path;

use anyhow::Context;

use super::arguments::{CompareOptions, ScenarioOptions};
use super::progress_line::ProgressLine;
use super::run::{in_pool, why};
use super::terminal;
use super::{Failure, Finding, deliver, load};
use crate::report::{self, Unreadable};
use crate::scenario::{Code, visible};
use crate::study::{self, RunFindings};

/// Where a run leaves what it found.
const RESULTS: &str = "results.json";

pub(super) fn execute(options: &CompareOptions) -> Result<Finding, Failure> {
    let edits = [options.edits.clone(), [&options.edits[..], &options.edits_b].concat()];
    let sides = [&options.a, options.b.as_ref().unwrap_or(&options.a)];
    if options.b.is_none() && options.edits_b.is_empty() {
        let message =
            "nothing to compare with: give a second run, or edits of the first with --set-b";
        return Err(Failure::of(Code::BadFlag, message));
    }
    let [edits_a, edits_b] = edits;
    let a = found(sides[0], &edits_a, options)?;
    let b = found(sides[1], &edits_b, options)?;
    let places = [place(sides[0], &edits_a), place(sides[1], &edits_b)];
    let compared = report::rounded(study::compare_runs(&a, &b, places));
    if compared.layouts.is_empty() {
        let names = |run: &RunFindings| -> String {
            let names: Vec<&str> = run.layouts.iter().map(|(name, _)| name).collect();
            visible(&names.join(", "))
        };
        let message = format!(
            "no layout stands in both: A has {}, B has {}; rename one, or compare runs of one layout each",
            names(&a),
            names(&b)
        );
        return Err(Failure::of(Code::UnknownLayout, message));
    }
    terminal::print(&deliver::text(
        &compared,
        options.telling.format,
        false,
        options.telling.color,
    ))?;
    Ok(Finding::Fine)
}

/// Where a run is from, in words.
fn place(side: &Path, edits: &[String]) -> String {
    let with = if edits.is_empty() { "" } else { " with " };
    format!("{}{with}{}", side.display(), edits.join(", "))
}

fn found(side: &Path, edits: &[String], options: &CompareOptions) -> Result<RunFindings, Failure> {
    if !side.is_dir() {
        return simulated(side, edits, options);
    }
    if !edits.is_empty() || options.seed.is_some() {
        let side = visible(&side.display().to_string());
        let message = format!(
            "what is saved in {side} cannot be edited: give the scenario, or no edits and no seed"
        );
        return Err(Failure::of(Code::BadFlag, message));
    }
    saved(side)
}

/// What a run has saved in a folder.
fn saved(folder: &Path) -> Result<RunFindings, Failure> {
    let path = folder.join(RESULTS);
    let shown = visible(&path.display().to_string());
    if !path.is_file() {
        let message = format!(
            "{shown} is not there; give a folder that `cutline run` has written, or a scenario"
        );
        return Err(Failure::of(Code::NoResults, message));
    }
    let text = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    report::read_run(&text).map_err(|unreadable| {
        let Unreadable { code, place, message, hint } = unreadable;
        let place = place.map_or(String::new(), |(line, column)| format!(":{line}:{column}"));
        Failure::of(code, format!("{shown}{place}: {message}; {hint}"))
    })
}

/// What a run of a scenario finds; nothing of it is written.
fn simulated(
    file: &Path,
    edits: &[String],
    options: &CompareOptions,
) -> Result<RunFindings, Failure> {
    let scenario = ScenarioOptions {
        file: file.to_path_buf(),
        edits: edits.to_vec(),
        layouts: options.layouts.clone(),
        seed: options.seed,
        size_limit: None,
        color: options.telling.color,
    };
    let loaded = load::load(&scenario, None)?;
    let (model, sources) = load::model(&loaded)?;
    let layouts = load::layouts(&model, &options.layouts)?;
    let progress = ProgressLine::new(false);
    let findings = in_pool(options.telling.threads, || study::run(&model, &layouts, &progress))?;
    progress.finish();
    // As a saved one is, so that the same run is the same.
    findings.map(report::rounded).map_err(|unfinished| why(unfinished, &sources))
}
