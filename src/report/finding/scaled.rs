//! How many instances there are over time, and when most.

use super::NAME;
use crate::report::names::{shortened, shown};
use crate::report::numbers::Quantity;
use crate::study::{Estimate, LayoutFindings, RunFindings, WindowFindings};
use crate::units::significant;

/// What a curve of instances is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum CountOf<'f> {
    /// Of a service.
    Service(&'f str),
    /// Of the nodes.
    Nodes,
}

impl CountOf<'_> {
    /// How many there were in a window; `None` where their number is fixed.
    pub(in crate::report) fn of(self, window: &WindowFindings) -> Option<Estimate> {
        match self {
            CountOf::Service(service) => window.services.get(service)?.replicas_mean,
            CountOf::Nodes => window.nodes_mean,
        }
    }
}

/// The services whose instances come and go in some layout, those with most instances first.
pub(in crate::report) fn services(findings: &RunFindings) -> Vec<&str> {
    let mut services: Vec<(&str, f64)> = Vec::new();
    for (service, own) in findings.layouts.iter().flat_map(|(_, found)| found.scaled.iter()) {
        match services.iter_mut().find(|(known, _)| *known == service) {
            Some((_, most)) => *most = most.max(own.replicas_most),
            None => services.push((service, own.replicas_most)),
        }
    }
    services.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    services.into_iter().map(|(service, _)| service).collect()
}

/// From how many instances to how many a service goes, and when it has most, in the layout where it goes farthest.
pub(in crate::report) fn goes(findings: &RunFindings, service: &str) -> Option<String> {
    let of = |(layout, found)| Some((layout, span(found, service)?));
    let spans = findings.layouts.iter().filter_map(of);
    let (layout, (least, most, window)) =
        spans.max_by(|(_, (_, a, _)), (_, (_, b, _))| a.total_cmp(b))?;
    let name = |text: &str| shortened(&shown(text), NAME);
    let [least, most] = [least, most].map(|count| significant(count, 3));
    let time = |at: f64| Quantity::Time.write(at);
    Some(format!(
        "{} of {} goes from {least} to {most} instances ({} to {})",
        name(service),
        name(layout),
        time(window.from_seconds),
        time(window.to_seconds)
    ))
}

/// Least and most instances in a window, and the first window with most.
fn span<'f>(found: &'f LayoutFindings, service: &str) -> Option<(f64, f64, &'f WindowFindings)> {
    let counts = found.windows.iter().filter_map(|window| {
        let count = CountOf::Service(service).of(window)?.value;
        Some((count, window))
    });
    let counts: Vec<(f64, &WindowFindings)> = counts.collect();
    let least = counts.iter().map(|(count, _)| *count).min_by(f64::total_cmp)?;
    let more = |most: (f64, &'f WindowFindings), next: (f64, &'f WindowFindings)| {
        if next.0 > most.0 { next } else { most }
    };
    let (most, window) = counts.into_iter().reduce(more)?;
    Some((least, most, window))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn the_layout_in_which_a_service_goes_farthest_is_told_and_when_it_has_most() {
        let findings = sample::scaled();
        assert_eq!(services(&findings), ["search", "shop"]);
        let said = goes(&findings, "search").expect("its instances come and go");
        assert_eq!(said, "search of msa goes from 2 to 22 instances (80 s to 90 s)");
        assert_eq!(goes(&findings, "nobody"), None);
    }
}
