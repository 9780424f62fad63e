//! Bills against calculations by hand.

use super::*;
use crate::model::{Price, Prices};
use crate::units::{Bytes, Money};
use proptest::prelude::*;

const GIB: u64 = 1 << 30;

/// A catalogue of (kind, item, unit, price).
fn catalogue(name: &str, rows: &[(&str, &str, &str, f64)]) -> Prices {
    let price = |&(kind, item, unit, price): &(&str, &str, &str, f64)| Price {
        kind: kind.into(),
        item: item.into(),
        vcpu: None,
        memory: None,
        unit: unit.into(),
        price: Money(price),
        as_of: "2024-07-01".into(),
        source: "a price list".into(),
        confidence: "seen".into(),
    };
    let prices = rows.iter().map(price).collect();
    Prices { name: name.into(), currency: "USD".into(), prices }
}

/// On-demand prices of us-east-1.
fn aws() -> Prices {
    catalogue(
        "aws-us-east-1",
        &[
            ("vm", "m6i.xlarge", "hour", 0.192),
            ("rds_postgres_multi_az", "db.m6i.xlarge", "hour", 0.712),
            ("rds_postgres_single_az", "db.m6i.xlarge", "hour", 0.356),
            ("rds_mysql_single_az", "db.m6i.xlarge", "hour", 0.342),
            ("rds_storage", "gp3 single-AZ", "GB-month", 0.115),
            ("rds_iops", "gp3 single-AZ", "IOPS-month", 0.02),
            ("rds_storage", "io1", "GB-month", 0.125),
            ("rds_iops", "io1", "IOPS-month", 0.1),
            ("ebs", "gp3 storage", "GB-month", 0.08),
            ("ebs", "gp3 IOPS above 3000", "IOPS-month", 0.005),
            ("network", "intra-region cross-AZ, per direction", "GB", 0.01),
            ("network", "to other regions", "GB", 0.02),
            ("network", "internet egress first 10 TB", "GB", 0.09),
            ("network", "internet egress next 40 TB", "GB", 0.085),
            ("lb", "ALB", "hour", 0.0225),
            ("lb", "ALB LCU", "LCU-hour", 0.008),
            ("k8s", "EKS control plane", "hour", 0.1),
        ],
    )
}

/// Some of us-central1: no database by class.
fn gcp() -> Prices {
    catalogue(
        "gcp-us-central1",
        &[
            ("vm", "n2-standard-4", "hour", 0.194236),
            ("network", "inter-zone egress", "GB", 0.01),
            ("network", "internet egress first tier", "GB", 0.085),
            ("k8s", "GKE cluster fee", "hour", 0.1),
        ],
    )
}

fn missing(bill: &Bill) -> Vec<String> {
    bill.missing.iter().map(Omission::words).collect()
}

fn database(class: Option<&str>, kind: &str, gib: u64, iops: Option<u32>) -> Usage {
    let database = DatabaseUsage {
        is_broker: false,
        stands_with_others: false,
        name: "main".into(),
        engine: "postgres".into(),
        class: class.map(String::from),
        storage_kind: kind.into(),
        storage: Bytes(gib * GIB),
        iops,
    };
    Usage { databases: vec![database], ..Usage::default() }
}

/// (group, amount per month to the hundredth of a cent) of every line.
fn amounts(bill: &Bill) -> Vec<(&'static str, f64)> {
    let rounded = |amount: f64| (amount * 1e4).round() / 1e4;
    bill.lines.iter().map(|line| (line.group.name(), rounded(line.per_month))).collect()
}

#[test]
fn two_nodes_and_a_control_plane_cost_what_a_hand_calculation_says() {
    let usage = Usage {
        nodes: vec![NodeUsage { class: "m6i.xlarge".into(), count: 2.0 }],
        control_plane: true,
        requests_per_second: 100.0,
        paid_cores: 8.0,
        busy_cores: 2.0,
        ..Usage::default()
    };
    let bill = bill(&usage, Some(&aws()));
    assert_eq!(amounts(&bill), [("nodes", 280.32), ("control plane", 73.0)]);
    assert_eq!(bill.lines[0].quantity, 1460.0);
    assert_eq!(bill.lines[0].unit, "hour");
    assert_eq!(bill.lines[0].unit_price, 0.192);
    assert_eq!(bill.lines[0].source, "a price list, as of 2024-07-01");
    assert_eq!(bill.currency, "USD");
    assert!((bill.per_month - 353.32).abs() < 1e-9);
    // 100 a second are 262.8 million in 730 hours.
    assert!((bill.per_million_requests.unwrap() - 353.32 / 262.8).abs() < 1e-12);
    assert_eq!(bill.idle_share, Some(0.75));
    assert_eq!(bill.remarks, Vec::<String>::new());
}

#[test]
fn a_managed_database_pays_server_volume_and_provisioned_operations() {
    let class = Some("db.m6i.xlarge");
    let gp3 = bill(&database(class, "gp3", 200, Some(3_000)), Some(&aws()));
    assert_eq!(amounts(&gp3), [("databases", 259.88), ("storage", 23.0)]);
    assert_eq!(gp3.remarks, Vec::<String>::new());
    let io1 = bill(&database(class, "io1", 100, Some(3_000)), Some(&aws()));
    assert_eq!(amounts(&io1), [("databases", 259.88), ("storage", 12.5), ("iops", 300.0)]);
}

#[test]
fn operations_beyond_the_included_ones_are_billed() {
    let class = Some("db.m6i.xlarge");
    let managed = bill(&database(class, "gp3", 200, Some(5_000)), Some(&aws()));
    assert_eq!(amounts(&managed), [("databases", 259.88), ("storage", 23.0), ("iops", 40.0)]);
    let striped = bill(&database(class, "gp3", 400, Some(12_000)), Some(&aws()));
    assert_eq!(amounts(&striped), [("databases", 259.88), ("storage", 46.0)]);
    let beyond = bill(&database(class, "gp3", 400, Some(14_000)), Some(&aws()));
    assert_eq!(amounts(&beyond)[2], ("iops", 40.0));
    // A team's own server: 200 × 0.08, and 2,000 × 0.005 beyond the baseline.
    let own = bill(&database(Some("m6i.xlarge"), "gp3", 200, Some(5_000)), Some(&aws()));
    assert_eq!(amounts(&own), [("databases", 140.16), ("storage", 16.0), ("iops", 10.0)]);
}

#[test]
fn traffic_between_zones_is_charged_at_both_ends_on_aws_and_once_on_gcp() {
    // 1 MiB a second is 2,628,000 / 1024 = 2566.40625 GB a month.
    let usage = Usage { cross_zone_bytes_per_second: 1_048_576.0, ..Usage::default() };
    let on_aws = bill(&usage, Some(&aws()));
    assert_eq!(amounts(&on_aws), [("traffic", 51.3281)]);
    assert_eq!(on_aws.lines[0].quantity, 5132.8125);
    assert_eq!(amounts(&bill(&usage, Some(&gcp()))), [("traffic", 25.6641)]);
}

#[test]
fn traffic_between_regions_is_charged_once() {
    let usage = Usage { cross_region_bytes_per_second: 1_048_576.0, ..Usage::default() };
    assert_eq!(amounts(&bill(&usage, Some(&aws()))), [("traffic", 51.3281)]);
}

/// So many GB a month to the internet.
fn internet(gb: f64) -> Usage {
    Usage { internet_bytes_per_second: gb * 1_073_741_824.0 / 2_628_000.0, ..Usage::default() }
}

#[test]
fn internet_traffic_climbs_the_tiers() {
    let prices = aws();
    assert_eq!(amounts(&bill(&internet(100.0), Some(&prices))), [("traffic", 9.0)]);
    let two_tiers = bill(&internet(20_240.0), Some(&prices));
    assert_eq!(amounts(&two_tiers), [("traffic", 921.6), ("traffic", 850.0)]);
    assert_eq!(two_tiers.remarks, Vec::<String>::new());
}

#[test]
fn internet_traffic_beyond_the_last_tier_is_billed_at_its_price_and_says_so() {
    let beyond = bill(&internet(61_440.0), Some(&aws()));
    assert_eq!(amounts(&beyond), [("traffic", 921.6), ("traffic", 4352.0)]);
    assert_eq!(
        beyond.remarks,
        ["traffic to the internet: 10240 GB a month beyond the last tier of the catalogue \
          aws-us-east-1 are billed at the price of that tier"]
    );
    assert_eq!(amounts(&bill(&internet(100.0), Some(&gcp()))), [("traffic", 8.5)]);
}

#[test]
fn a_load_balancer_pays_its_hours_and_a_unit_per_gb_and_hour() {
    let usage = Usage {
        load_balancers: 2,
        balanced_bytes_per_second: 10.0 * 1_048_576.0,
        ..Usage::default()
    };
    // 2 × 730 × 0.0225; 36,000 MiB an hour are 35.15625 units, × 730 × 0.008.
    let bill = bill(&usage, Some(&aws()));
    assert_eq!(amounts(&bill), [("load balancer", 32.85), ("load balancer", 205.3125)]);
}

#[test]
fn what_the_catalogue_does_not_price_is_missing_and_no_line() {
    let mut usage = database(Some("db-custom-4"), "pd-ssd", 50, None);
    usage.load_balancers = 1;
    let bill = bill(&usage, Some(&gcp()));
    assert_eq!(bill.lines, []);
    assert_eq!(
        missing(&bill),
        [
            "database main: db-custom-4 of postgres: not billed, because the catalogue gcp-us-central1 has \
             no price for it",
            "database main: 50 GiB of pd-ssd: not billed, because the catalogue \
             gcp-us-central1 has no price for it",
            "1 × load balancer: not billed, because the catalogue gcp-us-central1 has no price \
             for it",
        ]
    );
}

#[test]
fn a_database_without_a_class_or_with_a_local_disk_is_missing() {
    let bill = bill(&database(None, "nvme", 50, None), Some(&aws()));
    assert_eq!(bill.lines, []);
    let [server, volume] = &missing(&bill)[..] else { panic!("{:?}", bill.missing) };
    assert!(server.contains("because it has no class"), "{server}");
    assert!(volume.contains("50 GiB of nvme"), "{volume}");
}

#[test]
fn a_price_in_another_unit_is_not_used() {
    let prices = catalogue("mine", &[("vm", "box", "month", 50.0)]);
    let usage =
        Usage { nodes: vec![NodeUsage { class: "box".into(), count: 1.0 }], ..Usage::default() };
    let bill = bill(&usage, Some(&prices));
    assert_eq!((bill.per_month, bill.lines.len()), (0.0, 0));
    let missing = missing(&bill);
    assert!(missing[0].contains("per month, not per hour"), "{missing:?}");
}

#[test]
fn without_prices_the_bill_is_empty_and_says_so() {
    let usage = Usage {
        nodes: vec![NodeUsage { class: "m6i.xlarge".into(), count: 2.0 }],
        requests_per_second: 10.0,
        paid_cores: 8.0,
        busy_cores: 6.0,
        ..Usage::default()
    };
    let bill = bill(&usage, None);
    assert_eq!((bill.per_month, bill.per_million_requests), (0.0, None));
    assert_eq!(bill.lines, []);
    assert_eq!(bill.idle_share, Some(0.25));
    assert_eq!(bill.remarks.len(), 1);
}

#[test]
fn a_layout_that_pays_for_no_core_and_serves_nobody_has_no_shares() {
    let bill = bill(&Usage::default(), Some(&aws()));
    assert_eq!((bill.idle_share, bill.per_million_requests), (None, None));
    assert_eq!((bill.per_month, bill.remarks.len()), (0.0, 0));
}

proptest! {
    #[test]
    fn more_traffic_never_costs_less_and_the_lines_add_up(
        gb in 0.0..200_000.0_f64, more in 0.0..50_000.0_f64,
    ) {
        let prices = aws();
        let less = bill(&internet(gb), Some(&prices));
        let rest = bill(&internet(gb + more), Some(&prices));
        prop_assert!(rest.per_month >= less.per_month);
        let quantity: f64 = rest.lines.iter().map(|line| line.quantity).sum();
        prop_assert!((quantity - (gb + more)).abs() < 1e-6);
    }
}

#[test]
fn an_engine_has_its_own_price_and_none_is_taken_from_another() {
    let of = |engine: &str, class: &str| {
        let mut usage = database(Some(class), "gp3", 20, None);
        usage.databases[0].engine = engine.into();
        bill(&usage, Some(&aws()))
    };
    assert_eq!(amounts(&of("postgres", "db.m6i.xlarge"))[0], ("databases", 259.88));
    assert_eq!(amounts(&of("mysql", "db.m6i.xlarge"))[0], ("databases", 249.66));
    // The team pays for the machine, whatever runs on it.
    assert_eq!(amounts(&of("mysql", "m6i.xlarge"))[0], ("databases", 140.16));
    let only_postgres =
        catalogue("mine", &[("rds_postgres_single_az", "db.m6i.xlarge", "hour", 0.356)]);
    let mut usage = database(Some("db.m6i.xlarge"), "none", 0, None);
    usage.databases[0].engine = "mysql".into();
    let bill = bill(&usage, Some(&only_postgres));
    assert_eq!((bill.lines.len(), bill.is_whole()), (0, false));
    assert!(missing(&bill)[0].starts_with("database main: db.m6i.xlarge of mysql: not billed"));
}

#[test]
fn a_server_sold_by_its_parts_pays_for_cores_and_memory() {
    let prices = catalogue(
        "gcp-us-central1",
        &[
            ("cloud_sql", "vCPU zonal", "vCPU-hour", 0.0413),
            ("cloud_sql", "memory zonal", "GB-month", 5.11),
            ("cloud_sql", "SSD zonal", "GB-month", 0.17),
        ],
    );
    // As the price list has it for 16 cores and 60 GB: 482.38 and 306.60, and 1.70 for 10 GB.
    let bill = bill(&database(Some("db-custom-16-61440"), "ssd", 10, None), Some(&prices));
    assert_eq!(amounts(&bill), [("databases", 482.384), ("databases", 306.6), ("storage", 1.7)]);
    assert!(bill.is_whole());
}

#[test]
fn bytes_through_a_load_balancer_are_measured_as_the_cloud_does() {
    let usage = Usage {
        load_balancers: 1,
        balanced_bytes_per_second: 10.0 * 1_048_576.0,
        inbound_bytes_per_second: 1_048_576.0,
        ..Usage::default()
    };
    let of = |rows: &[(&str, &str, &str, f64)]| amounts(&bill(&usage, Some(&catalogue("x", rows))));
    let gcp =
        [("lb", "forwarding rule", "hour", 0.01), ("lb", "data processed, inbound", "GB", 0.008)];
    // 2,566.40625 GB a month come in, ten times as many pass.
    assert_eq!(of(&gcp), [("load balancer", 7.3), ("load balancer", 20.5313)]);
    let azure =
        [("lb", "Standard rule", "hour", 0.01), ("lb", "Standard data processed", "GB", 0.005)];
    assert_eq!(of(&azure), [("load balancer", 7.3), ("load balancer", 128.3203)]);
}

#[test]
fn cores_without_a_class_make_a_bill_incomplete() {
    let usage = Usage { unclassed: vec!["the cores of service office".into()], ..Usage::default() };
    let bill = bill(&usage, Some(&aws()));
    let words = &missing(&bill)[0];
    assert!(
        words.starts_with("the cores of service office: not billed, because they have no class")
    );
    assert!(!bill.is_whole());
}

#[test]
fn a_price_that_was_not_seen_as_it_is_says_how_it_is_known() {
    let mut prices = aws();
    prices.prices[0].confidence = "derived: 2 × m6i.large".into();
    let usage = Usage {
        nodes: vec![NodeUsage { class: "m6i.xlarge".into(), count: 1.0 }],
        ..Usage::default()
    };
    let source = &bill(&usage, Some(&prices)).lines[0].source;
    assert_eq!(source, "a price list, as of 2024-07-01 (derived: 2 × m6i.large)");
}
