//! How far those who take events from a broker fall behind, and when.

use super::NAME;
use crate::report::names::{shortened, shown};
use crate::report::numbers::Quantity;
use crate::study::{Estimate, LayoutFindings, RunFindings};

/// Layouts that a sentence tells of.
const MOST_NAMED: usize = 3;

/// The lag of a service (messages) from one time to another (s): the mean of a window, or that of a moment, where both are
/// one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::report) struct LagFound {
    pub(in crate::report) from: f64,
    pub(in crate::report) to: f64,
    pub(in crate::report) lag: Estimate,
}

/// The lag of a service over time: in the windows of a terminating run, or at moments of one that the layout does not
/// carry.
pub(in crate::report) fn course(found: &LayoutFindings, service: &str) -> Vec<LagFound> {
    let windows = found.windows.iter().filter_map(|window| {
        let lag = window.consumers.get(service)?.lag_mean;
        Some(LagFound { from: window.from_seconds, to: window.to_seconds, lag })
    });
    let moments = found.backlog.iter().filter_map(|point| {
        let lag = *point.lag.get(service)?;
        Some(LagFound { from: point.at_seconds, to: point.at_seconds, lag })
    });
    windows.chain(moments).collect()
}

/// The services whose lag over time is known in some layout, those that fall behind farthest first.
pub(in crate::report) fn services(findings: &RunFindings) -> Vec<&str> {
    let mut services: Vec<(&str, f64)> = Vec::new();
    for (service, _) in findings.layouts.iter().flat_map(|(_, found)| found.consumers.iter()) {
        let peaks = findings.layouts.iter().filter_map(|(_, found)| peak(found, service));
        let peak = peaks.map(|found| found.lag.value).max_by(f64::total_cmp);
        if let (Some(peak), false) = (peak, services.iter().any(|(known, _)| *known == service)) {
            services.push((service, peak));
        }
    }
    services.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    services.into_iter().map(|(service, _)| service).collect()
}

/// When a service is farthest behind in a layout; the first of equals.
fn peak(found: &LayoutFindings, service: &str) -> Option<LagFound> {
    let known = course(found, service).into_iter().filter(|found| found.lag.value.is_finite());
    known.reduce(|most, next| if next.lag.value > most.lag.value { next } else { most })
}

/// By how much a service falls behind at its peak in the layouts where that is known, the worst first.
pub(in crate::report) fn behind(findings: &RunFindings, service: &str) -> Option<String> {
    let of = |(layout, found)| Some((layout, peak(found, service)?));
    let mut peaks: Vec<(&str, LagFound)> = findings.layouts.iter().filter_map(of).collect();
    peaks.sort_by(|(_, a), (_, b)| b.lag.value.total_cmp(&a.lag.value));
    let name = |text: &str| shortened(&shown(text), NAME);
    let time = |at: f64| Quantity::Time.write(at);
    // Layouts that look alike are told together.
    let mut told: Vec<(String, String, Vec<String>)> = Vec::new();
    for (layout, found) in peaks.iter().take(MOST_NAMED) {
        let lag = Quantity::Count.write(found.lag.value);
        let when = match found.from == found.to {
            true => format!("at {}", time(found.to)),
            false => format!("{} to {}", time(found.from), time(found.to)),
        };
        match told.last_mut() {
            Some((known, at, names)) if (&*known, &*at) == (&lag, &when) => {
                names.push(name(layout));
            }
            _ => told.push((lag, when, vec![name(layout)])),
        }
    }
    let words = told.iter().enumerate().map(|(place, (lag, when, names))| {
        let what = match (place, lag.as_str()) {
            (0, "1") => " event at the peak",
            (0, _) => " events at the peak",
            _ => "",
        };
        format!("by {lag}{what} in {} ({when})", names.join(", "))
    });
    let words: Vec<String> = words.collect();
    (!words.is_empty()).then(|| format!("{} falls behind {}", name(service), words.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn the_service_that_falls_behind_farthest_comes_first_and_its_worst_layout() {
        let findings = sample::followed();
        assert_eq!(services(&findings), ["mail", "warehouse"]);
        let expected = "mail falls behind by 12,012 events at the peak in rabbitmq (70 s to 80 s), by 7,808 in \
                        outbox (70 s to 80 s), by 6,006 in kafka (70 s to 80 s)";
        assert_eq!(behind(&findings, "mail").unwrap(), expected);
        assert_eq!(behind(&findings, "nobody"), None);
        let mut alike = findings;
        alike.layouts.0[1].1 = alike.layouts.0[2].1.clone();
        let expected = "mail falls behind by 12,012 events at the peak in outbox, rabbitmq (70 s to 80 s), by 6,006 in";
        assert!(behind(&alike, "mail").unwrap().starts_with(expected));
    }

    #[test]
    fn what_a_layout_does_not_carry_falls_behind_at_a_moment() {
        let mut findings = sample::run(vec![("kafka", sample::unstable())]);
        assert!(services(&findings).is_empty());
        let found = &mut findings.layouts.0[0].1;
        found.consumers = sample::followed().layouts.0[0].1.consumers.clone();
        for (index, point) in found.backlog.iter_mut().enumerate() {
            point.lag.0.push(("mail".to_owned(), sample::about(200.0 * index as f64, 0.1)));
        }
        assert_eq!(services(&findings), ["mail"]);
        let said = behind(&findings, "mail").unwrap();
        assert_eq!(said, "mail falls behind by 9,800 events at the peak in kafka (at 600 s)");
    }
}
