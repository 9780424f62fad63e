//! A made-up terminating run.

use super::{about, layout, maybe, run};
use crate::study::{
    DatabaseInWindow, Estimate, MomentFindings, Named, Outcomes, RequestsInWindow, RunFindings,
    ServiceAtMoment, ServiceInWindow, Verdict, WindowFindings, WindowLatency,
};

/// A flash crowd on two layouts, the second of which has not answered all at the end.
pub(crate) fn flash_crowd() -> RunFindings {
    let layout = |slow: f64| {
        let mut found = layout(0.01 * slow, 0.6, 1.0);
        found.verdict = Verdict::Terminating;
        found.warmup_seconds = 0.0;
        found.windows = (0..18).map(|index| window(index, slow)).collect();
        found.moments = [1.0, 100.0].map(|at| moment(at, slow)).into();
        found
    };
    let mut findings = run(vec![("monolith", layout(1.0)), ("msa", layout(6.0))]);
    findings.slo.clear();
    findings
}

fn window(index: u32, slow: f64) -> WindowFindings {
    let requests = |share: f64| requests(index, slow, share);
    let from = f64::from(index) * 10.0;
    let crowd = (-((from - 70.0) / 25.0).powi(2)).exp();
    let backlog = 5.0 + 900.0 * crowd * slow;
    let service = ServiceInWindow {
        replicas_mean: None,
        cpu_utilisation: maybe(0.2 + 0.8 * crowd),
        thread_utilisation: None,
        queue_length_mean: about(backlog, 0.1),
    };
    WindowFindings {
        from_seconds: from,
        to_seconds: from + 10.0,
        all: requests(1.0),
        endpoints: Named(vec![
            ("home".to_owned(), requests(0.95)),
            ("checkout".to_owned(), requests(0.05)),
        ]),
        services: Named(vec![("shop".to_owned(), service)]),
        databases: Named(vec![(
            "main".to_owned(),
            DatabaseInWindow { cpu_utilisation: maybe(0.4) },
        )]),
        nodes_mean: None,
        consumers: Named::default(),
    }
}

/// A share of the requests of a window: those with a small share are slow.
fn requests(index: u32, slow: f64, share: f64) -> RequestsInWindow {
    let crowd = (-((f64::from(index) * 10.0 - 70.0) / 25.0).powi(2)).exp();
    let answered = slow < 5.0 || index < 15;
    let median = 0.01 * slow * if share < 0.5 { 3.0 } else { 1.0 };
    let latency = |at: f64| answered.then(|| about(median * at * (1.0 + 40.0 * crowd), 0.05));
    RequestsInWindow {
        offered_per_second: about(share * (400.0 + 900.0 * crowd), 0.01),
        throughput_per_second: about(share * (400.0 + 500.0 * crowd), 0.01),
        in_system: about(share * (5.0 + 900.0 * crowd * slow), 0.1),
        outcomes: Outcomes { ok: 80_000, abandoned: 3, in_flight: 12, ..Outcomes::default() },
        error_share: Some(Estimate { value: 0.0, ci95: Some([0.0, 3.75e-5]) }),
        latency_seconds: WindowLatency {
            mean: latency(1.1),
            p50: latency(1.0),
            p90: latency(2.0),
            p95: latency(2.6),
            p99: latency(4.0),
        },
    }
}

fn moment(at: f64, slow: f64) -> MomentFindings {
    let here = about(4.0 * slow, 0.03);
    let service = ServiceAtMoment { in_system: here, queue_length: about(3.2 * slow, 0.04) };
    MomentFindings {
        at_seconds: at,
        in_system: here,
        empty_probability: about(0.2, 0.05),
        completions: about(400.0 * at, 0.01),
        services: Named(vec![("shop".to_owned(), service)]),
    }
}
