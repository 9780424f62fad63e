//! The command line: arguments, files, terminal, exit codes. The only place that prints, reads files or
//! exits.
//!
//! Exit codes: 0 fine; 1 the program is wrong, as its own checks or `verify` say, or two runs that are
//! compared part, or a point of a sweep failed; 2 usage, a bad scenario, or files; 3 a promise of the file
//! was not kept; 129, 130 and 143 interrupted.

mod advice;
mod arguments;
mod calibrate;
mod check;
mod compare;
mod completers;
mod completions;
mod deliver;
mod diff_trace;
mod ending;
mod examples;
mod explain;
mod flag;
mod fonts;
mod init;
mod input;
mod interrupt;
mod journal;
mod load;
mod lock;
mod man;
mod own_file;
mod progress_line;
mod report;
mod run;
mod shard;
mod sweep;
mod templates;
mod terminal;
mod vary;
mod verify;
mod write;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use arguments::{Arguments, Command};
use ending::{Failure, Finding};

/// Runs the program on the arguments of the process.
pub fn main() -> ExitCode {
    match completions::answer() {
        Ok(true) => return ExitCode::SUCCESS,
        Ok(false) => {}
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(2);
        }
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            if let Some(mistake) = advice::no_number(&error) {
                terminal::complain(&mistake.to_string());
                return ExitCode::from(2);
            }
            let fine = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            let command = std::env::args_os().nth(1).and_then(|word| word.into_string().ok());
            // A closed terminal is no reason to fail twice.
            let _ = advice::advised(error, command.as_deref()).print();
            return ExitCode::from(if fine { 0 } else { 2 });
        }
    };
    interrupt::listen();
    match execute(&arguments) {
        Ok(Finding::Fine) => ExitCode::SUCCESS,
        Ok(Finding::PointFailed) => ExitCode::from(1),
        Ok(Finding::PromiseBroken | Finding::Overloaded) => ExitCode::from(3),
        Ok(Finding::Wrong | Finding::RunsPart | Finding::Missed) => ExitCode::from(1),
        Ok(Finding::Mistaken) => ExitCode::from(2),
        Err(failure @ Failure::Refused(_)) => {
            terminal::complain(&failure.to_string());
            ExitCode::from(2)
        }
        Err(Failure::Usage(message)) => {
            terminal::complain(&message);
            ExitCode::from(2)
        }
        Err(Failure::Environment(error)) => {
            terminal::complain(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
        Err(Failure::Interrupted(message)) => {
            terminal::complain(&message);
            ExitCode::from(interrupt::exit_code())
        }
    }
}

fn execute(arguments: &Arguments) -> Result<Finding, Failure> {
    match &arguments.command {
        Command::Run(options) => run::execute(options),
        Command::Sweep(options) => sweep::execute(options),
        Command::Report(options) => report::execute(options),
        Command::Compare(options) => compare::execute(options),
        Command::Check(options) => check::execute(options),
        Command::Explain(options) => explain::execute(options),
        Command::DiffTrace(options) => diff_trace::execute(options),
        Command::Calibrate(options) => calibrate::execute(options),
        Command::Verify(options) => verify::execute(options),
        Command::Init(options) => init::execute(options),
        Command::Completions(options) => completions::execute(options),
        Command::Man(options) => man::execute(options),
        Command::Schema => {
            terminal::print(&crate::report::scenario_schema())?;
            Ok(Finding::Fine)
        }
    }
}
