//! `cutline verify`: the simulator against exact answers and published figures.

use super::arguments::{Format, VerifyOptions};
use super::deliver;
use super::progress_line::ProgressLine;
use super::run::in_pool;
use super::terminal;
use super::{Failure, Finding};
use crate::report;
use crate::scenario::{Code, did_you_mean};
use crate::verify::{self, KnownCase, Selection};

pub(super) fn execute(options: &VerifyOptions) -> Result<Finding, Failure> {
    if options.list {
        let color = terminal::color(options.telling.color);
        let list = report::verify_list(&verify::waiting());
        let text = match options.telling.format {
            Format::Json => report::verify_list_json(&verify::waiting()),
            Format::Md => list.markdown(),
            Format::Table | Format::Csv => list.text(terminal::width(), color),
        };
        terminal::print(&text)?;
        return Ok(Finding::Fine);
    }
    if let Some(id) = &options.show {
        terminal::print(&known(id)?.text(options.seed))?;
        return Ok(Finding::Fine);
    }
    let only = options.cases.iter().map(|id| known(id)).collect::<Result<Vec<_>, _>>()?;
    let selection = Selection { quick: options.quick, only };
    let progress = ProgressLine::new(false);
    let findings =
        in_pool(options.telling.threads, || verify::run(&selection, options.seed, &progress))?;
    progress.finish();
    terminal::print(&deliver::text(
        &findings,
        options.telling.format,
        false,
        options.telling.color,
    ))?;
    Ok(if findings.passed() { Finding::Fine } else { Finding::Missed })
}

/// The case of that name, or why there is none.
fn known(id: &str) -> Result<KnownCase, Failure> {
    if let Some(known) = KnownCase::find(id) {
        return Ok(known);
    }
    let id = crate::scenario::visible(id);
    if let Some(waiting) = verify::waiting().iter().find(|waiting| waiting.id == id) {
        let feature = waiting.feature;
        let message = format!("`{id}` cannot be run yet: it waits for {feature}");
        return Err(Failure::of(Code::WaitingCase, message));
    }
    let names: Vec<&str> = KnownCase::all().map(|(_, known)| known.id()).collect();
    let hint = did_you_mean(&id, &names);
    let hint = hint.unwrap_or_else(|| "`cutline verify --list` shows all cases".to_string());
    Err(Failure::of(Code::UnknownCase, format!("no case is called `{id}`: {hint}")))
}
