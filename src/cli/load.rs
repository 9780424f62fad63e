//! From a file name and flags to a model.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::arguments::{PrintOptions, RunOptions, ScenarioOptions};
use super::input::read_text;
use super::{Failure, Finding, flag, terminal};
use crate::model::{Model, Span};
use crate::report::Focus;
use crate::scenario::{
    Code, Diagnostic, Document, Edit, Reading, Refused, SizeLimit, Sources, quoted, render, visible,
};
use crate::units::{Bytes, Nanos};

/// A scenario with its edits made, before it is given a meaning.
#[derive(Clone)]
pub(super) struct Loaded {
    pub(super) document: Document,
    folder: PathBuf,
    limit: SizeLimit,
}

impl Loaded {
    /// Gives the texts of files that the scenario names.
    pub(super) fn loader(&self) -> impl Fn(&str) -> Result<String, String> + Sync + '_ {
        |name| read_beside(&self.folder, name, self.limit)
    }

    /// The model, with warnings that are not told yet.
    pub(super) fn reading(&self) -> Result<Reading, Failure> {
        Ok(self.document.model(&self.loader())?)
    }
}

/// Reads the file (or standard input), and puts the edits of the flags into it.
pub(super) fn load(options: &ScenarioOptions, run: Option<&RunOptions>) -> Result<Loaded, Failure> {
    let limit = size_limit(options.size_limit.as_deref())?;
    let (name, text) = read_text(&options.file, limit)?;
    let mut document = Document::parse_within(limit, text, &name)?;
    let mut refused = Vec::new();
    for (flag, Edit { path, value }) in edits(&document, options, run)? {
        if let Err(problem) = document.edit_by(flag, &path, &value) {
            refused.push(problem);
        }
    }
    if !refused.is_empty() {
        return Err(Failure::Refused(refused));
    }
    let folder = options.file.parent().unwrap_or(Path::new("")).to_path_buf();
    Ok(Loaded { document, folder, limit })
}

/// The names alone, of a scenario with mistakes as well, as long as it has layouts.
pub(super) fn list_layouts(options: &ScenarioOptions) -> Result<Finding, Failure> {
    let loaded = load(options, None)?;
    let names = loaded.document.names("layouts");
    if names.is_empty() {
        loaded.reading()?;
    }
    let lines = names.iter().map(|name| visible(name) + "\n");
    terminal::print(&lines.collect::<String>())?;
    Ok(Finding::Fine)
}

/// Puts further edits, which came with `flag`, into a scenario.
pub(super) fn edit(loaded: &mut Loaded, edits: &[String], flag: &str) -> Result<(), Failure> {
    for text in edits {
        let (path, value) = split(text, flag)?;
        loaded.document.edit_by(flag, &path, &value)?;
    }
    Ok(())
}

/// The model, with its warnings told.
pub(super) fn model(loaded: &Loaded) -> Result<(Model, Sources), Failure> {
    let reading = loaded.reading()?;
    tell_warnings(&reading);
    Ok((reading.model, reading.sources))
}

/// Positions of the layouts that are asked for; all of them where none is named.
pub(super) fn layouts(model: &Model, names: &[String]) -> Result<Vec<usize>, Failure> {
    if names.is_empty() {
        return Ok((0..model.layouts.len()).collect());
    }
    let mut positions = Vec::new();
    for name in names {
        let position = model.layouts.iter().position(|layout| *layout.name == *name);
        let Some(position) = position else {
            let known: Vec<&str> =
                model.layouts.iter().map(|layout| layout.name.as_str()).collect();
            return Err(Failure::of(
                Code::UnknownLayout,
                format!("no layout is called `{name}`; there are {}", known.join(", ")),
            ));
        };
        if !positions.contains(&position) {
            positions.push(position);
        }
    }
    positions.sort_unstable();
    Ok(positions)
}

/// The endpoints of the model that tables, charts and sheets are asked to speak of.
pub(super) fn focus(model: &Model, options: &PrintOptions) -> Result<Focus, Failure> {
    let endpoints = model.workload.endpoints.iter();
    let known: Vec<&str> = endpoints.map(|endpoint| endpoint.name.as_str()).collect();
    super::deliver::focus(options, &known, "")
}

/// Says the warnings of a scenario.
pub(super) fn tell_warnings(reading: &Reading) {
    for warning in &reading.warnings {
        terminal::complain(render(warning, &reading.sources).trim_end());
    }
}

/// Why a scenario that reads cannot be simulated.
pub(super) fn shown(diagnostics: &[Diagnostic], sources: &Sources) -> Failure {
    Refused { diagnostics: diagnostics.to_vec(), sources: sources.clone() }.into()
}

/// What the flags change in the scenario, each with its flag: the same edits as `--set` makes.
fn edits(
    document: &Document,
    options: &ScenarioOptions,
    run: Option<&RunOptions>,
) -> Result<Vec<(&'static str, Edit)>, Failure> {
    let mut edits = Vec::new();
    for text in &options.edits {
        let (path, value) = split(text, "--set")?;
        edits.push(("--set", Edit { path, value }));
    }
    let mut set = |flag: &'static str, path: &str, value: Option<String>| {
        edits.extend(value.map(|value| (flag, Edit { path: path.to_string(), value })));
    };
    set("--seed", "run.seed", options.seed.map(|seed| seed.to_string()));
    if let Some(run) = run {
        let replications = run.replications.map(|count| count.to_string());
        match &run.duration {
            Some(duration) if document.says("run.until") => {
                set("--duration", "run.until", Some(duration.clone()));
                set("--replications", "run.replications", replications);
            }
            Some(duration) => {
                if let Err(error) = duration.parse::<Nanos>() {
                    return Err(flag::no_quantity("--duration", duration, &error));
                }
                let replications =
                    replications.map_or(String::new(), |n| format!(", replications: {n}"));
                let fixed = format!("{{ duration: {duration}{replications} }}");
                set("--duration", "run.fixed", Some(fixed));
            }
            // What stands in `run.fixed` counts before what stands in `run`.
            None => {
                let fixed = if document.says("run.fixed") { "run.fixed" } else { "run" };
                set("--replications", &format!("{fixed}.replications"), replications);
            }
        }
        set("--precision", "run.precision", precision(document, run)?);
    }
    Ok(edits)
}

/// The precision that is asked for, of a run that is as long as it takes.
fn precision(document: &Document, run: &RunOptions) -> Result<Option<String>, Failure> {
    if run.precision.is_some() && document.says("run.fixed") {
        return Err(Failure::of(
            Code::FixedLength,
            "--precision has no effect on a scenario with `run.fixed`: \
             remove it from the file, or give --duration and --replications",
        ));
    }
    if run.precision.is_some() && document.says("run.until") {
        return Err(Failure::of(
            Code::FixedLength,
            "--precision has no effect on a run that ends at a clock time (`run.until`): \
             give --replications",
        ));
    }
    Ok(run.precision.clone())
}

/// `path=value` taken apart.
pub(super) fn split(text: &str, flag: &str) -> Result<(String, String), Failure> {
    let parts = text.split_once('=').map(|(path, value)| (path.trim(), value.trim()));
    match parts {
        Some((path, value)) if !path.is_empty() => Ok((path.to_string(), value.to_string())),
        _ => {
            let message = format!("{flag} takes PATH=VALUE; found {}", quoted(text));
            let hint = format!("write it like `{flag} workload.arrivals.poisson=800/s`");
            Err(flag::mistaken(
                flag,
                text,
                text,
                Diagnostic::new(Code::BadFlag, message, Span::NOWHERE).hint(hint),
            ))
        }
    }
}

fn size_limit(asked: Option<&str>) -> Result<SizeLimit, Failure> {
    let Some(text) = asked else {
        return Ok(SizeLimit::default());
    };
    let bytes = text.parse::<Bytes>().map_err(|error| {
        Failure::of(Code::BadFlag, format!("--size-limit: {error}; {}", error.hint))
    })?;
    Ok(SizeLimit::of_text(bytes.0))
}

/// A file that the scenario names, looked for beside the scenario. Pipes and devices may have no end, and
/// opening some waits for ever.
fn read_beside(folder: &Path, name: &str, limit: SizeLimit) -> Result<String, String> {
    let path = folder.join(name);
    let because = |reason: &dyn std::fmt::Display| format!("{}: {reason}", path.display());
    let found = std::fs::metadata(&path).map_err(|error| because(&error))?;
    if !found.is_file() {
        return Err(because(&"is not a file"));
    }
    let most = limit.text() as u64;
    let too_large = || {
        let most = Bytes(most);
        because(&format!("is larger than the limit of {most}; --size-limit raises the limit"))
    };
    if found.len() > most {
        return Err(too_large());
    }
    if is_made_up(&path) {
        return Err(because(&"is made by the system as it is read, and no file"));
    }
    let mut bytes = Vec::new();
    let opened = std::fs::File::open(&path).map_err(|error| because(&error))?;
    // The length may be none, or grow: what counts is what comes.
    let read = opened.take(most.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|error| because(&error))?;
    if bytes.len() as u64 > most {
        return Err(too_large());
    }
    String::from_utf8(bytes).map_err(|_| because(&"is no UTF-8 text; save it as UTF-8"))
}

/// Whether a path leads to where the system shows itself: such files have no length, and some keep whoever
/// reads them waiting for what comes next.
fn is_made_up(path: &Path) -> bool {
    let real = std::fs::canonicalize(path);
    real.is_ok_and(|real| ["/proc", "/sys", "/dev"].iter().any(|root| real.starts_with(root)))
}
