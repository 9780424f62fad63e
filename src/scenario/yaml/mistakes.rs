//! Text that is no YAML, or too much of it, told in words that help its author.

use granit_parser::{ErrorKind, ScanError};

use super::places::Places;
use super::weight::MOST_DEPTH;
use crate::model::Span;
use crate::scenario::{Code, Diagnostic, SizeLimit};
use crate::units::Bytes;

/// A mistake behind which nothing can be read.
pub(super) type Fatal = Box<Diagnostic>;

/// What the parser stumbled over.
pub(super) fn scan_error(error: &ScanError, places: &Places<'_>) -> Fatal {
    let span = places.at(*error.marker(), 1);
    let line = places.sources.line(span.source, span.line).unwrap_or_default();
    let diagnostic = match error.kind() {
        ErrorKind::RecursionLimitExceeded => return too_deep(span),
        ErrorKind::UnknownAnchor => {
            Diagnostic::new(Code::UnknownAlias, "no `&anchor` before this has its name", span)
                .hint("text that starts with `*` is written in quotes")
        }
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInIndentation => tab(span),
        _ if line.trim_start_matches(' ').starts_with('\t') => tab(span),
        kind => Diagnostic::new(Code::Syntax, format!("this is no valid YAML: {kind}"), span)
            .maybe_hint(law_hint(line)),
    };
    Box::new(diagnostic)
}

/// A comma ends a plain text between braces, so a law with two parameters must be quoted.
fn law_hint(line: &str) -> Option<String> {
    let comma_in_law = line.split('(').skip(1).any(|part| {
        part.find(',').is_some_and(|comma| part.find(')').is_none_or(|end| comma < end))
    });
    let hint = "between { } or [ ] a text with a comma is written in quotes: \
                \"lognormal(mean 2ms, cv 0.8)\"";
    comma_in_law.then(|| hint.to_string())
}

pub(super) fn too_large(limit: SizeLimit, place: Span) -> Fatal {
    let message = format!(
        "the scenario is larger than the limit of {} values and {} of text, aliases written out",
        limit.nodes(),
        Bytes(limit.text() as u64)
    );
    let hint = "an alias repeats the whole of what it stands for; is this the right file? \
                --size-limit raises the limit";
    Box::new(Diagnostic::new(Code::TooLarge, message, place).hint(hint))
}

pub(super) fn alias_ring(place: Span) -> Fatal {
    let message = "this alias stands inside the part that it repeats";
    Box::new(Diagnostic::new(Code::AliasRing, message, place).hint("write the part out"))
}

pub(super) fn too_deep(place: Span) -> Fatal {
    let message = format!("lists and maps are nested deeper than the limit of {MOST_DEPTH}");
    let hint = "give the inner steps an operation of their own and call it";
    Box::new(Diagnostic::new(Code::TooDeep, message, place).hint(hint))
}

fn tab(place: Span) -> Diagnostic {
    Diagnostic::new(Code::TabIndentation, "the line is indented with a tab", place)
        .hint("YAML is indented with spaces")
}

pub(super) fn several_documents(place: Span) -> Fatal {
    let message = "a second document starts here; a scenario is one document";
    let hint = "put it into a file of its own, or remove the `---`";
    Box::new(Diagnostic::new(Code::SeveralDocuments, message, place).hint(hint))
}

pub(super) fn empty(place: Span) -> Fatal {
    let hint = "start with `cutline: 1`; the files in `scenarios` are examples";
    Box::new(
        Diagnostic::new(Code::EmptyScenario, "there is nothing in this text", place).hint(hint),
    )
}
