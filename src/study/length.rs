//! How long to run: as given, or by a pilot that grows until the asked precision is in reach.
//! White 1997 (MSER-5); Glynn & Whitt 1992 (why the pilot is thrown away and fresh streams are run).

use super::declared::{Declared, declared};
use super::findings::Verdict;
use super::growth::Growths;
use super::overload::{overloaded_beforehand, verdict};
use super::progress::{Progress, Stopped};
use super::replicate::{Purpose, replicate_followed};
use super::run_length::{By, RunLength, in_whole_rounds, once};
use super::work_log::{WorkStage, ahead, sure_to_need};
use crate::measure::{Ending, Outcome, Series, Slice};
use crate::model::{Length, Model, Run};
use crate::plan::{Forecast, Plan, Rhythm};
use crate::statistics::mser5;
use crate::units::{Nanos, si_time};

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
    growths: Growths,
    /// How many times as long the pilot must be for the widest interval; 0 for a layout that is settled.
    times_too_short: f64,
}

/// What pilots of all layouts say that are no longer than they take a moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct FirstLooks {
    /// Requests of all replications of one layout in the last of them.
    pub(super) requests: f64,
    /// The same of a run after pilots that spent their budget.
    pub(super) most_requests: f64,
    /// How many times as long a pilot must be to be precise, by the widest interval; at most 1: as it is.
    pub(super) times_too_short: f64,
}

/// Events of the pilots of one layout that take a moment.
const MOMENT: u64 = 4_000_000;

/// The first pilots of a run to a precision, up to one that is long enough or takes more than a moment; `None` where
/// its load passes or no layout carries it.
pub(super) fn first_looks(
    model: &Model,
    plans: &[(Plan, Forecast)],
    progress: &dyn Progress,
) -> Result<Option<FirstLooks>, Stopped> {
    let rhythm = plans.first().map_or(Rhythm::Steady, |(plan, _)| plan.load.rhythm);
    let carried =
        |(plan, forecast): &&(Plan, Forecast)| overloaded_beforehand(plan, forecast).is_none();
    let plans: Vec<(Plan, Forecast)> = plans.iter().filter(carried).cloned().collect();
    if plans.is_empty() || matches!(rhythm, Rhythm::Once(_)) {
        return Ok(None);
    }
    let pilot = Pilot { model, plans: &plans, rhythm };
    let mut duration = pilot.first_duration();
    let mut before: Vec<Option<Growths>> = vec![None; plans.len()];
    loop {
        let round = pilot.look_at_all(duration, &mut before, progress)?;
        let requests = pilot.rate() * duration.seconds() * f64::from(model.run.replications);
        let spent = round.spent.max(1) as f64;
        let limit = PILOT_EVENTS as f64 / spent;
        let most_requests = 2.0 * requests * limit.log2().floor().exp2().max(1.0);
        let ends = round.settled || round.limited;
        if ends || round.spent.saturating_mul(2) > MOMENT {
            // Intervals may be narrow enough where nothing is steady yet.
            let times_too_short = if ends { 1.0 } else { round.times_too_short.max(2.0) };
            return Ok(Some(FirstLooks { requests, most_requests, times_too_short }));
        }
        duration = Nanos(duration.0.saturating_mul(2));
    }
}

/// What a round of pilots, one of each layout, says.
struct RoundFindings {
    settled: bool,
    limited: bool,
    /// (ns)
    cut: u64,
    /// Events of the layout that took most.
    spent: u64,
    times_too_short: f64,
}

impl Pilot<'_> {
    /// One pilot of each layout that may carry its load.
    fn look_at_all(
        &self,
        duration: Nanos,
        before: &mut [Option<Growths>],
        progress: &dyn Progress,
    ) -> Result<RoundFindings, Stopped> {
        let warmup = share_of(duration, LEAST_WARMUP);
        let mut round = RoundFindings {
            settled: true,
            limited: false,
            cut: warmup.0,
            spent: 0,
            times_too_short: 0.0,
        };
        for ((plan, forecast), before) in self.plans.iter().zip(before) {
            if overloaded_beforehand(plan, forecast).is_some() {
                continue;
            }
            let over = si_time(duration.seconds());
            progress.note(&format!("pilot of {} over {over}", plan.layout));
            let seen = self.look(plan, forecast, (duration, warmup), before.as_ref(), progress)?;
            *before = Some(seen.growths);
            round.cut = round.cut.max(seen.cut);
            round.settled &= seen.settled;
            round.limited |= seen.limited;
            round.spent = round.spent.max(seen.events);
            round.times_too_short = round.times_too_short.max(seen.times_too_short);
        }
        Ok(round)
    }

    fn find(&self, progress: &dyn Progress) -> Result<RunLength, Stopped> {
        let mut duration = self.first_duration();
        let mut before: Vec<Option<Growths>> = vec![None; self.plans.len()];
        let mut longest = duration;
        loop {
            if let Some(log) = progress.work_log() {
                log.plan(self.ahead(duration, longest));
            }
            let RoundFindings { settled, limited, cut, spent, times_too_short } =
                self.look_at_all(duration, &mut before, progress)?;
            if settled || limited || spent.saturating_mul(2) > PILOT_EVENTS {
                let duration = Nanos(duration.0.saturating_mul(2));
                let warmup = Nanos(cut.max(share_of(duration, LEAST_WARMUP).0));
                let by = if settled { By::Pilot } else { By::Budget };
                return Ok(RunLength { duration, warmup, by });
            }
            longest = sure_to_need(duration, (spent, PILOT_EVENTS), times_too_short);
            duration = Nanos(duration.0.saturating_mul(2));
        }
    }

    /// What is to come from pilots of this duration on, of which the last is `longest`.
    fn ahead(&self, duration: Nanos, longest: Nanos) -> Vec<WorkStage> {
        let carried = |layout: &usize| {
            let (plan, forecast) = &self.plans[*layout];
            overloaded_beforehand(plan, forecast).is_none()
        };
        let piloted: Vec<usize> = (0..self.plans.len()).filter(carried).collect();
        let production = |last: Nanos| {
            let duration = Nanos(last.0.saturating_mul(2));
            let warmup = share_of(duration, LEAST_WARMUP);
            let length = RunLength { duration, warmup, by: By::Pilot };
            in_whole_rounds(length, self.rhythm).duration
        };
        ahead((&piloted, self.plans.len()), duration, longest, production)
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
        before: Option<&Growths>,
        progress: &dyn Progress,
    ) -> Result<PilotFindings, Stopped> {
        let Run { seed, replications, .. } = self.model.run;
        let length = (duration, warmup);
        let purpose = (seed, Purpose::Pilot);
        let outcomes = replicate_followed(progress, plan, purpose, replications, length)?;
        let events = outcomes.iter().map(|outcome| outcome.events).sum();
        let limited = outcomes.iter().any(|outcome| outcome.ending != Ending::Finished);
        let growths = Growths::of(plan, &outcomes);
        let unstable =
            before.is_some() && verdict(plan, forecast, &outcomes, before) == Verdict::Unstable;
        // A cut beyond the warm-up of the production run needs a longer look.
        let cut = steady_from(&outcomes).filter(|cut| *cut <= 2 * warmup.0);
        let declared = declared(self.model, plan, &outcomes);
        let precise = !growths.leading().shown && declared.iter().all(Declared::precise);
        let settled = unstable || (precise && cut.is_some());
        let widest = declared.iter().map(Declared::times_too_short).fold(0.0, f64::max);
        Ok(PilotFindings {
            settled,
            times_too_short: if settled { 0.0 } else { widest },
            cut: if unstable { 0 } else { cut.unwrap_or(warmup.0) },
            events,
            limited,
            growths,
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
