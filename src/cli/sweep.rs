//! `cutline sweep`: the scenario over a grid of values.

use super::arguments::{Format, SweepOptions};
use super::load::Loaded;
use super::run::{finding, in_pool};
use super::terminal::{self, Spinner};
use super::{Failure, Finding, load, write};
use crate::model::{Model, Variation};
use crate::report;
use crate::scenario::{Refused, values};
use crate::study::{self, SweepFindings};

/// Most points of a grid.
const MOST_POINTS: usize = 10_000;

pub(super) fn execute(options: &SweepOptions) -> Result<Finding, Failure> {
    let run = &options.run;
    let loaded = load::load(&run.scenario, Some(run))?;
    let (model, _) = load::model(&loaded)?;
    let layouts = load::layouts(&model, &run.scenario.layouts)?;
    let sweeps = sweeps(options, &model)?;
    let folder = write::folder(run.out.as_ref(), &model.name);
    let _made = write::prepare(&folder)?;
    let mut wrong = false;
    for (name, variations) in sweeps {
        let spinner = Spinner::new(run.quiet);
        let findings =
            in_pool(run.threads, || sweep(&loaded, &model, &variations, &layouts, &spinner))??;
        write::write_all(&folder, &files(&name, &findings))?;
        spinner.finish();
        if !run.quiet {
            terminal::print(&text(&findings, options));
            if run.format == Format::Table {
                let folder = folder.display();
                terminal::complain(&format!("results and charts are in {folder}, as {name}*"));
            }
        }
        let runs = findings.points.iter().map(|point| finding(&point.run));
        wrong |= runs.filter(|found| *found == Finding::Wrong).count() > 0;
    }
    Ok(if wrong { Finding::Wrong } else { Finding::Fine })
}

/// The sweeps of the flags, or else those that the file declares, each with the name of its files.
fn sweeps(options: &SweepOptions, model: &Model) -> Result<Vec<(String, Vec<Variation>)>, Failure> {
    let mut sweeps: Vec<(String, Vec<Variation>)> = Vec::new();
    if options.vary.is_empty() {
        let declared = model.studies.iter().filter(|study| !study.sweep.is_empty());
        sweeps.extend(declared.map(|study| {
            let plain = |character: char| character.is_ascii_alphanumeric() || character == '-';
            let name = study.name.chars().map(|letter| if plain(letter) { letter } else { '-' });
            (format!("sweep-{}", name.collect::<String>()), study.sweep.clone())
        }));
    } else {
        let mut variations = Vec::new();
        for text in &options.vary {
            let (path, range) = load::split(text, "--vary")?;
            let values = values(&range).map_err(|error| {
                Failure::Usage(format!("error[bad-values]: --vary {path}: {error}; {}", error.hint))
            })?;
            variations.push(Variation { path, values });
        }
        sweeps.push(("sweep".into(), variations));
    }
    if sweeps.is_empty() {
        return Err(Failure::Usage(
            "error[no-sweep]: nothing varies: give --vary PATH=VALUES, such as \
             --vary workload.arrivals.poisson=100/s,200/s,400/s, or declare `studies` in the file"
                .into(),
        ));
    }
    for (_, variations) in &sweeps {
        let points = variations.iter().map(|variation| variation.values.len()).product::<usize>();
        if points > MOST_POINTS {
            return Err(Failure::Usage(format!(
                "error[too-large]: the grid has {points} points; this build takes {MOST_POINTS}"
            )));
        }
    }
    Ok(sweeps)
}

fn sweep(
    loaded: &Loaded,
    model: &Model,
    variations: &[Variation],
    layouts: &[usize],
    spinner: &Spinner,
) -> Result<SweepFindings, Failure> {
    let mut points = Vec::new();
    for values in study::grid(variations) {
        points.push((
            values.clone(),
            point(loaded, variations, &values)
                .map_err(|refused| Failure::Usage(refused.to_string().trim_end().to_string()))?,
        ));
    }
    study::sweep(&model.name, variations, points, layouts, spinner).map_err(|refusal| {
        let texts: Vec<&str> =
            refusal.diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
        let at = refusal.values.join(", ");
        Failure::Usage(format!("error[point]: at {at}: {}", texts.join("; ")))
    })
}

/// The model at one point of the grid.
fn point(
    loaded: &Loaded,
    variations: &[Variation],
    values: &[String],
) -> Result<Model, Box<Refused>> {
    let mut edited = loaded.clone();
    for (variation, value) in variations.iter().zip(values) {
        edited.document.edit(&variation.path, value).map_err(Box::new)?;
    }
    Ok(edited.reading().map_err(Box::new)?.model)
}

fn files(name: &str, findings: &SweepFindings) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![
        (format!("{name}.json"), report::sweep_json(findings).into_bytes()),
        (format!("{name}.csv"), report::sweep_csv(findings).into_bytes()),
    ];
    for figure in report::sweep_figures(findings) {
        // The name of the sweep takes the place of the word.
        let figure_name = figure.name.trim_start_matches("sweep-");
        files.push((format!("{name}-{figure_name}.svg"), figure.svg.into_bytes()));
        files.push((format!("{name}-{figure_name}.png"), figure.png));
    }
    files
}

fn text(findings: &SweepFindings, options: &SweepOptions) -> String {
    match options.run.format {
        Format::Json => report::sweep_json(findings),
        Format::Csv => report::sweep_csv(findings),
        Format::Md => report::sweep_markdown(findings),
        Format::Table => report::sweep_table(
            findings,
            terminal::width(),
            terminal::color(options.run.scenario.color),
        ),
    }
}
