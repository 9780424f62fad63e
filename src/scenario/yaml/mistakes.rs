//! Text that is no YAML, or too much of it, told in words that help its author.

use granit_parser::{ErrorKind, ScanError};

use super::places::Places;
use super::weight::MOST_DEPTH;
use super::{brackets, indentation};
use crate::model::Span;
use crate::scenario::lookalikes;
use crate::scenario::{Code, Diagnostic, SizeLimit, Sources};
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
        kind => lookalikes::behind_syntax(places.sources, span)
            .or_else(|| law_mistake(line, span))
            .or_else(|| brackets::explain(places, span, is_about_brackets(kind)))
            .or_else(|| tab_below(places.sources, span))
            .or_else(|| indentation::explain(places.sources, span))
            .or_else(|| colon_mistake(kind, line, span))
            .unwrap_or_else(|| {
                let hint = "look at this line and the one above it: `name: value`, with spaces \
                            before it that say what it belongs to";
                Diagnostic::new(Code::Syntax, format!("this is no valid YAML: {kind}"), span)
                    .hint(hint)
            }),
    };
    Box::new(diagnostic)
}

/// Whether the parser stumbled over a bracket or quote itself, so that its mark is not where it stopped.
fn is_about_brackets(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::UnclosedFlowCollection { .. }
            | ErrorKind::MismatchedFlowCollectionEnd { .. }
            | ErrorKind::MisplacedFlowCollectionEnd
            | ErrorKind::UnexpectedEofFlowSequence
            | ErrorKind::UnexpectedEofFlowMapping
            | ErrorKind::UnexpectedEofImplicitFlowMapping
            | ErrorKind::UnclosedQuotedScalar
    )
}

/// A line without a colon, with none that a space follows, or with two.
fn colon_mistake(kind: &ErrorKind, line: &str, span: Span) -> Option<Diagnostic> {
    let text = line.trim();
    let message = |text: &str| Diagnostic::new(Code::Syntax, text, span);
    match kind {
        ErrorKind::SimpleKeyExpected => Some(match text.split_once(':') {
            Some((name, value)) if !value.is_empty() => {
                message("there is no space behind the colon")
                    .hint(format!("write `{name}: {}`", value.trim()))
            }
            _ => message("there is no colon in this line").hint("write `name: value`"),
        }),
        ErrorKind::MappingValueNotAllowed => {
            let (name, value) = text.split_once(": ")?;
            let hint = format!(
                "text with a colon and a space is written in quotes: `{name}: \"{}\"`",
                value.replace('"', "")
            );
            value.contains(':').then(|| message("a second colon stands in this line").hint(hint))
        }
        ErrorKind::MisplacedFlowCollectionEnd => {
            Some(message("this bracket closes nothing").hint("remove it, or open one before it"))
        }
        ErrorKind::ExpectedBlockSequenceEntry => Some(
            message("a field stands among the items of a list")
                .hint("write `- ` before it, or indent the items below a name of their own"),
        ),
        ErrorKind::ExpectedBlockMappingKey if text.starts_with("- ") => Some(
            message("an item of a list stands among the fields of a map")
                .hint("indent it below the name that the list belongs to, or write `name: value`"),
        ),
        _ => None,
    }
}

/// The same with what it is, where it can be nothing else.
fn law_mistake(line: &str, span: Span) -> Option<Diagnostic> {
    let hint = law_hint(line)?;
    let message = "a comma ends this text before its bracket is closed";
    Some(Diagnostic::new(Code::Syntax, message, span).hint(hint))
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

/// Where the next line that says anything is indented with a tab, the parser may mark the end of this one.
fn tab_below(sources: &Sources, place: Span) -> Option<Diagnostic> {
    let mut below = place.line + 1;
    while sources.line(place.source, below)?.trim().is_empty() {
        below += 1;
    }
    let line = sources.line(place.source, below)?;
    let spaces = line.chars().take_while(|letter| *letter == ' ').count();
    let is_tab = line.chars().nth(spaces) == Some('\t');
    let column = u32::try_from(spaces + 1).unwrap_or(u32::MAX);
    is_tab.then(|| tab(Span { line: below, column, length: 1, ..place }))
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
