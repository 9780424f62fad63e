//! `cutline man`: the manual pages of every command, made from what `--help` says.

use anyhow::Context;
use clap::{Command, CommandFactory};
use clap_mangen::Man;

use super::arguments::{Arguments, ManOptions};
use super::interrupt::Gently;
use super::{Failure, Finding, deliver, terminal, write};

pub(super) fn execute(options: &ManOptions) -> Result<Finding, Failure> {
    let pages = pages().context("cannot make the pages")?;
    let gently = Gently::new();
    let made = write::prepare(&options.folder)?;
    deliver::write(&options.folder, &pages, "nothing was written")?;
    drop((made, gently));
    terminal::complain(&format!("{} pages are in {}", pages.len(), options.folder.display()));
    Ok(Finding::Fine)
}

/// The page of the program and of each of its commands, with its file's name.
fn pages() -> std::io::Result<Vec<(String, Vec<u8>)>> {
    let mut whole = Arguments::command().disable_help_subcommand(true);
    whole.build();
    let commands: Vec<Command> = whole.get_subcommands().cloned().collect();
    let page = |command: Command| {
        let page = Man::new(command);
        let mut bytes = Vec::new();
        page.render(&mut bytes)?;
        Ok((page.get_filename(), bytes))
    };
    std::iter::once(whole).chain(commands).map(page).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page_with_its_flags_and_an_example() {
        let pages = pages().unwrap();
        let names: Vec<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
        assert!(names.contains(&"cutline.1") && names.contains(&"cutline-run.1"), "{names:?}");
        let (_, run) = pages.iter().find(|(name, _)| name == "cutline-run.1").unwrap();
        let run = String::from_utf8_lossy(run);
        assert!(run.contains("replications") && run.contains("Example"), "{run}");
    }
}
