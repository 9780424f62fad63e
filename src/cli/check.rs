//! `cutline check`: every mistake at once, then what arithmetic shows.

use super::arguments::ScenarioOptions;
use super::{Failure, Finding, load, terminal};
use crate::plan::{compile, forecast};
use crate::report::{self, Preview};
use crate::scenario::Diagnostic;
use crate::study::{effort, long_run};

pub(super) fn execute(options: &ScenarioOptions) -> Result<Finding, Failure> {
    let loaded = load::load(options, None)?;
    let (model, sources) = load::model(&loaded)?;
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    let mut previews = Vec::new();
    for layout in load::layouts(&model, &options.layouts)? {
        match compile(&model, layout) {
            Ok(plan) => {
                let forecast = forecast(&plan);
                let effort = effort(model.run.length, plan.load.rhythm, &forecast);
                previews.push(Preview { plan, forecast, effort });
            }
            Err(found) => {
                for diagnostic in found {
                    if !diagnostics.contains(&diagnostic) {
                        diagnostics.push(diagnostic);
                    }
                }
            }
        }
    }
    if !diagnostics.is_empty() {
        return Err(load::shown(&diagnostics, &sources));
    }
    let plans = previews.iter().map(|preview| (&preview.plan, &preview.forecast));
    if let Some(long) = long_run(&model, plans) {
        terminal::complain(&long.code.says(&long.message));
    }
    terminal::print(&report::preview_table(&previews, terminal::width()))?;
    Ok(Finding::Fine)
}
