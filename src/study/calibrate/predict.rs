//! Rows that were not fitted: what the fitted scenario tells of them, and how far that may be off. The written costs
//! are simulated for as long as the scenario says; draws of what is left uncertain are simulated on the same random
//! numbers, so that they differ by the costs alone.

use std::sync::atomic::Ordering;

use super::findings::{PredictedMetric, PredictionFindings};
use super::lone::cpu_of_a_request;
use super::situation::Situation;
use super::unknowns::Unknown;
use super::written::Written;
use crate::measure::Outcome;
use crate::model::Model;
use crate::plan::{Plan, compile, forecast};
use crate::scenario::MeasuredLoad;
use crate::statistics::student_quantile;
use crate::study::estimate::{Estimate, estimate};
use crate::study::findings::{Diagnosis, Verdict};
use crate::study::length::run_length;
use crate::study::overload::verdict;
use crate::study::progress::{Progress, Stopped};
use crate::study::replicate::{Purpose, replicate_in_bounds, side_by_side};
use crate::study::run::Unfinished;
use crate::study::self_check::self_check;
use crate::study::summary::{mean_latency, quantile, throughputs};
use crate::units::Nanos;

/// Figures of a prediction, in the order in which they are told.
const METRICS: [&str; 6] = ["throughput", "mean", "p50", "p90", "p99", "cpu"];

/// Figures of a run; `None` where there is no steady state.
type Figures = [Option<Estimate>; METRICS.len()];

/// Replications of a draw at most: it is compared with the same of the fitted costs.
const OF_A_DRAW: u32 = 2;

/// What predictions are made with.
pub(super) struct Forecaster<'a> {
    pub(super) unknowns: &'a [Unknown],
    pub(super) written: &'a [Written],
    /// Factors of the unknowns, draw by draw.
    pub(super) draws: &'a [Vec<f64>],
    pub(super) progress: &'a dyn Progress,
}

/// A row with the costs as they are written.
struct Fore {
    figures: Figures,
    verdict: Verdict,
    breaches: Vec<Diagnosis>,
    length: (Nanos, Nanos),
}

impl Forecaster<'_> {
    /// The predictions, and what runs found wrong with the program itself.
    pub(super) fn predict(
        &self,
        rows: &[Situation<'_>],
    ) -> Result<(Vec<PredictionFindings>, Vec<Diagnosis>), Unfinished> {
        let mut fores = Vec::new();
        for row in rows {
            self.progress.note(&format!("predicting {}", row.row.case));
            fores.push(self.simulate(row)?);
        }
        self.progress.note(&format!("{} draws of what is left uncertain", self.draws.len()));
        let count = self.draws.len() + 1;
        let jobs: Vec<(usize, usize)> =
            (0..rows.len()).flat_map(|row| (0..count).map(move |draw| (row, draw))).collect();
        let found = side_by_side(&jobs, |(row, draw)| {
            let factors = draw.checked_sub(1).map(|draw| self.draws[draw].as_slice());
            self.draw(&rows[*row], fores[*row].length, factors)
        });
        let found: Vec<(Figures, Verdict)> = found.into_iter().collect::<Result<_, _>>()?;
        let mut breaches = Vec::new();
        let mut predictions = Vec::new();
        for ((row, fore), drawn) in rows.iter().zip(fores).zip(found.chunks(count)) {
            predictions.push(told(row, &fore, drawn));
            breaches.extend(fore.breaches);
        }
        Ok((predictions, breaches))
    }

    /// The model of a row with the costs as they are written.
    fn with_written(&self, row: &Situation<'_>) -> Model {
        let mut model = row.model.clone();
        let both = self.unknowns.iter().zip(self.written);
        both.for_each(|(unknown, written)| written.apply(unknown, &mut model));
        model
    }

    fn simulate(&self, row: &Situation<'_>) -> Result<Fore, Unfinished> {
        if self.progress.stop().load(Ordering::Relaxed) {
            return Err(Unfinished::Stopped);
        }
        let model = self.with_written(row);
        let plan = compile(&model, row.layout).map_err(Unfinished::Refused)?;
        let forecast = forecast(&plan);
        let plans = [(plan, forecast)];
        let length = run_length(&model, &plans, self.progress)?;
        let length = (length.duration, length.warmup);
        let (plan, forecast) = &plans[0];
        let count = model.run.replications;
        let outcomes = self.replicate(plan, model.run.seed, count, length)?;
        let verdict = verdict(plan, forecast, &outcomes, None);
        let figures = figures(plan, &outcomes, verdict);
        Ok(Fore { figures, verdict, breaches: self_check(plan, &outcomes), length })
    }

    /// A short run of a row at some factors, or as it is written.
    fn draw(
        &self,
        row: &Situation<'_>,
        length: (Nanos, Nanos),
        factors: Option<&[f64]>,
    ) -> Result<(Figures, Verdict), Unfinished> {
        let mut model = self.with_written(row);
        if let Some(factors) = factors {
            model = row.model.clone();
            let both = self.unknowns.iter().zip(factors);
            both.for_each(|(unknown, factor)| unknown.scale(&mut model, *factor));
        }
        let plan = compile(&model, row.layout).map_err(Unfinished::Refused)?;
        let count = model.run.replications.min(OF_A_DRAW);
        let outcomes = self.replicate(&plan, model.run.seed, count, length)?;
        let verdict = verdict(&plan, &forecast(&plan), &outcomes, None);
        Ok((figures(&plan, &outcomes, verdict), verdict))
    }

    fn replicate(
        &self,
        plan: &Plan,
        seed: u64,
        count: u32,
        length: (Nanos, Nanos),
    ) -> Result<Vec<Outcome>, Stopped> {
        let purpose = (seed, Purpose::Production);
        replicate_in_bounds(self.progress.stop(), plan, purpose, count, length)
    }
}

/// The figures of a run. What grows without end has a throughput, and no latency.
fn figures(plan: &Plan, outcomes: &[Outcome], verdict: Verdict) -> Figures {
    let is_steady = verdict != Verdict::Unstable;
    let cpu: Vec<f64> =
        outcomes.iter().map(|one| cpu_of_a_request(plan, std::slice::from_ref(one))).collect();
    let latency = |found: Option<Estimate>| found.filter(|_| is_steady);
    [
        Some(estimate(&throughputs(outcomes, None))),
        latency(mean_latency(outcomes, None)),
        latency(quantile(outcomes, None, 0.5)),
        latency(quantile(outcomes, None, 0.9)),
        latency(quantile(outcomes, None, 0.99)),
        Some(estimate(&cpu)),
    ]
}

/// A prediction; `drawn`: short runs of the written costs, then of each draw.
fn told(row: &Situation<'_>, fore: &Fore, drawn: &[(Figures, Verdict)]) -> PredictionFindings {
    let measured = row.row.figures;
    let measured = [
        measured.throughput,
        measured.mean,
        measured.p50,
        measured.p90,
        measured.p99,
        measured.cpu,
    ];
    let is_unknown = measured.iter().all(Option::is_none);
    let unstable = drawn.iter().skip(1).filter(|(_, verdict)| *verdict == Verdict::Unstable);
    let mut metrics = Vec::new();
    for (index, name) in METRICS.iter().enumerate() {
        let measured = measured[index];
        if measured.is_none() && !is_unknown {
            continue;
        }
        let predicted = fore.figures[index]
            .map(|found| Estimate { value: found.value, ci95: interval(found, index, drawn) });
        let off = predicted.zip(measured).map(|(found, measured)| found.value / measured - 1.0);
        let ends = predicted.and_then(|found| found.ci95);
        let inside = ends.zip(measured).map(|([low, high], own)| (low..=high).contains(&own));
        metrics.push(PredictedMetric {
            metric: (*name).to_string(),
            measured,
            predicted,
            off_share: off,
            inside,
        });
    }
    let (clients, rate_per_second) = match row.row.load {
        MeasuredLoad::Clients(clients) => (Some(clients), None),
        MeasuredLoad::Rate(rate) => (None, Some(rate)),
    };
    PredictionFindings {
        case: row.row.case.clone(),
        layout: row.row.layout.clone(),
        endpoint: row.endpoint(),
        clients,
        rate_per_second,
        verdict: fore.verdict,
        unstable_draws: unstable.count() as u32,
        metrics,
    }
}

/// The 95 % interval: draws about the written costs, by Student's t with as many degrees as there are, and the
/// simulation's own, both in logarithms. `None` where a draw has no figure.
fn interval(found: Estimate, index: usize, drawn: &[(Figures, Verdict)]) -> Option<[f64; 2]> {
    let (first, draws) = drawn.split_first()?;
    let base = first.0[index]?.value;
    let moved = |(figures, _): &(Figures, Verdict)| Some((figures[index]?.value / base).ln());
    let moved: Vec<f64> = draws.iter().map(moved).collect::<Option<_>>()?;
    let count = moved.len() as f64;
    if moved.is_empty() || found.value <= 0.0 || moved.iter().any(|own| !own.is_finite()) {
        return None;
    }
    let variance = moved.iter().map(|own| own * own).sum::<f64>() / count;
    let by_costs = student_quantile(0.975, count) * variance.sqrt();
    let by_chance = found.ci95.map_or(0.0, |[low, high]| (high - low) / 2.0 / found.value);
    let half = by_costs.hypot(by_chance);
    Some([found.value * (-half).exp(), found.value * half.exp()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_that_of_the_draws_and_of_the_simulation_together() {
        let figures = |value: f64| {
            let mut figures: Figures = [None; METRICS.len()];
            figures[1] = Some(Estimate { value, ci95: None });
            (figures, Verdict::Stable)
        };
        let found = Estimate { value: 10.0, ci95: Some([9.5, 10.5]) };
        // Two draws a tenth up and down of 5: a deviation of 0.1 with t(0.975, 2) = 4.30265273.
        let drawn = [figures(5.0), figures(5.0 * 0.1f64.exp()), figures(5.0 * (-0.1f64).exp())];
        let [low, high] = interval(found, 1, &drawn).expect("all have a figure");
        let half = (0.430265273f64.powi(2) + 0.05f64.powi(2)).sqrt();
        assert!((low / 10.0 / (-half).exp() - 1.0).abs() < 1e-8, "{low}");
        assert!((high / 10.0 / half.exp() - 1.0).abs() < 1e-8, "{high}");
        // A draw that is not carried has no latency.
        let open = [figures(5.0), figures(5.1), ([None; METRICS.len()], Verdict::Unstable)];
        assert_eq!(interval(found, 1, &open), None);
    }
}
