//! The journal of a sweep in its folder: what is finished there outlives an interruption. It is known by the hashes
//! of the scenarios that were run, so journals of shards, and of studies that choose their points, are alike.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::own_file::must_be_a_file;
use super::shard::Shard;
use super::{Failure, terminal};
use crate::report::{self, Asked};
use crate::scenario::Code;
use crate::study::{FORMAT, Journal, RunFindings};

/// An open journal.
pub(super) struct JournalFile {
    path: PathBuf,
    /// Journals of shards that points were taken from.
    shards: Vec<PathBuf>,
    file: File,
    /// What its lines are bound to.
    asked: Asked,
    known: BTreeMap<String, RunFindings>,
    /// Points that are finished, by this sweep or an earlier one.
    finished: usize,
    /// Whether it was said that a point cannot be kept.
    troubled: bool,
}

impl JournalFile {
    /// Begins the journal of the sweep called `name`, or of a shard of it; with `resume` goes on with the one
    /// that is there, and with those of all shards.
    /// Errors: one is the journal of another sweep, or cannot be read or written.
    pub(super) fn open(
        folder: &Path,
        name: &str,
        shard: Option<Shard>,
        asked: &Asked,
        resume: bool,
    ) -> Result<Self, Failure> {
        let file_name = shard.map_or(format!("{name}.journal"), |shard| shard.journal(name));
        let path = folder.join(file_name);
        let shown = path.display().to_string();
        let mut known = match text_of(&path)? {
            Some(text) if resume => known(&text, asked, &shown)?,
            Some(text) => {
                say_dropped(&text, &shown);
                BTreeMap::new()
            }
            None => BTreeMap::new(),
        };
        let shards =
            if resume && shard.is_none() { journals_of_shards(folder, name)? } else { Vec::new() };
        for path in &shards {
            if let Some(text) = text_of(path)? {
                known.extend(self::known(&text, asked, &path.display().to_string())?);
            }
        }
        if resume && known.is_empty() {
            terminal::complain(&format!("no {shown} to resume: every point is run"));
        }
        let file = begin(&path, asked, &known).with_context(|| format!("cannot write {shown}"))?;
        let asked = asked.clone();
        Ok(JournalFile { path, shards, file, asked, finished: known.len(), known, troubled: false })
    }

    /// Points that are finished.
    pub(super) fn finished(&self) -> usize {
        self.finished
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The sweep's results are written: its journals have done their work.
    pub(super) fn remove(self) {
        for path in self.shards.iter().chain([&self.path]) {
            let _ = fs::remove_file(path);
        }
    }
}

/// Says what a sweep that begins anew leaves of the journal that was there.
fn say_dropped(text: &str, shown: &str) {
    let journal = report::read_journal(text);
    let dropped = journal.answers.len();
    if let Some(format) = journal.asked.map(|asked| asked.format).filter(|it| *it != FORMAT) {
        terminal::complain(&format!(
            "{shown} is dropped: its form is {format}, and this cutline resumes form {FORMAT}"
        ));
    } else if dropped > 0 {
        terminal::complain(&format!(
            "points of an interrupted sweep are dropped: {dropped} of {shown}; --resume goes on with them"
        ));
    }
}

/// The text of a journal, however damaged; `None` where there is no such file.
fn text_of(path: &Path) -> Result<Option<String>, Failure> {
    match must_be_a_file(path).and_then(|()| fs::read(path)) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(anyhow::Error::new(error).context(path.display().to_string()).into()),
    }
}

/// The journals in the folder that shards of the sweep have left, in order of their names.
fn journals_of_shards(folder: &Path, name: &str) -> Result<Vec<PathBuf>, Failure> {
    let shown = || format!("cannot look into {}", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(shown)? {
        let path = entry.with_context(shown)?.path();
        let file_name = path.file_name().and_then(|name| name.to_str());
        if file_name.is_some_and(|file_name| Shard::is_journal(file_name, name)) {
            found.push(path);
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// The points of the journal's text that need not be run again.
fn known(text: &str, asked: &Asked, shown: &str) -> Result<BTreeMap<String, RunFindings>, Failure> {
    let journal = report::read_journal(text);
    let Some(before) = &journal.asked else {
        terminal::complain(&format!("{shown} is damaged at its start: every point is run"));
        return Ok(BTreeMap::new());
    };
    if before.format != FORMAT {
        let word = if before.format < FORMAT { "an older" } else { "a newer" };
        return Err(Failure::of(
            Code::OtherFormat,
            format!(
                "{shown} was left by {word} cutline: its form is {}, and this one resumes \
             form {FORMAT}; run without --resume to begin anew, or resume it with the cutline that left it",
                before.format
            ),
        ));
    }
    let differences = report::differences(before, asked);
    if !differences.is_empty() {
        return Err(Failure::of(
            Code::OtherSweep,
            format!(
                "{shown} is of another sweep: {}; run without --resume to begin anew",
                differences.join("; ")
            ),
        ));
    }
    let (points, damaged) = (journal.answers.len(), journal.damaged);
    let told = if damaged > 0 {
        format!("{points} finished points are taken from {shown}; {damaged} damaged are run again")
    } else {
        format!("{points} finished points are taken from {shown}")
    };
    terminal::complain(&told);
    Ok(journal.answers)
}

/// A journal with what is known, in place of what was there: a torn end must not stand in the middle.
fn begin(
    path: &Path,
    asked: &Asked,
    known: &BTreeMap<String, RunFindings>,
) -> std::io::Result<File> {
    let part = path.with_extension("journal.part");
    must_be_a_file(&part)?;
    let mut file = File::create(&part)?;
    file.write_all(report::asked_line(asked).as_bytes())?;
    for found in known.values() {
        file.write_all(report::answer_line(asked, found).as_bytes())?;
    }
    file.sync_all()?;
    fs::rename(&part, path)?;
    Ok(file)
}

impl Journal for JournalFile {
    fn known(&mut self, scenario_hash: &str) -> Option<RunFindings> {
        self.known.remove(scenario_hash)
    }

    fn keep(&mut self, found: &RunFindings) {
        let line = report::answer_line(&self.asked, found);
        match self.file.write_all(line.as_bytes()) {
            Ok(()) => self.finished += 1,
            Err(error) if !self.troubled => {
                self.troubled = true;
                let path = self.path.display();
                terminal::complain(&format!("warning: {path} cannot be written: {error}"));
            }
            Err(_) => {}
        }
    }
}
