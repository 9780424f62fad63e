//! From the outcomes of replications to findings about events that a broker carries and those who take them.

use super::carried::{ConsumerFindings, EventFindings, OutboxFindings};
use super::estimate::{Estimate, estimate_of_share};
use super::findings::Diagnosis;
use super::measured::{Measured, mean_seconds};
use super::named::Named;
use super::summary::{at_most_three_in_n, estimate_of_some, merged, pooled_quantile};
use super::transactions::span;
use crate::measure::{Gauge, GroupRecord, Outcome, TopicRecord};
use crate::plan::Plan;
use crate::scenario::Code;
use crate::statistics::Histogram;
use crate::units::significant;

/// Each event by its name. Times are left out where nothing is steady.
pub(super) fn published(plan: &Plan, outcomes: &[Outcome], steady: bool) -> Named<EventFindings> {
    let topics = plan.messaging.topics.iter().enumerate();
    Named(topics.map(|(at, topic)| (topic.name.clone(), event(outcomes, at, steady))).collect())
}

fn event(outcomes: &[Outcome], at: usize, steady: bool) -> EventFindings {
    EventFindings {
        per_second: rate(outcomes, |outcome| outcome.topics[at].published),
        completion_seconds: span(outcomes, steady, |outcome| {
            let record = &outcome.topics[at];
            (&record.completion, record.completion_sum)
        }),
        under_way_mean: level(outcomes, steady, |outcome| &outcome.topics[at].present),
        given_up_share: share_of(outcomes, |outcome| {
            let record = &outcome.topics[at];
            (record.given_up, record.given_up + record.completion.count())
        }),
        requests_per_second: rate(outcomes, |outcome| outcome.topics[at].requests),
        batch_mean: ratio(outcomes, |outcome| {
            (outcome.topics[at].sent, outcome.topics[at].requests)
        }),
        full_share: ratio(outcomes, |outcome| {
            (outcome.topics[at].full, outcome.topics[at].requests)
        }),
        exposed_seconds: span(outcomes, steady, |outcome| {
            let record = &outcome.topics[at];
            (&record.exposed, record.exposed_sum)
        }),
        ahead_seconds: span(outcomes, steady, |outcome| {
            let record = &outcome.topics[at];
            (&record.ahead, record.ahead_sum)
        }),
        made_up_share: share_of(outcomes, |outcome| {
            (outcome.topics[at].made_up, outcome.topics[at].published)
        }),
        histogram: merged(outcomes.iter().map(|outcome| &outcome.topics[at].completion)),
    }
}

/// How long each event takes to completion, on average (`percentile` 0) or by a percentile.
pub(super) fn completion<'p>(
    plan: &'p Plan,
    outcomes: &[Outcome],
    percentile: f64,
) -> Vec<(&'p str, Option<Estimate>)> {
    let topics = plan.messaging.topics.iter().enumerate();
    let figures = topics.map(|(at, topic)| {
        let each = || outcomes.iter().map(move |outcome| &outcome.topics[at]);
        let figure = if percentile == 0.0 {
            estimate_of_some(outcomes, |outcome| {
                let record = &outcome.topics[at];
                mean_seconds(record.completion_sum, record.completion.count())
            })
        } else {
            let values: Vec<Histogram> = each().map(|record| record.completion.clone()).collect();
            let any = values.iter().any(|values| values.count() > 0);
            pooled_quantile(&values, percentile / 100.0, None).filter(|_| any)
        };
        (topic.name.as_str(), figure)
    });
    figures.collect()
}

/// What is compared of each event at the broker: its times to completion, replication by replication.
pub(super) fn completion_times(
    plan: &Plan,
    outcomes: &[Outcome],
) -> Vec<(String, CompletionTimes)> {
    let topics = plan.messaging.topics.iter().enumerate();
    let told = topics.map(|(at, topic)| {
        let records = || outcomes.iter().map(move |outcome| &outcome.topics[at]);
        let mean =
            |record: &TopicRecord| mean_seconds(record.completion_sum, record.completion.count());
        let times = CompletionTimes {
            means: records().filter_map(mean).collect(),
            times: records().map(|record| record.completion.clone()).collect(),
        };
        (topic.name.clone(), times)
    });
    told.collect()
}

/// How long an event took to completion.
pub(super) struct CompletionTimes {
    /// Mean (s) of each replication in which one was completed.
    pub(super) means: Vec<f64>,
    /// Times (ns) of each replication.
    pub(super) times: Vec<Histogram>,
}

/// What is compared of the consumers of each service: their mean lag in each replication (messages).
pub(super) fn mean_lags(plan: &Plan, outcomes: &[Outcome]) -> Vec<(String, Vec<f64>)> {
    let groups = plan.messaging.groups.iter().enumerate();
    let told = groups.map(|(at, group)| {
        let mean = |outcome: &Outcome| Measured::of(outcome).level(&outcome.groups[at].lag);
        (plan.site.services[group.service].name.clone(), outcomes.iter().map(mean).collect())
    });
    told.collect()
}

/// The relay of each outbox by the name of its database.
pub(super) fn outboxes(plan: &Plan, outcomes: &[Outcome]) -> Named<OutboxFindings> {
    let each = plan.messaging.outboxes.iter().enumerate();
    let told = each.map(|(at, outbox)| {
        let record = move |outcome: &Outcome| outcome.outboxes[at];
        let found = OutboxFindings {
            looks_per_second: rate(outcomes, |outcome| record(outcome).looks),
            found_mean: ratio(outcomes, |outcome| (record(outcome).found, record(outcome).looks)),
            empty_share: share_of(outcomes, |outcome| {
                (record(outcome).empty, record(outcome).looks)
            }),
        };
        (plan.site.databases[outbox.database].name.clone(), found)
    });
    Named(told.collect())
}

/// The consumers of each service or view by their name.
pub(super) fn consumers(
    plan: &Plan,
    outcomes: &[Outcome],
    steady: bool,
) -> Named<ConsumerFindings> {
    let groups = plan.messaging.groups.iter().enumerate();
    let told = groups.map(|(at, group)| {
        let service = &plan.site.services[group.service];
        let found = group_of(outcomes, at, group.concurrency * service.replicas, steady);
        (group.name.clone(), found)
    });
    Named(told.collect())
}

fn group_of(outcomes: &[Outcome], at: usize, count: u32, steady: bool) -> ConsumerFindings {
    let share = |part: fn(&GroupRecord) -> u64| {
        share_of(outcomes, move |outcome| {
            let record = &outcome.groups[at];
            (part(record), record.ended())
        })
    };
    // Each consumer over all replications: the busiest of each alone would be so by chance.
    let busy: Vec<Estimate> = (0..count as usize)
        .filter_map(|number| {
            estimate_of_some(outcomes, |outcome| {
                Some(Measured::of(outcome).level(outcome.groups[at].busy.get(number)?))
            })
        })
        .collect();
    let by_share = |one: &&Estimate, other: &&Estimate| one.value.total_cmp(&other.value);
    ConsumerFindings {
        count,
        per_second: rate(outcomes, |outcome| outcome.groups[at].ended()),
        lag_mean: level(outcomes, steady, |outcome| &outcome.groups[at].lag),
        wait_seconds: span(outcomes, steady, |outcome| {
            let record = &outcome.groups[at];
            (&record.waits, record.wait_sum)
        }),
        busiest_share: busy.iter().max_by(by_share).copied(),
        idlest_share: busy.iter().min_by(by_share).copied(),
        takes_per_second: rate(outcomes, |outcome| outcome.groups[at].takes),
        batch_mean: ratio(outcomes, |outcome| (outcome.groups[at].taken, outcome.groups[at].takes)),
        dead_share: share(|record| record.dead),
        lost_share: share(|record| record.lost),
        retries_mean: ratio(outcomes, |outcome| {
            (outcome.groups[at].retried, outcome.groups[at].ended())
        }),
    }
}

/// Messages that failed for good, in words with their numbers.
pub(super) fn given_up(all: &Named<ConsumerFindings>) -> Vec<Diagnosis> {
    let each = all.iter().flat_map(|(name, own)| {
        let ways =
            [(own.dead_share, "are kept aside as dead letters"), (own.lost_share, "are lost")];
        ways.map(|(share, what)| {
            let share = share.filter(|share| share.value > 0.0)?;
            let message = format!(
                "of a million messages for {name} about {} fail for good and {what}",
                significant(share.value * 1e6, 3)
            );
            Some(Diagnosis { code: Code::GivenUp, message })
        })
    });
    each.flatten().collect()
}

fn rate(outcomes: &[Outcome], count: impl Fn(&Outcome) -> u64) -> Estimate {
    let rate =
        estimate_of_some(outcomes, |outcome| Some(Measured::of(outcome).rate(count(outcome))));
    rate.unwrap_or(Estimate { value: 0.0, ci95: None })
}

fn ratio(outcomes: &[Outcome], of: impl Fn(&Outcome) -> (u64, u64)) -> Option<Estimate> {
    estimate_of_some(outcomes, |outcome| {
        let (part, whole) = of(outcome);
        (whole > 0).then(|| part as f64 / whole as f64)
    })
}

fn share_of(outcomes: &[Outcome], of: impl Fn(&Outcome) -> (u64, u64)) -> Option<Estimate> {
    let parts: Vec<(u64, u64)> = outcomes.iter().map(of).filter(|(_, whole)| *whole > 0).collect();
    let shares: Vec<f64> = parts.iter().map(|(part, whole)| *part as f64 / *whole as f64).collect();
    let all = parts.iter().map(|(_, whole)| whole).sum();
    (!shares.is_empty()).then(|| at_most_three_in_n(estimate_of_share(&shares), all))
}

fn level(
    outcomes: &[Outcome],
    steady: bool,
    gauge: impl Fn(&Outcome) -> &Gauge,
) -> Option<Estimate> {
    let mean = |outcome: &Outcome| Some(Measured::of(outcome).level(gauge(outcome)));
    estimate_of_some(outcomes, mean).filter(|_| steady)
}
