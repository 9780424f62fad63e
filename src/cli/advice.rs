//! What to write instead of what the command line does not take: another flag or argument, or a number where a word stands.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use super::{Failure, flag};
use crate::model::Span;
use crate::scenario::{Code, Diagnostic, quoted};

/// The same mistake with a tip, where there is one.
pub(super) fn advised(mut error: Error, command: Option<&str>) -> Error {
    let argument = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(argument)) => argument.clone(),
        _ => return error,
    };
    if let Some(tip) = tip(error.kind(), command, &argument) {
        let tips = ContextValue::StyledStrs(vec![StyledStr::from(tip)]);
        error.insert(ContextKind::Suggested, tips);
    }
    error
}

/// Flags that take whole numbers, with what they take and an example.
const NUMBERS: [(&str, &str, &str); 5] = [
    ("--draws", "a whole number from 2 to 1000", "8"),
    ("--replication", "the number of a replication, from 1 on", "2"),
    ("--replications", "a whole number of replications", "10"),
    ("--seed", "a whole number from 0 on", "42"),
    ("--threads", "a whole number from 1 to 1024", "4"),
];

/// A value that is no such number as its flag takes, as mistakes in flags are told.
pub(super) fn no_number(error: &Error) -> Option<Failure> {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    if error.kind() != ErrorKind::ValueValidation {
        return None;
    }
    let name = text(ContextKind::InvalidArg)?.split(' ').next()?;
    let (name, takes, example) = NUMBERS.into_iter().find(|(own, ..)| *own == name)?;
    let value = text(ContextKind::InvalidValue)?;
    let message = format!("{name} takes {takes}; found {}", quoted(value));
    let diagnostic = Diagnostic::new(Code::BadFlag, message, Span::NOWHERE);
    let diagnostic = diagnostic.hint(format!("write it like `{name} {example}`"));
    Some(flag::mistaken(name, value, value, diagnostic))
}

fn tip(kind: ErrorKind, command: Option<&str>, argument: &str) -> Option<&'static str> {
    if kind != ErrorKind::UnknownArgument || command != Some("compare") {
        return None;
    }
    match argument {
        "--duration" | "--replications" | "--precision" => Some(
            "`compare` simulates as the scenario says: write `--set run.fixed.duration=60s` or \
             `--set run.replications=5`",
        ),
        _ if argument.starts_with('-') => None,
        _ => Some(
            "`compare` sets two runs beside each other; the layouts of one scenario are compared by \
             `cutline run FILE`, some of them with `--layout NAME`",
        ),
    }
}
