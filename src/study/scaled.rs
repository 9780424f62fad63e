//! From the outcomes of replications to findings about services whose instances come and go.

use super::estimate::estimate;
use super::findings::Diagnosis;
use super::named::Named;
use super::scaling_findings::ScalingFindings;
use super::summary::{estimate_of_some, per_replication};
use crate::measure::{Outcome, ScalingRecord};
use crate::plan::Plan;
use crate::scenario::Code;
use crate::units::significant;

/// Each service whose instances come and go, by its name.
pub(super) fn scaled(plan: &Plan, outcomes: &[Outcome]) -> Named<ScalingFindings> {
    let services = plan.scaled.services.iter().enumerate();
    let found = services.map(|(at, scaled)| {
        let name = plan.site.services[scaled.service].name.clone();
        (name, found(outcomes, at, scaled.service.index()))
    });
    Named(found.collect())
}

fn found(outcomes: &[Outcome], at: usize, service: usize) -> ScalingFindings {
    let count = |value: fn(&ScalingRecord) -> u64| {
        estimate(&per_replication(outcomes, |outcome| {
            value(&outcome.scalings[at]) as f64 / f64::from(outcome.replications)
        }))
    };
    let replicas =
        |outcome: &Outcome| outcome.capacities.replicas[service].mean(outcome.measured_ns);
    let most = outcomes.iter().map(|outcome| outcome.scalings[at].most.get()).max();
    ScalingFindings {
        replicas_mean: estimate(&per_replication(outcomes, replicas)),
        replicas_most: most.unwrap_or(0) as f64,
        asked_mean: count(|record| record.asked),
        ready_after_seconds: estimate_of_some(outcomes, |outcome| {
            let record = &outcome.scalings[at];
            let ready = record.ready as f64;
            (ready > 0.0).then(|| record.ready_after as f64 / ready / 1e9)
        }),
        without_room_mean: count(|record| record.without_room),
        sent_away_mean: count(|record| record.sent_away),
    }
}

/// That instances waited for nodes which never came.
pub(super) fn pending(plan: &Plan, outcomes: &[Outcome]) -> Vec<Diagnosis> {
    let services = plan.scaled.services.iter().enumerate();
    let found = services.filter_map(|(at, scaled)| {
        let each = per_replication(outcomes, |outcome| {
            outcome.scalings[at].pending as f64 / f64::from(outcome.replications)
        });
        let mean = each.iter().sum::<f64>() / each.len().max(1) as f64;
        (mean > 0.0).then(|| Diagnosis {
            code: Code::Pending,
            message: format!(
                "{} instances of {} a run were asked for and found no room on any node up to the end: let more nodes \
                 come (`platform.nodes.to`), or take a larger class",
                significant(mean, 3),
                plan.site.services[scaled.service].name
            ),
        })
    });
    found.collect()
}
