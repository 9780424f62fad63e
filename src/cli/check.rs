//! `cutline check`: every mistake at once, then what arithmetic shows. An overload is no success.

use super::arguments::ScenarioOptions;
use super::terminal::Spinner;
use super::{Failure, Finding, interrupt, load, terminal};
use crate::plan::{compile, forecast};
use crate::report;
use crate::scenario::Diagnostic;
use crate::study::{Stopped, effort, long_run};

pub(super) fn execute(options: &ScenarioOptions) -> Result<Finding, Failure> {
    let loaded = load::load(options, None)?;
    let (model, sources) = load::model(&loaded)?;
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    let mut plans = Vec::new();
    for layout in load::layouts(&model, &options.layouts)? {
        match compile(&model, layout) {
            Ok(plan) => {
                let forecast = forecast(&plan);
                plans.push((plan, forecast));
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
    if let Some(long) = long_run(&model, plans.iter().map(|(plan, forecast)| (plan, forecast))) {
        terminal::complain(&long.code.says(&long.message));
    }
    let effort = effort(&model, &plans, &Spinner::new(false));
    let effort = effort.map_err(|Stopped| interrupt::interrupted("nothing was written"))?;
    terminal::print(&report::preview_table(&plans, effort.as_ref(), terminal::width()))?;
    let overloaded = plans.iter().any(|(_, forecast)| forecast.overload().is_some());
    Ok(if overloaded { Finding::Overloaded } else { Finding::Fine })
}
