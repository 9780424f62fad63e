//! `cutline run`: every layout, compared, with its files and charts.

use anyhow::Context;

use super::arguments::{Format, RunOptions};
use super::interrupt::{self, Gently};
use super::terminal::{self, Spinner};
use super::{Failure, Finding, load, write};
use crate::report;
use crate::scenario::Code;
use crate::study::{self, RunFindings, Unfinished};

pub(super) fn execute(options: &RunOptions) -> Result<Finding, Failure> {
    let loaded = load::load(&options.scenario, Some(options))?;
    let (model, sources) = load::model(&loaded)?;
    let layouts = load::layouts(&model, &options.scenario.layouts)?;
    let folder = write::folder(options.out.as_ref(), &model.name);
    let gently = Gently::new();
    let made = write::prepare(&folder)?;
    let spinner = Spinner::new(options.quiet);
    let findings = in_pool(options.threads, || study::run(&model, &layouts, &spinner))?;
    let findings = findings.map_err(|unfinished| match unfinished {
        Unfinished::Refused(diagnostics) => load::shown(&diagnostics, &sources),
        Unfinished::Stopped => interrupt::interrupted("nothing was written"),
    })?;
    spinner.note_drawing();
    let files = files(&findings);
    interrupt::check("nothing was written")?;
    write::write_all(&folder, &files)?;
    spinner.finish();
    interrupt::check(&format!("the results are in {}, whole", folder.display()))?;
    drop((made, gently));
    if !options.quiet {
        terminal::print(&text(&findings, options))?;
        if options.format == Format::Table {
            terminal::complain(&format!("results and charts are in {}", folder.display()));
        }
    }
    Ok(finding(&findings))
}

/// What a run comes to. A breach of what holds for every run is said whatever is asked to be quiet.
pub(super) fn finding(findings: &RunFindings) -> Finding {
    let breaches: Vec<&str> = findings.breaches().collect();
    if !breaches.is_empty() {
        for breach in breaches {
            terminal::complain(&Code::SelfCheck.says(breach));
        }
        return Finding::Wrong;
    }
    let kept = findings.slo.iter().all(|promise| promise.met);
    if kept { Finding::Fine } else { Finding::PromiseBroken }
}

impl Spinner {
    fn note_drawing(&self) {
        study::Progress::note(self, "drawing charts");
    }
}

/// Runs a study on so many threads; all of the machine's where none are asked for.
pub(super) fn in_pool<T: Send>(
    threads: Option<u16>,
    study: impl FnOnce() -> T + Send,
) -> Result<T, Failure> {
    let pool =
        study::Workers::new(threads.map_or(0, usize::from)).context("cannot start threads")?;
    Ok(pool.run(study))
}

/// What a run leaves in its folder.
fn files(findings: &RunFindings) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![("results.json".to_string(), report::run_json(findings).into_bytes())];
    for (name, text) in report::run_csv_files(findings) {
        files.push((name.to_string(), text.into_bytes()));
    }
    for figure in report::figures(findings) {
        files.push((format!("{}.svg", figure.name), figure.svg.into_bytes()));
        files.push((format!("{}.png", figure.name), figure.png));
    }
    files
}

fn text(findings: &RunFindings, options: &RunOptions) -> String {
    let color = terminal::color(options.scenario.color);
    match options.format {
        Format::Json => report::run_json(findings),
        Format::Csv => report::layouts_csv(findings),
        Format::Md => report::run_markdown(findings),
        Format::Table => {
            let mut text = report::run_table(findings, terminal::width(), color);
            if options.verbose {
                text += "\n";
                text += &report::bill_table(findings, terminal::width(), color);
            }
            text
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::Diagnosis;

    const SMALL: &str = "\
cutline: 1
name: small
application: { modules: { a: { operations: { go: [ cpu: 1ms ] } } } }
workload: { arrivals: { poisson: 100/s }, endpoints: { go: { call: a.go } } }
layouts: { one: { services: { a: { cpu: 1, threads: 4 } } } }
platform: { network: none, prices: none }
run: { fixed: { duration: 2s, replications: 2 } }
slo: { go: { p99: 0.1ms } }
";

    #[test]
    fn a_breach_weighs_more_than_a_promise_that_is_not_kept() {
        let no_files = |name: &str| Err(format!("no {name}"));
        let model = crate::scenario::read(SMALL, "small", &[], &no_files).unwrap().model;
        let mut findings = study::run(&model, &[0], &Spinner::new(true)).unwrap();
        assert_eq!(finding(&findings), Finding::PromiseBroken);
        let message = "service a: Little's law (ns): 7 is not 8".to_string();
        let said = Diagnosis { code: Code::SelfCheck, message };
        findings.layouts.0[0].1.diagnostics.push(said);
        assert_eq!(finding(&findings), Finding::Wrong);
    }
}
