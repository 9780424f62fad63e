//! `cutline sweep`: the scenario over a grid of values.

use super::arguments::SweepOptions;
use super::deliver::{self, Delivery};
use super::interrupt::{self, Gently};
use super::journal::JournalFile;
use super::load::Loaded;
use super::run::{finding, in_pool};
use super::shard::Shard;
use super::terminal::{self, Spinner};
use super::{Failure, Finding, load, vary, write};
use crate::model::{Model, Variation};
use crate::report::{Asked, Focused};
use crate::scenario::{Code, visible};
use crate::study::{self, Laboratory, Subject, SweepFindings, SweepGrid};

pub(super) fn execute(options: &SweepOptions) -> Result<Finding, Failure> {
    let run = &options.run;
    let loaded = load::load(&run.scenario, Some(run))?;
    let (model, _) = load::model(&loaded)?;
    let layouts = load::layouts(&model, &run.scenario.layouts)?;
    let focus = load::focus(&model, &run.print)?;
    let sweeps = sweeps(options, &model)?;
    let folder = write::folder(run.out.as_ref(), &model.name);
    let loader = loaded.loader();
    let subject = Subject::new(&loaded.document, &loader);
    let mut grids = Vec::new();
    for (name, variations) in sweeps {
        let asked = asked(&loaded, &model, &layouts, &variations);
        let grid = SweepGrid::read(subject, variations)
            .map_err(|refused| vary::placed(*refused, &options.vary))?;
        grids.push((name, asked, grid));
    }
    let gently = Gently::new();
    let made = write::prepare(&folder)?;
    let mut journals = Vec::new();
    let mut found = Vec::new();
    for (name, asked, grid) in grids {
        let mut journal = JournalFile::open(&folder, &name, options.shard, &asked, options.resume)?;
        let spinner = Spinner::new(run.print.quiet);
        let whole = grid.count();
        let grid = grid.part(|point| options.shard.is_none_or(|shard| shard.has(point)));
        let findings = in_pool(run.threads, || {
            let laboratory = Laboratory::new(subject, &layouts, &mut journal, &spinner);
            study::sweep(laboratory, &grid)
        })?;
        let Ok(findings) = findings else {
            return Err(interrupted(journal, grid.count()));
        };
        let told = Focused { found: findings, focus: focus.clone() };
        if let Some(shard) = options.shard {
            if !run.print.quiet {
                say_kept(&journal, shard, [told.found.points.len(), whole]);
            }
        } else {
            spinner.note_drawing();
            let files = Delivery { prefix: &name, found: &told }.files();
            deliver::write(
                &folder,
                &files,
                "all points are finished; --resume writes the results",
            )?;
            journals.push(journal);
        }
        spinner.finish();
        found.push((name, told));
    }
    journals.into_iter().for_each(JournalFile::remove);
    drop((made, gently));
    let mut worst = Finding::Fine;
    for (name, told) in found {
        if options.shard.is_none() {
            let delivery = Delivery { prefix: &name, found: &told };
            delivery.print(&run.print, run.scenario.color, &folder)?;
        }
        let findings = &told.found;
        if say_failed(findings) {
            worst = Finding::PointFailed;
        }
        let runs = findings.points.iter().map(|point| finding(&point.run));
        if runs.filter(|found| *found == Finding::Wrong).count() > 0 {
            worst = Finding::Wrong;
        }
    }
    Ok(worst)
}

/// Says where the points of a part are: so many of so many.
fn say_kept(journal: &JournalFile, shard: Shard, [kept, whole]: [usize; 2]) {
    terminal::complain(&format!(
        "{kept} of {whole} points ({shard}) are in {}; with the journals of all shards in one folder \
         --resume makes the results",
        journal.path().display()
    ));
}

/// What is there after a signal.
fn interrupted(journal: JournalFile, count: usize) -> Failure {
    match journal.finished() {
        0 => {
            journal.remove();
            interrupt::interrupted("no point was finished")
        }
        finished => interrupt::interrupted(&format!(
            "{finished} of {count} points are finished; go on with --resume"
        )),
    }
}

/// Tells which points could not be simulated; whether there are any.
fn say_failed(findings: &SweepFindings) -> bool {
    for point in &findings.failed {
        let at = point.values.join(", ");
        let text = Code::Point.says(format!("at {at}: {}", point.reasons.join("; ")));
        terminal::complain(&visible(&text));
    }
    !findings.failed.is_empty()
}

/// What identifies a sweep: nothing else may be mixed with its points.
fn asked(loaded: &Loaded, model: &Model, layouts: &[usize], variations: &[Variation]) -> Asked {
    let mut says = loaded.document.says_all();
    let mut also = |what: &str, value: String| says.push((what.to_string(), value));
    also("the version of cutline", study::VERSION.to_string());
    also("the machine", study::target());
    let layouts = layouts.iter().map(|layout| model.layouts[*layout].name.as_str());
    also("the choice of layouts", layouts.collect::<Vec<_>>().join(", "));
    for variation in variations {
        also(&format!("the variation of {}", variation.path), variation.values.join(", "));
    }
    Asked { format: study::FORMAT, says, scenario_hash: study::scenario_hash(model) }
}

/// The sweeps of the flags, or else those that the file declares, each with the name of its files.
fn sweeps(options: &SweepOptions, model: &Model) -> Result<Vec<(String, Vec<Variation>)>, Failure> {
    let mut sweeps: Vec<(String, Vec<Variation>)> = Vec::new();
    if options.vary.is_empty() {
        let declared = model.studies.iter().filter(|study| !study.sweep.is_empty());
        sweeps.extend(declared.map(|study| {
            (format!("sweep-{}", write::safe_name(&study.name)), study.sweep.clone())
        }));
    } else {
        let variations = vary::variations(&options.vary)?;
        sweeps.push(("sweep".into(), variations));
    }
    if sweeps.is_empty() {
        return Err(Failure::of(
            Code::NoSweep,
            "nothing varies: give --vary PATH=VALUES, such as \
             --vary workload.arrivals.poisson=100/s,200/s,400/s, or declare `studies` in the file",
        ));
    }
    let most = model.run.limits.points as usize;
    for (_, variations) in &sweeps {
        let lengths = variations.iter().map(|variation| variation.values.len());
        let points = lengths.fold(1, usize::saturating_mul);
        if points > most {
            return Err(Failure::of(
                Code::TooLarge,
                format!(
                    "the grid has {points} points, more than the limit of {most} (run.limits.points)"
                ),
            ));
        }
    }
    Ok(sweeps)
}
