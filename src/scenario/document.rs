//! A scenario's text as a tree that can be edited and read again and again.

use std::cell::RefCell;

use super::decode;
use super::fingerprint::fingerprint;
use super::foreign::foreign;
use super::lookalikes;
use super::node::Node;
use super::text::{SCENARIO, as_text};
use super::{
    Code, Diagnostic, Edit, Loader, Refused, Severity, SizeLimit, Sources, edit, fields, yaml,
};
use crate::model::{Model, Span};

/// A parsed scenario, before anything in it has a meaning. Studies clone, edit and read it.
#[derive(Debug, Clone)]
pub struct Document {
    root: Node,
    sources: Sources,
    /// Mistakes of the text that left a tree all the same, told together with those of meaning.
    problems: Vec<Diagnostic>,
}

/// A model, with what is doubtful about it.
#[derive(Debug, Clone)]
pub struct Reading {
    /// What the author said.
    pub model: Model,
    /// Doubts, in order of the text.
    pub warnings: Vec<Diagnostic>,
    /// Texts that the spans of the model and of the warnings point into.
    pub sources: Sources,
}

impl Document {
    /// Parses the bytes of a scenario; `name` is what diagnostics call it.
    ///
    /// # Errors
    /// What is no text, no YAML, or beyond a limit.
    pub fn parse(text: impl AsRef<[u8]>, name: &str) -> Result<Self, Refused> {
        Self::parse_within(SizeLimit::default(), text, name)
    }

    /// The same with another limit than the usual one.
    ///
    /// # Errors
    /// As `parse`.
    pub fn parse_within(
        limit: SizeLimit,
        text: impl AsRef<[u8]>,
        name: &str,
    ) -> Result<Self, Refused> {
        let mut sources = Sources::within(limit);
        let text = match as_text(text.as_ref(), limit, SCENARIO) {
            Ok(text) => text,
            Err((shown, diagnostic)) => {
                sources.add(name, &shown);
                return Err(Refused { diagnostics: vec![*diagnostic], sources });
            }
        };
        let source = sources.add(name, text);
        let mut problems = Vec::new();
        match yaml::parse(text, source, 0, &sources, &mut problems) {
            Some(root) => match foreign(&root) {
                Some(diagnostic) => Err(Refused { diagnostics: vec![diagnostic], sources }),
                None => Ok(Document { root, sources, problems }),
            },
            None => Err(Refused { diagnostics: problems, sources }),
        }
    }

    /// Puts a value (YAML text) at a path.
    ///
    /// # Errors
    /// A value that is no YAML, a path that leads nowhere, a single value for a whole map.
    /// The document is then unchanged but for its sources.
    pub fn edit(&mut self, path: &str, value: &str) -> Result<(), Refused> {
        self.edit_by("--set", path, value)
    }

    /// The same; `flag` is what diagnostics call the edit.
    ///
    /// # Errors
    /// As `edit`.
    pub fn edit_by(&mut self, flag: &str, path: &str, value: &str) -> Result<(), Refused> {
        let text = format!("{path}={value}");
        let source = self.sources.add(flag, &text);
        let mut problems = Vec::new();
        let shift = u32::try_from(path.chars().count() + 1).unwrap_or(u32::MAX);
        let parsed = if matches!(value.trim(), "" | "~" | "null") {
            let span = Span { source, line: 1, column: shift, length: 1 };
            let message = format!("nothing is written for `{path}`");
            let hint = "write the value after the `=`";
            problems.push(Diagnostic::new(Code::MissingValue, message, span).hint(hint));
            None
        } else {
            yaml::parse(value, source, shift, &self.sources, &mut problems)
        };
        if let (Some(value), true) = (parsed, problems.is_empty()) {
            match edit::set(&mut self.root, path, value, source) {
                Ok(()) => {
                    edit::give_way(&mut self.root, path);
                    return Ok(());
                }
                Err(diagnostic) => problems.push(*diagnostic),
            }
        }
        Err(Refused { diagnostics: problems, sources: self.sources.clone() })
    }

    /// The tree.
    pub(super) fn root(&self) -> &Node {
        &self.root
    }

    /// Whether the scenario says anything at `path`, keys joined by dots.
    pub fn says(&self, path: &str) -> bool {
        let mut node = Some(&self.root);
        for key in path.split('.') {
            node = node.and_then(|node| node.get(key));
        }
        node.is_some()
    }

    /// The names at `path`, keys joined by dots, where a map stands there; in file order.
    pub fn names(&self, path: &str) -> Vec<&str> {
        let mut node = Some(&self.root);
        for key in path.split('.') {
            node = node.and_then(|node| node.get(key));
        }
        let entries = node.and_then(Node::entries).unwrap_or_default();
        entries.iter().map(|entry| entry.key.as_str()).collect()
    }

    /// Every single value that the scenario says, as path and text, in file order.
    pub fn says_all(&self) -> Vec<(String, String)> {
        let mut said = Vec::new();
        self.root.leaves("", &mut said);
        said
    }

    /// Reads the model; `loader` gives the text of files that the scenario names.
    ///
    /// # Errors
    /// All mistakes of the scenario at once.
    pub fn model(&self, loader: &Loader<'_>) -> Result<Reading, Refused> {
        self.model_with(loader, Vec::new())
    }

    fn model_with(
        &self,
        loader: &Loader<'_>,
        mut problems: Vec<Diagnostic>,
    ) -> Result<Reading, Refused> {
        problems.extend(self.problems.iter().cloned());
        let files = RefCell::new(Vec::new());
        let remembering = |name: &str| {
            let content = loader(name)?;
            files.borrow_mut().push((name.to_string(), content.clone()));
            Ok(content)
        };
        let sources = self.sources.clone();
        let decoded = decode::model(&self.root, sources, &remembering, problems, fields());
        let mut diagnostics = decoded.diagnostics;
        lookalikes::explain(&mut diagnostics, &decoded.sources);
        // Edits come after the file, and what has no place comes last.
        diagnostics.sort_by_key(|diagnostic| {
            let span = diagnostic.span;
            (span.line == 0, span.source, span.line, span.column)
        });
        match decoded.model {
            Some(mut model) if diagnostics.iter().all(|d| d.severity() != Severity::Error) => {
                let doubts = diagnostics.iter();
                let doubts = doubts.map(|told| (told.code.text(), told.message.clone()));
                model.doubts = doubts.collect();
                model.fingerprint =
                    fingerprint(&self.root, &files.borrow(), &model, &decoded.written);
                Ok(Reading { model, warnings: diagnostics, sources: decoded.sources })
            }
            _ => Err(Refused { diagnostics, sources: decoded.sources }),
        }
    }
}

/// Reads a scenario: its text, edits upon it in order, and the files it names.
///
/// # Errors
/// All mistakes of the text and of the edits at once.
pub fn read(
    text: impl AsRef<[u8]>,
    name: &str,
    edits: &[Edit],
    loader: &Loader<'_>,
) -> Result<Reading, Refused> {
    let mut document = Document::parse(text, name)?;
    let mut problems = Vec::new();
    for Edit { path, value } in edits {
        if let Err(refused) = document.edit(path, value) {
            problems.extend(refused.diagnostics);
        }
    }
    document.model_with(loader, problems)
}
