//! What is wrong with a layout or doubtful about its figures, in words.

use super::declared::Declared;
use super::findings::{Diagnosis, Verdict};
use super::growth::{Growth, Growths, Staying};
use super::overload::{open, overloaded_beforehand, unborne};
use super::run_length::{By, RunLength};
use super::summary::skewed_mean;
use crate::measure::{Deadlock, Ending, EndpointRecord, Held, Kind, Limit, Outcome};
use crate::plan::{Forecast, Plan, Remark};
use crate::scenario::Code;
use crate::units::{Nanos, si_time, significant};

/// Things in a deadlock that are named.
const MOST_HELD: usize = 4;

/// What was asked of the precision and what was reached instead.
pub(super) fn not_converged(
    declared: &[Declared],
    length: RunLength,
    outcomes: &[Outcome],
) -> Diagnosis {
    let wide: Vec<String> =
        declared.iter().filter(|figure| !figure.precise()).map(Declared::words).collect();
    let why = match length.by {
        _ if !all_finished(outcomes) => "a limit of the scenario ended the run before its time",
        By::Budget => "the budget of events was spent before the asked precision was in reach",
        By::Pilot | By::Author => "the run came out wider than its pilot promised",
    };
    Diagnosis { code: Code::NotConverged, message: format!("{}: {why}", wide.join(", ")) }
}

/// What is wrong with a layout, or doubtful about its figures.
pub(super) fn diagnose(
    plan: &Plan,
    forecast: &Forecast,
    outcomes: &[Outcome],
    verdict: Verdict,
) -> Vec<Diagnosis> {
    let mut found = Vec::new();
    let mut say = |code: Code, message: String| found.push(Diagnosis { code, message });
    match deadlock(plan, outcomes) {
        Some(message) => say(Code::Deadlock, message),
        None if verdict == Verdict::Unstable => {
            say(Code::Unstable, overload(plan, forecast, outcomes));
        }
        None => {}
    }
    if verdict == Verdict::Undecided && all_finished(outcomes) {
        say(Code::Undecided, undecided(plan, forecast, outcomes));
    }
    if let Some(load) = unborne(plan, forecast, verdict) {
        let message = format!(
            "by arithmetic {} would need {} % of its capacity, but no backlog grows: what is estimated of it \
             (cache misses, how long rows are held, deadlocks) is too high",
            load.resource,
            significant(load.utilisation * 100.0, 3),
        );
        say(Code::SuspectedOverload, message);
    }
    if let Some(message) = no_answers(outcomes) {
        say(Code::NoAnswers, message);
    }
    if let Some(message) = unanswered(outcomes).filter(|_| verdict == Verdict::Terminating) {
        say(Code::Unanswered, message);
    }
    if let Some(message) = limited(outcomes) {
        say(Code::Limit, message);
    }
    for Remark { code, message } in &plan.remarks {
        say(*code, message.clone());
    }
    found
}

/// Which limit ended a replication, the first that was ended so.
fn limited(outcomes: &[Outcome]) -> Option<String> {
    let (limit, time) = outcomes.iter().find_map(|outcome| match outcome.ending {
        Ending::Finished => None,
        Ending::Limited(limit, time) => Some((limit, time)),
    })?;
    let what = match limit {
        Limit::Frames => "frames under way (run.limits.frames)",
        Limit::Events => "events (run.limits.events)",
        Limit::Simultaneous => {
            "events at one instant (run.limits.simultaneous); does something that takes no time start \
             again and again?"
        }
        Limit::Locks => "rows locked in one database (run.limits.locks)",
    };
    let time = si_time(Nanos(time).seconds());
    Some(format!(
        "a replication was ended at {time} by the limit of {what}; those behind it did not start"
    ))
}

fn all_finished(outcomes: &[Outcome]) -> bool {
    outcomes.iter().all(|outcome| outcome.ending == Ending::Finished)
}

/// That requests come and none has a good answer, with what most of them end in.
fn no_answers(outcomes: &[Outcome]) -> Option<String> {
    const WORDS: [(Kind, &str); Kind::COUNT - 1] = [
        (Kind::Rejected, "turned away by a full queue"),
        (Kind::Timeout, "out of patience for a connection"),
        (Kind::Failed, "failed by the business or a third party"),
        (Kind::Deadlock, "the victim of a deadlock"),
        (Kind::Abandoned, "out of patience for a thread"),
        (Kind::Conflict, "beaten by another event on the same key"),
    ];
    let records = || outcomes.iter().flat_map(|outcome| &outcome.endpoints);
    let ended = |kind: Kind| records().map(|record| record.answers[kind as usize]).sum::<u64>();
    let most = WORDS.iter().max_by_key(|(kind, _)| ended(*kind));
    let (kind, words) = most.filter(|(kind, _)| ended(*kind) > 0 && ended(Kind::Ok) == 0)?;
    Some(format!("no request has a good answer; {} were {words}", ended(*kind)))
}

/// That the latencies of a terminating run are those of the answered requests only, where it matters.
fn unanswered(outcomes: &[Outcome]) -> Option<String> {
    let records = || outcomes.iter().flat_map(|outcome| &outcome.endpoints);
    let came: u64 = records().map(|record| record.arrivals).sum();
    let open: i64 = records().map(EndpointRecord::in_flight).sum();
    let share = open as f64 / came.max(1) as f64;
    (share > 0.01).then(|| {
        format!(
            "{} % of the requests were still under way at the end: the latencies of the whole run are those \
             of the others; those of the windows count them as slow",
            significant(share * 100.0, 2)
        )
    })
}

/// Why it is not told whether a layout carries its load.
fn undecided(plan: &Plan, forecast: &Forecast, outcomes: &[Outcome]) -> String {
    let growths = Growths::of(plan, outcomes);
    let growth = growths.leading();
    let backlog = the_backlog(plan, growth);
    if !open(plan) && growth.of != Staying::Frames {
        return "more and more of the users wait over the second half of the run: it is too short for a steady \
                state"
            .into();
    }
    if let Some(load) = overloaded_beforehand(plan, forecast).filter(|_| growth.per_second <= 0.0) {
        return format!(
            "{} would need {} % of its capacity, but {backlog} did not grow over the second half of the run: it \
             is too short to show it",
            load.resource,
            significant(load.utilisation * 100.0, 3),
        );
    }
    match (growths.comparable, growth.shown) {
        (false, _) => format!(
            "{backlog} grows over the second half of the run, in which the load itself changes: a longer run \
             tells whether that lasts"
        ),
        (true, true) => format!(
            "{backlog} grows slightly over the second half of the run: it may be too short to tell a heavy load \
             from an overload"
        ),
        (true, false) => format!(
            "{backlog} grows in every replication, and they are too few to tell an overload from chance: take \
             more of them"
        ),
    }
}

/// Whose backlog it is.
fn the_backlog(plan: &Plan, growth: Growth) -> String {
    match growth.of {
        Staying::Requests => "the backlog".to_string(),
        Staying::Endpoint(endpoint) => {
            format!("the backlog of {}", plan.load.endpoints[endpoint].name)
        }
        Staying::Frames => "work that nobody waits for piles up: it".to_string(),
    }
}

/// What saturates, and how fast the backlog grows.
fn overload(plan: &Plan, forecast: &Forecast, outcomes: &[Outcome]) -> String {
    let forecast = forecast.lasting();
    let growth = Growths::of(plan, outcomes).leading();
    let rate = significant(forecast.offered_per_second, 3);
    let backlog =
        format!("{} grows by {}/s", the_backlog(plan, growth), significant(growth.per_second, 2));
    let Some(load) = forecast.bottleneck() else {
        return backlog;
    };
    let share = significant(load.utilisation * 100.0, 3);
    let resource = &load.resource;
    if load.utilisation >= 1.0 {
        return format!("{resource} would need {share} % of its capacity at {rate}/s; {backlog}");
    }
    format!(
        "{backlog} at {rate}/s; by work alone the busiest resource is {resource} at {share} %, so what \
         saturates is held longer than its work takes (threads, connections, locks)"
    )
}

/// What all hold and wait for, where a replication ended so.
fn deadlock(plan: &Plan, outcomes: &[Outcome]) -> Option<String> {
    let stuck: Vec<&Deadlock> =
        outcomes.iter().filter_map(|outcome| outcome.deadlock.as_ref()).collect();
    let first = stuck.first()?;
    let held: Vec<String> =
        first.held.iter().take(MOST_HELD).map(|held| named(plan, *held)).collect();
    let more = first.held.len().saturating_sub(MOST_HELD);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let path = first.path.iter().map(|call| plan.entry_name(plan.program.calls[*call].entry));
    let path: Vec<String> = path.collect();
    // A subscriber that nobody waits for was called by none.
    let example = match path.is_empty() {
        true => String::new(),
        false => format!(", such as {}", path.join(" → ")),
    };
    Some(format!(
        "deadlock: requests hold {}{more} and wait for one of them{example}; {} of {} replications ended so",
        held.join(", "),
        stuck.len(),
        outcomes.len(),
    ))
}

fn named(plan: &Plan, held: Held) -> String {
    match held {
        Held::Threads(service) => {
            let service = &plan.site.services[service];
            let of = if service.replicas > 1 { "a replica of " } else { "" };
            format!("all threads of {of}{}", service.name)
        }
        Held::Connections(database) => {
            format!("all connections to {}", plan.site.databases[database].name)
        }
        Held::Rows(database) => format!("rows of {}", plan.site.databases[database].name),
    }
}

/// That the means are skewed enough for a wider interval.
pub(super) fn skewed(outcomes: &[Outcome]) -> Option<Diagnosis> {
    let [low, high] = skewed_mean(outcomes)?;
    let message = format!(
        "the mean latencies of the replications are skewed, with some far above the others: an interval that \
         allows for it is {} … {}, clearly wider than the one that is shown, which takes them for normal",
        si_time(low),
        si_time(high)
    );
    Some(Diagnosis { code: Code::Skewed, message })
}
