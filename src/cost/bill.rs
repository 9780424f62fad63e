//! The bill: every line is a quantity of a month, at a price of the catalogue, with its source.
//! What the catalogue does not price is missing, in words, never a guess.

use super::offers::{self, Balanced, Included, Operator};
use super::{Bill, DatabaseUsage, Expense, Line, NodeUsage, Omission, Usage};
use crate::model::{MACHINE, Price, Prices, ServerOffer};

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
        None => {
            let reason = "no prices are given (`platform.prices`), so the bill is empty";
            Bill::nothing("", reason.into())
        }
    };
    if usage.paid_cores > 0.0 {
        bill.idle_share = Some((1.0 - usage.busy_cores / usage.paid_cores).clamp(0.0, 1.0));
    }
    bill
}

fn priced(usage: &Usage, prices: &Prices) -> Bill {
    let mut account =
        Account { prices, lines: Vec::new(), missing: Vec::new(), remarks: Vec::new() };
    for NodeUsage { class, count } in &usage.nodes {
        let price = prices.find(MACHINE, class);
        let digits = if count.fract() == 0.0 { 0 } else { 2 };
        let item = format!("{count:.digits$} × {class}");
        account.charge(Expense::Nodes, item, count * MONTH_HOURS, "hour", price);
    }
    for item in &usage.unclassed {
        let reason = "they have no class (`platform.nodes`, or `class` of a machine)";
        account.miss(Expense::Nodes, item.clone(), reason.into());
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
        missing: account.missing,
        remarks: account.remarks,
    }
}

/// A bill that is being written.
struct Account<'a> {
    prices: &'a Prices,
    lines: Vec<Line>,
    missing: Vec<Omission>,
    remarks: Vec<String>,
}

impl Account<'_> {
    fn miss(&mut self, group: Expense, item: String, reason: String) {
        self.missing.push(Omission { item, group, reason });
    }

    /// A line for `quantity` of `unit` a month; missing where that has no price. Nothing at all
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
                source: source(price),
            }),
            Some(price) => {
                let (sold, asked) = (&price.unit, unit);
                let reason =
                    format!("the catalogue {catalogue} prices it per {sold}, not per {asked}");
                self.miss(group, item, reason);
            }
            None => {
                let reason = format!("the catalogue {catalogue} has no price for it");
                self.miss(group, item, reason);
            }
        }
    }

    fn charge_database(&mut self, database: &DatabaseUsage) {
        let name = database.title();
        let DatabaseUsage { engine, class, .. } = database;
        let (operator, offer) = offers::database(self.prices, engine, class.as_deref());
        let group = database.group();
        match (class, offer) {
            (None, _) if database.stands_with_others => {}
            (None, _) => {
                let item = format!("{name}: its server");
                self.miss(group, item, "it has no class".into());
            }
            (Some(class), Some(ServerOffer::Parts { cores, core, memory, gb })) => {
                let item = format!("{name}: {class}, {cores} cores");
                self.charge(group, item, cores * MONTH_HOURS, "vCPU-hour", Some(core));
                let item = format!("{name}: {class}, {memory} of memory");
                self.charge(group, item, memory.as_gib(), "GB-month", Some(gb));
            }
            (Some(class), Some(ServerOffer::Class(price) | ServerOffer::Machine(price))) => {
                let item = format!("{name}: {class}");
                self.charge(group, item, MONTH_HOURS, "hour", Some(price));
            }
            (Some(class), None) => {
                let item = format!("{name}: {class} of {engine}");
                self.charge(group, item, MONTH_HOURS, "hour", None);
            }
        }
        self.charge_volume(database, operator);
    }

    fn charge_volume(&mut self, database: &DatabaseUsage, operator: Operator) {
        let (name, kind) = (database.title(), &database.storage_kind);
        let volume = offers::volume(self.prices, kind, operator);
        let size = volume.and_then(|volume| offers::first(self.prices, &[volume.size]));
        let gb = database.storage.as_gib();
        let item = format!("{name}: {} of {kind}", database.storage);
        self.charge(Expense::Storage, item, gb, "GB-month", size);

        let Some(volume) = volume else { return };
        let Some(provisioned) = database.iops else {
            if volume.included_iops == Included::None {
                let item = format!("{name}: operations per second of {kind}");
                let reason = "they are sold as provisioned, and none are given";
                self.miss(Expense::Iops, item, reason.into());
            }
            return;
        };
        let extra = provisioned.saturating_sub(volume.included_iops.of_size(gb));
        let price = volume.iops.and_then(|iops| offers::first(self.prices, &[iops]));
        let item = match provisioned - extra {
            0 => format!("{name}: {provisioned} operations per second of {kind}"),
            included => {
                format!("{name}: operations per second of {kind} beyond the included {included}")
            }
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

        self.charge_balanced(usage);
    }

    /// The work of load balancers, in the measure of the catalogue.
    fn charge_balanced(&mut self, usage: &Usage) {
        let offer = offers::BALANCED
            .iter()
            .find_map(|(name, measure)| Some((offers::first(self.prices, &[*name])?, *measure)));
        let price = offer.map(|(price, _)| price);
        let gb_an_hour = |bytes_per_second: f64| bytes_per_second * 3600.0 / GB;
        let both_ways = gb_an_hour(usage.balanced_bytes_per_second);
        let inbound = gb_an_hour(usage.inbound_bytes_per_second);
        let (item, an_hour, unit) = match offer.map(|(_, measure)| measure) {
            Some(Balanced::CapacityUnits) => {
                let units = both_ways / CAPACITY_UNIT_GB;
                ("load balancer capacity units, by bytes", units, "LCU-hour")
            }
            Some(Balanced::Inbound) => ("bytes into the load balancer", inbound, "GB"),
            Some(Balanced::BothWays) | None => ("bytes through the load balancer", both_ways, "GB"),
        };
        let group = Expense::LoadBalancer;
        self.charge(group, item.to_string(), an_hour * MONTH_HOURS, unit, price);
    }
}

/// Where a price was seen and when; of one that was not seen as it is, how it is known.
fn source(price: &Price) -> String {
    let Price { source, as_of, confidence, .. } = price;
    match confidence.as_str() {
        seen if seen.is_empty() || seen.starts_with("seen") => format!("{source}, as of {as_of}"),
        known => format!("{source}, as of {as_of} ({known})"),
    }
}
