//! The application that was measured for this project, calibrated to its lone clients by the program itself.

use cutline::scenario::Document;

use super::{calibrated, measurements, metric, options, prediction};

const SCENARIO: &str = include_str!("../../scenarios/real-shop.yaml");
const MEASURED: &str = include_str!("../../data/measured/real-shop.csv");

#[test]
fn the_measured_shop_is_fitted_and_predicted_as_well_as_by_hand() {
    let short = SCENARIO
        .replace("duration: 20s", "duration: 4s")
        .replace("replications: 5", "replications: 3");
    assert_ne!(short, SCENARIO);
    let found = calibrated(&short, MEASURED, &options());
    assert!(found.converged, "{:?}", found.remarks);
    // A figure of each lone client, and the CPU of a browse.
    assert_eq!(found.lone.len(), 6);
    for lone in &found.lone {
        assert!(lone.off_share.abs() < 0.06, "{lone:?}");
    }
    // Limits of `cutline verify --case real-shop`, a few points wider for a short run.
    let off = |case: &str, name: &str| {
        metric(prediction(&found, case), name).off_share.expect("it was measured").abs()
    };
    for (case, throughput, mean, p99) in [
        ("browse x4", 0.13, 0.23, 0.45),
        ("browse x16", 0.29, 0.38, 0.45),
        ("browse x64", 0.23, 0.28, 0.45),
        ("order x8", 0.13, 0.23, 0.63),
        ("order x8 rows 1", 0.18, 0.28, 0.45),
        ("heavy x16", 0.13, 0.23, 0.45),
        ("mix x32", 0.13, 0.23, 0.45),
        ("mix at 761/s", 0.10, 0.28, 0.83),
    ] {
        for (name, limit) in [("throughput", throughput), ("mean", mean), ("p99", p99)] {
            assert!(off(case, name) < limit, "{case} {name}: {}", off(case, name));
        }
    }
}

#[test]
fn every_row_of_the_shipped_file_says_where_it_is_from() {
    let document =
        Document::parse(SCENARIO, "real-shop").unwrap_or_else(|refused| panic!("{refused}"));
    let measured = measurements(&document, MEASURED, 0.03);
    assert!(measured.warnings.is_empty());
    assert_eq!(measured.rows.len(), 17);
    assert_eq!(measured.rows.iter().filter(|row| row.is_lone()).count(), 5);
    assert!(measured.rows.iter().all(|row| row.source.contains("2026-11-28")));
}
