//! Golden fingerprints: draws of every sampler, and the figures of every file in scenarios/, run small.
//!
//! One that changes means that results changed. Where that is not meant, `cutline diff-trace` finds the first
//! event. Where it is, put the new fingerprint here, and say which figures moved in CHANGELOG.md under
//! **Results change** and in the commit (`Results change: …`).

use std::fmt::Write;

use cutline::random::{CountSampler, Distribution, Draws, Key, RowSampler, Sampler};
use cutline::scenario::Edit;
use cutline::study::{RunFindings, run};
use cutline::units::Nanos;

use super::Silent;

const SAY: &str = "the draws have changed: CHANGELOG.md needs a line under **Results change**";

const SMALL: &str = "{ duration: 1s, warmup: 200ms, replications: 2 }";

/// The same of a scenario whose instances come and go, which takes minutes.
const SCALED: &str = "{ until: 7min, window: 30s, replications: 2 }";

const GOLDEN: [(&str, &str, &str); 14] = [
    ("choreography", include_str!("../../scenarios/choreography.yaml"), "aef8df8e4094b481"),
    ("day", include_str!("../../scenarios/day.yaml"), "8abf21f6151e98d6"),
    ("events", include_str!("../../scenarios/events.yaml"), "8142c225e90d7603"),
    ("flash-crowd", include_str!("../../scenarios/flash-crowd.yaml"), "6b04861c6b570fd6"),
    ("hot-row", include_str!("../../scenarios/hot-row.yaml"), "2ea373948e4be8b9"),
    ("online-boutique", include_str!("../../scenarios/online-boutique.yaml"), "630dbae98a8f1998"),
    (
        "online-boutique-events",
        include_str!("../../scenarios/online-boutique-events.yaml"),
        "c1b27be041a58174",
    ),
    ("postgres-updates", include_str!("../../scenarios/postgres-updates.yaml"), "f5c04d603be6f03c"),
    ("prepare", include_str!("../../scenarios/prepare.yaml"), "b94319bfca89528d"),
    ("real-shop", include_str!("../../scenarios/real-shop.yaml"), "c73fbfc2f9fdd178"),
    ("shop", include_str!("../../scenarios/shop.yaml"), "87851f5832bc0237"),
    ("startup", include_str!("../../scenarios/startup.yaml"), "07a30ea9a3846eb9"),
    ("two-tier", include_str!("../../scenarios/two-tier.yaml"), "c1415a7232fb9779"),
    ("views", include_str!("../../scenarios/views.yaml"), "d755dba32f7e3f4d"),
];

/// The figures of a run, one a line. Figures that are added to the results are no change of those that
/// were there, so they are not taken up unasked. Nine digits: the last ones of an exponential function
/// are the processor's and the system library's.
fn figures(findings: &RunFindings) -> String {
    let mut text = String::new();
    let mut line = |what: &str, figure: f64| writeln!(text, "{what} {figure:.8e}").expect("text");
    for (layout, found) in findings.layouts.iter() {
        line(&format!("{layout} {:?} events", found.verdict), found.events as f64);
        line("cost", found.cost.per_month);
        for (name, endpoint) in found.endpoints.iter() {
            line(name, endpoint.outcomes.ok as f64);
            line("failed", endpoint.outcomes.failed as f64);
            let latency = endpoint.latency_seconds;
            for estimate in [latency.mean, latency.p50, latency.p99].into_iter().flatten() {
                line("latency", estimate.value);
            }
            // What takes no time came later where it is one of these.
            let is_old = |category: &str| {
                !["requeue", "wake_up", "db_wake_up", "coordination"].contains(&category)
            };
            for (category, time) in endpoint.attribution_seconds.iter() {
                if is_old(category) || *time > 0.0 {
                    line(category, *time);
                }
            }
        }
        for busy in &found.utilisation {
            line(&busy.resource, busy.share.value);
        }
    }
    // Comparisons of endpoints without a promise came later.
    let is_old = |metric: &str| {
        let (whom, _) = metric.split_once('.').expect("a dot");
        ["all", "cost"].contains(&whom) || findings.slo.iter().any(|kept| kept.endpoint == whom)
    };
    for pair in findings.comparison.iter().filter(|pair| is_old(&pair.metric)) {
        line(&format!("{} {} {} {}", pair.a, pair.b, pair.metric, pair.verdict), 0.0);
    }
    text
}

#[test]
fn the_figures_of_every_scenario_are_pinned() {
    let mut moved = String::new();
    for (name, text, golden) in GOLDEN {
        let (path, value) = match text.contains("until:") {
            true => ("run", SCALED),
            false => ("run.fixed", SMALL),
        };
        let edits = [Edit { path: path.into(), value: value.into() }];
        let no_files = |name: &str| Err(format!("no {name}"));
        let reading = cutline::scenario::read(text, name, &edits, &no_files);
        let model = reading.unwrap_or_else(|refused| panic!("{refused}")).model;
        let layouts: Vec<usize> = (0..model.layouts.len()).collect();
        let findings = run(&model, &layouts, &Silent).expect("every layout can be simulated");
        let figures = figures(&findings);
        assert!(figures.lines().count() > 15, "{figures}");
        let found = format!("{:016x}", Key(0).named(&figures).0);
        if found != golden {
            let _ = writeln!(moved, "    {name}: {found}, was {golden}");
        }
    }
    assert!(
        moved.is_empty(),
        "results have changed:\n{moved}if that is meant, put the new fingerprints into \
         tests/determinism/golden.rs, and tell it in CHANGELOG.md under **Results change** and in \
         the commit as `Results change: …`"
    );
}

#[test]
fn every_file_in_scenarios_has_a_golden_fingerprint() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder can be listed").path();
        let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        assert!(GOLDEN.iter().any(|(known, ..)| *known == name), "{name} has none");
    }
}

/// Three draws of every law from one place, in nanoseconds.
#[test]
fn every_sampler_is_pinned() {
    let laws = [
        Distribution::Constant(Nanos(5)),
        Distribution::Exponential { mean: 0.01 },
        Distribution::LogNormal { mu: -5.0, sigma: 0.5 },
        Distribution::Gamma { mean: 0.01, cv: 0.5 },
        Distribution::Gamma { mean: 0.01, cv: 2.0 },
        Distribution::Weibull { mean: 0.01, shape: 2.0 },
        Distribution::Pareto { least: 0.001, alpha: 2.5, most: 0.05 },
        Distribution::Uniform { from: 0.001, to: 0.003 },
        Distribution::HyperExponential { branches: vec![(0.95, 0.004), (0.05, 0.12)] },
        Distribution::Erlang { stages: 3, mean: 0.01 },
        Distribution::Empirical { values: vec![0.001, 0.002, 0.005, 0.009] },
    ];
    let drawn: Vec<[u64; 3]> = laws
        .iter()
        .map(|law| {
            let sampler = Sampler::new(law);
            [0, 1, 2].map(|site| sampler.draw(&mut Draws::at(Key(2026), site)))
        })
        .collect();
    assert_eq!(drawn, SAMPLERS, "{SAY}");
}

/// Three draws of counts and of rows from one place.
#[test]
fn every_count_and_row_sampler_is_pinned() {
    let counts = [
        CountSampler::fixed(3),
        CountSampler::uniform(1, 6),
        CountSampler::geometric(2.0),
        CountSampler::poisson(2.0),
        CountSampler::poisson(40.0),
    ];
    let counted: Vec<[u32; 3]> = counts
        .iter()
        .map(|sampler| [0, 1, 2].map(|site| sampler.draw(&mut Draws::at(Key(2026), site))))
        .collect();
    let rows = [RowSampler::new(1_000_000, 0.0), RowSampler::new(1_000_000, 0.99)];
    let rows =
        rows.map(|sampler| [0, 1, 2].map(|site| sampler.draw(&mut Draws::at(Key(2026), site))));
    assert_eq!((counted.as_slice(), rows), (COUNTS.as_slice(), ROWS), "{SAY}");
}

const SAMPLERS: [[u64; 3]; 11] = [
    [5, 5, 5],
    [4_972_806, 1_911_019, 19_125_327],
    [8_884_109, 3_109_187, 13_648_688],
    [12_077_073, 3_576_827, 17_722_020],
    [3_781_220, 211, 55_434_717],
    [7_957_118, 4_932_733, 15_604_846],
    [1_220_075, 1_079_438, 2_149_022],
    [2_670_721, 1_165_708, 2_798_095],
    [2_502_410, 2_920_441, 3_733_097],
    [12_251_732, 2_847_850, 19_000_924],
    [9_000_000, 1_000_000, 9_000_000],
];
const COUNTS: [[u32; 3]; 5] = [[3, 3, 3], [6, 1, 6], [0, 4, 0], [2, 0, 4], [43, 30, 48]];
const ROWS: [[u64; 3]; 2] = [[835_360, 82_854, 899_047], [100_866, 1, 246_513]];
