//! Views that events feed: the broker that they need, events that tell of their tables, and writers that no event tells of.

use std::collections::BTreeSet;

use super::listed::listed;
use crate::model::{
    Application, At, EventId, Feed, Join, Layout, OperationId, OperationStep, Span, TableId, View,
};
use crate::scenario::complaints::Complaints;
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};

/// Checks every view of a layout that events feed.
pub(super) fn check(complaints: &mut Complaints, application: &Application, layout: &Layout) {
    for view in &layout.views {
        let Feed::Events { said, named } = &view.feed else { continue };
        if layout.messaging.is_none() {
            let message = format!(
                "view {} is fed by events, and this layout has no broker to carry them",
                quoted(&view.name)
            );
            let diagnostic = Diagnostic::new(Code::WithoutBroker, message, *said)
                .hint("write `broker: kafka` into the layout, or `feed: cdc`")
                .also(layout.name.span, "in this layout");
            complaints.tell(diagnostic);
        }
        let Some(join) = application.find_join(&view.join) else { continue };
        named.iter().for_each(|event| tells_nothing(complaints, application, (view, join), event));
        missed(complaints, application, (view, join), *said);
    }
}

/// Warns of an event that nobody publishes who writes a table of the view.
fn tells_nothing(
    complaints: &mut Complaints,
    application: &Application,
    (view, join): (&View, &Join),
    event: &At<EventId>,
) {
    let all = Feed::Events { said: event.span, named: Vec::new() };
    if application.feeding_events(join, &all).contains(event) {
        return;
    }
    let message = format!(
        "event {} is published by nobody who writes a table of view {}, so it feeds nothing",
        quoted(&application.events[event.index()].name),
        quoted(&view.name)
    );
    let diagnostic = Diagnostic::new(Code::UnfedView, message, event.span);
    complaints
        .tell(diagnostic.hint("publish it where one of its tables is written, or leave it out"));
}

/// Refuses writers of its tables that no event tells of: neither they nor whoever calls them publish one that feeds it.
fn missed(
    complaints: &mut Complaints,
    application: &Application,
    (view, join): (&View, &Join),
    said: Span,
) {
    let events = application.feeding_events(join, &view.feed);
    let mut silent = BTreeSet::new();
    let all = (0..application.operations.len() as u32).map(OperationId);
    let subscribed: BTreeSet<OperationId> =
        application.events.iter().flat_map(|event| event.subscribers.iter().copied()).collect();
    // From those that nobody calls, on all ways on which nobody publishes.
    let mut pending: Vec<OperationId> =
        all.filter(|it| subscribed.contains(it) || application.callers(*it).is_empty()).collect();
    while let Some(operation) = pending.pop() {
        if application.publishes(operation, &events) || !silent.insert(operation) {
            continue;
        }
        pending.extend(application.callees(operation));
    }
    for operation in silent {
        let steps = &application.operations[operation.index()].steps;
        let Some((table, span)) = write_to(steps, &join.tables) else { continue };
        let message = format!(
            "{} writes {}, which view {} shows, and neither it nor whoever calls it publishes an event that feeds the view",
            quoted(&application.operation_name(operation)),
            quoted(&application.table_name(table)),
            quoted(&view.name)
        );
        let names: Vec<At<String>> =
            events.iter().map(|event| application.events[event.index()].name.clone()).collect();
        let hint = match names.is_empty() {
            true => "publish an event there, or write `feed: cdc`".to_string(),
            false => format!(
                "publish {} there, name an event that it publishes, or write `feed: cdc`",
                listed(&names).0
            ),
        };
        let diagnostic = Diagnostic::new(Code::MissedChange, message, span);
        complaints.tell(diagnostic.hint(hint).also(said, "the view is fed here"));
    }
}

/// The first step that writes one of these tables.
fn write_to(steps: &[OperationStep], tables: &[TableId]) -> Option<(TableId, Span)> {
    steps.iter().find_map(|step| {
        let parts = step.action.parts();
        let own = parts.writes.filter(|table| tables.contains(table));
        own.map(|table| (table, step.span))
            .or_else(|| parts.bodies.iter().find_map(|body| write_to(body, tables)))
    })
}
