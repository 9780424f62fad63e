//! `cutline run`: every layout, compared, with its files and charts.

use anyhow::Context;

use super::arguments::RunOptions;
use super::deliver::{self, Charts, Delivery};
use super::interrupt::{self, Gently};
use super::progress_line::ProgressLine;
use super::terminal;
use super::{Failure, Finding, load, write};
use crate::report::{Focused, rounded};
use crate::scenario::{Code, Sources};
use crate::study::{self, RunFindings, Unfinished};

pub(super) fn execute(options: &RunOptions) -> Result<Finding, Failure> {
    if options.list_layouts {
        return load::list_layouts(&options.scenario);
    }
    deliver::can_export(&options.print)?;
    let loaded = load::load(&options.scenario, Some(options))?;
    let (model, sources) = load::model(&loaded)?;
    let layouts = load::layouts(&model, &options.scenario.layouts)?;
    let focus = load::focus(&model, &options.print)?;
    let folder = write::folder(options.out.as_ref(), &model.name);
    let gently = Gently::new();
    let made = folder.as_deref().map(write::prepare).transpose()?;
    let progress = ProgressLine::new(options.print.quiet);
    let findings = in_pool(options.threads, || study::run(&model, &layouts, &progress))?;
    let findings = findings.map_err(|unfinished| why(unfinished, &sources))?;
    progress.note_drawing();
    let told = Focused { found: rounded(findings), focus };
    let delivery = Delivery { prefix: "", found: &told };
    if let Some(folder) = &folder {
        let files = delivery.files(Charts::asked(&options.print));
        deliver::write(folder, &files, "nothing was written")?;
        interrupt::check(&format!("the results are in {}, whole", folder.display()))?;
    }
    progress.finish();
    drop((made, gently));
    deliver::tell(&[delivery], &options.print, options.scenario.color, folder.as_deref())?;
    Ok(finding(&told.found))
}

/// Why a study has no findings, and nothing is written.
pub(super) fn why(unfinished: Unfinished, sources: &Sources) -> Failure {
    match unfinished {
        Unfinished::Refused(diagnostics) => load::shown(&diagnostics, sources),
        Unfinished::Stopped => interrupt::interrupted("nothing was written"),
        Unfinished::Fault(text) => anyhow::anyhow!("a fault of cutline itself: {text}").into(),
    }
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

impl ProgressLine {
    /// Says that what was found is drawn.
    pub(super) fn note_drawing(&self) {
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
        let mut findings = study::run(&model, &[0], &ProgressLine::new(true)).unwrap();
        assert_eq!(finding(&findings), Finding::PromiseBroken);
        let message = "service a: Little's law (ns): 7 is not 8".to_string();
        let said = Diagnosis { code: Code::SelfCheck, message };
        findings.layouts.0[0].1.diagnostics.push(said);
        assert_eq!(finding(&findings), Finding::Wrong);
    }
}
