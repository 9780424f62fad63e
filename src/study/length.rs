//! How long to run: as given, or by a pilot that grows until the asked precision is in reach.
//! White 1997 (MSER-5); Glynn & Whitt 1992 (why the pilot is thrown away and fresh streams are run).

use super::declared::{Declared, declared};
use super::findings::Verdict;
use super::overload::{Growth, growth, overloaded_beforehand, verdict};
use super::progress::{Progress, Stopped};
use super::replicate::{Purpose, replicate_in_bounds};
use super::run_length::{By, RunLength, in_whole_rounds, once};
use crate::measure::{Ending, Outcome, Series, Slice};
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

/// The length of a run of these plans.
pub(super) fn run_length(
    model: &Model,
    plans: &[(Plan, Forecast)],
    progress: &dyn Progress,
) -> Result<RunLength, Stopped> {
    match model.run.length {
        Length::Fixed { duration, warmup } => Ok(RunLength { duration, warmup, by: By::Author }),
        Length::Until(duration) => Ok(RunLength { duration, warmup: Nanos::ZERO, by: By::Author }),
        Length::Precision { .. } => {
            // All layouts have the same load.
            match plans.first().map_or(Rhythm::Steady, |(plan, _)| plan.load.rhythm) {
                Rhythm::Once(end) => Ok(once(end)),
                rhythm => {
                    let pilot = Pilot { model, plans, rhythm };
                    Ok(in_whole_rounds(pilot.find(progress)?, rhythm))
                }
            }
        }
    }
}

struct Pilot<'a> {
    model: &'a Model,
    plans: &'a [(Plan, Forecast)],
    rhythm: Rhythm,
}

/// What a pilot of one layout says.
struct PilotFindings {
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
                let by = if settled { By::Pilot } else { By::Budget };
                return Ok(RunLength { duration, warmup, by });
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
    ) -> Result<PilotFindings, Stopped> {
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
        let declared = declared(self.model, plan, &outcomes);
        let precise = !growth.shown && declared.iter().all(Declared::precise);
        Ok(PilotFindings {
            settled: unstable || (precise && cut.is_some()),
            cut: if unstable { 0 } else { cut.unwrap_or(warmup.0) },
            events,
            limited,
            growth,
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

/// When the steady part begins (ns): the latest cut of all requests and of every endpoint with a promise;
/// `None` where the run is too short to tell.
fn steady_from(outcomes: &[Outcome]) -> Option<u64> {
    let total: Vec<&Series> = outcomes.iter().map(|outcome| &outcome.series).collect();
    let mut latest = cut(&total)?;
    for endpoint in 0..outcomes.first()?.endpoints.len() {
        let own = outcomes.iter().map(|outcome| outcome.endpoints[endpoint].series.as_ref());
        if let Some(own) = own.collect::<Option<Vec<&Series>>>() {
            latest = latest.max(cut(&own)?);
        }
    }
    Some(latest)
}

/// The cut (ns) by MSER-5 on the mean path over replications of the latency and of the backlog.
fn cut(series: &[&Series]) -> Option<u64> {
    let width = series.first()?.width();
    let count = series.iter().map(|series| series.slices().len()).min()?;
    let sum = |slice: usize, part: &dyn Fn(&Slice) -> f64| {
        series.iter().map(|series| part(&series.slices()[slice])).sum::<f64>()
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
    Some(mser5(&latency)?.max(mser5(&backlog)?) as u64 * width)
}

fn share_of(duration: Nanos, share: f64) -> Nanos {
    Nanos((duration.0 as f64 * share) as u64)
}
