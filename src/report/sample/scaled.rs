//! A made-up run in which instances come and go.

use super::{about, flash_crowd};
use crate::study::{Named, RunFindings, ScalingFindings};

/// The flash crowd, for which a program and a service of another layout scale.
pub(crate) fn scaled() -> RunFindings {
    let mut findings = flash_crowd();
    let services = [&[("shop", 8.0)][..], &[("shop", 4.0), ("search", 20.0)]];
    for ((_, found), services) in findings.layouts.0.iter_mut().zip(services) {
        for (index, window) in found.windows.iter_mut().enumerate() {
            // One window behind the crowd.
            let crowd = (-((index as f64 - 8.0) / 2.5).powi(2)).exp();
            let (_, pattern) = window.services.0[0].clone();
            let service = |(name, most): &(&str, f64)| {
                let count = (2.0 + most * crowd).round();
                let own = crate::study::ServiceInWindow {
                    replicas_mean: Some(about(count, 0.02)),
                    ..pattern.clone()
                };
                ((*name).to_owned(), own)
            };
            window.services = Named(services.iter().map(service).collect());
            window.nodes_mean = Some(about(2.0 + 4.0 * crowd, 0.02));
        }
        let own = |(name, most): &(&str, f64)| ((*name).to_owned(), scaling(*most));
        found.scaled = Named(services.iter().map(own).collect());
    }
    findings
}

fn scaling(most: f64) -> ScalingFindings {
    ScalingFindings {
        replicas_mean: about(2.0 + most / 4.0, 0.02),
        replicas_most: 2.0 + most,
        asked_mean: about(most, 0.02),
        ready_after_seconds: Some(about(24.0, 0.1)),
        without_room_mean: about(most / 10.0, 0.1),
        sent_away_mean: about(most / 2.0, 0.1),
    }
}
