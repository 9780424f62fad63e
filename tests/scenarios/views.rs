//! scenarios/views.yaml: what a view costs its readers in age, and what asking two owners costs them in time.

use cutline::scenario;
use cutline::study::{self, LayoutFindings, RunFindings};

use super::{Silent, edit, no_files};

const TEXT: &str = include_str!("../../scenarios/views.yaml");

fn found(lag: &str) -> RunFindings {
    let feed = format!("{{ cdc: {{ lag: {lag} }} }}");
    let edits =
        [edit("layouts.viewed.views.history.feed", &feed), edit("run.fixed.duration", "20s")];
    let reading = scenario::read(TEXT, "views", &edits, &no_files).expect("the scenario reads");
    let layouts: Vec<usize> = (0..reading.model.layouts.len()).collect();
    study::run(&reading.model, &layouts, &Silent).expect("the scenario compiles")
}

fn layout<'a>(found: &'a RunFindings, name: &str) -> &'a LayoutFindings {
    found.layouts.get(name).expect("it is a layout")
}

fn mean(found: &LayoutFindings, endpoint: &str) -> f64 {
    let endpoint = found.endpoints.get(endpoint).expect("it is asked for");
    endpoint.latency_seconds.mean.expect("it is answered").value
}

#[test]
fn a_view_is_asked_as_fast_as_a_join_and_is_behind() {
    let found = found("exp(100ms)");
    let history = |name| mean(layout(&found, name), "history");
    assert!((history("viewed") / history("joined") - 1.0).abs() < 0.03, "one statement each");
    // A call to the other service, there and back, is half a millisecond at the least.
    assert!(history("composed") > history("joined") + 0.5e-3);
    let view = layout(&found, "viewed").views.get("history").expect("it is a view");
    let delay = view.delay_seconds.mean.expect("commits show").value;
    assert!((0.1..0.11).contains(&delay), "{delay}");
    // By Little's law.
    let on_their_way = view.on_their_way_mean.expect("it is told").value;
    assert!((on_their_way / (view.changes_per_second.value * delay) - 1.0).abs() < 0.02);
    assert!(layout(&found, "composed").views.is_empty());
}

#[test]
fn the_later_a_commit_shows_the_more_reads_are_stale() {
    let share = |lag: &str| {
        let found = found(lag);
        let view = layout(&found, "viewed").views.get("history").expect("it is a view").clone();
        (view.stale_share.expect("it is read").value, view.staleness_seconds.p99)
    };
    let (short, long) = (share("10ms"), share("1s"));
    assert!(short.0 < 0.2 && long.0 > 0.8, "{short:?} {long:?}");
    let p99 = |(_, staleness): (f64, Option<study::Estimate>)| staleness.expect("it is told").value;
    assert!(p99(short) < 0.03 && p99(long) > 0.9 && p99(long) <= 1.02);
}
