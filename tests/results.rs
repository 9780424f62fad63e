//! What is saved is the whole of what was found: it comes back from its JSON as it was, follows its published schema,
//! and is drawn again to the same bytes.

mod drawn;
mod endpoints;
mod schema;
mod touched;
mod whole;

use std::sync::OnceLock;

use cutline::report::Told;
use cutline::scenario::{Document, Edit};
use cutline::study::{self, Journal, Laboratory, Progress, RunFindings, Subject, SweepFindings};
use cutline::study::{SweepGrid, Verdict};

const SHOP: &str = include_str!("../scenarios/shop.yaml");

/// Every file in scenarios/.
const SCENARIOS: [(&str, &str); 5] = [
    ("hot-row", include_str!("../scenarios/hot-row.yaml")),
    ("online-boutique", include_str!("../scenarios/online-boutique.yaml")),
    ("shop", SHOP),
    ("startup", include_str!("../scenarios/startup.yaml")),
    ("two-tier", include_str!("../scenarios/two-tier.yaml")),
];

/// As the golden fingerprints are taken.
const SMALL: (&str, &str) = ("run.fixed", "{ duration: 1s, warmup: 200ms, replications: 2 }");

/// Runs that are told over time, too: to a clock time, and of more load than can be carried.
const OVER_TIME: [(&str, [(&str, &str); 2]); 2] = [
    (
        "terminating",
        [
            ("run", "{ until: 2s, at: [ 500ms, 1s ], window: 500ms, replications: 3 }"),
            ("workload.arrivals.poisson", "100/s"),
        ],
    ),
    ("unstable", [SMALL, ("workload.arrivals.poisson", "20k/s")]),
];

struct Silent;

impl Progress for Silent {
    fn note(&self, _: &str) {}
}

struct Forgetful;

impl Journal for Forgetful {
    fn known(&mut self, _: &str) -> Option<RunFindings> {
        None
    }

    fn keep(&mut self, _: &RunFindings) {}
}

fn no_files(name: &str) -> Result<String, String> {
    Err(format!("no {name}"))
}

fn document(text: &str) -> Document {
    Document::parse(text, "scenario").unwrap_or_else(|refused| panic!("{refused}"))
}

fn run(text: &str, edits: &[(&str, &str)]) -> RunFindings {
    let document = document(text);
    let edit = |(path, value): &(&str, &str)| Edit { path: (*path).into(), value: (*value).into() };
    let edits: Vec<Edit> = edits.iter().map(edit).collect();
    let subject = Subject::new(&document, &no_files);
    let model = subject.read(&edits).unwrap_or_else(|refused| panic!("{refused}"));
    let layouts: Vec<usize> = (0..model.layouts.len()).collect();
    study::run(&model, &layouts, &Silent).expect("every layout can be simulated")
}

/// Every shipped scenario, a terminating run, and one with unstable layouts, by name.
fn runs() -> &'static [(&'static str, RunFindings)] {
    static RUNS: OnceLock<Vec<(&str, RunFindings)>> = OnceLock::new();
    RUNS.get_or_init(|| {
        let shipped = SCENARIOS.iter().map(|(name, text)| (*name, run(text, &[SMALL])));
        let over_time = OVER_TIME.iter().map(|(name, edits)| (*name, run(SHOP, edits)));
        let runs: Vec<_> = shipped.chain(over_time).collect();
        let verdicts = |name: &str| -> Vec<Verdict> {
            let (_, found) = runs.iter().find(|(own, _)| *own == name).expect("it was run");
            found.layouts.iter().map(|(_, layout)| layout.verdict).collect()
        };
        assert!(verdicts("terminating").iter().all(|verdict| *verdict == Verdict::Terminating));
        assert!(verdicts("unstable").contains(&Verdict::Unstable));
        runs
    })
}

/// A sweep of two paths, one point of which has too large a machine to be placed.
fn sweep() -> &'static SweepFindings {
    static SWEEP: OnceLock<SweepFindings> = OnceLock::new();
    SWEEP.get_or_init(|| {
        let mut document = document(SHOP);
        document.edit(SMALL.0, SMALL.1).unwrap_or_else(|refused| panic!("{refused}"));
        let subject = Subject::new(&document, &no_files);
        let axis = |path: &str, values: &[&str]| cutline::model::Variation {
            path: path.to_string(),
            values: values.iter().map(|value| value.to_string()).collect(),
        };
        let axes = vec![
            axis("layouts.monolith.services.shop.cpu", &["2", "500"]),
            axis("workload.arrivals.poisson", &["50/s", "100/s", "20k/s"]),
        ];
        let grid = SweepGrid::read(subject, axes).unwrap_or_else(|refused| panic!("{refused}"));
        let mut journal = Forgetful;
        let laboratory = Laboratory::new(subject, &[0, 1], &mut journal, &Silent);
        let found = study::sweep(laboratory, &grid).expect("nobody stops it");
        assert_eq!((found.points.len(), found.failed.len()), (3, 3));
        assert!(!found.steps.is_empty());
        found
    })
}

/// Everything that findings tell, as name and bytes.
fn told(found: &dyn Told) -> Vec<(String, Vec<u8>)> {
    let mut all = vec![("json".to_string(), found.json().into_bytes())];
    for sheet in found.sheets() {
        all.push((format!("{}.csv", sheet.name), sheet.text().into_bytes()));
    }
    let tables = || found.tables().with_details();
    for (width, colour) in [(80, false), (120, true), (300, false)] {
        all.push((format!("table of {width}"), tables().text(width, colour).into_bytes()));
    }
    all.push(("markdown".to_string(), tables().markdown().into_bytes()));
    for figure in found.figures() {
        all.push((format!("{}.svg", figure.name), figure.svg.into_bytes()));
        all.push((format!("{}.png", figure.name), figure.png));
    }
    all
}
