//! Runs that start empty and end at a clock time: means over replications just before it, no warm-up.

use crate::verify::case::{CASE, Case};

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    // A probability of 0.2 to ±2 % at 99.9 % takes 108,000 replications.
    Case {
        id: "transient-mm1-empty",
        scenario: "
application: { modules: { station: { operations: { serve: [ cpu: exp(10ms) ] } } } }
workload: { arrivals: { poisson: 80/s }, endpoints: { request: { call: station.serve } } }
layouts: { main: { services: { station: { cpu: 1, threads: 1 } } } }
",
        run: "until: 3s, at: [ 50ms, 200ms, 1s, 3s ], window: 3s",
        replications: 120_000,
        metrics: &[
            ("mean_in_system_at_0.05s", |seen| Some(seen.moment(0.05)?.in_system)),
            ("prob_empty_at_0.05s", |seen| Some(seen.moment(0.05)?.empty_probability)),
            ("mean_completions_by_0.05s", |seen| Some(seen.moment(0.05)?.completions)),
            ("mean_in_system_at_0.2s", |seen| Some(seen.moment(0.2)?.in_system)),
            ("prob_empty_at_0.2s", |seen| Some(seen.moment(0.2)?.empty_probability)),
            ("mean_completions_by_0.2s", |seen| Some(seen.moment(0.2)?.completions)),
            ("mean_in_system_at_1.0s", |seen| Some(seen.moment(1.0)?.in_system)),
            ("prob_empty_at_1.0s", |seen| Some(seen.moment(1.0)?.empty_probability)),
            ("mean_completions_by_1.0s", |seen| Some(seen.moment(1.0)?.completions)),
            ("mean_in_system_at_3.0s", |seen| Some(seen.moment(3.0)?.in_system)),
            ("prob_empty_at_3.0s", |seen| Some(seen.moment(3.0)?.empty_probability)),
            ("mean_completions_by_3.0s", |seen| Some(seen.moment(3.0)?.completions)),
        ],
        ..CASE
    },
    // Poisson counts: the least, 132, needs 300 of them for ±1.7 %.
    Case {
        id: "mt-minf-sine",
        scenario: "
application: { modules: { station: { operations: { stay: [ wait: exp(3s) ] } } } }
workload:
  arrivals: { profile: { sine: { mean: 100/s, amplitude: 60/s, period: 60s } } }
  endpoints: { request: { call: station.stay } }
layouts: { main: { services: { station: { threads: async } } } }
",
        run: "until: 110s, at: [ 5s, 20s, 50s, 65s, 110s ], window: 110s",
        replications: 400,
        metrics: &[
            ("mean_in_system_at_5s", |seen| Some(seen.moment(5.0)?.in_system)),
            ("mean_in_system_at_20s", |seen| Some(seen.moment(20.0)?.in_system)),
            ("mean_in_system_at_50s", |seen| Some(seen.moment(50.0)?.in_system)),
            ("mean_in_system_at_65s", |seen| Some(seen.moment(65.0)?.in_system)),
            ("mean_in_system_at_110s", |seen| Some(seen.moment(110.0)?.in_system)),
        ],
        apart: &[
            ("limit_amplitude", "a limit of the law, which no moment shows"),
            ("peak_lag_s", "a limit of the law, which no moment shows"),
            (
                "prob_in_system_gt_330_at_65s",
                "a moment tells the mean and the probability of nobody, not the whole distribution",
            ),
        ],
        quick: true,
        ..CASE
    },
];
