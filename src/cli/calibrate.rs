//! `cutline calibrate`: unknown costs fitted to lone clients, and every other load predicted.

use std::path::Path;

use super::arguments::{CalibrateOptions, Format};
use super::deliver::{self, Charts, Delivery};
use super::interrupt::{self, Gently};
use super::progress_line::ProgressLine;
use super::run::{in_pool, why};
use super::terminal;
use super::{Failure, Finding, input, load, write};
use crate::report::rounded;
use crate::scenario::{Code, read_measured, render};
use crate::study::{self, CalibrationFindings, CalibrationOptions, Subject};
use crate::units::Share;

/// What the names of the files begin with.
const PREFIX: &str = "calibration";

/// Least and greatest error of a measurement, as a share.
const ERRORS: [f64; 2] = [0.0001, 0.5];

pub(super) fn execute(options: &CalibrateOptions) -> Result<Finding, Failure> {
    let error = error(&options.error)?;
    let is_input = |file: &Path| file == Path::new("-");
    if is_input(&options.measured) && is_input(&options.scenario.file) {
        let message = "the scenario and the measured figures cannot both come by standard input";
        return Err(Failure::of(Code::BadFlag, message));
    }
    let loaded = load::load(&options.scenario, None)?;
    let (model, sources) = load::model(&loaded)?;
    let layouts = load::layouts(&model, &options.scenario.layouts)?;
    let (name, text) = input::read_text(&options.measured, sources.limit())?;
    let measured = read_measured(&text, &name, (&model, &sources), error);
    let mut measured = measured?;
    for warning in &measured.warnings {
        terminal::complain(render(warning, &measured.sources).trim_end());
    }
    let is_wanted = |layout: &str| layouts.iter().any(|own| *model.layouts[*own].name == *layout);
    measured.rows.retain(|row| is_wanted(&row.layout));
    if !measured.rows.iter().any(|row| row.is_lone()) {
        let message = format!("{name}: no row of these layouts was measured with one client");
        return Err(Failure::of(Code::NoLoneClient, message));
    }
    let folder = write::folder(options.out.as_ref(), &model.name);
    let loader = loaded.loader();
    let subject = Subject::new(&loaded.document, &loader);
    let asked = CalibrationOptions {
        measured: name,
        error,
        draws: options.draws,
        only: options.only.clone(),
    };
    let gently = Gently::new();
    let made = folder.as_deref().map(write::prepare).transpose()?;
    let progress = ProgressLine::new(options.quiet);
    let calibrate = || study::calibrate(subject, &measured, &asked, &progress);
    let findings = in_pool(options.threads, calibrate)?;
    let findings = rounded(findings.map_err(|unfinished| why(unfinished, &measured.sources))?);
    let delivery = Delivery { prefix: PREFIX, found: &findings };
    if let Some(folder) = &folder {
        deliver::write(folder, &delivery.files(Charts::Drawn), "nothing was written")?;
        interrupt::check(&format!("the results are in {}, whole", folder.display()))?;
    }
    progress.finish();
    drop((made, gently));
    print(options, &findings, folder.as_deref())?;
    Ok(finding(&findings))
}

/// The share that `--error` says.
fn error(text: &str) -> Result<f64, Failure> {
    let refuse = |problem: String| Failure::of(Code::BadFlag, format!("--error: {problem}"));
    let share = text.parse::<Share>();
    let share = share.map_err(|error| refuse(format!("{error}; {}", error.hint)))?;
    let [least, most] = ERRORS;
    if (least..=most).contains(&share.0) {
        return Ok(share.0);
    }
    let [least, most] = [least, most].map(|share| 100.0 * share);
    Err(refuse(format!(
        "a measurement is off by {least} % to {most} %, such as `3%`; found `{text}`"
    )))
}

fn print(
    options: &CalibrateOptions,
    findings: &CalibrationFindings,
    folder: Option<&Path>,
) -> anyhow::Result<()> {
    if options.quiet {
        return Ok(());
    }
    terminal::print(&deliver::text(findings, options.format, false, options.scenario.color))?;
    if let (Format::Table, Some(folder)) = (options.format, folder) {
        let folder = folder.display();
        terminal::complain(&format!("the same is in {folder}, as {PREFIX}.json and {PREFIX}.csv"));
    }
    Ok(())
}

/// What a calibration comes to: predictions may be bad, the program may not be wrong.
fn finding(findings: &CalibrationFindings) -> Finding {
    let breaches = findings.remarks.iter().filter(|remark| remark.code == Code::SelfCheck);
    let mut worst = Finding::Fine;
    for breach in breaches {
        terminal::complain(&Code::SelfCheck.says(&breach.message));
        worst = Finding::Wrong;
    }
    worst
}
