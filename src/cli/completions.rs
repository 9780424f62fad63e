//! `cutline completions`: what a shell needs to complete commands, flags, and what stands in a scenario: its layouts, its
//! endpoints, and the paths of its values. The shell asks this program at each turn, so that no list grows old.

use std::path::Path;

use anyhow::Context;
use clap::CommandFactory;
use clap_complete::CompleteEnv;
use clap_complete::env::Shells;

use super::arguments::{Arguments, CompletionsOptions, Shell};
use super::{Failure, Finding, terminal};

/// Set by the script of a shell that asks.
const ASKED: &str = "CUTLINE_COMPLETE";

/// The program's own name, as a shell knows it.
const NAME: &str = "cutline";

/// As the engine calls it.
fn engine_name(shell: Shell) -> &'static str {
    match shell {
        Shell::Bash => "bash",
        Shell::Elvish => "elvish",
        Shell::Fish => "fish",
        Shell::Powershell => "powershell",
        Shell::Zsh => "zsh",
    }
}

/// Prints the script that lets a shell ask.
pub(super) fn execute(options: &CompletionsOptions) -> Result<Finding, Failure> {
    let shells = Shells::builtins();
    let Some(shell) = shells.completer(engine_name(options.shell)) else {
        unreachable!("{} is built in", engine_name(options.shell))
    };
    let mut script = Vec::new();
    let written = shell.write_registration(ASKED, NAME, NAME, &program(), &mut script);
    written.context("cannot make the script")?;
    terminal::print(&String::from_utf8_lossy(&script))?;
    Ok(Finding::Fine)
}

/// The program that the shell is to ask: as it was called, but from anywhere.
fn program() -> String {
    let called = std::env::args_os().next().unwrap_or_else(|| NAME.into());
    let by_path = Path::new(&called).components().count() > 1;
    let whole = if by_path { std::env::current_exe().ok() } else { None };
    whole.map_or(NAME.to_string(), |whole| whole.display().to_string())
}

/// Answers a shell that asks, if one does; answers whether.
pub(super) fn answer() -> clap::error::Result<bool> {
    let folder = std::env::current_dir().ok();
    let asked = CompleteEnv::with_factory(Arguments::command).var(ASKED).bin(NAME);
    asked.try_complete(std::env::args_os(), folder.as_deref())
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn every_shell_has_a_script_that_asks_this_program() {
        let shells = Shells::builtins();
        for shell in Shell::value_variants() {
            let name = engine_name(*shell);
            assert_eq!(shell.to_possible_value().unwrap().get_name(), name);
            let mut script = Vec::new();
            let known = shells.completer(name).unwrap();
            known.write_registration(ASKED, NAME, NAME, "/bin/cutline", &mut script).unwrap();
            let script = String::from_utf8(script).unwrap();
            assert!(script.contains(ASKED) && script.contains("/bin/cutline"), "{script}");
        }
    }
}
