//! Findings as CSV: one row per thing, estimates as three columns (`x`, `x_low`, `x_high`), what is
//! not known as an empty cell. Text cells never run as formulas; numbers stay numbers.

use super::carried::{consumers_sheet, events_sheet};
use super::categories;
use super::finding::lag::services;
use super::focus::Focus;
use super::over_time::{
    backlog_sheet, lag_sheet, moments_sheet, windows_services_sheet, windows_sheet,
};
use super::scaled::scaling_sheet;
use super::sheet::{ALL, Row, Sheet};
use super::spread::{logs_sheet, views_sheet};
use crate::cost::Bill;
use crate::study::{
    DatabaseFindings, EndpointFindings, Estimate, LayoutFindings, QueueWait, RunFindings,
    ServiceFindings, SweepFindings, Verdict,
};

/// Every sheet of a run; those over time where there is something in them.
pub(super) fn of_run(findings: &RunFindings, focus: &Focus) -> Vec<Sheet> {
    let mut sheets = vec![
        layouts_sheet(findings, focus),
        services_sheet(findings),
        databases_sheet(findings),
        bill_sheet(findings),
    ];
    let any = |has: fn(&LayoutFindings) -> bool| findings.layouts.iter().any(|(_, own)| has(own));
    if any(|found| !found.windows.is_empty()) {
        sheets.extend([windows_sheet(findings, focus), windows_services_sheet(findings)]);
    }
    if any(|found| !found.published.is_empty()) {
        sheets.extend([events_sheet(findings), consumers_sheet(findings)]);
    }
    if !services(findings).is_empty() {
        sheets.push(lag_sheet(findings));
    }
    if any(|found| !found.scaled.is_empty()) {
        sheets.push(scaling_sheet(findings));
    }
    if any(|found| !found.moments.is_empty()) {
        sheets.push(moments_sheet(findings));
    }
    if any(|found| !found.backlog.is_empty()) {
        sheets.push(backlog_sheet(findings));
    }
    if any(|found| !found.views.is_empty()) {
        sheets.push(views_sheet(findings));
    }
    if any(|found| !found.logs.is_empty()) {
        sheets.push(logs_sheet(findings));
    }
    sheets
}

/// `layouts.csv`: a row for each layout and endpoint, `all` among them; of a choice of endpoints for those. Durations
/// in seconds, shares from 0 to 1; what belongs to the layout as a whole (its bill) stands in the rows of `all`, or
/// of the first that was chosen.
fn layouts_sheet(findings: &RunFindings, focus: &Focus) -> Sheet {
    let categories = categories_of([findings].into_iter());
    let mut sheet = Sheet::new("layouts", |row| endpoint_row(row, None, focus, &categories));
    add_endpoints(&mut sheet, (findings, focus), &[], &categories);
    sheet
}

/// `sweep.csv`: the rows of `layouts.csv` for every point, after two columns for each varied path: the
/// value, and its unit.
pub(super) fn of_sweep(findings: &SweepFindings, focus: &Focus) -> Sheet {
    let categories = categories_of(findings.points.iter().map(|point| &point.run));
    let mut sheet = Sheet::new("", |row| {
        findings.paths.iter().for_each(|path| row.swept(path, None));
        endpoint_row(row, None, focus, &categories);
    });
    for point in &findings.points {
        let pairs = findings.paths.iter().zip(&point.values);
        let values: Vec<(&str, &str)> = pairs.map(|(path, value)| (&**path, &**value)).collect();
        add_endpoints(&mut sheet, (&point.run, focus), &values, &categories);
    }
    sheet
}

/// `services.csv`: a row for each layout and service.
fn services_sheet(findings: &RunFindings) -> Sheet {
    let mut sheet = Sheet::new("services", |row| service_row(row, None));
    for (layout, found) in findings.layouts.iter() {
        for (service, found) in found.services.iter() {
            sheet.add(&findings.provenance, |row| service_row(row, Some((layout, service, found))));
        }
    }
    sheet
}

/// `databases.csv`: a row for each layout and database, with a column for each of its tables' hit
/// share and lock wait.
fn databases_sheet(findings: &RunFindings) -> Sheet {
    let all = || findings.layouts.iter().flat_map(|(_, found)| found.databases.iter());
    let mut tables: Vec<&str> = all()
        .flat_map(|(_, found)| found.hit_share.iter().chain(found.lock_wait_by_table.iter()))
        .map(|(table, _)| table)
        .collect();
    tables.sort_unstable();
    tables.dedup();
    let mut sheet = Sheet::new("databases", |row| database_row(row, None, &tables));
    for (layout, found) in findings.layouts.iter() {
        for (database, found) in found.databases.iter() {
            sheet.add(&findings.provenance, |row| {
                database_row(row, Some((layout, database, found)), &tables)
            });
        }
    }
    sheet
}

/// `bill.csv`: a row for each layout and line of its bill.
fn bill_sheet(findings: &RunFindings) -> Sheet {
    let lines = findings
        .layouts
        .iter()
        .flat_map(|(layout, found)| found.cost.lines.iter().map(move |line| (layout, found, line)));
    let fill = |row: &mut Row, line: Option<(&str, &LayoutFindings, &crate::cost::Line)>| {
        let line_of = line.map(|(_, _, line)| line);
        row.text("layout", line.map(|(layout, _, _)| layout));
        row.text("item", line_of.map(|line| &*line.item));
        row.text("group", line_of.map(|line| line.group.name()));
        row.number("quantity", line_of.map(|line| line.quantity));
        row.text("unit", line_of.map(|line| &*line.unit));
        row.number("unit_price", line_of.map(|line| line.unit_price));
        row.number("per_month", line_of.map(|line| line.per_month));
        row.text("currency", line.map(|(_, found, _)| &*found.cost.currency));
        row.text("source", line_of.map(|line| &*line.source));
    };
    let mut sheet = Sheet::new("bill", |row| fill(row, None));
    lines.for_each(|line| sheet.add(&findings.provenance, |row| fill(row, Some(line))));
    sheet
}

/// One endpoint of one layout.
type EndpointRow<'a> = (&'a str, &'a LayoutFindings, &'a str, &'a EndpointFindings);

fn add_endpoints(
    sheet: &mut Sheet,
    (findings, focus): (&RunFindings, &Focus),
    varied: &[(&str, &str)],
    categories: &[&str],
) {
    for (layout, found) in findings.layouts.iter() {
        for (endpoint, of_endpoint) in found.endpoints.iter().filter(|(key, _)| focus.has(key)) {
            sheet.add(&findings.provenance, |row| {
                varied.iter().for_each(|(path, value)| row.swept(path, Some(value)));
                endpoint_row(row, Some((layout, found, endpoint, of_endpoint)), focus, categories);
            });
        }
    }
}

fn endpoint_row(row: &mut Row, endpoint: Option<EndpointRow>, focus: &Focus, categories: &[&str]) {
    let layout = endpoint.map(|(_, layout, _, _)| layout);
    let found = endpoint.map(|(_, _, _, found)| found);
    row.text("layout", endpoint.map(|(name, ..)| name));
    row.text("endpoint", endpoint.map(|(_, _, name, _)| name));
    row.is_sum(endpoint.map(|(_, _, name, _)| name == ALL));
    row.text("verdict", layout.map(|layout| verdict(layout.verdict)));
    row.text("converged", layout.map(|layout| if layout.converged { "true" } else { "false" }));
    row.count("replications", layout.map(|layout| layout.replications.into()));
    row.estimate("offered_per_second", found.map(|found| found.offered_per_second));
    row.estimate("throughput_per_second", found.map(|found| found.throughput_per_second));
    row.estimate("error_share", found.and_then(|found| found.error_share));
    row.outcomes(found.map(|found| found.outcomes));
    let latency = found.map(|found| found.latency_seconds);
    row.estimate("latency_mean_seconds", latency.and_then(|latency| latency.mean));
    row.estimate("latency_p50_seconds", latency.and_then(|latency| latency.p50));
    row.estimate("latency_p90_seconds", latency.and_then(|latency| latency.p90));
    row.estimate("latency_p95_seconds", latency.and_then(|latency| latency.p95));
    row.estimate("latency_p99_seconds", latency.and_then(|latency| latency.p99));
    row.estimate("latency_p999_seconds", latency.and_then(|latency| latency.p999));
    row.number("latency_max_seconds", latency.and_then(|latency| latency.max));
    row.estimate("queue_wait_mean_seconds", found.and_then(|found| found.queue_wait_seconds.mean));
    for category in categories {
        let time = found.and_then(|found| found.attribution_seconds.get(category).copied());
        row.number(&format!("attribution_{category}_seconds"), time);
    }
    let bill = endpoint
        .filter(|(_, _, name, _)| *name == focus.bearer())
        .map(|(_, layout, ..)| &layout.cost);
    let bill = bill.filter(|bill| !bill.lines.is_empty());
    row.number("cost_per_month", bill.map(|bill| bill.per_month));
    row.number("cost_per_million_requests", bill.and_then(|bill| bill.per_million_requests));
    let missing = |bill: &Bill| {
        let items: Vec<&str> = bill.missing.iter().map(|missing| &*missing.item).collect();
        items.join("; ")
    };
    let missing = bill.map(missing);
    row.text("cost_missing", missing.as_deref());
    row.number("idle_share", bill.and_then(|bill| bill.idle_share));
    row.text("currency", bill.map(|bill| &*bill.currency));
}

fn service_row(row: &mut Row, service: Option<(&str, &str, &ServiceFindings)>) {
    let found = service.map(|(_, _, found)| found);
    row.text("layout", service.map(|(layout, _, _)| layout));
    row.text("service", service.map(|(_, name, _)| name));
    row.number("replicas_mean", found.map(|found| found.replicas_mean));
    row.estimate("cpu_utilisation", found.and_then(|found| found.cpu_utilisation));
    row.estimate("thread_utilisation", found.and_then(|found| found.thread_utilisation));
    row.estimate("queue_length_mean", found.and_then(|found| found.queue_length_mean));
    queue_wait(row, "queue_wait", found.map(|found| found.queue_wait_seconds));
    row.estimate("waited_share", found.and_then(|found| found.waited_share));
    row.estimate("in_service_mean", found.and_then(|found| found.in_service_mean));
    row.estimate("residence_mean_seconds", found.and_then(|found| found.residence_seconds.mean));
    row.estimate("residence_p99_seconds", found.and_then(|found| found.residence_seconds.p99));
    row.estimate("arrivals_per_second", found.map(|found| found.arrivals_per_second));
    row.estimate("rejected_share", found.and_then(|found| found.rejected_share));
    row.estimate("abandoned_share", found.and_then(|found| found.abandoned_share));
    queue_wait(row, "served_wait", found.and_then(|found| found.served_wait_seconds));
}

fn queue_wait(row: &mut Row, name: &str, wait: Option<QueueWait>) {
    let mut column = |part: &str, estimate: Option<Estimate>| {
        row.estimate(&format!("{name}_{part}_seconds"), estimate);
    };
    column("mean", wait.and_then(|wait| wait.mean));
    column("p50", wait.and_then(|wait| wait.p50));
    column("p90", wait.and_then(|wait| wait.p90));
    column("p99", wait.and_then(|wait| wait.p99));
    column("p999", wait.and_then(|wait| wait.p999));
}

fn database_row(row: &mut Row, database: Option<(&str, &str, &DatabaseFindings)>, tables: &[&str]) {
    let found = database.map(|(_, _, found)| found);
    row.text("layout", database.map(|(layout, _, _)| layout));
    row.text("database", database.map(|(_, name, _)| name));
    row.estimate("cpu_utilisation", found.and_then(|found| found.cpu_utilisation));
    row.estimate("storage_utilisation", found.and_then(|found| found.storage_utilisation));
    row.estimate(
        "storage_iops_utilisation",
        found.and_then(|found| found.storage_iops_utilisation),
    );
    row.estimate("log_utilisation", found.and_then(|found| found.log_utilisation));
    row.estimate("pool_utilisation", found.and_then(|found| found.pool_utilisation));
    row.estimate("pool_wait_mean_seconds", found.and_then(|found| found.pool_wait_seconds.mean));
    row.estimate("lock_wait_mean_seconds", found.and_then(|found| found.lock_wait_seconds.mean));
    row.estimate("statements_per_second", found.map(|found| found.statements_per_second));
    row.estimate("commits_per_second", found.map(|found| found.commits_per_second));
    row.estimate("flushes_per_second", found.map(|found| found.flushes_per_second));
    row.count("deadlocks", found.map(|found| found.deadlocks));
    for table in tables {
        let share = found.and_then(|found| found.hit_share.get(table).copied());
        row.number(&format!("hit_share {table}"), share);
        let wait = found.and_then(|found| found.lock_wait_by_table.get(table).copied());
        row.number(&format!("lock_wait_seconds {table}"), wait);
    }
}

/// Every category of any endpoint of any layout, in the one order.
fn categories_of<'a>(runs: impl Iterator<Item = &'a RunFindings>) -> Vec<&'a str> {
    let layouts = runs.flat_map(|run| run.layouts.iter());
    let endpoints = layouts.flat_map(|(_, found)| found.endpoints.iter());
    categories::ordered(
        endpoints.flat_map(|(_, found)| found.attribution_seconds.iter()).map(|(key, _)| key),
    )
}

/// The verdict as in results.json.
pub(super) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Stable => "stable",
        Verdict::Unstable => "unstable",
        Verdict::Undecided => "undecided",
        Verdict::Terminating => "terminating",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    /// Header and rows as a CSV reader sees them.
    fn read(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let owned = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
        let header = owned(reader.headers().unwrap());
        (header, reader.records().map(|record| owned(&record.unwrap())).collect())
    }

    fn column(header: &[String], name: &str) -> usize {
        header.iter().position(|own| own == name).unwrap_or_else(|| panic!("{name} in {header:?}"))
    }

    #[test]
    fn layouts_have_a_row_for_each_endpoint_with_value_and_interval() {
        let findings = sample::three_layouts();
        let (header, rows) = read(&layouts_sheet(&findings, &Focus::default()).text());
        assert_eq!(rows.len(), 9);
        let all = &rows[2];
        assert_eq!((all[0].as_str(), all[1].as_str()), ("monolith", "all"));
        let p99 =
            findings.layouts.0[0].1.endpoints.get("all").unwrap().latency_seconds.p99.unwrap();
        let [low, high] = p99.ci95.unwrap();
        for (name, value) in [
            ("latency_p99_seconds", p99.value),
            ("latency_p99_seconds_low", low),
            ("latency_p99_seconds_high", high),
        ] {
            assert_eq!(all[column(&header, name)], crate::units::plain(value, 12));
        }
        assert_eq!(all[column(&header, "latency_p999_seconds")], "");
        assert!(!all[column(&header, "cost_per_month")].is_empty());
        assert!(rows[0][column(&header, "cost_per_month")].is_empty());
        assert!(!all[column(&header, "attribution_db_cpu_seconds")].is_empty());
    }

    #[test]
    fn names_that_look_like_formulas_are_guarded_and_numbers_are_not() {
        let mut findings = sample::run(
            sample::HOSTILE.iter().map(|name| (*name, sample::layout(0.01, 0.6, 1.0))).collect(),
        );
        findings.layouts.0[0].1.cost.lines[0].per_month = -12.5;
        for text in of_run(&findings, &Focus::default()).into_iter().map(Sheet::text) {
            let (_, rows) = read(&text);
            for field in rows.iter().flatten() {
                let formula = field.starts_with(['=', '+', '@', '\t', '\r'])
                    || (field.starts_with('-') && field.parse::<f64>().is_err());
                assert!(!formula && !field.contains('\u{1b}'), "{field}");
            }
        }
        let (header, rows) = read(&bill_sheet(&findings).text());
        assert_eq!(rows[0][column(&header, "per_month")], "-12.5");
        assert!(rows.iter().any(|row| row[0] == "'=cmd()"));
    }

    #[test]
    fn the_lines_of_a_bill_add_up_to_it() {
        let findings = sample::three_layouts();
        let (header, rows) = read(&bill_sheet(&findings).text());
        for (layout, found) in findings.layouts.iter() {
            let own = rows.iter().filter(|row| row[0] == layout);
            let sum: f64 =
                own.map(|row| row[column(&header, "per_month")].parse::<f64>().unwrap()).sum();
            assert!((sum - found.cost.per_month).abs() < 1e-9 * sum);
        }
    }

    #[test]
    fn services_and_databases_have_a_row_each() {
        let findings = sample::three_layouts();
        let (_, services) = read(&services_sheet(&findings).text());
        let (header, databases) = read(&databases_sheet(&findings).text());
        assert_eq!((services.len(), databases.len()), (6, 3));
        assert_eq!(databases[0][column(&header, "hit_share orders.orders")], "0.93");
        assert_eq!(databases[0][column(&header, "lock_wait_seconds inventory.stock")], "0.002");
    }

    #[test]
    fn a_sweep_has_its_varied_values_as_columns() {
        let findings = sample::grid();
        let (header, rows) = read(&of_sweep(&findings, &Focus::default()).text());
        let varied = ["layouts.monolith.services.shop.replicas", "workload.arrivals.poisson"];
        assert_eq!([&header[0], &header[2]], varied);
        assert_eq!([&header[1], &header[3]], varied.map(|path| format!("{path} unit")).each_ref());
        // Nine points, two layouts, three endpoints.
        assert_eq!(rows.len(), 54);
        assert_eq!(rows[6][..4], ["2", "", "200", "1/s"]);
        let sums = rows.iter().filter(|row| row[column(&header, "is_sum")] == "true");
        assert!(sums.clone().all(|row| row[column(&header, "endpoint")] == ALL));
        assert_eq!(sums.count(), 18);
    }

    #[test]
    fn of_a_choice_of_endpoints_there_are_the_rows_of_these_with_the_bill_in_the_first() {
        let asked = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            let focus = Focus::of(&names, &["home", "checkout"]).unwrap();
            read(&layouts_sheet(&sample::three_layouts(), &focus).text())
        };
        let (header, rows) = asked(&["checkout"]);
        assert_eq!(rows.len(), 3);
        let cost = column(&header, "cost_per_month");
        assert!(rows.iter().all(|row| row[1] == "checkout" && !row[cost].is_empty()));
        let (_, rows) = asked(&["each"]);
        let billed = |row: &&Vec<String>| !row[cost].is_empty();
        assert_eq!((rows.len(), rows.iter().filter(billed).count()), (6, 3));
    }

    #[test]
    fn nothing_found_is_a_header_without_rows() {
        for text in of_run(&sample::run(Vec::new()), &Focus::default()).into_iter().map(Sheet::text)
        {
            let (header, rows) = read(&text);
            assert!(header.len() > 8 && rows.is_empty());
        }
    }

    #[test]
    fn what_an_unstable_layout_has_no_figure_for_is_empty_and_never_zero() {
        let findings = sample::run(vec![("msa", sample::unstable())]);
        let (header, rows) = read(&layouts_sheet(&findings, &Focus::default()).text());
        assert_eq!(rows[2][column(&header, "latency_mean_seconds")], "");
        assert_eq!(rows[2][column(&header, "verdict")], "unstable");
    }
}
