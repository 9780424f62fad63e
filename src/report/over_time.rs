//! What was found at clock times and within windows as CSV, in the form of the other files.

use super::finding::lag::{LagFound, course};
use super::focus::{Focus, Whom};
use super::sheet::{ALL, Row, Sheet};
use crate::study::{
    Estimate, MomentFindings, RequestsInWindow, RunFindings, ServiceInWindow, WindowFindings,
};

/// `windows.csv`: a row for each layout and window, of all endpoints together; where endpoints were asked for, a row
/// for each of them, with its name in a column. Durations in seconds, shares from 0 to 1.
pub(super) fn windows_sheet(findings: &RunFindings, focus: &Focus) -> Sheet {
    let is_named = focus.is_asked();
    let mut sheet = Sheet::new("windows", |row| window_row(row, None, is_named));
    for (layout, found) in findings.layouts.iter() {
        for window in &found.windows {
            let of = |whom: &Whom| Some((whom.key().to_owned(), window.of(whom.key())?));
            for (endpoint, own) in focus.whoms().iter().filter_map(of) {
                sheet.add(&findings.provenance, |row| {
                    window_row(row, Some((layout, window, &endpoint, own)), is_named)
                });
            }
        }
    }
    sheet
}

/// Layout, window, endpoint or `all`, and its requests there.
type WindowRow<'a> = (&'a str, &'a WindowFindings, &'a str, &'a RequestsInWindow);

fn window_row(row: &mut Row, window: Option<WindowRow>, is_named: bool) {
    let found = window.map(|(.., found)| found);
    row.text("layout", window.map(|(layout, ..)| layout));
    if is_named {
        row.text("endpoint", window.map(|(_, _, endpoint, _)| endpoint));
        row.is_sum(window.map(|(_, _, endpoint, _)| endpoint == ALL));
    }
    window_bounds(row, window.map(|(_, window, ..)| window));
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
    row.estimate("in_system", found.map(|found| found.in_system));
}

fn window_bounds(row: &mut Row, window: Option<&WindowFindings>) {
    row.number("from_seconds", window.map(|found| found.from_seconds));
    row.number("to_seconds", window.map(|found| found.to_seconds));
}

/// `windows-services.csv`: a row for each layout, window and service or database.
pub(super) fn windows_services_sheet(findings: &RunFindings) -> Sheet {
    let mut sheet = Sheet::new("windows-services", |row| resource_row(row, None));
    for (layout, found) in findings.layouts.iter() {
        for window in &found.windows {
            for (name, service) in window.services.iter() {
                let resource = (name, service.cpu_utilisation, Some(service));
                sheet.add(&findings.provenance, |row| {
                    resource_row(row, Some(((layout, window), resource)))
                });
            }
            for (name, database) in window.databases.iter() {
                let name = format!("database {name}");
                let resource = (&*name, database.cpu_utilisation, None);
                sheet.add(&findings.provenance, |row| {
                    resource_row(row, Some(((layout, window), resource)))
                });
            }
        }
    }
    sheet
}

/// Name, busy share of the cores and, of a service, the rest.
type BusyInWindow<'a> = (&'a str, Option<Estimate>, Option<&'a ServiceInWindow>);

fn resource_row(row: &mut Row, found: Option<((&str, &WindowFindings), BusyInWindow)>) {
    row.text("layout", found.map(|((layout, _), _)| layout));
    window_bounds(row, found.map(|((_, window), _)| window));
    let resource = found.map(|(_, resource)| resource);
    let service = resource.and_then(|(_, _, service)| service);
    row.text("service", resource.map(|(name, ..)| name));
    row.estimate("cpu_utilisation", resource.and_then(|(_, cpu, _)| cpu));
    row.estimate("thread_utilisation", service.and_then(|service| service.thread_utilisation));
    row.estimate("queue_length_mean", service.map(|service| service.queue_length_mean));
    row.estimate("replicas_mean", service.and_then(|service| service.replicas_mean));
}

/// `moments.csv`: a row for each layout and moment, and one for each of its services there.
pub(super) fn moments_sheet(findings: &RunFindings) -> Sheet {
    let mut sheet = Sheet::new("moments", |row| moment_row(row, None, None));
    for (layout, found) in findings.layouts.iter() {
        for moment in &found.moments {
            sheet.add(&findings.provenance, |row| moment_row(row, Some((layout, moment)), None));
            for (service, _) in moment.services.iter() {
                sheet.add(&findings.provenance, |row| {
                    moment_row(row, Some((layout, moment)), Some(service))
                });
            }
        }
    }
    sheet
}

/// The row of a service, or of all together.
fn moment_row(row: &mut Row, found: Option<(&str, &MomentFindings)>, service: Option<&str>) {
    let moment = found.map(|(_, moment)| moment);
    let own = moment.and_then(|moment| moment.services.get(service?));
    let all = moment.filter(|_| service.is_none());
    let in_system = own.map(|own| own.in_system).or(all.map(|all| all.in_system));
    row.text("layout", found.map(|(layout, _)| layout));
    row.number("at_seconds", moment.map(|moment| moment.at_seconds));
    row.text("service", service);
    row.is_sum(found.map(|_| service.is_none()));
    row.estimate("in_system", in_system);
    row.estimate("queue_length", own.map(|own| own.queue_length));
    row.estimate("empty_probability", all.map(|all| all.empty_probability));
    row.estimate("completions", all.map(|all| all.completions));
}

/// `lag.csv`: a row for each layout, service that takes events from its broker, and window, with the mean lag in it
/// (messages); of an unstable layout in another run for each moment, where both times are one.
pub(super) fn lag_sheet(findings: &RunFindings) -> Sheet {
    let fill = |row: &mut Row, point: Option<(&str, &str, LagFound)>| {
        row.text("layout", point.map(|(layout, ..)| layout));
        row.text("service", point.map(|(_, service, _)| service));
        row.number("from_seconds", point.map(|(.., found)| found.from));
        row.number("to_seconds", point.map(|(.., found)| found.to));
        row.estimate("lag", point.map(|(.., found)| found.lag));
    };
    let mut sheet = Sheet::new("lag", |row| fill(row, None));
    for (layout, found) in findings.layouts.iter() {
        for (service, _) in found.consumers.iter() {
            for point in course(found, service) {
                sheet.add(&findings.provenance, |row| fill(row, Some((layout, service, point))));
            }
        }
    }
    sheet
}

/// `backlog.csv`: a row for each unstable layout and point of time.
pub(super) fn backlog_sheet(findings: &RunFindings) -> Sheet {
    let fill = |row: &mut Row, point: Option<(&str, f64, Estimate)>| {
        row.text("layout", point.map(|(layout, ..)| layout));
        row.number("at_seconds", point.map(|(_, at, _)| at));
        row.estimate("in_system", point.map(|(_, _, in_system)| in_system));
    };
    let mut sheet = Sheet::new("backlog", |row| fill(row, None));
    for (layout, found) in findings.layouts.iter() {
        for point in &found.backlog {
            sheet.add(&findings.provenance, |row| {
                fill(row, Some((layout, point.at_seconds, point.in_system)))
            });
        }
    }
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_row_for_each_window_service_and_moment_with_what_is_not_known_empty() {
        let findings = sample::flash_crowd();
        let read = |sheet: Sheet| -> Vec<Vec<String>> {
            let text = sheet.text();
            let mut reader =
                csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
            let cells = |row: csv::StringRecord| row.iter().map(str::to_owned).collect();
            reader.records().map(|row| cells(row.unwrap())).collect()
        };
        let windows: usize = findings.layouts.iter().map(|(_, found)| found.windows.len()).sum();
        let rows = read(windows_sheet(&findings, &Focus::default()));
        assert_eq!(rows.len(), 1 + windows);
        let column = |name: &str| rows[0].iter().position(|head| head == name).unwrap();
        assert_eq!(rows[1][column("from_seconds")], "0");
        assert_eq!(rows[2 * 18][column("latency_p99_seconds")], "");
        assert_ne!(rows[2 * 18][column("in_system_low")], "");
        let focus = Focus::of(&["each".to_owned()], &["home", "checkout"]).unwrap();
        let by_endpoint = read(windows_sheet(&findings, &focus));
        assert_eq!(by_endpoint.len(), 1 + 2 * windows);
        assert_eq!((&*by_endpoint[0][1], &*by_endpoint[2][1]), ("endpoint", "checkout"));
        assert_eq!(by_endpoint[0][2], "is_sum");
        assert_eq!(by_endpoint[0].len(), rows[0].len() + 2);
        assert_eq!(read(windows_services_sheet(&findings)).len(), 1 + 2 * windows);
        // Two moments, each with a row for all and one for its service, in two layouts.
        assert_eq!(read(moments_sheet(&findings)).len(), 1 + 2 * 2 * 2);
        assert_eq!(read(backlog_sheet(&findings)).len(), 1);
        // Three layouts, two services, eighteen windows.
        let lags = read(lag_sheet(&sample::followed()));
        assert_eq!(lags.len(), 1 + 3 * 2 * 18);
        assert_eq!(lags[2][..4], ["kafka", "mail", "10", "20"]);
    }
}
