//! The bill: every line is a quantity of a month, at a price of the catalogue, with its source.
//! What the catalogue does not price is a remark in words, never a guess.

use super::offers::{self, Included, Operator};
use super::{Bill, DatabaseUsage, Expense, Line, NodeUsage, Usage};
use crate::model::{Price, Prices};

/// Hours of a month, as the clouds count.
const MONTH_HOURS: f64 = 730.0;

/// Seconds of a month.
const MONTH_SECONDS: f64 = MONTH_HOURS * 3600.0;

/// A GB of the price lists (bytes): they count in powers of 1024 (an 8 GiB volume is billed as
/// 8 GB, a tier of 10 TB ends at 10,240 GB).
const GB: f64 = (1_u64 << 30) as f64;

/// GB per hour that one load balancer capacity unit processes (Elastic Load Balancing pricing,
/// instances and containers as targets). Its other measures, connections and rules, are left out.
const CAPACITY_UNIT_GB: f64 = 1.0;

/// What `usage` costs in a month at `prices`.
///
/// Without prices the bill is empty and says so; only the idle share does not need any. Free
/// allowances are not taken off, as they are per account, not per application.
pub fn bill(usage: &Usage, prices: Option<&Prices>) -> Bill {
    let mut bill = match prices {
        Some(prices) => priced(usage, prices),
        None => Bill {
            currency: String::new(),
            per_month: 0.0,
            per_million_requests: None,
            idle_share: None,
            lines: Vec::new(),
            remarks: vec!["no prices are given (`platform.prices`), so the bill is empty".into()],
        },
    };
    if usage.paid_cores > 0.0 {
        bill.idle_share = Some((1.0 - usage.busy_cores / usage.paid_cores).clamp(0.0, 1.0));
    }
    bill
}

fn priced(usage: &Usage, prices: &Prices) -> Bill {
    let mut account = Account { prices, lines: Vec::new(), remarks: Vec::new() };
    for NodeUsage { class, count } in &usage.nodes {
        let price = prices.find(offers::MACHINE, class);
        let digits = if count.fract() == 0.0 { 0 } else { 2 };
        let item = format!("{count:.digits$} × {class}");
        account.charge(Expense::Nodes, item, count * MONTH_HOURS, "hour", price);
    }
    for database in &usage.databases {
        account.charge_database(database);
    }
    account.charge_traffic(usage);
    account.charge_load_balancers(usage);
    if usage.control_plane {
        let price = offers::first(prices, &offers::CONTROL_PLANE);
        let item = "cluster control plane".to_string();
        account.charge(Expense::ControlPlane, item, MONTH_HOURS, "hour", price);
    }
    let per_month = account.lines.iter().map(|line| line.per_month).sum();
    let millions = usage.requests_per_second * MONTH_SECONDS / 1e6;
    Bill {
        currency: prices.currency.clone(),
        per_month,
        per_million_requests: (millions > 0.0).then(|| per_month / millions),
        idle_share: None,
        lines: account.lines,
        remarks: account.remarks,
    }
}

/// A bill that is being written.
struct Account<'a> {
    prices: &'a Prices,
    lines: Vec<Line>,
    remarks: Vec<String>,
}

impl Account<'_> {
    /// A line for `quantity` of `unit` a month, or a remark where that has no price. Nothing at all
    /// where nothing is used.
    fn charge(
        &mut self,
        group: Expense,
        item: String,
        quantity: f64,
        unit: &str,
        price: Option<&Price>,
    ) {
        if quantity <= 0.0 {
            return;
        }
        let catalogue = &self.prices.name;
        match price {
            Some(price) if price.unit == unit => self.lines.push(Line {
                item,
                group,
                quantity,
                unit: price.unit.clone(),
                unit_price: price.price.0,
                per_month: quantity * price.price.0,
                source: format!("{}, as of {}", price.source, price.as_of),
            }),
            Some(price) => self.remarks.push(format!(
                "{item}: not billed, because the catalogue {catalogue} prices it per {}, \
                 not per {unit}",
                price.unit
            )),
            None => self.remarks.push(format!(
                "{item}: not billed, because the catalogue {catalogue} has no price for it"
            )),
        }
    }

    fn charge_database(&mut self, database: &DatabaseUsage) {
        let name = &database.name;
        let (operator, price) = offers::database(self.prices, database.class.as_deref());
        match &database.class {
            Some(class) => {
                let item = format!("database {name}: {class}");
                self.charge(Expense::Databases, item, MONTH_HOURS, "hour", price);
            }
            None => self.remarks.push(format!(
                "database {name}: its server is not billed, because it has no class"
            )),
        }
        self.charge_volume(database, operator);
    }

    fn charge_volume(&mut self, database: &DatabaseUsage, operator: Operator) {
        let DatabaseUsage { name, storage_kind: kind, .. } = database;
        let volume = offers::volume(self.prices, kind, operator);
        let size = volume.and_then(|volume| offers::first(self.prices, &[volume.size]));
        let gb = database.storage.as_gib();
        let item = format!("database {name}: {} of {kind}", database.storage);
        self.charge(Expense::Storage, item, gb, "GB-month", size);

        let Some(volume) = volume else { return };
        let Some(provisioned) = database.iops else {
            if volume.included_iops == Included::None {
                self.remarks.push(format!(
                    "database {name}: {kind} is sold with provisioned operations, but none are \
                     given, so none are billed"
                ));
            }
            return;
        };
        let extra = provisioned.saturating_sub(volume.included_iops.of_size(gb));
        let price = volume.iops.and_then(|iops| offers::first(self.prices, &[iops]));
        let item = match provisioned - extra {
            0 => format!("database {name}: {provisioned} operations per second of {kind}"),
            included => format!(
                "database {name}: operations per second of {kind} beyond the included {included}"
            ),
        };
        self.charge(Expense::Iops, item, f64::from(extra), "IOPS-month", price);
    }

    fn charge_traffic(&mut self, usage: &Usage) {
        let gb = |bytes_per_second: f64| bytes_per_second * MONTH_SECONDS / GB;
        let offer = offers::CROSS_ZONE
            .iter()
            .find_map(|(name, sides)| Some((offers::first(self.prices, &[*name])?, *sides)));
        let (price, sides) = match offer {
            Some((price, sides)) => (Some(price), sides),
            None => (None, 1.0),
        };
        let both = if sides > 1.0 { ", charged at both ends" } else { "" };
        let item = format!("traffic between zones{both}");
        self.charge(
            Expense::Traffic,
            item,
            gb(usage.cross_zone_bytes_per_second) * sides,
            "GB",
            price,
        );

        let price = offers::first(self.prices, &offers::CROSS_REGION);
        let item = "traffic between regions".to_string();
        self.charge(Expense::Traffic, item, gb(usage.cross_region_bytes_per_second), "GB", price);

        self.charge_internet(gb(usage.internet_bytes_per_second));
    }

    /// Fills the tiers that the catalogue has one after the other; the last takes what is left.
    fn charge_internet(&mut self, gb: f64) {
        let tiers: Vec<(&Price, f64)> = offers::INTERNET
            .iter()
            .filter_map(|(name, size)| Some((offers::first(self.prices, &[*name])?, *size)))
            .collect();
        let Some(((last, size), lower)) = tiers.split_last() else {
            self.charge(Expense::Traffic, "traffic to the internet".into(), gb, "GB", None);
            return;
        };
        let mut left = gb;
        for (price, size) in lower {
            let item = format!("traffic to the internet ({})", price.item);
            self.charge(Expense::Traffic, item, left.min(*size), "GB", Some(price));
            left -= left.min(*size);
        }
        let item = format!("traffic to the internet ({})", last.item);
        self.charge(Expense::Traffic, item, left, "GB", Some(last));
        if left > *size {
            self.remarks.push(format!(
                "traffic to the internet: {:.0} GB a month beyond the last tier of the catalogue \
                 {} are billed at the price of that tier",
                left - size,
                self.prices.name
            ));
        }
    }

    fn charge_load_balancers(&mut self, usage: &Usage) {
        let count = usage.load_balancers;
        if count == 0 {
            return;
        }
        let price = offers::first(self.prices, &offers::LOAD_BALANCER);
        let item = format!("{count} × load balancer");
        self.charge(Expense::LoadBalancer, item, f64::from(count) * MONTH_HOURS, "hour", price);

        let units = usage.balanced_bytes_per_second * 3600.0 / GB / CAPACITY_UNIT_GB;
        let price = offers::first(self.prices, &offers::CAPACITY_UNIT);
        let item = "load balancer capacity units, by bytes".to_string();
        self.charge(Expense::LoadBalancer, item, units * MONTH_HOURS, "LCU-hour", price);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
                ("rds_storage", "gp3 single-AZ", "GB-month", 0.115),
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

    /// Some of us-central1: no managed database, no load balancer.
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

    fn database(class: Option<&str>, kind: &str, gib: u64, iops: Option<u32>) -> Usage {
        let database = DatabaseUsage {
            name: "main".into(),
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
    fn operations_beyond_the_included_ones_are_billed_or_remarked() {
        let class = Some("db.m6i.xlarge");
        let managed = bill(&database(class, "gp3", 200, Some(5_000)), Some(&aws()));
        assert_eq!(
            managed.remarks,
            ["database main: operations per second of gp3 beyond the included 3000: not billed, \
              because the catalogue aws-us-east-1 has no price for it"]
        );
        let striped = bill(&database(class, "gp3", 400, Some(12_000)), Some(&aws()));
        assert_eq!(striped.remarks, Vec::<String>::new());
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
    fn what_the_catalogue_does_not_price_is_a_remark_and_no_line() {
        let mut usage = database(Some("db-custom-4"), "pd-ssd", 50, None);
        usage.load_balancers = 1;
        let bill = bill(&usage, Some(&gcp()));
        assert_eq!(bill.lines, []);
        assert_eq!(
            bill.remarks,
            [
                "database main: db-custom-4: not billed, because the catalogue gcp-us-central1 has \
                 no price for it",
                "database main: 50 GiB of pd-ssd: not billed, because the catalogue \
                 gcp-us-central1 has no price for it",
                "1 × load balancer: not billed, because the catalogue gcp-us-central1 has no price \
                 for it",
            ]
        );
    }

    #[test]
    fn a_database_without_a_class_or_with_a_local_disk_is_remarked() {
        let bill = bill(&database(None, "nvme", 50, None), Some(&aws()));
        assert_eq!(bill.lines, []);
        assert_eq!(bill.remarks.len(), 2);
        assert!(bill.remarks[0].contains("because it has no class"), "{}", bill.remarks[0]);
        assert!(bill.remarks[1].contains("50 GiB of nvme"), "{}", bill.remarks[1]);
    }

    #[test]
    fn a_price_in_another_unit_is_not_used() {
        let prices = catalogue("mine", &[("vm", "box", "month", 50.0)]);
        let usage = Usage {
            nodes: vec![NodeUsage { class: "box".into(), count: 1.0 }],
            ..Usage::default()
        };
        let bill = bill(&usage, Some(&prices));
        assert_eq!((bill.per_month, bill.lines.len()), (0.0, 0));
        assert!(bill.remarks[0].contains("per month, not per hour"), "{}", bill.remarks[0]);
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
}
