//! What else to write for a flag or an argument that a command has not and another one has.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

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
