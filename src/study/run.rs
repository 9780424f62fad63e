//! A run: every layout of a scenario over the same requests, summarised and compared.

use std::sync::atomic::Ordering;

use super::between::between_endpoints;
use super::compare::{comparisons, is_limited, pairs, samples};
use super::compare_over_time::{LayoutRuns, comparisons_over_time};
use super::decides::deciding;
use super::declared::{Declared, declared};
use super::diagnose::{diagnose, not_converged, skewed};
use super::findings::{Diagnosis, FORMAT, LayoutFindings, RunFindings, SloFinding, Verdict};
use super::length::run_length;
use super::long_run::long_run;
use super::messaging::{completion, consumers, given_up, outboxes, published};
use super::named::Named;
use super::no_spread::no_spread;
use super::nobody::nobody_came;
use super::overload::verdict;
use super::progress::{Progress, Stopped};
use super::provenance::Provenance;
use super::replicate::{Purpose, replicate_followed, side_by_side_of};
use super::resources::{databases, services};
use super::rhythm::remarks;
use super::run_length::{By, RunLength};
use super::scaled::{pending, scaled};
use super::self_check::self_check;
use super::settled::doubt;
use super::sizes::{Sized, sizes};
use super::spread::{logs, views};
use super::summary::{endpoints, mean_latency, quantile};
use super::time_lines::{keep_spread, time_lines};
use super::timeline::{backlog, moments, not_kept_apart, windows};
use super::transactions::{half_done, transactions};
use super::usage::{month_of, unbilled};
use super::utilisation::utilisation;
use super::work_log::{RunWork, WorkStage};
use crate::cost::{Bill, Omission};
use crate::measure::{Ending, Outcome};
use crate::model::{Length, Model, Run, Slo};
use crate::plan::{Forecast, Plan, compile, forecast};
use crate::scenario::{Code, Diagnostic};
use crate::units::{si_time, significant};

/// Why there are no findings.
#[derive(Debug, Clone, PartialEq)]
pub enum Unfinished {
    /// What makes layouts impossible to simulate, of all layouts at once.
    Refused(Vec<Diagnostic>),
    /// [`Progress::stop`] was set.
    Stopped,
    /// A fault of our own, in its words; only a [`Laboratory`](super::Laboratory) outlives one.
    Fault(String),
}

impl From<Stopped> for Unfinished {
    fn from(_: Stopped) -> Self {
        Unfinished::Stopped
    }
}

/// Simulates the layouts of the model whose positions are given.
/// Errors: layouts that cannot be simulated, or a study that nobody wants any more.
pub fn run(
    model: &Model,
    layouts: &[usize],
    progress: &dyn Progress,
) -> Result<RunFindings, Unfinished> {
    let plans = compile_all(model, layouts, progress)?;
    let long = long_run(model, plans.iter().map(|(plan, forecast)| (plan, forecast)));
    long.iter().for_each(|long| progress.warn(long));
    if let Some(log) = progress.work_log() {
        let expected = plans.iter().map(|(_, forecast)| forecast.events_per_second);
        log.begin_run(RunWork::new(expected, side_by_side_of(model.run.replications)));
    }
    let length = run_length(model, &plans, progress)?;
    if let Some(log) = progress.work_log() {
        let stage = |layout| WorkStage { layout, duration: length.duration };
        log.plan((0..plans.len()).map(stage).collect());
    }
    let outcomes: Result<Vec<Vec<Outcome>>, Stopped> = plans
        .iter()
        .map(|(plan, _)| {
            let over = si_time(length.duration.seconds());
            progress.note(&format!("running {} over {over}", plan.layout));
            let Run { seed, replications, .. } = model.run;
            let length = (length.duration, length.warmup);
            let purpose = (seed, Purpose::Production);
            replicate_followed(progress, plan, purpose, replications, length)
        })
        .collect();
    let mut found = findings(model, &plans, length, &outcomes?);
    found.warnings.extend(long);
    Ok(found)
}

/// Plans and forecasts of the layouts; what a diagnostic says twice is said once.
fn compile_all(
    model: &Model,
    layouts: &[usize],
    progress: &dyn Progress,
) -> Result<Vec<(Plan, Forecast)>, Unfinished> {
    let mut plans = Vec::new();
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    for layout in layouts {
        if progress.stop().load(Ordering::Relaxed) {
            return Err(Unfinished::Stopped);
        }
        match compile(model, *layout) {
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
    if diagnostics.is_empty() { Ok(plans) } else { Err(Unfinished::Refused(diagnostics)) }
}

fn findings(
    model: &Model,
    plans: &[(Plan, Forecast)],
    length: RunLength,
    outcomes: &[Vec<Outcome>],
) -> RunFindings {
    let prices = model.platform.prices.as_ref();
    let mut layouts: Vec<(String, LayoutFindings)> = plans
        .iter()
        .zip(outcomes)
        .map(|((plan, forecast), outcomes)| {
            (plan.layout.clone(), layout(model, plan, forecast, length, outcomes))
        })
        .collect();
    keep_spread(&mut layouts);
    let compared = || {
        let carried = |(_, found): &&(String, LayoutFindings)| found.verdict != Verdict::Unstable;
        plans.iter().zip(outcomes).zip(&layouts).filter(move |(_, layout)| carried(layout))
    };
    let most = model.run.limits.comparisons;
    // Every endpoint multiplies the pairs: where that makes too many, only promises are worth them.
    let pair_count = pairs(compared().count(), most).len();
    let only_promised = pair_count * model.workload.endpoints.len() > most as usize;
    let samples = compared().map(|(((plan, _), outcomes), _)| {
        (plan.layout.clone(), samples(plan, outcomes, prices, only_promised))
    });
    let samples = Named(samples.collect());
    let sides: Vec<LayoutRuns> = compared()
        .map(|(((plan, _), outcomes), _)| LayoutRuns { name: &plan.layout, outcomes })
        .collect();
    let comparison = comparisons(&samples, &pairs(sides.len(), most));
    let limited = is_limited(sides.len(), most);
    let comparison_over_time = if limited { Vec::new() } else { comparisons_over_time(&sides) };
    if let (true, Some((_, first))) = (limited, layouts.first_mut()) {
        let message = format!(
            "{} layouts make more pairs than the limit of {most} (run.limits.comparisons): each is \
             compared with the first that is stable only",
            plans.len()
        );
        first.diagnostics.push(Diagnosis { code: Code::Limit, message });
    }
    RunFindings {
        provenance: Provenance::of(model),
        format: FORMAT,
        scenario: model.name.value.clone(),
        warnings: warnings(model),
        remarks: sizes(&sized(model, plans, outcomes, &layouts)),
        slo: slos(model, plans, outcomes, &layouts),
        layouts: Named(layouts),
        comparison,
        comparison_over_time,
        samples,
    }
}

/// The layouts with what tells how large they are.
fn sized<'a>(
    model: &Model,
    plans: &'a [(Plan, Forecast)],
    outcomes: &'a [Vec<Outcome>],
    layouts: &'a [(String, LayoutFindings)],
) -> Vec<Sized<'a>> {
    let kept = slos(model, plans, outcomes, layouts);
    let each = plans.iter().zip(outcomes).zip(layouts.iter());
    each.map(|(((plan, _), outcomes), (name, found))| {
        let own = kept.iter().filter(|promise| promise.layout == *name);
        let latency = own.filter(|promise| promise.metric != "errors");
        let over = latency.filter_map(|promise| Some(promise.found? / promise.promised));
        let promise = over.reduce(f64::max);
        Sized { name, plan, outcomes, found, promise }
    })
    .collect()
}

/// What is doubtful about the scenario.
fn warnings(model: &Model) -> Vec<Diagnosis> {
    let doubts = model.doubts.iter();
    let told = doubts.filter_map(|(code, message)| {
        Some(Diagnosis { code: Code::of(code)?, message: message.clone() })
    });
    told.collect()
}

fn layout(
    model: &Model,
    plan: &Plan,
    forecast: &Forecast,
    length: RunLength,
    outcomes: &[Outcome],
) -> LayoutFindings {
    let terminating = matches!(model.run.length, Length::Until(_));
    let verdict =
        if terminating { Verdict::Terminating } else { verdict(plan, forecast, outcomes, None) };
    let steady = verdict != Verdict::Unstable;
    let services = services(plan, outcomes, steady);
    let transactions = transactions(plan, outcomes, steady);
    let consumers = consumers(plan, outcomes, steady);
    let databases = databases(plan, outcomes, steady);
    let ended = outcomes.iter().all(|outcome| outcome.ending == Ending::Finished);
    let open_question = match terminating || !steady {
        true => None,
        false => unconverged(model, plan, length, outcomes, verdict),
    };
    let converged = if terminating { ended } else { steady && open_question.is_none() };
    let prices = model.platform.prices.as_ref();
    let of_a_part = terminating.then_some(length.duration);
    let cost = match steady {
        true => month_of(of_a_part, plan, outcomes, prices),
        false => unbilled(plan, outcomes, prices),
    };
    let endpoints = endpoints(plan, outcomes, steady);
    let mut diagnostics = self_check(plan, outcomes);
    diagnostics.extend(diagnose(plan, forecast, outcomes, verdict));
    diagnostics.extend(nobody_came(plan, outcomes, length));
    diagnostics.extend(remarks(plan, forecast, length, verdict));
    diagnostics.extend(no_spread(plan, outcomes));
    diagnostics.extend([half_done(&transactions), given_up(&consumers)].concat());
    diagnostics.extend(pending(plan, outcomes));
    diagnostics.extend(skewed(outcomes).filter(|_| steady && !terminating));
    diagnostics.extend(open_question);
    if steady {
        diagnostics.extend(deciding(model, plan, outcomes, &cost, &endpoints));
    }
    let windows = windows(plan, outcomes);
    diagnostics.extend(not_kept_apart(plan, &windows));
    diagnostics.extend(between_endpoints(&endpoints));
    diagnostics.extend(of_bill(&cost));
    LayoutFindings {
        verdict,
        converged,
        replications: outcomes.iter().map(|outcome| outcome.replications).sum(),
        simulated_seconds: length.duration.seconds(),
        warmup_seconds: length.warmup.seconds(),
        events: outcomes.iter().map(|outcome| outcome.events).sum(),
        endpoints,
        utilisation: utilisation(plan, outcomes),
        services,
        databases,
        transactions,
        time_lines: time_lines(plan, outcomes, steady),
        logs: logs(plan, outcomes),
        views: views(plan, outcomes, steady),
        published: published(plan, outcomes, steady),
        outboxes: outboxes(plan, outcomes),
        consumers,
        scaled: scaled(plan, outcomes),
        cost,
        diagnostics,
        moments: moments(plan, outcomes),
        windows,
        backlog: if steady { Vec::new() } else { backlog(plan, outcomes) },
    }
}

/// What the bill leaves out, and what is to be said of it.
fn of_bill(cost: &Bill) -> impl Iterator<Item = Diagnosis> {
    let said = cost.missing.iter().map(Omission::words).chain(cost.remarks.iter().cloned());
    said.map(|message| Diagnosis { code: Code::Bill, message })
}

/// Why the intervals of a layout that carries its load are not what they should be, where they are not.
fn unconverged(
    model: &Model,
    plan: &Plan,
    length: RunLength,
    outcomes: &[Outcome],
    verdict: Verdict,
) -> Option<Diagnosis> {
    if length.by == By::Author {
        return doubt(plan, outcomes, length, verdict).map(|doubt| doubt.told(length));
    }
    let declared = declared(model, plan, outcomes);
    let precise = declared.iter().all(Declared::precise);
    (!precise).then(|| not_converged(&declared, length, outcomes))
}

fn slos(
    model: &Model,
    plans: &[(Plan, Forecast)],
    outcomes: &[Vec<Outcome>],
    layouts: &[(String, LayoutFindings)],
) -> Vec<SloFinding> {
    let mut found = Vec::new();
    for (((plan, _), outcomes), (name, findings)) in plans.iter().zip(outcomes).zip(layouts) {
        for slo in &model.slos {
            found.extend(slo_findings((model, plan), slo, name, findings, outcomes));
        }
    }
    found
}

fn slo_findings(
    (model, plan): (&Model, &Plan),
    slo: &Slo,
    layout: &str,
    findings: &LayoutFindings,
    outcomes: &[Outcome],
) -> Vec<SloFinding> {
    let index = slo.endpoint.map(|endpoint| endpoint as usize);
    let endpoint =
        index.map_or("all", |index| model.workload.endpoints[index].name.as_str()).to_string();
    let steady = findings.verdict != Verdict::Unstable;
    let finding = |metric: String, promised: f64, found: Option<f64>| SloFinding {
        layout: layout.to_string(),
        endpoint: endpoint.clone(),
        metric,
        promised,
        found,
        met: found.is_some_and(|found| found <= promised),
    };
    let latencies = slo.latency.iter().map(|(percentile, bound)| {
        let (metric, found) = if *percentile == 0.0 {
            ("mean".to_string(), mean_latency(outcomes, index))
        } else {
            let name = significant(*percentile, 4).replace('.', "");
            (format!("p{name}"), quantile(outcomes, index, percentile / 100.0))
        };
        let found = found.filter(|_| steady).map(|estimate| estimate.value);
        finding(metric, bound.seconds(), found)
    });
    let mut all: Vec<SloFinding> = latencies.collect();
    if let Some(errors) = slo.errors {
        let share = findings.endpoints.get(&endpoint).and_then(|found| found.error_share);
        all.push(finding(
            "errors".into(),
            errors.0,
            share.filter(|_| steady).map(|share| share.value),
        ));
    }
    for (percentile, bound) in &slo.completion {
        for (event, figure) in completion(plan, outcomes, *percentile) {
            let name = match *percentile {
                0.0 => "mean".to_string(),
                percentile => format!("p{}", significant(percentile, 4).replace('.', "")),
            };
            let figure = figure.filter(|_| steady).map(|figure| figure.value);
            all.push(finding(format!("completion {name} of {event}"), bound.seconds(), figure));
        }
    }
    all
}
