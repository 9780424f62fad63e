//! Priorities that nobody serves by, and service by priority where all are the same.

use crate::model::{Layout, QueueDiscipline, Scheduling, Service, Workload};
use crate::scenario::complaints::Complaints;
use crate::scenario::{Code, Diagnostic};

/// Warns where a priority changes nothing.
pub(in super::super) fn priorities(
    complaints: &mut Complaints,
    workload: &Workload,
    layouts: &[&Layout],
) {
    let Some(first) = workload.endpoints.first() else {
        return;
    };
    let differing = workload.endpoints.iter().find(|other| other.priority != first.priority);
    let serving =
        layouts.iter().flat_map(|layout| &layout.services).find(|service| serves(service));
    match (differing, serving) {
        (Some(endpoint), None) => {
            let message = "no service of any layout serves by priority, so none matters";
            let span = endpoint.priority.span;
            complaints.tell(Diagnostic::new(Code::UnusedPriority, message, span).hint(
                "write `queue_discipline: priority` or `scheduling: preemptive_priority` at a service",
            ));
        }
        (None, Some(service)) => {
            let message = "a service serves by priority, but all endpoints have the same";
            let span = service.name.span;
            let hint = "write `priority: 1` (up to 255, the greatest first) at an endpoint";
            complaints.tell(Diagnostic::new(Code::OnePriority, message, span).hint(hint));
        }
        _ => {}
    }
}

fn serves(service: &Service) -> bool {
    let by_priority = [Scheduling::Priority, Scheduling::PreemptivePriority];
    service.discipline == QueueDiscipline::Priority || by_priority.contains(&service.scheduling)
}
