//! How long to run: as given, or by a pilot that grows until the asked precision is in reach.
//! White 1997 (MSER-5); Glynn & Whitt 1992 (why the pilot is thrown away and fresh streams are run).

use super::overload::{Growth, growth, overloaded_beforehand, verdict};
use super::replicate::{Purpose, Stopped, replicate_in_bounds};
use super::rhythm::{in_whole_rounds, once};
use super::summary::{mean_latency, quantile};
use super::{Progress, Verdict};
use crate::measure::{Ending, Outcome, Slice};
use crate::model::{Length, Model, Run};
use crate::plan::{Forecast, Plan, Rhythm};
use crate::statistics::mser5;
use crate::units::Nanos;

/// Requests of a replication that a pilot begins with.
const FIRST_REQUESTS: f64 = 2_000.0;
/// Least share of a run that is not measured.
const LEAST_WARMUP: f64 = 0.1;
/// Events of all replications that one layout may use for pilots; production takes up to twice that.
const PILOT_EVENTS: u64 = 60_000_000;

/// Requests of all replications that the first pilot may have to see two rounds of a load.
const MOST_FOR_ROUNDS: f64 = 2_000_000.0;

/// How long every layout of a comparison runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RunLength {
    pub(super) duration: Nanos,
    pub(super) warmup: Nanos,
    /// Whether the length was found by pilots rather than given.
    pub(super) piloted: bool,
}

/// The length of a run of these plans.
pub(super) fn run_length(
    model: &Model,
    plans: &[(Plan, Forecast)],
    progress: &dyn Progress,
) -> Result<RunLength, Stopped> {
    match model.run.length {
        Length::Fixed { duration, warmup } => Ok(RunLength { duration, warmup, piloted: false }),
        Length::Until(end) => Ok(RunLength { duration: end, warmup: Nanos::ZERO, piloted: false }),
        Length::Precision { mean, p99 } => {
            // All layouts have the same load.
            match plans.first().map_or(Rhythm::Steady, |(plan, _)| plan.rhythm) {
                Rhythm::Once(end) => Ok(once(end)),
                rhythm => {
                    let pilot = Pilot { model, plans, mean, p99, rhythm };
                    Ok(in_whole_rounds(pilot.find(progress)?, rhythm))
                }
            }
        }
    }
}

struct Pilot<'a> {
    model: &'a Model,
    plans: &'a [(Plan, Forecast)],
    mean: f64,
    p99: f64,
    rhythm: Rhythm,
}

/// What a pilot of one layout says.
struct Seen {
    settled: bool,
    /// (ns) where the steady part begins.
    cut: u64,
    events: u64,
    /// Whether a limit of the scenario ended it: a longer pilot would see no more.
    limited: bool,
    growth: Growth,
}

impl Pilot<'_> {
    fn find(&self, progress: &dyn Progress) -> Result<RunLength, Stopped> {
        let mut duration = self.first_duration();
        let mut before: Vec<Option<Growth>> = vec![None; self.plans.len()];
        loop {
            let warmup = share_of(duration, LEAST_WARMUP);
            let mut cut = warmup.0;
            let mut settled = true;
            let mut limited = false;
            let mut spent = 0;
            for ((plan, forecast), before) in self.plans.iter().zip(&mut before) {
                if overloaded_beforehand(plan, forecast) {
                    continue;
                }
                progress.note(&format!("pilot of {} over {duration}", plan.layout));
                let seen = self.look(plan, forecast, (duration, warmup), *before, progress)?;
                *before = Some(seen.growth);
                cut = cut.max(seen.cut);
                settled &= seen.settled;
                limited |= seen.limited;
                spent = spent.max(seen.events);
            }
            if settled || limited || spent.saturating_mul(2) > PILOT_EVENTS {
                let duration = Nanos(duration.0.saturating_mul(2));
                let warmup = Nanos(cut.max(share_of(duration, LEAST_WARMUP).0));
                return Ok(RunLength { duration, warmup, piloted: true });
            }
            duration = Nanos(duration.0.saturating_mul(2));
        }
    }

    /// Long enough for the first requests, and for two rounds of a load that changes with the clock if
    /// they do not eat up the budget.
    fn first_duration(&self) -> Nanos {
        let requests = Nanos::from_seconds(FIRST_REQUESTS / self.rate());
        let Rhythm::Rounds(round) = self.rhythm else {
            return requests;
        };
        let rounds = Nanos(round.saturating_mul(2));
        let all = rounds.seconds() * self.rate() * f64::from(self.model.run.replications);
        if all <= MOST_FOR_ROUNDS { requests.max(rounds) } else { requests }
    }

    fn look(
        &self,
        plan: &Plan,
        forecast: &Forecast,
        (duration, warmup): (Nanos, Nanos),
        before: Option<Growth>,
        progress: &dyn Progress,
    ) -> Result<Seen, Stopped> {
        let Run { seed, replications, .. } = self.model.run;
        let (stop, length) = (progress.stop(), (duration, warmup));
        let purpose = (seed, Purpose::Pilot);
        let outcomes = replicate_in_bounds(stop, plan, purpose, replications, length)?;
        let events = outcomes.iter().map(|outcome| outcome.events).sum();
        let limited = outcomes.iter().any(|outcome| outcome.ending != Ending::Finished);
        let growth = growth(plan, &outcomes);
        let unstable =
            before.is_some() && verdict(plan, forecast, &outcomes, before) == Verdict::Unstable;
        // A cut beyond the warm-up of the production run needs a longer look.
        let cut = steady_from(&outcomes).filter(|cut| *cut <= 2 * warmup.0);
        let precise = !growth.shown && self.precise(&outcomes);
        Ok(Seen {
            settled: unstable || (precise && cut.is_some()),
            cut: if unstable { 0 } else { cut.unwrap_or(warmup.0) },
            events,
            limited,
            growth,
        })
    }

    /// Whether the half-widths of `all` and of every endpoint with a promise are as asked.
    fn precise(&self, outcomes: &[Outcome]) -> bool {
        let promised = self.model.slos.iter().filter_map(|slo| slo.endpoint);
        let groups = std::iter::once(None).chain(promised.map(Some));
        groups.into_iter().all(|endpoint| {
            let group = endpoint.map(|endpoint| endpoint as usize);
            let within = |estimate: Option<super::Estimate>, asked: f64| {
                estimate.and_then(|estimate| {
                    let [low, high] = estimate.ci95?;
                    Some((high - low) / 2.0 <= asked * estimate.value.abs())
                })
            };
            within(mean_latency(outcomes, group), self.mean).unwrap_or(false)
                && within(quantile(outcomes, group, 0.99), self.p99).unwrap_or(false)
        })
    }

    /// Requests per second, for the length of the first pilot.
    fn rate(&self) -> f64 {
        let rates = self.plans.iter().map(|(_, forecast)| {
            let closed = forecast.closed_bound_per_second.unwrap_or(0.0);
            forecast.offered_per_second.max(closed)
        });
        rates.fold(f64::INFINITY, f64::min).max(1e-9)
    }
}

/// When the steady part begins (ns), by MSER-5 on the mean path over replications of the latency and of
/// the backlog; `None` where the run is too short to tell.
fn steady_from(outcomes: &[Outcome]) -> Option<u64> {
    let width = outcomes.first()?.series.width();
    let count = outcomes.iter().map(|outcome| outcome.series.slices().len()).min()?;
    let sum = |slice: usize, part: &dyn Fn(&Slice) -> f64| {
        outcomes.iter().map(|outcome| part(&outcome.series.slices()[slice])).sum::<f64>()
    };
    let mut last = 0.0;
    let latency: Vec<f64> = (0..count)
        .map(|slice| {
            let answers = sum(slice, &|slice| slice.answers as f64);
            // A slice without answers says nothing new.
            if answers > 0.0 {
                last = sum(slice, &|slice| slice.latency_sum as f64) / answers;
            }
            last
        })
        .collect();
    let backlog: Vec<f64> =
        (0..count).map(|slice| sum(slice, &|slice| slice.in_flight as f64)).collect();
    let cut = mser5(&latency)?.max(mser5(&backlog)?);
    Some(cut as u64 * width)
}

fn share_of(duration: Nanos, share: f64) -> Nanos {
    Nanos((duration.0 as f64 * share) as u64)
}
