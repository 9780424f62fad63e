//! `cutline report`: every table and chart again, from the results that a run or a sweep has saved.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Context;

use super::arguments::{PrintOptions, ReportOptions};
use super::deliver::{self, Charts, Delivery, json_name};
use super::interrupt::{self, Gently};
use super::progress_line::ProgressLine;
use super::{Failure, Finding, write};
use crate::report::{self, Focused, Told, Unreadable};
use crate::scenario::{Code, visible};
use crate::study::{RunFindings, SweepFindings};

pub(super) fn execute(options: &ReportOptions) -> Result<Finding, Failure> {
    let from = &options.folder;
    must_be_folder(from)?;
    deliver::can_export(&options.print)?;
    let out = match &options.out {
        None => Some(from.as_path()),
        Some(out) if out == Path::new(write::NOWHERE) => None,
        Some(out) => Some(out.as_path()),
    };
    let gently = Gently::new();
    let made = out.map(write::prepare).transpose()?;
    let saved = saved(from, &options.print)?;
    let progress = ProgressLine::new(options.print.quiet);
    progress.note_drawing();
    if let Some(out) = out {
        let files = files(&saved, !is_same(from, out), Charts::asked(&options.print));
        deliver::write(out, &files, "nothing was written")?;
        interrupt::check(&format!("tables and charts are in {}, whole", out.display()))?;
    }
    progress.finish();
    drop((made, gently));
    let told: Vec<Delivery> = saved.iter().map(Saved::delivery).collect();
    deliver::tell(&told, &options.print, options.color, out)?;
    Ok(Finding::Fine)
}

/// What is written of the studies. What was saved stays as it is: elsewhere it is copied.
fn files(saved: &[Saved], is_elsewhere: bool, charts: Charts) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for study in saved {
        if is_elsewhere {
            files.push((json_name(&study.prefix), study.text.clone()));
        }
        files.extend(study.delivery().drawn(charts));
    }
    files
}

/// A study whose findings were saved.
struct Saved {
    /// What the names of its files begin with; empty for a run.
    prefix: String,
    /// As it stands in the file.
    text: Vec<u8>,
    found: Box<dyn Told>,
}

impl Saved {
    fn delivery(&self) -> Delivery<'_> {
        Delivery { prefix: &self.prefix, found: &*self.found }
    }
}

fn must_be_folder(folder: &Path) -> Result<(), Failure> {
    let shown = visible(&folder.display().to_string());
    let problem = match fs::metadata(folder) {
        Ok(found) if found.is_dir() => return Ok(()),
        Ok(_) => format!("{shown} is a file; give the folder that it is in"),
        Err(error) => format!(
            "{shown}: {error}; give a folder that `cutline run` or `cutline sweep` has written"
        ),
    };
    Err(Failure::of(Code::NoResults, problem))
}

/// Every study that was saved in the folder, the run before the sweeps; or all that is wrong with any of them.
fn saved(folder: &Path, options: &PrintOptions) -> Result<Vec<Saved>, Failure> {
    let prefixes = prefixes(folder)?;
    let (mut saved, mut refused) = (Vec::new(), Vec::new());
    for prefix in prefixes {
        let path = folder.join(json_name(&prefix));
        let text = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        match found(&prefix, &text) {
            Ok(found) => saved.push(Saved { found: found.told(options, &path)?, prefix, text }),
            Err(why) => refused.push(refusal(&path, &why)),
        }
    }
    if refused.is_empty() { Ok(saved) } else { Err(Failure::Usage(refused.join("\n"))) }
}

/// What was read of a study.
enum Read {
    Run(RunFindings),
    Sweep(SweepFindings),
}

fn found(prefix: &str, text: &[u8]) -> Result<Read, Unreadable> {
    Ok(match prefix {
        "" => Read::Run(report::read_run(text)?),
        _ => Read::Sweep(report::read_sweep(text)?),
    })
}

impl Read {
    /// As it is told of the endpoints that were asked for. `path`: where it was read.
    fn told(self, options: &PrintOptions, path: &Path) -> Result<Box<dyn Told>, Failure> {
        let place = format!("{}: ", visible(&path.display().to_string()));
        Ok(match self {
            Read::Run(found) => {
                let known = report::endpoints_of_run(&found);
                let focus = deliver::focus(options, &known, &place)?;
                Box::new(Focused { found, focus })
            }
            Read::Sweep(found) => {
                let known = report::endpoints_of_sweep(&found);
                let focus = deliver::focus(options, &known, &place)?;
                Box::new(Focused { found, focus })
            }
        })
    }
}

fn refusal(path: &Path, why: &Unreadable) -> String {
    let Unreadable { code, place, message, hint } = why;
    let place = place.map_or(String::new(), |(line, column)| format!(":{line}:{column}"));
    let path = visible(&path.display().to_string());
    code.says(format!("{path}{place}: {message}; {hint}"))
}

/// What the names of the files of each saved study begin with, the run first.
fn prefixes(folder: &Path) -> Result<BTreeSet<String>, Failure> {
    let context = || format!("cannot look into {}", folder.display());
    let (mut prefixes, mut is_interrupted) = (BTreeSet::new(), false);
    for entry in fs::read_dir(folder).with_context(context)? {
        let entry = entry.with_context(context)?;
        // Names that are no text were not written by cutline.
        let Ok(name) = entry.file_name().into_string() else { continue };
        let is_file = fs::metadata(entry.path()).is_ok_and(|found| found.is_file());
        is_interrupted |= is_file && name.ends_with(".journal");
        prefixes.extend(prefix(&name).filter(|_| is_file));
    }
    if !prefixes.is_empty() {
        return Ok(prefixes);
    }
    let hint = if is_interrupted {
        "its sweep was not finished: `cutline sweep` with --resume goes on with it"
    } else {
        "`cutline run` leaves the one, `cutline sweep` the other"
    };
    Err(Failure::of(
        Code::NoResults,
        format!(
            "nothing is saved in {}: no results.json, no sweep.json, no sweep-….json; {hint}",
            visible(&folder.display().to_string())
        ),
    ))
}

/// What the names of a study's files begin with, if this is the name of its JSON.
fn prefix(name: &str) -> Option<String> {
    let prefix = match name.strip_suffix(".json")? {
        "results" => "",
        sweep if sweep == "sweep" || sweep.starts_with("sweep-") => sweep,
        _ => return None,
    };
    Some(prefix.to_string())
}

/// Whether the two paths are of one folder.
fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| fs::canonicalize(path).ok();
    one == other || real(one).is_some_and(|one| real(other).is_some_and(|other| one == other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_of_a_study_is_known_by_its_name_and_no_other_file_is() {
        for (name, expected) in [
            ("results.json", Some("")),
            ("sweep.json", Some("sweep")),
            ("sweep-load.json", Some("sweep-load")),
            ("sweeper.json", None),
            ("notes.json", None),
            ("sweep.journal", None),
            ("sweep-load.csv", None),
        ] {
            assert_eq!(prefix(name).as_deref(), expected, "{name}");
            assert!(expected.is_none_or(|prefix| json_name(prefix) == name));
        }
    }
}
