//! `cutline explain`: which defaults entered, with their sources, and what each layout compiles to.

use super::arguments::ScenarioOptions;
use super::{Failure, Finding, load, terminal};
use crate::plan::{compile, listing};
use crate::report;
use crate::scenario::visible;

pub(super) fn execute(options: &ScenarioOptions) -> Result<Finding, Failure> {
    let loaded = load::load(options, None)?;
    let (model, sources) = load::model(&loaded)?;
    let mut text = report::defaults_table(&model.defaults_used);
    for layout in load::layouts(&model, &options.layouts)? {
        let plan = compile(&model, layout).map_err(|found| load::shown(&found, &sources))?;
        text += &format!("\nlayout {}\n\n{}", plan.layout, listing(&plan));
    }
    // Names come from the file and may hold anything.
    let lines: Vec<String> = text.lines().map(visible).collect();
    terminal::print(&(lines.join("\n") + "\n"));
    Ok(Finding::Fine)
}
