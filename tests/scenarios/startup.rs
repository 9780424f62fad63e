//! The small company that merges its twenty services.

use std::sync::OnceLock;

use cutline::study::RunFindings;

use super::{assert_attribution_sums_to_the_mean, run, stable, verdict};

/// One run for all tests of this file.
fn findings() -> &'static RunFindings {
    static FINDINGS: OnceLock<RunFindings> = OnceLock::new();
    FINDINGS.get_or_init(|| run("startup.yaml"))
}

#[test]
fn merging_twenty_services_more_than_halves_the_bill_and_slows_nothing() {
    let findings = findings();
    let many = stable(findings, "twenty-services");
    let merged = stable(findings, "merged");
    assert_eq!(many.services.0.len(), 20);
    assert_eq!(many.databases.0.len(), 19, "one for each module with tables");
    assert_eq!((merged.services.0.len(), merged.databases.0.len()), (1, 1));
    assert!(
        merged.cost.per_month < 0.5 * many.cost.per_month,
        "{} against {} a month",
        merged.cost.per_month,
        many.cost.per_month
    );
    for metric in ["all.latency.mean", "all.latency.p99", "cost.per_month"] {
        for other in ["twenty-services", "three-services"] {
            let found = verdict(findings, other, "merged", metric);
            assert_eq!(found, "b lower", "{metric} of {other} against merged");
        }
    }
    for (_, layout) in findings.layouts.iter() {
        assert_attribution_sums_to_the_mean(layout);
        let remarks = &layout.cost.remarks;
        assert!(remarks.is_empty(), "all is billed: {remarks:?}");
    }
}

/// The reasons that the file gives for the bill, read off its lines.
#[test]
fn nodes_and_databases_are_what_the_merged_company_saves() {
    let findings = findings();
    let group = |layout: &str, group: &str| {
        let lines = &stable(findings, layout).cost.lines;
        let of_group = lines.iter().filter(|line| line.group.name() == group);
        of_group.map(|line| line.per_month).sum::<f64>()
    };
    let saved = |name: &str| group("twenty-services", name) - group("merged", name);
    let bill = |layout: &str| stable(findings, layout).cost.per_month;
    let all = bill("twenty-services") - bill("merged");
    assert!(saved("nodes") > 0.5 * all, "stranded capacity of nodes is most of it");
    assert!(saved("databases") > 0.1 * all, "a database each is the next");
    assert!(saved("storage") > 0.0, "and a least size of disk each");
}
