//! `cutline check`: every mistake at once, then what arithmetic shows. An overload is no success.

use super::arguments::{CheckFormat, CheckOptions};
use super::progress_line::ProgressLine;
use super::{Failure, Finding, interrupt, load, terminal};
use crate::plan::{Forecast, Plan, compile, forecast};
use crate::report::{self, Said};
use crate::scenario::{Diagnostic, Reading};
use crate::study::{Stopped, effort, long_run};

/// The layouts that compile, and what arithmetic says of each.
type Plans = Vec<(Plan, Forecast)>;
/// The same, borrowed.
type Loads<'a> = &'a [(Plan, Forecast)];

pub(super) fn execute(options: &CheckOptions) -> Result<Finding, Failure> {
    if options.list_layouts {
        return load::list_layouts(&options.scenario);
    }
    match options.format {
        CheckFormat::Table => told(options),
        CheckFormat::Json => said(options, report::check_json),
        CheckFormat::Github => said(options, |said, _| report::check_github(said)),
    }
}

/// For people: mistakes as they are drawn, then a table.
fn told(options: &CheckOptions) -> Result<Finding, Failure> {
    let loaded = load::load(&options.scenario, None)?;
    let reading = loaded.reading()?;
    load::tell_warnings(&reading);
    let plans = plans(options, &reading)?;
    let model = &reading.model;
    if let Some(long) = long_run(model, plans.iter().map(|(plan, forecast)| (plan, forecast))) {
        terminal::complain(&long.code.says(&long.message));
    }
    let effort = effort(model, &plans, &ProgressLine::new(false));
    let effort = effort.map_err(|Stopped| interrupt::interrupted("nothing was written"))?;
    terminal::print(&report::preview_table(&plans, effort.as_ref(), terminal::width()))?;
    Ok(finding(&plans))
}

/// For another program: whatever is wrong with the scenario is no reason to tell it in another way.
fn said(
    options: &CheckOptions,
    write: fn(&[Said], Loads<'_>) -> String,
) -> Result<Finding, Failure> {
    let mut all = Vec::new();
    let found = load::load(&options.scenario, None).and_then(|loaded| {
        let reading = loaded.reading()?;
        let warnings = reading.warnings.iter();
        all.extend(warnings.map(|warning| Said::of(warning, &reading.sources)));
        let plans = plans(options, &reading)?;
        let loads = plans.iter().map(|(plan, forecast)| (plan, forecast));
        all.extend(long_run(&reading.model, loads).map(|long| Said::of_run(&long)));
        for (plan, _) in &plans {
            all.extend(plan.remarks.iter().map(|remark| Said::of_layout(remark, &plan.layout)));
        }
        Ok(plans)
    });
    match found {
        Ok(plans) => {
            terminal::print(&write(&all, &plans))?;
            Ok(finding(&plans))
        }
        Err(Failure::Refused(refused)) => {
            for refused in &refused {
                let mistakes = refused.diagnostics.iter();
                all.extend(mistakes.map(|mistake| Said::of(mistake, &refused.sources)));
            }
            terminal::print(&write(&all, &[]))?;
            Ok(Finding::Mistaken)
        }
        Err(failure) => Err(failure),
    }
}

/// Every layout that is asked for, or the mistakes of all of them.
fn plans(options: &CheckOptions, reading: &Reading) -> Result<Plans, Failure> {
    let model = &reading.model;
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    let mut plans = Vec::new();
    for layout in load::layouts(model, &options.scenario.layouts)? {
        match compile(model, layout) {
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
    if diagnostics.is_empty() {
        return Ok(plans);
    }
    Err(load::shown(&diagnostics, &reading.sources))
}

fn finding(plans: &[(Plan, Forecast)]) -> Finding {
    let overloaded = plans.iter().any(|(_, forecast)| forecast.overload().is_some());
    if overloaded { Finding::Overloaded } else { Finding::Fine }
}
