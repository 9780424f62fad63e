//! What a precision takes, told before a run, against what the run takes: of every shipped scenario that asks for one.

use cutline::model::Model;
use cutline::plan::{self, Forecast, Plan};
use cutline::scenario::{self, Edit};
use cutline::study::{self, Progress};

struct Unheard;

impl Progress for Unheard {
    fn note(&self, _: &str) {}
}

fn model(text: &str, edits: &[(&str, &str)]) -> Model {
    let edit = |(path, value): &(&str, &str)| Edit { path: (*path).into(), value: (*value).into() };
    let edits: Vec<Edit> = edits.iter().map(edit).collect();
    let reading = scenario::read(text, "effort", &edits, &|name| Err(format!("no {name}")));
    reading.unwrap_or_else(|refused| panic!("{refused}")).model
}

/// Holds the requests of a run to the range that is told.
fn held(text: &str, edits: &[(&str, &str)]) {
    let model = model(text, edits);
    let layouts: Vec<usize> = (0..model.layouts.len()).collect();
    let plan = |layout: &usize| plan::compile(&model, *layout).expect("it can be simulated");
    let plans: Vec<(Plan, Forecast)> = layouts
        .iter()
        .map(plan)
        .map(|plan| {
            let forecast = plan::forecast(&plan);
            (plan, forecast)
        })
        .collect();
    let told = study::effort(&model, &plans, &Unheard).expect("nobody stops it");
    let [least, most] = told.expect("a precision is asked for").requests;
    let found = study::run(&model, &layouts, &Unheard).expect("it runs");
    let (_, layout) = found.layouts.iter().next().expect("there is a layout");
    let rate = plans[0].1.offered_per_second;
    let taken = rate * layout.simulated_seconds * f64::from(layout.replications);
    // Arrivals and rounding of what is told aside.
    assert!((0.98 * least..=1.02 * most).contains(&taken), "{taken} of {least} … {most}");
    assert!(most <= 16.0 * least, "{least} … {most} says something");
}

#[test]
fn the_effort_of_startup_is_what_is_told() {
    held(include_str!("../../scenarios/startup.yaml"), &[]);
    held(include_str!("../../scenarios/startup.yaml"), &[("run.p99_precision", "3%")]);
}

#[test]
fn the_effort_of_the_shop_is_within_what_is_told() {
    let shop = include_str!("../../scenarios/shop.yaml");
    for (mean, p99) in [("10%", "30%"), ("5%", "20%")] {
        held(shop, &[("run.precision", mean), ("run.p99_precision", p99)]);
    }
}
