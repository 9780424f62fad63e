//! A made-up run of layouts with brokers and views.

use super::{about, flash_crowd, histogram, layout, maybe, run};
use crate::study::{
    ConsumerFindings, ConsumersInWindow, EventFindings, LayoutFindings, Named, RunFindings,
    SpanOfTime, ViewFindings,
};

/// A shop in three layouts that tell others of an order by a broker, each later than the one before.
pub(crate) fn followed() -> RunFindings {
    let told = |slow: f64| {
        let mut found = layout(0.01, 0.6, 1.0);
        tell(&mut found, slow);
        found
    };
    run(vec![("kafka", told(1.0)), ("outbox", told(1.3)), ("rabbitmq", told(2.0))])
}

/// Adds an event, two services that take it and are behind over time, and a view.
fn tell(found: &mut LayoutFindings, slow: f64) {
    found.published = Named(vec![("order-placed".to_owned(), event(slow))]);
    let consumers = [("mail", 12.0), ("warehouse", 0.6)];
    let consumers = consumers.map(|(name, lag)| (name.to_owned(), consumers_of(lag * slow)));
    found.consumers = Named(consumers.into());
    found.views = Named(vec![("history".to_owned(), view(slow))]);
    found.windows = flash_crowd().layouts.0[0].1.windows.clone();
    for window in &mut found.windows {
        // As the crowd of the sample: most of it between 70 s and 80 s.
        let crowd = window.all.in_system.value / 905.0;
        let lag = |most: f64| ConsumersInWindow { lag_mean: about(most * slow * crowd, 0.1) };
        let consumers = [("mail", lag(6_006.0)), ("warehouse", lag(40.0))];
        window.consumers = Named(consumers.map(|(name, lag)| (name.to_owned(), lag)).into());
    }
}

/// A view of whose reads a third is stale.
fn view(slow: f64) -> ViewFindings {
    let mut reads = histogram(0.09 * slow, 0.7);
    (0..8_000).for_each(|_| reads.record(0));
    ViewFindings {
        join: "orders.history".to_owned(),
        database: "reads".to_owned(),
        reads_per_second: about(160.0, 0.01),
        stale_share: maybe(1.0 / 3.0),
        staleness_seconds: SpanOfTime { p99: maybe(0.46 * slow), ..span(0.1 * slow) },
        changes_per_second: about(40.0, 0.01),
        delay_seconds: span(0.1 * slow),
        on_their_way_mean: maybe(4.0),
        missed_share: None,
        rebuild_seconds: 12.0,
        histogram: reads,
    }
}

fn span(median: f64) -> SpanOfTime {
    SpanOfTime {
        mean: maybe(1.1 * median),
        p50: maybe(median),
        p90: maybe(2.0 * median),
        p99: maybe(4.0 * median),
        p999: None,
    }
}

fn event(slow: f64) -> EventFindings {
    EventFindings {
        per_second: about(60.0, 0.01),
        completion_seconds: span(0.4 * slow),
        under_way_mean: maybe(24.0 * slow),
        given_up_share: maybe(0.0001),
        requests_per_second: about(58.0, 0.01),
        batch_mean: maybe(1.03),
        full_share: maybe(0.0),
        exposed_seconds: span(0.002),
        ahead_seconds: span(0.001),
        made_up_share: maybe(0.0),
        histogram: histogram(0.4 * slow, 0.5),
    }
}

fn consumers_of(lag: f64) -> ConsumerFindings {
    ConsumerFindings {
        count: 12,
        per_second: about(60.0, 0.01),
        lag_mean: maybe(lag),
        wait_seconds: span(lag / 60.0),
        busiest_share: maybe(0.7),
        idlest_share: maybe(0.4),
        takes_per_second: about(60.0, 0.01),
        batch_mean: maybe(1.0),
        dead_share: maybe(0.0001),
        lost_share: maybe(0.0),
        retries_mean: maybe(0.03),
    }
}
