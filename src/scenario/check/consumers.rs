//! Brokers and consumers that have nothing to do.

use super::choreography::modules_in_sagas;
use crate::model::{Application, BrokerKind, Layout};
use crate::scenario::complaints::Complaints;
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};

/// Checks a layout whose modules are each in a service.
pub(super) fn check(complaints: &mut Complaints, application: &Application, layout: &Layout) {
    let Some(messaging) = &layout.messaging else { return };
    let broker = &messaging.broker;
    let in_sagas = modules_in_sagas(application, layout);
    if application.events.is_empty() && in_sagas.is_empty() {
        let message = "the application has no event, so nobody ever uses the broker";
        let diagnostic = Diagnostic::new(Code::Unreached, message, broker.kind.span);
        complaints
            .tell(diagnostic.hint("write the step `publish: …` in an operation, or leave it out"));
    }
    let subscribers = application.events.iter().flat_map(|event| &event.subscribers);
    let own = subscribers.map(|it| application.operations[it.index()].module);
    let modules: Vec<_> = own.chain(in_sagas).collect();
    for service in &layout.services {
        let subscribes = service.modules.iter().any(|module| modules.contains(module));
        let mut named = messaging.consumers.iter().filter(|(name, _)| **name == *service.name);
        if let (false, Some((name, _))) = (subscribes, named.next()) {
            let message =
                format!("service {} subscribes to no event and consumes nothing", quoted(name));
            let diagnostic = Diagnostic::new(Code::IdleConsumers, message, name.span);
            complaints.tell(diagnostic.hint("leave its `consumers` out"));
        }
        let each = messaging.consumers_of(&service.name).concurrency;
        let consumers = u64::from(each) * u64::from(*service.replicas);
        let partitions = u64::from(*broker.partitions);
        if subscribes && *broker.kind == BrokerKind::Kafka && consumers > partitions {
            let message = format!(
                "service {} has {consumers} consumers for {partitions} partitions, of which each has one: {} \
                 have nothing to do",
                quoted(&service.name),
                consumers - partitions
            );
            let diagnostic = Diagnostic::new(Code::IdleConsumers, message, broker.partitions.span);
            complaints.tell(diagnostic.hint("write more `partitions`, or fewer consumers"));
        }
    }
}
