//! `cutline sweep`: the scenario over a grid of values.

use std::path::Path;

use super::arguments::SweepOptions;
use super::deliver::{self, Charts, Delivery};
use super::interrupt::{self, Gently};
use super::journal::JournalFile;
use super::load::Loaded;
use super::progress_line::ProgressLine;
use super::run::{finding, in_pool};
use super::shard::Shard;
use super::terminal;
use super::{Failure, Finding, load, vary, write};
use crate::model::{Model, Variation};
use crate::report::{Asked, Focused, rounded};
use crate::scenario::{Code, visible};
use crate::study::{self, Journal, Laboratory, RunFindings, Subject, SweepFindings, SweepGrid};

pub(super) fn execute(options: &SweepOptions) -> Result<Finding, Failure> {
    let run = &options.run;
    if run.list_layouts {
        return load::list_layouts(&run.scenario);
    }
    deliver::can_export(&run.print)?;
    let loaded = load::load(&run.scenario, Some(run))?;
    let (model, _) = load::model(&loaded)?;
    let layouts = load::layouts(&model, &run.scenario.layouts)?;
    let focus = load::focus(&model, &run.print)?;
    let sweeps = sweeps(options, &model)?;
    let folder = write::folder(run.out.as_ref(), &model.name);
    must_have_a_journal(options, folder.as_deref())?;
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
    let made = folder.as_deref().map(write::prepare).transpose()?;
    let mut journals = Vec::new();
    let mut found = Vec::new();
    for (name, asked, grid) in grids {
        let (findings, journal) =
            swept(options, (subject, &layouts), folder.as_deref(), (&name, &asked), grid)?;
        let told = Focused { found: rounded(findings), focus: focus.clone() };
        if let (Some(folder), None) = (&folder, options.shard) {
            let delivery = Delivery { prefix: &name, found: &told };
            let files = delivery.files(Charts::asked(&run.print));
            deliver::write(folder, &files, "all points are finished; --resume writes the results")?;
            journals.extend(journal);
        }
        found.push((name, told));
    }
    journals.into_iter().for_each(JournalFile::remove);
    drop((made, gently));
    if options.shard.is_none() {
        let told: Vec<Delivery> =
            found.iter().map(|(name, told)| Delivery { prefix: name, found: told }).collect();
        deliver::tell(&told, &run.print, run.scenario.color, folder.as_deref())?;
    }
    Ok(worst(found.iter().map(|(_, told)| &told.found)))
}

/// What a sweep comes to, whatever it was told of.
fn worst<'f>(found: impl Iterator<Item = &'f SweepFindings>) -> Finding {
    let mut worst = Finding::Fine;
    for findings in found {
        if say_failed(findings) {
            worst = Finding::PointFailed;
        }
        let runs = findings.points.iter().map(|point| finding(&point.run));
        if runs.filter(|found| *found == Finding::Wrong).count() > 0 {
            worst = Finding::Wrong;
        }
    }
    worst
}

/// Runs the points of one grid, or of a shard of it, and keeps them in a journal where there is a folder for it.
fn swept(
    options: &SweepOptions,
    (subject, layouts): (Subject<'_>, &[usize]),
    folder: Option<&Path>,
    (name, asked): (&str, &Asked),
    grid: SweepGrid,
) -> Result<(SweepFindings, Option<JournalFile>), Failure> {
    let run = &options.run;
    let open = |folder| JournalFile::open(folder, name, options.shard, asked, options.resume);
    let mut journal = folder.map(open).transpose()?;
    let progress = ProgressLine::new(run.print.quiet);
    let whole = grid.count();
    let grid = grid.part(|point| options.shard.is_none_or(|shard| shard.has(point)));
    let findings = in_pool(run.threads, || {
        let mut none = NoJournal;
        let journal: &mut dyn Journal = match &mut journal {
            Some(journal) => journal,
            None => &mut none,
        };
        study::sweep(Laboratory::new(subject, layouts, journal, &progress), &grid)
    })?;
    progress.finish();
    let Ok(findings) = findings else {
        return Err(match journal {
            Some(journal) => interrupted(journal, grid.count()),
            None => interrupt::interrupted("nothing was written"),
        });
    };
    if let (Some(shard), Some(journal), false) = (options.shard, &journal, run.print.quiet) {
        say_kept(journal, shard, [findings.points.len(), whole]);
    }
    Ok((findings, journal))
}

/// Remembers nothing beyond the end of the program.
struct NoJournal;

impl Journal for NoJournal {
    fn known(&mut self, _: &str) -> Option<RunFindings> {
        None
    }

    fn keep(&mut self, _: &RunFindings) {}
}

/// Refuses to go on with, or to share, what no folder keeps.
fn must_have_a_journal(options: &SweepOptions, folder: Option<&Path>) -> Result<(), Failure> {
    let flag = match options.shard {
        _ if folder.is_some() => return Ok(()),
        Some(_) => "--shard",
        None if options.resume => "--resume",
        None => return Ok(()),
    };
    let message = format!(
        "{flag} needs the journal of a sweep, and `--out none` keeps none; give --out a folder"
    );
    Err(Failure::of(Code::BadFlag, message))
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
