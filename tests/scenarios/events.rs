//! scenarios/events.yaml: what it costs to tell three services of an order, by calls and by events.

use cutline::study::{LayoutFindings, RunFindings};

use super::{assert_attribution_sums_to_the_mean, run, stable};

const FILE: &str = "events.yaml";

fn p99(found: &LayoutFindings) -> f64 {
    let order = found.endpoints.get("order").expect("one endpoint");
    order.latency_seconds.p99.expect("it is answered").value
}

fn completion(found: &LayoutFindings) -> f64 {
    let event = found.published.get("order-placed").expect("a broker carries it");
    event.completion_seconds.mean.expect("it is handled").value
}

#[test]
fn events_free_the_order_from_those_who_hear_of_it_and_an_outbox_makes_them_later() {
    let findings: RunFindings = run(FILE);
    for (_, layout) in findings.layouts.iter() {
        assert_attribution_sums_to_the_mean(layout);
    }
    let [calls, kafka, outbox, rabbitmq] =
        ["calls", "kafka", "outbox", "rabbitmq"].map(|name| stable(&findings, name));
    for carried in [kafka, outbox, rabbitmq] {
        assert!(p99(carried) < p99(calls) / 3.0, "{} {}", p99(carried), p99(calls));
        assert!(carried.cost.per_month > calls.cost.per_month);
    }
    // Half of the relay's pause, in the mean, and some more, as what it finds comes all at once.
    let later = completion(outbox) - completion(kafka);
    assert!((0.1..0.16).contains(&later), "{later}");
    let lines = |found: &LayoutFindings, of: &str| {
        found.cost.lines.iter().filter(|line| line.item.starts_with(of)).count()
    };
    // A machine and a volume each.
    assert_eq!((lines(kafka, "broker kafka-"), lines(calls, "broker ")), (6, 0));
    let promises = findings.slo.iter().filter(|promise| promise.metric.starts_with("completion"));
    let promises: Vec<_> = promises.map(|kept| (&*kept.layout, &*kept.metric, kept.met)).collect();
    let metric = "completion p99 of order-placed";
    let expected = ["kafka", "outbox", "rabbitmq"].map(|layout| (layout, metric, true));
    assert_eq!(promises, expected);
}
