//! Brokers and consumers that have nothing to do.

use super::choreography::modules_in_sagas;
use crate::model::{Application, BrokerKind, Feed, Layout, Messaging, ModuleId, View};
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
        if subscribes {
            beyond_partitions(complaints, messaging, ("service", &service.name), *service.replicas);
        }
    }
    for view in &layout.views {
        let mut named = messaging.consumers.iter().filter(|(name, _)| **name == *view.name);
        match (&view.feed, named.next()) {
            (Feed::Cdc(_), Some((name, _))) => {
                let message = format!("view {} is fed by `cdc` and consumes nothing", quoted(name));
                let diagnostic = Diagnostic::new(Code::IdleConsumers, message, name.span);
                complaints
                    .tell(diagnostic.hint("leave its `consumers` out, or write `feed: events`"));
            }
            (Feed::Cdc(_), None) => {}
            (Feed::Events { .. }, _) => {
                let replicas = replicas_of_keeper(application, layout, view);
                beyond_partitions(complaints, messaging, ("view", &view.name), replicas);
            }
        }
    }
}

/// Instances of the service whose module has the join of a view: they keep it up.
fn replicas_of_keeper(application: &Application, layout: &Layout, view: &View) -> u32 {
    let module = view.join.split_once('.').map_or("", |(module, _)| module);
    let is_it = |id: &&ModuleId| *application.modules[id.index()].name == module;
    let mut services = layout.services.iter();
    let keeper = services.find(|service| service.modules.iter().any(|id| is_it(&id)));
    keeper.map_or(1, |service| *service.replicas)
}

/// Warns of consumers of a service or a view that have no partition.
fn beyond_partitions(
    complaints: &mut Complaints,
    messaging: &Messaging,
    (kind, name): (&str, &str),
    replicas: u32,
) {
    let broker = &messaging.broker;
    let consumers = u64::from(messaging.consumers_of(name).concurrency) * u64::from(replicas);
    let partitions = u64::from(*broker.partitions);
    if *broker.kind == BrokerKind::Kafka && consumers > partitions {
        let message = format!(
            "{kind} {} has {consumers} consumers for {partitions} partitions, of which each has one: {} \
             have nothing to do",
            quoted(name),
            consumers - partitions
        );
        let diagnostic = Diagnostic::new(Code::IdleConsumers, message, broker.partitions.span);
        complaints.tell(diagnostic.hint("write more `partitions`, or fewer consumers"));
    }
}
