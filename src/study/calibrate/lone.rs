//! Lone clients, simulated: a few thousand requests, the same random numbers whatever the costs are.

use std::sync::atomic::AtomicBool;

use super::situation::Situation;
use super::unknowns::Unknown;
use crate::measure::{Ending, Outcome};
use crate::plan::{Plan, compile};
use crate::scenario::{Code, Diagnostic};
use crate::study::replicate::{Purpose, replicate_in_bounds};
use crate::study::run::Unfinished;
use crate::study::summary::{answers, mean_latencies};
use crate::units::Nanos;

/// Requests of a run, about; and between how many a run is taken as it is.
const REQUESTS: f64 = 6_000.0;
const FEWEST: f64 = 3_000.0;
const MOST: f64 = 24_000.0;

/// Replications of a run.
const REPLICATIONS: u32 = 2;

/// How often a length is looked for.
const LOOKS: usize = 5;

/// Most events of a run, beyond which nobody waits for it.
const MOST_EVENTS: u64 = 20_000_000;

/// A figure of a lone client that is fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LoneFigure {
    /// Mean latency.
    Mean,
    /// CPU work of a request.
    Cpu,
}

impl LoneFigure {
    /// As it is told.
    pub(super) fn name(self) -> &'static str {
        match self {
            LoneFigure::Mean => "mean",
            LoneFigure::Cpu => "cpu",
        }
    }
}

/// What is seen of a run (s).
struct LoneRun {
    mean: f64,
    cpu: f64,
    good: u64,
    is_limited: bool,
}

/// A lone row that is simulated again and again.
pub(super) struct Lone<'r> {
    pub(super) situation: Situation<'r>,
    /// How long a replication is.
    length: Nanos,
}

impl<'r> Lone<'r> {
    pub(super) fn new(mut situation: Situation<'r>) -> Self {
        let limits = &mut situation.model.run.limits;
        limits.events = limits.events.min(MOST_EVENTS);
        let figures = situation.row.figures;
        let mean = figures.mean.or(figures.throughput.map(f64::recip)).or(figures.cpu);
        let length = mean.unwrap_or(1e-3) * REQUESTS / f64::from(REPLICATIONS);
        Lone { situation, length: Nanos::from_seconds(length.max(1e-6)) }
    }

    /// The figures it is fitted to, with their values (s). Without a mean the throughput says it: Little's law.
    pub(super) fn measured(&self) -> Vec<(LoneFigure, f64)> {
        let figures = self.situation.row.figures;
        let mean = figures.mean.or(figures.throughput.map(f64::recip));
        let both = [(LoneFigure::Mean, mean), (LoneFigure::Cpu, figures.cpu)];
        both.into_iter().filter_map(|(figure, value)| Some((figure, value?))).collect()
    }

    /// Makes the run so long that it has some thousand requests at these factors.
    ///
    /// # Errors
    /// Nobody is answered, or not for long.
    pub(super) fn settle(
        &mut self,
        unknowns: &[Unknown],
        factors: &[f64],
        stop: &AtomicBool,
    ) -> Result<(), Unfinished> {
        for _ in 0..LOOKS {
            let seen = self.look(unknowns, factors, stop)?;
            let good = seen.good as f64;
            if (FEWEST..=MOST).contains(&good) && !seen.is_limited {
                return Ok(());
            }
            let times = (REQUESTS / good.max(1.0)).clamp(1e-4, 1e4);
            self.length = Nanos::from_seconds((self.length.seconds() * times).clamp(1e-6, 1e9));
        }
        let seen = self.look(unknowns, factors, stop)?;
        if seen.good as f64 >= FEWEST / 10.0 && !seen.is_limited {
            return Ok(());
        }
        let row = self.situation.row;
        let message = format!(
            "`{}`: a lone client has {} good answers in a simulated time of {}",
            row.case,
            seen.good,
            Nanos(self.length.0 * u64::from(REPLICATIONS))
        );
        let hint = "look with `cutline run` what its requests end in";
        Err(Unfinished::Refused(vec![
            Diagnostic::new(Code::Unfitted, message, row.span).hint(hint),
        ]))
    }

    /// Logarithms of the figures that are fitted, in the order of [`Lone::measured`].
    pub(super) fn told(
        &self,
        unknowns: &[Unknown],
        factors: &[f64],
        stop: &AtomicBool,
    ) -> Result<Vec<f64>, Unfinished> {
        let seen = self.look(unknowns, factors, stop)?;
        let value = |figure| match figure {
            LoneFigure::Mean => seen.mean,
            LoneFigure::Cpu => seen.cpu,
        };
        Ok(self.measured().into_iter().map(|(figure, _)| value(figure).max(1e-12).ln()).collect())
    }

    fn look(
        &self,
        unknowns: &[Unknown],
        factors: &[f64],
        stop: &AtomicBool,
    ) -> Result<LoneRun, Unfinished> {
        let Situation { model, layout, .. } = &self.situation;
        let mut model = model.clone();
        unknowns
            .iter()
            .zip(factors)
            .for_each(|(unknown, factor)| unknown.scale(&mut model, *factor));
        let plan = compile(&model, *layout).map_err(Unfinished::Refused)?;
        let length = (self.length, Nanos(self.length.0 / 20));
        let purpose = (model.run.seed, Purpose::Pilot);
        let outcomes = replicate_in_bounds(stop, &plan, purpose, REPLICATIONS, length)?;
        let means = mean_latencies(&outcomes, None);
        Ok(LoneRun {
            mean: means.iter().sum::<f64>() / means.len().max(1) as f64,
            cpu: cpu_of_a_request(&plan, &outcomes),
            good: answers(&outcomes, None)[0],
            is_limited: outcomes.iter().any(|outcome| outcome.ending != Ending::Finished),
        })
    }
}

/// CPU work of all machines, instances and databases for each answer (s).
pub(super) fn cpu_of_a_request(plan: &Plan, outcomes: &[Outcome]) -> f64 {
    let cpus = plan.site.cpus.entries().map(|(id, _)| id.index());
    let cpus: Vec<usize> = cpus.collect();
    let busy = |outcome: &Outcome| cpus.iter().map(|cpu| outcome.cpu_busy[*cpu]).sum::<f64>();
    let sum: f64 = outcomes.iter().map(busy).sum();
    sum / answers(outcomes, None)[1].max(1) as f64 / 1e9
}
