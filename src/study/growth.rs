//! What the backlog did from half of the run to its end: of all requests, and of each endpoint by itself. A few that
//! are not served, or that come beside a load that passes, would be lost among all the others.

use crate::ids::Id;
use crate::measure::{Ending, Outcome};
use crate::model::Arrivals;
use crate::plan::{EndpointPlan, Plan, SourcePlan, Step};
use crate::statistics::mean_interval;

/// Growth of the backlog below this share of the arrivals is not called growth.
const LEAST_GROWTH: f64 = 0.002;
/// Above this share a run of given length calls it overload; between the two it cannot tell.
pub(super) const SURE_GROWTH: f64 = 0.02;
/// Requests by which a backlog grows and shrinks all the time.
const FEW: f64 = 10.0;
/// How rarely an interval may say by chance that a backlog grows: one-sided, over all that are looked at.
const CHANCE: f64 = 0.001;

/// What may come and stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Staying {
    /// Requests of any kind.
    Requests,
    /// Requests of one endpoint.
    Endpoint(Id<EndpointPlan>),
    /// All that is under way, what nobody waits for too.
    Frames,
}

/// What a backlog did from half of the run to its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Growth {
    /// What stays.
    pub(super) of: Staying,
    /// Share of the requests that came and stayed.
    pub(super) share: f64,
    /// Requests per second that it grew by.
    pub(super) per_second: f64,
    /// Whether it is significant.
    pub(super) shown: bool,
    /// Whether every replication grew clearly: where they are too few to show anything, a hint.
    pub(super) everywhere: bool,
}

/// What all backlogs did.
#[derive(Debug, Clone)]
pub(super) struct Growths {
    /// Of all requests, then of each endpoint that is asked for however many are under way, then of frames where
    /// nobody waits for some.
    all: Vec<Growth>,
    /// Whether the load was the same, or went through whole rounds, while it was watched.
    pub(super) comparable: bool,
}

impl Growths {
    /// Growth of the backlogs over the second half of the measured time, in whole rounds where the load has some.
    /// None is shown where a run ended early.
    pub(super) fn of(plan: &Plan, outcomes: &[Outcome]) -> Self {
        let mut looked_at = vec![Staying::Requests];
        // The backlog of a single endpoint is that of all.
        if plan.load.endpoints.len() > 1 {
            looked_at.extend(open_endpoints(plan).into_iter().map(Staying::Endpoint));
        }
        if leaves_work(plan) {
            looked_at.push(Staying::Frames);
        }
        let chance = CHANCE / looked_at.len() as f64;
        let of = |staying| growth(plan, outcomes, staying, 1.0 - 2.0 * chance);
        let all = looked_at.into_iter().map(of).collect();
        Growths { all, comparable: outcomes.iter().all(|outcome| watched(plan, outcome).is_some()) }
    }

    /// The growth that decides: of all requests if that is shown, else of what grows most, shown or not.
    pub(super) fn leading(&self) -> Growth {
        let all = self.all[0];
        let mut shown: Vec<Growth> = self.all.iter().filter(|it| it.shown).copied().collect();
        shown.sort_by(|one, other| other.share.total_cmp(&one.share));
        let hinted = || self.all.iter().find(|it| it.everywhere).copied();
        let most = || {
            let each = self.all.iter().copied();
            each.max_by(|one, other| one.per_second.total_cmp(&other.per_second))
        };
        let found = if all.shown { Some(all) } else { shown.first().copied() };
        found.or_else(hinted).or_else(most).unwrap_or(all)
    }

    /// The growth of the same requests as in another run.
    pub(super) fn same_as(&self, other: Growth) -> Option<Growth> {
        self.all.iter().find(|it| it.of == other.of).copied()
    }
}

/// Whether work is begun that nobody waits for, which may pile up behind requests that are answered.
pub(super) fn leaves_work(plan: &Plan) -> bool {
    plan.program.steps.iter().any(|step| {
        matches!(step, Step::Spawn { .. } | Step::Publish { .. } | Step::Enqueue { .. })
    })
}

/// The endpoints that are asked for by somebody who does not wait for answers.
fn open_endpoints(plan: &Plan) -> Vec<Id<EndpointPlan>> {
    let open = |source: &&SourcePlan| !matches!(source.arrivals, Arrivals::Closed { .. });
    let asked = plan.load.sources.iter().filter(open).flat_map(|source| &source.endpoints);
    let mut asked: Vec<_> = asked.map(|share| share.endpoint).collect();
    asked.sort_unstable();
    asked.dedup();
    asked
}

/// For how long before its end the backlog of a replication was watched (ns), if over that time it can be compared.
fn watched(plan: &Plan, outcome: &Outcome) -> Option<u64> {
    let warmup = outcome.ended_at.saturating_sub(measured(outcome));
    plan.load.watched_before_end(warmup, outcome.ended_at)
}

/// The measured time of one of the replications of an outcome (ns).
fn measured(outcome: &Outcome) -> u64 {
    outcome.measured_ns / u64::from(outcome.replications.max(1))
}

fn growth(plan: &Plan, outcomes: &[Outcome], staying: Staying, level: f64) -> Growth {
    let whole = |outcome: &Outcome| outcome.ending == Ending::Finished;
    let of = |outcome: &Outcome| {
        let came = outcome.endpoints.iter().map(|record| record.came_since_half()).sum();
        match staying {
            Staying::Requests => (outcome.backlog.grown() as f64, came),
            Staying::Frames => (outcome.frames.grown() as f64, came),
            Staying::Endpoint(endpoint) => {
                let record = &outcome.endpoints[endpoint.index()];
                (record.grown() as f64, record.came_since_half())
            }
        }
    };
    let grown = |outcome: &Outcome| of(outcome).0;
    let share = |outcome: &Outcome| grown(outcome) / of(outcome).1.max(1) as f64;
    let shares: Vec<f64> = outcomes.iter().map(share).collect();
    let rates: Vec<f64> = outcomes
        .iter()
        .map(|outcome| match whole(outcome) {
            true => {
                let one = watched(plan, outcome).unwrap_or(measured(outcome) / 2);
                grown(outcome) / f64::from(outcome.replications) / (one.max(1) as f64 / 1e9)
            }
            // It may not have come to half: from the empty start on, then.
            false => outcome.backlog.at_end as f64 / (outcome.ended_at.max(1) as f64 / 1e9),
        })
        .collect();
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let seen = outcomes.iter().all(whole);
    let sum: f64 = outcomes.iter().map(grown).sum();
    // Few requests, or a few frames of each, come and go by chance.
    let least = if staying == Staying::Requests { 0.0 } else { FEW };
    let significant = mean_interval(&shares, level).is_some_and(|interval| interval.low > 0.0)
        && sum > least.max((in_step(plan) * outcomes.len()) as f64);
    let share = mean(&shares);
    let many = outcomes.iter().all(|outcome| grown(outcome) >= FEW);
    Growth {
        of: staying,
        share,
        per_second: mean(&rates),
        shown: seen && significant && share > LEAST_GROWTH,
        everywhere: seen && many && shares.iter().all(|share| *share > SURE_GROWTH),
    }
}

/// Requests by which the backlog may differ between half and end without growing. A source by the clock is at
/// the same place of its period at the end of every replication, and at another one at half.
fn in_step(plan: &Plan) -> usize {
    let by_the_clock = |source: &&SourcePlan| {
        matches!(source.arrivals, Arrivals::Deterministic(_) | Arrivals::Closed { .. })
    };
    plan.load.sources.iter().filter(by_the_clock).count()
}
