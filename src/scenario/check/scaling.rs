//! A number of instances that follows the load needs a run that is long enough to see it do so.

use crate::model::{Layout, Length, Scaling, Service};
use crate::scenario::complaints::Complaints;
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};
use crate::units::Nanos;

/// Refuses scaling in a run whose length follows from its precision, and says where no instance can come in time.
pub(in crate::scenario) fn scaling<'l>(
    complaints: &mut Complaints,
    layouts: impl Iterator<Item = &'l Layout>,
    length: Length,
) {
    for layout in layouts {
        let scaled = layout.services.iter();
        for (service, rule) in scaled.filter_map(|it| Some((it, it.scaling.as_ref()?))) {
            match length {
                Length::Precision { .. } => refuse(complaints, service, rule),
                Length::Fixed { duration, .. } => warn(complaints, service, rule, duration),
                Length::Until(end) => warn(complaints, service, rule, end),
            }
        }
    }
}

fn refuse(complaints: &mut Complaints, service: &Service, rule: &Scaling) {
    let message = format!(
        "instances of {} come and go over minutes, and how long the run is follows from its precision alone",
        quoted(&service.name)
    );
    let hint = "write how long it is: `run: { until: 30min }`, or `run: { fixed: { duration: 30min, warmup: 10min } }`";
    complaints.tell(Diagnostic::new(Code::ScalingNeedsTime, message, rule.to.span).hint(hint));
}

fn warn(complaints: &mut Complaints, service: &Service, rule: &Scaling, end: Nanos) {
    let first = rule.every.0.saturating_add(service.start.takes.0);
    if first >= end.0 {
        let message = format!(
            "no instance of {} is ready before the run ends: it is looked after {}, and one takes {} to start",
            quoted(&service.name),
            rule.every,
            service.start.takes
        );
        let hint = format!("let the run take longer than {}", Nanos(first));
        complaints.tell(Diagnostic::new(Code::NothingStarts, message, rule.to.span).hint(hint));
    }
}
